"""The tables of the ledger.

Times are ISO 8601 text in UTC, so that both engines keep, compare and hash exactly what was written. JSON is text
in canonical form for the same reason. What is in `APPEND_ONLY` refuses changes by triggers. The tables of those who
come into the office in the browser are in `people_tables`; all of them are known from here.
"""

from sqlalchemy import (
    DDL,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from pipeline.model import AFTER_ACCEPTANCE
from pipeline.store import people_tables  # noqa: F401 - whoever asks for all tables asks here
from pipeline.store.full_text import FULL_TEXT
from pipeline.store.metadata import metadata

#: The migration that makes exactly these tables, and those of people (compared in tests/store).
REVISION = "0013"

# before it is read a file is of no kind: any number of such may lie side by side
_IDENTIFIED = text("kind <> ''")
#: In the words of the index: with a value bound to it SQLite would not see that the index is meant.
LEASED = text("lease_owner <> ''")
#: What concerns no job: incidents of the inbox, mails, messages.
_REMARK = text("job_id IS NULL")
#: So much of an event's detail is in an index: PostgreSQL takes no more than some thousand bytes there.
DETAIL_INDEXED = 120
#: By the index `uq_jobs_accepted`, which knows the condition in these very words.
ACCEPTED = text(
    "kind <> '' AND state IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(AFTER_ACCEPTANCE)))
)

#: One row per submission x kind x revision: where it stands, and who works on it until when.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(16), nullable=False),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("kind", String(64), nullable=False, server_default=""),
    Column("unit", String(32), nullable=False, server_default=""),
    Column("year", Integer, nullable=False, server_default="0"),
    Column("variant", String(64), nullable=False, server_default=""),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("code", String(16), nullable=False, server_default=""),
    Column("name", Text, nullable=False),
    Column("folder", Text, nullable=False, server_default=""),
    Column("submission_sha256", String(64), nullable=False),
    # the kind's folder as it was when the job began: a rule changed meanwhile does not judge this paper
    Column("bundle_sha256", String(64), nullable=False, server_default=""),
    Column("received_at", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    # the document's own day chooses form, signatory and term; the day it came is another matter
    Column("document_on", String(10), nullable=False, server_default=""),
    Column("number", String(64), nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    # a lease spares double work; which of two results counts, the sequence decides (decision 0014)
    Column("lease_owner", String(64), nullable=False, server_default=""),
    Column("lease_until", String(32), nullable=False, server_default=""),
    # what nobody knows the kind or unit of is told, of all years: found without reading the rows of what was returned
    Index("ix_jobs_state_unit_kind", "state", "unit", "kind"),
    # of those that are leased, a few: what a dead worker held is given back at every start
    Index("ix_jobs_lease_owner", "lease_owner", info={"where": LEASED}),
    # two submissions about one matter read side by side: the second to be recorded finds out and looks again
    Index(
        "uq_jobs_revision",
        *("kind", "unit", "year", "variant", "revision"),
        unique=True,
        info={"where": _IDENTIFIED},
    ),
    Index(
        "uq_jobs_accepted",
        *("kind", "unit", "year", "variant"),
        unique=True,
        info={"where": ACCEPTED},
    ),
    Index("ix_jobs_matter", "year", "kind", "unit", "variant"),
    Index("ix_jobs_code", "code"),
    # what came last of a unit: its own papers, and what lay in its folder
    Index("ix_jobs_unit", "unit"),
    Index("ix_jobs_folder", "folder"),
    Index("ix_jobs_submission_sha256", "submission_sha256"),
)

#: Every file that was ever taken from the inbox, also the second drop of the same bytes.
drops = Table(
    "drops",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("name", Text, nullable=False),
    # as people ask for it: without case, marks composed (`naming.key`)
    Column("name_key", Text, nullable=False),
    Column("folder", Text, nullable=False),
    # device, inode and time: the very file again after a crash is no second drop of its bytes (rule 1)
    Column("fingerprint", Text, nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("is_repeat", Integer, nullable=False, server_default="0"),
    # one drop, once, whoever finds the file: asked by the bytes alone, too
    Index("uq_drops_file", "sha256", "fingerprint", unique=True),
    Index("ix_drops_name_key", "name_key"),
    Index("ix_drops_job_id", "job_id"),
)

#: What happened, in order: each row carries the hash of the one before.
events = Table(
    "events",
    metadata,
    # counted in the row of `chains`, not by the database: a number that is missing is an event that was cut out
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=True),
    Column("at", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("from_state", String(16), nullable=False, server_default=""),
    Column("to_state", String(16), nullable=False, server_default=""),
    Column("why", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default="{}"),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Index("ix_events_job_id", "job_id"),
    # whether the same was remarked before, and which incidents are over: without going through all remarks there are
    Index(
        "ix_events_remark",
        *("action", text(f"substr(detail, 1, {DETAIL_INDEXED})")),
        info={"where": _REMARK},
    ),
)

#: Which recorded bytes belong to a job, and as what.
artifacts = Table(
    "artifacts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("role", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("at", String(32), nullable=False),
    # bytes made twice are one artifact: a step that is done again leaves no second trace
    UniqueConstraint("job_id", "role", "sha256"),
    Index("ix_artifacts_sha256", "sha256"),
)

#: Every transient trouble a job met; those of the sequence it still has are counted, whoever drives.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("what", Text, nullable=False),
    Index("ix_attempts_job_id", "job_id"),
)

#: A run of numbers: of outgoing or incoming papers, last number given, count of entries, head of its hash chain.
series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("direction", String(16), nullable=False, server_default="outgoing"),
    Column("last_no", Integer, nullable=False, server_default="0"),
    Column("entries", Integer, nullable=False, server_default="0"),
    # kept beside the chain: a chain cut short is whole up to the cut, and only the head tells
    Column("head", String(64), nullable=False, server_default=""),
)

#: The register: acts upon numbers (given, filed, void), append-only, chained within their series.
register = Table(
    "register",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("series_id", Integer, ForeignKey("series.id"), nullable=False),
    Column("entry", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("act", String(16), nullable=False),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=True),
    Column("at", String(32), nullable=False),
    Column("who", String(128), nullable=False),
    Column("why", Text, nullable=False, server_default=""),
    # the text that was hashed, byte for byte: put together again from columns it need not be the same
    Column("facts", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    UniqueConstraint("series_id", "entry"),
    # a number is given once, filed once and made void once
    UniqueConstraint("series_id", "no", "act"),
    Index("ix_register_job_id", "job_id"),
)

#: What is to be published (or taken away again): recorded first, done after, marked when done.
publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", String(64), nullable=False, server_default=""),
    Column("done_at", String(32), nullable=False, server_default=""),
    Index("ix_publications_done_at", "done_at"),
    Index("ix_publications_job_id", "job_id"),
)

#: The head of the events' hash chain: one row, whose lock orders the writers on PostgreSQL.
chains = Table(
    "chains",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("length", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)

#: The texts of each document as they are searched; made of ledger and spool, and made anew from them at any time.
findable = Table(
    "findable",
    metadata,
    Column("job_id", Integer, ForeignKey("jobs.id"), primary_key=True, autoincrement=False),
    # its words (`vietnamese.phrases.words_of`), a blank before and after: a filter beside the full text
    Column("signer", Text, nullable=False),
    # all texts as words, parted by a sign that is no word; both engines ask this one column, each by its own index
    Column("folded", Text, nullable=False),
    # JSON: [place, page, text] each, as they are shown where they are found
    Column("places", Text, nullable=False),
)

#: The last event that `findable` knows of, and the last entry that `findable_numbers` does: what came after is looked
#: at before the next search.
findable_until = Table(
    "findable_until",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("event", Integer, nullable=False),
)

#: Numbers of old books that have no paper, as they are searched; made of the register, and made anew at any time.
findable_numbers = Table(
    "findable_numbers",
    metadata,
    Column("entry_id", Integer, ForeignKey(register.c.id), primary_key=True, autoincrement=False),
    Column("series_id", Integer, nullable=False),
    Column("no", Integer, nullable=False),
    Column("suffix", String(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("signer", Text, nullable=False),
    Column("folded", Text, nullable=False),
    UniqueConstraint("series_id", "no", "suffix"),
)

#: One Merkle log over `register` and `events`, in the order recorded (decision 0035): one row for each leaf.
log = Table(
    "log",
    metadata,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("leaf", String(64), nullable=False),
    Column("event_id", Integer, ForeignKey("events.id"), nullable=True, unique=True),
    Column("entry_id", Integer, ForeignKey(register.c.id), nullable=True, unique=True),
    # of a leaf that came back from the archive and has no row here: the journal's line
    Column("line", Text, nullable=False, server_default=""),
)

#: Roots of 256 leaves (level 1), of 65,536 (level 2) …: from these and some leaves any path is made.
log_nodes = Table(
    "log_nodes",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False),
)

#: One row, whose lock orders all writers: how many leaves, roots of the complete subtrees, the newest signed head.
log_head = Table(
    "log_head",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("frontier", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)

APPEND_ONLY = (events, register, log, log_nodes)


def append_only_ddl(table: str) -> tuple[tuple[str, str], ...]:
    """Give (dialect, statement) pairs that make `table` refuse UPDATE and DELETE."""
    sqlite = tuple(
        (
            "sqlite",
            (
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            ),
        )
        for verb in ("UPDATE", "DELETE")
    )
    postgresql = (
        (
            "postgresql",
            (
                f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"'BEGIN RAISE EXCEPTION ''{table} is append-only''; END'"
            ),
        ),
        (
            "postgresql",
            (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()"
            ),
        ),
    )
    return sqlite + postgresql


# the migrations have these statements written out; here they make the tables that the two are compared by
for _table in APPEND_ONLY:
    for _dialect, _statement in append_only_ddl(_table.name):
        event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL unannotated


@event.listens_for(metadata, "before_create")
def _only_some_rows(known: MetaData, connection: Connection, **_more: object) -> None:
    """Which rows an index is of, said to the engine at hand alone: to name PostgreSQL loads all of its dialect."""
    for index in (index for table in known.sorted_tables for index in table.indexes if "where" in index.info):
        index.dialect_options[connection.dialect.name]["where"] = index.info["where"]


for _dialect, _statement in ((dialect, one) for dialect, all_of in FULL_TEXT.items() for one in all_of):
    event.listen(findable, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]  # as above
