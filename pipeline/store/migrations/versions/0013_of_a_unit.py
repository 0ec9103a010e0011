"""What came last of a unit is found by an index: without one, all jobs were gone through for a unit that has few."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of each the jobs stand in their order."""
    op.create_index("ix_jobs_unit", "jobs", ["unit"])
    op.create_index("ix_jobs_folder", "jobs", ["folder"])
