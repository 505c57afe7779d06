"""A block on the full screen: what each key and click does to the record, and what is shown of it."""

import pytest
from msgspec.structs import replace
from screens import begun, held, running, steps
from worlds import World, small_question

from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Option, Question, option_id
from qbank.core.response import Confidence, MissReason, Mode
from qbank.errors import BlockTaken


def choice(practice: Practice, position: int = 0) -> str:
    """The letter that was chosen there, "" for none."""
    chosen = practice.state.items[position].choice
    return "" if chosen is None else "ABCDEFGHIJKLMNOP"[practice.item(position).option_order.index(chosen)]


@pytest.fixture
def timed(world: World, three: list[Question]) -> Practice:
    return begun(world, three, Mode.TIMED)


@pytest.fixture
def tutor(world: World, three: list[Question]) -> Practice:
    return begun(world, three, Mode.TUTOR)


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


def test_the_clock_can_be_hidden(world: World, timed: Practice) -> None:
    """k hides it and shows it again."""
    with held(world, running(timed)) as seen:
        assert "Block 4:30" in seen.text
        seen.press("k")
        assert "Block 4" not in seen.text
        assert "Clock hidden" in seen.text
        seen.press("k")
        assert "Block 4:30" in seen.text


@pytest.mark.parametrize("hidden", [False, True])
def test_two_minutes_before_the_end_it_is_told_once(world: World, timed: Practice, hidden: bool) -> None:
    """In words, with the clock hidden too; a key takes the notice away for good."""
    with held(world, running(timed)) as seen:
        seen.press(*["k"] * hidden)
        seen.passes(149)
        assert "Two minutes are left" not in seen.text
        seen.passes(1)
        assert "Two minutes are left in this block." in seen.text
        seen.passes(1)
        assert "Two minutes are left in this block." in seen.text
        seen.press("b")
        seen.passes(1)
        assert "Two minutes are left" not in seen.text


def test_a_block_closes_itself_when_its_time_is_over(world: World, timed: Practice) -> None:
    """The answers stand, and what follows is the table."""
    with held(world, running(timed)) as seen:
        seen.press("b", "n")
        seen.passes(270)
        assert timed.closed
        assert timed.state.closed_by is block.ClosedBy.TIME
        assert seen.kind == "LookScreen"
        assert "0 of " in seen.text


def test_a_dialog_does_not_keep_a_block_open(world: World, timed: Practice) -> None:
    """Whoever reads the help when the time runs out comes to the table with its key."""
    with held(world, running(timed)) as seen:
        seen.press("question_mark")
        seen.passes(270)
        assert timed.closed
        for _ in range(2):
            if seen.kind != "LookScreen":
                seen.press("escape")
        assert seen.kind == "LookScreen"


def test_submitting_tells_what_is_unanswered_and_marked(world: World, timed: Practice) -> None:
    """Enter goes to the first that waits; only y submits then."""
    with held(world, running(timed)) as seen:
        seen.press("b", "n", "m", "n", "s")
        assert "Not answered: 2, 3." in seen.text
        assert "Marked: 2." in seen.text
        assert "a guess costs nothing" in seen.words
        seen.press("enter")
        assert timed.state.position == 1
        assert "submit" not in steps(world, timed)
        seen.press("s", "y")
        assert timed.closed
        assert seen.kind == "LookScreen"


def test_the_last_answer_and_enter_offer_to_submit(world: World, timed: Practice) -> None:
    """With nothing unanswered Enter submits."""
    with held(world, running(timed)) as seen:
        seen.press("b", "enter", "b", "enter", "b", "enter")
        assert "Every question is answered." in seen.text
        seen.press("enter")
        assert timed.closed


def test_enter_never_skips(world: World, timed: Practice) -> None:
    """Without an answer it says what to press and stays."""
    with held(world, running(timed)) as seen:
        seen.press("enter")
        assert "Choose an option by its letter first" in seen.text
        assert timed.state.position == 0


def test_a_reason_is_asked_before_the_key(world: World, tutor: Practice) -> None:
    """After a miss the reason comes first, then verdict, explanations, the sentence to remember and when it comes back."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "enter")
        assert "Before you see the key: what was the reason?" in seen.words
        assert not tutor.state.items[0].revealed
        seen.press("3")
        assert tutor.state.items[0].reason is MissReason.BETWEEN_TWO
        assert steps(world, tutor) == ["show", "answer", "reason", "reveal"]
        assert "Not this time. You chose B; the answer is A." in seen.text
        assert "Remember: Know beta well." in seen.text
        seen.press("end")
        assert "your recall of this objective falls to 90%" in seen.words


def test_a_skipped_reason_shows_the_key(world: World, tutor: Practice) -> None:
    """Enter names none."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "enter", "enter")
        assert tutor.state.items[0].reason is None
        assert tutor.state.items[0].revealed
        seen.press("r", "1")
        assert tutor.state.items[0].reason_after is MissReason.NEVER_LEARNED


def test_a_right_answer_asks_for_nothing(world: World, tutor: Practice) -> None:
    """The key is shown at once, there is no reason to name, and a letter changes nothing any more."""
    with held(world, running(tutor)) as seen:
        seen.press("a", "enter")
        assert "Right. The answer is A." in seen.text
        seen.press("r", "b")
        assert seen.kind == "BlockScreen"
        assert choice(tutor) == "A"


