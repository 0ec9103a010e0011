"""The index over the words of `findable`: on both engines a table of its own, kept by triggers.

SQLite's is FTS5, which knows where every word stands. PostgreSQL's own phrase search fetches each text that has the
words anywhere, and forgets where they stand after the 16,383rd: its table holds each word and each two neighbours
instead, as keys of a text. A text of too many words has no keys, and is looked at each time.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

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
# chr(57344) is U+E000, which parts two texts (`ledger.findable`)
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

#: By dialect, the statements that make the index.
FULL_TEXT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"sqlite": (_FTS5, _ADDED, _REMOVED), "postgresql": (_KEYS, _KEYS_INDEX, _KEYLESS, _KEYED, _KEYED_WHEN)}
)
