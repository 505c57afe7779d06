"""The exam's numbers for a day, built once a run: raking them costs some milliseconds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from qbank.app.horizon import extra_time
from qbank.core.exam import Exam
from qbank.core.exam_model import ExamModel, exam_model

_built: dict[tuple[str, date], ExamModel] = {}


def model_on(exam: Exam, on: date) -> ExamModel:
    """The exam as the belief and the yield see it on a day."""
    key = (exam.id, on)
    if key not in _built:
        _built[key] = exam_model(exam, on)
    return _built[key]


def with_extra_time(model: ExamModel, values: Mapping[str, Any]) -> ExamModel:
    """The same, its time to answer as long as a learner of these settings is given."""
    return replace(model, answer_seconds=model.answer_seconds * extra_time(values))
