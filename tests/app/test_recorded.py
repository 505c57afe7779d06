"""What is recorded can be exported and taken in again; what could not be is refused before it is written."""

import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from forgetting import FORGETFUL
from hypothesis import example, given, settings
from hypothesis import strategies as st
from worlds import World, small_question

from qbank.app.payload import to_data
from qbank.app.portable import export_record, import_record
from qbank.app.record import Recorder, record
from qbank.app.reports import sample
from qbank.core import block
from qbank.core.event import EventKind
from qbank.core.memory import DEFAULT_MODEL
from qbank.core.question import Objective, serve
from qbank.core.response import Mode
from qbank.errors import InputInvalid, NotFound, QbankError, UsageError
from qbank.store.rows import BankKind, BankRow
from qbank.store.store import Transaction

TEXTS = st.one_of(
    st.text(max_size=6), st.sampled_from(["", "\x00", "\\u0000", "\x1b[31m", "\ud800", "2027-01-18"])
)
NUMBERS = st.one_of(
    st.integers(-2, 3),
    st.sampled_from([60, 2_000_000, 10**9, 10**9 + 1, 2**63, 2**80]),
    st.floats(),
    st.booleans(),
    st.none(),
)
KEYS = st.sampled_from(
    [
        "minutes",
        "days",
        "extra-time",
        "time-zone",
        "exam-date",
        "assumed-exam-date",
        "report-asked-on",
        "exam",
        "nightly-fit",
        "ask-mind",
        "memory-weights",
        "fit-tried",
        "x",
    ]
)
VALUES = st.one_of(
    TEXTS, NUMBERS, st.sampled_from(["Europe/Berlin", "Europe/Nowhere", "usmle-step2ck", 1.25, 60.0, 5, []])
)
PLAN = block.BlockPlan("block-0", Mode.TUTOR, (serve(small_question("delta-1", "delta"), 1),))
DAY_ITEMS = to_data(PLAN)["items"]
SAT = st.builds(
    lambda at, left_ms: {"day": "day-0", "number": 1, "of": 1, "at": at, "day_left_ms": left_ms},
    st.sampled_from(["2027-01-04T12:00:00Z", "2027-01-04T12:00:00", "now"]),
    st.sampled_from([60_000, 0, 2**60]),
)
NAMES = st.one_of(st.just("fsrs-6-0123abcd"), st.just("fsrs-6"), TEXTS)
WEIGHTS = st.one_of(
    st.sampled_from([list(DEFAULT_MODEL.weights), list(FORGETFUL.weights)]),
    st.lists(st.floats(), max_size=3),
    st.lists(st.floats(0, 1), min_size=21, max_size=21),
)


def _of(kind: EventKind, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[EventKind, Any]]:
    return st.tuples(st.just(kind), st.fixed_dictionaries(fields))


