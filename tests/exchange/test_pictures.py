"""Pictures of every format get the path they are kept under; what cannot be kept is told with its reason and place."""

import base64
import zipfile
from collections.abc import Callable, Mapping

import pytest
from exchange.qti_samples import canvas, item2, package
from exchange.test_moodle_xml import answer, multichoice, quiz
from hypothesis import given
from hypothesis import strategies as st
from rasters import GIF, JPG, bomb, png

from qbank.core.option_order import keeps_order
from qbank.core.pictures import Look, kept_path, pictures_in
from qbank.core.question import Objective, Option, Question, option_id, texts_of
from qbank.exchange import moodle_files, pictures
from qbank.exchange.gift_write import write_gift
from qbank.exchange.mcq import Reading, read_mcq
from qbank.exchange.moodle_xml_out import write_moodle_xml
from qbank.exchange.pictures import Beside, local_path
from qbank.exchange.qti_out import write_qti21, write_qti30
from qbank.exchange.xml_reading import FILE_LIMITS

PNG = png()
OTHER = png(3, 3)


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def data(content: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{coded(content)}"


def imported(name: str, content: str | bytes, beside: Beside | Mapping[str, bytes] | None = None) -> Reading:
    look = beside.get if isinstance(beside, Mapping) else beside
    return read_mcq(name, content.encode() if isinstance(content, str) else content, bank="x", beside=look)


def gift(stem: str) -> str:
    return f"{stem}{{=Right#Because ![why](why.gif) ~Wrong}}"


def test_a_picture_in_a_text_becomes_a_file() -> None:
    """GIFT with its backslashes, as HTML and as Markdown; reading it again gives the same version."""
    escaped = data(PNG).replace(":", "\\:").replace("=", "\\=")
    content = f'[html]<p>Look\\: <img src\\="{escaped}" alt\\="a film"></p>{{=A ~B}}\n\n[markdown]![]({escaped}){{=A ~B}}'
    found = imported("q.gift", content)
    assert [one.stem for one in found.questions] == [
        f"Look: ![a film]({kept_path(PNG)})",
        f"![]({kept_path(PNG)})",
    ]
    assert found.pictures == {kept_path(PNG): PNG}
    assert "Pictures kept: 1." in found.notes
    again = imported("q.gift", content)
    assert [one.version for one in again.questions] == [one.version for one in found.questions]
    assert "film" in found.objectives[0].text
    assert "pictures/" not in found.objectives[0].text


def test_pictures_beside_the_file_are_taken() -> None:
    """By their path as a text has it, percent-encoded or not, in stem and explanation."""
    found = imported("q.gift", gift("![](img/my%20film.png?x=1)"), {"img/my film.png": PNG, "why.gif": GIF})
    assert found.questions[0].stem == f"![]({kept_path(PNG)})"
    assert found.questions[0].key.explanation == f"Because ![why]({kept_path(GIF)})"
    assert found.pictures == {kept_path(PNG): PNG, kept_path(GIF): GIF}


def test_tables_show_pictures_too() -> None:
    """In every column that holds a text."""
    rows = f'stem,a,b,answer,explanation\nLook ![x](a.png),"![]({data(OTHER)})",No,a,See ![](a.png)\n'
    found = imported("q.csv", rows, {"a.png": PNG})
    (one,) = found.questions
    assert (one.stem, one.options[0].text) == (f"Look ![x]({kept_path(PNG)})", f"![]({kept_path(OTHER)})")
    assert one.key.explanation == f"See ![]({kept_path(PNG)})"
    assert set(found.pictures) == {kept_path(PNG), kept_path(OTHER)}


def test_what_is_not_there_keeps_its_path_and_is_told() -> None:
    """With the number and the first place; the web is never asked."""
    asked: list[str] = []
    found = imported(
        "q.gift",
        gift("![a](gone.png) ![b](https\\://example.org/x.png) ![c](//example.org/y.png)"),
        lambda path: asked.append(path),
    )
    assert (
        found.questions[0].stem == "![a](gone.png) ![b](https://example.org/x.png) ![c](//example.org/y.png)"
    )
    assert asked == ["gone.png", "why.gif"]
    assert found.pictures == {}
    assert found.notes[-2:] == [
        "Pictures on the web, which are not fetched: 2, the first https://example.org/x.png at line 1.",
        "Pictures that are neither in the file nor beside it: 2, the first gone.png at line 1.",
    ]


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "a/../../x.png",
        "..%2fx.png",
        "..\\x.png",
        "..%5Cx.png",
        "/etc/passwd",
        "%2Fetc/passwd",
        "C:/x.png",
        "file:///etc/passwd",
        "file%3A///etc/passwd",
        "//host/x.png",
        "\\\\host\\x.png",
        "x%00.png",
        ".",
        "..",
        "",
        "?x",
        "javascript:alert(1)",
    ],
)
def test_a_path_never_leads_out(path: str) -> None:
    """Up, to the root, to another computer, or through an encoding: it is not even looked for."""
    assert local_path(path) == ""


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a.png", "a.png"),
        ("./b/../a.png", "a.png"),
        ("b\\a.png", "b/a.png"),
        ("%252e%252e/a.png", "%2e%2e/a.png"),
    ],
)
def test_a_path_within_is_plain(path: str, name: str) -> None:
    """Percent-encoding is taken off once and no more."""
    assert local_path(path) == name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"root:x:0:0", "no whole PNG, JPEG, GIF, WebP or BMP"),
        (b"<svg/>", "no whole PNG, JPEG, GIF, WebP or BMP"),
        (b"", "no whole PNG, JPEG, GIF, WebP or BMP"),
        (bomb(30_000, 30_000), "no whole PNG, JPEG, GIF, WebP or BMP"),
        (PNG + b"\0" * pictures.PICTURE_LIMIT, "larger than 8 MiB"),
    ],
)
def test_what_is_no_picture_is_left_out_and_told(content: bytes, reason: str) -> None:
    """The question stays, with the picture's name."""
    found = imported("q.gift", gift("![x](a/b.png)"), {"a/b.png": content, "why.gif": GIF})
    assert found.questions[0].stem == "![x](b.png)"
    assert set(found.pictures) == {kept_path(GIF)}
    assert f"{reason}: 1, the first a/b.png at line 1." in found.notes[-1]


