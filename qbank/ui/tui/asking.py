"""What a block's screen asks in a dialog, and what follows from the answer."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from qbank.core import block
from qbank.core.response import MissReason, Mode
from qbank.errors import CannotEdit, NotFound
from qbank.ui import prompts
from qbank.ui.tui import dialogs

if TYPE_CHECKING:
    from qbank.ui.tui.block_screen import BlockScreen


def _reason_before(screen: "BlockScreen") -> None:
    """The reason for a miss before its key shows, and then the key."""
    blank = screen.practice.state.items[screen.position].choice is None
    began = "You left this one blank." if blank else "Not this one."

    def named(reason: MissReason | None) -> None:
        def reveal() -> None:
            if reason is not None:
                screen.step(block.Reason, reason=reason)
            screen.step(block.Reveal)

        screen.guarded(reveal)

    said = f"{began} Before you see the key: what was the reason?"
    screen.app.push_screen(dialogs.ReasonDialog(said), named)


def _reason(screen: "BlockScreen") -> None:
    position = screen.position

    def named(reason: MissReason | None) -> None:
        if reason is not None:
            screen.guarded(lambda: screen.step(block.ReasonAfter, position=position, reason=reason))

    screen.app.push_screen(dialogs.ReasonDialog("What was the reason, now that you see the key?"), named)


def _take_back(screen: "BlockScreen") -> None:
    practice, position = screen.practice, screen.position
    if practice.is_taken_back(position):
        screen.notice = "The score of this question is taken back already."
        return

    def taken() -> None:
        practice.take_back(position)
        screen.notice = prompts.taken_back_line(practice.comes_back_on(position))

    def answered(sure: bool | None) -> None:
        if sure:
            screen.guarded(taken)

    asked = "Take back the rating of this answer? It counts for nothing then, and the question stays seen."
    screen.app.push_screen(dialogs.ConfirmDialog((asked,), default=False), answered)


def _note(screen: "BlockScreen") -> None:
    position = screen.position
    note = screen.practice.state.items[position].note

    def written(text: str | None) -> None:
        if text or (note and text is not None):
            screen.notice = prompts.noted_line(text, note)
            screen.guarded(lambda: screen.step(block.Note, text=text, position=position))

    screen.app.push_screen(dialogs.LineDialog("A note to this question", note), written)


def _flag(screen: "BlockScreen") -> None:
    position = screen.position

    def written(text: str | None) -> None:
        if text:
            screen.notice = prompts.FLAGGED
            screen.guarded(lambda: screen.practice.flag(position, text))

    screen.app.push_screen(dialogs.LineDialog("What is wrong with this question?", ""), written)


def _list(screen: "BlockScreen") -> None:
    def chosen(position: int | None) -> None:
        if position is not None:
            screen.guarded(lambda: screen.show(position))

    screen.app.push_screen(dialogs.ListDialog(screen.view()), chosen)


def _submit(screen: "BlockScreen") -> None:
    """A timed block always asks; a tutor block when answers are missing; a review never: nothing is owed."""
    waiting = block.unanswered(screen.practice.state)
    if screen.practice.plan.mode is Mode.REVIEW or (not waiting and not screen.practice.timed):
        screen.step(block.Submit)
        return

    def answered(sure: bool | None) -> None:
        if sure:
            screen.guarded(lambda: screen.step(block.Submit))
        elif waiting and sure is not None:
            screen.guarded(lambda: screen.show(waiting[0]))

    screen.app.push_screen(dialogs.submit_dialog(screen.practice), answered)


def _help(screen: "BlockScreen") -> None:
    screen.app.push_screen(dialogs.HelpDialog(screen.stage, screen.without))


def _leave(screen: "BlockScreen") -> None:
    """A review ends here, a tutor block is left at once, and a timed one asks: its pace tells less then."""
    if screen.practice.plan.mode is Mode.REVIEW:
        screen.step(block.Submit)
        return
    if not screen.practice.timed:
        screen.go()
        return

    def answered(sure: bool | None) -> None:
        if sure:
            screen.guarded(screen.go)

    leaving = dialogs.LEAVING if screen.practice.sat is None else dialogs.LEAVING_EXAM
    screen.app.push_screen(dialogs.ConfirmDialog(leaving, default=False), answered)


def _labs(screen: "BlockScreen") -> None:
    # Imported here, as the calculator: most questions need neither.
    from qbank.ui.tui.desk import LabDialog

    screen.app.push_screen(LabDialog())


def _calculator(screen: "BlockScreen") -> None:
    from qbank.ui.tui.desk import CalculatorDialog

    screen.app.push_screen(CalculatorDialog())


def _edit(screen: "BlockScreen") -> None:
    """The editor gets the terminal, and gives it back."""
    from qbank.ui.editing import edited_lines

    with screen.app.suspend():
        try:
            edited = screen.practice.edit(screen.position, allowed=not screen.practice.served)
        except (CannotEdit, NotFound) as error:
            screen.notice = str(error)
        else:
            screen.notice = " ".join(edited_lines(edited))


ASKING: Mapping[str, Callable[["BlockScreen"], None]] = {
    "reason_before": _reason_before,
    "reason": _reason,
    "take_back": _take_back,
    "note": _note,
    "flag": _flag,
    "list": _list,
    "submit": _submit,
    "help": _help,
    "leave": _leave,
    "labs": _labs,
    "calculator": _calculator,
    "edit": _edit,
}
