"""An exam day's questions as values: who comes first, and how they are dealt into blocks."""

from datetime import date

import pytest
from candidates import met, sound, unmet
from hypothesis import given, settings
from hypothesis import strategies as st

from qbank.app.exams import load_exam
from qbank.core.candidates import Candidate
from qbank.core.drill import Pick
from qbank.core.evidence import with_reports
from qbank.core.exam_model import exam_model
from qbank.core.exam_paper import dealt, exam_paper
from qbank.core.mastery import prior
from qbank.core.worth import Pricer

TODAY, EXAM_DAY = date(2027, 1, 4), date(2027, 3, 15)
MODEL = exam_model(load_exam("usmle-step1"), EXAM_DAY)
REPORTED = with_reports(prior(MODEL), MODEL, [], lean=1.0)
PRICER = Pricer(MODEL, (EXAM_DAY - TODAY).days)


def row(name: str, system: str, *, was_met: bool = False, unseen: int = 1) -> Candidate:
    """An objective with one question seen if it was met, and so many unseen."""
    made = unmet(name, "", system, "pathology", questions=unseen + was_met)._replace(n_unseen=unseen)
    day = date(2027, 1, 1)
    return met(made, day, sound(8.0))._replace(oldest_day=day) if was_met else made


def paper(reserve: list[Candidate], others: list[Candidate], size: int, seed: int = 1) -> tuple[Pick, ...]:
    return exam_paper(reserve, others, MODEL, REPORTED, PRICER, on=TODAY, size=size, seed=seed)


def test_the_reserve_comes_first_and_met_objectives_last() -> None:
    """In one system: the reserve, then what was never met, then siblings of what was; nothing without a fresh question."""
    reserve = [row("kept", "cardiovascular"), row("kept-met", "cardiovascular", was_met=True)]
    others = [
        row("new", "cardiovascular"),
        row("met", "cardiovascular", was_met=True),
        row("used-up", "cardiovascular", was_met=True, unseen=0),
        row("nowhere", ""),
    ]
    names = [pick.objective for pick in paper(reserve, others, 10)]
    assert names[:2] == ["kept", "new"]
    assert set(names[2:]) == {"kept-met", "met"}


def test_a_met_objective_is_expected_to_be_recalled() -> None:
    """What to expect of it is its memory, not what is believed of strangers."""
    met, new = paper([], [row("met", "cardiovascular", was_met=True), row("new", "cardiovascular")], 2)[::-1]
    assert (met.unseen, new.unseen) == (False, True)
    assert met.p_correct > new.p_correct


def test_systems_get_their_share_of_the_exam() -> None:
    """With plenty of everything, each system's seats are its share to within one and a half."""
    rows = [row(f"{system}-{number}", system) for system in MODEL.systems for number in range(60)]
    picks = paper(rows, [], 280)
    assert len(picks) == 280
    for system in MODEL.systems:
        count = sum(pick.place.system == system for pick in picks)
        assert count == pytest.approx(280 * MODEL.system_share(system), abs=1.5)


def test_the_order_of_the_rows_decides_nothing_but_the_lot() -> None:
    """Another seed draws others; the same seed the same."""
    rows = [row(f"{system}-{number}", system) for system in MODEL.systems[:4] for number in range(20)]
    names = [[pick.objective for pick in paper(rows, [], 20, seed)] for seed in (1, 1, 2)]
    assert names[0] == names[1] != names[2]


@settings(max_examples=40)
@given(
    counts=st.lists(st.integers(0, 25), min_size=1, max_size=6).filter(any),
    block=st.integers(1, 20),
    seed=st.integers(0, 99),
)
def test_dealing_loses_nothing_and_mixes_every_block(counts: list[int], block: int, seed: int) -> None:
    """Every pick once, blocks of the asked sizes, and of full blocks none has two more of a system than another."""
    rows = [
        row(f"{system}-{number}", system)
        for system, count in zip(MODEL.systems, counts, strict=False)
        for number in range(count)
    ]
    picks = paper(rows, [], len(rows))
    full, rest = divmod(len(picks), block)
    sizes = [block] * full + [rest] * (rest > 0)
    blocks = dealt(picks, sizes, seed=seed)
    assert [len(each) for each in blocks] == sizes
    assert sorted(pick.objective for each in blocks for pick in each) == sorted(p.objective for p in picks)
    for system in MODEL.systems:
        of = [sum(pick.place.system == system for pick in each) for each in blocks[:full]]
        assert not of or max(of) - min(of) <= 1
    assert dealt(picks, sizes, seed=seed) == blocks


def test_blocks_that_do_not_add_up_are_refused() -> None:
    """A programmer's error, told at once."""
    with pytest.raises(ValueError, match="do not fill"):
        dealt(paper([row("one", "cardiovascular")], [], 1), [2], seed=1)
