"""A learner's own weights: fitted to their reviews when there are enough, tested, kept as versions, and chosen among."""

import math
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from qbank.app.care import in_last_days
from qbank.app.record import record
from qbank.app.weights import FIT_TRIED, memory_model
from qbank.app.workspace import Workspace
from qbank.core.event import Event, EventKind
from qbank.core.history import Reviews, reviews_of
from qbank.core.memory import DEFAULT_MODEL, MemoryModel
from qbank.errors import CannotFit, NotFound
from qbank.store.store import Transaction

if TYPE_CHECKING:
    from qbank.core.fitting import Fit

FSRS_OWN = "default"
"""What a learner calls FSRS's own weights."""


class Verdict(StrEnum):
    """What came of a fit. `UNTESTED`: all reviews fell on so few days that none are left to test it on. `UNUSABLE`: what
    fits gave no numbers.
    """

    TOO_FEW = "too few reviews"
    UNTESTED = "no later days to test it on"
    UNUSABLE = "no usable weights"
    NO_BETTER = "no better"
    BETTER = "better"


class Fitted(msgspec.Struct, frozen=True):
    """A fit that was tried. `reviews` have a prediction, of `needed`; `held_out` of them it was tested on.

    Log losses are means over those, in nats, with FSRS's own weights, with the ones in force before, and fitted; the gain
    over those in force has `standard_error`. `kept`: it is on record, and in force when it was better.
    """

    verdict: Verdict
    reviews: int
    needed: int
    kept: bool = False
    name: str | None = None
    weights: tuple[float, ...] = ()
    held_out: int = 0
    log_loss_default: float | None = None
    log_loss_before: float | None = None
    log_loss_after: float | None = None
    standard_error: float | None = None


class Basis(msgspec.Struct, frozen=True):
    """What a fit is made from: reviews by objective, the weights in force, and the event that last had to do with those."""

    histories: list[Reviews]
    in_force: MemoryModel
    last_change: str | None


class Version(msgspec.Struct, frozen=True):
    """Weights that can be in force. Number 0 is FSRS's own; the others are accepted fits in their order."""

    number: int
    name: str
    in_force: bool
    fitted_on: date | None = None
    reviews: int | None = None
    held_out: int | None = None
    log_loss_before: float | None = None
    log_loss_after: float | None = None
    library: str | None = None


def fit_memory(workspace: Workspace, basis: Basis | None = None, *, keep: bool = True) -> Fitted:
    """Fit weights to all of the learner's reviews; with `keep` it goes on record, and into force when it is better.

    `basis` is what was read of them already.
    Raises CannotFit where what fits cannot be loaded, and when weights were fitted or chosen elsewhere while it ran.
    """
    # Imported here: verbs that only ask whether a fit is due do not need it.
    from qbank.core.fitting import LEAST_REVIEWS, countable, fit, library

    if basis is None:
        with workspace.store.read() as tx:
            basis = _basis(tx, workspace.learner.id)
    count = countable(basis.histories)
    if count < LEAST_REVIEWS:
        return Fitted(Verdict.TOO_FEW, count, LEAST_REVIEWS)
    found = fit(basis.histories, basis.in_force)
    if found is None:
        return Fitted(Verdict.UNTESTED, count, LEAST_REVIEWS)
    model = found.model if found.better else found.tested
    fitted = Fitted(
        verdict=_verdict(found),
        reviews=count,
        needed=LEAST_REVIEWS,
        kept=keep,
        name=model.name,
        weights=model.weights,
        held_out=found.held_out,
        log_loss_default=found.against_default.before,
        log_loss_before=found.against_in_force.before,
        log_loss_after=found.against_in_force.after,
        standard_error=found.against_in_force.standard_error,
    )
    if keep:
        within = partial(_refuse_late, learner=workspace.learner.id, before=basis.last_change)
        record(workspace, EventKind.FITTED, _data(fitted, library()), within=within)
    return fitted


def due_tonight(workspace: Workspace) -> Basis | None:
    """What this evening's fit is made from; None when none is due.

    One is due at most once a study day, from enough reviews on, and again when there are so many more than at the last
    attempt that a fit is tested on new ones alone; never in the last days before the exam, nor when it is switched off.
    """
    if workspace.values.get("nightly-fit") == "off" or in_last_days(workspace):
        return None
    with workspace.store.read() as tx:
        due_from = _due_from(tx, workspace)
        # Every review is an answer, and to count those costs nothing.
        if due_from is None or tx.learner_totals(workspace.learner.id).answered < due_from:
            return None
        from qbank.core.fitting import countable

        basis = _basis(tx, workspace.learner.id)
    return basis if countable(basis.histories) >= due_from else None


