"""The table of other programs' files says what was read of each, and what differs from an expected parse."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
GIFT = "::One::Which?#{=this#Right. ~that####Always.}\n\nSo? {F#No.#Yes.}\n\nWrite. {}\n".replace("?#", "?")


def rich(text: str) -> dict[str, str]:
    return {"format": "moodle", "text": text}


def expected(key: str = "this") -> list[dict[str, object]]:
    """The parse of GIFT, with this option as the key of its first question."""
    choices = [
        {"isCorrect": text == key, "weight": None, "text": rich(text), "feedback": feedback}
        for text, feedback in (("this", rich("Right.")), ("that", None))
    ]
    item = {"id": None, "tags": None, "globalFeedback": None}
    return [
        {"type": "Category", "title": "a"},
        {
            **item,
            "type": "MC",
            "title": "One",
            "stem": rich("Which?"),
            "choices": choices,
            "globalFeedback": rich("Always."),
        },
        {
            **item,
            "type": "TF",
            "title": None,
            "stem": rich("So?"),
            "isTrue": False,
            "trueFeedback": rich("No."),
            "falseFeedback": rich("Yes."),
        },
        {**item, "type": "Essay", "title": None, "stem": rich("Write.")},
    ]


def measured(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "measure" / "conformance.py"), str(folder)],
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_file_has_a_line_and_a_folder_with_a_manifest_is_a_package(tmp_path: Path) -> None:
    """Format, questions in, and the reasons of what was left out."""
    (tmp_path / "a.gift").write_text(GIFT)
    (tmp_path / "b.csv").write_text("question,A,B,answer\nWhich?,a,b,C\n")
    package = tmp_path / "quiz"
    package.mkdir()
    (package / "imsmanifest.xml").write_text("<manifest/>")
    (package / "q.xml").write_text('<questestinterop><item ident="a"/></questestinterop>')
    ran = measured(tmp_path)
    assert ran.returncode == 0, ran.stderr
    lines = [" ".join(line.split()) for line in ran.stdout.splitlines()]
    assert f"{tmp_path}: 3 files, 2 questions in." in lines
    assert "a.gift gift 2 an essay: 1" in lines
    assert 'b.csv table 0 refused: The answer "C" is none of the options.' in lines
    assert any(
        line.startswith("quiz/ (packed) qti 0 refused: Left out, text without a question") for line in lines
    )


def test_a_parse_as_expected_has_no_difference_and_another_is_told(tmp_path: Path) -> None:
    """With the file, the line and the part."""
    (tmp_path / "a.gift").write_text(GIFT)
    parse = tmp_path / "a.json"
    parse.write_text(json.dumps(expected()))
    assert measured(tmp_path).returncode == 0
    parse.write_text(json.dumps(expected(key="that")))
    ran = measured(tmp_path)
    assert ran.returncode == 1
    assert "a.gift, line 1, key: [True, False], and [False, True] is expected" in ran.stdout
    parse.write_text(json.dumps(expected()[:-1]))
    assert "a.gift: 3 items, and 2 are expected" in measured(tmp_path).stdout
