"""Item statistics in lines: a table, and in words what is worth a look."""

import math
import statistics
import textwrap
from collections.abc import Mapping

from tabulate import tabulate

from qbank.app.item_report import ItemReport, Name
from qbank.core.insight.item_statistics import EASIEST, GROUP, HARDEST, KEY_ANSWERS, Doubt, ItemStatistics
from qbank.core.pictures import without_paths
from qbank.core.proportion import Z_95
from qbank.core.question import Question

_MARKS = {Doubt.KEY: "key?", Doubt.HARD: "hard", Doubt.EASY: "easy"}
_MEANS = {
    Doubt.KEY: "who does well elsewhere rather misses it, and the upper group prefers another option. Its key may be wrong; "
    "read it again: qbank bank show QUESTION --answer",
    Doubt.HARD: f"under {HARDEST:.0%} were right so far. It may be unclear, have a second right answer, or just be hard.",
    Doubt.EASY: f"over {EASIEST:.0%} were right so far, so it tells hardly anybody apart.",
}
_COLUMNS = ("Question", "Answers", "Right", "95 %", "r", "Seconds", "Look")
_NAME_BESIDE = 60
"""Columns that the table needs beside the names."""

_OPTION_BESIDE = 42
"""Columns that an option's counts need before its words."""


def report_lines(
    report: ItemReport, questions: Mapping[Name, Question], *, width: int | None, all_options: bool
) -> list[str]:
    """The table and what is worth a look; of every item the options where they are asked for.

    `questions` has those that are told of. Names and options are cut to `width` columns, whole without one.
    """
    if report.learners < 2:
        return _alone(report)
    if not report.items:
        return _too_few(report)
    name_width = None if width is None else max(12, width - _NAME_BESIDE)
    rows = [
        (
            _cut(f"{item.bank}/{item.question}", name_width),
            item.answers,
            f"{item.facility:.0%}",
            "{:.0%}-{:.0%}".format(*item.facility_interval),
            _signed(item.point_biserial),
            f"{item.median_ms / 1000:.0f}",
            " ".join(_MARKS[doubt] for doubt in item.doubts),
        )
        for item in report.items
    ]
    align = ("left", "right", "right", "right", "right", "right", "left")
    lines = [
        *tabulate(
            rows, headers=_COLUMNS, tablefmt="simple", disable_numparse=True, colalign=align
        ).splitlines(),
        "",
        *_summary(report),
    ]
    for item in report.items:
        if all_options or item.doubts:
            lines += ["", *_told(item, questions.get((item.bank, item.question)), width)]
    return lines


def _alone(report: ItemReport) -> list[str]:
    who = "one learner's first answers" if report.learners else "no answers to count"
    return [
        f"Item statistics compare several people, and this store holds {who}.",
        "Others write their record with `qbank export FILE`, and `qbank --db shared.sqlite3 import FILE` merges it into a "
        "store apart from yours; then ask there: qbank --db shared.sqlite3 bank items",
        "Records under one name count as one person's, and who gives none is called `me`. So each practises under a name of "
        "their own: qbank --learner NAME. No name is shown here.",
    ]


def _too_few(report: ItemReport) -> list[str]:
    return [
        f"{report.learners} learners have answered here, and no question has {report.least} first answers yet; "
        f"the most of any is {report.most}.",
        "With so few, chance says more than the question does. More records come in with: qbank import FILE",
    ]


def _summary(report: ItemReport) -> list[str]:
    fewer = f" {report.fewer} have fewer and are left out." if report.fewer else ""
    lines = [
        f"{_count(len(report.items), 'question')} with {report.least} first answers or more, of {report.learners} learners."
        f"{fewer}",
        "Right: how many were, of those who happened to be asked, with its 95 % interval.",
        "r: whether who does well on the other questions is right here, from -1 to 1; from +.20 on it tells them well apart."
        f"{_unsure(report)}",
    ]
    if report.reliability is not None:
        alpha, count, learners = report.reliability
        lines.append(
            f"Reliability of the {count} questions that {learners} learners all answered: alpha (KR-20) {alpha:.2f}."
        )
    doubts = {doubt for item in report.items for doubt in item.doubts}
    lines += [f"{_MARKS[doubt]}: {_MEANS[doubt]}" for doubt in Doubt if doubt in doubts]
    if Doubt.KEY not in doubts:
        told = max(item.scored for item in report.items) >= KEY_ANSWERS
        lines.append(
            "No key looks wrong."
            if told
            else f"Whether a key looks wrong can be told from {KEY_ANSWERS} learners on with answers to other questions too."
        )
    if any(item.upper for item in report.items):
        lines.append(
            f"Upper and lower: the {GROUP:.0%} who do best and worst on the other questions. * marks the key."
        )
    return lines


def _unsure(report: ItemReport) -> str:
    """How far chance alone takes an r, by Fisher's transformation."""
    scored = statistics.median(item.scored for item in report.items)
    if scored <= 3:
        return ""
    return f" With {scored:.0f} learners it is unsure by {math.tanh(Z_95 / math.sqrt(scored - 3)):.1f} either way."


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _told(item: ItemStatistics, question: Question | None, width: int | None) -> list[str]:
    doubts = ", ".join(_MARKS[doubt] for doubt in item.doubts)
    title = f"{item.bank}/{item.question}" + (f" ({doubts})" if doubts else "")
    if question is None:
        return [title]
    texts = {option.id: " ".join(without_paths(option.text).split()) for option in question.options}
    counts = {one.option: one for one in item.options}
    order = [*texts, None] if None in counts else list(texts)
    text_width = None if width is None else max(20, width - _OPTION_BESIDE)
    rows = [
        (
            "*" if option == item.key else "",
            counts[option].chosen,
            counts[option].upper,
            counts[option].lower,
            "left blank" if option is None else _cut(texts[option], text_width),
        )
        for option in order
        if option in counts
    ]
    headers = ("", "All", f"Upper {item.upper}", f"Lower {item.lower}", "Option")
    table = tabulate(rows, headers=headers, tablefmt="plain", disable_numparse=True, colalign=_OPTION_ALIGN)
    return [title, *textwrap.indent(table, "    ").splitlines()]


_OPTION_ALIGN = ("left", "right", "right", "right", "left")


def _signed(correlation: float | None) -> str:
    return "-" if correlation is None else f"{correlation:+.2f}"


def _cut(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else f"{text[: width - 1]}…"
