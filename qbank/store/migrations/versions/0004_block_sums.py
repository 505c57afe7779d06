"""What each closed block came to, so that no report counts answers again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "block_sums",
        sa.Column("block", KEY, nullable=False),
        sa.Column("learner", KEY, nullable=False),
        sa.Column("study_day", sa.Date(), nullable=False),
        sa.Column("timed", sa.Boolean(), nullable=False),
        sa.Column("purpose", KEY, nullable=False),
        sa.Column("interrupted", sa.Boolean(), nullable=False),
        sa.Column("mixed", sa.Boolean(), nullable=False),
        sa.Column("mind", sa.Boolean()),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["block"], ["block.id"], name="fk_block_sums_block"),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name="fk_block_sums_learner"),
        sa.PrimaryKeyConstraint("block", name="pk_block_sums"),
    )
    op.create_index("ix_block_sums_learner", "block_sums", ["learner", "study_day", "block"])
