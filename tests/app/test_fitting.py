"""A learner's own weights: when they are tried, what brings them into force, and that a replay follows."""

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from forgetting import FORGETFUL, remembering
from worlds import World, memory_by_the_rules

from qbank.app.composing import Request, compose_block
from qbank.app.fitting import Fitted, Verdict, due_tonight, fit_memory, fit_tonight, use_version, versions
from qbank.app.portable import export_record, import_record
from qbank.app.practice import Practice
from qbank.app.preferences import change
from qbank.app.undo import undo_last
from qbank.app.weights import FIT_TRIED
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.fitting import Fit, fit, model_of
from qbank.core.history import Answered, Reviews, reviews_of
from qbank.core.memory import DEFAULT_MODEL, MemoryModel, due_on
from qbank.core.response import MissReason, Mode
from qbank.errors import CannotFit, NotFound

LATER = datetime(2026, 12, 1, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: Path) -> Path:
    """The store of a learner with 500 reviews that were foretold, who forgets fast."""
    folder = tmp_path_factory.mktemp("forgetful")
    world = remembering(folder, empty_sqlite, FORGETFUL, objectives=100)
    world.close()
    return folder / "qbank.sqlite3"


@pytest.fixture
def world(tmp_path: Path, forgetful: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """That learner on an evening in December, for whom 500 reviews are enough."""
    monkeypatch.setattr("qbank.core.fitting.LEAST_REVIEWS", 500)
    made = World(tmp_path / "home", template=forgetful, seed=2)
    with made.workspace.store.read() as tx:
        made.workspace.values.update(tx.settings("learner-1"))
    made.at = LATER
    yield made
    assert made.memories() == memory_by_the_rules(made.responses(), made.model())
    made.close()


def tonight(world: World) -> Fitted | None:
    """What comes at the end of an evening."""
    basis = due_tonight(world.workspace)
    return None if basis is None else fit_tonight(world.workspace, basis)


def answer(
    world: World, number: int, *, right: bool, mode: Mode = Mode.TUTOR, reason: MissReason | None = None
) -> Practice:
    """One question in a block of its own."""
    practice = world.single("b", f"q-{number}", mode)
    world.choose(practice, right=right)
    if reason is not None:
        practice.do(block.Reason, reason=reason)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    practice.finish()
    return practice


def test_an_accepted_fit_moves_every_memory(world: World) -> None:
    """All memories are worked out again under the weights that are now in force, and say whose they are."""
    before = world.memories()
    fitted = fit_memory(world.workspace)
    assert fitted.verdict is Verdict.BETTER
    assert fitted.kept
    assert fitted.log_loss_after is not None
    assert fitted.log_loss_before is not None
    assert fitted.log_loss_after < fitted.log_loss_before == fitted.log_loss_default
    model = world.model()
    assert (model.name, model.weights) == (fitted.name, fitted.weights)
    after = world.memories()
    assert after.keys() == before.keys()
    assert {memory.model for memory in after.values()} == {fitted.name}
    by_stability = [sum(memory.stability_days for memory in each.values()) for each in (before, after)]
    assert by_stability[1] < by_stability[0]


def test_what_the_answers_said_stays_said(world: World) -> None:
    """Other weights do not change the traces that the answers left under the old ones."""
    with world.workspace.store.read() as tx:
        before = [(row.objective, row.trace) for row in tx.memories("learner-1")]
    fit_memory(world.workspace)
    with world.workspace.store.read() as tx:
        assert [(row.objective, row.trace) for row in tx.memories("learner-1")] == before


def test_answers_undo_and_misread_go_on_under_the_new_weights(world: World) -> None:
    """Before and after a fit, and after going back: what is stored follows the rules, and a replay gives the same."""
    answer(world, 0, right=True)
    answer(world, 1, right=False, reason=MissReason.MISREAD)
    fit_memory(world.workspace)
    world.pass_time(days=1)
    answer(world, 1, right=True)
    answer(world, 2, right=False)
    late = answer(world, 3, right=False)
    undo_last(world.workspace)
    undo_last(world.workspace)
    assert world.memories() == memory_by_the_rules(world.responses(), world.model())
    assert world.replayed_digest() == world.digest()
    use_version(world.workspace, "default")
    world.pass_time(days=2)
    answer(world, 0, right=False)
    undo_last(world.workspace)
    use_version(world.workspace, "1")
    with world.workspace.store.read() as tx:
        assert tx.responses_of_block(late.plan.id)[0].retracted
    assert world.replayed_digest() == world.digest()


def test_an_open_block_goes_on_under_the_new_weights(world: World) -> None:
    """A fit while a block is open changes none of its questions; its answers move the new memories."""
    composed = compose_block(world.workspace, Request(mode=Mode.TUTOR, size=3, seed=1))
    practice = Practice(world.workspace, composed.block_id)
    practice.do(block.Show, position=0)
    fit_memory(world.workspace)
    world.choose(practice, right=True)
    practice.do(block.Reveal)
    item = practice.item(0)
    memory = world.memories()[item.bank, item.objective]
    assert practice.comes_back_on(0) == due_on(memory, model=world.model())
    practice.do(block.Submit)
    practice.finish()


def test_composing_goes_by_the_weights_in_force(world: World) -> None:
    """What a pick's recall will be on exam day follows from its trace and the learner's own curve."""
    fit_memory(world.workspace)
    composed = compose_block(world.workspace, Request(mode=Mode.TUTOR, size=5, seed=1))
    with world.workspace.store.read() as tx:
        row = tx.block(composed.block_id)
    assert row is not None
    with world.workspace.store.read() as tx:
        held = {(each.bank, each.objective): each for each in tx.memories(world.workspace.learner.id)}
    for pick in row.plan["picks"]:
        met = held[pick["bank"], pick["objective"]]
        days = (world.workspace.exam_day - met.last_day).days
        own, default = (met.trace.recall(days, by) for by in (world.model(), DEFAULT_MODEL))
        assert pick["worth"]["recall_left"] == pytest.approx(own)
        assert own != pytest.approx(default)


def test_a_dry_run_changes_nothing(world: World) -> None:
    """It says what would be, and no event is recorded."""
    before = world.events(), world.digest()
    dry = fit_memory(world.workspace, keep=False)
    assert (dry.verdict, dry.kept) == (Verdict.BETTER, False)
    assert (world.events(), world.digest()) == before
    kept = fit_memory(world.workspace)
    assert kept.weights == dry.weights


def test_a_fit_that_is_no_better_is_remembered_and_changes_nothing(world: World) -> None:
    """Right after a fit the same reviews give nothing better: the attempt is on record, the version stays."""
    first = fit_memory(world.workspace)
    digest = world.memories()
    again = fit_memory(world.workspace)
    assert again.verdict is Verdict.NO_BETTER
    assert world.model().name == first.name
    assert world.memories() == digest
    assert len(versions(world.workspace)) == 2
    with world.workspace.store.read() as tx:
        attempts = list(tx.events("learner-1", kinds=[EventKind.FITTED]))
        assert [event.data["accepted"] for event in attempts] == [True, False]
        assert tx.setting("learner-1", FIT_TRIED) == {"on": "2026-12-01", "reviews": first.reviews}


@pytest.mark.parametrize("unusable", [{"whole"}, {"earlier"}, {"earlier", "whole"}])
def test_a_fit_without_usable_weights_is_remembered_and_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, unusable: set[str]
) -> None:
    """Where what fits gives no numbers for a part of the reviews, the evening ends as any other."""

    def fitted(_: object, before: date = date.max) -> MemoryModel:
        part = "whole" if before == date.max else "earlier"
        return model_of([math.nan] * 21 if part in unusable else FORGETFUL.weights)

    monkeypatch.setattr("qbank.core.fitting.fit_weights", fitted)
    found = tonight(world)
    assert found is not None
    assert (found.verdict, found.kept) == (Verdict.UNUSABLE, True)
    assert world.model() == DEFAULT_MODEL
    assert len(versions(world.workspace)) == 1
    assert tonight(world) is None
    assert world.replayed_digest() == world.digest()


