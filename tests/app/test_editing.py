"""A question's file in an editor: what is copied, opened, loaded and taken away again, and what is refused."""

import shlex
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from worlds import World, small_question

from qbank.app import bank_loading
from qbank.app.bank_loading import load_banks
from qbank.app.editing import Edited, edit_question
from qbank.app.editors import editor_command, run_editor
from qbank.app.outside import keep_miss
from qbank.core import block
from qbank.core.question import Objective
from qbank.errors import CannotEdit, IllegalStep, NotFound
from qbank.settings import load
from qbank.store.rows import BankKind, BankRow

FILE = """+++
id = "{name}"
objective = "Know {name}"
system = "cardiovascular"
disciplines = ["physiology"]
+++

# {name}-1

A man comes to the clinic.

Which of the following is the most likely cause?

- [x] {name} this

  Because.

- [ ] {name} that

  Because not.

# {name}-2

A woman comes to the clinic.

Which of the following is the most likely cause?

- [x] {name} one

  Because.

- [ ] {name} two

  Because not.
"""
HEADING_OF_TWO = FILE.splitlines().index("# {name}-2") + 1


class Desk:
    """A learner with two bundled objectives, and an editor that does what a test says."""

    def __init__(self, world: World, bundled: Path) -> None:
        self.world = world
        self.own = world.workspace.settings.own_bank
        self.bundled = bundled
        self._editor = world.folder / "an editor.py"
        self.seen = world.folder / "seen"

    def edit(self, name: str, does: str = "", *, bank: str = "starter", allowed: bool = True) -> Edited:
        """Edit by a program in which `path` is the file and `text` what it holds."""
        self._editor.write_text(
            "import sys, pathlib\n"
            f"pathlib.Path({str(self.seen)!r}).write_text('\\n'.join(sys.argv[1:]))\n"
            f"path = pathlib.Path(sys.argv[-1]); text = path.read_text()\n{does}\n"
        )
        command = f"{shlex.quote(sys.executable)} {shlex.quote(str(self._editor))}"
        return edit_question(
            self.world.workspace, bank, name, allowed=allowed, environment={"VISUAL": "", "EDITOR": command}
        )

    def text(self, name: str) -> str:
        with self.world.workspace.store.read() as tx:
            found = tx.question("starter", name)
        assert found is not None
        return found.stem


