"""Attempts as rows, and the direction of a series as a column."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; which series are of incoming papers was known until now by their entries' facts only."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id", name="fk_attempts_job_id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_job_id", "attempts", ["job_id"])
    op.add_column("series", sa.Column("direction", sa.String(16), nullable=False, server_default="outgoing"))
    _direct_series()


def _direct_series() -> None:
    """A series is incoming when the first number of it was given to a paper with an author, as was the rule so far."""
    connection = op.get_bind()
    first = sa.text(
        "SELECT series_id, facts FROM register WHERE act = 'number' AND (series_id, entry) IN "
        "(SELECT series_id, MIN(entry) FROM register WHERE act = 'number' GROUP BY series_id)"
    )
    for series_id, facts in connection.execute(first).all():
        if json.loads(facts).get("author"):
            connection.execute(sa.text("UPDATE series SET direction = 'incoming' WHERE id = :id"), {"id": series_id})