def test_any_version_can_be_in_force_again(world: World) -> None:
    """FSRS's own weights and back: each time every memory is what it was under them, and the choice is on record."""
    own = world.memories()
    fitted = fit_memory(world.workspace)
    fits = world.memories()
    assert [(each.number, each.in_force) for each in versions(world.workspace)] == [(0, False), (1, True)]
    assert use_version(world.workspace, "default").number == 0
    assert world.model() == DEFAULT_MODEL
    assert world.memories() == own
    chosen = use_version(world.workspace, "1")
    assert (chosen.number, chosen.in_force, chosen.reviews) == (1, True, fitted.reviews)
    assert chosen.fitted_on == LATER.date()
    assert world.memories() == fits
    events = world.events()
    use_version(world.workspace, "1")
    assert world.events() == events


@pytest.mark.parametrize("name", ["2", "-1", "the best", ""])
def test_a_version_that_is_not_there_is_told(world: World, name: str) -> None:
    """With the way to see those that are."""
    fit_memory(world.workspace)
    with pytest.raises(NotFound, match="qbank fit --list"):
        use_version(world.workspace, name)


def test_too_few_reviews_are_counted(tmp_path: Path, empty_sqlite: Path) -> None:
    """Only answers to what was met on an earlier day count, and nothing is recorded."""
    world = remembering(tmp_path / "home", empty_sqlite, objectives=6)
    events = world.events()
    fitted = fit_memory(world.workspace)
    assert (fitted.verdict, fitted.reviews, fitted.needed) == (Verdict.TOO_FEW, 30, 1_000)
    assert tonight(world) is None
    assert world.events() == events
    world.close()


