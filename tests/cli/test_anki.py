"""Anki's decks come in with their reviews, and what was missed goes out as one."""

import re
from pathlib import Path

from exchange.anki_samples import BASIC, CLOZE, Sample, new_package
from support import Qbank

from qbank.exchange.mcq import read_mcq

DAY_MS = 86_400_000
FIRST = 1_700_000_000_000
REVIEWS = tuple((FIRST + day * DAY_MS, 0, 3, 1, 2500) for day in (0, 3, 10))
DECK = [
    Sample(BASIC, ("Which valve?<br>A) aortic<br>B) mitral", "B"), reviews=REVIEWS),
    Sample(CLOZE, ("The {{c1::mitral}} valve has two leaflets.", ""), reviews=((FIRST + 1, 0, 3, 1, 2500),)),
]


def deck(folder: Path) -> str:
    path = folder / "deck.apkg"
    path.write_bytes(new_package(DECK))
    return str(path)


def test_a_deck_comes_in_with_what_the_learner_remembers(started: Qbank, tmp_path: Path) -> None:
    """Its reviews become memory once, and count as no answers."""
    done = started("bank", "import", deck(tmp_path), "--bank", "anki")
    assert done.code == 0, done.err
    assert "Left out, cloze deletion: 1" in done.out
    assert "3 reviews of 1 questions became memory" in done.out
    assert "Answered: 0 questions" in started("status").out
    again = started("bank", "import", deck(tmp_path), "--bank", "anki")
    assert "became memory" not in again.out
    assert "0 new, 0 changed, 1 unchanged" in again.out
    assert "No trouble found." in started("doctor").out


def test_reviews_and_other_cards_come_as_they_are_asked_for(started: Qbank, tmp_path: Path) -> None:
    """Without --history none; with --recall every card."""
    done = started("bank", "import", deck(tmp_path), "--bank", "anki", "--recall", "--no-history")
    assert "2 new" in done.out
    assert "became memory" not in done.out
    done = started("bank", "import", deck(tmp_path), "--bank", "anki", "--recall")
    assert "4 reviews of 2 questions became memory" in done.out


def test_a_map_names_the_fields(started: Qbank, tmp_path: Path) -> None:
    """One that no note has is refused, and nothing is imported."""
    done = started("bank", "import", deck(tmp_path), "--bank", "anki", "--column", "stem=Frnt")
    assert done.code != 0
    assert 'Did you mean "Front"?' in done.err
    assert '"anki"' not in started("bank", "list", "--json").out


def test_what_was_missed_goes_out_as_a_deck(started: Qbank, tmp_path: Path) -> None:
    """Nothing else, unless all is asked for."""
    file = tmp_path / "missed.apkg"
    nothing = started("bank", "export", "--format", "anki", str(file))
    assert nothing.code == 1
    assert "add --all" in nothing.err
    assert not file.exists()
    block = started("block", "--size", "10", "--mode", "timed", stdin="A\n" * 10 + "\n" * 20)
    assert block.code == 0, block.err
    wrong = started("history", "--missed", "--json")
    exported = started("bank", "export", "--format", "anki", str(file))
    variants = re.search(r"drawn anew each time: (\d+)", exported.out)
    missed = wrong.out.count('"question"') - (int(variants[1]) if variants else 0)
    assert missed > 0
    assert exported.code == 0, exported.err
    assert f"{missed} questions written" in exported.out
    assert len(read_mcq("x", file.read_bytes(), bank="x").questions) == missed


def test_all_questions_go_out_when_they_are_asked_for(started: Qbank, tmp_path: Path) -> None:
    """With the licence of the bundled ones on each card."""
    file = tmp_path / "all.apkg"
    system = ("--system", "biostatistics-epidemiology")
    done = started("bank", "export", "--format", "anki", str(file), "--all", *system)
    assert done.code == 0, done.err
    reading = read_mcq("x", file.read_bytes(), bank="x")
    assert f"{len(reading.questions)} questions written" in done.out
    assert "CC BY-SA 4.0" in done.out
