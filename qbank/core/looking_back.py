"""A closed block read back: what became of each question, under which letters, in which time, and when it comes again."""

import string
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from statistics import fmean, median

import msgspec

from qbank.core.block import ClosedBy
from qbank.core.question import Objective
from qbank.core.response import Change, Confidence, MissReason, Mode, Response

PACE_WINDOW = 200
"""Answers from before the block that the learner's own pace is the median of: the window of rapid guesses too."""

PACE_LEAST = 20
"""With fewer answers than these the exam's pace takes the place of one's own [judged]."""

SLOW = 1.5
"""A question is slow that took more than so many times the pace [judged]: a minute and a half becomes 2:15."""

QUARTERS = 4

LEAST_IN_A_QUARTER = 2
"""A quarter of fewer questions than these is not worth a line [judged]."""


class Outcome(StrEnum):
    """What became of a question; one of these and no other. A blank was on screen, what was not reached never was."""

    RIGHT = "right"
    MISSED = "missed"
    BLANK = "blank"
    NOT_REACHED = "not reached"


class ChangeKind(StrEnum):
    """What a change of answer did. `BACK_AGAIN`: several changes that ended where they began."""

    WRONG_TO_RIGHT = "wrong to right"
    RIGHT_TO_WRONG = "right to wrong"
    WRONG_TO_WRONG = "wrong to wrong"
    BACK_AGAIN = "back again"


class ReturnWhy(StrEnum):
    """Why an objective comes back when it does."""

    FORGETTING = "its forgetting curve"
    MISREAD = "a misreading is checked by another case"
    UNMET = "not met yet"


class LookFilter(StrEnum):
    """Which questions to go through again."""

    ALL = "all"
    MISSED = "missed"
    MARKED = "marked"
    CHANGED = "changed"
    SLOW = "slow"
    BLANK = "blank"


class Seen(msgspec.Struct, frozen=True):
    """One question of a closed block as it is on record, with what is known of its objective today.

    `key` is the id of its correct option, `due_on` the day on which recall will have fallen to 90 %, None before the
    objective was ever rated. `check_by` is the last day on which another case checks a miss that was called misread.
    """

    response: Response
    key: str
    objective: Objective
    recall: bool = False
    reading_ms: int = 0
    due_on: date | None = None
    check_by: date | None = None
    taken_back: bool = False


class AnswerChange(msgspec.Struct, frozen=True):
    """From one letter to another; "" for an answer that was taken back for good."""

    before: str
    after: str
    kind: ChangeKind


