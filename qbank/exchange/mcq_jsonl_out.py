"""Questions as JSON, one a line, with nothing left out."""

from collections.abc import Sequence

import msgspec

from qbank.core.question import Objective, Question
from qbank.exchange.mcq_own import own
from qbank.exchange.own_names import named


def write_jsonl(questions: Sequence[Question], objectives: Sequence[Objective]) -> bytes:
    """The lines, in the shape that `mcq_own` reads."""
    encode = msgspec.json.Encoder().encode
    lines = [
        encode(own(one.question, one.objective, id=one.id, named=one.objective_id))
        for one in named(questions, objectives)
    ]
    return b"".join(line + b"\n" for line in lines)
