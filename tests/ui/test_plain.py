"""A block at a prompt: what each line does, what is never shown too soon, and what time does meanwhile."""

from collections.abc import Callable

import pytest
from learners import CTRL_C, SLEEP, Clock, Learner, Step, Typed

from qbank.app.outside import keep_miss
from qbank.app.practice import BEAT_SECONDS, Practice
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.core.response import MissReason, Mode
from qbank.ui.console import WAIT_SECONDS
from qbank.ui.plain import PlainBlock


@pytest.mark.parametrize("mode", [Mode.TIMED, Mode.TUTOR])
def test_enter_never_answers_or_skips(workspace: Workspace, clock: Clock, mode: Mode) -> None:
    """Enter at an open question says what to type and stays."""
    said = Learner(workspace, clock, mode).types("", "")
    assert said.count("Type a letter from A to ") == 2
    assert "Question 2" not in said


def test_a_key_is_never_shown_before_the_reason(tutor: Learner) -> None:
    """After a miss the reason is asked for first, and the block remembers it."""
    said = tutor.types(tutor.letter(0, right=False), "5")
    asked, shown = said.index("what was the reason?"), said.index("the answer is")
    assert asked < shown
    assert tutor.rows()[0].response.reason is MissReason.MISREAD


def test_a_right_answer_asks_for_nothing(tutor: Learner) -> None:
    """Whoever is right sees the answer at once."""
    said = tutor.types(tutor.letter(0, right=True))
    assert "what was the reason?" not in said
    assert "Right. The answer is" in said


def test_what_was_revealed_cannot_be_answered_again(tutor: Learner) -> None:
    """Moving back to a revealed question shows its answer, and a letter there changes nothing."""
    wrong, right = tutor.letter(0, right=False), tutor.letter(0, right=True)
    said = tutor.types(wrong, "", "", "p", right)
    back = said.rpartition("Question 1 of 3")[2]
    assert "Not this time. You chose" in back
    assert back.count("Press Enter to go on") == 1
    assert not tutor.rows()[0].response.correct


def test_q_after_an_answer_leaves(tutor: Learner) -> None:
    """Leaving while an answer is read shows no further question, and the next start shows the next one."""
    said = tutor.types(tutor.letter(0, right=True), "q")
    assert "Question 2" not in said
    assert said.endswith("Saved. `qbank block` goes on from here.\n")
    assert "Question 2 of 3" in tutor.types()


@pytest.mark.parametrize("terminal", [True, False])
def test_an_answer_stands_when_the_process_ends_before_its_key(tutor: Learner, terminal: bool) -> None:
    """Killed between answer and key, the next process shows the key of that answer; it cannot be mended meanwhile."""
    wrong = tutor.option(0, right=False)
    tutor.vanishes_after((block.Show, {"position": 0}), (block.Answer, {"option": wrong}))
    said = tutor.types("2", tutor.letter(0, right=True), terminal=terminal)
    assert "Not this time. You chose" in said
    response = tutor.rows()[0].response
    assert response.choice == wrong
    assert response.reason is (MissReason.COULD_NOT_RETRIEVE if terminal else None)


def test_a_block_killed_before_it_was_submitted_is_submitted(tutor: Learner) -> None:
    """With every key shown nothing is left to answer, so going on closes the block."""
    steps: list[Step] = []
    for position in range(3):
        answer: Step = (block.Answer, {"option": tutor.option(position, right=True)})
        steps += [(block.Show, {"position": position}), answer, (block.Reveal, {})]
    tutor.vanishes_after(*steps)
    assert "3 of 3; about" in tutor.types(terminal=False)
    assert tutor.closed


def test_a_full_pipe_does_not_answer_twice(timed: Learner) -> None:
    """A timed block whose last answer was saved before a kill is submitted, and the next line changes nothing."""
    steps: list[Step] = []
    for position in range(3):
        answer: Step = (block.Answer, {"option": timed.option(position, right=True)})
        steps += [(block.Show, {"position": position}), answer]
    timed.vanishes_after(*steps)
    timed.types(timed.letter(2, right=False), terminal=False)
    assert [row.response.correct for row in timed.rows()] == [True, True, True]


def test_a_review_left_with_q_is_over_and_owes_nothing(review: Learner) -> None:
    """The question on screen earns no rating, and nothing is left open."""
    said = review.types("q")
    assert "Saved" not in said
    assert review.closed
    assert not any(row.response.shown for row in review.rows())
    assert all(row.rating is None for row in review.rows())


