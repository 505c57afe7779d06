"""A picture is said in words, with the whole path of its file, whatever either of them holds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasters import png

from qbank.core.pictures import kept_path
from qbank.ui.layout import MARK_OFF, MARK_ON, columns, hung, laid
from qbank.ui.sentences import sentences, set_off

PATH = kept_path(png())
NAME = Path(PATH).name


@pytest.mark.parametrize(
    "home",
    ["/home/ann", "/Users/a b/Application Support", "/home/_me_/*x*", "/home/a|b/`c`", "/home/a[b](c)\\d"],
)
def test_a_path_stands_as_it_is(home: str) -> None:
    """On one line where it fits, its spaces kept and none of its signs taken for marks; in a table too."""
    told = f"[picture: A film - {home}/{NAME}]"
    assert laid(f"See ![A film]({PATH})", 120, Path(home)) == [f"See {told}"]
    assert hung("( A ) ", f"![A film]({PATH})", 120, Path(home)) == [f"( A ) {told}"]
    assert laid(f"| a | b |\n|---|---|\n| 1 | ![A film]({PATH}) |", 120, Path(home))[2].endswith(told)


def test_words_and_path_may_be_missing() -> None:
    """Then the rest is said; beside a screen that shows pictures a path would only be in the way."""
    assert laid(f"![]({PATH})", 80, Path("/x")) == [f"[picture: /x/{NAME}]"]
    assert laid(f"![A film]({PATH})", 80) == ["[picture: A film]"]
    assert laid(f"![]({PATH})", 80) == ["[picture]"]
    assert laid("![]()", 80, Path("/x")) == ["[picture]"]


def test_a_picture_that_is_not_kept_keeps_its_address() -> None:
    """As the file had it, so that it can be looked for."""
    text = "![a](../../etc/passwd) ![b](https://example.org/x_1_.png)"
    assert laid(text, 100, Path("/x")) == [
        "[picture: a - ../../etc/passwd] [picture: b - https://example.org/x_1_.png]"
    ]


def test_what_a_terminal_would_obey_is_shown() -> None:
    """In words, in addresses and in the folder's own name."""
    (line,) = laid("![\x1b]0;a\x07](b\x1bc)", 80, Path("/x"))
    assert line == "[picture: <U+001B>]0;a<U+0007> - b<U+001B>c]" or "\x1b" not in line
    assert "\x1b" not in "".join(laid(f"![a]({PATH})", 80, Path("/\x1b[31m")))


@given(st.text(max_size=30), st.integers(20, 60))
def test_no_line_is_too_long(alt: str, width: int) -> None:
    """A path that is longer than a line is broken."""
    for line in laid(f"See ![{alt}]({PATH}) now.", width, Path("/a folder/of some length/for pictures")):
        assert columns(line) <= width


def test_a_highlight_may_end_within_the_words_of_a_picture() -> None:
    """Sentences are split without regard to what a picture is."""
    stem = f"See ![Film. Chest]({PATH}). Which side?"
    shown = laid(set_off(stem, sentences(stem)), 200, Path("/x"))
    assert "".join(shown).replace(MARK_ON, "").replace(MARK_OFF, "") == (
        f"See [picture: Film. Chest - /x/{NAME}]. Which side?"
    )
