"""How often words tell an area is measured by a script on the bundled bank."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from qbank.core.area_words import LEAST_SHARE

SCRIPT = Path(__file__).parents[1] / "scripts" / "measure" / "areas.py"
MANUAL = Path(__file__).parents[1] / "docs" / "importing.md"


def test_suggestions_are_measured() -> None:
    """As the manual has it, with and without the questions' own objectives; more votes asked for, less suggested."""
    ran = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True)
    without, whole = ran.stdout.split("Their own objectives on the map")
    assert f"qbank suggests from {LEAST_SHARE:g} of the votes on." in whole
    tables = [
        [[float(cell) for cell in line.split()] for line in re.findall(r"^ +[\d. ]+$", part, re.MULTILINE)]
        for part in (without, whole)
    ]
    for rows in tables:
        assert [row[1] for row in rows] == sorted((row[1] for row in rows), reverse=True)
        assert all(0 <= part <= 1 for row in rows for part in row)
    told = [
        [int(cell) / 100 for cell in re.findall(r"(\d+) %", line)]
        for line in MANUAL.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| the question's own", "| the whole map"))
    ]
    measured = [next(row[1:] for row in rows if row[0] == LEAST_SHARE) for rows in tables]
    assert [pytest.approx(row, abs=0.02) for row in measured] == told
    assert all(more[2] > less[2] for less, more in zip(*tables, strict=True))