ANYTHING = st.one_of(
    _of(EventKind.SETTING, key=KEYS, value=VALUES),
    _of(
        EventKind.OUTSIDE,
        source=TEXTS,
        system=st.sampled_from(["cardiovascular", "", "nowhere"]),
        discipline=TEXTS,
        right=NUMBERS,
        of=NUMBERS,
        minutes=NUMBERS,
    ),
    _of(
        EventKind.RESULTS,
        source=TEXTS,
        misses_only=st.booleans(),
        rows=st.lists(
            st.tuples(
                TEXTS,
                TEXTS,
                st.booleans(),
                st.one_of(st.none(), NUMBERS),
                st.sampled_from(["cardiovascular", "", "nowhere"]),
                st.just(""),
                TEXTS,
                st.sampled_from([None, "2026-12-01", "0001-01-01"]),
                st.sampled_from([None, 0, 63, 101, -1]),
            ).map(list),
            max_size=3,
        ),
        totals=st.lists(
            st.tuples(st.just("system"), st.just("cardiovascular"), NUMBERS).map(list), max_size=1
        ),
    ),
    _of(EventKind.RESULTS_REMOVED, source=TEXTS, removed=st.booleans()),
    _of(EventKind.QUESTION_FLAGGED, bank=TEXTS, question=TEXTS, note=TEXTS, flagged=st.booleans()),
    _of(EventKind.DEBRIEF, exam_date=TEXTS, outcome=TEXTS),
    _of(EventKind.RETRACTION, block=TEXTS, position=NUMBERS),
    _of(EventKind.REPORT_REMOVED, report=TEXTS, removed=st.booleans()),
    _of(
        EventKind.BLOCK_COMPOSED,
        block=st.sampled_from(["block-0", "block-0", "other"]),
        purpose=st.sampled_from(["drill", "assess", "exam", "fun"]),
        plan=st.fixed_dictionaries(
            {"block": st.just(to_data(PLAN))},
            optional={"lean": NUMBERS, "picks": VALUES, "new": VALUES, "sat": st.one_of(VALUES, SAT)},
        ),
    ),
    _of(
        EventKind.EXAM_DAY_BEGUN,
        day=st.sampled_from(["day-0", "day-0", "other"]),
        plan=st.builds(
            lambda limit, rest, ids: {
                "id": "day-0",
                "format": "14x30",
                "blocks": [{"id": name, "limit_ms": limit, "items": DAY_ITEMS} for name in ids],
                "break_ms": rest,
                "tutorial_ms": 0,
            },
            st.sampled_from([60_000, 60_000, 0, 2**60]),
            st.sampled_from([1, 1, -1]),
            st.lists(st.sampled_from(["block-0", "block-1", "\x1b"]), max_size=2),
        ),
        paper=st.lists(st.just({"expected": [0.5], "picks": [{}]}), max_size=2),
        seed=st.just(1),
    ),
    _of(
        EventKind.EXAM_DAY_STEP,
        day=TEXTS,
        step=st.sampled_from(["tutorial-ended", "day-ended", "lunch"]),
    ),
    _of(
        EventKind.FITTED,
        accepted=st.sampled_from([True, True, False, 1]),
        name=NAMES,
        weights=WEIGHTS,
        reviews=st.one_of(st.integers(1_000, 9_000), NUMBERS),
        held_out=st.integers(0, 9_000),
        log_loss_default=st.floats(),
        log_loss_before=st.just(0.4),
        log_loss_after=st.just(0.3),
        standard_error=st.just(0.01),
        library=TEXTS,
    ),
    _of(EventKind.WEIGHTS_CHOSEN, name=NAMES, weights=st.one_of(st.none(), WEIGHTS)),
    _of(
        EventKind.MEMORY_IMPORTED,
        source=TEXTS,
        bank=st.sampled_from(["starter", "", "\x1b"]),
        histories=st.lists(
            st.fixed_dictionaries(
                {
                    "question": st.sampled_from(["delta-1", "nowhere"]),
                    "objective": st.sampled_from(["delta", "nowhere"]),
                    "reviews": st.lists(
                        st.tuples(
                            st.sampled_from(
                                ["2026-12-30T12:00:00Z", "2026-12-30T12:00:00", "2026-12-31T01:00:00+02:00"]
                            ),
                            st.integers(0, 5),
                            st.sampled_from(["2026-12-30", "2027-01-03", "2400-01-01", "then"]),
                        ),
                        max_size=3,
                    ),
                }
            ),
            max_size=2,
        ),
    ),
    _of(
        EventKind.OWN_OBJECTIVE,
        objective=st.builds(lambda name: to_data(Objective("misses", name, name)), TEXTS),
        question=st.builds(lambda name: to_data(small_question("card", name, bank="misses")), TEXTS),
    ),
)
MANY_ELSEWHERE: tuple[EventKind, dict[str, Any]] = (
    EventKind.OUTSIDE,
    {
        "source": "x",
        "system": "cardiovascular",
        "discipline": "",
        "right": 1,
        "of": 2_000_000,
        "minutes": None,
    },
)
CLOCKS = st.one_of(
    st.just(datetime(2027, 1, 4, tzinfo=UTC)),
    st.sampled_from([1970, 1999, 2000, 2200, 2201, 9990]).map(
        lambda year: datetime(year, 1, 1, 12, tzinfo=UTC)
    ),
)


