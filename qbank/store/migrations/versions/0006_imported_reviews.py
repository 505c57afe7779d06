"""Reviews that came from another program, so that memory can be worked out again from all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True).with_variant(sa.String(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "imported_review",
        sa.Column("learner", KEY, nullable=False),
        sa.Column("bank", KEY, nullable=False),
        sa.Column("objective", KEY, nullable=False),
        sa.Column("question", KEY, nullable=False),
        sa.Column("reviewed_at", TIME, nullable=False),
        sa.Column("study_day", sa.Date(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("event", KEY, nullable=False),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name="fk_imported_review_learner"),
        sa.PrimaryKeyConstraint(
            "learner", "bank", "objective", "question", "reviewed_at", name="pk_imported_review"
        ),
        sqlite_with_rowid=False,
    )
