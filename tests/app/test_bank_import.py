"""An import reads everything first, writes it in one piece, and keeps banks apart."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from worlds import World, small_question

from qbank.app import bank_import_reading
from qbank.app.bank_import import import_of
from qbank.app.bank_import_reading import Options
from qbank.app.bank_switching import switch
from qbank.app.import_sources import bank_name
from qbank.core import block
from qbank.core.question import Objective
from qbank.core.response import Mode
from qbank.errors import InputInvalid, NotFound, UsageError
from qbank.store.banks import Banks
from qbank.store.loading import Writes
from qbank.store.rows import BankKind, BankRow, LoadCounts

GIFT = "::one:: Which organ makes bile? {=Liver ~Spleen}\n\n::two:: Which organ stores bile? {=Gall bladder ~Spleen}\n"
ESSAY = "::three:: Describe bile. {}\n"


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    """A store with the small starter bank."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.settle()
    made.load_bank()
    yield made
    made.close()


def file(folder: Path, name: str, text: str = GIFT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def brought(world: World, *paths: Path, bank: str | None = None, **options: Any) -> dict[str, LoadCounts]:  # noqa: ANN401 what Options takes
    with import_of(world.workspace, paths, Options(**options), bank=bank) as read:
        return {report.bank: report.counts for report in read.write()}


def held(world: World) -> dict[str, list[str]]:
    """The ids of each bank's questions."""
    found: dict[str, list[str]] = {}
    with world.workspace.store.read() as tx:
        for one in tx.list_questions():
            found.setdefault(one.bank, []).append(one.id)
    return found


def imported(world: World) -> dict[str, list[str]]:
    return {bank: ids for bank, ids in held(world).items() if bank != "starter"}


def csv(*rows: tuple[str, str]) -> str:
    return "id,stem,a,b,answer\n" + "".join(f"{name},{stem},Yes,No,A\n" for name, stem in rows)


def test_each_file_goes_into_a_bank_of_its_name(world: World, tmp_path: Path) -> None:
    """And again each updates its bank."""
    paths = [file(tmp_path, "My School 1.gift"), file(tmp_path, "other.csv", csv(("x", "Is it?")))]
    assert brought(world, *paths) == {"my-school-1": LoadCounts(2), "other": LoadCounts(1)}
    assert {bank: len(ids) for bank, ids in imported(world).items()} == {"my-school-1": 2, "other": 1}
    assert brought(world, *paths) == {
        "my-school-1": LoadCounts(unchanged=2),
        "other": LoadCounts(unchanged=1),
    }
    file(tmp_path, "other.csv", csv(("x", "Is it so?")))
    assert brought(world, *paths)["other"] == LoadCounts(changed=1, replaced=True)


@pytest.mark.parametrize(
    ("name", "bank"),
    [
        ("A b_c.tar.gz", "a-b-c"),
        ("starter.csv", "starter-imported"),
        ("own.csv", "own-imported"),
        ("---.csv", "imported"),
        ("Frågor.gift", "frågor"),
        ("x" * 99 + ".csv", "x" * 60),
    ],
)
def test_a_banks_name_comes_from_its_file(tmp_path: Path, name: str, bank: str) -> None:
    """Letters, digits and hyphens, and never a name that qbank keeps."""
    assert bank_name(tmp_path / name) == bank


def test_another_file_of_the_same_name_takes_nothing_from_the_first(world: World, tmp_path: Path) -> None:
    """It gets a bank of its own, and says so; with --bank it updates that one."""
    first = file(tmp_path, "a/q.csv", csv(("x", "First?")))
    second = file(tmp_path, "b/q.csv", csv(("x", "Second?")))
    brought(world, first)
    with import_of(world.workspace, [second], Options()) as read:
        assert "--bank q" in read.notes[0]
        read.write()
    assert imported(world) == {"q": ["x"], "q-2": ["x"]}
    assert brought(world, second) == {"q-2": LoadCounts(unchanged=1)}
    assert brought(world, second, bank="q") == {"q": LoadCounts(changed=1, replaced=True)}


def test_a_fault_in_one_file_keeps_all_of_them_out(world: World, tmp_path: Path) -> None:
    """Every file's faults are told in one run."""
    good = file(tmp_path, "good.gift")
    bad = file(tmp_path, "bad.csv", "stem,a,b,answer\nIs it?,Yes,No,C\n")
    worse = file(tmp_path, "worse.csv", "stem,a,b,answer\n,Yes,No,A\n")
    with (
        pytest.raises(InputInvalid, match=r"(?s)bad.csv:2.*worse.csv:2"),
        import_of(world.workspace, [good, bad, worse], Options()),
    ):
        pass
    assert imported(world) == {}


def test_an_import_that_is_stopped_leaves_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by Ctrl-C after the first of several batches."""
    rows = [(f"q{number}", f"Is it {number}?") for number in range(1200)]
    path = file(tmp_path, "many.csv", csv(*rows))
    calls, write = [0], Banks._write

    def stopped(self: Banks, writes: Writes) -> None:
        calls[0] += 1
        if calls[0] == 2:
            raise KeyboardInterrupt
        write(self, writes)

    monkeypatch.setattr(Banks, "_write", stopped)
    with pytest.raises(KeyboardInterrupt):
        brought(world, path)
    monkeypatch.undo()
    assert imported(world) == {}
    with world.workspace.store.read() as tx:
        assert [row.id for row in tx.banks()] == ["starter"]
    assert brought(world, path) == {"many": LoadCounts(1200)}


def test_comparing_says_what_writing_does_and_writes_nothing(world: World, tmp_path: Path) -> None:
    """New, changed and unchanged ones, and those left out."""
    path = file(tmp_path, "q.csv", csv(("x", "First?"), ("y", "Second?"), ("z", "Third?")))
    brought(world, path)
    file(tmp_path, "q.csv", csv(("x", "First?"), ("y", "Changed?"), ("w", "Fourth?"), ("v", "Fifth?")))
    before = world.events(), held(world)
    with import_of(world.workspace, [path], Options()) as read:
        said = read.compare()
        assert (world.events(), held(world)) == before
        assert said == read.write()
    assert said[0].counts == LoadCounts(new=2, changed=1, unchanged=1, replaced=True)


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_is_one_bank_whose_files_never_collide(world: World, tmp_path: Path, packed: bool) -> None:
    """Nor do those of an archive; what is no file of questions is told."""
    folder = tmp_path / "course"
    texts = {
        "week 1/quiz.csv": csv(("1", "First?")),
        "week 2/quiz.csv": csv(("1", "Second?")),
        "read.me": "x",
    }
    for name, text in texts.items():
        file(folder, name, text)
    path = folder
    if packed:
        path = tmp_path / "course.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in texts:
                archive.write(folder / name, name)
    with import_of(world.workspace, [path], Options()) as read:
        read.write()
        left_out = [one for report in read.files for one in report.left_out]
    assert imported(world) == {"course": ["week-1-quiz-1", "week-2-quiz-1"]}
    assert [one.place.endswith("read.me") for one in left_out] == [True]
    assert brought(world, path) == {"course": LoadCounts(unchanged=2)}


def test_files_of_one_bank_with_the_same_id_are_refused(world: World, tmp_path: Path) -> None:
    """One of them would be lost; the same question in both is read once, and told."""
    one = file(tmp_path, "one.csv", csv(("x", "First?"), ("y", "Same?")))
    two = file(tmp_path, "two.csv", csv(("x", "Second?")))
    with pytest.raises(InputInvalid, match=r'two.csv:1: The id "x" was used in one.csv'):
        brought(world, one, two, bank="both")
    three = file(tmp_path, "three.csv", csv(("y", "Same?"), ("z", "Third?")))
    with import_of(world.workspace, [one, three], Options(), bank="both") as read:
        assert [item.reason for item in read.files[1].left_out] == ["there already in one.csv"]
        assert read.write()[0].counts == LoadCounts(3)


def test_banks_with_the_same_ids_never_collide(world: World, tmp_path: Path) -> None:
    """In the bank, in the log and in memory: an answer in one says nothing of the other."""
    first = file(tmp_path, "first.csv", csv(("x", "First?")))
    second = file(tmp_path, "second.csv", csv(("x", "Second?")))
    brought(world, first, second)
    with world.workspace.store.read() as tx:
        stems = [tx.question(bank, "x") for bank in ("first", "second")]
    assert [one.stem for one in stems if one] == ["First?", "Second?"]
    practice = world.single("first", "x", Mode.TUTOR)
    world.choose(practice, right=True)
    practice.do(block.Submit)
    practice.finish()
    assert set(world.memories()) == {("first", "x")}
    assert [row.response.item.bank for row in world.responses()] == ["first"]
    with world.workspace.store.read() as tx:
        learner = world.workspace.learner.id
        used = {bank: tx.question_use(learner, bank, "x") for bank in ("first", "second")}
        left = {row.bank: row.n_unseen for row in tx.candidates(learner, reserve=None)}
    assert used["first"] is not None
    assert used["second"] is None
    assert (left["first"], left["second"]) == (0, 1)
    assert world.digest() == world.replayed_digest()


def test_a_licence_stays_until_another_is_given(world: World, tmp_path: Path) -> None:
    """And a bank that is off stays off."""
    path = file(tmp_path, "q.gift")
    brought(world, path, licence="CC BY 4.0, Ada")
    switch(world.workspace, "q", off=True)
    brought(world, path)
    with world.workspace.store.read() as tx:
        row = next(row for row in tx.banks() if row.id == "q")
        assert row == BankRow("q", "q", str(path), BankKind.IMPORTED, "usmle-step1", "CC BY 4.0, Ada", True)
    brought(world, path, licence="")
    with world.workspace.store.read() as tx:
        assert tx.licence("q") == ""


@pytest.mark.parametrize("licence", ["two\nlines", "esc\x1b[31m", "x" * 301])
def test_a_licence_is_a_line_that_can_be_shown(world: World, tmp_path: Path, licence: str) -> None:
    """Of no more than two lines on the screen."""
    with pytest.raises(UsageError, match="A licence is one line"):
        brought(world, file(tmp_path, "q.gift"), licence=licence)


@pytest.mark.parametrize("bank", ["", " ", "a/b", "a\nb", "x" * 61, "starter", "misses-1"])
def test_a_banks_name_can_be_shown_and_is_not_taken(world: World, tmp_path: Path, bank: str) -> None:
    """Nothing is read before."""
    with pytest.raises(UsageError, match="--bank"):
        brought(world, tmp_path / "nothing", bank=bank)


def test_questions_of_other_banks_are_found(world: World, tmp_path: Path) -> None:
    """But not those of the bank that is updated, nor of one that is off; what was decided once is not asked again."""
    with world.workspace.store.begin() as tx:
        tx.put_bank(BankRow("school", "school", "", BankKind.IMPORTED, "usmle-step1"))
        objective = Objective("school", "o", "o", "", "", ())
        tx.upsert_questions(
            "school", [objective], [small_question("s", "o", bank="school", stem="Which it is?")]
        )
    given = {"question": "which IT is", "options": [f"s {letter}." for letter in "dcba"], "answer": "A"}
    path = file(tmp_path, "q.jsonl", json.dumps(given) + "\n")
    with import_of(world.workspace, [path], Options()) as read:
        (one,) = read.duplicates
        assert (one.known.bank, one.known.id, one.known.similarity) == ("school", "s", 1.0)
        new, stored = read.pair(one)
        assert (new.id, stored and stored.id) == (one.id, "s")
        assert read.write({one})[0].left_out == 1
    assert imported(world) == {"school": ["s"]}
    with import_of(world.workspace, [path], Options()) as read:
        assert len(read.duplicates) == 1
        read.write()
    with import_of(world.workspace, [path], Options()) as read:
        assert not read.duplicates
    switch(world.workspace, "school", off=True)
    with import_of(world.workspace, [path], Options(), bank="third") as read:
        assert [one.known.bank for one in read.duplicates] == ["q"]


def test_a_bank_all_of_whose_questions_are_left_out_is_not_begun(world: World, tmp_path: Path) -> None:
    """There is nothing in it."""
    brought(world, file(tmp_path, "one.gift"))
    with import_of(world.workspace, [file(tmp_path, "two.gift")], Options()) as read:
        read.write(set(read.duplicates))
    with world.workspace.store.read() as tx:
        assert [row.id for row in tx.banks()] == ["one", "starter"]


def test_a_large_file_is_read_in_parts_with_the_same_result(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a small one is as a whole."""
    lines = [
        {"id": f"q{n}", "question": f"Case {n}?", "options": {"A": "x", "B": "y"}, "answer": "A"}
        for n in range(40)
    ]
    path = file(tmp_path, "q.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    brought(world, path, bank="whole")
    monkeypatch.setattr(bank_import_reading, "IN_PARTS_FROM", 0)
    brought(world, path, bank="parts")
    found = held(world)
    assert found["whole"] == found["parts"]
    assert len(found["parts"]) == 40


def test_what_is_not_there_is_told(world: World, tmp_path: Path) -> None:
    """A file, and questions in a folder."""
    with pytest.raises(NotFound):
        brought(world, tmp_path / "nothing.csv")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no file"):
        brought(world, tmp_path / "empty")


def test_a_file_in_a_folder_may_hold_nothing_that_can_be_asked(world: World, tmp_path: Path) -> None:
    """It is told with its reasons; named by itself it is refused."""
    file(tmp_path, "course/essays.gift", ESSAY)
    file(tmp_path, "course/quiz.gift")
    with import_of(world.workspace, [tmp_path / "course"], Options()) as read:
        assert read.files[0].left_out[0].reason == "an essay"
        read.write()
    assert {bank: len(ids) for bank, ids in imported(world).items()} == {"course": 2}
    with pytest.raises(InputInvalid, match="no question with one best answer"):
        brought(world, tmp_path / "course" / "essays.gift")
