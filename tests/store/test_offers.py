"""What a large bank offers without being read: by kind, by rank and by ceiling, the same as its candidates tell."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from qbank.core.candidates import Candidate
from qbank.core.question import in_reserve
from qbank.core.serving import REPEAT_DAYS
from qbank.store.offers import Offered
from qbank.store.rows import BankKind, LearnerRow, MemoryRow, QuestionUse
from qbank.store.store import Store, Transaction

Make = Any
TODAY = date(2027, 1, 4)
SYSTEMS = ("cardiovascular", "respiratory-renal", "")
OUT = "other"


@pytest.fixture
def bank(store: Store, make: Make, learner: LearnerRow) -> Iterator[Transaction]:
    """A store with 120 objectives in three banks, some met, some used up, some resting; and a second learner."""
    draw = random.Random(5)
    with store.begin() as tx:
        stranger = make.learner(tx, "Bo")
        for number in range(120):
            name, bank = f"o{number:03}", ("starter", "third", OUT)[number % 3]
            make.load(
                tx, *(make.question(f"{name}-{n}", name, bank) for n in range(2)), kind=BankKind.IMPORTED
            )
            placed = replace(
                make.objective(name, bank),
                system=draw.choice(SYSTEMS),
                likelihood=draw.choice(["low", "high"]),
            )
            tx.upsert_questions(bank, [placed], [])
            for n in range(draw.randrange(3)):
                day = TODAY - timedelta(days=draw.randrange(30))
                tx.put_question_use(QuestionUse(learner.id, bank, f"{name}-{n}", name, 1, day, True))
            if draw.random() < 0.5:
                tx.put_memory(a_memory(learner, name, bank, draw.randrange(-1, 40), draw.random()))
            tx.put_memory(a_memory(stranger, name, bank, 3, 0.5))
        tx.retire_missing("third", keep=[f"o{number:03}-0" for number in range(60)])
        yield tx


def a_memory(
    learner: LearnerRow, name: str, bank: str = "starter", ago: int = 9, kept: float = 0.5
) -> MemoryRow:
    day = TODAY - timedelta(days=ago)
    return MemoryRow(learner.id, bank, name, 5.0, 5.0, day, 1, 0, kept, 9.5, 0.1, 0.2, "fsrs-6")


def reckon(tx: Transaction, learner: LearnerRow) -> dict[tuple[str, str], float]:
    """A ceiling for everything that was met, no two alike."""
    rows = list(tx.met(learner.id))
    tops = {(row[0], row[1]): row[11] + number / 1e6 for number, row in enumerate(rows)}
    tx.put_ceilings(learner.id, "by", [(row[0], row[1], row[3], tops[row[0], row[1]]) for row in rows])
    return tops


def may_come(row: Candidate) -> bool:
    return row.n_unseen > 0 or (row.oldest_day is not None and (TODAY - row.oldest_day).days >= REPEAT_DAYS)


def kind(row: Candidate) -> tuple[str, ...]:
    return row.bank, row.system, row.section, row.disciplines, row.likelihood


def left(tx: Transaction, offered: Offered) -> list[Candidate]:
    rows = tx.candidates(offered.learner, without_banks=offered.without_banks)
    return [row for row in rows if (row.bank, row.objective) not in offered.without]


OFFERS = [{}, {"without_banks": (OUT,)}, {"without": frozenset({("starter", "o000"), ("third", "o001")})}]


@pytest.mark.parametrize("fields", OFFERS)
def test_kinds_are_counted_as_the_candidates_are(
    bank: Transaction, learner: LearnerRow, fields: dict[str, Any]
) -> None:
    """Those with a day of a last review, and those never reviewed that may come."""
    offered = Offered(learner.id, TODAY, **fields)
    rows, met, fresh = left(bank, offered), Counter[Any](), Counter[Any]()
    for row in rows:
        met[kind(row)] += row.last_day is not None
        fresh[kind(row)] += row.trace is None and may_come(row)
    counted = {tuple(row[:5]): tuple(row[5:]) for row in bank.kind_counts(offered)}
    assert counted == {of: (met[of], fresh[of]) for of in map(kind, rows)}
    assert 0 < fresh.total() < len(rows)


@pytest.mark.parametrize("fields", OFFERS)
def test_unmet_ones_are_found_by_their_rank(
    bank: Transaction, learner: LearnerRow, fields: dict[str, Any]
) -> None:
    """Among those of a kind that may come, by (bank, id), in the order asked for."""
    offered = Offered(learner.id, TODAY, **fields)
    some = ["starter", "third"]
    of: dict[tuple[str, ...], list[Candidate]] = {}
    for row in left(bank, offered):
        if row.trace is None and may_come(row) and row.bank in some:
            of.setdefault(kind(row)[1:], []).append(row)
    assert len(of) > 3
    for names, rows in of.items():
        ranks = list(range(len(rows)))[::-1]
        assert bank.unmet_at(offered, names, some, ranks) == rows[::-1]  # type: ignore[arg-type]


@pytest.mark.parametrize("fields", OFFERS)
def test_met_ones_come_from_the_highest_ceiling_down(
    bank: Transaction, learner: LearnerRow, fields: dict[str, Any]
) -> None:
    """System by system, those that may come today; those whose memory has moved since have none and come apart."""
    offered = Offered(learner.id, TODAY, **fields)
    tops = reckon(bank, learner)
    moved = [pair for pair in tops if int(pair[1][1:]) % 4 == 0]
    for of_bank, name in moved:
        bank.put_memory(a_memory(learner, name, of_bank))
    rows = [row for row in left(bank, offered) if row.last_day and row.last_day < TODAY and may_come(row)]
    loose = [row for row in rows if (row.bank, row.objective) in moved]
    assert sorted(map(tuple, bank.met_without_ceiling(offered))) == sorted(loose)
    assert loose
    for system in SYSTEMS:
        held = [row for row in rows if row.system == system and row not in loose]
        expected = sorted(((tops[row[:2]], tuple(row)) for row in held), reverse=True)
        assert list(bank.met_by_ceiling(offered, system)) == expected
        assert expected


def test_live_ones_are_found_by_name(bank: Transaction, learner: LearnerRow) -> None:
    """Those of left out banks, of the reserve and those without a question are not."""
    offered = Offered(learner.id, TODAY, (OUT,))
    pairs = [("starter", "o000"), (OUT, "o002"), ("third", "o061"), ("third", "o001"), ("starter", "nothing")]
    expected = [row for row in left(bank, offered) if (row.bank, row.objective) in pairs]
    assert sorted(map(tuple, bank.named(offered, pairs))) == sorted(expected)
    assert expected


@pytest.mark.parametrize("change", ["reviewed", "weights", "forgotten", "placed elsewhere", "rebuilt"])
def test_a_ceiling_goes_with_what_it_was_reckoned_from(
    bank: Transaction, learner: LearnerRow, make: Make, change: str
) -> None:
    """A new memory or a new place in the exam takes it away; another learner's and the next objective's stay."""
    tops = reckon(bank, learner)
    name = next(name for of, name in tops if of == "starter")
    changes: dict[str, Callable[[], object]] = {
        "reviewed": lambda: bank.put_memory(a_memory(learner, name)),
        "weights": lambda: bank.put_memories(learner.id, [("starter", name, a_memory(learner, name).memory)]),
        "forgotten": lambda: bank.forget(learner.id, "starter", name),
        "placed elsewhere": lambda: bank.upsert_questions(
            "starter", [replace(make.objective(name), system="elsewhere")], []
        ),
        "rebuilt": lambda: bank.clear_derived(learner.id),
    }
    changes[change]()
    everything = bank.candidates(learner.id, reserve=None)
    bounded = {
        row[1][:2]
        for system in {row.system for row in everything}
        for row in bank.met_by_ceiling(Offered(learner.id, TODAY + timedelta(days=90)), system)
    }
    assert ("starter", name) not in bounded
    live = {(r.bank, r.objective) for r in everything if r.n_questions and not in_reserve(r.objective)}
    if change != "rebuilt":
        assert bounded == tops.keys() & live - {("starter", name)}


def test_ceilings_are_no_part_of_what_a_replay_must_give(bank: Transaction, learner: LearnerRow) -> None:
    """They spare work and say nothing: the digest is that of a store without them."""
    before = bank.derived_digest(learner.id)
    assert bank.ceilings(learner.id) is None
    reckon(bank, learner)
    assert bank.derived_digest(learner.id) == before
    assert bank.ceilings(learner.id) == "by"


def test_ceilings_set_anew_replace_all_earlier_ones(bank: Transaction, learner: LearnerRow) -> None:
    """What is left out the next time has none, and must be read."""
    offered = Offered(learner.id, TODAY + timedelta(days=90))
    reckon(bank, learner)
    assert not bank.met_without_ceiling(offered)
    bank.put_ceilings(learner.id, "again", [])
    assert not any(list(bank.met_by_ceiling(offered, system)) for system in SYSTEMS)
    assert bank.met_without_ceiling(offered)
    assert bank.ceilings(learner.id) == "again"


def test_a_bank_is_measured_without_being_counted(bank: Transaction) -> None:
    """Whether there are at least so many objectives."""
    assert bank.holds_objectives(120)
    assert not bank.holds_objectives(121)