@settings(max_examples=60)
@given(happened=st.lists(ANYTHING, max_size=6), at=CLOCKS)
@example(happened=[MANY_ELSEWHERE], at=datetime(2027, 1, 4, tzinfo=UTC))
@example(happened=[], at=datetime(1980, 1, 1, tzinfo=UTC))
def test_whatever_was_recorded_can_be_taken_in(
    empty_sqlite: Path, happened: list[tuple[EventKind, dict[str, Any]]], at: datetime
) -> None:
    """Every event is refused with a sentence and leaves nothing, or its export imports to the same."""
    with tempfile.TemporaryDirectory(prefix="qbank-recorded-") as folder:
        world = World(Path(folder, "one"), template=empty_sqlite)
        world.load_bank()
        world.settle()
        world.at = at
        for kind, data in happened:
            before = world.events()
            try:
                record(world.workspace, kind, data)
            except QbankError:
                assert world.events() == before
        file = Path(folder, "record.jsonl")
        export_record(world.workspace, file)
        other = World(Path(folder, "two"), template=empty_sqlite, device="two")
        import_record(other.workspace, file)
        assert other.digest() == world.digest() == world.replayed_digest()
        other.close()
        world.close()


@pytest.fixture
def world(tmp_path: Path, empty_sqlite: Path) -> World:
    """A learner with a bank."""
    made = World(tmp_path / "home", template=empty_sqlite)
    made.load_bank()
    made.settle()
    return made


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("minutes", 60.0), ("days", True), ("extra-time", True), ("time-zone", "Europe/Nowhere"),
        ("exam", "cooking"), ("exam-date", 20270118), ("nightly-fit", "perhaps"), ("memory-weights", None),
        ("fit-tried", {"on": "2027-01-04", "reviews": 1_000}), ("ask-mind", "no"),
        ("outside-results", []),
    ],
)  # fmt: skip
def test_a_setting_has_the_type_it_is_read_as(world: World, key: str, value: object) -> None:
    """What compares equal is not always the same: 60.0 is no number of minutes, and True no factor."""
    with pytest.raises(UsageError, match="cannot be recorded"):
        record(world.workspace, EventKind.SETTING, {"key": key, "value": value})


def test_a_clock_that_cannot_be_is_told(world: World) -> None:
    """A computer without a clock shows 1970, and its events would sort before all others for ever."""
    world.at = datetime(1980, 1, 1, tzinfo=UTC)
    with pytest.raises(UsageError, match=r"shows the year 1980\. Set it right"):
        record(world.workspace, EventKind.SETTING, {"key": "minutes", "value": 30})


def test_a_note_holds_any_text_but_the_null_character(world: World) -> None:
    """The six characters that spell it in JSON are a text like any other."""
    practice = world.single("starter", "delta-1")
    practice.do(block.Note, text="\\u0000")
    with pytest.raises(UsageError, match=r"U\+0000"):
        practice.do(block.Note, text="\x00")
    assert practice.state.items[0].note == "\\u0000"


def test_what_comes_first_in_the_transaction_can_refuse(world: World) -> None:
    """`within` sees what is there when the event would be written, and what it raises leaves nothing."""
    before = world.events()

    def refuse(tx: Transaction) -> None:
        assert tx.event_count() == before
        raise NotFound("place", "here", "Go elsewhere.")

    with pytest.raises(NotFound):
        record(world.workspace, EventKind.SETTING, {"key": "minutes", "value": 30}, within=refuse)
    assert world.events() == before


def test_a_bank_without_a_name_travels(world: World, tmp_path: Path, empty_sqlite: Path) -> None:
    """It is odd and harmless, so no reason to keep a learner from their record."""
    with world.workspace.store.begin() as tx:
        tx.put_bank(BankRow("", "Nameless", "", BankKind.IMPORTED, "usmle-step1"))
        tx.upsert_questions("", [Objective("", "o", "Know")], [small_question("q", "o", bank="")])
    file = tmp_path / "record.jsonl"
    export_record(world.workspace, file)
    other = World(tmp_path / "two", template=empty_sqlite)
    assert import_record(other.workspace, file).questions > 0


