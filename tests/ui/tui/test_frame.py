"""Where things stand at any size: nothing is cut off without a word."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rasters import png

from qbank.core import block
from qbank.core.pictures import kept_path
from qbank.core.question import NOT_RECALLED, RECALLED, Kind, Objective, Option, Question, serve
from qbank.core.response import Mode
from qbank.ui.layout import columns
from qbank.ui.tui import frame
from qbank.ui.tui.ink import Line
from qbank.ui.tui.keys import Stage

WORDS = st.sampled_from(
    ["a", "pain", "of", "the", "left", "*marked*", "140", "[/x]", "血圧", "cafe\u0301", "\x1b[31m", "\u202e",
     "otorhinolaryngological", "Pneumonoultramicroscopicsilicovolcanoconiosis" * 3, "\n\n", "\n- ", "|"]
)  # fmt: skip
TEXTS = st.lists(WORDS, min_size=1, max_size=80).map(" ".join).map(lambda text: text.strip() or "a")
SHORT = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
HIDDEN = re.compile(r"(\d+) more lines? of the (question|options|text)")


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question with two to fourteen options, each of its own text."""
    texts = draw(st.lists(SHORT, min_size=2, max_size=14))
    options = tuple(
        Option(f"o{number}", f"{text} o{number}", number == 0, draw(SHORT))
        for number, text in enumerate(texts)
    )
    return Question("starter", "q", "o", draw(TEXTS), options, fixed_order=True, remember=draw(SHORT))


@st.composite
def views(draw: st.DrawFn, *, shown: bool = False) -> frame.View:
    """A question among some, as it may stand in a running block."""
    question = draw(questions())
    item = serve(question, 1)
    total = draw(st.integers(1, 60))
    mode = Mode.TUTOR if shown else Mode.TIMED
    plan = block.BlockPlan("b", mode, (item,) * total, None if shown else 90_000 * total)
    position = draw(st.integers(0, total - 1))
    state = block.step(block.start(plan), block.Show(at_ms=0, position=position))
    if draw(st.booleans()) or shown:
        state = block.step(state, block.Answer(at_ms=1, option=draw(st.sampled_from(item.option_order))))
    if draw(st.booleans()) and not shown:
        state = block.step(state, block.Strike(at_ms=2, option=item.option_order[-1]))
    if shown:
        state = block.step(state, block.Reveal(at_ms=3))
    return frame.View(
        question=question,
        item=item,
        state=state,
        position=position,
        stage=Stage.SHOWN if shown else Stage.TIMED,
        clock=draw(st.sampled_from(["", "Block 4:30", "Block 1:00:00  Day 7:59:59"])),
        notice=draw(st.one_of(st.just(""), SHORT)),
        urgent=draw(st.booleans()),
        objective=Objective("starter", "o", "Know o") if shown else None,
        at=draw(st.integers(0, 200)),
        options_at=draw(st.integers(0, 50)),
    )


SIZES = st.tuples(st.integers(40, 200), st.integers(12, 60))


def text_of(line: Line) -> str:
    return "".join(piece.text for piece in line)


@settings(max_examples=80)
@given(st.one_of(views(), views(shown=True)), SIZES, st.booleans())
def test_a_screen_is_as_wide_and_high_as_the_terminal(
    view: frame.View, size: tuple[int, int], large: bool
) -> None:
    """No line is wider, and there are exactly as many as rows; nothing in them can be obeyed by a terminal."""
    width, height = size
    drawn = frame.framed(view, width, height, large=large)
    assert len(drawn.screen) == height
    for line in drawn.screen:
        assert columns(text_of(line)) <= width, text_of(line)
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", text_of(line))


@settings(max_examples=80)
@given(views(), SIZES, st.booleans())
def test_hidden_lines_are_told(view: frame.View, size: tuple[int, int], large: bool) -> None:
    """What is below the last visible line of the question or of the options is counted in words."""
    width, height = size
    drawn = frame.framed(view, width, height, large=large)
    said = {what: int(number) for line in drawn.screen for number, what in HIDDEN.findall(text_of(line))}
    below = {
        "question": drawn.lines - drawn.at - drawn.rows,
        "options": drawn.options_lines - drawn.options_at - drawn.options_rows,
    }
    assert said == {what: number for what, number in below.items() if number}
    assert drawn.rows >= 1


