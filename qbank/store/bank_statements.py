"""The statements that loading a bank runs. Building them takes longer than a block takes to open, so they stand apart."""

from sqlalchemy import and_, bindparam, exists, func, or_, select, update

from qbank.store.questions import CURRENT
from qbank.store.rows import BankKind
from qbank.store.tables import (
    LIVE,
    bank,
    objective,
    progress,
    question,
    question_text,
    question_use,
    question_version,
)

STORED = (
    select(
        question.c.id,
        question.c.objective,
        question.c.version,
        question.c.path,
        question.c.line,
        question.c.retired,
        question_version.c.key,
        question_version.c.option_ids,
    )
    .join(question_version, CURRENT)
    .where(question.c.bank == bindparam("bank"), question.c.id.in_(bindparam("ids", expanding=True)))
)
STORED_OBJECTIVES = select(objective.c.id, objective.c.payload, objective.c.reserve).where(
    objective.c.bank == bindparam("bank"), objective.c.id.in_(bindparam("ids", expanding=True))
)

WITHOUT_TEXT = (
    select(question_version.c.payload, objective.c.payload)
    .select_from(question)
    .join(question_version, CURRENT)
    .join(objective, and_(objective.c.bank == question.c.bank, objective.c.id == question.c.objective))
    .outerjoin(
        question_text,
        and_(question_text.c.bank == question.c.bank, question_text.c.question == question.c.id),
    )
    .where(question_text.c.no.is_(None))
)

_other = question.alias("other")
_in_objective = and_(_other.c.bank == objective.c.bank, _other.c.objective == objective.c.id)
_count = (
    select(func.count())
    .select_from(_other)
    .where(_in_objective, _other.c.retired.is_(False), _other.c.overridden.is_(False))
    .scalar_subquery()
)
COUNT_QUESTIONS = update(objective).values(
    n_questions=_count,
    retired=and_(
        exists().where(_in_objective),
        ~exists().where(_in_objective, _other.c.retired.is_(False)),
    ),
)
_own_live = (
    select(_other.c.id, _other.c.objective)
    .join(bank, bank.c.id == _other.c.bank)
    .where(bank.c.kind == BankKind.OWN.value, bank.c.off.is_(False), _other.c.retired.is_(False))
    .subquery()
)
_is_overridden = or_(
    question.c.bank.in_(select(bank.c.id).where(bank.c.off.is_(True))),
    and_(
        question.c.bank.not_in(select(bank.c.id).where(bank.c.kind == BankKind.OWN.value)),
        or_(
            question.c.id.in_(select(_own_live.c.id)),
            question.c.objective.in_(select(_own_live.c.objective)),
        ),
    ),
)
OVERRIDE = update(question).where(question.c.overridden != _is_overridden).values(overridden=_is_overridden)

_used = (
    select(question_use.c.last_day)
    .join(question, and_(question.c.bank == question_use.c.bank, question.c.id == question_use.c.question))
    .where(
        question_use.c.learner == progress.c.learner,
        question_use.c.bank == progress.c.bank,
        question_use.c.objective == progress.c.objective,
        LIVE,
        or_(question_use.c.served_count > 0, question_use.c.flagged),
    )
    .correlate(progress)
)
REFRESH_PROGRESS = update(progress).values(
    n_seen=_used.with_only_columns(func.count()).scalar_subquery(),
    oldest_day=_used.with_only_columns(func.min(question_use.c.last_day))
    .where(question_use.c.flagged.is_(False))
    .scalar_subquery(),
)
