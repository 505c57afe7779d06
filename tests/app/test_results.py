"""Lists from other banks on record: mapped, taken in once, removed and brought back, and the same after a replay."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import World

from qbank.app.outside import OutsidePractice, record_outside
from qbank.app.portable import export_record, import_record
from qbank.app.reports import add, sample
from qbank.app.results import AreaCount, Imported, Wanted, import_results, remove, restore
from qbank.app.results_fold import RESULTS, results
from qbank.app.standing import Standing, standing
from qbank.core import mastery
from qbank.errors import InputInvalid, NotFound, NothingToDo, QbankError, UsageError

TABLE = """ID,Result,Systems,Subjects,Time,Date
1,Correct,Cardiovascular System,Pathology,60 sec,2026-12-01
2,Incorrect,Cardiovascular System,Pathology,80 sec,2026-12-02
3,Incorrect,Renal,Physiology,70 sec,2026-12-02
4,Omitted,Renal,Physiology,,2026-12-02
5,Incorrect,Magic,,70 sec,2026-12-03
"""


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> Iterator[World]:
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    yield made
    made.close()


def take_in(
    world: World, text: str, *, dry_run: bool = False, source: str = "Big Bank", **wanted: object
) -> Imported:
    file = world.folder / "list.csv"
    file.write_text(text, encoding="utf-8")
    return import_results(world.workspace, file, Wanted(source, **wanted), dry_run=dry_run)  # type: ignore[arg-type]


def now(world: World) -> Standing:
    with world.workspace.store.read() as tx:
        return standing(world.workspace, tx)


def heart(world: World) -> float:
    stands = now(world)
    found = mastery.area(stands.reported.belief, stands.model, ("system", "cardiovascular"))
    assert found is not None
    return found.mean


def many(right: int, wrong: int, system: str = "Cardio") -> str:
    lines = [f"{n},{'yes' if n < right else 'no'},{system}" for n in range(right + wrong)]
    return "\n".join(["id,right,system", *lines])


def test_a_list_is_understood_and_what_is_not_is_counted(world: World) -> None:
    """Names as banks have them, sections within systems, what was not answered, and a name that is no area."""
    done = take_in(world, TABLE)
    assert (done.rows, done.right, done.wrong, done.unanswered, done.unplaced) == (5, 1, 3, 1, 1)
    assert done.areas == (
        AreaCount("system", "cardiovascular", 1, 2),
        AreaCount("system", "respiratory-renal", 0, 1),
    )
    assert done.unmapped == (("Magic", 1),)
    assert (done.new, done.changed, done.misses_only) == (3, 0, False)
    (listed,) = results(world.workspace)
    assert {(cell.section, cell.discipline) for cell in listed.cells} == {
        ("", "pathology"),
        ("renal", "physiology"),
    }
    assert (listed.timed, listed.seconds) == (3, 210)


def test_a_newer_list_adds_what_is_new_and_changes_what_changed(world: World) -> None:
    """The same again records nothing; one row more and one corrected are one event with two rows."""
    take_in(world, TABLE)
    events = world.events()
    assert take_in(world, TABLE, source="  big bank").new == 0
    assert world.events() == events
    newer = TABLE.replace("2,Incorrect", "2,Correct") + "6,Correct,Skin,Pathology,50 sec,2026-12-05\n"
    done = take_in(world, newer)
    assert (done.new, done.changed) == (1, 1)
    assert world.events() == events + 1
    (listed,) = results(world.workspace)
    assert (listed.right, listed.answers) == (3, 4)


def test_no_text_and_no_id_is_kept(world: World, tmp_path: Path) -> None:
    """Only a hash tells one question from another, and topics that no area is known for stay out."""
    take_in(world, "Question,Result,System,Topic\nA man with a secret,Correct,Heart,Hidden topic\n")
    file = tmp_path / "record.jsonl"
    export_record(world.workspace, file)
    text = file.read_text()
    assert '"kind":"results"' in text
    assert "secret" not in text
    assert "Hidden" not in text


def test_names_can_be_told_on_the_line_and_in_a_file(world: World, tmp_path: Path) -> None:
    """A learner's own names go first, and the same list imported again fills in what was left out."""
    assert take_in(world, TABLE).unplaced == 1
    done = take_in(world, TABLE, areas=("Magic=multisystem",))
    assert (done.unplaced, done.new, done.unmapped) == (0, 1, ())
    names = tmp_path / "names.toml"
    names.write_text('"Cardiovascular System" = "immune"\n[more]\n"Magic" = "exam"\n')
    done = take_in(world, TABLE, map_file=names)
    assert {area.area for area in done.areas} == {"blood-immune", "respiratory-renal", ""}
    assert (done.new, done.changed) == (0, 2)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"areas": ("Magic",)}, "is not NAME=AREA"),
        ({"areas": ("Magic=cardiovasculr",)}, 'Did you mean "cardiovascular"'),
        ({"totals": ("cardiovascular=9",)}, "belongs to a list of misses"),
        ({"misses_only": True, "totals": ("cardiovascular=0",)}, "is not AREA=NUMBER"),
        ({"misses_only": True, "totals": ("renal=5",)}, "is no system and no discipline"),
        ({"misses_only": True, "totals": ("cardiovascular=5", "pathology=5")}, "not of several kinds"),
        ({"misses_only": True, "totals": ("exam=2",)}, "3 of them were missed"),
        ({"source": ""}, "Give the other bank a name"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_and_nothing_recorded(
    world: World, wanted: dict[str, object], said: str
) -> None:
    """With the mend, before anything is written."""
    events = world.events()
    text = TABLE.replace("Magic", "Heart")
    with pytest.raises(UsageError, match=said):
        take_in(world, text, **wanted)  # type: ignore[arg-type]
    assert world.events() == events


def test_a_map_that_is_none_is_refused_with_its_fault(world: World, tmp_path: Path) -> None:
    """Neither TOML nor an area."""
    names = tmp_path / "names.toml"
    for text, said in (
        ("a b", "This is not TOML"),
        ('"Heart" = "hart"', "which is none"),
        ("x = 3", "has the area 3"),
    ):
        names.write_text(text)
        with pytest.raises(InputInvalid, match=said):
            take_in(world, TABLE, map_file=names)
    with pytest.raises(NotFound):
        take_in(world, TABLE, map_file=tmp_path / "nowhere.toml")


def test_a_dry_run_tells_the_same_and_records_nothing(world: World) -> None:
    """Then the real one does it."""
    events = world.events()
    tried = take_in(world, TABLE, dry_run=True)
    assert world.events() == events
    assert results(world.workspace) == ()
    assert take_in(world, TABLE) == tried


def test_a_list_moves_the_belief_beside_reports_and_a_removal_takes_that_back(world: World) -> None:
    """To the bit, and it can be restored; a name that is none is told."""
    add(world.workspace, sample(world.workspace))
    before = heart(world)
    take_in(world, many(20, 60))
    weak = heart(world)
    assert weak < before
    assert remove(world.workspace, "BIG bank") == "Big Bank"
    assert heart(world) == before
    with pytest.raises(NotFound):
        remove(world.workspace, "big bank")
    restore(world.workspace, "big bank")
    assert heart(world) == weak
    with pytest.raises(NothingToDo):
        restore(world.workspace, "big bank")
    assert world.digest() == world.replayed_digest()


def test_misses_alone_move_nothing_until_totals_are_told(world: World) -> None:
    """Forty misses are not no right answers of forty."""
    before = heart(world)
    done = take_in(world, many(0, 40))
    assert done.misses_only
    assert done.doubtful
    assert heart(world) == before
    take_in(world, many(0, 40), totals=("Cardio=160",))
    assert heart(world) > before
    take_in(world, many(0, 40), totals=("cardiovascular=50",))
    assert heart(world) < before
    assert world.digest() == world.replayed_digest()


def test_who_knows_better_can_say_so(world: World) -> None:
    """All wrong and that is all, or right ones that are not all."""
    assert not take_in(world, many(0, 40), misses_only=False).misses_only
    (listed,) = results(world.workspace)
    assert (listed.right, listed.answers) == (0, 40)
    done = take_in(world, many(10, 10), source="other", misses_only=True)
    assert (done.misses_only, done.new) == (True, 10)


def test_rows_without_ids_and_areas(world: World) -> None:
    """They count for the exam as a whole, each once, however often the list comes."""
    text = "result,date\nright,2026-12-01\nright,2026-12-01\nwrong,2026-12-01\n"
    done = take_in(world, text)
    assert (done.new, done.without_areas, done.without_ids, done.repeats) == (3, True, True, 0)
    assert take_in(world, f"{text}right,2026-12-02\n").new == 1
    (listed,) = results(world.workspace)
    assert (listed.right, listed.answers) == (3, 4)


def test_the_same_question_twice_counts_once(world: World) -> None:
    """Its first attempt, by the day."""
    text = "id,result,date,system\n1,wrong,2026-12-01,Heart\n1,right,2026-12-09,Heart\n"
    assert take_in(world, text).repeats == 1
    (listed,) = results(world.workspace)
    assert (listed.right, listed.answers, listed.repeats) == (0, 1, 1)


def test_totals_entered_by_hand_are_told_beside_a_list(world: World) -> None:
    """They may be the same answers."""
    record_outside(world.workspace, OutsidePractice("big  BANK", "cardiovascular", "", 22, 40, None))
    assert take_in(world, TABLE).by_hand == 40


def test_lists_of_two_devices_merge_and_travel_to_the_bit(
    world: World, tmp_path: Path, empty_sqlite: Path
) -> None:
    """Both had rows that the other had not; after both imports they count the same, each row once."""
    take_in(world, TABLE)
    other = World(tmp_path / "two", template=empty_sqlite, device="two", seed=2)
    other.load_bank()
    other.pass_time(hours=1)
    take_in(other, TABLE.replace("1,Correct", "7,Correct"))
    files = []
    for one in (world, other):
        files.append(one.folder / "record.jsonl")
        export_record(one.workspace, files[-1])
    import_record(world.workspace, files[1])
    import_record(other.workspace, files[0])
    assert results(world.workspace) == results(other.workspace)
    assert sum(listed.answers for listed in results(world.workspace)) == 4
    assert world.digest() == other.digest() == world.replayed_digest()
    other.close()


def test_what_another_version_stored_is_told(world: World) -> None:
    """With the command that makes it anew."""
    with world.workspace.store.begin() as tx:
        tx.put_learner(world.workspace.learner)
        tx.put_setting(world.workspace.learner.id, RESULTS, [{"name": 3}])
    with pytest.raises(QbankError, match="qbank doctor --rebuild"):
        results(world.workspace)
