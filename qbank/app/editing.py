"""A question in the learner's own editor: whatever they write goes into their own bank, and never into the bundled one."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path, PurePosixPath

import msgspec
from msgspec.structs import replace

from qbank.app.bank_files import Place, listed, place_of
from qbank.app.bank_loading import Loaded, load_banks
from qbank.app.banks import OWN, is_misses
from qbank.app.editors import editor_command, run_editor
from qbank.app.files import read_bytes, write_whole
from qbank.app.workspace import Workspace
from qbank.bank.scan import scan
from qbank.errors import BankInvalid, CannotEdit, Fault, NotFound


class Edited(msgspec.Struct, frozen=True):
    """What became of a question's file.

    `loaded` is what loading it changed; None when nothing was changed, or when `faults` kept every file from loading.
    `copied` says that the file is a new copy of a bundled one. `status` is the editor's exit status.
    """

    path: Path
    changed: bool
    copied: bool
    status: int
    loaded: Loaded | None = None
    faults: tuple[Fault, ...] = ()


def edit_question(
    workspace: Workspace,
    bank: str,
    question: str,
    *,
    allowed: bool,
    environment: Mapping[str, str] = os.environ,
    on_wait: Callable[[], object] | None = None,
) -> Edited:
    """Open a question's file in the learner's editor, and load the banks again when it was changed.

    A bundled file is copied into the learner's own folder first, where it takes the bundled one's place; a copy that comes
    back as it was is removed again. Answers on record stay as they are, and a block keeps the versions that it began with.
    `on_wait` is called about once a second meanwhile. Raises CannotEdit where it is not `allowed`, in a served session, and
    for a question without a file; NotFound for one that there is not.
    """
    if not allowed or workspace.settings.served:
        raise CannotEdit("Editing is off here: an editor is started only at a terminal of your own computer.")
    command = editor_command(environment)
    place, objective = _place(workspace, bank, question)
    with _own_file(workspace, place, objective) as (path, copied):
        before = read_bytes(path)
        status = run_editor(command, path, place.line, on_wait)
        left = path.is_file()
        changed = not left or read_bytes(path) != before
    if not changed:
        return Edited(path, changed=False, copied=False, status=status)
    edited = Edited(path, changed=True, copied=copied and left, status=status)
    try:
        return replace(edited, loaded=load_banks(workspace))
    except BankInvalid as error:
        return replace(edited, faults=error.faults)


def _place(workspace: Workspace, bank: str, question: str) -> tuple[Place, str]:
    """The question's file and the id of its objective."""
    with workspace.store.read() as tx:
        entry = listed(tx, bank, question)
    if entry is None:
        raise NotFound("question", question, "Look for it with: qbank bank search WORDS")
    place = place_of(workspace, entry)
    if place is None:
        raise CannotEdit(_no_file(bank))
    if not place.path.is_file():
        raise CannotEdit(
            f"Its file {place.path} is no longer there. Load the banks again with: qbank bank load"
        )
    return place, entry.objective


def _no_file(bank: str) -> str:
    if is_misses(bank):
        return "This prompt is in your record and in no file. Keep a better one with `qbank miss`, and flag this one with f."
    return (
        f"The bank {bank!r} was imported, so this question has no file here. "
        "Mend it where it came from, and import it again with: qbank bank import"
    )


@contextlib.contextmanager
def _own_file(workspace: Workspace, place: Place, objective: str) -> Iterator[tuple[Path, bool]]:
    """The file to edit, and whether it has just been copied; a copy that is left as it was is taken away again."""
    if place.own:
        yield place.path, False
        return
    folder = workspace.settings.own_bank
    path = _stands_for(folder, place.name, objective)
    if path.exists():
        yield path, False
        return
    content = read_bytes(place.path)
    made = [parent for parent in path.parents if not parent.exists()]
    write_whole(path, content)
    try:
        yield path, True
    finally:
        if path.is_file() and path.read_bytes() == content:
            path.unlink()
            with contextlib.suppress(OSError):
                for parent in made:
                    parent.rmdir()


def _stands_for(folder: Path, name: str, objective: str) -> Path:
    """Where the learner's file for a bundled objective is or belongs.

    One of that place which cannot be read is what they began and left with a fault.
    """
    if not folder.is_dir():
        return folder / name
    objectives = {file.path: file.objective.id for file in scan(folder, OWN, {}).changed}
    for path, known in objectives.items():
        if known == objective:
            return folder / path
    wanted = PurePosixPath(name)
    tries = (wanted if not number else wanted.with_stem(f"{wanted.stem}-{number + 1}") for number in count())
    return folder / next(path for path in tries if str(path) not in objectives)
