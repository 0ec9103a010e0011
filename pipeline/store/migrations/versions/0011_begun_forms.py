"""Forms that people are filling in in the browser."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "begun_forms",
        sa.Column("person_id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("year", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("typed", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved_at", sa.String(32), nullable=False),
        sa.Column("sent_sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("sent_name", sa.Text, nullable=False, server_default=""),
        sa.Column("sent_folder", sa.Text, nullable=False, server_default=""),
        sa.Column("sent_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("sent_version", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("person_id", "kind", "unit", "year", name="pk_begun_forms"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_begun_forms_person_id"),
    )