def test_a_rating_is_taken_back_after_asking(world: World, tutor: Practice) -> None:
    """n keeps it, y takes it back, and a second time says that it is."""
    with held(world, running(tutor)) as seen:
        seen.press("a", "enter", "u")
        assert "Take back the rating" in seen.words
        seen.press("n")
        assert not tutor.is_taken_back(0)
        seen.press("u", "y")
        assert tutor.is_taken_back(0)
        assert "Taken back: this answer no longer counts" in seen.words
        seen.press("u")
        assert "is taken back already" in seen.words


def test_f_flags_a_question_with_a_reason(world: World, timed: Practice) -> None:
    """It says what follows; an empty line flags nothing."""
    with held(world, running(timed)) as seen:
        before = world.events()
        seen.press("f", "enter")
        assert world.events() == before
        seen.press("f").types("two keys")
        assert world.events() == before + 1
        assert "It will not come up in your drills" in seen.words


def test_a_tutor_block_ends_with_its_last_question(world: World, tutor: Practice) -> None:
    """Enter after each key goes on, and behind the last one the block is closed."""
    with held(world, running(tutor)) as seen:
        seen.press("a", "enter", "enter", "a", "enter", "enter", "a", "enter")
        assert "submit" not in steps(world, tutor)
        seen.press("enter")
        assert tutor.closed
        assert "3 of 3" in seen.text


def test_leaving_a_timed_block_asks(world: World, timed: Practice) -> None:
    """Enter stays; y leaves, and the block is interrupted."""
    with held(world, running(timed)) as seen:
        seen.press("q")
        assert "It then counts as interrupted" in seen.words
        seen.press("enter")
        assert "interrupt" not in steps(world, timed)
        seen.press("q", "y")
        assert seen.ended
    assert timed.state.interrupted
    assert not timed.closed


def test_a_tutor_block_is_left_at_once(world: World, tutor: Practice) -> None:
    """Nothing is owed, so nothing is asked, and it waits to be gone on with."""
    with held(world, running(tutor)) as seen:
        seen.press("b", "q")
        assert seen.ended
    assert steps(world, tutor) == ["show", "answer", "interrupt"]


@pytest.mark.parametrize("before", [[], ["t"], ["question_mark"], ["l"]])
def test_ctrl_c_saves_and_goes_at_once(world: World, timed: Practice, before: list[str]) -> None:
    """From the question and from over it; nothing is asked."""
    with held(world, running(timed)) as seen:
        seen.press("b", *before, "ctrl+c")
        assert seen.ended
        assert isinstance(seen.app.return_value, KeyboardInterrupt)
    assert choice(timed) == "B"
    assert steps(world, timed)[-1] == "interrupt"


def test_a_review_ends_with_q(world: World, three: list[Question]) -> None:
    """Stopping is finishing: nothing is asked, and the question left open counts for nothing."""
    practice = begun(world, three, Mode.REVIEW)
    with held(world, running(practice)) as seen:
        seen.press("a", "enter", "enter", "q")
        assert practice.closed
        assert seen.ended or seen.kind == "LookScreen"
    assert [row.response.position for row in world.responses() if row.response.shown] == [0]


def test_a_recall_prompt_keeps_its_back_until_turned(world: World, prompt: Question) -> None:
    """Enter shows the back, only then a letter rates, and no reason is asked."""
    practice = begun(world, [prompt], Mode.REVIEW)
    with held(world, running(practice)) as seen:
        seen.press("a")
        assert practice.state.items[0].choice is None
        assert "A beta blocker." not in seen.text
        seen.press("enter")
        assert "The back: A beta blocker." in seen.text
        assert "I did not have it" in seen.text
        seen.press("b")
        assert "You did not have it this time." in seen.text
        assert practice.state.items[0].revealed
        assert practice.state.items[0].reason is None


def test_a_paused_block_goes_on(world: World, tutor: Practice) -> None:
    """Whoever left while it stood is not asked to undo that."""
    tutor.do(block.Show, position=1)
    tutor.do(block.Pause)
    with held(world, running(tutor)) as seen:
        assert tutor.state.phase is block.Phase.OPEN
        seen.press("c")
        assert choice(tutor, tutor.state.position) == "C"


def test_a_block_that_was_left_goes_on_where_it_waits(world: World, timed: Practice) -> None:
    """The next process begins with the first question without an answer, and keeps the others."""
    with held(world, running(timed)) as seen:
        seen.press("b", "n", "q", "y")
    again = Practice(world.workspace, timed.plan.id)
    with held(world, running(again)) as seen:
        assert "Question 2 of 3" in seen.text
        seen.press("p")
        assert "[B]" in seen.text


def test_another_terminal_takes_the_block_over(world: World, timed: Practice) -> None:
    """The next key writes nothing, and the screen ends with what happened."""
    with held(world, running(timed)) as seen:
        seen.press("b")
        Practice(world.workspace, timed.plan.id, take_over=True)
        seen.press("c")
        assert seen.ended
        assert isinstance(seen.app.return_value, BlockTaken)
    assert choice(timed) == "B"


def test_the_tick_notices_that_the_block_was_taken_over(world: World, timed: Practice) -> None:
    """Without a key too, within a beat."""
    with held(world, running(timed)) as seen:
        Practice(world.workspace, timed.plan.id, take_over=True)
        seen.passes(5)
        assert isinstance(seen.app.return_value, BlockTaken)


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