def test_a_review_left_behind_an_answer_keeps_it(review: Learner) -> None:
    """q while an answer is read closes the review with that answer, and no question follows."""
    said = review.types(review.letter(0, right=True), "q")
    assert "Question 2" not in said
    assert [row.response.position for row in review.rows() if row.rating is not None] == [0]


def test_an_answer_that_comes_too_late_does_not_count(timed: Learner, clock: Clock) -> None:
    """The line that is typed when the time is over closes the block instead, and one sentence says so."""
    practice = Practice(timed._workspace, timed.block)
    limit_s = (practice.left_ms or 0) / 1000
    practice._release()

    class Late(Typed):
        def _read_line(self, on_wait: Callable[[], bool] | None) -> str:
            clock.seconds += limit_s + 1
            return super()._read_line(on_wait)

    console = Late(clock, ["A?"])
    PlainBlock(Practice(timed._workspace, timed.block), console).run()
    assert "Time is up. The block has closed itself" in console.said
    assert "no answer" not in console.said
    assert "cannot" not in console.said[console.said.index("Your answer") :]
    assert timed.rows()[0].response.choice is None
    assert timed.rows()[0].response.time_ran_out


def test_time_that_runs_out_while_waiting_closes_the_block(timed: Learner) -> None:
    """The block closes itself, and reading its answers afterwards has no clock."""
    said = timed.types("A", *[SLEEP] * 1000, *[SLEEP] * 5, "", "7", SLEEP, "", "q")
    assert "Time is up." in said
    assert "of 2; about" in said or "of 1; about" in said
    assert timed.closed


def test_the_clock_stands_between_processes(timed: Learner, clock: Clock) -> None:
    """A left block goes on with the time it had, whatever passed meanwhile."""
    timed.types("A", *[SLEEP] * 30)
    left_ms = timed.practice.left_ms
    clock.seconds += 86_400
    again = Practice(timed._workspace, timed.block)
    assert again.left_ms == left_ms
    assert again.state.interrupted


def test_a_kill_loses_five_seconds_of_the_clock_at_most(timed: Learner, clock: Clock) -> None:
    """What passed since the last beat is all that a crash forgets, at whatever second it comes."""
    practice = Practice(timed._workspace, timed.block)
    practice.do(block.Show, position=0)
    began_s = clock.seconds
    for _ in range(23):
        clock.seconds += WAIT_SECONDS
        practice.wait()
        with timed._workspace.store.read() as tx:
            lease = tx.lease(timed.block)
        assert lease is not None
        assert 0 <= (clock.seconds - began_s) - lease.elapsed_ms / 1000 <= 5
    assert BEAT_SECONDS + WAIT_SECONDS <= 5


def test_all_answered_says_how_to_end(timed: Learner) -> None:
    """With the last answer given the prompt says that s submits, and s then asks nothing."""
    said = timed.types("A", "B", "C", "", "s", "q")
    assert said.count("All questions are answered. s submits the block") == 2
    assert "Submit all the same?" not in said
    assert timed.closed


def test_submitting_too_early_is_asked_about(timed: Learner) -> None:
    """The questions without an answer are named, and no is the default."""
    said = timed.types("A", "s", "")
    assert "Not answered: 2, 3." in said
    assert "a guess costs nothing" in said
    assert not timed.closed


def test_moving_about_and_the_list(timed: Learner) -> None:
    """A number goes to its question, n and p step, the ends are said, and the list shows what was answered."""
    said = timed.types("p", "3", "n", "g 1", "A", "9", "m", "l")
    assert "This is the first question." in said
    assert said.index("Question 3 of 3") < said.index("This is the last question.")
    assert "The block has questions 1 to 3." in said
    assert "1: A, 2: no answer (marked), 3: no answer." in said


def test_striking_out_is_said_in_one_line(timed: Learner) -> None:
    """A struck option is named with what is left, and comes back the same way."""
    said = timed.types("-B", "-B")
    assert "Struck out: B. Left: A, " in said
    assert "Struck out: none. Left: A, B" in said
    assert said.count("Question 1 of 3") == 1


def test_a_timed_walk_asks_each_reason_before_its_key(timed: Learner) -> None:
    """After a timed block the reason for each miss comes before its key, and going back asks it only once."""
    wrong, right = timed.letter(0, right=False), timed.letter(1, right=True)
    said = timed.types(wrong, right, "x", "s", "y", "", "3", "", "p", "q")
    walk = said.partition("one by one")[2]
    assert walk.index("Not this one. Before you see the key") < walk.index("Not this time. You chose")
    assert walk.count("Before you see the key") == 1
    assert timed.rows()[0].response.reason_after is MissReason.BETWEEN_TWO
    assert timed.rows()[1].response.reason_after is None


