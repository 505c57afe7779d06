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


class _Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As it stands in a file."""

    know: str
    disciplines: tuple[str, ...]
    likelihood: str


ObjectiveMap = Mapping[str, Mapped]
"""By id, in the order of the files."""


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


def section_totals(objectives: Iterable[Mapped]) -> dict[str, tuple[int, float]]:
    """For each section how many objectives it has, and their weights together, in medium ones."""
    weights: dict[str, list[float]] = {}
    for each in objectives:
        weights.setdefault(each.section, []).append(each.weight)
    return {section: (len(some), math.fsum(some)) for section, some in weights.items()}


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
