"""Numbers of old books that have no paper, as they are searched."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ENTRIES = "register"


def upgrade() -> None:
    """Make the table; it is filled of the register before the next search."""
    op.create_table(
        "findable_numbers",
        sa.Column(
            "entry_id",
            sa.Integer(),
            sa.ForeignKey(f"{_ENTRIES}.id", name="fk_findable_numbers_entry_id"),
            autoincrement=False,
        ),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("suffix", sa.String(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_findable_numbers"),
        sa.UniqueConstraint("series_id", "no", "suffix", name="uq_findable_numbers_series_id_no_suffix"),
    )
