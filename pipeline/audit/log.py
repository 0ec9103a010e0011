"""The log held against its own rows, against the journal of the archive, and against the heads kept elsewhere.

One pass, leaf by leaf, in memory that does not grow; it also tells which of ledger and archive is the older one, and
what is to be done.
"""

from collections.abc import Iterator
from itertools import zip_longest

from pipeline.archive.heads import verifier_keys
from pipeline.archive.journal import Places
from pipeline.ledger.log import Log
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.proof.signing import is_signed_by
from pipeline.proof.standalone import Fault, Frontier, heads_in, heads_of, is_genuine, journal


def log_findings(log: Log, places: Places) -> Iterator[Finding]:
    """Give what does not agree; at most one finding of each sort, the first."""
    head, tree = log.head(), Frontier()
    waiting = sorted(heads_of(places.heads), key=lambda one: one.size) if places.heads.is_file() else []
    keys = verifier_keys(places)
    waiting = [one for one in waiting if is_genuine(one, keys, is_signed_by)]
    unread: list[Fault] = []
    found: dict[str, Finding] = {}
    lines = 0
    for leaf, line in zip_longest(log.leaves(), journal(places.archive, unread)):
        lines += line is not None
        if leaf is None:
            continue  # counted on: how much more the journal knows
        tree.append(leaf.hash)
        if leaf.hash != leaf.of_row or leaf.position != tree.size - 1:
            found.setdefault("log", _changed(tree.size))
        if line is not None and line.leaf != leaf.hash:
            found.setdefault("split", _split("nhat-ky", tree.size))
        while waiting and waiting[0].size <= tree.size:
            one = waiting.pop(0)
            if one.size == tree.size and one.root != tree.root():
                found.setdefault("split", _split(one.where, one.size))
    yield from found.values()
    if (tree.size, tree.root()) != (head.size, head.root):
        message = say("The log ends at leaf {position}, but its recorded head says otherwise.", position=tree.size)
        yield Finding("log.cut", Severity.BLOCK, message, found=str(tree.size))
    for fault in unread:
        message = say(
            "{file} of the archive cannot be read as a journal from line {line} on.",
            file=fault.where,
            line=int(fault.facts.get("line", 0)),
        )
        yield Finding("journal.unreadable", Severity.BLOCK, message, found=fault.where)
    if lines > tree.size or waiting:
        more = max([lines, *(one.size for one in waiting)]) - tree.size
        message = say(
            "The ledger is older than the archive: {more} entries are missing in it. Bring back a newer backup of "
            "the ledger.",
            more=more,
        )
        yield Finding("ledger.older", Severity.BLOCK, message, found=str(tree.size))
    yield from _behind(log, places, lines)


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