class QuestionReview(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `choice`, `key` and `struck` are letters as they were shown, `choice` "" without an answer.

    `seconds` are those on screen before the key, `reading_seconds` those after it where the key followed at once.
    `change` is what all changes together did. `taken_back`: its score was undone. A question that was not reached can
    still come fresh, so its `title` and `key` are "".
    """

    position: int
    number: int
    bank: str
    question: str
    objective: str
    title: str
    system: str
    recall: bool
    outcome: Outcome
    choice: str
    key: str
    marked: bool
    struck: tuple[str, ...]
    confidence: Confidence | None
    reason_before: MissReason | None
    reason_after: MissReason | None
    note: str
    seconds: float
    reading_seconds: float
    slow: bool
    time_ran_out: bool
    changes: tuple[AnswerChange, ...]
    change: ChangeKind | None
    comes_back_on: date | None
    comes_back_why: ReturnWhy
    taken_back: bool

    @property
    def reason(self) -> MissReason | None:
        """The learner's last word on why it was missed."""
        return self.reason_after or self.reason_before


class Pace(msgspec.Struct, frozen=True):
    """Seconds a question. `own`: the median of the learner's `answers` before the block; else it is the exam's."""

    seconds: float
    own: bool
    answers: int


class Quarter(msgspec.Struct, frozen=True):
    """A quarter of the block, from number `first` to `last`. `seconds` is the mean of what was asked, None for nothing."""

    first: int
    last: int
    asked: int
    right: int
    seconds: float | None


class Totals(msgspec.Struct, frozen=True):
    """Questions by what became of them; `expected` is how many right answers the belief expected of those that were asked.

    The changed ones are told apart by what their changes did in the end.
    """

    right: int
    missed: int
    blank: int
    not_reached: int
    expected: float
    changed_to_right: int
    changed_from_right: int
    changed_otherwise: int

    @property
    def asked(self) -> int:
        return self.right + self.missed + self.blank


class BlockReview(msgspec.Struct, frozen=True, kw_only=True):
    """A closed block. `quarters` is empty for a block too short to have four.

    `interrupted`: a process ended while it was open, so its clock is left out of pacing and no question counts as slow.
    `changing_note` is what is known of changing answers on the whole, "" for nothing.
    """

    block: str
    mode: Mode
    purpose: str
    composed_on: date
    closed_by: ClosedBy | None
    interrupted: bool
    elapsed_seconds: float
    limit_seconds: float | None
    totals: Totals
    pace: Pace
    quarters: tuple[Quarter, ...]
    questions: tuple[QuestionReview, ...]
    changing_note: str = ""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the block as a whole. `expected` is P(correct) of each question when it was composed."""

    block: str
    mode: Mode
    purpose: str
    composed_on: date
    closed_by: ClosedBy | None
    interrupted: bool
    elapsed_ms: int
    limit_ms: int | None
    expected: Sequence[float]
    changing_note: str = ""


def look_back(frame: Frame, seen: Sequence[Seen], pace: Pace) -> BlockReview:
    """The block read back; `seen` has all of its questions in their order."""
    slow_s = None if frame.interrupted else SLOW * pace.seconds
    questions = tuple(_question(one, slow_s) for one in seen)
    return BlockReview(
        block=frame.block,
        mode=frame.mode,
        purpose=frame.purpose,
        composed_on=frame.composed_on,
        closed_by=frame.closed_by,
        interrupted=frame.interrupted,
        elapsed_seconds=frame.elapsed_ms / 1000,
        limit_seconds=None if frame.limit_ms is None else frame.limit_ms / 1000,
        totals=_totals(questions, frame.expected),
        pace=pace,
        quarters=_quarters(questions),
        questions=questions,
        changing_note=frame.changing_note,
    )


def pace_from(elapsed_ms: Sequence[int], exam_seconds: float) -> Pace:
    """The learner's pace from their latest answers before a block, or the exam's while they are fewer than PACE_LEAST."""
    if len(elapsed_ms) < PACE_LEAST:
        return Pace(exam_seconds, own=False, answers=len(elapsed_ms))
    return Pace(median(elapsed_ms) / 1000, own=True, answers=len(elapsed_ms))


def positions(review: BlockReview, kind: LookFilter) -> tuple[int, ...]:
    """Where the questions of that kind stand in the block, from 0."""
    return tuple(one.position for one in review.questions if _fits(one, kind))


def seen_positions(review: BlockReview, kind: LookFilter) -> tuple[int, ...]:
    """Those of them that were on screen, and so can be looked at again with their answers."""
    return tuple(
        position
        for position in positions(review, kind)
        if review.questions[position].outcome is not Outcome.NOT_REACHED
    )


def _fits(one: QuestionReview, kind: LookFilter) -> bool:
    match kind:
        case LookFilter.ALL:
            return True
        case LookFilter.MISSED:
            return one.outcome is Outcome.MISSED
        case LookFilter.MARKED:
            return one.marked
        case LookFilter.CHANGED:
            return bool(one.changes)
        case LookFilter.SLOW:
            return one.slow
        case LookFilter.BLANK:
            return one.outcome is Outcome.BLANK


def _question(seen: Seen, slow_s: float | None) -> QuestionReview:
    given, item = seen.response, seen.response.item
    seconds = given.elapsed_ms / 1000
    changes = _changes(seen)
    comes_back_on, why = _comes_back(seen)
    outcome = _outcome(given)
    reached = outcome is not Outcome.NOT_REACHED
    return QuestionReview(
        position=given.position,
        number=given.position + 1,
        bank=item.bank,
        question=item.question,
        objective=item.objective,
        title=seen.objective.text if reached else "",
        system=seen.objective.system,
        recall=seen.recall,
        outcome=outcome,
        choice=_letter(given, given.choice),
        key=_letter(given, seen.key) if reached else "",
        marked=given.marked,
        struck=tuple(_letter(given, option) for option in given.struck),
        confidence=given.confidence,
        reason_before=given.reason,
        reason_after=given.reason_after,
        note=given.note,
        seconds=seconds,
        reading_seconds=seen.reading_ms / 1000,
        slow=given.shown and slow_s is not None and seconds > slow_s,
        time_ran_out=given.time_ran_out,
        changes=changes,
        change=_whole_change(changes, _letter(given, seen.key)),
        comes_back_on=comes_back_on,
        comes_back_why=why,
        taken_back=seen.taken_back,
    )


def _outcome(given: Response) -> Outcome:
    if not given.shown:
        return Outcome.NOT_REACHED
    if given.choice is None:
        return Outcome.BLANK
    return Outcome.RIGHT if given.correct else Outcome.MISSED


def _letter(given: Response, option_id: str | None) -> str:
    order = given.item.option_order
    return string.ascii_uppercase[order.index(option_id)] if option_id in order else ""


def _changes(seen: Seen) -> tuple[AnswerChange, ...]:
    given = seen.response
    held = _held(given.changes)
    key = _letter(given, seen.key)
    letters = [_letter(given, option) for option in held]
    return tuple(AnswerChange(one, other, _kind(one, other, key)) for one, other in pairwise(letters))


def _held(changes: Sequence[Change]) -> list[str]:
    """The answers in turn, none twice running: one taken back and then given was changed once, or not at all."""
    if not changes:
        return []
    every = [changes[0].before, *(change.after for change in changes)]
    held = [option for option in every[:-1] if option] + every[-1:]
    return [option for number, option in enumerate(held) if number == 0 or option != held[number - 1]]


def _kind(before: str, after: str, key: str) -> ChangeKind:
    if after == key:
        return ChangeKind.WRONG_TO_RIGHT
    return ChangeKind.RIGHT_TO_WRONG if before == key else ChangeKind.WRONG_TO_WRONG


def _whole_change(changes: Sequence[AnswerChange], key: str) -> ChangeKind | None:
    if not changes:
        return None
    first, last = changes[0].before, changes[-1].after
    return ChangeKind.BACK_AGAIN if first == last else _kind(first, last, key)


def _comes_back(seen: Seen) -> tuple[date | None, ReturnWhy]:
    if seen.check_by is not None:
        return seen.check_by, ReturnWhy.MISREAD
    return seen.due_on, ReturnWhy.UNMET if seen.due_on is None else ReturnWhy.FORGETTING


def _totals(questions: Sequence[QuestionReview], expected: Sequence[float]) -> Totals:
    outcomes = [one.outcome for one in questions]
    changes = [one.change for one in questions if one.change is not None]
    asked = [one for one in questions if one.outcome is not Outcome.NOT_REACHED]
    gained = changes.count(ChangeKind.WRONG_TO_RIGHT)
    lost = changes.count(ChangeKind.RIGHT_TO_WRONG)
    return Totals(
        right=outcomes.count(Outcome.RIGHT),
        missed=outcomes.count(Outcome.MISSED),
        blank=outcomes.count(Outcome.BLANK),
        not_reached=outcomes.count(Outcome.NOT_REACHED),
        expected=sum(expected[one.position] for one in asked if one.position < len(expected)),
        changed_to_right=gained,
        changed_from_right=lost,
        changed_otherwise=len(changes) - gained - lost,
    )


def _quarters(questions: Sequence[QuestionReview]) -> tuple[Quarter, ...]:
    total = len(questions)
    if total < QUARTERS * LEAST_IN_A_QUARTER:
        return ()
    bounds = [number * total // QUARTERS for number in range(QUARTERS + 1)]
    return tuple(_quarter(questions[first:last]) for first, last in pairwise(bounds))


def _quarter(questions: Sequence[QuestionReview]) -> Quarter:
    asked = [one for one in questions if one.outcome is not Outcome.NOT_REACHED]
    return Quarter(
        first=questions[0].number,
        last=questions[-1].number,
        asked=len(asked),
        right=sum(one.outcome is Outcome.RIGHT for one in asked),
        seconds=fmean(one.seconds for one in asked) if asked else None,
    )
