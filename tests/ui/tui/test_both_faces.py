"""What the plain face and the full screen record of one learner's doings is the same, step by step."""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

import pytest
from faces import CTRL_C, SIZE, WAIT, PlainFace, open_blocks
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace
from screens import held, running
from worlds import World

from qbank.app.composing import open_block_id
from qbank.app.practice import Practice
from qbank.core import block
from qbank.core.question import Kind
from qbank.core.response import Confidence, Mode
from qbank.store.rows import ResponseRow
from qbank.ui import show
from qbank.ui.sentences import sentences
from qbank.ui.tui.block_screen import BlockScreen
from qbank.ui.tui.keys import Stage

MARKS = {None: "", Confidence.UNSURE: "?", Confidence.GUESSED: "??", Confidence.SURE: "!"}
CYCLE = (Confidence.UNSURE, Confidence.GUESSED, Confidence.SURE)
NUMBERS = st.integers(0, 9)
REASONS = st.integers(0, 7)


class Faces(RuleBasedStateMachine):
    """A block at a prompt and on a full screen, in two equal worlds under one clock."""

    homes: ClassVar[dict[Mode, Path]] = {}

    @initialize(mode=st.sampled_from(list(Mode)))
    def begin(self, mode: Mode) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="qbank-faces-"))
        self.mode = mode
        self.worlds = [World(self.folder / name, template=self.homes[mode], seed=2) for name in ("p", "f")]
        for world in self.worlds:
            world.pass_time(hours=1)
        self.before = self.worlds[0].events()
        self.acts = 0
        self.sit_down()

    def sit_down(self) -> None:
        plain, self.practice = (Practice(world.workspace, self.block_id) for world in self.worlds)
        self.plain = PlainFace(plain)
        self.seated = ExitStack()
        self.full = self.seated.enter_context(held(self.worlds[1], running(self.practice)))
        self.compare()

    @property
    def block_id(self) -> str:
        found = open_block_id(self.worlds[0].workspace)
        assert found is not None
        return found

    @property
    def screen(self) -> BlockScreen:
        """The block's own, whatever lies over it."""
        return next(screen for screen in self.full.app.screen_stack if isinstance(screen, BlockScreen))

    @property
    def is_open(self) -> bool:
        return not self.practice.closed

    @property
    def stage(self) -> Stage:
        return self.screen.stage

    @property
    def answers(self) -> bool:
        return self.is_open and self.stage in (Stage.TIMED, Stage.UNTIMED)

    @property
    def has_begun(self) -> bool:
        """Late enough for something that ends the block."""
        return self.is_open and self.acts > 6

    @property
    def position(self) -> int:
        return self.practice.state.position

    @property
    def letters(self) -> dict[str, str]:
        return show.letters(self.practice.item(self.position)) if self.answers else {}

    def key(self, letter: str) -> list[str]:
        return ["colon", letter] if letter.upper() in self.letters else [letter]

    def both(self, lines: Sequence[str], keys: Sequence[str]) -> None:
        self.acts += 1
        self.plain.types(*lines)
        self.full.press(*keys)
        self.compare()

    def compare(self) -> None:
        plain, full = map(self.happened, self.worlds)
        assert plain == full
        if self.is_open:
            assert self.plain.practice.state == self.practice.state

    def happened(self, world: World) -> list[dict[str, Any]]:
        """What is on record, without a confidence that is at once followed by another: a key that goes round says more."""
        with world.workspace.store.read() as tx:
            events = [event.data for event in tx.events(world.workspace.learner.id)][self.before :]
        kinds = [data.get("step", {}).get("kind") for data in events]
        kept = [pair != ("confident", "confident") for pair in zip(kinds, [*kinds[1:], None], strict=True)]
        return [data for data, keep in zip(events, kept, strict=True) if keep]

    @precondition(lambda self: self.answers)
    @rule(number=NUMBERS, level=st.sampled_from(list(MARKS)), reason=REASONS)
    def answer(self, number: int, level: Confidence | None, reason: int) -> None:
        """Answer, or change the answer; the reason for a miss is named or skipped."""
        recall = self.screen.is_recall
        letter = sorted(self.letters)[number % len(self.letters)]
        option, item = self.letters[letter], self.practice.state.items[self.position]
        level = None if recall else level
        lines, keys = [f"{letter}{MARKS[level]}"], [letter.lower()]
        if level is not None:
            now = item.confidence if option == item.choice else None
            turns = (CYCLE.index(level) - (CYCLE.index(now) if now else -1)) % len(CYCLE) or len(CYCLE)
            keys += ["u"] * turns
        if self.mode is Mode.TIMED:
            waiting = set(block.unanswered(self.practice.state)) - {self.position}
            keys += ["enter"] if waiting else ["enter", "escape"]
        elif not recall:
            missed = option != self.practice.question(self.position).key.id
            lines += [str(reason or "")] if missed else []
            keys += ["enter", *([str(reason) if reason else "enter"] if missed else [])]
        self.both(lines, keys)

    @precondition(lambda self: self.is_open)
    @rule()
    def enter(self) -> None:
        """On from what is answered; all answered in a timed block, the full screen offers to submit."""
        timed = self.mode is Mode.TIMED
        offers = timed and self.stage is Stage.TIMED and not block.unanswered(self.practice.state)
        self.both([""], ["enter", "escape"] if offers else ["enter"])

    @precondition(lambda self: self.is_open and self.stage is not Stage.SHOWN)
    @rule(reason=REASONS)
    def blank(self, reason: int) -> None:
        """Leave it blank; at the front of a card the full screen turns it first."""
        front, choice = self.stage is Stage.FRONT, self.practice.state.items[self.position].choice
        asked = self.mode is not Mode.TIMED and not self.screen.is_recall and choice is None
        lines = ["x", *([str(reason or "")] if asked else [])]
        asks = [str(reason) if reason else "enter"] if asked else []
        self.both(lines, [*(["enter"] if front else []), "x", *asks])

    @precondition(lambda self: self.answers)
    @rule(number=NUMBERS)
    def strike(self, number: int) -> None:
        letter = sorted(self.letters)[number % len(self.letters)]
        self.both([f"-{letter}"], ["minus", letter.lower()])

    @precondition(lambda self: self.is_open)
    @rule()
    def mark(self) -> None:
        self.both(["m"], self.key("m"))

    @precondition(lambda self: self.answers)
    @rule(number=NUMBERS)
    def highlight(self, number: int) -> None:
        """Set a sentence off, or no longer."""
        at = number % len(sentences(self.practice.question(self.position).stem))
        self.both([f"y {at + 1}"], ["y", *["down"] * at, "space", "escape"])

    @precondition(lambda self: self.is_open)
    @rule(text=st.sampled_from(["see", "no"]))
    def note(self, text: str) -> None:
        self.both([f"t {text}"], ["t", "end", "ctrl+u", *text, "enter"])

    @precondition(lambda self: self.is_open)
    @rule(back=st.booleans())
    def step_aside(self, back: bool) -> None:
        """The next question, or the previous one."""
        self.both(["p" if back else "n"], ["p" if back else "n"])

    @precondition(lambda self: self.is_open)
    @rule(number=st.integers(0, SIZE + 2))
    def go(self, number: int) -> None:
        """Go to a question, also to one that there is not."""
        self.both([f"g {number}"], [str(number), "enter"])

    @precondition(lambda self: self.is_open)
    @rule(number=st.integers(0, SIZE))
    def list(self, number: int) -> None:
        """The list changes nothing, and goes to a question."""
        there = min(number, len(self.practice.plan.items) - 1)
        moves = ["right"] * (there - self.position) or ["left"] * (self.position - there)
        self.both(["l", f"{there + 1}"], ["l", *moves, "enter"])

    @precondition(lambda self: self.is_open)
    @rule()
    def flag(self) -> None:
        self.both(["f bad"], [*self.key("f"), *"bad", "enter"])

    @precondition(lambda self: self.is_open and self.stage is Stage.SHOWN)
    @rule(sure=st.booleans())
    def take_back(self, sure: bool) -> None:
        """Take a score back, or think better of it."""
        asked = not self.practice.is_taken_back(self.position)
        self.both(
            ["u", *(["y" if sure else "n"] if asked else [])],
            ["u", *(["y" if sure else "n"] if asked else [])],
        )

    @precondition(lambda self: self.is_open and self.stage is Stage.SHOWN)
    @rule(reason=REASONS)
    def reason_after(self, reason: int) -> None:
        asked = not self.screen.is_right and not self.screen.is_recall
        self.both(
            ["r", *([str(reason or "")] if asked else [])],
            ["r", *([str(reason) if reason else "enter"] if asked else [])],
        )

    @precondition(lambda self: self.is_open)
    @rule(seconds=st.sampled_from([1, 5, 40]))
    def let_time_pass(self, seconds: int) -> None:
        """Both clocks go on, and tell so at their next second."""
        self.pass_time(seconds)
        self.full.passes(0)
        self.both([WAIT], [])

    @precondition(lambda self: self.has_begun and self.mode is Mode.TIMED)
    @rule(over=st.sampled_from(["", "s", "q", "l", "t", "?", "y"]))
    def run_out_of_time(self, over: str) -> None:
        """Whatever is asked or shown over the question, the block closes itself at its limit."""
        asks = over == "s" and block.unanswered(self.practice.state)
        self.both(["s"] if asks else [], [over.replace("?", "question_mark")] if over else [])
        self.pass_time(3600)
        self.full.passes(0)
        self.both([WAIT], [])
        assert not self.is_open
        assert self.full.kind == "LookScreen"

    @precondition(lambda self: self.has_begun and self.mode is Mode.TIMED)
    @rule()
    def act_too_late(self) -> None:
        """A key behind the limit closes the block and does nothing else."""
        self.pass_time(3600)
        self.both(["m"], self.key("m"))
        assert not self.is_open

    @precondition(lambda self: self.is_open and self.acts > 3)
    @rule(decline=st.sampled_from(["n", "escape"]))
    def decline_to_submit(self, decline: str) -> None:
        """No leads to the first question that waits; Escape changes nothing."""
        waiting = block.unanswered(self.practice.state)
        if self.mode is Mode.REVIEW or (self.mode is Mode.TUTOR and not waiting):
            return
        lines = ["s", "n"] if waiting else []
        goes = [str(waiting[0] + 1)] if waiting and decline == "n" else []
        self.both([*lines, *goes], ["s", decline])

    @precondition(lambda self: self.has_begun)
    @rule()
    def submit(self) -> None:
        waiting = block.unanswered(self.practice.state)
        asks = waiting and self.mode is not Mode.REVIEW
        self.both(["s", *(["y"] if asks else [])], ["s", *(["y"] if asks or self.mode is Mode.TIMED else [])])
        assert not self.is_open

    @precondition(lambda self: self.is_open)
    @rule(ctrl_c=st.booleans())
    def leave_and_come_back(self, ctrl_c: bool) -> None:
        """By q or by Ctrl-C; in a review q is the end."""
        if self.mode is Mode.REVIEW and not ctrl_c:
            return
        keys = ["ctrl+c"] if ctrl_c else ["q", *(["y"] if self.mode is Mode.TIMED else [])]
        self.both([CTRL_C if ctrl_c else "q"], keys)
        assert not self.plain.running
        self.stand_up()
        for world in self.worlds:
            world.pass_time(hours=2)
        self.sit_down()

    @precondition(lambda self: not self.is_open)
    @rule()
    def rest(self) -> None:
        """A closed block keeps its peace."""
        self.pass_time(30)
        self.compare()

    def pass_time(self, seconds: float) -> None:
        for world in self.worlds:
            world.pass_time(seconds=seconds)

    def stand_up(self) -> None:
        self.plain.close()
        self.seated.close()

    def look_back(self) -> None:
        """After a timed block both ask for the reason of each miss before they tell its key."""
        self.plain.types("")
        self.full.press("enter")
        for position, item in enumerate(self.practice.state.items):
            recall = self.practice.question(position).kind is Kind.RECALL
            missed = item.shown and not recall and not self.practice.is_right(position)
            steps = ["3"] if missed else []
            self.both([*steps, ""] if item.shown else [], [*steps, "enter"] if item.shown else [])

    def teardown(self) -> None:
        if not hasattr(self, "worlds"):
            return
        if not self.is_open and self.mode is Mode.TIMED and any(i.shown for i in self.practice.state.items):
            self.look_back()
        self.stand_up()
        assert scored(self.worlds[0]) == scored(self.worlds[1])
        for world in self.worlds:
            assert world.digest() == world.replayed_digest()
            world.close()
        shutil.rmtree(self.folder)


def scored(world: World) -> list[ResponseRow]:
    """The responses, apart from which event made them final: one event more makes the next a microsecond later."""
    rows = world.responses()
    return [
        replace(row, event="", response=replace(row.response, at=row.response.at.replace(microsecond=0)))
        for row in rows
    ]


def test_both_faces_leave_the_same_record(
    tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is done in whatever order, log, state and responses are equal, and a replay gives them again."""
    monkeypatch.setattr(Faces, "homes", open_blocks(tmp_path, empty_sqlite))
    # Shrinking a failure would take minutes; one of twenty steps can be read as it is.
    short = settings(max_examples=13, stateful_step_count=20, phases=(Phase.generate,))
    run_state_machine_as_test(Faces, settings=short)
