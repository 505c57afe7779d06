"""Questions go out to other programs' files and come back the same; what cannot go is told."""

import json
from pathlib import Path

import pytest
from support import Qbank

from qbank.app.flagging import flag_question
from qbank.app.workspace import open_workspace
from qbank.core.question import Question, serve
from qbank.exchange.mcq import read_mcq
from qbank.settings import load

SYSTEM = ("--system", "biostatistics-epidemiology")


def bundled(home: Path) -> list[Question]:
    """The bundled questions of that system, as the store has them."""
    opened = open_workspace(load({"home": str(home)}, {}))
    with opened.store.read() as tx:
        listed = tx.list_questions(bank="starter", system=SYSTEM[1])
        found = [tx.question(one.bank, one.id) for one in listed]
    opened.close()
    return [question for question in found if question]


def test_bundled_questions_come_back_from_gift_as_they_were(
    started: Qbank, home: Path, tmp_path: Path
) -> None:
    """Ids, texts, keys, explanations and places; only variants stay here, and are counted."""
    file = tmp_path / "out.gift"
    done = started("bank", "export", "--format", "gift", str(file), *SYSTEM)
    assert done.code == 0, done.err
    before = bundled(home)
    plain = {one.id: one for one in before if not one.draws}
    assert f"{len(plain)} questions written to {file}." in done.out
    assert f"whose numbers are drawn anew each time: {len(before) - len(plain)}." in done.out
    assert "CC BY-SA 4.0" in done.out
    objectives, questions, _ = read_mcq(
        "out.gift", file.read_bytes(), bank="starter", known={"system": {SYSTEM[1]: "B"}}
    )[:3]
    back = {one.id: one for one in questions}
    assert back.keys() == plain.keys()
    for name, question in plain.items():
        assert (back[name].stem, back[name].options, back[name].remember) == (
            question.stem,
            question.options,
            question.remember,
        )
    assert {one.system for one in objectives} == {SYSTEM[1]}
    assert len(objectives) == len({one.objective for one in plain.values()})


def test_a_file_that_went_out_can_be_imported_as_a_bank(started: Qbank, tmp_path: Path) -> None:
    """And going out from there it is the same to the byte."""
    first, second = tmp_path / "one.gift", tmp_path / "two.gift"
    assert started("bank", "export", "--format", "gift", str(first), *SYSTEM).code == 0
    assert "in the shape gift" in started("bank", "import", str(first), "--bank", "back").out
    assert started("bank", "export", "--format", "gift", str(second), "--bank", "back").code == 0
    assert first.read_bytes() == second.read_bytes()


def test_aiken_goes_to_standard_output_and_tells_what_it_loses(started: Qbank) -> None:
    """The file alone is on standard output, so that it can go through a pipe."""
    done = started("bank", "export", "--format", "aiken", "-", *SYSTEM)
    assert done.code == 0
    assert "no place for explanations" in done.err
    assert (
        done.out.count("\nANSWER: ") == len(read_mcq("x", done.out.encode(), bank="x", shape="aiken")[1]) > 5
    )


def test_an_exported_file_is_private_and_replaces_nothing_unasked(started: Qbank, tmp_path: Path) -> None:
    """Own questions may be among them."""
    file = tmp_path / "out.gift"
    file.write_text("mine")
    refused = started("bank", "export", "--format", "gift", str(file), *SYSTEM)
    assert refused.code == 2
    assert "--force" in refused.err
    assert file.read_text() == "mine"
    assert started("bank", "export", "--format", "gift", str(file), *SYSTEM, "--force").code == 0
    assert file.stat().st_mode & 0o077 == 0


def test_what_is_not_there_is_told_with_the_mend(started: Qbank, tmp_path: Path) -> None:
    """An unknown bank or system, and nothing that could be written: no file is made."""
    file = tmp_path / "out.gift"
    assert started("bank", "export", "--format", "gift", str(file), "--bank", "nope").code == 4
    assert (
        "Did you mean"
        in started("bank", "export", "--format", "gift", str(file), "--system", "cardiovascula").err
    )
    assert started("miss", "digoxin: high potassium", "--system", "cardiovascular").code == 0
    empty = started("bank", "export", "--format", "gift", str(file), "--bank", own_misses(started))
    assert empty.code == 1
    assert "a recall prompt, which has no options: 1." in empty.err
    assert not file.exists()


