"""The derived rows thrown away and made again from the log, as they were or under today's keys and rules."""

from collections.abc import Callable

from qbank.app.project import Projector
from qbank.core.exam import Exam
from qbank.errors import IllegalStep, NotFound, RecordBroken
from qbank.store.store import Store, Transaction

ON_EVENTS = 500


def replay_length(store: Store) -> int:
    """How many events a replay of every learner's log goes by."""
    with store.read() as tx:
        return tx.event_count()


def rebuild(
    tx: Transaction, exam: Exam, learner: str, on_progress: Callable[[int], None] | None = None
) -> None:
    """Replay one learner's whole log into cleared tables. `on_progress` is told how many events went by, now and then.

    Raises RecordBroken for an event that the rules refuse where it stands.
    """
    tx.clear_derived(learner)
    projector = Projector(exam, learner)
    done = 0
    for done, event in enumerate(tx.events(learner), 1):
        try:
            projector.apply(tx, event)
        except (IllegalStep, NotFound, ValueError) as error:
            raise RecordBroken(event.id, event.kind, str(error)) from error
        if on_progress and done % ON_EVENTS == 0:
            on_progress(ON_EVENTS)
    if on_progress:
        on_progress(done % ON_EVENTS)
