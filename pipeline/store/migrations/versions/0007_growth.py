"""Indexes for what is asked of a ledger however long it has become."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_LEASED = sa.text("lease_owner <> ''")


def upgrade() -> None:
    """Find what is unidentified, and what is leased, without going through all jobs."""
    op.drop_index("ix_jobs_state", "jobs")
    op.create_index("ix_jobs_state_unit_kind", "jobs", ["state", "unit", "kind"])
    op.create_index("ix_jobs_lease_owner", "jobs", ["lease_owner"], sqlite_where=_LEASED, postgresql_where=_LEASED)