@pytest.fixture
def desk(tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Two bundled objectives in a folder of a bundled bank, loaded."""
    bundled = tmp_path / "bundled"
    (bundled / "heart").mkdir(parents=True)
    for name in ("beta", "delta"):
        (bundled / "heart" / f"{name}.md").write_text(FILE.format(name=name))
    monkeypatch.setattr(bank_loading, "bundled", lambda exam: bundled)
    world = World(tmp_path / "home", template=empty_sqlite)
    world.settle()
    load_banks(world.workspace)
    yield Desk(world, bundled)
    world.close()


REWORD = "path.write_text(text.replace('A man', 'A tall man'))"


def test_a_bundled_question_is_edited_in_a_copy_of_ones_own(desk: Desk) -> None:
    """The copy lies where the bundled file lay, takes its place at once, and the bundled file stays."""
    edited = desk.edit("beta-1", REWORD)
    assert edited.path == desk.own / "heart" / "beta.md"
    assert (edited.changed, edited.copied, edited.status, edited.faults) == (True, True, 0, ())
    assert edited.loaded is not None
    assert (edited.loaded.changed, edited.loaded.new) == (1, 0)
    assert desk.text("beta-1").startswith("A tall man")
    assert (desk.bundled / "heart" / "beta.md").read_text() == FILE.format(name="beta")
    assert edited.path.stat().st_mode & 0o077 == 0


def test_answers_stay_when_a_question_is_edited(desk: Desk) -> None:
    """What was answered, and the memory that it earned, belong to the same question afterwards."""
    practice = desk.world.single("starter", "beta-1")
    desk.world.choose(practice, right=True)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    before = desk.world.memories()
    desk.edit("beta-1", REWORD)
    assert desk.world.memories() == before != {}
    assert [row.response.correct for row in desk.world.responses()] == [True]
    assert desk.world.digest() == desk.world.replayed_digest()


def test_a_copy_that_was_not_changed_is_taken_away(desk: Desk) -> None:
    """Neither the file nor the folders that were made for it stay behind."""
    edited = desk.edit("beta-1")
    assert (edited.changed, edited.copied, edited.loaded) == (False, False, None)
    assert not desk.own.exists()


def test_an_own_file_is_opened_where_it_is(desk: Desk) -> None:
    """Once it is the learner's there is no second copy, whatever the file is called and however often it is edited."""
    desk.edit("beta-1", REWORD)
    (desk.own / "heart" / "beta.md").rename(desk.own / "mine.md")
    load_banks(desk.world.workspace)
    edited = desk.edit("beta-2", "path.write_text(text.replace('A woman', 'A tall woman'))")
    assert edited.path == desk.own / "mine.md"
    assert not edited.copied
    assert desk.text("beta-2").startswith("A tall woman")
    assert [path.name for path in desk.own.rglob("*.md")] == ["mine.md"]


def test_a_question_of_ones_own_bank_is_edited_in_place(desk: Desk) -> None:
    """A file that stands for no bundled one is just opened, and left as it is when nothing was changed."""
    desk.own.mkdir()
    (desk.own / "own.md").write_text(FILE.format(name="own"))
    load_banks(desk.world.workspace)
    assert desk.edit("own-1", bank="own").path == desk.own / "own.md"
    assert (desk.own / "own.md").exists()


def test_faults_are_told_with_file_and_line_and_change_nothing(desk: Desk) -> None:
    """The learner's words stay in their file, the bank stays as it was, and the next edit opens the same file."""
    edited = desk.edit("beta-1", "path.write_text(text.replace('- [x] beta this', '- [ ] beta this'))")
    assert edited.loaded is None
    assert [(fault.file, fault.line > 0) for fault in edited.faults] == [("heart/beta.md", True)]
    assert desk.text("beta-1").startswith("A man")
    again = desk.edit("beta-1", "path.write_text(text.replace('- [ ] beta this', '- [x] beta this'))")
    assert again.path == edited.path
    assert again.faults == ()


def test_a_file_that_cannot_be_read_at_all_is_opened_again(desk: Desk) -> None:
    """What no longer parses is what the learner began; it is not copied over."""
    broken = desk.edit("beta-1", "path.write_text('half a thought')")
    assert broken.faults
    assert desk.edit("beta-1").path == broken.path
    assert broken.path.read_text() == "half a thought"


def test_a_file_of_another_objective_keeps_its_place(desk: Desk) -> None:
    """A copy never overwrites what the learner has under the same name."""
    (desk.own / "heart").mkdir(parents=True)
    (desk.own / "heart" / "beta.md").write_text(FILE.format(name="mine"))
    load_banks(desk.world.workspace)
    edited = desk.edit("beta-1", REWORD)
    assert edited.path == desk.own / "heart" / "beta-2.md"
    assert "mine" in (desk.own / "heart" / "beta.md").read_text()


def test_a_copy_that_was_deleted_leaves_the_bundled_one(desk: Desk) -> None:
    """An editor that removes the file is a way to say that one does not want it."""
    desk.edit("beta-1", REWORD)
    edited = desk.edit("beta-1", "path.unlink()")
    assert edited.changed
    assert desk.text("beta-1").startswith("A man")
    assert not desk.edit("beta-1", "path.unlink()").copied


@pytest.mark.parametrize("bank", ["theirs", "misses"])
def test_a_question_without_a_file_says_what_to_do(desk: Desk, bank: str) -> None:
    """An imported question is mended where it came from, and a prompt of one's own by a better one."""
    if bank == "misses":
        objective = keep_miss(desk.world.workspace, "digoxin: potassium", "cardiovascular", (), "", "")
        with desk.world.workspace.store.read() as tx:
            row = next(one for one in tx.list_questions() if one.objective == objective.rpartition("/")[2])
        name, bank = row.id, row.bank
    else:
        name = "q1"
        with desk.world.workspace.store.begin() as tx:
            tx.put_bank(BankRow("theirs", "Theirs", "", BankKind.IMPORTED, "usmle-step1"))
            tx.upsert_questions(
                "theirs", [Objective("theirs", "q1", "It")], [small_question("q1", "q1", bank="theirs")]
            )
    with pytest.raises(CannotEdit, match=r"qbank (miss|bank import)"):
        desk.edit(name, bank=bank)
    assert not desk.seen.exists()


def test_what_is_not_there_is_not_edited(desk: Desk) -> None:
    """Neither an unknown question nor one whose bundled file has gone."""
    with pytest.raises(NotFound):
        desk.edit("nobody")
    (desk.bundled / "heart" / "beta.md").unlink()
    with pytest.raises(CannotEdit, match="no longer there"):
        desk.edit("beta-1")


def test_a_served_session_never_reaches_an_editor(desk: Desk) -> None:
    """Refused by the caller or by the environment, nothing is started and nothing copied."""
    with pytest.raises(CannotEdit, match="Editing is off here"):
        desk.edit("beta-1", REWORD, allowed=False)
    desk.world.workspace.settings = replace(desk.world.workspace.settings, served=True)
    with pytest.raises(CannotEdit, match="Editing is off here"):
        desk.edit("beta-1", REWORD)
    assert not desk.seen.exists()
    assert not desk.own.exists()


def test_the_environment_says_that_a_session_is_served(tmp_path: Path) -> None:
    """Any value of QBANK_SERVED does, and none or an empty one does not."""
    home = {"home": str(tmp_path)}
    assert load(home, {"QBANK_SERVED": "1"}).served
    assert not load(home, {"QBANK_SERVED": ""}).served
    assert not load(home, {}).served


def test_an_editor_that_cannot_be_started_leaves_nothing_behind(desk: Desk) -> None:
    """The sentence names the variable to set, and no copy stays."""
    with pytest.raises(CannotEdit, match=r"'/no/such/editor' cannot be started: No such file.*EDITOR"):
        edit_question(
            desk.world.workspace,
            "starter",
            "beta-1",
            allowed=True,
            environment={"EDITOR": "/no/such/editor -w"},
        )
    assert not desk.own.exists()


def test_an_editors_failure_is_told(desk: Desk) -> None:
    """Its exit status comes back, so that an editor that was left by an error is not taken for done."""
    assert desk.edit("beta-1", "sys.exit(3)").status == 3


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "nano"}, ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "'/my apps/ed' -x"}, ["/my apps/ed", "-x"]),
        ({"EDITOR": "vim; rm -rf $HOME"}, ["vim;", "rm", "-rf", "$HOME"]),
    ],
)
def test_the_variable_is_split_into_words_and_read_by_no_shell(
    environment: dict[str, str], command: list[str]
) -> None:
    """VISUAL comes before EDITOR, quotes keep words together, and nothing in it is expanded or run."""
    assert editor_command(environment) == command


