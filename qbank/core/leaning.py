"""How far a block leans on the report, said before it begins."""

import math
from collections.abc import Mapping, Sequence

from qbank.core.drill import AreaShare, Pick
from qbank.core.exam_model import AreaKey
from qbank.core.report import Flag


def leaning_sentence(
    shares: Sequence[AreaShare], picks: Sequence[Pick], flags: Mapping[AreaKey, Flag]
) -> str:
    """By what factor, and by how many questions, a block is drawn to systems marked lower; "" where it has none."""
    lower = {
        area for (dimension, area), flag in flags.items() if dimension == "system" and flag is Flag.LOWER
    }
    pulls = [pick.pull for pick in picks if pick.place.system in lower]
    if not pulls:
        return ""
    fair = len(picks) * math.fsum(
        one.blueprint for one in shares if one.dimension == "system" and one.area in lower
    )
    low, high = f"x{min(pulls):.2f}", f"x{max(pulls):.2f}"
    factor = low if low == high else f"{low} to {high}"
    return (
        f"Your report marks some systems lower, which puts {factor} on the worth of their questions: {len(pulls)} of "
        f"{len(picks)} here; the exam's shares alone would give about {fair:.0f}."
    )
