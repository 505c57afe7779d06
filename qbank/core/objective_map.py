"""What an exam can ask, objective by objective: the map that owns each one's id, cell and likelihood.

A bank holds questions for some of it. What an objective weighs on the exam follows from the map and not from the bank: its
likelihood against that of all the section's objectives, times the section's share.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from qbank.errors import Fault, InputInvalid

WEIGHT = {"high": 1.5, "medium": 1.0, "low": 0.5}
"""The likelihoods weigh 3/2/1 [judged], here against a medium one."""

WANTED = {"high": 3, "medium": 2, "low": 2}
"""Questions that an objective wants, by how likely it is asked, so that a review repeats no text."""

VARIANT_COUNTS = 2
"""A variant's text is new each time, so it spares a sibling."""


class Mapped(msgspec.Struct, frozen=True):
    """One objective; `topic` is its heading in the outline of its section, the main discipline comes first."""

    id: str
    know: str
    section: str
    topic: str
    disciplines: tuple[str, ...]
    likelihood: str

    @property
    def weight(self) -> float:
        return WEIGHT[self.likelihood]


class Places(msgspec.Struct, frozen=True):
    """`count` objectives of one section and the same disciplines (sorted, joined by a space), and their weights together."""

    section: str
    disciplines: str
    count: int
    weight: float

    @property
    def names(self) -> list[str]:
        return self.disciplines.split()


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it stands in a file."""

    know: str
    disciplines: tuple[str, ...]
    likelihood: str


ObjectiveMap = Mapping[str, Mapped]
"""By id, in the order of the files."""


def siblings(questions: int, variants: int) -> int:
    """What so many questions of an objective, `variants` of them with drawn numbers, count for against WANTED."""
    return questions + (VARIANT_COUNTS - 1) * variants


def parse_map(
    files: Iterable[tuple[str, Mapping[str, object]]], sections: Sequence[str], disciplines: Iterable[str]
) -> dict[str, Mapped]:
    """The map in (name, TOML tables) of its files, one a section. Raises InputInvalid with every fault."""
    found: dict[str, Mapped] = {}
    faults: list[Fault] = []
    known = frozenset(disciplines)
    for name, tables in files:
        section = tables.get("section")
        if section not in sections:
            faults.append(
                _fault(name, f"There is no section {section!r}.", "Name one of the exam's outline.")
            )
            continue
        for topic, lines in tables.items():
            if topic == "section":
                continue
            for identity, line in _lines(name, topic, lines, faults):
                faults += _wrong(name, identity, line, known, found)
                found[identity] = Mapped(
                    identity, line.know, str(section), topic, line.disciplines, line.likelihood
                )
    if faults:
        raise InputInvalid(faults)
    return found


def places(objectives: Iterable[Mapped]) -> list[Places]:
    """Where the map's objectives lie, in the order of section and disciplines."""
    weights: dict[tuple[str, str], list[float]] = {}
    for each in objectives:
        names = " ".join(sorted(each.disciplines))
        weights.setdefault((each.section, names), []).append(each.weight)
    return [
        Places(section, names, len(some), math.fsum(some))
        for (section, names), some in sorted(weights.items())
    ]


def values(found: Iterable[Places], shares: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """What an objective of medium likelihood weighs against the mean one, by (section, disciplines joined by a space).

    `shares` is each (section, discipline)'s part of the exam, an item's part in a discipline being one over those that it
    carries. An objective of several disciplines lies in each of them in equal parts, and a cell's share is divided among
    what lies in it; a cell without an objective leaves its share to the rest of its section.
    """
    lying = [(each, each.names) for each in found]
    whole = sum(each.count for each, _ in lying)
    mass: dict[tuple[str, str], float] = {}
    for each, names in lying:
        for name in names:
            cell = (each.section, name)
            mass[cell] = mass.get(cell, 0.0) + each.weight / len(names)
    section_share: dict[str, float] = {}
    reached: dict[str, float] = {}
    for cell, share in shares.items():
        section = cell[0]
        section_share[section] = section_share.get(section, 0.0) + share
        if cell in mass:
            reached[section] = reached.get(section, 0.0) + share
    worth = {
        (section, name): whole
        * shares.get((section, name), 0.0)
        / amount
        * section_share[section]
        / reached[section]
        if reached.get(section)
        else 0.0
        for (section, name), amount in mass.items()
    }
    return {
        (each.section, each.disciplines): sum([worth[each.section, name] for name in names]) / len(names)
        for each, names in lying
    }


def _lines(name: str, topic: str, lines: object, faults: list[Fault]) -> Iterable[tuple[str, _Line]]:
    if not isinstance(lines, Mapping):
        faults.append(
            _fault(name, f"{topic!r} is no heading with objectives.", 'Write ["Heading"] above them.')
        )
        return
    for identity, line in lines.items():
        try:
            yield str(identity), msgspec.convert(line, _Line)
        except msgspec.ValidationError as error:
            mend = 'Write { know = "...", disciplines = ["..."], likelihood = "high" }.'
            faults.append(_fault(name, f"{identity}: {error}.", mend))


def _wrong(
    name: str, identity: str, line: _Line, disciplines: frozenset[str], found: Mapping[str, Mapped]
) -> Iterable[Fault]:
    if identity in found:
        yield _fault(name, f"{identity} stands twice in the map.", "Give one of them another id.")
    if line.likelihood not in WEIGHT:
        yield _fault(name, f"{identity}: {line.likelihood!r} is no likelihood.", f"Use {', '.join(WEIGHT)}.")
    if not line.disciplines or not disciplines.issuperset(line.disciplines):
        unknown = sorted(set(line.disciplines) - disciplines)
        yield _fault(
            name, f"{identity}: unknown disciplines {unknown}.", "Name some of the exam's, main first."
        )
    if not line.know.strip():
        yield _fault(name, f"{identity} says nothing.", "Say in one sentence what to know.")


def _fault(name: str, message: str, mend: str) -> Fault:
    return Fault(name, 1, message, mend)
