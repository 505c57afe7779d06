"""Item statistics in lines: they fit a terminal, and explain what is there and nothing else."""

import re

from cohort import question
from msgspec.structs import replace

from qbank.app.item_report import ItemReport, Reliability
from qbank.core.insight.item_statistics import Doubt, ItemStatistics, OptionCount
from qbank.core.proportion import Interval
from qbank.core.question import Question
from qbank.ui.item_report import report_lines

ASKED = question(1)
LONG = "a-name-that-goes-on-and-on-as-they-do-when-somebody-is-careful"
ITEM = ItemStatistics(
    bank="shared",
    question=ASKED.id,
    key=ASKED.options[0].id,
    answers=100,
    right=98,
    facility=0.98,
    facility_interval=Interval(0.93, 1.0),
    scored=103,
    point_biserial=0.25,
    point_biserial_interval=Interval(0.06, 0.42),
    upper=128,
    lower=127,
    options=tuple(OptionCount(option.id, 25, 7, 6) for option in ASKED.options),
    median_ms=61_400,
    doubts=(),
)


def report(*items: ItemStatistics) -> ItemReport:
    return ItemReport(10, 120, 4_000, 100, 0, items, None)


def lines(found: ItemReport, *asked: Question, width: int | None = None, options: bool = False) -> list[str]:
    known = {(one.bank, one.id): one for one in asked}
    return report_lines(found, known, width=width, all_options=options)


def test_tables_fit_the_terminal() -> None:
    """Long names and options are cut, their beginnings are kept; in a pipe they are whole."""
    texts = (*(option.text for option in ASKED.options[:3]), "a long option " * 20)
    options = tuple(replace(option, text=text) for option, text in zip(ASKED.options, texts, strict=True))
    asked = replace(ASKED, id=LONG, options=options)
    item = replace(ITEM, question=LONG, doubts=(Doubt.KEY, Doubt.HARD), facility_interval=Interval(0.95, 1))
    cut = lines(report(item), asked, width=80)
    tables = [line for line in cut if re.search(r" {2}\d|^-|Upper \d", line)]
    assert len(tables) == 8
    assert max(map(len, tables)) <= 80
    assert "shared/a-name" in cut[2]
    whole = lines(report(item), asked)
    assert any(LONG in line for line in whole)
    assert any("a long option " * 19 in line for line in whole)


def test_only_what_is_there_is_explained() -> None:
    """Each mark once, and none without its question."""
    quiet = "\n".join(lines(report(ITEM)))
    assert "No key looks wrong." in quiet
    assert "hard:" not in quiet
    assert "shared/q-001 (" not in quiet
    doubts = (Doubt.KEY, Doubt.EASY)
    loud = "\n".join(lines(report(replace(ITEM, doubts=doubts), replace(ITEM, doubts=doubts)), ASKED))
    assert loud.count("key?: ") == loud.count("easy: ") == 1
    assert "No key looks wrong" not in loud
    assert "shared/q-001 (key?, easy)" in loud


def test_it_says_how_unsure_it_is() -> None:
    """And from how many learners on a key can be judged."""
    few = replace(ITEM, scored=12, point_biserial=None, point_biserial_interval=None, upper=0, lower=0)
    text = "\n".join(lines(report(few)))
    assert "unsure by 0.6 either way" in text
    assert "from 20 learners on" in text
    assert "Upper and lower" not in text
    assert "unsure" not in "\n".join(lines(report(replace(few, scored=3))))
    assert "by 0.2 either way" in "\n".join(lines(report(ITEM)))


def test_blanks_and_reliability_are_told() -> None:
    """Blanks as the last option."""
    options = (*ITEM.options, OptionCount(None, 4, 0, 3))
    found = replace(report(replace(ITEM, options=options)), reliability=Reliability(0.7123, 10, 30))
    shown = lines(found, ASKED, options=True)
    assert shown[-1].endswith("left blank")
    assert any("10 questions that 30 learners all answered: alpha (KR-20) 0.71" in line for line in shown)
