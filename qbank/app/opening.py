"""A store opened for use: an older one is upgraded, and what follows from its log is worked out by the rules of now."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from qbank.app.exams import exam_for
from qbank.errors import RecordBroken
from qbank.settings import Settings
from qbank.store.store import Store, Transaction

Watch = Callable[[str, int], AbstractContextManager[Callable[[int], None] | None]]
"""Shows how far something is, by its title and its length: while it lasts, a function to be told how much more is done."""


@contextlib.contextmanager
def unwatched(_title: str, _length: int) -> Iterator[None]:
    """For where nobody is looking."""
    yield None


def open_store(
    settings: Settings,
    place: str | Path,
    *,
    backup_dir: Path | None,
    stamp: str,
    create: bool,
    watch: Watch = unwatched,
) -> Store:
    """The store at a path or URL; see Store.open.

    Upgraded and derived anew it is in one step or not at all, for what an older version derived cannot be read. Where the
    log cannot be replayed, the rest is upgraded, so that it can be exported; what is wrong, `qbank doctor` says. Raises
    UsageError where the record is for another exam than the one asked for.
    """
    opened = partial(Store.open, place, backup_dir=backup_dir, stamp=stamp, create=create)
    try:
        return opened(derive=partial(_derive, settings, watch))
    except RecordBroken:
        return opened()


def _derive(settings: Settings, watch: Watch, tx: Transaction) -> None:
    from qbank.app.rebuild import rebuild  # replay takes its time to import, and upgrades are rare

    with watch("Bringing your record up to date", tx.event_count()) as on_progress:
        for learner in tx.learners():
            rebuild(tx, exam_for(settings, tx.settings(learner.id)), learner.id, on_progress)
