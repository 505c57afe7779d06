"""What weights fitted by `qbank fit` are worth on a real review log: before and after, on later reviews than they saw."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import click
from tabulate import tabulate

from qbank.app.exams import DEFAULT_EXAM, load_exam
from qbank.app.models import model_on
from qbank.core.fitting import LEAST_REVIEWS, Fit, countable, fit, held_out
from qbank.core.guessing import OWN_WORD
from qbank.core.history import Answered, Reviews, reviews_of
from qbank.core.memory import DEFAULT_MODEL, study_day
from qbank.core.prediction import (
    Prediction,
    auc,
    brier,
    log_loss,
    reliability,
    rmse_bins,
    trace_predictions,
)
from qbank.core.response import Rating
from qbank.errors import UsageError

ROOT = Path(__file__).parents[2]
LOGS = ROOT.parent / "shared" / "conformance" / "review-log"
RATINGS = range(1, 5)
TRACE = "trace, FSRS's own"
COLUMNS = ("card_id", "review_rating", "review_time")


@click.command()
@click.argument("logs", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--time-zone", default="UTC", help="Where the learner lived; their day begins at 04:00 there.")
def measure(logs: tuple[Path, ...], time_zone: str) -> None:
    """Fit weights to review LOGS as qbank fit does, and judge them on the latest reviews of each.

    A log is a CSV file with the columns card_id, review_rating (1-4, Again to Easy) and review_time (ISO 8601 with its
    offset), as py-fsrs and FSRS's optimizer have it. Without one, those beside this folder are taken.
    """
    found = logs or sorted(LOGS.glob("*.csv"))
    if not found:
        click.echo(f"No review log was measured: there is none in {LOGS}. Give the path of one.")
    for log in found:
        for line in _measured(log, time_zone):
            click.echo(line)


def _measured(log: Path, time_zone: str) -> Iterator[str]:
    answers = _read(log, time_zone)
    histories = [
        reviews_of([answer for _, answer in of_card]) for _, of_card in groupby(answers, itemgetter(0))
    ]
    count = countable(histories)
    yield f"{log.name}: {len(answers):,} answers about {len(histories):,} cards."
    yield f"{count:,} of them are the first of a day about a card that was met on an earlier day, and so foretold."
    if count < LEAST_REVIEWS:
        yield f"Too few: qbank fit waits for {LEAST_REVIEWS:,}."
        return
    found = fit(histories)
    if found is None:
        yield "They fell on too few days to be judged on later ones."
        return
    yield from _before_and_after(histories, found)


def _before_and_after(histories: list[Reviews], found: Fit) -> Iterator[str]:
    """Log loss leads: RMSE(bins) can be lowered by foretelling less of the single review, and AUC sees order alone."""
    foretold = {
        "FSRS's own": held_out(histories, DEFAULT_MODEL, found.since),
        "fitted": held_out(histories, found.tested, found.since),
        TRACE: _by_trace(histories, found.since),
    }
    rows = [
        (name, log_loss(each), rmse_bins(each), auc(each), brier(each)) for name, each in foretold.items()
    ]
    recalled = sum(each.recalled for each in foretold[TRACE]) / found.held_out
    yield (
        f"Fitted to {found.reviews - found.held_out:,} reviews before {found.since}, judged on the {found.held_out:,} from "
        f"then on, of which {recalled:.1%} were recalled:"
    )
    yield ""
    yield tabulate(rows, ("weights", "log loss", "RMSE(bins)", "AUC", "Brier"), floatfmt=".4f")
    yield ""
    gained = found.against_default
    verdict = "it would come into force" if found.better else "nothing would be changed"
    yield f"Log loss falls by {gained.gain:.4f} (standard error {gained.standard_error:.4f}): {verdict}."
    for name in ("FSRS's own", TRACE):
        yield f"\nHow far to trust what was foretold ({name}):\n"
        yield tabulate(reliability(foretold[name]), ("foretold", "recalled", "reviews"), floatfmt=".3f")


def _by_trace(histories: list[Reviews], since: date) -> list[Prediction]:
    """By `core.trace`, under FSRS's own weights, for answers that are the learner's own word."""
    first = [reviews[0] for reviews in histories if reviews[0][1] < since]
    known = sum(rating != Rating.AGAIN for rating, _ in first) / len(first)
    slip = model_on(load_exam(DEFAULT_EXAM), since).slip
    made = trace_predictions(histories, DEFAULT_MODEL, known=known, guess=OWN_WORD, slip=slip)
    return [each for each in made if each.day >= since]


def _read(log: Path, time_zone: str) -> list[tuple[str, Answered]]:
    """Each answer with its card, those of a card together and in the order of time."""
    with log.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, restval="")
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise click.ClickException(f"{log} is no review log: it needs the columns {', '.join(COLUMNS)}.")
        try:
            timed = sorted((_answer(row, time_zone) for row in rows), key=itemgetter(0, 1))
        except ValueError as error:
            raise click.ClickException(f"{log}, line {rows.line_num}: {error}.") from error
        except UsageError as error:
            raise click.BadParameter(str(error), param_hint="--time-zone") from error
    return [(card, answer) for card, _, answer in timed]


def _answer(row: dict[str, str], time_zone: str) -> tuple[str, datetime, Answered]:
    card, at, rating = row["card_id"], datetime.fromisoformat(row["review_time"]), int(row["review_rating"])
    if rating not in RATINGS:
        raise ValueError(f"{rating} is no rating")
    return card, at, Answered(card, study_day(at, time_zone), rating, rating != Rating.AGAIN, misread=False)


if __name__ == "__main__":
    measure()
