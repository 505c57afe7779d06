"""What each met objective can be worth at most, so that composing from a large bank need not read all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEY = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_index(
        "ix_objective_kind",
        "objective",
        ["system", "section", "disciplines", "likelihood", "bank", "id", "reserve", "n_questions"],
    )
    op.add_column("progress", sa.Column("ceiling_of", KEY))
    op.add_column("progress", sa.Column("ceiling", sa.Float()))
    op.create_index("ix_progress_ceiling", "progress", ["learner", "ceiling_of", "ceiling"])
    op.create_table(
        "ceilings",
        sa.Column("learner", KEY, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["learner"], ["learner.id"], name="fk_ceilings_learner"),
        sa.PrimaryKeyConstraint("learner", name="pk_ceilings"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _statistics()


def _statistics() -> None:
    """The same for the new indexes as the first migration says for its own."""
    for table, name, figures in (
        ("objective", "ix_objective_kind", "100000 5000 1000 300 100 50 1 1 1"),
        ("progress", "ix_progress_ceiling", "5000 2500 150 1"),
    ):
        op.execute(f"insert into sqlite_stat1 (tbl, idx, stat) values ('{table}', '{name}', '{figures}')")
