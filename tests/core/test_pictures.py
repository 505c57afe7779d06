"""Pictures in texts are found and named by what is in them, and nothing that is no picture passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasters import BMP, GIF, JPG, WEBP, bomb, png

from qbank.core.pictures import (
    KEPT,
    Picture,
    as_markdown,
    kept_path,
    pictures_in,
    with_pictures,
    without_paths,
)
from qbank.core.raster import PIXEL_LIMIT, SIDE_LIMIT, raster_kind

ALTS = st.text(st.characters(exclude_characters="[]\\", codec="utf-8"), max_size=20)
PATHS = st.text(
    st.characters(exclude_characters="()<>", exclude_categories=["Z", "Cc"], codec="utf-8"), max_size=20
)


@given(st.lists(st.tuples(ALTS, PATHS.filter(lambda path: not path.isspace()))))
def test_what_is_written_is_found(pairs: list[tuple[str, str]]) -> None:
    """In reading order, whatever the words and paths are."""
    pictures = [Picture(*pair) for pair in pairs if not any(map(str.isspace, pair[1]))]
    text = "a ! b".join(map(as_markdown, pictures))
    assert pictures_in(text) == pictures
    assert with_pictures(text, as_markdown) == text


@pytest.mark.parametrize(
    "text", ["no picture", r"\![a](b)", "[a](b)", "![a] (b)", "![a](b c)", "![a](b", "![a]", "!", "![a](<b>)"]
)
def test_other_texts_show_none(text: str) -> None:
    """A link, an escaped mark and half a picture stay as they are."""
    assert pictures_in(text) == []
    assert with_pictures(text, lambda _: "x") == text


def test_a_hostile_text_takes_no_time() -> None:
    """Beginnings without an end, by the hundred thousand."""
    assert pictures_in("![" * 300_000 + "![a](" * 100_000) == []


def test_in_words_there_is_no_path() -> None:
    """For an objective's text and a table."""
    assert without_paths("See ![a film](x/y.png) and ![](z.png).") == "See [picture: a film] and [picture]."


@pytest.mark.parametrize(
    ("content", "kind"), [(png(), "png"), (GIF, "gif"), (JPG, "jpg"), (BMP, "bmp"), (WEBP, "webp")]
)
def test_a_picture_is_known_by_how_it_begins(content: bytes, kind: str) -> None:
    """And is kept under a name of its content, so the same one is kept once; cut off in its head it is none."""
    assert raster_kind(content) == kind
    path = kept_path(content)
    assert KEPT.fullmatch(path)
    assert path.endswith(f".{kind}")
    assert kept_path(content) == path != kept_path(content + b"\0")
    assert all(raster_kind(content[:length]) == "" for length in range(10))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>",
        b"%PDF-1.7",
        b"root:x:0:0:root:/root:/bin/sh",
        b"PK\3\4",
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\xff\xd8\xff\xe0" + b"\xff" * 50,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 20,
        bomb(0, 5),
        bomb(SIDE_LIMIT + 1, 1),
        bomb(SIDE_LIMIT, PIXEL_LIMIT // SIDE_LIMIT + 1),
    ],
)
def test_anything_else_is_no_picture(content: bytes) -> None:
    """Programs in a picture's clothes, broken heads, and pictures that would fill the memory when they are shown."""
    assert raster_kind(content) == ""
    assert kept_path(content) == ""


@given(st.binary(max_size=200), st.sampled_from([png(), GIF, JPG, BMP, WEBP]))
def test_no_bytes_raise(rest: bytes, head: bytes) -> None:
    """Whatever follows a beginning."""
    for length in range(1, len(head), 3):
        raster_kind(head[:length] + rest)
