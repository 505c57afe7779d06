"""The statements that item statistics read by, apart because other verbs need not build them."""

from sqlalchemy import Text, and_, select, type_coerce

from qbank.core.question import Kind
from qbank.store.questions import CURRENT
from qbank.store.tables import question, question_version, response

_of_question = and_(question.c.bank == response.c.bank, question.c.id == response.c.question)
_counts = and_(
    response.c.fresh.is_(True),
    response.c.retracted.is_(False),
    response.c.rating.is_not(None),
    question.c.kind == Kind.CHOICE.value,
)
ANSWERED = (
    select(
        response.c.bank,
        response.c.question,
        question_version.c.key,
        type_coerce(question_version.c.option_ids, Text),
        response.c.version,
        response.c.learner,
        response.c.choice,
        response.c.elapsed_ms,
    )
    .select_from(response.join(question, _of_question).join(question_version, CURRENT))
    .where(_counts)
    .order_by(response.c.bank, response.c.question, response.c.learner)
)
SUPERSEDED = (
    select(
        question_version.c.bank,
        question_version.c.question,
        question_version.c.version,
        question_version.c.option_ids,
    )
    .select_from(
        question_version.join(
            question,
            and_(question.c.bank == question_version.c.bank, question.c.id == question_version.c.question),
        )
    )
    .where(question_version.c.version != question.c.version, question.c.kind == Kind.CHOICE.value)
)
