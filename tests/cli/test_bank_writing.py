"""The verbs of whoever writes questions: begin a file, edit one, see it as in a block, check it blind, see gaps."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from support import Qbank

from qbank.app import new_files
from qbank.app.coverage import coverage
from qbank.app.editing import Edited
from qbank.app.exams import load_exam
from qbank.errors import Fault, UsageError

GOOD = """\
+++
id = "aging-brain-lipofuscin-memory"
task = "foundational-science"
review = "draft"
+++

# shelf-of-old-photographs

A woman of 80 looks at photographs.

Which of the following explains this?

- [ ] Loss of neurons

  No.

- [x] Slower recall

  Yes.

> Recall slows.
"""


def test_a_new_file_keeps_nothing_from_loading_until_it_can_be_read(qbank: Qbank, home: Path) -> None:
    """The page to fill in stands beside the bank; what is loaded is what was loaded before."""
    done = qbank("bank", "new", "aging-brain-lipofuscin-memory")
    page = home / "questions" / "human-development" / "aging-brain-lipofuscin-memory.md.unfinished"
    assert done.code == 0
    assert str(page) in done.out
    assert "three questions" in page.read_text()
    assert qbank("bank", "load").code == 0
    page.write_text(page.read_text() + "mine")
    qbank("bank", "new", "aging-brain-lipofuscin-memory")
    assert page.read_text().endswith("mine")


def test_a_finished_page_becomes_a_file_in_a_pipe_too(qbank: Qbank, home: Path) -> None:
    """Only one that was there already is read; what is left to fill in keeps it a page."""
    page = home / "questions" / "human-development" / "aging-brain-lipofuscin-memory.md.unfinished"
    qbank("bank", "new", "aging-brain-lipofuscin-memory")
    assert len(re.findall("^# <question-", page.read_text(), flags=re.MULTILINE)) == 3
    page.write_text(
        GOOD.replace("looks at", "looks at <age, sex, place, complaint, history, examination, results>")
    )
    left = qbank("bank", "new", "aging-brain-lipofuscin-memory")
    assert "left to fill in" in left.out
    page.write_text(GOOD)
    done = qbank("bank", "new", "aging-brain-lipofuscin-memory", "--no-edit")
    assert "can be read" in done.out
    assert page.with_suffix("").read_text() == GOOD
    assert not page.exists()
    assert qbank("bank", "load").code == 0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (("aging-brain-lipofuscin-memory", "aging-brain-lipofuscin"), "Write id ="),
        (('task = "foundational-science"', 'task = "foundational"'), "no task"),
        (("shelf-of-old-photographs", "taken-already"), "also used in"),
    ],
)
def test_a_page_that_could_not_be_loaded_stays_a_page(
    qbank: Qbank, home: Path, spoil: tuple[str, str], message: str
) -> None:
    """Another objective's id, an area that there is not, an id of another file."""
    folder = home / "questions"
    qbank("bank", "new", "aging-brain-lipofuscin-memory")
    page = folder / "human-development" / "aging-brain-lipofuscin-memory.md.unfinished"
    page.write_text(GOOD.replace(*spoil))
    own = GOOD.replace('brain-lipofuscin-memory"', 'other"\nobjective = "Know it"')
    (folder / "other.md").write_text(own.replace("shelf-of-old-photographs", "taken-already"))
    assert message in qbank("bank", "new", "aging-brain-lipofuscin-memory").out
    assert page.exists()
    assert not page.with_suffix("").exists()