def test_a_variable_that_cannot_be_split_is_told() -> None:
    """A quote without its end names the variable."""
    with pytest.raises(CannotEdit, match="The variable EDITOR cannot be read"):
        editor_command({"EDITOR": "'vim"})


def test_without_a_variable_an_editor_that_is_there_is_taken(tmp_path: Path) -> None:
    """The first of the usual ones on the path, and a sentence where there is none."""
    with pytest.raises(CannotEdit, match="Set the variable EDITOR"):
        editor_command({"PATH": str(tmp_path)})
    for name in ("vi", "nano"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert editor_command({"PATH": str(tmp_path)}) == ["nano"]


@pytest.mark.parametrize(
    ("name", "given"),
    [("nvim", [f"+{HEADING_OF_TWO}", "file"]), ("hx", [f"+{HEADING_OF_TWO}", "file"]), ("kate", ["file"])],
)
def test_only_known_editors_are_given_a_line(tmp_path: Path, name: str, given: list[str]) -> None:
    """The heading's line goes to those that take it as +N; another might open a file of that name."""
    editor, seen = tmp_path / name, tmp_path / "seen"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {shlex.quote(str(seen))}\n')
    editor.chmod(0o755)
    assert run_editor([str(editor)], tmp_path / "file", HEADING_OF_TWO) == 0
    assert [word.removeprefix(f"{tmp_path}/") for word in seen.read_text().split()] == given


def test_an_interrupt_belongs_to_the_editor(tmp_path: Path) -> None:
    """Ctrl-C while the editor has the terminal does not end the program, and the editor does not ignore it."""
    code = "import signal; print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN, flush=True)"
    out = tmp_path / "out"
    shell = f"{shlex.quote(sys.executable)} -c {shlex.quote(code)} > {shlex.quote(str(out))}; sleep 0.5"

    def interrupt() -> None:
        time.sleep(0.2)
        signal.raise_signal(signal.SIGINT)

    waits: list[int] = []
    threading.Thread(target=interrupt).start()
    assert run_editor(["sh", "-c", shell], tmp_path / "file", 0, lambda: waits.append(1)) == 0
    assert out.read_text().strip() == "False"


def test_a_block_is_kept_while_its_question_is_edited(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its clock stands, it keeps the text that it began with, and what it records afterwards still fits the record."""
    practice = desk.world.single("starter", "beta-1")
    monkeypatch.setenv("VISUAL", "")
    monkeypatch.setenv("EDITOR", "sed -i s/A.man/Somebody/")
    with pytest.raises(IllegalStep, match="Answer this question first"):
        practice.edit(0, allowed=True)
    desk.world.choose(practice, right=True)
    practice.do(block.Reveal)
    edited = practice.edit(0, allowed=True)
    assert edited.changed
    assert desk.text("beta-1").startswith("Somebody")
    assert practice.question(0).stem.startswith("A man")
    assert practice.state.phase is block.Phase.OPEN
    practice.do(block.Note, text="mended", position=0)
    practice.do(block.Submit)
    practice.finish()
    assert desk.world.digest() == desk.world.replayed_digest()
    assert [row.response.note for row in desk.world.responses()] == ["mended"]