@settings(max_examples=80)
@given(views(), SIZES, st.booleans())
def test_every_option_is_whole_or_told_to_be_hidden(
    view: frame.View, size: tuple[int, int], large: bool
) -> None:
    """Where nothing says that options are hidden, every line of every option is on the screen."""
    width, height = size
    drawn = frame.framed(view, width, height, large=large)
    shown = [
        piece.means[1]
        for line in drawn.screen
        for piece in line
        if piece.means and piece.means[0] == "option"
    ]
    across = frame.measure(width, large=large)
    wanted = [
        piece.means[1]
        for line in frame.option_lines(view, across)
        for piece in line
        if piece.means is not None
    ]
    above = drawn.options_at
    if drawn.options_rows == drawn.options_lines:
        assert shown == wanted
    else:
        text = "\n".join(map(text_of, drawn.screen))
        assert "more options above" in text.lower() or "more line" in text
        assert above or "of the options" in text


@settings(max_examples=50)
@given(views(), SIZES)
def test_scrolling_reaches_every_line(view: frame.View, size: tuple[int, int]) -> None:
    """From the top by pages the last line of the question comes into sight."""
    width, height = size
    whole = frame.question_lines(view, frame.measure(width))
    at, seen = 0, 0
    while seen < len(whole):
        drawn = frame.framed(replace(view, at=at), width, height)
        assert drawn.at <= seen, "a line was jumped over"
        assert drawn.at + drawn.rows > seen
        seen = drawn.at + drawn.rows
        at = seen
    assert seen == len(whole)


@pytest.mark.parametrize("clock", ["Block 1:30", "Block 1:00:00  Day 7:59:59"])
def test_a_narrow_bar_keeps_clock_number_and_mark(clock: str) -> None:
    """What does not fit is said shorter; the time left is whole."""
    question = Question("starter", "q", "o", "Which?", (Option("a", "a", True), Option("b", "b", False)))
    plan = block.BlockPlan("b", Mode.TIMED, (serve(question, 1),) * 280, 90_000)
    state = block.step(block.start(plan), block.Show(at_ms=0, position=279))
    state = block.step(state, block.Mark(at_ms=1))
    view = frame.View(question, plan.items[0], state, 279, Stage.TIMED, clock=clock)
    bar = text_of(frame.framed(view, 40, 12).screen[0])
    assert columns(bar) == 40
    assert bar.rstrip().endswith(clock)
    assert re.match(r" (Question )?280( of |/)280  ?M", bar)


def test_the_page_is_told_of_pictures_and_of_no_key() -> None:
    """Those of the question and its options in the order on the screen; those of explanations once the key is shown."""
    stem, best, other, why, remember = (kept_path(png(side, side)) for side in range(1, 6))
    options = (
        Option("o0", f"![]({best})", True, f"See ![why]({why}) ![gone](gone.png)"),
        Option("o1", f"![an x]({other}) ![an x]({other})", False),
    )
    question = Question("x", "q", "o", f"![strip]({stem})", options, f"![]({remember})", fixed_order=True)
    item = serve(question, 1)
    state = block.step(
        block.start(block.BlockPlan("b", Mode.TUTOR, (item,), None)), block.Show(at_ms=0, position=0)
    )
    view = frame.View(question, item, state, 0, Stage.UNTIMED)
    told = [(one.place, one.alt, f"pictures/{one.name}") for one in frame.pictures(view)]
    assert told == [("Question", "strip", stem), ("A", "", best), ("B", "an x", other)]
    shown = frame.pictures(replace(view, stage=Stage.SHOWN, objective=Objective("x", "o", "An objective")))
    assert [(one.place, f"pictures/{one.name}") for one in shown[3:]] == [
        ("A, explained", why),
        ("Remember", remember),
    ]


def test_a_prompt_keeps_the_pictures_of_its_back_until_it_is_turned() -> None:
    """They are the answer."""
    front, back = kept_path(png(1, 1)), kept_path(png(2, 2))
    question = Question(
        "x", "q", "o", f"![]({front})", (RECALLED, NOT_RECALLED), f"![]({back})", kind=Kind.RECALL
    )
    item = serve(question, 1)
    state = block.start(block.BlockPlan("b", Mode.TUTOR, (item,), None))
    view = frame.View(question, item, state, 0, Stage.FRONT)
    assert [one.place for one in frame.pictures(view)] == ["Question"]
    assert [one.place for one in frame.pictures(replace(view, turned=True))] == ["Question", "Back"]
