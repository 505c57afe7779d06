"""Review logs of real people are measured by a script; here a made-up one is."""

import csv
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from forgetting import FORGETFUL, histories

from qbank.core.fitting import held_out
from qbank.core.memory import DEFAULT_MODEL
from qbank.core.prediction import auc, brier, log_loss, rmse_bins

SCRIPT = Path(__file__).parents[1] / "scripts" / "measure" / "memory_fit.py"


def measured(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True, check=False
    )


def written(path: Path, objectives: int) -> Path:
    """The log of somebody who forgets fast, each review at noon, and an hour later once more, rated Easy."""
    rows = [
        (card, rated, datetime.combine(day, time(hour), UTC).isoformat())
        for card, reviews in enumerate(histories(FORGETFUL, objectives=objectives, seed=1))
        for rating, day in reviews
        for hour, rated in ((12, rating), (13, 4))
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("card_id", "review_rating", "review_time"), *rows])
    return path


def test_a_log_is_measured_before_and_after(tmp_path: Path) -> None:
    """On the latest quarter, by the first answer of each day, with FSRS's own weights and with fitted ones."""
    ran = measured(written(tmp_path / "log.csv", 240))
    assert ran.returncode == 0, ran.stderr
    assert "2,880 answers about 240 cards" in ran.stdout
    assert "1,200 of them are the first of a day" in ran.stdout
    own, fitted, trace = ([*map(float, line.split()[-4:])] for line in ran.stdout.splitlines()[6:9])
    made = histories(FORGETFUL, objectives=240, seed=1)
    days = sorted(day for reviews in made for _, day in reviews[1:])
    foretold = held_out(made, DEFAULT_MODEL, days[900])
    assert own == pytest.approx(
        [log_loss(foretold), rmse_bins(foretold), auc(foretold), brier(foretold)], abs=5.1e-5
    )
    assert fitted[0] < own[0]
    assert fitted[1] < own[1]
    assert 0 < trace[3] < 0.35
    assert "it would come into force" in ran.stdout


def test_a_short_log_is_not_fitted(tmp_path: Path) -> None:
    """As qbank fit would not."""
    ran = measured(written(tmp_path / "log.csv", 5))
    assert ran.returncode == 0
    assert "25 of them" in ran.stdout
    assert "Too few: qbank fit waits for 1,000." in ran.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "it needs the columns card_id, review_rating, review_time"),
        ("card_id,review_rating,review_time\n1,3,2026-01-01T12:00:00+00:00\n1,3\n", "line 3"),
        ("card_id,review_rating,review_time\n1,7,2026-01-01T12:00:00+00:00\n", "line 2"),
        ("card_id,review_rating,review_time\n1,3,2026-01-01T12:00:00\n", "line 2"),
    ],
)
def test_what_is_no_log_is_told(tmp_path: Path, text: str, said: str) -> None:
    """Which columns it takes, or the line that cannot be read."""
    log = tmp_path / "log.csv"
    log.write_text(text, encoding="utf-8")
    ran = measured(log)
    assert ran.returncode == 1
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
