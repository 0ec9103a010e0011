"""The log held against its own rows, against the journal of the archive, and against the heads kept elsewhere.

One pass, leaf by leaf, in memory that does not grow; it also tells which of ledger and archive is the older one, and
what is to be done.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from pipeline.archive.heads import verifier_keys
from pipeline.archive.journal import Places
from pipeline.ledger import Ledger
from pipeline.ledger.chain import GENESIS
from pipeline.ledger.log import Leaf, Log
from pipeline.ledger.proof import EVENTS, Break, ChainCheck
from pipeline.ledger.restoring import REBUILT
from pipeline.ledger.streams import Streams
from pipeline.messages import say
from pipeline.model import Finding, Message, Severity
from pipeline.proof.paths import HEIGHT
from pipeline.proof.signing import is_signed_by
from pipeline.proof.standalone import Fault, Frontier, Head, Line, heads_in, heads_of, journal


def log_findings(ledger: Ledger, places: Places) -> Iterator[Finding]:
    """Give what does not agree; at most one finding of each sort, the first."""
    log = ledger.log
    keys = verifier_keys(places)
    heads = heads_of(places.heads) if places.heads.is_file() else []
    walk = _Walk(sorted((one for one in heads if one.is_genuine(keys, is_signed_by)), key=lambda one: one.size))
    unread: list[Fault] = []
    for leaf, line in zip_longest(log.leaves(), journal(places.archive, unread)):
        walk.see(leaf, line)
    yield from walk.found.values()
    yield from _chains(ledger, walk)
    # so many leaves came back from the archive without their events: they have no row, and no others
    restored = sum(int(str(event.detail["bare"])) for event in ledger.acted(REBUILT))
    yield from _ends(log, walk, restored)
    for fault in unread:
        message = say(
            "{file} of the archive cannot be read as a journal from line {line} on.",
            file=fault.where,
            line=int(fault.facts.get("line", 0)),
        )
        yield Finding("journal.unreadable", Severity.BLOCK, message, found=fault.where)
    yield from _behind(log, places, walk.lines)


@dataclass
class _Walk:
    """Goes through log and journal side by side, and past the heads on its way."""

    heads: list[Head]  #: that are still to come, by size
    tree: Frontier = field(default_factory=Frontier)
    lines: int = 0
    bare: int = 0
    rows: int = 0
    chains: dict[str, ChainCheck] = field(default_factory=dict)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    found: dict[str, Finding] = field(default_factory=dict)

    def see(self, leaf: Leaf | None, line: Line | None) -> None:
        """See the next leaf of the log and the next line of the journal; None behind the end."""
        self.lines += line is not None
        if leaf is None:
            return  # counted on: how much more the journal knows
        made = self.tree.append(leaf.hash)
        self.bare += leaf.is_bare
        size = self.tree.size
        for height in range(HEIGHT, len(made), HEIGHT):
            self.nodes[height // HEIGHT, (size - 1) >> height] = made[height]
        if leaf.link is not None:
            self.rows += 1
            self.chains.setdefault(leaf.link.chain, ChainCheck(leaf.link.chain)).see(leaf.link)
        if leaf.hash != leaf.of_row or leaf.position != size - 1:
            self.found.setdefault("log", _changed(size))
        if line is not None and line.leaf != leaf.hash:
            self.found.setdefault("split", _split("nhat-ky", size))
        while self.heads and self.heads[0].size <= size:
            head = self.heads.pop(0)
            if head.size == size and head.root != self.tree.root():
                self.found.setdefault("split", _split(head.where, size))


def _chains(ledger: Ledger, walk: _Walk) -> Iterator[Finding]:
    # a chain alone does not show that its end was cut off: the number of entries and the last hash are kept apart
    length, head = ledger.events_head()
    ends = [(EVENTS, length, head or GENESIS, 0)]
    ends += [(series.key, series.entries, series.head, series.last_no) for series in ledger.series()]
    for name, entries, last, last_no in ends:
        broken = walk.chains.pop(name, ChainCheck(name)).end(entries, last, last_no)
        if broken is not None:
            yield Finding(f"chain.{broken.what}", Severity.BLOCK, _break_message(broken), found=broken.where)
    # of a series that is no longer there
    for name in walk.chains:
        broken = Break(name, 0, "cut")
        yield Finding(f"chain.{broken.what}", Severity.BLOCK, _break_message(broken), found=name)
    if walk.nodes != ledger.log.nodes() or walk.rows != Streams(ledger.engine).count_chained():
        message = say(
            "The log does not hold all events and entries, or not as they are: something was put in or changed."
        )
        yield Finding("log.rows", Severity.BLOCK, message, found="log")


def _break_message(found: Break) -> Message:
    if found.what == "gap":
        return say(
            "Series {where}: the numbers are not 1, 2, 3 … at entry {position}.",
            where=found.where,
            position=found.position,
        )
    if found.what == "cut":
        return say(
            "History {where} ends at entry {position}, but its recorded head says otherwise: something was cut off.",
            where=found.where,
            position=found.position,
        )
    return say(
        "History {where} does not hold at entry {position}: an entry was changed, removed or put in.",
        where=found.where,
        position=found.position,
    )


def _ends(log: Log, walk: _Walk, restored: int) -> Iterator[Finding]:
    """Tell of an end that is not where it was: of the log's own, and of what the archive and the heads know more."""
    head, size = log.head(), walk.tree.size
    if walk.bare > restored:
        count = walk.bare - restored
        message = say("{count} leaves of the log have lost their entries: something was cut off.", count=count)
        yield Finding("log.bare", Severity.BLOCK, message, found=str(count))
    if (size, walk.tree.root()) != (head.size, head.root):
        message = say("The log ends at leaf {position}, but its recorded head says otherwise.", position=size)
        yield Finding("log.cut", Severity.BLOCK, message, found=str(size))
    more = max([walk.lines, *(one.size for one in walk.heads)]) - size
    if more > 0:
        message = say(
            "The ledger is older than the archive: {more} entries are missing in it. Bring back a newer backup of "
            "the ledger, or run `vanthu rebuild`, which makes them anew from the archive.",
            more=more,
        )
        yield Finding("ledger.older", Severity.BLOCK, message, found=str(size))


def _changed(position: int) -> Finding:
    message = say("Leaf {position} of the log is not what its row says: an entry was changed.", position=position)
    return Finding("log.changed", Severity.BLOCK, message, found=str(position))


def _split(where: str, position: int) -> Finding:
    message = say(
        "Up to leaf {position} the ledger tells another history than {where}. What lies outside of it is the older "
        "witness: bring back the ledger that belongs to this archive.",
        position=position,
        where=where,
    )
    return Finding("ledger.split", Severity.BLOCK, message, found=where)


def _behind(log: Log, places: Places, lines: int) -> Iterator[Finding]:
    """Tell of an archive that is older than the ledger: a journal shorter than a head that was signed after it."""
    noted = heads_in(log.head().note)
    if noted and lines < noted[0].size:
        message = say(
            "The archive is older than the ledger: its journal has {lines} lines, and had {size}. Bring back a newer "
            "backup of the archive; the next run completes the journal, but not the papers.",
            lines=lines,
            size=noted[0].size,
        )
        yield Finding("archive.older", Severity.BLOCK, message, found=str(lines))
    if noted and not places.heads.is_file() and places.anchors != places.archive:
        message = say(
            "{file} is not there, and heads were written to it. Nothing more is written before it is back.",
            file=str(places.heads),
        )
        yield Finding("anchors.missing", Severity.BLOCK, message, found=str(places.heads))