def test_the_table_after_a_block_tells_no_key_before_its_reason(timed: Learner) -> None:
    """Of what was missed the table has no key and no subject until the reason was asked; the rest it tells at once."""
    wrong, right = timed.letter(0, right=False), timed.letter(1, right=True)
    said = timed.types(wrong, right, "x", "s", "y", "", "3", "l", "q")
    texts = [timed.practice.objective(position).text[:20] for position in range(3)]
    first, _, walk = said.partition("one by one")
    again = walk.rpartition("No  Result")[2]
    assert [text in first for text in texts] == [False, True, False]
    assert [text in again for text in texts] == [True, True, False]


def test_a_walk_through_what_was_missed_only(timed: Learner) -> None:
    """A filter lists its questions, Enter begins with the first of them, and behind the last one they end."""
    wrong, right = timed.letter(2, right=False), timed.letter(0, right=True)
    said = timed.types(right, "x", "3", wrong, "s", "y", "l slow", "l blank", "l missed", "", "", "", "q")
    walk = said.partition("one by one")[2]
    assert "No question here: none was slow." in walk
    assert "Question 1 of 3." not in walk
    assert "Question 2 of 3." not in walk
    assert walk.index("Enter shows the first of them.") < walk.index("Question 3 of 3.")
    assert "That was the last of these." in walk


def test_the_plan_comes_again_when_reasons_have_changed_it(timed: Learner) -> None:
    """Before the walk no reason is named; afterwards the remedy for the one that was. Without one it is not repeated."""
    wrong = timed.letter(0, right=False)
    said = timed.types(wrong, timed.letter(1, right=True), timed.letter(2, right=True), "s", "", "3", "q")
    first, _, walk = said.partition("one by one")
    assert "No reason named yet (1)" in first
    assert "Between two (1): Put the two side by side" in walk
    assert said.count("What was missed, and what helps:") == 2


def test_a_short_plan_follows_a_tutor_block(tutor: Learner) -> None:
    """The result, the reason with its remedy, and no table."""
    said = tutor.types(
        tutor.letter(0, right=False),
        "3",
        "",
        tutor.letter(1, right=True),
        "",
        tutor.letter(2, right=True),
        "",
    )
    assert "2 of 3; about" in said
    assert "Between two (1): Put the two side by side" in said
    assert "No  Result" not in said


def test_filters_wait_for_the_end_of_the_block(timed: Learner) -> None:
    """While a block is open nothing tells what was missed."""
    said = timed.types(timed.letter(0, right=False), "l missed")
    assert "is told when the block is closed" in " ".join(said.split())
    assert "No  Result" not in said


def test_what_can_be_added_to_an_answer(tutor: Learner) -> None:
    """A note and a second thought about the reason go with a revealed question; a right one has no reason."""
    said = tutor.types(
        tutor.letter(0, right=False),
        "1",
        "t look this up",
        "r",
        "4",
        "",
        "r",
        tutor.letter(1, right=True),
        "r",
    )
    response = tutor.rows()[0].response
    assert (response.note, response.reason_after) == ("look this up", MissReason.REASONED_WRONGLY)
    assert "before its key is shown" in said
    assert "A reason belongs to a miss." in said


def test_ctrl_c_leaves_the_block_open(timed: Learner) -> None:
    """The interrupt passes on, for the exit code, once everything is saved."""
    with pytest.raises(KeyboardInterrupt):
        timed.types("A", CTRL_C)
    assert timed.practice.state.interrupted
    assert "Question 2 of 3" in timed.types()


def test_ctrl_c_while_answers_are_read_leaves_nothing_open(timed: Learner) -> None:
    """After the block is closed there is nothing to go on with, and nothing says so."""
    with pytest.raises(KeyboardInterrupt):
        timed.types("A", "B", "C", "s", CTRL_C)
    assert timed.closed


def test_a_recall_prompt_keeps_its_back_until_asked(workspace: Workspace, clock: Clock) -> None:
    """The back comes with Enter, only then can be said how it went, and q leaves before it too."""
    with workspace.store.begin() as tx:
        for bank in tx.banks():
            tx.retire_missing(bank.id, keep=set())
    keep_miss(workspace, "x", "cardiovascular", (), "What does digoxin toxicity do?", "Hyperkalemia")
    learner = Learner(workspace, clock, Mode.REVIEW)
    said = learner.types("A", "?")
    assert "Hyperkalemia" not in said
    assert "Press Enter to go on" in said
    said = learner.types("", "B", "")
    assert (
        said.index("Enter shows the back")
        < said.index("Hyperkalemia")
        < said.index("You did not have it this time.")
    )
    assert "reason" not in said
    assert learner.closed
