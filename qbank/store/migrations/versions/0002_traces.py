"""What the answers say of a memory: four numbers in place of one for luck.

What there was is carried over as nearly as one number tells: `qbank doctor --rebuild` works it out from the answers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TRACE = ("kept", "kept_days", "taught", "taught_days")
TAKEN_IN = 0.7
TAUGHT_DAYS = 0.212


def upgrade() -> None:
    for name in TRACE:
        op.add_column("progress", sa.Column(name, sa.Float()))
    op.get_bind().execute(
        sa.text(
            "update progress set kept = 1 - coalesce(luck, 0), kept_days = stability_days, "
            "taught = coalesce(luck, 0) * :taken_in, taught_days = :taught_days where stability_days is not null"
        ),
        {"taken_in": TAKEN_IN, "taught_days": TAUGHT_DAYS},
    )
    op.drop_column("progress", "luck")
