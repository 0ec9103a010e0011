"""The log: every entry of the register and every event is a leaf of one Merkle tree, in the order recorded.

Appended in the transaction that records, so that there is no entry without its leaf. The row of the head holds the
roots of the complete subtrees: a head costs no reading of the tree. What the journal of the archive says is made
here, from the rows (`pipeline.proof.standalone` has its shape).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Row, and_, insert, select, update

from pipeline.ledger.chain import canonical, linked
from pipeline.ledger.proof import EVENTS, Link
from pipeline.model import State
from pipeline.proof.paths import HEIGHT, WIDTH, Tree
from pipeline.proof.standalone import Frontier, leaf_hash, parsed
from pipeline.store import schema
from pipeline.store.engine import reading, upsert, writing

_NAME: Final = "log"
_BOTH: Final[Any] = (
    select(schema.log_head.c.size, schema.log_head.c.frontier, schema.chains.c.length, schema.chains.c.head)
    .join(schema.chains, schema.chains.c.name == EVENTS)
    .where(schema.log_head.c.name == _NAME)
)
_EVENT: Final = ("id", "job_id", "at", "who", "action", "from_state", "to_state", "why", "detail")
_LINKED: Final = ("previous_hash", "hash")
_FIRST_OF_EVENT: Final = 7
_FIRST_OF_ENTRY: Final = 18
_ENTRY: Final = ("entry", "no", "act", "job_id", "at", "who", "why", "facts")


@dataclass(frozen=True)
class LogHead:
    """How many leaves the log has, their root, and the newest signed head ("" before the first)."""

    size: int
    root: bytes
    note: str


@dataclass(frozen=True)
class Leaf:
    """A leaf as the log has it, and as it follows from its row (or from itself, where it came from the archive)."""

    position: int
    hash: bytes
    of_row: bytes  #: b"" where the row is gone
    is_bare: bool  #: it came back from the archive: the ledger has no row of it
    link: Link | None  #: its place in its chain, where there is a row


def lock(connection: Connection) -> None:
    """Take the log's row until the commit, before any other row: two writers wait here, and not for each other."""
    # on SQLite every writer holds the whole database from its first moment
    if connection.dialect.name != "sqlite":
        state_of(connection)


def state_of(connection: Connection) -> Row[Any]:
    """Take the log's row until the commit, and give it: what `append` appends to."""
    empty = {"name": _NAME, "size": 0, "frontier": ""}
    return connection.execute(
        upsert(connection, schema.log_head, empty)
        .on_conflict_do_update(index_elements=["name"], set_={"size": schema.log_head.c.size})
        .returning(schema.log_head.c.size, schema.log_head.c.frontier)
    ).one()


def state_and_history_of(connection: Connection) -> tuple[Row[Any], Row[Any] | None]:
    """The same with the row of the history's chain (its length and its head), where one statement can tell both."""
    # on PostgreSQL the two rows are taken one after the other, in the order in which all take them
    if connection.dialect.name == "sqlite" and (both := connection.execute(_BOTH).first()) is not None:
        return both, both
    return state_of(connection), None


@dataclass(frozen=True)
class Entry:
    """What is to be a leaf: the bytes of an event or of an entry, and the id of its row."""

    data: bytes
    event_id: int | None = None
    entry_id: int | None = None


def append(connection: Connection, state: Row[Any], data: bytes, *, entry_id: int) -> None:
    """Append the bytes of an entry as the next leaf."""
    append_many(connection, state, [Entry(data, entry_id=entry_id)])


def append_leaf(connection: Connection, state: Row[Any], leaf: bytes, **row: int | str | None) -> None:
    """Append a leaf by its hash to the log as `state_of` gave it; `row` are further columns of `log`."""
    _append(connection, state, [(leaf, row)])


def append_many(connection: Connection, state: Row[Any], entries: Sequence[Entry]) -> None:
    """Append the bytes of events or entries as the next leaves."""
    _append(
        connection,
        state,
        [(leaf_hash(one.data), {"event_id": one.event_id, "entry_id": one.entry_id}) for one in entries],
    )


