"""The areas that a question, a filter or a note may name, and what to say to a name that is none."""

from qbank.core.exam import Exam
from qbank.errors import UsageError

_DIMENSIONS = ("system", "discipline", "task")


def known_areas(exam: Exam) -> dict[str, frozenset[str]]:
    """The ids that may be named, by dimension, with the outline's sections under "section"."""
    present = {dimension.id for dimension in exam.dimensions}
    known = {name: exam.known_areas(name) for name in _DIMENSIONS if name in present}
    known["section"] = frozenset(section.id for section in exam.sections)
    return known


def check_area(exam: Exam, dimension: str, area: str) -> None:
    """Raise UsageError, with the nearest known id, unless the area is known or empty."""
    known = known_areas(exam).get(dimension, frozenset())
    if area and area not in known:
        from qbank.bank.faults import nearest

        raise UsageError(f"There is no {dimension} {area!r}. {nearest(area, known)}")
