"""A question as a block would ask it, in a store of its own that is gone afterwards."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from qbank.app.banks import OWN
from qbank.app.ids import uuid7
from qbank.app.payload import to_data
from qbank.app.practice import Practice
from qbank.app.record import record
from qbank.app.workspace import Workspace, open_workspace
from qbank.bank.markdown import BankFile
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.question import Question, serve
from qbank.core.response import Mode
from qbank.settings import Settings
from qbank.store.rows import BankKind, BankRow


class Rehearsal(Practice):
    """A block of which nothing is kept, so that nothing comes back either."""

    kept = False

    def comes_back_on(self, position: int) -> None:
        """Never."""


@contextlib.contextmanager
def preview(
    settings: Settings, file: BankFile, question: Question, seed: int
) -> Iterator[tuple[Workspace, Rehearsal]]:
    """A workspace that knows this one question, and an untimed block with it. Nothing of it is kept."""
    with tempfile.TemporaryDirectory(prefix="qbank-preview-") as folder:
        home = Path(folder)
        workspace = open_workspace(
            Settings(home, str(home / "qbank.sqlite3"), None, settings.exam, settings.served)
        )
        try:
            with workspace.store.begin() as tx:
                tx.put_bank(BankRow(OWN, "Preview", "", BankKind.OWN, workspace.exam.id))
                tx.upsert_questions(OWN, [file.objective], [question])
            plan = block.BlockPlan(
                uuid7(workspace.now(), workspace.random_bits), Mode.TUTOR, (serve(question, seed),), None
            )
            data = {"block": plan.id, "purpose": "drill", "plan": {"block": to_data(plan), "expected": [0.5]}}
            record(workspace, EventKind.BLOCK_COMPOSED, data)
            yield workspace, Rehearsal(workspace, plan.id)
        finally:
            workspace.close()