def _append(
    connection: Connection, state: Row[Any], new: Sequence[tuple[bytes, Mapping[str, int | str | None]]]
) -> None:
    frontier = _frontier(state)
    leaves, nodes = [], []
    for position, (leaf, row) in enumerate(new, start=state.size):
        made = frontier.append(leaf)
        leaves.append({"position": position, "leaf": leaf.hex(), **row})
        nodes += [
            {"level": height // HEIGHT, "number": position >> height, "hash": made[height].hex()}
            for height in range(HEIGHT, len(made), HEIGHT)
        ]
    # one statement each for all of them: a book of ten thousand rows is taken over in a few seconds
    for table, rows in ((schema.log, leaves), (schema.log_nodes, nodes)):
        if rows:
            connection.execute(insert(table), rows)
    _keep(connection, frontier)


def _keep(connection: Connection, frontier: Frontier) -> None:
    connection.execute(
        update(schema.log_head)
        .where(schema.log_head.c.name == _NAME)
        .values(size=frontier.size, frontier=" ".join(peak.hex() for peak in frontier.peaks))
    )


def _frontier(state: Row[Any]) -> Frontier:
    return Frontier(state.size, [_hash(peak) for peak in state.frontier.split()])


def _hash(text: str) -> bytes:
    """Read a hash as it is stored; what is none, because somebody wrote there, is b"" and leads to no head."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


class Log:
    """The log as it is asked, and where its newest signed head is kept."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def head(self) -> LogHead:
        """Give the head as it stands now."""
        with reading(self.engine) as connection:
            state = connection.execute(select(schema.log_head).where(schema.log_head.c.name == _NAME)).first()
        if state is None:
            return LogHead(0, Frontier().root(), "")
        return LogHead(state.size, _frontier(state).root(), state.note)

    def keep_note(self, note: str) -> None:
        """Keep the newest signed head."""
        with writing(self.engine) as connection:
            connection.execute(update(schema.log_head).where(schema.log_head.c.name == _NAME).values(note=note))

    def leaf(self, position: int) -> bytes | None:
        """Give the hash of one leaf, None behind the end."""
        with reading(self.engine) as connection:
            found = connection.execute(select(schema.log.c.leaf).where(schema.log.c.position == position)).scalar()
            return _hash(found) if found is not None else None

    def position(self, *, event_id: int = 0, entry_hash: str = "") -> int | None:
        """Find the leaf of an event, or of an entry by its hash."""
        table, register = schema.log, schema.register
        query = select(table.c.position)
        if event_id:
            query = query.where(table.c.event_id == event_id)
        else:
            query = query.join(register, register.c.id == table.c.entry_id).where(register.c.hash == entry_hash)
        with reading(self.engine) as connection:
            return connection.execute(query).scalar()

    def root(self, size: int) -> bytes:
        """Give the root the log had when it had `size` leaves, not more than it has."""
        head = self.head()
        return head.root if size == head.size else Tree(self._tile).root(size)

    def path(self, index: int, size: int) -> list[bytes]:
        """Give the inclusion path of a leaf in the log of `size` leaves."""
        return Tree(self._tile).path(index, size)

    def _tile(self, level: int, number: int) -> Sequence[bytes]:
        first = number * WIDTH
        table = schema.log_nodes
        query = (
            select(table.c.hash)
            .where(table.c.level == level, table.c.number >= first, table.c.number < first + WIDTH)
            .order_by(table.c.number)
        )
        if level == 0:
            at = schema.log.c.position
            query = select(schema.log.c.leaf).where(at >= first, at < first + WIDTH).order_by(at)
        with reading(self.engine) as connection:
            return [_hash(text) for text in connection.execute(query).scalars()]

    def leaves(self) -> Iterator[Leaf]:
        """Give every leaf as the log has it and as its row says it must be, with its place in its chain."""
        with reading(self.engine) as connection:
            query = _lines_query(0, None, is_whole=True)
            with connection.execution_options(yield_per=1000).execute(query) as rows:
                for row in rows:
                    yield _leaf(_Row(*row))

    def nodes(self) -> dict[tuple[int, int], bytes]:
        """Give the nodes that are kept above the leaves, one for 255 leaves, by level and number."""
        table = schema.log_nodes
        with reading(self.engine) as connection:
            rows = connection.execute(select(table.c.level, table.c.number, table.c.hash))
            return {(level, number): _hash(text) for level, number, text in rows}

    def lines(self, first: int = 0, end: int | None = None) -> Iterator[str]:
        """Give the journal's lines from the leaf `first` on, up to `end`: entries and filings whole, or hashes."""
        with (
            reading(self.engine) as connection,
            connection.execution_options(yield_per=1000).execute(_lines_query(first, end)) as rows,
        ):
            for row in rows:
                yield _line(_Row(*row))


class _Source(NamedTuple):
    """An event or entry: what its hash covers, the hash before, its own as it is stored."""

    said: dict[str, Any]
    previous: str
    hash: str


class _Row:
    """A row of `_lines_query`: a leaf, and the event or the entry it is of where that is told."""

    def __init__(self, *row: Any) -> None:  # noqa: ANN401 - columns of four tables
        self.position, self.leaf, self.line, self.event_id, self.entry_id, self.series, self.direction = row[:7]
        self.event: _Source | None = None
        self.entry: _Source | None = None
        # the first column of each is never null in a row that is there
        if row[_FIRST_OF_EVENT] is not None:
            self.event = _Source(dict(zip(_EVENT, row[7:16], strict=True)), *row[16:18])
        if row[_FIRST_OF_ENTRY] is not None:
            said = dict(zip(_ENTRY, row[18:26], strict=True))
            self.entry = _Source(said | {"series": self.series}, *row[26:28])


def _lines_query(first: int, end: int | None, *, is_whole: bool = False) -> Any:  # noqa: ANN401 - a Select
    log, events, register, series = schema.log, schema.events, schema.register, schema.series
    # of an event that files nothing the hash alone is told: its row is not even read
    is_told = events.c.id == log.c.event_id
    if not is_whole:
        is_told = and_(is_told, events.c.to_state == State.ARCHIVED.value)
    return (
        select(
            *(log.c.position, log.c.leaf, log.c.line, log.c.event_id, log.c.entry_id),
            *(series.c.key, series.c.direction),
            *(events.c[name] for name in (*_EVENT, *_LINKED)),
            *(register.c[name] for name in (*_ENTRY, *_LINKED)),
        )
        .outerjoin(events, is_told)
        .outerjoin(register, register.c.id == log.c.entry_id)
        .outerjoin(series, series.c.id == register.c.series_id)
        .where(log.c.position >= first, *([] if end is None else [log.c.position < end]))
        .order_by(log.c.position)
    )


def _line(row: _Row) -> str:
    if row.line:
        return str(row.line)
    if row.entry is not None:
        return f"{row.entry.previous} {canonical(row.entry.said)}"
    if row.event is not None:
        return f"{row.event.previous} {canonical(row.event.said)}"
    return str(row.leaf)


def _leaf(row: _Row) -> Leaf:
    source = row.entry or row.event
    hash_, is_bare = _hash(row.leaf), row.event_id is None and row.entry_id is None
    if source is None:
        line = parsed(row.position, _line(row)) if is_bare else None
        return Leaf(row.position, hash_, line.leaf if line else b"", is_bare, None)
    data = linked(source.previous, source.said)
    link = Link(
        chain=row.series or EVENTS,
        position=source.said["entry" if row.entry else "id"],
        previous_hash=source.previous,
        hash=source.hash,
        computed=hashlib.sha256(data).hexdigest(),
        act=source.said.get("act", ""),
        no=source.said.get("no", 0),
        is_turned=row.entry is not None and _is_turned(source.said, row.direction),
    )
    return Leaf(row.position, hash_, leaf_hash(data), is_bare, link)


def _is_turned(said: Mapping[str, Any], direction: str | None) -> bool:
    """Tell whether a number was given in the other register than its series stands in now."""
    # the series' own column stands outside the chain
    return said["act"] == "number" and json.loads(said["facts"]).get("direction") not in {None, "", direction}
