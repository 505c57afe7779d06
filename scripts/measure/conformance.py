"""What the importers make of question files of other programs, a line each, and how they differ from expected parses."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click
from fuzz.seeds import packed_folder
from tabulate import tabulate

from qbank.errors import InputInvalid
from qbank.exchange import gift
from qbank.exchange.foreign import Read, Skipped, format_of
from qbank.exchange.mcq import read_mcq
from qbank.exchange.mcq_draft import Draft
from qbank.exchange.mcq_rows import FaultLog

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "conformance"
FOLDERS = ("gift", "moodle", "qti", "mcq-csv", "anki")
SUFFIXES = (
    *(
        ".apkg",
        ".colpkg",
        ".csv",
        ".dat",
        ".gift",
        ".imscc",
        ".json",
        ".jsonl",
        ".qti",
        ".tsv",
        ".txt",
        ".xlsx",
        ".xml",
    ),
    ".zip",
)
"""What questions come in."""
MANIFEST = "imsmanifest.xml"
TABLE = "table"
NO_QUESTION = "The file holds no question with one best answer. "
"""What is not said of every file of a format's other kinds of question."""
REASON_WIDTH = 90  # columns

REASONS = {
    "Description": ("a text without a question",),
    "Essay": ("an essay",),
    "Matching": ("matching",),
    "Numerical": ("a numerical answer",),
    "Short": ("a short answer",),
    "MC": ("several right answers", "no right answer"),
}
"""Why an item of each type may be left out of a GIFT file."""


class File(NamedTuple):
    """A file, or a folder as the package that it was unpacked from."""

    name: str
    path: Path
    content: bytes


@click.command()
@click.argument("folders", nargs=-1, type=click.Path(exists=True, path_type=Path))
def conformance(folders: tuple[Path, ...]) -> None:
    """Read every question file in FOLDERS and say what came of it: format, questions, and what was left out, by reason.

    A folder with an imsmanifest.xml is read as one package. A GIFT file with the parse that its grammar expects beside it,
    as .json, is compared with that: type, stem, options, key and feedback of each question, and the reason of what is left
    out. Ends with 1 when something differs. Without FOLDERS, those beside this project are read.
    """
    found = folders or tuple(SHARED / name for name in FOLDERS if (SHARED / name).is_dir())
    if not found:
        click.echo(f"Nothing was read: there is no folder in {SHARED}. Give the path of one.")
    differences: list[str] = []
    for folder in found:
        files = list(_files(folder))
        rows = [_row(file) for file in files]
        click.echo(f"\n{folder}: {len(files)} files, {sum(row[2] for row in rows)} questions in.")
        click.echo(
            tabulate(
                rows, headers=("file", "format", "in", "left out"), maxcolwidths=[50, 12, 8, REASON_WIDTH]
            )
        )
        expected = [
            file for file in files if file.path.suffix == ".gift" and file.path.with_suffix(".json").exists()
        ]
        if expected:
            told = [line for file in expected for line in _compared(file)]
            click.echo(f"\nCompared with the expected parse: {len(expected)} files, {len(told)} differences.")
            differences += told
    for line in differences:
        click.echo(line)
    sys.exit(1 if differences else 0)


def _files(folder: Path) -> Iterator[File]:
    """The files of a folder in order; those of a package only as the package."""
    if folder.is_file():
        yield File(folder.name, folder, folder.read_bytes())
        return
    packages = [path.parent for path in sorted(folder.rglob(MANIFEST))]
    for package in packages:
        name = package.relative_to(folder).as_posix()
        yield File(f"{name if name != '.' else package.name}/ (packed)", package, packed_folder(package))
    for path in sorted(folder.rglob("*")):
        within = any(package in path.parents for package in packages)
        expected = path.suffix == ".json" and path.with_suffix(".gift").exists()
        if path.is_file() and path.suffix.lower() in SUFFIXES and not within and not expected:
            yield File(path.relative_to(folder).as_posix(), path, path.read_bytes())


def _row(file: File) -> tuple[str, str, int, str]:
    name = f"{file.path.name}.zip" if file.path.is_dir() else file.path.name
    kind = format_of(name, file.content) or TABLE
    try:
        reading = read_mcq(name, file.content, bank="conformance")
    except InputInvalid as error:
        more = f" ({len(error.faults)} faults)" if len(error.faults) > 1 else ""
        return (
            file.name,
            kind,
            0,
            f"refused: {error.faults[0].message.removeprefix(NO_QUESTION).strip()}{more}",
        )
    return file.name, kind, len(reading.questions), _counted(reading.skipped)