def test_an_evening_fits_once_there_is_enough(world: World) -> None:
    """By itself at the first evening, and not again that night, nor on the next ones without many new reviews."""
    fitted = tonight(world)
    assert fitted is not None
    assert fitted.verdict is Verdict.BETTER
    assert tonight(world) is None
    world.pass_time(days=1)
    answer(world, 0, right=True)
    events = world.events()
    assert tonight(world) is None
    assert world.events() == events


def test_an_evening_reads_every_review_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read to count the reviews is what is fitted."""
    read = []

    def counted(answers: Sequence[Answered]) -> Reviews:
        read.append(answers)
        return reviews_of(answers)

    monkeypatch.setattr("qbank.app.fitting.reviews_of", counted)
    assert tonight(world) is not None
    assert len(read) == len(world.memories())


def test_a_refused_fit_is_not_tried_every_night(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt counts, accepted or not, until the reviews have grown enough: here by two in 500."""
    monkeypatch.setattr("qbank.core.fitting.MARGIN", 1e9)
    monkeypatch.setattr("qbank.core.fitting.GROWTH", 1.003)
    first = tonight(world)
    assert first is not None
    assert (first.verdict, first.reviews) == (Verdict.NO_BETTER, 500)
    tried = []
    for number in range(2):
        world.pass_time(days=1)
        answer(world, number, right=True)
        tried.append(tonight(world))
    assert tried[0] is None
    assert tried[1] is not None
    assert tried[1].reviews == 502
    assert world.model() == DEFAULT_MODEL


@pytest.fixture
def overtaken(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets something be done in another terminal while the next fit runs."""

    def by(other: Callable[[], object]) -> None:
        def slow(histories: Sequence[Reviews], in_force: MemoryModel) -> Fit | None:
            monkeypatch.setattr("qbank.core.fitting.fit", fit)
            other()
            return fit(histories, in_force)

        monkeypatch.setattr("qbank.core.fitting.fit", slow)

    return by


def test_a_fit_that_another_fit_overtook_is_not_recorded(
    world: World, overtaken: Callable[[Callable[[], object]], None]
) -> None:
    """The same reviews are fitted once, better or not, and only who asked for the fit is told."""
    overtaken(lambda: fit_memory(world.workspace))
    assert tonight(world) is None
    assert len(versions(world.workspace)) == 2
    overtaken(lambda: fit_memory(world.workspace))
    events = world.events()
    with pytest.raises(CannotFit, match="qbank fit --list"):
        fit_memory(world.workspace)
    assert world.events() == events + 1


def test_a_choice_made_while_a_fit_runs_stays(
    world: World, overtaken: Callable[[Callable[[], object]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever went back to FSRS's own weights is not overridden by what was tested against others."""
    fit_memory(world.workspace)
    monkeypatch.setattr("qbank.core.fitting.MARGIN", -1e9)
    overtaken(lambda: use_version(world.workspace, "default"))
    with pytest.raises(CannotFit, match="nothing was changed here"):
        fit_memory(world.workspace)
    assert world.model() == DEFAULT_MODEL
    assert fit_memory(world.workspace).verdict is Verdict.BETTER


def test_it_is_left_alone_when_switched_off(world: World) -> None:
    """And fits again when switched on."""
    change(world.workspace, "nightly-fit", "off")
    assert tonight(world) is None
    change(world.workspace, "nightly-fit", "on")
    assert tonight(world) is not None


def test_nothing_is_fitted_in_the_last_days(world: World) -> None:
    """On the eve of the exam nothing new begins."""
    change(world.workspace, "exam-date", (world.workspace.today + timedelta(days=3)).isoformat())
    assert tonight(world) is None
    change(world.workspace, "exam-date", (world.workspace.today + timedelta(days=4)).isoformat())
    assert tonight(world) is not None


def test_a_fit_travels_with_the_record(world: World, tmp_path: Path, empty_sqlite: Path) -> None:
    """On another device the same weights are in force, with the same memories."""
    fit_memory(world.workspace)
    answer(world, 0, right=False)
    export_record(world.workspace, tmp_path / "record.jsonl")
    other = World(tmp_path / "other", template=empty_sqlite, device="two")
    import_record(other.workspace, tmp_path / "record.jsonl")
    assert other.digest() == world.digest()
    assert versions(other.workspace) == versions(world.workspace)
    other.close()


def test_a_moment_of_reviews_cannot_be_tested(tmp_path: Path, empty_sqlite: Path) -> None:
    """Where all later reviews fell on one day the fit is put off, and nothing is recorded."""
    world = World(tmp_path / "home", template=empty_sqlite)
    world.load_bank()
    world.settle()
    for day in range(2):
        world.pass_time(days=day)
        practice = world.single("starter", "delta-1")
        world.choose(practice, right=True)
        practice.do(block.Reveal)
        practice.finish()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("qbank.core.fitting.LEAST_REVIEWS", 1)
        events = world.events()
        assert fit_memory(world.workspace).verdict is Verdict.UNTESTED
    assert world.events() == events
    world.close()
