"""What lists of results from other banks come to, folded from the log and kept beside the settings.

An import reads all lists again: they are few, and live and replay go the same way.
"""

from collections.abc import Iterable

import msgspec

from qbank.app.workspace import Workspace
from qbank.core.event import Event, EventKind
from qbank.core.results import Listed, ResultList, Sources, add_list, set_removed, summed
from qbank.errors import QbankError
from qbank.store.store import Transaction

RESULTS = "outside-results"
"""The setting under which they are kept; no learner sets it."""

KINDS = (EventKind.RESULTS, EventKind.RESULTS_REMOVED)


def results(workspace: Workspace) -> tuple[Listed, ...]:
    """What counts of each source's lists."""
    with workspace.store.read() as tx:
        return kept_results(tx, workspace.learner.id)


def kept_results(tx: Transaction, learner: str) -> tuple[Listed, ...]:
    """What counts of each source. Raises QbankError for what another version wrote."""
    try:
        return msgspec.convert(tx.setting(learner, RESULTS) or [], tuple[Listed, ...])
    except msgspec.ValidationError as error:
        raise QbankError(
            "What your lists come to was stored by another qbank. Make it anew with: qbank doctor --rebuild"
        ) from error


def put_results(tx: Transaction, learner: str, until: Event) -> None:
    """Work out what the lists come to after an event."""
    # While the log is replayed, it holds what happened later as well.
    events = tx.events(learner, kinds=KINDS)
    before = (event for event in events if (event.at, event.id) <= (until.at, until.id))
    tx.put_setting(learner, RESULTS, msgspec.to_builtins(summed(folded(before))))


def folded(events: Iterable[Event]) -> Sources:
    """All rows of all sources after these events, in the order of the log."""
    sources: Sources = {}
    for event in events:
        if event.kind is EventKind.RESULTS:
            add_list(sources, msgspec.convert(event.data, ResultList), event.study_day)
        else:
            set_removed(sources, event.data["source"], removed=event.data["removed"])
    return sources
