"""A closed block of one question, missed after a change away from the key, to be varied."""

from datetime import date

from qbank.core.block import ClosedBy
from qbank.core.looking_back import (
    AnswerChange,
    BlockReview,
    ChangeKind,
    Outcome,
    Pace,
    QuestionReview,
    ReturnWhy,
    Totals,
)
from qbank.core.response import Confidence, Mode

DAY = date(2027, 1, 4)
MISSED = QuestionReview(
    position=0,
    number=1,
    bank="bank",
    question="q",
    objective="o",
    title="Explain why the giant sleeps",
    system="respiratory-renal",
    recall=False,
    outcome=Outcome.MISSED,
    choice="B",
    key="D",
    marked=True,
    struck=(),
    confidence=Confidence.UNSURE,
    reason_before=None,
    reason_after=None,
    note="",
    seconds=151.4,
    reading_seconds=0,
    slow=True,
    time_ran_out=False,
    changes=(AnswerChange("D", "B", ChangeKind.RIGHT_TO_WRONG),),
    change=ChangeKind.RIGHT_TO_WRONG,
    comes_back_on=DAY,
    comes_back_why=ReturnWhy.FORGETTING,
    taken_back=False,
)
REVIEW = BlockReview(
    block="b",
    mode=Mode.TIMED,
    purpose="drill",
    composed_on=DAY,
    closed_by=ClosedBy.SUBMITTED,
    interrupted=False,
    elapsed_seconds=151.4,
    limit_seconds=900,
    totals=Totals(0, 1, 0, 0, 0.6, 0, 1, 0),
    pace=Pace(72.4, own=True, answers=200),
    quarters=(),
    questions=(MISSED,),
    changing_note="On the whole it helps.",
)
