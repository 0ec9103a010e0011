"""The first ledger: jobs, drops, events, artifacts, series, register, publications, chains."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# written out, not taken from `store.schema`: a migration stays what it was when the tables have long moved on
_TRIGGERS = {
    "sqlite": [
        "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END",
        "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events is append-only'); END",
        "CREATE TRIGGER register_no_update BEFORE UPDATE ON register BEGIN SELECT RAISE(ABORT, 'register is append-only'); END",
        "CREATE TRIGGER register_no_delete BEFORE DELETE ON register BEGIN SELECT RAISE(ABORT, 'register is append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''events is append-only''; END'",
        "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_append_only()",
        "CREATE FUNCTION register_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''register is append-only''; END'",
        "CREATE TRIGGER register_append_only BEFORE UPDATE OR DELETE ON register FOR EACH ROW EXECUTE FUNCTION register_append_only()",
    ],
}


def upgrade() -> None:
    """Create every table, then make the histories append-only."""
    _create_chains()
    _create_jobs()
    _create_series()
    _create_artifacts()
    _create_drops()
    _create_events()
    _create_publications()
    _create_register()
    dialect = op.get_bind().dialect.name
    for statement in _TRIGGERS[dialect]:
        op.execute(statement)


def _create_chains() -> None:
    op.create_table(
        "chains",
        sa.Column("name", sa.String(32), autoincrement=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chains"),
    )


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("kind", sa.String(64), nullable=False, server_default=""),
        sa.Column("unit", sa.String(32), nullable=False, server_default=""),
        sa.Column("year", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("variant", sa.String(64), nullable=False, server_default=""),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("code", sa.String(16), nullable=False, server_default=""),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False, server_default=""),
        sa.Column("submission_sha256", sa.String(64), nullable=False),
        sa.Column("bundle_sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.String(32), nullable=False),
        sa.Column("document_on", sa.String(10), nullable=False, server_default=""),
        sa.Column("number", sa.String(64), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("lease_owner", sa.String(64), nullable=False, server_default=""),
        sa.Column("lease_until", sa.String(32), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_code", "jobs", ["code"])
    op.create_index("ix_jobs_matter", "jobs", ["year", "kind", "unit", "variant"])
    op.create_index("ix_jobs_state", "jobs", ["state"])
    # the states after acceptance as they were then; `model.AFTER_ACCEPTANCE` may not grow without a migration
    accepted = "kind <> '' AND state IN ('accepted', 'archived', 'delivered', 'filled', 'numbered', 'registered', 'rendered', 'signed', 'waiting')"
    matter = ["kind", "unit", "year", "variant"]
    op.create_index(
        "uq_jobs_accepted",
        "jobs",
        matter,
        unique=True,
        sqlite_where=sa.text(accepted),
        postgresql_where=sa.text(accepted),
    )
    op.create_index(
        "uq_jobs_revision",
        "jobs",
        [*matter, "revision"],
        unique=True,
        sqlite_where=sa.text("kind <> ''"),
        postgresql_where=sa.text("kind <> ''"),
    )
    op.create_index("ix_jobs_submission_sha256", "jobs", ["submission_sha256"])


def _create_series() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("last_no", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("entries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("head", sa.String(64), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_series"),
        sa.UniqueConstraint("key", name="uq_series_key"),
    )


def _create_artifacts() -> None:
    op.create_table(
        "artifacts",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id", name="fk_artifacts_job_id"), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_artifacts"),
        sa.UniqueConstraint("job_id", "role", "sha256", name="uq_artifacts_job_id_role_sha256"),
    )
    op.create_index("ix_artifacts_sha256", "artifacts", ["sha256"])


def _create_drops() -> None:
    op.create_table(
        "drops",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id", name="fk_drops_job_id"), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("received_at", sa.String(32), nullable=False),
        sa.Column("is_repeat", sa.Integer(), nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("id", name="pk_drops"),
    )
    op.create_index("ix_drops_job_id", "drops", ["job_id"])
    op.create_index("ix_drops_name_key", "drops", ["name_key"])
    op.create_index("ix_drops_sha256", "drops", ["sha256"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), autoincrement=False),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id", name="fk_events_job_id"), nullable=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("from_state", sa.String(16), nullable=False, server_default=""),
        sa.Column("to_state", sa.String(16), nullable=False, server_default=""),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("detail", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("hash", name="uq_events_hash"),
    )
    op.create_index("ix_events_job_id", "events", ["job_id"])


def _create_publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id", name="fk_publications_job_id"), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("done_at", sa.String(32), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_publications"),
    )
    op.create_index("ix_publications_done_at", "publications", ["done_at"])
    op.create_index("ix_publications_job_id", "publications", ["job_id"])


def _create_register() -> None:
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), autoincrement=True),
        sa.Column(
            "series_id", sa.Integer(), sa.ForeignKey("series.id", name="fk_register_series_id"), nullable=False
        ),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("job_id", sa.Integer(), sa.ForeignKey("jobs.id", name="fk_register_job_id"), nullable=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("who", sa.String(128), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_register"),
        sa.UniqueConstraint("hash", name="uq_register_hash"),
        sa.UniqueConstraint("series_id", "entry", name="uq_register_series_id_entry"),
        sa.UniqueConstraint("series_id", "no", "act", name="uq_register_series_id_no_act"),
    )
    op.create_index("ix_register_job_id", "register", ["job_id"])