def _counted(skipped: Sequence[Skipped]) -> str:
    counts = Counter(one.reason for one in skipped)
    return ", ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))


def _compared(file: File) -> Iterator[str]:
    """A line for each difference between a GIFT file and the parse that is expected of it."""
    expected = json.loads(file.path.with_suffix(".json").read_text(encoding="utf-8"))
    expected = [item for item in expected if item["type"] != "Category"]
    read: Read = gift.read(file.content, FaultLog(file.name))
    items: list[Draft | Skipped] = [*read.drafts, *read.skipped]
    items.sort(key=lambda item: item.line)
    if len(items) != len(expected):
        yield f"{file.name}: {len(items)} items, and {len(expected)} are expected"
        return
    for item, wanted in zip(items, expected, strict=True):
        for part, here, there in _parts(item, wanted):
            if here != there:
                yield f"{file.name}, line {item.line}, {part}: {here!r}, and {there!r} is expected"


def _parts(item: Draft | Skipped, wanted: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    """The name of each part that is compared, what it is here and what is expected."""
    if isinstance(item, Skipped):
        yield "type", item.reason in REASONS.get(wanted["type"], ()), not _is_single(wanted)
        return
    yield "type", True, _is_single(wanted)
    yield "id", item.id, wanted.get("id") or ""
    yield "stem", _words(item.stem), _words(_text(wanted["stem"]) or wanted["title"] or "")
    choices = _choices(wanted)
    yield (
        "options",
        [_words(text) for text in item.options.values()],
        [_words(text) for text, _, _ in choices],
    )
    yield "key", [label == item.key for label in item.options], [right for _, right, _ in choices]
    general = _words(_text(wanted.get("globalFeedback")))
    for label, (_, right, feedback) in zip(item.options, choices, strict=False):
        texts = [item.explanations.get(label, ""), *([item.explanation, item.remember] if right else [])]
        there = [feedback, *([general] if right else [])]
        yield f"feedback of {label}", [*filter(None, map(_words, texts))], [*filter(None, map(_words, there))]


def _is_single(wanted: Mapping[str, Any]) -> bool:
    """Whether an item has one best answer: one behind an equals sign, or one with all of the credit and none with part."""
    if wanted["type"] != "MC":
        return bool(wanted["type"] == "TF")
    credit = [weight for weight in map(_weight, wanted["choices"]) if weight > 0]
    return credit.count(100) == 1 and (len(credit) == 1 or any(one["isCorrect"] for one in wanted["choices"]))


def _weight(choice: Mapping[str, Any]) -> float:
    return 100.0 * choice["isCorrect"] if choice["weight"] is None else float(choice["weight"])


def _choices(wanted: Mapping[str, Any]) -> list[tuple[str, bool, str]]:
    """Text, whether it is right, and feedback of each option. Of true and false the right one comes first.

    The grammar calls the first feedback the one for true; in Moodle it is the one for a wrong answer.
    """
    if wanted["type"] == "TF":
        texts = ("True", "False") if wanted["isTrue"] else ("False", "True")
        wrong, right = _text(wanted["trueFeedback"]), _text(wanted["falseFeedback"])
        return [(texts[0], True, right), (texts[1], False, wrong)]
    return [
        (_text(choice["text"]), _weight(choice) == 100, _text(choice["feedback"]))
        for choice in wanted["choices"]
    ]


def _text(rich: Mapping[str, str] | None) -> str:
    return rich["text"] if rich else ""


def _words(text: str) -> str:
    """The words of a text, whatever marks it up: Markdown here, HTML or Markdown there."""
    for mark in _MARKUP:
        text = mark.sub(" ", text)
    return " ".join(text.split())


_MARKUP = (
    re.compile(r"!\[[^\]]*\]\([^)]*\)|<[^<>]*>"),
    re.compile(r"&#?\w+;"),
    re.compile(r"\\n|[^\w$^+<>=-]+|(?<!\w)_|_(?!\w)"),
)
"""Pictures and tags, then character references, then marks that are no letters."""


if __name__ == "__main__":
    conformance()
