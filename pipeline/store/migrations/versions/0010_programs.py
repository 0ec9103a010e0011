"""Programs that come in by tokens, what they were answered, and addresses that are told of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the three tables, empty."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False, server_default=""),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.Column("ends_at", sa.String(32), nullable=False, server_default=""),
        sa.Column("seen_at", sa.String(32), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_sha256", name="uq_tokens_token_sha256"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tokens_person_id"),
    )
    op.create_index("ix_tokens_person_id", "tokens", ["person_id"])
    op.create_table(
        "replies",
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=False, server_default="0"),
        sa.Column("body", sa.Text, nullable=False, server_default=""),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_replies"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_replies_person_id"),
    )
    op.create_index("ix_replies_at", "replies", ["at"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("unit", sa.String(32), nullable=False, server_default=""),
        sa.Column("salt", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("trouble", sa.Text, nullable=False, server_default=""),
        sa.Column("made_at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
