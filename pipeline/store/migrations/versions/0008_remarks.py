"""An index for what concerns no job, by what it says; and a paper that lacks signatures is one that was accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_REMARK = sa.text("job_id IS NULL")
_ACCEPTED = sa.text(
    "kind <> '' AND state IN ('accepted', 'archived', 'delivered', 'filled', 'numbered', 'partly-signed', "
    "'registered', 'rendered', 'signed', 'waiting')"
)


def upgrade() -> None:
    """Find a remark by its action and the beginning of its detail; one accepted paper for a matter, in any state."""
    op.create_index(
        "ix_events_remark",
        "events",
        ["action", sa.text("substr(detail, 1, 120)")],
        sqlite_where=_REMARK,
        postgresql_where=_REMARK,
    )
    # a ledger in which two papers for one matter were accepted meanwhile keeps the index it has: it must open
    matter: list[sa.ColumnClause[str]] = [sa.column(name) for name in ("kind", "unit", "year", "variant")]
    accepted = sa.select(sa.func.count()).select_from(sa.table("jobs")).where(_ACCEPTED)
    if op.get_bind().execute(accepted.group_by(*matter).having(sa.func.count() > 1)).first() is not None:
        return
    # the state came later than the index, which did not hold for it
    op.drop_index("uq_jobs_accepted", "jobs")
    op.create_index(
        "uq_jobs_accepted",
        "jobs",
        ["kind", "unit", "year", "variant"],
        unique=True,
        sqlite_where=_ACCEPTED,
        postgresql_where=_ACCEPTED,
    )
