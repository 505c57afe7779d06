"""What goes out as a deck comes back the same, and Anki itself takes it in, once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasters import png

from qbank.bank.scan import scan
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Objective, Option, Question, option_id
from qbank.exchange.anki_collection import Note, connected
from qbank.exchange.anki_note_type import FIELDS
from qbank.exchange.anki_package import opened
from qbank.exchange.anki_write import write_anki
from qbank.exchange.foreign import format_of
from qbank.exchange.mcq import read_mcq
from qbank.settings import data_folder

MADE = datetime(2026, 11, 26, 12, tzinfo=UTC)


def asked(name: str = "one", *, stem: str = "Which?", why: str = "", remember: str = "") -> Question:
    texts = ("Aortic & mitral", "<i>Tricuspid</i>", "Pulmonic")
    options = tuple(
        Option(option_id(text), text, at == 1, f"{why} {at}" if why else "") for at, text in enumerate(texts)
    )
    return Question("mine", name, "valves", stem, options, remember)


VALVES = Objective(
    "mine", "valves", "Name the valves", "cardiovascular", "heart", ("pathology", "anatomy"), "diagnosis"
)


def notes_of(deck: bytes) -> list[Note]:
    with opened(deck) as package, connected(package.collection) as collection:
        return list(collection.notes())


def fields_of(question: Question, **options: object) -> dict[str, str]:
    (note,) = notes_of(write_anki([question], [VALVES], **options))  # type: ignore[arg-type]
    return dict(zip(FIELDS, note.fields, strict=True))


def test_bundled_questions_come_back_from_a_deck_as_they_were() -> None:
    """Stems, options, keys and what is to remember; a table's second line alone is written in another way."""
    files = scan(data_folder() / "questions", "starter", {}).changed
    questions = [one for file in files for one in file.questions if not one.draws]
    deck = write_anki(questions, [file.objective for file in files])
    assert format_of("x", deck) == "anki"
    reading = read_mcq("x", deck, bank="back")
    assert not reading.skipped

    def told(one: Question) -> tuple[object, ...]:
        shown = tuple((option.text, option.correct) for option in one.options)
        return one.stem.replace("|---", "| --- ").replace("---|", "--- |"), shown, one.remember

    plain = {told(one) for one in questions}
    assert len(plain) == len(questions)
    assert {told(one) for one in reading.questions} == plain


def test_areas_and_the_bank_are_tags() -> None:
    """In Anki's own way of tags within tags; they come back as hints."""
    deck = write_anki([asked()], [VALVES])
    (note,) = notes_of(deck)
    assert note.deck == "qbank"
    assert note.tags == (
        *("bank::mine", "system::cardiovascular", "section::heart"),
        *("discipline::pathology", "discipline::anatomy", "task::diagnosis"),
    )
    known = {"system": {"cardiovascular": "Cardiovascular"}, "discipline": {"pathology": "Pathology"}}
    (objective,) = read_mcq("x", deck, bank="back", known=known).objectives
    assert (objective.system, objective.disciplines) == ("cardiovascular", ("pathology",))


def test_every_explanation_goes_along_that_of_the_key_first() -> None:
    """With the letter of its option."""
    explanation = fields_of(asked(why="Because"))["Explanation"]
    places = [
        explanation.index(text) for text in ("<b>B</b>", "Because 1", "<b>A</b>", "Because 0", "<b>C</b>")
    ]
    assert places == sorted(places)


def test_the_licence_stands_with_its_question() -> None:
    """Beside where the question is from."""
    assert fields_of(asked(), licences={"mine": "CC BY 4.0, Ada"})["Source"] == "mine/one · CC BY 4.0, Ada"


def test_a_recall_prompt_has_its_back_as_the_answer() -> None:
    """And no options."""
    prompt = Question("mine", "p", "valves", "How many?", (RECALLED, NOT_RECALLED), "Four.", kind=Kind.RECALL)
    fields = fields_of(prompt)
    assert (fields["Options"], fields["Answer"], fields["Remember"]) == ("", "<p>Four.</p>", "")


def test_nothing_in_a_text_is_acted_upon() -> None:
    """Neither HTML, nor what Anki runs or loads."""
    text = "<script>x</script> [latex]\\input{x}[/latex] [sound:http://x] ![p](http://x/y.png) [a](javascript:x) [$]x[/$]"
    html = fields_of(asked(stem=text))["Question"]
    for acted_upon in ("<script", "[latex]", "[sound:", "[$]", "<img", 'href="javascript'):
        assert acted_upon not in html
    assert "&lt;script&gt;" in html


def test_pictures_go_along_by_a_name_of_their_own() -> None:
    """One that is not there is shown by its words."""
    stem = "See ![an ECG](pictures/a.png) and ![an *old* film](pictures/gone.png). Which?"
    deck = write_anki([asked(stem=stem)], [VALVES], pictures={"pictures/a.png": (film := png())})
    html = notes_of(deck)[0].fields[0]
    assert "pictures/" not in html
    assert "[an old film]" in html
    (path,) = (reading := read_mcq("x", deck, bank="back")).pictures
    assert reading.pictures[path] == film
    assert f"![an ECG]({path})" in reading.questions[0].stem


def test_the_same_deck_is_the_same_file() -> None:
    """To the byte, and with its notes under the same ids when it is made later or holds more."""
    one = [asked("one"), asked("two")]
    assert write_anki(one, [VALVES], made=MADE) == write_anki(one, [VALVES], made=MADE)
    before = {note.guid for note in notes_of(write_anki(one, [VALVES], made=MADE))}
    after = {
        note.guid
        for note in notes_of(write_anki([asked("zero"), *reversed(one)], [], made=MADE + timedelta(1)))
    }
    assert before < after


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60),
        min_size=3,
        max_size=3,
    )
)
def test_any_text_leaves_a_deck_that_can_be_read(texts: list[str]) -> None:
    """One note with all of its fields."""
    stem, why, remember = texts
    (note,) = notes_of(write_anki([asked(stem=stem, why=why, remember=remember)], [VALVES]))
    assert len(note.fields) == len(FIELDS)


def test_anki_takes_a_deck_in_and_a_later_one_updates_it(tmp_path: Path) -> None:
    """By Anki's own library, where it is installed: pip install anki."""
    library = pytest.importorskip("anki.collection")
    first = write_anki([asked("one"), asked("two")], [VALVES], made=MADE, pictures={"a.png": b"picture"})
    changed = [asked("one", why="New"), asked("two"), asked("three")]
    second = write_anki(changed, [VALVES], made=MADE + timedelta(minutes=1))
    anki = library.Collection(str(tmp_path / "collection.anki2"))
    counts = []
    for number, deck in enumerate((first, second, second)):
        path = tmp_path / f"{number}.apkg"
        path.write_bytes(deck)
        options = library.ImportAnkiPackageOptions()
        done = anki.import_anki_package(
            library.ImportAnkiPackageRequest(package_path=str(path), options=options)
        )
        counts.append((len(done.log.new), len(done.log.updated), len(done.log.duplicate)))
    assert counts == [(2, 0, 0), (1, 2, 0), (0, 0, 3)]
    assert (anki.note_count(), anki.card_count()) == (3, 3)
    card = anki.get_card(anki.find_cards('"Explanation:*New*"')[0])
    assert "Aortic &amp; mitral" in card.question()
    assert "New 1" in card.answer()
    _, sound = anki.fix_integrity()
    assert sound
    anki.close()