def fit_tonight(workspace: Workspace, basis: Basis) -> Fitted | None:
    """The fit of this evening, on record.

    None where what fits cannot be loaded, or another terminal came first: an evening is as good without, and only somebody
    who asks for a fit is told.
    """
    try:
        return fit_memory(workspace, basis)
    except CannotFit:
        return None


def versions(workspace: Workspace) -> tuple[Version, ...]:
    """All weights that can be in force, FSRS's own first."""
    with workspace.store.read() as tx:
        in_force = memory_model(tx, workspace.learner.id)
        fits = _accepted(tx, workspace.learner.id)
    # The same weights can have been fitted twice; the last fit is the one in force.
    latest = max((place for place, fit in enumerate(fits) if fit.data["name"] == in_force.name), default=None)
    return (
        Version(0, DEFAULT_MODEL.name, in_force == DEFAULT_MODEL),
        *(_version(number, event, number - 1 == latest) for number, event in enumerate(fits, 1)),
    )


def use_version(workspace: Workspace, name: str) -> Version:
    """Bring weights into force again: "default" or 0 for FSRS's own, or the number of a version.

    Raises NotFound for a version that there is not.
    """
    known = versions(workspace)
    number = 0 if name == FSRS_OWN else int(name) if name.isascii() and name.isdigit() else -1
    if not 0 <= number < len(known):
        raise NotFound("version", name, "See them all with: qbank fit --list")
    data: dict[str, Any] = {"name": DEFAULT_MODEL.name, "weights": None}
    if number:
        with workspace.store.read() as tx:
            fitted = _accepted(tx, workspace.learner.id)[number - 1]
        data = {key: fitted.data[key] for key in data}
    if not known[number].in_force:
        record(workspace, EventKind.WEIGHTS_CHOSEN, data)
    return versions(workspace)[number]


def _basis(tx: Transaction, learner: str) -> Basis:
    histories = [reviews_of(answers) for _, answers in tx.rated_answers(learner)]
    return Basis(histories, memory_model(tx, learner), _last_change(tx, learner))


def _last_change(tx: Transaction, learner: str) -> str | None:
    """The event by which weights were last fitted or chosen."""
    found = tx.last_event(learner, [EventKind.FITTED, EventKind.WEIGHTS_CHOSEN])
    return found.id if found else None


def _refuse_late(tx: Transaction, learner: str, before: str | None) -> None:
    """A fit takes a while, and was tested against weights that another terminal may have replaced by now."""
    if _last_change(tx, learner) != before:
        raise CannotFit(
            "Your weights were fitted or chosen in another terminal while this fit ran, so that stays as it is and "
            "nothing was changed here. See what is in force with: qbank fit --list"
        )


def _verdict(found: "Fit") -> Verdict:
    if not found.is_usable:
        return Verdict.UNUSABLE
    return Verdict.BETTER if found.better else Verdict.NO_BETTER


def _due_from(tx: Transaction, workspace: Workspace) -> int | None:
    """From how many reviews on a fit is due this evening; None when one was tried today."""
    from qbank.core.fitting import GROWTH, LEAST_REVIEWS

    tried: Any = tx.setting(workspace.learner.id, FIT_TRIED)
    if tried is None:
        return LEAST_REVIEWS
    if date.fromisoformat(tried["on"]) >= workspace.today:
        return None
    return max(LEAST_REVIEWS, math.ceil(int(tried["reviews"]) * GROWTH))


def _data(fitted: Fitted, library: str) -> dict[str, Any]:
    return {
        "accepted": fitted.verdict is Verdict.BETTER,
        "name": fitted.name,
        "weights": list(fitted.weights),
        "reviews": fitted.reviews,
        "held_out": fitted.held_out,
        "log_loss_default": fitted.log_loss_default,
        "log_loss_before": fitted.log_loss_before,
        "log_loss_after": fitted.log_loss_after,
        "standard_error": fitted.standard_error,
        "library": library,
    }


def _accepted(tx: Transaction, learner: str) -> Sequence[Event]:
    return [event for event in tx.events(learner, kinds=[EventKind.FITTED]) if event.data["accepted"]]


def _version(number: int, event: Event, in_force: bool) -> Version:
    return Version(
        number=number,
        name=event.data["name"],
        in_force=in_force,
        fitted_on=event.study_day,
        reviews=event.data["reviews"],
        held_out=event.data["held_out"],
        log_loss_before=event.data["log_loss_before"],
        log_loss_after=event.data["log_loss_after"],
        library=event.data["library"],
    )
