"""What an imported bank may be used for, and whether it is switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("bank", sa.Column("licence", sa.String(), nullable=False, server_default=""))
    op.add_column("bank", sa.Column("off", sa.Boolean(), nullable=False, server_default=sa.false()))
