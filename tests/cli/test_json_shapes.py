"""The shapes in docs/json.md are the ones that the commands print: no key more, none less, none of another type."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cohort import put_cohort
from forgetting import FORGETFUL, remembering
from measuring import load_reserve, sit
from support import Qbank
from worlds import World

from qbank.app import reports
from qbank.app.exams import load_exam
from qbank.app.mind import keep_mind
from qbank.app.preferences import change
from qbank.app.workspace import open_workspace
from qbank.core.exam import Values
from qbank.core.insight.readiness import LEAST_ANSWERS
from qbank.core.reminder import parse_schedule, systemd_timer
from qbank.core.report import ReportKind, ScoreReport
from qbank.exchange.report_files import write_report
from qbank.settings import load
from qbank.store.store import Store

DOC = Path(__file__).parents[2] / "docs" / "json.md"
TYPES: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "date": lambda value: isinstance(value, str) and bool(date.fromisoformat(value)),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "object": lambda value: isinstance(value, dict),
}
OWN = """+++
id = "own-objective"
objective = "Know what is one's own"
system = "cardiovascular"
disciplines = ["anatomy"]
sources = ["A textbook: a chapter"]
review = "draft"
+++

# own-question

A case.

Which of the following is it?

- [x] This

  Because.

- [ ] That

  Because not.
