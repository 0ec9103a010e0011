"""A second code, beside the password, of who wants one."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    op.add_column("people", sa.Column("totp_salt", sa.String(32), nullable=False, server_default=""))
    op.add_column("people", sa.Column("totp_step", sa.Integer, nullable=False, server_default="0"))