def own_misses(qbank: Qbank) -> str:
    """The name of the bank of what the learner missed elsewhere."""
    listed = qbank("bank", "list", "--json").out
    return "misses-" + listed.split('"misses-', 1)[1].split('"', 1)[0]


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_tables_and_lines_come_back_by_the_import_to_the_byte(
    started: Qbank, tmp_path: Path, form: str
) -> None:
    """A bank that went out, came in and goes out again."""
    first, second = tmp_path / f"one.{form}", tmp_path / f"two.{form}"
    assert started("bank", "export", "--format", form, str(first), *SYSTEM).code == 0
    done = started("bank", "import", str(first), "--bank", "back")
    assert done.code == 0, done.err
    assert started("bank", "export", "--format", form, str(second), "--bank", "back").code == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_booklet_is_one_page_with_its_licence(started: Qbank, home: Path, tmp_path: Path) -> None:
    """As HTML and as Markdown."""
    file = tmp_path / "questions.html"
    done = started("bank", "export", "--format", "booklet", str(file), *SYSTEM)
    assert done.code == 0, done.err
    page = file.read_text()
    assert page.count('<div class="stem">') == len([one for one in bundled(home) if not one.draws])
    assert "CC BY-SA 4.0, the qbank authors." in page
    markdown = started("bank", "export", "--format", "booklet-markdown", "-", *SYSTEM)
    assert markdown.out.startswith("# ")


def test_only_what_was_asked_for_goes_out(started: Qbank, home: Path) -> None:
    """By discipline and objective; what is not there is told."""
    one = next(one for one in bundled(home) if not one.draws)
    assert exported(started, "--objective", one.objective) == {
        other.id for other in bundled(home) if other.objective == one.objective and not other.draws
    }
    every = exported(started, *SYSTEM)
    physiology = exported(started, "--discipline", "physiology", "--bank", "starter")
    assert physiology - every
    assert started("bank", "export", "--format", "csv", "-", "--objective", "none-such").code == 4
    assert (
        "Did you mean" in started("bank", "export", "--format", "csv", "-", "--discipline", "pathologi").err
    )


def test_a_sample_is_drawn_the_same_under_its_seed(started: Qbank) -> None:
    """Another seed draws others; of fewer than that all go out."""
    every = exported(started, *SYSTEM)
    first = exported(started, *SYSTEM, "--sample", "5")
    assert len(first) == 5
    assert first < every
    assert first == exported(started, *SYSTEM, "--sample", "5", "--seed", "0")
    assert first != exported(started, *SYSTEM, "--sample", "5", "--seed", "1")
    assert exported(started, *SYSTEM, "--sample", "5000") == every


def test_what_was_missed_or_flagged_goes_out_alone(started: Qbank, home: Path) -> None:
    """By the last answer, and by the learner's flags."""
    nothing = started("bank", "export", "--format", "csv", "-", "--missed")
    assert nothing.code == 1
    assert nothing.out == ""
    opened = open_workspace(load({"home": str(home)}, {}))
    item = serve(next(one for one in bundled(home) if not one.draws), seed=1)
    flag_question(opened, item, "odd")
    opened.close()
    assert exported(started, "--flagged") == {item.question}
    assert started("block", "--size", "6", "--mode", "tutor", stdin="A\n" * 60).code == 0
    opened = open_workspace(load({"home": str(home)}, {}))
    with opened.store.read() as tx:
        answers = list(tx.responses(opened.learner.id))
        asked = {
            one.response.item.question: tx.question(one.response.item.bank, one.response.item.question)
            for one in answers
        }
    opened.close()
    wrong = {one.response.item.question for one in answers if not one.response.correct}
    missed = {name for name in wrong if (found := asked[name]) and not found.draws}
    assert missed
    assert exported(started, "--missed") == missed


def exported(qbank: Qbank, *wanted: str) -> set[str]:
    """The ids of the questions that go out."""
    done = qbank("bank", "export", "--format", "jsonl", "-", *wanted)
    assert done.code == 0, done.err
    return {json.loads(line)["id"] for line in done.out.splitlines()}