def test_a_file_that_came_to_be_meanwhile_is_not_written_over(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the editor was open, somebody else wrote it; the page is kept as well."""
    exam = load_exam("usmle-step1")
    path = home / "human-development" / "aging-brain-lipofuscin-memory.md"

    def edited(command: list[str], page: Path, line: int) -> int:
        page.write_text(GOOD)
        path.write_text("theirs")
        return 0

    monkeypatch.setattr(new_files, "run_editor", edited)
    monkeypatch.setenv("EDITOR", "true")
    with pytest.raises(UsageError, match="unfinished"):
        new_files.new_file(exam, home, path.stem, bundled=home / "none", edit=True)
    assert path.read_text() == "theirs"
    assert path.with_name(path.name + ".unfinished").read_text() == GOOD


def test_an_objective_that_there_is_not_has_few_near_ones(qbank: Qbank) -> None:
    """Five at most, of more than a thousand, and where to look for others."""
    done = qbank("bank", "new", "nope-nope")
    assert (done.code, "qbank bank stats --gaps" in done.err) == (4, True)
    assert len(done.err) < 400


@pytest.mark.parametrize(
    ("objective", "code", "message"),
    [
        ("aging-brain-lipofuscin-memry", 4, "aging-brain-lipofuscin-memory"),
        ("../../etc", 4, "--gaps"),
        ("aortic-stenosis-obstruction", 2, "bank edit"),
    ],
)
def test_a_new_file_is_of_an_objective_of_the_map_without_one(
    qbank: Qbank, objective: str, code: int, message: str
) -> None:
    """A slip of the pen is mended, and nothing is written twice."""
    done = qbank("bank", "new", objective)
    assert done.code == code
    assert message in done.err


def test_a_preview_is_answered_as_in_a_block_and_leaves_no_trace(qbank: Qbank, tmp_path: Path) -> None:
    """From a file that no bank has, with its objective's words from the map."""
    file = tmp_path / "mine.md"
    file.write_text(GOOD)
    before = qbank("status", "--json").out
    done = qbank("bank", "preview", str(file), stdin="A\n\n\n")
    assert done.code == 0, done.err
    assert "A woman of 80 looks at photographs." in done.out
    assert "Recall slows." in done.out
    assert done.out.endswith("Preview: nothing is kept.\n")
    assert "due" not in done.out
    assert "Saved" not in done.out
    assert "expected" not in done.out
    left = qbank("bank", "preview", str(file))
    assert (left.out.count("nothing is kept"), "Saved" in left.out) == (1, False)
    assert qbank("status", "--json").out == before


def test_a_preview_of_what_there_is_not_says_where_to_look(qbank: Qbank, tmp_path: Path) -> None:
    """No file, no id, several ids, a file with faults."""
    (tmp_path / "bad.md").write_text("no front matter")
    assert qbank("bank", "preview", "nothing-like-it").code == 4
    assert qbank("bank", "preview", str(tmp_path / "none.md")).code == 4
    assert qbank("bank", "preview", str(tmp_path / "bad.md")).code == 3
    several = qbank("bank", "preview", "a")
    assert (several.code, "can mean several" in several.err) == (2, True)


def test_ctrl_c_speaks_of_no_answers_where_none_are_kept(
    qbank: Qbank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check keeps none; its exit code is that of every interrupted command."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("qbank.app.bank_loading.check_folder", interrupted)
    done = qbank("bank", "check")
    assert (done.code, done.err.strip()) == (130, "Stopped.")


def test_where_nothing_is_loaded_the_way_to_load_is_said(qbank: Qbank) -> None:
    """Rather than to search where nothing can be found."""
    for arguments in (("show", "aortic"), ("edit", "aortic"), ("search", "stenosis")):
        done = qbank("bank", *arguments)
        assert "qbank bank load" in done.out + done.err
        assert "bank search" not in done.err
    assert "Of the exam" not in qbank("bank", "stats").out
    assert qbank("bank", "load").code == 0
    assert "bank search" in qbank("bank", "show", "nothing-like-it").err
    assert "fewer words" in qbank("bank", "search", "nothinglikeit").out


def test_a_sheet_is_written_filled_and_marked(qbank: Qbank, tmp_path: Path) -> None:
    """Anybody can repeat the check; a sheet is never written over."""
    sheet = tmp_path / "sheet.txt"
    assert qbank("bank", "blind", str(sheet), "--sample", "5", "--seed", "4").code == 0
    again = qbank("bank", "blind", str(sheet))
    assert (again.code, "new file" in again.err) == (2, True)
    sheet.write_text(re.sub("^Answer:$", "Answer: A", sheet.read_text(), flags=re.MULTILINE))
    marked = json.loads(qbank("bank", "blind", str(sheet), "--mark", "--json").out)
    assert marked["answered"] == 5
    assert marked["agreed"] + len(marked["others"]) == 5
    told = qbank("bank", "blind", str(sheet), "--mark").out
    assert f"{marked['agreed']} of 5 answers agree" in told


def test_a_sheet_of_another_folder_or_system(qbank: Qbank, tmp_path: Path) -> None:
    """Only what was asked for is on it."""
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "mine.md").write_text(GOOD)
    done = qbank("bank", "blind", str(tmp_path / "a.txt"), "--folder", str(tmp_path / "bank"))
    assert "1 questions" in done.out
    spaced = str(tmp_path / "a sheet.txt")
    told = qbank("bank", "blind", spaced, "--folder", str(tmp_path / "bank"), "--part", "stem").out
    assert f"qbank bank blind '{spaced}' --folder {tmp_path / 'bank'} --mark" in told
    Path(spaced).write_text(Path(spaced).read_text().replace("Answer:", "Answer: slower"))
    marking = ("bank", "blind", spaced, "--folder", str(tmp_path / "bank"), "--mark", "--json")
    assert json.loads(qbank(*marking).out)["others"][0]["key"] == "Slower recall"
    assert qbank("bank", "blind", str(tmp_path / "b.txt"), "--system", "nowhere").code == 2
    assert qbank("bank", "blind", str(tmp_path / "c.txt"), "--mark").code == 4


def test_gaps_are_what_the_map_has_and_the_bank_has_not(qbank: Qbank) -> None:
    """Fifty at most, the emptiest cells first, each with what its next question adds."""
    gaps = json.loads(qbank("bank", "stats", "--gaps", "--json").out)
    assert 0 < len(gaps) <= 50
    assert all(gap["have"] < gap["wanted"] for gap in gaps)
    fills = [gap["fills"] for gap in gaps]
    assert fills == sorted(fills, reverse=True)
    assert "qbank bank new" in qbank("bank", "stats", "--gaps").out


def test_coverage_counts_every_question_of_the_files(qbank: Qbank, home: Path) -> None:
    """By system and main discipline, the learner's own with the bundled."""
    before = qbank("bank", "stats").out
    own = home / "questions" / "mine.md"
    own.parent.mkdir(exist_ok=True)
    own.write_text(GOOD)
    after = qbank("bank", "stats").out
    count = re.compile(r"Bank files: (\d+) questions")
    assert int(count.findall(after)[0]) == int(count.findall(before)[0]) + 1


def test_an_own_file_stands_for_the_bundled_one_in_counts(qbank: Qbank, home: Path) -> None:
    """An objective counts once, with the questions that would be asked."""
    before = json.loads(qbank("bank", "stats", "--json").out)["files"]
    own = GOOD.replace("aging-brain-lipofuscin-memory", "aortic-stenosis-obstruction")
    (home / "questions").mkdir(parents=True)
    (home / "questions" / "mine.md").write_text(own)
    (home / "questions" / "else.md").write_text(
        GOOD.replace('id = "aging-brain-lipofuscin-memory"', 'id = "else"\nobjective = "Know it"').replace(
            "shelf", "another-shelf"
        )
    )
    after = json.loads(qbank("bank", "stats", "--json").out)["files"]
    assert after["questions"] < before["questions"] + 2
    assert (after["objectives"], after["others"]) == (before["objectives"], 1)
    assert "and on 1 others" in " ".join(qbank("bank", "stats").out.split())


def test_a_variant_fills_a_gap_as_two_questions_do(qbank: Qbank, home: Path) -> None:
    """As the linter counts, so that no gap is told where it sees none."""
    (home / "questions").mkdir(parents=True)
    variant = GOOD.replace("\n\nA woman of 80", "\n\n```vars\nn = 70..99 step 1\n```\n\nA woman of {n}")
    (home / "questions" / "mine.md").write_text(variant)
    gaps = json.loads(qbank("bank", "stats", "--gaps", "--json").out)
    assert {gap["have"] for gap in gaps if gap["id"] == "aging-brain-lipofuscin-memory"} <= {2}
    exam = load_exam("usmle-step1")
    found = coverage(exam, date(2027, 1, 1), [home / "questions"])
    (gap,) = (gap for gap in found.gaps if gap.objective.id == "aging-brain-lipofuscin-memory")
    assert (gap.have, gap.wanted) == (2, 3)
    assert sum(found.cells.values()) == 1


def test_one_faulty_own_file_keeps_nothing_else_from_being_told(qbank: Qbank, home: Path) -> None:
    """It is left out and said so; what is asked of itself is refused with its faults."""
    own = home / "questions"
    own.mkdir(parents=True)
    (own / "bad.md").write_text("no front matter\n\n# asked-for-itself\n")
    (own / "worse.md").write_text(GOOD.replace("foundational-science", "nonsense"))
    told = f"2 files have faults and are left out. See them with: qbank bank check {own}"
    for arguments in ((), ("--gaps",)):
        assert told in qbank("bank", "stats", *arguments).out
        noted = qbank("bank", "stats", *arguments, "--json")
        assert (noted.code, told in noted.err) == (0, True)
    assert qbank("bank", "preview", "aortic-stenosis-uphill-faint", stdin="A\n\n\n").code == 0
    assert qbank("bank", "preview", "asked-for-itself").code == 3
    assert qbank("bank", "blind", str(home / "sheet.txt"), "--folder", str(own)).code == 3
    nowhere = qbank("bank", "preview", "anything", "--folder", str(home / "nowhere"))
    assert (nowhere.code, "nowhere" in nowhere.err) == (4, True)


@pytest.mark.parametrize("arguments", [("stats",), ("stats", "--gaps"), ("check", "--rules")])
def test_tables_fit_a_terminal_of_80_columns(qbank: Qbank, arguments: tuple[str, ...]) -> None:
    """In a pipe as well; sentences are folded by the terminal."""
    assert qbank("bank", "load").code == 0
    lines = qbank("bank", *arguments).out.splitlines()
    rules = [at for at, line in enumerate(lines) if line.startswith("---")]
    assert rules
    for at in rules:
        table = lines[at - 1 : lines.index("", at) if "" in lines[at:] else at + 20]
        assert max(len(line) for line in table if "  " in line) <= 80


def test_a_single_file_is_checked(qbank: Qbank, tmp_path: Path) -> None:
    """By the same rules as a folder; one that cannot be read is told with its line."""
    file = tmp_path / "mine.md"
    file.write_text(GOOD)
    done = qbank("bank", "check", str(file))
    assert (done.code, "1 questions in 1 files" in done.out, "mine.md:" in done.out) == (0, True, True)
    file.write_text("no front matter")
    assert qbank("bank", "check", str(file)).code == 3


def test_the_sample_of_the_guide_breaks_no_rule(qbank: Qbank, tmp_path: Path) -> None:
    """Whoever begins from it begins from a good file."""
    guide = Path(__file__).parents[2] / "docs" / "writing-questions.md"
    sample = re.search(r"^```markdown\n(.*?)^```$", guide.read_text(), flags=re.MULTILINE | re.DOTALL)
    assert sample is not None
    (tmp_path / "sample.md").write_text(sample[1])
    done = qbank("bank", "check", str(tmp_path / "sample.md"), "--strict")
    assert (done.code, done.err) == (0, "")


def test_an_edited_file_with_faults_is_an_invalid_bank(
    qbank: Qbank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """So that a script is told by the exit code."""
    fault = Fault("mine.md", 3, "It is wrong.", "Mend it.")
    edited = Edited(tmp_path / "mine.md", changed=True, copied=False, status=0, faults=(fault,))
    monkeypatch.setattr("qbank.app.editing.edit_question", lambda *_, **__: edited)
    assert qbank("bank", "load").code == 0
    done = qbank("bank", "edit", "aortic-stenosis-uphill-faint")
    assert (done.code, "mine.md:3" in done.err, "Nothing was loaded" in done.out) == (3, True, True)


def test_editing_wants_a_terminal(qbank: Qbank) -> None:
    """Nothing is opened in a pipe."""
    assert qbank("bank", "load").code == 0
    done = qbank("bank", "edit", "aortic-stenosis-uphill-faint")
    assert done.code == 1
    assert "terminal" in done.err


def test_rules_are_listed(qbank: Qbank) -> None:
    """With what each asks for."""
    out = qbank("bank", "check", "--rules").out
    assert "clang" in out
    assert "draws-tie" in out