def _lines(world: World, tmp_path: Path) -> list[dict[str, Any]]:
    file = tmp_path / "record.jsonl"
    export_record(world.workspace, file)
    return [json.loads(line) for line in file.read_text().splitlines()]


def _refused(tmp_path: Path, empty: Path, lines: list[bytes]) -> str:
    file = tmp_path / "changed.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(InputInvalid) as caught:
        import_record(World(tmp_path / "two", template=empty).workspace, file)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["learner", "device", "bank", "objective", "event"])
def test_ids_that_a_terminal_would_obey_are_refused(
    world: World, tmp_path: Path, empty_sqlite: Path, kind: str
) -> None:
    """A name in a record from elsewhere can neither move the cursor nor read from right to left."""
    lines = _lines(world, tmp_path)
    row = next(line for line in lines if kind in line)[kind]
    row["name" if "name" in row and kind != "bank" else "id"] = "x\u202ey"
    text = _refused(tmp_path, empty_sqlite, [json.dumps(line).encode() for line in lines])
    assert "U+202E" in text
    assert "Export the record again." in text


def test_deep_nesting_is_a_fault_with_its_line(world: World, tmp_path: Path, empty_sqlite: Path) -> None:
    """Wherever it stands in the file."""
    lines = [json.dumps(line).encode() for line in _lines(world, tmp_path)]
    deep = b"[" * 200_000 + b"]" * 200_000
    place = next(i for i, line in enumerate(lines) if b'"event"' in line)
    event = json.loads(lines[place])
    event["event"]["data"]["value"] = "HERE"
    changed = [*lines[:place], json.dumps(event).encode().replace(b'"HERE"', deep), *lines[place + 1 :]]
    assert f"changed.jsonl:{place + 1}: It is nested" in _refused(tmp_path, empty_sqlite, changed)
    assert "changed.jsonl:1: " in _refused(tmp_path, empty_sqlite, [deep, *lines[1:]])
    assert "was cut" in _refused(tmp_path, empty_sqlite, [*lines[:-1], deep])


def test_a_plan_of_an_older_or_newer_program_is_taken_in(
    world: World, tmp_path: Path, empty_sqlite: Path
) -> None:
    """A replay reads the block alone; what explained its composition may have had other fields."""
    name = world.single("starter", "delta-1").plan.id
    lines = _lines(world, tmp_path)
    composed = next(line["event"] for line in lines if line.get("event", {}).get("kind") == "block-composed")
    composed["data"]["plan"] |= {"picks": [{"once": "otherwise"}], "mood": "good"}
    file = tmp_path / "changed.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)) + "\n")
    other = World(tmp_path / "two", template=empty_sqlite)
    import_record(other.workspace, file)
    with other.workspace.store.read() as tx:
        row = tx.block(name)
    assert row is not None
    assert row.plan["mood"] == "good"


def test_closed_blocks_are_not_kept_in_memory(world: World) -> None:
    """A note after the close changes the response and leaves nothing behind."""
    practice = world.single("starter", "delta-1")
    world.choose(practice, right=False)
    practice.do(block.Reveal)
    practice.do(block.Submit)
    recorder = Recorder(world.workspace)
    for text in ("one", "two"):
        step = block.event_to_json(block.Note(at_ms=0, text=text, position=0))
        recorder.record(EventKind.BLOCK_STEP, {"block": practice.plan.id, "step": step})
    assert recorder._projector._states == {}
    assert world.responses()[0].response.note == "two"
    assert world.digest() == world.replayed_digest()


def test_the_sample_report_is_recordable(world: World) -> None:
    """The check knows the reports of the exam that is prepared for."""
    record(world.workspace, EventKind.REPORT_ADDED, {"report": to_data(sample(world.workspace))})
    changed = to_data(sample(world.workspace)) | {"sat_on": date(2027, 1, 1), "era": "golden"}
    with pytest.raises(UsageError, match="golden"):
        record(world.workspace, EventKind.REPORT_ADDED, {"report": changed})