"""
FAULTY = OWN.replace("cardiovascular", "cardiovascula")


def documented() -> dict[str, dict[str, str]]:
    """{command: {key: type}} as the document says."""
    shapes: dict[str, dict[str, str]] = {}
    for line in DOC.read_text(encoding="utf-8").splitlines():
        if heading := re.fullmatch(r"## `qbank (.+) --json`", line):
            rows = shapes.setdefault(re.sub(r" ?\[?[A-Z]+\]?", "", heading[1]), {})
        elif row := re.match(r"\| `([^`]+)` \| ([a-z ]+) \|", line):
            rows[row[1]] = row[2]
    return shapes


def leaves(value: object, keys: dict[str, str], path: str = "") -> Iterator[tuple[str, object]]:
    """Each documented or atomic value with its key; any key of a documented map is `*`."""
    if path in keys:
        yield path, value
    if isinstance(value, dict):
        known = any(key.startswith(f"{path}.*") for key in keys)
        for name, inner in value.items():
            yield from leaves(inner, keys, f"{path}.*" if known else f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, keys, f"{path}[]")
    elif path not in keys:
        yield path, value


@pytest.fixture
def printed(
    started: Qbank, home: Path, tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[Any]]:
    """What each reporting command prints, in several situations."""
    found: dict[str, list[Any]] = {name: [] for name in documented()}

    def see(name: str, *arguments: str) -> None:
        ran = started(*name.split(), *arguments, "--json")
        assert ran.out, ran.err
        found[name].append(json.loads(ran.out))

    for folder, content in (
        (home / "questions", OWN),
        (tmp_path / "faulty", FAULTY),
        (tmp_path / "broken", "no"),
    ):
        folder.mkdir(parents=True)
        (folder / "one.md").write_text(content)
    see("status")
    see("ready")
    see("plan")
    started("bank", "load")
    started("block", "--size", "3", stdin="A\nB\nC\n")
    started("block", "--mode", "tutor", "--size", "8", stdin="A 3\nB 4\n-A\nC 3\nD 3\nE 3\n" + "x\n" * 5)
    blocks = [json.loads(started("look", "--json").out)["block"]]
    started("block", "--seed", "1", "--size", "2", stdin="A\n1\nB\nC?\n")
    blocks.append(json.loads(started("look", "--json").out)["block"])
    started("block", "--missed", "--size", "1", stdin="A!\n")
    started("miss", "something", "--system", "cardiovascular")
    started("block", "--size", "1", "--mode", "tutor", stdin="A\n")
    see("bank flagged")
    started("block", "--size", "1", stdin="f two keys\nA\n")
    started("block", "--size", "1", stdin="t look at the axis first\nx\nA\n")
    see("bank flagged")
    see("progress")
    see("outside list")
    for source, rows in (("one", "1,right,Heart,60\n2,wrong,Renal,70\n"), ("two", "1,wrong,Heart,50\n")):
        (tmp_path / "results.csv").write_text(f"id,result,system,others\n{rows}")
        assert started("outside", "import", str(tmp_path / "results.csv"), "--source", source).code == 0
    see("outside list")
    for day in (date(2026, 9, 1), date(2026, 10, 1)):
        (tmp_path / "cbssa.toml").write_text(_self_assessment(day))
        added = started("report", "add", "--file", str(tmp_path / "cbssa.toml"), "--yes")
        assert added.code == 0, added.err
    started("report", "remove", "1")
    see("status")
    (tmp_path / "fourth.toml").write_text(
        'kind = "score-report"\nsat_on = 2026-09-30\noutcome = "fail"\nattempt = 4\n'
        '[flags]\n"system/cardiovascular" = "lower"\n'
    )
    fourth = started("report", "add", "--file", str(tmp_path / "fourth.toml"), "--yes")
    assert fourth.code == 0, fourth.err
    for key, days in (
        ("exam-date", 45),
        ("eligibility-end", 60),
        ("reschedule-by", 5),
        ("school-deadline", 50),
    ):
        started("set", key, _in(days))
    see("plan", "--what-if", f"date={_in(70)}", "--what-if", f"date={_in(40)}")
    started("set", "attempts-left", "2")
    see("plan")
    see("lastdays")
    see("ready")
    started("set", "exam-date", _in(2))
    see("status")
    see("ready")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    units = tmp_path / "config" / "systemd" / "user"
    units.mkdir(parents=True)
    (units / "qbank-remind.timer").write_text(systemd_timer(parse_schedule("21:00")))
    see("remind")
    see("plan")
    see("lastdays")
    see("why")
    see("history")
    see("history --blocks")
    see("debrief")
    started("debrief", stdin="y\n10\n6\nbooks\n3\n5.5\nshaky\nthe clock\n1\n")
    see("debrief")
    started("debrief", "--delete", "--yes")
    started("debrief", stdin="y\nstop\n")
    for block in reversed(blocks):
        see("look", block)
    see("report show", "1")
    see("report show", "2")
    see("report list")
    see("bank list")
    see("bank show", "own-question")
    see("bank search", "this")
    see("bank banks")
    (tmp_path / "quiz.gift").write_text("Which is it? {=This ~That}\n\nSay more. {}\n", encoding="utf-8")
    see("bank import", str(tmp_path / "quiz.gift"), "--dry-run")
    see("bank import", str(tmp_path / "quiz.gift"))
    see("bank import", str(tmp_path / "quiz.gift"), "--bank", "again")
    see("bank stats")
    see("bank stats --gaps")
    see("bank check --rules")
    see("bank items")
    with Store.open(tmp_path / "cohort.sqlite3", backup_dir=None) as store:
        put_cohort(store, learners=30, questions=24, miskeyed=2)
    ran = started("--db", str(tmp_path / "cohort.sqlite3"), "bank", "items", "--json")
    found["bank items"].append(json.loads(ran.out))
    sheet = tmp_path / "sheet.txt"
    see("bank blind", str(sheet), "--sample", "3")
    sheet.write_text(sheet.read_text().replace("Answer:\nNote:", "Answer: A\nNote: doubtful"))
    see("bank blind --mark", str(sheet))
    see("bank check")
    see("bank check", str(tmp_path / "faulty"))
    see("bank check", str(tmp_path / "broken"))
    see("fit")
    ran = started("--home", str(_measured(tmp_path / "measured", empty_sqlite)), "ready", "--json")
    found["ready"].append(json.loads(ran.out))
    monkeypatch.setattr("qbank.core.fitting.LEAST_REVIEWS", 500)
    remembering(tmp_path / "much", empty_sqlite, FORGETFUL, objectives=100).close()
    for name, arguments in (
        ("fit", []),
        ("fit --list", []),
        ("fit --use", ["default"]),
        ("fit --use", ["1"]),
    ):
        ran = started("--home", str(tmp_path / "much"), *name.split(), *arguments, "--json")
        found[name].append(json.loads(ran.out))
    _told_their_mind(started, tmp_path / "minded")
    for where in ("minded", "unpractised"):
        found["diagnose"].append(
            json.loads(started("--home", str(tmp_path / where), "diagnose", "--json").out)
        )
    see("doctor")
    see("doctor", "--rebuild")
    (home / "qbank.sqlite3").chmod(0o644)
    see("doctor")
    return found


def test_every_key_is_documented_and_every_documented_key_is_there(printed: dict[str, list[Any]]) -> None:
    """The document and the output have the same keys, and each value is of a type that the document allows."""
    for name, keys in documented().items():
        seen = set()
        for value in printed[name]:
            for path, leaf in leaves(value, keys):
                assert path in keys, f"qbank {name} --json prints {path}, which docs/json.md does not have"
                allowed = keys[path].split(" or ")
                assert any(TYPES[one](leaf) for one in allowed), f"qbank {name}: {path} is {leaf!r}"
                seen.add(path)
        assert keys.keys() - seen == set(), f"docs/json.md has keys that qbank {name} --json never printed"


def test_every_reporting_command_is_documented(started: Qbank) -> None:
    """A command that has --json has its section, and the other way round."""
    names = [
        "status",
        "diagnose",
        "progress",
        "remind",
        "why",
        "plan",
        "ready",
        "lastdays",
        "look",
        "report show",
        "report list",
        "outside list",
        "doctor",
    ]
    names += ["history", "history --blocks", "debrief"]
    names += [
        "fit",
        "fit --list",
        "fit --use",
        "bank stats --gaps",
        "bank check --rules",
        "bank blind",
        "bank blind --mark",
    ]
    names += [
        f"bank {verb}"
        for verb in ("list", "show", "search", "flagged", "stats", "items", "check", "banks", "import")
    ]
    assert set(documented()) == set(names)
    for name in names:
        verb = name.partition(" --")[0]
        assert "--json" in started(*verb.split(), "--help").out
    for name in (
        "block",
        "review",
        "undo",
        "set",
        "export",
        "import",
        "backup",
        "restore",
        "outside",
        "miss",
    ):
        assert "--json" not in started(name, "--help").out


def test_nothing_else_is_on_standard_output(printed: dict[str, list[Any]]) -> None:
    """Whatever a command printed with --json was read as one JSON value."""
    assert all(printed.values())


def _told_their_mind(qbank: Qbank, home: Path) -> None:
    """Two timed blocks, after which the mind was elsewhere and was not, and a block with reasons for misses."""
    own = ("--home", str(home))
    qbank(*own, "start", "--yes", "--report", "sample", "--no-block")
    for elsewhere in (True, False):
        qbank(*own, "block", "--size", "12", "--seed", "1", stdin="A\n" * 12)
        workspace = open_workspace(load({"home": str(home)}, {}))
        with workspace.store.read() as tx:
            block = tx.closed_block(workspace.learner.id)
        assert block is not None
        keep_mind(workspace, block.id, elsewhere)
        workspace.close()
    qbank(*own, "block", "--mode", "tutor", "--size", "8", "--seed", "1", stdin="A 3\n" * 8)


def _in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def _measured(home: Path, template: Path) -> Path:
    """The home of somebody with as many answers that measure as an index needs."""
    world = World(home, template=template)
    world.at = datetime.now(UTC) - timedelta(hours=1)
    change(world.workspace, "time-zone", "UTC")
    load_reserve(world)
    sit(world, size=LEAST_ANSWERS, right=80)
    reports.add(world.workspace, _form(world.workspace.today - timedelta(7)))
    world.close()
    return home


def _self_assessment(day: date) -> str:
    return write_report(_form(day), load_exam("usmle-step1"))


def _form(day: date) -> ScoreReport:
    exam = load_exam("usmle-step1")
    schema = next(one for one in exam.report_schemas if one.values is Values.PERCENT)
    return ScoreReport(
        ReportKind.SELF_ASSESSMENT,
        exam.id,
        schema.era,
        day,
        form="31",
        equated_percent_correct=61.0,
        likely_low=57.0,
        likely_high=65.0,
        printed_p_pass=0.42,
        rows_percent=tuple((row.id, 60.0) for row in schema.rows[:3]),
    )
