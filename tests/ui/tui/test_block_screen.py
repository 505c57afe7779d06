"""A question on the full screen: what each key and click does to the record, and what is shown of it."""

import pytest
from msgspec.structs import replace
from screens import begun, choice, held, running, steps
from worlds import World, small_question

from qbank.app.practice import Practice
from qbank.core.question import Option, option_id
from qbank.core.response import Confidence, Mode


@pytest.mark.parametrize("key", ["b", "B"])
def test_a_letter_answers_in_either_case(world: World, timed: Practice, key: str) -> None:
    """The letter is enough, it is recorded at once, and the screen says so."""
    with held(world, running(timed)) as seen:
        seen.press(key)
        assert choice(timed) == "B"
        assert steps(world, timed) == ["show", "answer"]
        assert "[B]" in seen.text
        assert "Your answer: B." in seen.text


def test_another_letter_changes_the_answer(world: World, timed: Practice) -> None:
    """The later one stands, and the change is on record."""
    with held(world, running(timed)) as seen:
        seen.press("b", "c")
        assert choice(timed) == "C"
        assert len(timed.state.items[0].changes) == 1
        assert "[B]" not in seen.text


def test_u_goes_from_not_sure_to_a_guess_and_back_to_sure(world: World, timed: Practice) -> None:
    """The same key says each degree in turn, in words."""
    with held(world, running(timed)) as seen:
        said: list[tuple[Confidence | None, str]] = []
        for _ in range(3):
            seen.press(*(["b"] if not said else []), "u")
            said.append((timed.state.items[0].confidence, seen.text.splitlines()[-2].strip()))
    assert [level for level, _ in said] == [Confidence.UNSURE, Confidence.GUESSED, Confidence.SURE]
    assert said[0][1].startswith("Not sure.")
    assert said[1][1].startswith("A guess.")
    assert said[2][1] == "Sure."


def test_an_option_is_struck_out_and_brought_back(world: World, timed: Practice) -> None:
    """Minus and the letter, again for the way back; no answer comes of it."""
    with held(world, running(timed)) as seen:
        seen.press("minus")
        assert "Strike out which?" in seen.text
        seen.press("b")
        assert "-B-" in seen.text
        seen.press("minus", "b")
        assert "-B-" not in seen.text
    assert steps(world, timed)[1:3] == ["strike", "strike"]
    assert choice(timed) == ""


def test_a_strike_of_nothing_is_refused_in_words(world: World, timed: Practice) -> None:
    """Minus and a letter that no option bears changes nothing."""
    with held(world, running(timed)) as seen:
        seen.press("minus", "m")
        assert "Nothing was struck out." in seen.text
    assert not timed.state.items[0].marked


def test_m_marks_and_takes_the_mark_away(world: World, timed: Practice) -> None:
    """The bar says that the question is marked."""
    with held(world, running(timed)) as seen:
        seen.press("m")
        assert "Marked" in seen.text.splitlines()[0]
        seen.press("m")
        assert "Marked" not in seen.text.splitlines()[0]


def test_keys_move_the_highlighter_by_sentences(world: World, timed: Practice) -> None:
    """The second sentence is set off exactly, and Escape puts the highlighter away."""
    with held(world, running(timed)) as seen:
        seen.press("y", "down", "space")
        assert "Highlighter:" in seen.text
        (span,) = timed.state.items[0].highlights
        assert timed.question(0).stem[slice(*span)].strip() == "He takes nothing for it."
        seen.press("space")
        assert not timed.state.items[0].highlights
        seen.press("escape", "b")
        assert choice(timed) == "B"


def test_a_click_highlights_a_sentence(world: World, timed: Practice) -> None:
    """The first sentence is set off by a click on it, and no longer by another."""
    with held(world, running(timed)) as seen:
        seen.click("sentence", "0")
        (span,) = timed.state.items[0].highlights
        assert timed.question(0).stem[slice(*span)].strip() == "A man of sixty has a headache."
        seen.click("sentence", "0")
        assert not timed.state.items[0].highlights


def test_a_note_is_kept_and_removed(world: World, timed: Practice) -> None:
    """It stands under the question until its line is emptied; Escape changes nothing."""
    with held(world, running(timed)) as seen:
        seen.press("t").types("look this up")
        assert timed.state.items[0].note == "look this up"
        assert "Noted." in seen.text
        seen.press("up")
        assert "Your note: look this up" in seen.text
        seen.press("t", "x", "escape")
        assert timed.state.items[0].note == "look this up"
        seen.press("t", "ctrl+u", "enter")
        assert timed.state.items[0].note == ""
        assert "The note is gone." in seen.text


def test_a_number_and_enter_go_to_a_question(world: World, timed: Practice) -> None:
    """Backspace mends the number, and one that no question has is refused."""
    with held(world, running(timed)) as seen:
        seen.press("2", "3")
        assert "Go to question 23: Enter." in seen.text
        seen.press("backspace", "enter")
        assert timed.state.position == 1
        seen.press("9", "enter")
        assert "The block has questions 1 to 3." in seen.text
        assert timed.state.position == 1


def test_escape_forgets_a_number(world: World, timed: Practice) -> None:
    """Enter then means what it always does."""
    with held(world, running(timed)) as seen:
        seen.press("3", "escape", "enter")
        assert timed.state.position == 0
        assert "Choose an option by its letter first" in seen.text