def test_all_pictures_of_a_file_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond it none is even looked at, and each is looked at once."""
    monkeypatch.setattr(pictures, "TOTAL_LIMIT", len(PNG) - 1)
    asked: list[str] = []

    def beside(path: str) -> bytes:
        asked.append(path)
        return PNG if path == "a.png" else OTHER

    found = imported("q.gift", "![](a.png) ![](a.png) ![](b.png) ![](b.png){=A ~B}", beside)
    assert asked == ["a.png"]
    assert found.questions[0].stem == f"![]({kept_path(PNG)}) ![]({kept_path(PNG)}) ![](b.png) ![](b.png)"
    assert "beyond" in found.notes[-1]
    assert ": 2, the first b.png" in found.notes[-1]


def with_file(text: str, name: str, content: bytes | str, folder: str = "/") -> str:
    """A text of Moodle with a file beside it."""
    inside = content if isinstance(content, str) else coded(content)
    return f'<text>{text}</text><file name="{name}" path="{folder}" encoding="base64">\n{inside}\n</file>'


def multichoice_with(stem: str, answers: str = answer("A", "100") + answer("B"), kind: str = "html") -> str:
    return (
        f'<question type="multichoice"><questiontext format="{kind}">{stem}</questiontext><single>true</single>'
        f"{answers}</question>"
    )


def test_files_of_moodle_stand_beside_their_texts() -> None:
    """Two texts may have files of one name; in folders, with spaces, in stem, answers and feedback."""
    stem = with_file(
        '<![CDATA[<img src="@@PLUGINFILE@@/in/my%20film.png?time=1" alt="a">]]>', "my film.png", PNG, "/in/"
    )
    shown = '<![CDATA[<img src="@@PLUGINFILE@@/image.png">]]>'
    answers = "".join(
        f'<answer fraction="{fraction}" format="html">{with_file(shown, "image.png", content)}'
        f'<feedback format="html">{with_file(shown, "image.png", content)}</feedback></answer>'
        for fraction, content in (("100", OTHER), ("0", JPG))
    )
    found = imported("q.xml", quiz(multichoice_with(stem, answers)))
    (question,) = found.questions
    assert question.stem == f"![a]({kept_path(PNG)})"
    assert [option.text for option in question.options] == [
        f"![]({kept_path(OTHER)})",
        f"![]({kept_path(JPG)})",
    ]
    assert question.key.explanation == f"![]({kept_path(OTHER)})"
    assert set(found.pictures) == {kept_path(PNG), kept_path(OTHER), kept_path(JPG)}


def test_the_picture_of_moodle_1_is_kept() -> None:
    """It stood beside the text, with spaces in its name or not."""
    more = f"<image>my film.png</image><image_base64>{coded(PNG)}</image_base64>"
    found = imported("q.xml", quiz(multichoice(more=more)))
    assert found.questions[0].stem == f"Which hormone?\n\n![]({kept_path(PNG)})"


def test_a_picture_within_html_of_moodle_is_kept() -> None:
    """As editors paste it."""
    found = imported("q.xml", quiz(multichoice(f'a<![CDATA[<img src="{data(PNG)}" alt="Film">]]>')))
    assert found.questions[0].stem == f"a ![Film]({kept_path(PNG)})"


def test_a_picture_in_html_that_is_not_escaped_is_kept_in_its_place() -> None:
    """Some programs write the tags of HTML as tags of XML."""
    html = 'a <img src="@@PLUGINFILE@@/a.png" alt="x"/> b'
    found = imported("q.xml", quiz(multichoice_with(with_file(html, "a.png", PNG))))
    assert found.questions[0].stem == f"a ![x]({kept_path(PNG)}) b"


def test_a_file_too_long_for_moodle_is_left_out_alone() -> None:
    """Not the question, and not the import."""
    stem = with_file("![](@@PLUGINFILE@@/a.png)", "a.png", "A" * FILE_LIMITS[0])
    found = imported("q.xml", quiz(multichoice_with(stem, kind="markdown")))
    assert found.questions[0].stem == "![](a.png)"
    assert "no whole PNG" in found.notes[-1]


def test_one_file_shown_again_and_again_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short text must not cost the time of a large picture for each of its words."""
    calls: list[str] = []

    def decoded(text: str) -> bytes:
        calls.append(text)
        return pictures.decoded(text)

    monkeypatch.setattr(moodle_files, "decoded", decoded)
    stem = with_file("![](@@PLUGINFILE@@/a.png) " * 300, "a.png", PNG)
    found = imported("q.xml", quiz(multichoice_with(stem, kind="markdown")))
    assert found.questions[0].stem.count(kept_path(PNG)) == 300
    assert len(calls) == 1


