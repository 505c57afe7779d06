"""Every error a user can act on: one class for each thing that can be done about it.

An error's text is the sentence the user reads, and says what to do. Which exit code it becomes is the command line's
contract and is decided there, in one place.
"""

from collections.abc import Sequence

import msgspec


class QbankError(Exception):
    """Something the user can act on; `str()` is one or two lines with the mend."""


class UsageError(QbankError):
    """A value on the command line or at a prompt that cannot be meant."""


class CannotCalculate(UsageError):
    """A formula that is none, or whose value is no number or too large."""


class NotFound(QbankError):
    """A named block, question, report or file that is not there."""

    def __init__(self, kind: str, name: str, mend: str) -> None:
        super().__init__(f"No {kind} named {name!r}. {mend}")


class Fault(msgspec.Struct, frozen=True, order=True):
    """One fault in a file someone wrote: where it is, what is wrong, and how to mend it."""

    file: str
    line: int
    message: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} {self.mend}"


class InputInvalid(QbankError):
    """A report or an import file with faults; all of them, so that one run shows them all. Nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))


class NothingAskable(InputInvalid):
    """A file of questions none of which can be asked here; `left_out` has the reason and the place of each."""

    def __init__(self, faults: Sequence[Fault], left_out: Sequence[tuple[str, str]]) -> None:
        super().__init__(faults)
        self.left_out = tuple(left_out)


class BankInvalid(InputInvalid):
    """A question bank with faults; nothing of it was loaded."""


class VariantInvalid(QbankError):
    """A variant whose numbers cannot be read or drawn; `line` counts from 1 within its draws, 0 stands for its texts."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class ReportRefused(QbankError):
    """A score report that holds nothing to weigh practice by, with the reason."""


class StoreUnreachable(QbankError):
    """The store cannot be opened, read or written: no disk space, no permission, no server, a damaged file."""


class StoreBusy(StoreUnreachable):
    """Another program holds the store's write lock."""


class StoreVersion(StoreUnreachable):
    """The store was written by a newer qbank, or could not be upgraded."""


class BlockTaken(QbankError):
    """A block that another terminal owns right now."""


class IllegalStep(QbankError):
    """An event that the block's rules do not allow in its present state."""


class CannotEdit(QbankError):
    """A question that cannot be edited here: it has no file, there is no editor, or this is no place for one."""


class RecordBroken(QbankError):
    """A log with an event that the rules refuse where it stands, so that it cannot be replayed."""

    def __init__(self, event: str, kind: str, reason: str) -> None:
        self.event = event
        self.reason = reason
        super().__init__(
            f"The log cannot be replayed: its {kind} event {event} does not fit. {reason} "
            "Bring a backup back with: qbank restore"
        )


class NothingToDo(QbankError):
    """Nothing fits the request: no question matches the filters, nothing to undo, nothing left in the reserve."""


class NotWorthIt(NothingToDo):
    """What there is to ask tonight is worth less than sleep; it can be asked all the same."""


class CannotFit(QbankError):
    """What fits weights is not installed here or does not run on this computer, or others came into force meanwhile."""


class CannotRemind(QbankError):
    """A reminder that this computer cannot keep, or whose program refused."""
