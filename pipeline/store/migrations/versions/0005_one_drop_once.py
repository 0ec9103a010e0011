"""One drop, once: its bytes and its fingerprint are a key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell apart what two programs recorded twice, and the drops of what was cancelled; then keep it so."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE drops SET fingerprint = fingerprint || ' #' || job_id "
            "WHERE job_id IN (SELECT id FROM jobs WHERE state = 'cancelled')"
        )
    )
    connection.execute(
        sa.text(
            "UPDATE drops SET fingerprint = fingerprint || ' *' || id WHERE EXISTS (SELECT 1 FROM drops AS earlier "
            "WHERE earlier.sha256 = drops.sha256 AND earlier.fingerprint = drops.fingerprint AND earlier.id < drops.id)"
        )
    )
    op.create_index("uq_drops_file", "drops", ["sha256", "fingerprint"], unique=True)
    op.drop_index("ix_drops_sha256", "drops")