def shown2(source: str) -> str:
    """An item of QTI 2 that shows a picture."""
    return item2().replace(
        "<p>A pulse of 40.</p>", f'<p>A pulse of 40. <img src="{source}" alt="strip"/></p>'
    )


def shown1(source: str) -> str:
    """An item of Canvas that shows a picture."""
    image = f'&lt;img src="{source}" alt="strip"&gt;'
    return canvas().replace("Which vitamin", f"{image} Which vitamin")


@pytest.mark.parametrize(
    ("item", "member"),
    [
        (shown2("../images/my%20strip.png"), "images/my strip.png"),
        (shown2("strip.png?x=1"), "items/strip.png"),
        (shown2("images/strip.png"), "images/strip.png"),
        (shown2(data(PNG)), "unused.png"),
        (
            shown1("$IMS-CC-FILEBASE$/Uploaded%20Media/strip.png?canvas_download=1"),
            "Uploaded Media/strip.png",
        ),
        (shown1("$IMS-CC-FILEBASE$/Media/strip.png"), "web_resources/Media/strip.png"),
        (shown1("%24IMS-CC-FILEBASE%24/strip.png"), "strip.png"),
        (
            shown1("@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-12_1"),
            "csfiles/home_dir/strip__xid-12_1.png",
        ),
    ],
)
def test_a_package_has_its_pictures_within(item: str, member: str) -> None:
    """Beside the item or from the root, as QTI 2, Canvas and Blackboard write it; nothing outside is looked for."""
    found = imported("q.zip", package({"items/q.xml": item, member: PNG}), {"strip.png": OTHER})
    assert f"![strip]({kept_path(PNG)})" in found.questions[0].stem
    assert found.pictures == {kept_path(PNG): PNG}