def test_a_colon_makes_a_letter_a_key_again(world: World) -> None:
    """With fourteen options M is one of them, and the colon marks."""
    texts = [f"choice {number}" for number in range(14)]
    options = tuple(Option(option_id(text), text, text == texts[0]) for text in texts)
    question = replace(small_question("beta-14", "beta"), options=options, fixed_order=True)
    practice = begun(world, [question], Mode.TIMED)
    with held(world, running(practice)) as seen:
        seen.press("m")
        assert choice(practice) == "M"
        assert "mark" not in steps(world, practice)
        seen.press("colon")
        assert "A letter is a key now" in seen.text
        seen.press("m")
        assert practice.state.items[0].marked
        assert choice(practice) == "M"


def test_a_click_chooses_an_option_and_the_other_button_strikes_it(world: World, timed: Practice) -> None:
    """The mouse does what the keys do."""
    option = timed.item(0).option_order[2]
    with held(world, running(timed)) as seen:
        seen.click("option", option)
        assert choice(timed) == "C"
        seen.click("option", timed.item(0).option_order[1], button=3)
        assert timed.state.items[0].struck == {timed.item(0).option_order[1]}


def test_a_click_in_the_navigator_goes_there(world: World, timed: Practice) -> None:
    """On a wide screen every question stands beside the text."""
    with held(world, running(timed), size=(120, 30)) as seen:
        seen.click("position", "2")
        assert timed.state.position == 2
        assert ">  3 -" in seen.text


def test_the_list_goes_to_a_question(world: World, timed: Practice) -> None:
    """Arrows and Enter, a click, and Escape for nothing."""
    with held(world, running(timed)) as seen:
        seen.press("b", "l")
        assert "  1 B" in seen.text
        seen.press("right", "right", "enter")
        assert timed.state.position == 2
        seen.press("l")
        seen.click("position", "1")
        assert timed.state.position == 1
        seen.press("l", "left", "escape")
        assert timed.state.position == 1


def test_laboratory_values_are_searched_as_one_types(world: World, timed: Practice) -> None:
    """The units change with Ctrl-U, and Escape comes back to the question."""
    with held(world, running(timed)) as seen:
        seen.press("v", *"glucose")
        assert "mg/dL" in seen.text
        seen.press("ctrl+u")
        assert "mmol/L" in seen.text
        seen.press("escape")
        assert seen.kind == "BlockScreen"
    assert steps(world, timed)[0] == "show"


def test_the_calculator_works_a_sum_out(world: World, timed: Practice) -> None:
    """The result stays in sight, and what is no sum is refused in words and can be mended."""
    with held(world, running(timed)) as seen:
        seen.press("equals_sign", *"140-104", "enter")
        assert "140-104 = 36" in seen.text
        seen.press(*"1/0", "enter")
        assert "140-104 = 36" in seen.text
        assert len(seen.text.splitlines()) > 1
        seen.press("backspace", "4", "enter")
        assert "1/4 = 0.25" in seen.text


def test_a_key_without_a_meaning_says_where_the_keys_are(world: World, timed: Practice) -> None:
    """And the help lists those that have one, in no word of the test centre's."""
    with held(world, running(timed)) as seen:
        seen.press("w")
        assert "? shows the keys" in seen.text
        seen.press("question_mark")
        assert "Strike option B out, or bring it back." in seen.words


def test_a_resize_keeps_the_block(world: World, timed: Practice) -> None:
    """Every size draws the same question with its answer, as wide and as high as the terminal now is."""
    with held(world, running(timed)) as seen:
        seen.press("b")
        for width, height in ((40, 12), (200, 60), (80, 24)):
            seen.resized(width, height)
            assert len(seen.text.split("\n")) == height
            assert "[B]" in seen.text
    assert choice(timed) == "B"


HARMFUL = {
    "markup": ("[/x] [bold]not bold[/] [link=x]", "[/x] [bold]not bold[/] [link=x]"),
    "escape": ("red \x1b[31mtext", "red <U+001B>[31mtext"),
    "clipboard": ("copy \x1b]52;c;aGk=\x07 this", "copy <U+001B>]52;c;aGk=<U+0007> this"),
    "bidi": ("a \u202etxet\u202c b", "a <U+202E>txet<U+202C> b"),
    "wide": ("血圧 140", "血圧 140"),
    "combining": ("cafe\u0301 au lait", "cafe\u0301 au lait"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_any_text_is_shown_harmlessly(world: World, name: str) -> None:
    """In the stem, an option and the answer: no markup is obeyed, and no control character reaches the terminal."""
    text, shown = HARMFUL[name]
    question = small_question("beta-x", "beta", stem=text)
    options = tuple(
        replace(option, text=f"{text} {n}", explanation=text) for n, option in enumerate(question.options)
    )
    question = replace(question, options=options, fixed_order=True, remember=text)
    practice = begun(world, [question], Mode.TUTOR)
    with held(world, running(practice), size=(80, 40)) as seen:
        assert seen.words.count(shown) == 5
        seen.press("a", "enter")
        assert f"Remember: {shown}" in seen.words
        drawn = "".join(strip.text for strip in seen.app.screen._compositor.render_strips())
        assert shown in " ".join(drawn.split())
        assert not any(ord(character) < 32 for character in drawn)


def test_large_sets_few_words_on_a_line(world: World, timed: Practice) -> None:
    """The lines of the question are short and set wide apart."""
    with held(world, running(timed), large=True) as seen:
        body = seen.text.splitlines()[1:-1]
        stem = next(number for number, line in enumerate(body) if "A man of sixty" in line)
        assert len(body[stem]) <= 46
        assert not body[stem + 1].strip()
        assert body[stem + 2].strip()
