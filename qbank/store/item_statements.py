"""The statements that item statistics read by, apart because other verbs need not build them."""

from sqlalchemy import Text, and_, select, type_coerce

from qbank.core.question import Kind
from qbank.store.tables import question, question_version, response

VERSIONS = (
    select(
        question.c.bank,
        question.c.id,
        question_version.c.version == question.c.version,
        question_version.c.version,
        question_version.c.key,
        type_coerce(question_version.c.option_ids, Text),
    )
    .select_from(
        question.join(
            question_version,
            and_(question_version.c.bank == question.c.bank, question_version.c.question == question.c.id),
        )
    )
    .where(question.c.kind == Kind.CHOICE.value)
)
FIRST_ANSWERS = (
    select(
        response.c.bank,
        response.c.question,
        response.c.version,
        response.c.learner,
        response.c.choice,
        response.c.elapsed_ms,
    )
    .where(response.c.fresh.is_(True), response.c.retracted.is_(False), response.c.rating.is_not(None))
    .order_by(response.c.bank, response.c.question, response.c.learner)
)
