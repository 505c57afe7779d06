"""How much of the exam bank files cover, and what they lack."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median

import msgspec

from qbank.app.bank_reading import sound_files
from qbank.app.exams import load_map
from qbank.app.models import model_on
from qbank.bank.flaw import vignette
from qbank.bank.markdown import BankFile
from qbank.core.exam import Exam
from qbank.core.gaps import Gap, cells, gaps
from qbank.core.objective_map import siblings
from qbank.core.question import Question


class Keys(msgspec.Struct, frozen=True):
    """Where the keys of a system's questions lie: how many at A, at B, and so on, and how many are the longest option."""

    system: str
    questions: int
    places: tuple[int, ...]
    longest: int


class Coverage(msgspec.Struct, frozen=True):
    """What bank files hold. `cells` counts questions by system and main discipline, 0 for what the exam alone asks.

    Lengths are medians: words of a vignette, characters of an option. `variants` of the questions draw their numbers.
    `objectives` are on the exam's map, which has `mapped`; `others` are not. `faulty` counts by folder the files that are
    left out.
    """

    questions: int
    objectives: int
    others: int
    variants: int
    cells: dict[tuple[str, str], int]
    keys: tuple[Keys, ...]
    vignette_words: float
    option_characters: float
    reviews: dict[str, int]
    mapped: int
    gaps: tuple[Gap, ...]
    faulty: Mapping[Path, int]


def coverage(exam: Exam, on: date, folders: Sequence[Path]) -> Coverage:
    """What the bank files of these folders cover of the exam as it is asked on a day; files with faults are left out.

    An objective's files are those of the last folder that has it, which take the place of the ones before.
    """
    sound = {folder: sound_files(exam, folder) for folder in folders if folder.is_dir()}
    by_objective: dict[str, tuple[Path, list[BankFile]]] = {}
    for folder, each in sound.items():
        for file in each.files:
            owner, held = by_objective.get(file.objective.id, (folder, []))
            by_objective[file.objective.id] = (folder, [*held, file] if owner == folder else [file])
    files = [file for _, held in by_objective.values() for file in held]
    questions = [question for file in files for question in file.questions]
    found = load_map(exam.id)
    systems = {section.id: section.system for section in exam.sections}
    have: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for file in files:
        variants = sum(bool(question.draws) for question in file.questions)
        have[file.objective.id] += len(file.questions)
        counted[file.objective.id] += siblings(len(file.questions), variants)
    return Coverage(
        questions=len(questions),
        objectives=len(have.keys() & found.keys()),
        others=len(have.keys() - found.keys()),
        variants=sum(bool(question.draws) for question in questions),
        cells=cells(found, have, systems),
        keys=tuple(_keys(files)),
        vignette_words=median(len(vignette(question).split()) for question in questions) if questions else 0,
        option_characters=median(len(o.text) for q in questions for o in q.options) if questions else 0,
        reviews=dict(Counter(file.objective.review.split(" ")[0] for file in files for _ in file.questions)),
        mapped=len(found),
        gaps=tuple(gaps(found, counted, model_on(exam, on), systems)),
        faulty={folder: each.faulty for folder, each in sound.items() if each.faulty},
    )


def _keys(files: Sequence[BankFile]) -> Iterator[Keys]:
    by_system: dict[str, list[Question]] = {}
    for file in files:
        by_system.setdefault(file.objective.system, []).extend(q for q in file.questions if not q.draws)
    for system, some in by_system.items():
        places = Counter(next(at for at, option in enumerate(q.options) if option.correct) for q in some)
        longest = sum(
            all(len(q.key.text) > len(option.text) for option in q.options if not option.correct)
            for q in some
        )
        yield Keys(system, len(some), tuple(places[at] for at in range(max(places, default=-1) + 1)), longest)
