"""qbank itself as a policy, through the functions its own commands call: belief, memory, composer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
from msgspec.structs import replace

from qbank.app.candidates import RESERVE_DAYS
from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.core import fitting
from qbank.core.belief import Belief
from qbank.core.candidates import Candidate
from qbank.core.drill import compose
from qbank.core.evidence import with_reports
from qbank.core.exam import Exam
from qbank.core.exam_model import ExamModel, exam_model
from qbank.core.guessing import recognising
from qbank.core.insight.measured import Measured
from qbank.core.insight.readiness import Form, Index, readiness_index
from qbank.core.mastery import Estimate, mean_known, prior, total, update
from qbank.core.memory import DEFAULT_MODEL, Memory, MemoryModel, advance
from qbank.core.objective_map import Mapped, places
from qbank.core.question import in_reserve
from qbank.core.report import Flag, ReportKind, ScoreReport
from qbank.core.report_evidence import report_evidence
from qbank.core.report_rows import SELF_ASSESSMENT_SD
from qbank.core.response import Confidence, Rating
from qbank.core.trace import Trace, first_trace, next_trace
from qbank.core.worth import Seconds
from simulate.study import TEXTS, Answers
from simulate.worlds import Blueprint, Learners

Array = np.ndarray[Any, np.dtype[Any]]

FIRST_DAY = date(2026, 3, 2)
BANK = "simulated"
ERA = "step1_2024"
BLUEPRINT_DAY = date(2026, 11, 23)
"""Nutrition is a row of its own by then."""

SAID = (Confidence.SURE, Confidence.UNSURE, Confidence.GUESSED)
PLENTY = 64
"""Questions of an objective where a text is as good the second time: then no program has to let it rest."""

CERTAIN = 1e-6


@cache
def known_exam() -> tuple[Exam, ExamModel]:
    """The exam that is sat, and its model on BLUEPRINT_DAY."""
    exam = load_exam(DEFAULT_EXAM)
    return exam, exam_model(exam, BLUEPRINT_DAY)


def published_blueprint() -> Blueprint:
    """What the exam's authors print of it: all that a world and qbank have in common."""
    model = known_exam()[1]
    rates, shares = np.array(model.cell_share), np.array(model.section_share)
    # An item carries several disciplines; an objective of a world lies in one.
    cell = rates / rates.sum(axis=1, keepdims=True) * shares[:, None]
    return Blueprint(model.sections, model.section_system, model.disciplines, cell)


def index_of(
    answers: Sequence[tuple[int, str, bool]], form: tuple[int, float] | None, shares: Mapping[str, float]
) -> Index:
    """What `qbank ready` would say after these answers (days ago, system, right) and a form (days ago, rate correct)."""
    counts: dict[tuple[str, int], list[bool]] = {}
    for days_ago, system, right in answers:
        counts.setdefault((system, days_ago), []).append(right)
    measured = [Measured(*key, sum(rights), len(rights)) for key, rights in counts.items()]
    forms = [] if form is None else [Form(form[1], SELF_ASSESSMENT_SD, form[0])]
    exam = known_exam()[0]
    index = readiness_index(measured, forms, shares, guess=exam.guess.value, slip=exam.slip.value)
    assert index is not None, "something was measured"
    return index


