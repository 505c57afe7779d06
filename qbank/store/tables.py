"""The tables as Core sees them. Only migrations create them; a test holds that both say the same.

Three kinds of tables: the record (learners, devices, events, and every question version ever loaded), which
is never rebuilt; what the bank says now; and what follows from the log for one learner (DERIVED), which can
be thrown away and replayed. Derived rows name objectives and questions without a foreign key, because a log
can arrive before its bank does.

SQLite tables without a row id are those found by their primary key alone; a second index beside it would cost more
than it saves.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    false,
)

from qbank.core.question import Placing
from qbank.store.columns import KEY, JsonText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

NOTED = {"noted": True}
"""Marks columns that only spare work: they follow from the others, and nothing is wrong where they are empty."""

learner = Table(
    "learner",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", KEY, nullable=False, unique=True),
)

device = Table(
    "device",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", KEY, nullable=False, unique=True),
)

event = Table(
    "event",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("learner", KEY, ForeignKey("learner.id"), nullable=False),
    Column("device", KEY, ForeignKey("device.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("time_zone", String, nullable=False),
    Column("study_day", Date, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("block", KEY),
    Column("data", JsonText, nullable=False),
    Index("ix_event_learner_at", "learner", "at", "id"),
    Index("ix_event_learner_kind", "learner", "kind", "at", "id"),
    Index("ix_event_block", "block", "at", "id"),
)

bank = Table(
    "bank",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", String, nullable=False),
    Column("source", String, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("exam", KEY, nullable=False),
    Column("licence", String, nullable=False, server_default=""),
    Column("off", Boolean, nullable=False, server_default=false()),
)

bank_file = Table(
    "bank_file",
    metadata,
    Column("bank", KEY, ForeignKey("bank.id"), primary_key=True),
    Column("path", KEY, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("hash", String, nullable=False),
    sqlite_with_rowid=False,
)

objective = Table(
    "objective",
    metadata,
    Column("bank", KEY, ForeignKey("bank.id"), primary_key=True),
    Column("id", KEY, primary_key=True),
    Column("system", KEY, nullable=False),
    Column("section", KEY, nullable=False),
    Column("disciplines", KEY, nullable=False),
    Column("task", KEY, nullable=False),
    Column("likelihood", KEY, nullable=False),
    Column("reserve", Boolean, nullable=False),
    Column("retired", Boolean, nullable=False, server_default=false()),
    Column("n_questions", Integer, nullable=False, server_default="0"),
    Column("payload", Text, nullable=False),
    # All that tells objectives apart for a price, so that they are counted by kind without their texts.
    Index(
        "ix_objective_kind",
        "system",
        "section",
        "disciplines",
        "likelihood",
        "bank",
        "id",
        "reserve",
        "n_questions",
    ),
    sqlite_with_rowid=False,
)

question = Table(
    "question",
    metadata,
    Column("bank", KEY, primary_key=True),
    Column("id", KEY, primary_key=True),
    Column("objective", KEY, nullable=False),
    Column("version", KEY, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("path", KEY, nullable=False),
    Column("line", Integer, nullable=False),
    Column("retired", Boolean, nullable=False),
    Column("overridden", Boolean, nullable=False, server_default=false()),
    ForeignKeyConstraint(["bank", "objective"], ["objective.bank", "objective.id"]),
    Index("ix_question_objective", "bank", "objective"),
    Index("ix_question_path", "bank", "path"),
    Index("ix_question_id", "id"),
)

question_version = Table(
    "question_version",
    metadata,
    Column("bank", KEY, primary_key=True),
    Column("question", KEY, primary_key=True),
    Column("version", KEY, primary_key=True),
    Column("key", KEY, nullable=False),
    Column("option_ids", JsonText, nullable=False),
    Column("payload", Text, nullable=False),
    ForeignKeyConstraint(["bank", "question"], ["question.bank", "question.id"]),
)

question_text = Table(
    "question_text",
    metadata,
    Column("no", Integer, primary_key=True),
    Column("bank", KEY, nullable=False),
    Column("question", KEY, nullable=False),
    Column("body", Text, nullable=False),
    ForeignKeyConstraint(["bank", "question"], ["question.bank", "question.id"]),
    Index("ix_question_text_question", "bank", "question", unique=True),
)

progress = Table(
    "progress",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("bank", KEY, primary_key=True),
    Column("objective", KEY, primary_key=True),
    Column("stability_days", Float),
    Column("difficulty", Float),
    Column("last_day", Date),
    Column("reps", Integer),
    Column("lapses", Integer),
    Column("kept", Float),
    Column("kept_days", Float),
    Column("taught", Float),
    Column("taught_days", Float),
    Column("model", KEY),
    Column("n_seen", Integer, nullable=False, server_default="0"),
    Column("oldest_day", Date),
    Column("ceiling_of", KEY, info=NOTED),
    Column("ceiling", Float, info=NOTED),
    Index("ix_progress_ceiling", "learner", "ceiling_of", "ceiling"),
    sqlite_with_rowid=False,
)

ceilings = Table(
    "ceilings",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("payload", Text, nullable=False),
)

question_use = Table(
    "question_use",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("bank", KEY, primary_key=True),
    Column("question", KEY, primary_key=True),
    Column("objective", KEY, nullable=False),
    Column("served_count", Integer, nullable=False),
    Column("last_day", Date),
    Column("last_correct", Boolean),
    Column("marked", Boolean, nullable=False),
    Column("flagged", Boolean, nullable=False),
    Index("ix_question_use_objective", "learner", "bank", "objective"),
)

block = Table(
    "block",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("learner", KEY, ForeignKey("learner.id"), nullable=False),
    Column("mode", KEY, nullable=False),
    Column("purpose", KEY, nullable=False),
    Column("state", KEY, nullable=False),
    Column("composed_at", UtcDateTime, nullable=False),
    Column("study_day", Date, nullable=False),
    Column("plan", JsonText, nullable=False),
    Column("interrupted", Boolean, nullable=False),
    Column("elapsed_ms", BigInteger, nullable=False),
    Column("closed_at", UtcDateTime),
    Index("ix_block_learner_composed", "learner", "composed_at", "id"),
    Index("ix_block_learner_state", "learner", "state", "composed_at", "id"),
)

lease = Table(
    "lease",
    metadata,
    Column("block", KEY, primary_key=True),
    Column("owner", KEY, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("elapsed_ms", BigInteger, nullable=False),
)

response = Table(
    "response",
    metadata,
    Column("block", KEY, ForeignKey("block.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("learner", KEY, ForeignKey("learner.id"), nullable=False),
    Column("event", KEY, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("study_day", Date, nullable=False),
    Column("bank", KEY, nullable=False),
    Column("objective", KEY, nullable=False),
    Column("question", KEY, nullable=False),
    Column("version", KEY, nullable=False),
    Column("system", KEY, nullable=False),
    Column("section", KEY, nullable=False),
    Column("disciplines", KEY, nullable=False),
    Column("mode", KEY, nullable=False),
    Column("choice", KEY),
    Column("correct", Boolean, nullable=False),
    Column("elapsed_ms", BigInteger, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("time_ran_out", Boolean, nullable=False),
    Column("marked", Boolean, nullable=False),
    Column("confidence", KEY),
    Column("reason", KEY),
    Column("reason_after", KEY),
    Column("rating", Integer),
    Column("fresh", Boolean, nullable=False),
    Column("assess", Boolean, nullable=False),
    Column("retracted", Boolean, nullable=False),
    Column("rapid", Boolean, nullable=False),
    Column("detail", JsonText, nullable=False),
    Index("ix_response_learner_at", "learner", "at", "block", "position"),
    Index("ix_response_objective", "learner", "bank", "objective", "at"),
)

imported_review = Table(
    "imported_review",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("bank", KEY, primary_key=True),
    Column("objective", KEY, primary_key=True),
    Column("question", KEY, primary_key=True),
    Column("reviewed_at", UtcDateTime, primary_key=True),
    Column("study_day", Date, nullable=False),
    Column("rating", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("event", KEY, nullable=False),
    sqlite_with_rowid=False,
)

belief = Table(
    "belief",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("payload", Text, nullable=False),
)

area_total = Table(
    "area_total",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("dimension", KEY, primary_key=True),
    Column("area", KEY, primary_key=True),
    Column("answered", BigInteger, nullable=False),
    Column("correct", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

learner_total = Table(
    "learner_total",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("answered", BigInteger, nullable=False),
    Column("correct", BigInteger, nullable=False),
    Column("hit_ms", BigInteger, nullable=False),
    Column("miss_ms", BigInteger, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("learner", KEY, ForeignKey("learner.id"), primary_key=True),
    Column("key", KEY, primary_key=True),
    Column("value", JsonText),
    sqlite_with_rowid=False,
)

report = Table(
    "report",
    metadata,
    Column("event_id", KEY, primary_key=True),
    Column("learner", KEY, ForeignKey("learner.id"), nullable=False),
    Column("added_on", Date, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("removed", Boolean, nullable=False),
    Index("ix_report_learner", "learner", "event_id"),
)

LIVE = and_(question.c.retired.is_(False), question.c.overridden.is_(False))
"""Questions that can be served."""

# It is the last key of the payload, so that none is read for it.
SUGGESTED = objective.c.payload.endswith(f'"placing":"{Placing.SUGGESTED}"}}', autoescape=True)
"""Objectives whose place in the exam is no more than suggested by their words."""

block_sums = Table(
    "block_sums",
    metadata,
    Column("block", KEY, ForeignKey("block.id"), primary_key=True),
    Column("learner", KEY, ForeignKey("learner.id"), nullable=False),
    Column("study_day", Date, nullable=False),
    Column("timed", Boolean, nullable=False),
    Column("purpose", KEY, nullable=False),
    Column("interrupted", Boolean, nullable=False),
    Column("mixed", Boolean, nullable=False),
    Column("mind", Boolean),
    Column("payload", Text, nullable=False),
    Index("ix_block_sums_learner", "learner", "study_day", "block"),
)

DERIVED = (
    response,
    block_sums,
    block,
    imported_review,
    progress,
    question_use,
    belief,
    area_total,
    learner_total,
    setting,
    report,
)
"""What follows from one learner's log; responses and sums come before the blocks that they refer to."""
