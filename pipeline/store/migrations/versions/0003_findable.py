"""The texts of documents as they are searched."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# written out, not taken from `store.full_text`: a migration stays what it was
_FTS5 = """
CREATE VIRTUAL TABLE findable_words USING fts5(
    folded, content='findable', content_rowid='job_id', columnsize=0, prefix='1 2',
    tokenize='unicode61 remove_diacritics 0'
)"""
_ADDED = """
CREATE TRIGGER findable_added AFTER INSERT ON findable BEGIN
    INSERT INTO findable_words(rowid, folded) VALUES (new.job_id, new.folded);
END"""
_REMOVED = """
CREATE TRIGGER findable_removed AFTER DELETE ON findable BEGIN
    INSERT INTO findable_words(findable_words, rowid, folded) VALUES ('delete', old.job_id, old.folded);
END"""

_KEYS = """
CREATE TABLE findable_words (
    job_id integer PRIMARY KEY REFERENCES findable (job_id) ON DELETE CASCADE,
    keys tsvector
)"""
_KEYS_INDEX = "CREATE INDEX ix_findable_words_keys ON findable_words USING gin (keys)"
_KEYLESS = "CREATE INDEX ix_findable_words_keyless ON findable_words (job_id) WHERE keys IS NULL"
# chr(57344) is U+E000, which parts two texts
_KEYED = """
CREATE FUNCTION findable_added() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    words text[] := string_to_array(btrim(new.folded), ' ');
    keys tsvector;
BEGIN
    BEGIN
        SELECT array_to_tsvector(array_agg(DISTINCT key)) INTO keys FROM (
            SELECT unnest(words) AS key
            UNION ALL
            SELECT one || '_' || other FROM unnest(words, words[2:]) AS pair(one, other) WHERE other IS NOT NULL
        ) AS said WHERE key <> '' AND length(key) < 500 AND strpos(key, chr(57344)) = 0;
    EXCEPTION WHEN program_limit_exceeded THEN
        keys := NULL;
    END;
    INSERT INTO findable_words VALUES (new.job_id, keys);
    RETURN NULL;
END $body$"""
_KEYED_WHEN = """
CREATE TRIGGER findable_added AFTER INSERT ON findable FOR EACH ROW EXECUTE FUNCTION findable_added()"""

_INDEX = {"sqlite": (_FTS5, _ADDED, _REMOVED), "postgresql": (_KEYS, _KEYS_INDEX, _KEYLESS, _KEYED, _KEYED_WHEN)}


def upgrade() -> None:
    """Make the tables empty: they are filled from what is recorded, before the first search."""
    op.create_table(
        "findable",
        sa.Column(
            "job_id",
            sa.Integer(),
            sa.ForeignKey("jobs.id", name="fk_findable_job_id"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("places", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job_id", name="pk_findable"),
    )
    op.create_table(
        "findable_until",
        sa.Column("name", sa.String(32), autoincrement=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_findable_until"),
    )
    for statement in _INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
