"""The one way anything gets into the learner's record: an event and all that it changes, in one transaction.

Nothing is shown as done before this has returned, so a killed process loses at most what was being typed.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from qbank.app.event_checks import Key, check_name, check_time
from qbank.app.event_shapes import check_event
from qbank.app.ids import uuid7
from qbank.app.project import Projector
from qbank.app.workspace import Workspace
from qbank.core.event import Event, EventKind
from qbank.core.memory import study_day
from qbank.core.text import visible
from qbank.errors import UsageError
from qbank.store.store import Transaction

_TICK = timedelta(microseconds=1)


class Recorder:
    """Records events one after another, and keeps what helps to do the next one quickly."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._projector = Projector(workspace.exam, workspace.learner.id)
        self._known = False

    def record(
        self, kind: EventKind, data: dict[str, Any], within: Callable[[Transaction], None] | None = None
    ) -> Event:
        """Append one event and bring everything derived from the log up to date with it; gives the event.

        `within` comes first in the same transaction, and what it raises leaves nothing written. Raises UsageError for what
        no record could take in again.

        Times in the log never go back: when the clock was set back, an event is placed right after the last one, and only
        its study day follows the clock. So replay meets the events in the order in which they happened.
        """
        try:
            event = self._append(kind, data, within)
        except BaseException:
            # What was kept may hold an event that the store does not.
            self._forget()
            raise
        if kind is EventKind.SETTING:
            self._workspace.values[data["key"]] = data["value"]
        return event

    def record_in(self, tx: Transaction, kind: EventKind, data: dict[str, Any]) -> Event:
        """The same as part of a transaction that writes more; when it fails, this recorder is to be used no longer."""
        workspace = self._workspace
        now = workspace.now()
        day = study_day(now, workspace.time_zone)
        self._check_surroundings(now, day)
        if not self._known:
            tx.put_learner(workspace.learner)
            tx.put_device(workspace.device)
            self._known = True
        latest = tx.latest_at(workspace.learner.id)
        at = now if latest is None or now > latest else latest + _TICK
        event = Event(
            id=uuid7(at, workspace.random_bits),
            learner=workspace.learner.id,
            device=workspace.device.id,
            at=at,
            time_zone=workspace.time_zone,
            study_day=day,
            kind=kind,
            data=data,
        )
        self._check(event)
        tx.append(event)
        self._projector.apply(tx, event)
        return event

    def _append(
        self, kind: EventKind, data: dict[str, Any], within: Callable[[Transaction], None] | None
    ) -> Event:
        with self._workspace.store.begin() as tx:
            if within is not None:
                within(tx)
            return self.record_in(tx, kind, data)

    def _check_surroundings(self, now: datetime, day: date) -> None:
        """Raise UsageError for a clock or a name that an export could not carry."""
        try:
            check_time(now, day)
        except ValueError as error:
            raise UsageError(
                f"This computer's clock shows the year {now.year}. Set it right, and try again."
            ) from error
        for row in () if self._known else (self._workspace.learner, self._workspace.device):
            try:
                check_name(msgspec.convert(row.name, Key))
            except ValueError as error:
                raise UsageError(
                    f"{visible(row.name)!r} cannot be a name: {error}. Choose a plain one."
                ) from error

    def _check(self, event: Event) -> None:
        try:
            check_event(event, self._workspace.exam)
        except ValueError as error:
            raise UsageError(
                visible(f"This cannot be recorded: {error}. Nothing was changed; try it another way.")
            ) from error

    def _forget(self) -> None:
        self._projector = Projector(self._workspace.exam, self._workspace.learner.id)
        self._known = False


def record(
    workspace: Workspace,
    kind: EventKind,
    data: dict[str, Any],
    *,
    within: Callable[[Transaction], None] | None = None,
) -> Event:
    """Record a single event; see Recorder."""
    return Recorder(workspace).record(kind, data, within)