class Qbank:
    """One record for each learner.

    `checked` has, for each learner, what was believed at the start, middle and end of the level they would have
    without practice: (day, belief, true percent).
    """

    def __init__(self, *, confidence: bool = False, told: bool = False, whole: bool = False) -> None:
        """`told`: of each answer whether it was recalled, in place of whether it was right, as no program is. `whole`:
        the composer alone, to which nothing is kept in reserve.
        """
        said = {"with confidence": confidence, "told what was recalled": told, "without a reserve": whole}
        self.name = ", ".join(["qbank", *(words for words, true in said.items() if true)])
        self._exam = known_exam()[0]
        self._confidence, self._told, self._whole = confidence, told, whole

    def begin(self, learners: Learners) -> None:
        days = learners.world.days
        self._untouched = {day: learners.exam_percent(float(day)) for day in (0, days // 2, days - 1)}
        self._today = [0] * learners.count
        self.checked: list[list[tuple[int, Estimate, float]]] = [[] for _ in range(learners.count)]
        model = as_mapped(self._exam, learners)
        if self._told:
            model = replace(model, guess=CERTAIN, slip=CERTAIN)
        rows = _rows(learners)
        self.records = [
            Record(
                model,
                self._exam,
                list(rows),
                learners.world.days,
                _report(self._exam, learners, learner),
                0 if self._whole else learners.world.days - RESERVE_DAYS,
            )
            for learner in range(learners.count)
        ]

    def block(self, day: int, who: Array, size: int) -> Array:
        for learner in who:
            if self._today[learner] < day:
                self._today[learner] = day
                self.records[learner].evening()
        picks = [self.records[learner].block(day, size) for learner in who]
        for learner in who:
            self._check(day, int(learner))
        return np.array([row + [-1] * (size - len(row)) for row in picks])

    def saw(self, day: int, answers: Answers) -> None:
        shown = answers.recalled if self._told else answers.correct
        for learner, objective, correct, said in zip(
            answers.learners, answers.objectives, shown, answers.said, strict=True
        ):
            word = SAID[said] if self._confidence else None
            self.records[learner].saw(day, int(objective), bool(correct), word)

    def _check(self, day: int, learner: int) -> None:
        """On the first block on or after each day to check on."""
        to_check = max(one for one in self._untouched if one <= day)
        checked = self.checked[learner]
        if not checked or checked[-1][0] < to_check:
            true = float(self._untouched[to_check][learner])
            checked.append((to_check, self.records[learner].total(), true))


@dataclass
class Record:
    """What qbank would have on disk for one learner."""

    model: ExamModel
    exam: Exam
    rows: list[Candidate]
    days: int
    report: ScoreReport
    reserve_until: int
    belief: Belief = field(init=False)
    memory_model: MemoryModel = DEFAULT_MODEL
    memories: dict[int, Memory] = field(default_factory=dict)
    reviews: dict[int, list[tuple[Rating, date]]] = field(default_factory=dict)
    texts: dict[int, list[date]] = field(default_factory=dict)
    fit_tried: int = 0
    served: dict[str, int] = field(default_factory=dict)
    position: dict[str, int] = field(default_factory=dict)
    blocks: int = 0
    forecasts: list[tuple[float, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.belief = prior(self.model)
        self.position = {row.objective: at for at, row in enumerate(self.rows)}

    def evening(self) -> None:
        """The fit that qbank tries at the end of an evening, once enough reviews are new."""
        histories = [tuple(each) for each in self.reviews.values()]
        count = fitting.countable(histories)
        if count < max(fitting.LEAST_REVIEWS, self.fit_tried * fitting.GROWTH):
            return
        self.fit_tried = count
        found = fitting.fit(histories, self.memory_model)
        if found is not None and found.better:
            self.memory_model = found.model

    def block(self, day: int, size: int) -> list[int]:
        today = FIRST_DAY + timedelta(days=day)
        age = float((today - self.report.sat_on).days)
        self.reported = with_reports(
            self.belief, self.model, [(report_evidence(self.exam, self.report), age)]
        )
        self.blocks += 1
        rows = self.rows
        if day < self.reserve_until:
            rows = [row for row in rows if not in_reserve(row.objective)]
        composition = compose(
            rows,
            self.model,
            self.reported,
            on=today,
            exam_day=FIRST_DAY + timedelta(days=self.days),
            size=size,
            seed=self.blocks,
            served=self.served,
            seconds=Seconds(45.0, 60.0, 15.0),
            memory=self.memory_model,
        )
        self.expected = {int(pick.objective): pick.p_correct for pick in composition.picks}
        return [int(pick.objective) for pick in composition.picks]

    def saw(self, day: int, objective: int, correct: bool, said: Confidence | None) -> None:
        today = FIRST_DAY + timedelta(days=day)
        at = self.position[str(objective)]
        row = self.rows[at]
        self.forecasts.append((self.expected[objective], correct))
        self.served[row.system] = self.served.get(row.system, 0) + 1
        before = self.memories.get(objective)
        trace = self._trace(row, before, correct, said, today)
        rating = _rating(correct, said)
        self.reviews.setdefault(objective, []).append((rating, today))
        memory = self.memories[objective] = advance(before, rating, today, self.memory_model)
        texts = self.texts.setdefault(objective, [])
        if not row.n_unseen:
            texts.remove(min(texts))
        texts.append(today)
        self.rows[at] = row._replace(
            n_unseen=max(0, row.n_unseen - 1),
            stability_days=memory.stability_days,
            last_day=today,
            kept=trace.kept,
            kept_days=trace.kept_days,
            taught=trace.taught,
            taught_days=trace.taught_days,
            oldest_day=min(texts),
        )

    def _trace(
        self, row: Candidate, before: Memory | None, correct: bool, said: Confidence | None, today: date
    ) -> Trace:
        guess, slip, place, by = self.model.guess, self.model.slip, row.place, self.memory_model
        if before is None or row.trace is None:
            knew = mean_known(self.belief, self.model, place)
            self.belief = update(self.belief, self.model, place, correct, guess=guess, confidence=said)
            return first_trace(knew, correct=correct, guess=guess, slip=slip, said=said, model=by)
        if not row.n_unseen:
            guess = recognising(guess, slip)
        elapsed = (today - before.last_day).days
        return next_trace(row.trace, elapsed, correct=correct, guess=guess, slip=slip, said=said, model=by)

    def total(self) -> Estimate:
        return total(self.reported.belief, self.model)


def as_mapped(exam: Exam, learners: Learners) -> ExamModel:
    """The exam's model with a map of the world's objectives: what the program makes of the map of a real exam."""
    blueprint = learners.blueprint
    mapped = (
        Mapped(
            str(objective),
            "",
            blueprint.sections[section],
            "",
            (blueprint.disciplines[discipline],),
            "medium",
        )
        for objective, (section, discipline) in enumerate(
            zip(learners.section, learners.discipline, strict=True)
        )
    )
    return exam_model(replace(exam, mapped=tuple(places(mapped))), BLUEPRINT_DAY)


def _rows(learners: Learners) -> list[Candidate]:
    blueprint, texts = learners.blueprint, TEXTS if learners.world.recognised else PLENTY
    return [
        Candidate(
            bank=BANK,
            objective=str(objective),
            section=blueprint.sections[learners.section[objective]],
            system=blueprint.systems[learners.section[objective]],
            disciplines=blueprint.disciplines[learners.discipline[objective]],
            task="",
            likelihood="medium",
            n_questions=texts,
            n_unseen=texts,
            stability_days=None,
            last_day=None,
            kept=None,
            kept_days=None,
            taught=None,
            taught_days=None,
            oldest_day=None,
        )
        for objective in np.flatnonzero(learners.held)
    ]


def _report(exam: Exam, learners: Learners, learner: int) -> ScoreReport:
    """The learner's fail report, as qbank would be told it."""
    blueprint = learners.blueprint
    names = [("system", s) for s in sorted(set(blueprint.systems))]
    names += [("discipline", d) for d in blueprint.disciplines]
    word = {-1: Flag.LOWER, 0: Flag.SAME, 1: Flag.HIGHER}
    known = {row.id for row in exam.report_schema(ERA).rows}
    rows = zip(names, learners.report_lower[learner], strict=True)
    flags = {f"{dimension}/{area}": word[int(flag)] for (dimension, area), flag in rows}
    return ScoreReport(
        ReportKind.SCORE_REPORT,
        exam.id,
        ERA,
        FIRST_DAY - timedelta(days=30),
        outcome="fail",
        flags=tuple((row, flag) for row, flag in flags.items() if row in known),
    )


def _rating(correct: bool, said: Confidence | None) -> Rating:
    if not correct or said is Confidence.GUESSED:
        return Rating.AGAIN
    return Rating.HARD if said is Confidence.UNSURE else Rating.GOOD
