"""What lies on the desk in the plain face: looked up, worked out, highlighted, edited and taken back at the prompt."""

import re
import shlex
import sys
from pathlib import Path

import pytest
from learners import SLEEP, Clock, Learner, Typed
from msgspec.structs import replace

from qbank.app.flagging import flagged
from qbank.app.practice import Practice
from qbank.app.workspace import Workspace
from qbank.core import block
from qbank.ui.commands import Command, Verb
from qbank.ui.console import WAIT_SECONDS
from qbank.ui.plain_desk import Desk
from qbank.ui.sentences import sentences


def test_a_value_is_looked_up_at_a_question(timed: Learner) -> None:
    """By name, in SI units, and all there is by fluid; the question goes on to wait."""
    said = timed.types("v sodium", "v SI glucose", "v", "v nothing like it", "v si")
    assert "  Sodium  136-146 mEq/L" in said
    assert "3.9-5.6 mmol/L" in said
    assert said.count("not the exam's own sheet") == 2
    assert "no value named 'nothing like it'" in said
    assert "Question 2" not in said


def test_a_sum_is_worked_out_or_told_what_is_wrong(timed: Learner) -> None:
    """The result in one line, a slip in a sentence, and neither changes the block."""
    said = timed.types("= 140-(104+24)", "=9^9^9", "= 1/3", "=")
    assert "\n= 12\n" in said
    assert "= 0.3333333333\n" in said
    assert "too large to work out" in said
    assert "This is no formula." in said


def test_a_sentence_is_highlighted_and_found_again(timed: Learner) -> None:
    """It stands between its marks in the list and in the question, also after a break, and the same line takes it back."""
    stem = timed.stem(0)
    begin, end = sentences(stem)[0]
    first = " ".join(stem[begin:end].split())
    said = timed.types("y", "y 1", "y", "1")
    assert f"  1  {first[:60]}" in said
    assert f"Sentence 1 is highlighted: {first[:30]}" in said
    assert f"  1  »{first[:60]}" in said
    assert timed.practice.state.items[0].highlights == {(begin, end)}
    shown = said.rpartition("Question 1 of 3")[2]
    assert f"«{first}»" not in shown
    assert f"»{first}«" in " ".join(shown.split())
    again = timed.types("y 1", "1")
    assert "»" in again.partition("Sentence 1")[0]
    assert "Sentence 1 is no longer highlighted" in again
    assert "»" not in again.rpartition("Question 1 of 3")[2]
    assert all(len(line) <= 80 for line in said.splitlines() if "(? for help)" not in line)


def test_a_span_of_another_splitter_is_taken_back_whole(timed: Learner) -> None:
    """Where a highlight was drawn otherwise, the sentence it lies in takes it away and leaves nothing behind."""
    timed.vanishes_after((block.Show, {"position": 0}), (block.Highlight, {"start": 2, "end": 5}))
    said = timed.types("y 1")
    assert "Sentence 1 is no longer highlighted" in said
    assert timed.practice.state.items[0].highlights == frozenset()


def test_a_sentence_that_is_not_there_is_told(timed: Learner) -> None:
    """How many there are is said."""
    assert re.search(r"This question has sentences 1 to \d+\. y lists them\.", timed.types("y 99"))


def test_nothing_is_highlighted_beside_a_key(tutor: Learner) -> None:
    """The list still works there, and a highlight is refused as any other change is."""
    said = tutor.types(tutor.letter(0, right=True), "y", "y 1")
    assert "y 3 highlights sentence 3" in said
    assert "its answer stands" in said
    assert tutor.practice.state.items[0].highlights == frozenset()


def test_a_score_is_taken_back_after_asking(tutor: Learner) -> None:
    """Only beside its key, only on yes, only once; then it no longer counts, and what holds is said."""
    said = tutor.types("u", tutor.letter(0, right=True), "u", "", "u", "y", "u")
    assert said.count("This answer is still open.") == 1
    assert said.count("Take back the score of this question? [y/N]") == 2
    assert "Taken back: this answer no longer counts" in said
    assert "No other answer to its objective is on record." in " ".join(said.split())
    assert said.count("is taken back already") == 1
    assert tutor.rows()[0].retracted


def test_the_clock_can_be_hidden_and_runs_on(timed: Learner, clock: Clock) -> None:
    """Hidden, no question's heading shows it, the list still does, and it goes on all the same."""
    before = clock.seconds
    said = timed.types("k", SLEEP, "2", "l", "k", "3")
    headings = re.findall(r"Question \d of 3\..*", said)
    assert [" left" in heading for heading in headings] == [True, False, True]
    assert re.search(r"\d left\. 3 goes to question 3", said)
    assert clock.seconds == before + WAIT_SECONDS


def test_a_block_without_a_clock_has_none_to_hide(tutor: Learner) -> None:
    """A sentence, and nothing hidden."""
    assert "This block has no clock." in tutor.types("k")


def test_a_question_is_edited_beside_its_key(
    tutor: Learner, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The editor opens the learner's own copy; the block keeps its text, its clock stands, and the bank has the new one."""
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import pathlib, sys; p = pathlib.Path(sys.argv[-1]); p.write_text(p.read_text().replace('A ', 'Such a ', 1))"
    )
    monkeypatch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {shlex.quote(str(editor))}")
    said = " ".join(tutor.types(":e", tutor.letter(0, right=True), ":e").split())
    assert "The file shows the key. Answer this question first." in said
    assert "now stands for the bundled file:" in said
    assert "1 changed" in said
    assert "this block keeps the text that it began with" in said
    assert len(list(workspace.settings.own_bank.rglob("*.md"))) == 1
    assert tutor.practice.state.items[0].reading_ms == 0


def test_faults_of_an_edit_are_shown(tutor: Learner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File, line and mend, and that everything goes on with the old text."""
    editor = tmp_path / "editor.py"
    editor.write_text("import pathlib, sys; pathlib.Path(sys.argv[-1]).write_text('half a thought')")
    monkeypatch.setenv("VISUAL", f"{shlex.quote(sys.executable)} {shlex.quote(str(editor))}")
    said = tutor.types(tutor.letter(0, right=True), ":e")
    assert re.search(r"\.md:1: ", said)
    assert "goes on with the old text" in " ".join(said.split())


@pytest.mark.parametrize("served", [False, True])
def test_no_editor_is_started_without_a_terminal_of_ones_own(
    tutor: Learner, workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch, served: bool
) -> None:
    """Neither for a pipe nor for a session that is served to a browser, and a sentence says so."""
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    tutor.types(tutor.letter(0, right=True))
    workspace.settings = replace(workspace.settings, served=served)
    practice = Practice(workspace, tutor.block)
    console = Typed(clock, [], terminal=served)
    Desk(practice, console, practice.do).edit(0, Command(Verb.EDIT))
    assert "Editing is off here" in console.said
    assert practice.state.phase is block.Phase.OPEN


def test_a_paused_block_goes_on(tutor: Learner) -> None:
    """Killed while an editor had the terminal, a block is resumed by the next start."""
    right = tutor.option(0, right=True)
    tutor.vanishes_after(
        (block.Show, {"position": 0}),
        (block.Answer, {"option": right}),
        (block.Reveal, {}),
        (block.Pause, {}),
    )
    assert "Question 2 of 3" in tutor.types()
    assert tutor.practice.state.phase is block.Phase.OPEN


def test_a_flag_says_the_way_back(timed: Learner, workspace: Workspace) -> None:
    """Flagging names the command that lists flags and takes them back."""
    assert "qbank bank flagged" in timed.types("f two keys")
    assert [one.note for one in flagged(workspace)] == ["two keys"]