@pytest.mark.parametrize("shown", [shown1, shown2])
def test_a_large_picture_within_an_item_stays_whole(shown: Callable[[str], str]) -> None:
    """The parser gives long texts in pieces."""
    large = PNG + b"x" * 300_000
    found = imported("q.xml", shown(data(large)))
    assert found.pictures == {kept_path(large): large}


def test_an_object_of_qti_2_is_a_picture() -> None:
    """By its media type."""
    item = item2().replace("<p>A pulse", '<p><object data="a.png" type="image/png" alt="x"/> A pulse')
    assert (
        f"]({kept_path(PNG)})" in imported("q.zip", package({"q.xml": item, "a.png": PNG})).questions[0].stem
    )


def test_an_image_of_qti_1_is_a_picture() -> None:
    """By its address, with spaces in it, or by what is within it."""
    for image in ('<matimage uri="my strip.png" label="s"/>', f'<matimage label="s">{coded(PNG)}</matimage>'):
        item = canvas().replace('<material><mattext texttype="text/html">', f"<material>{image}<mattext>", 1)
        found = imported("q.xml", item, {"my strip.png": PNG})
        assert found.questions[0].stem.startswith(f"![s]({kept_path(PNG)})")


def test_a_package_cannot_blow_up_a_picture() -> None:
    """A member that packs a thousandfold is unpacked as far as a picture may be large, and left out."""
    bomb_ = PNG + b"\0" * (3 * pictures.PICTURE_LIMIT)
    found = imported("q.zip", package({"q.xml": shown2("a.png"), "a.png": bomb_}))
    assert found.pictures == {}
    assert "larger than 8 MiB: 1" in found.notes[-1]


def test_a_damaged_member_is_left_out() -> None:
    """With its checksum broken; the question stays."""
    content = package({"q.xml": shown2("a.png"), "a.png": PNG}, zipfile.ZIP_STORED)
    found = imported("q.zip", content.replace(b"IEND", b"IENX"))
    assert found.pictures == {}
    assert "no whole PNG" in found.notes[-1]


def test_a_single_file_of_qti_takes_what_lies_beside_it() -> None:
    """As when a package was unpacked by hand."""
    found = imported("q.xml", shown2("images/strip.png"), {"images/strip.png": PNG})
    assert found.pictures == {kept_path(PNG): PNG}


NOT_IN_ALT = dict.fromkeys(map(ord, "[]\\"))
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp", "Cf"])
WORDS = st.text(CHARACTERS, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
SHOWN = st.tuples(WORDS, st.sampled_from([PNG, OTHER, GIF, JPG])).map(
    lambda pair: f"{pair[0]} ![{pair[0].translate(NOT_IN_ALT)}]({kept_path(pair[1])})"
)
KEPT = {kept_path(content): content for content in (PNG, OTHER, GIF, JPG)}


WRITERS: dict[str, Callable[[list[Question], list[Objective], Look], str | bytes]] = {
    "q.xml": write_moodle_xml,
    "q.gift": write_gift,
    "q21.zip": write_qti21,
    "q30.zip": write_qti30,
}


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question whose every text shows pictures."""
    texts = draw(st.lists(SHOWN, min_size=2, max_size=4, unique_by=option_id))
    options = tuple(Option(option_id(text), text, at == 0, draw(SHOWN)) for at, text in enumerate(texts))
    fixed, pinned = keeps_order(texts)
    return Question("x", "q", "q", draw(SHOWN), options, draw(SHOWN), fixed, pinned)


@given(questions())
def test_pictures_go_out_and_come_back(question: Question) -> None:
    """In Moodle XML beside the texts, in GIFT within them, in QTI as members: the same questions, the same files."""
    objective = Objective("x", "q", "An objective")
    for name, write in WRITERS.items():
        found = imported(name, write([question], [objective], KEPT.get))
        assert found.questions == [question], name
        shown = {picture.path for text in texts_of(question) for picture in pictures_in(text)}
        assert found.pictures == {path: KEPT[path] for path in shown}


def test_a_picture_that_is_gone_goes_out_as_its_path() -> None:
    """And so comes back."""
    question = Question(
        "x",
        "q",
        "q",
        f"![a]({kept_path(PNG)})",
        (Option(option_id("A"), "A", True), Option(option_id("B"), "B", False)),
    )
    for name, write in WRITERS.items():
        assert imported(name, write([question], [], lambda _: None)).questions[0].stem == question.stem
