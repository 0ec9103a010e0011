"""How the ledger stands to what lies outside of it, and how what lies outside is brought up to the ledger."""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.archive.heads import append_head, newest_head, put_in_place
from pipeline.archive.journal import Places, complete, tail_of
from pipeline.ledger.ledger import LedgerLost
from pipeline.ledger.log import Log
from pipeline.messages import tr
from pipeline.proof.signing import Signer
from pipeline.proof.standalone import heads_in
from pipeline.store.alone import alone


class Age(enum.StrEnum):
    """How the ledger stands to what was written outside of it."""

    SAME = "same"
    OLDER = "older"  #: the other knows more: this ledger was restored from a backup
    SPLIT = "split"  #: the other knows something else: two ledgers went on from one backup, or one was rewritten


@dataclass(frozen=True)
class Standing:
    """How the ledger stands to the journal, or to the heads: `where` is the file, the sizes count leaves."""

    age: Age
    where: Path | str
    size: int
    ledger_size: int


def standings(log: Log, places: Places) -> list[Standing]:
    """Hold the ledger against the end of the journal and against the newest head: at most these two are given."""
    noted = heads_in(log.head().note)
    tail, head = tail_of(places.journal), newest_head(places, noted)
    # the ledger last: what another worker records and writes down meanwhile makes it no older than the journal
    size, found = log.head().size, list[Standing]()
    if tail.lines and tail.file is not None:
        age = age_of(tail.lines, size, is_same=lambda: log.leaf(tail.lines - 1) == tail.leaf)
        found.append(Standing(age, tail.file, tail.lines, size))
    if head is not None:
        age = age_of(head.size, size, is_same=lambda: log.root(head.size) == head.root)
        found.append(Standing(age, places.heads, head.size, size))
    return found


def age_of(size: int, ledger_size: int, is_same: Callable[[], bool]) -> Age:
    """Tell how a ledger of so many entries stands to what knows `size` of them."""
    if size > ledger_size:
        return Age.OLDER
    return Age.SAME if is_same() else Age.SPLIT


def refuse_older(log: Log, places: Places, others: Iterable[Standing] = ()) -> None:
    """Refuse a ledger that knows less than archive, heads or `others`, or something else. Raises LedgerLost."""
    for one in (*standings(log, places), *others):
        if one.age is Age.OLDER:
            raise LedgerLost(
                tr(
                    "The ledger is older than the archive: {file} knows {more} entries that it lacks. Nothing is "
                    "numbered or filed, for numbers would be given twice. Bring back a newer backup of the ledger, "
                    "or run `vanthu rebuild`; `vanthu check` tells more.",
                    file=str(one.where),
                    more=one.size - one.ledger_size,
                )
            )
        if one.age is Age.SPLIT:
            raise LedgerLost(
                tr(
                    "The ledger tells another history than {file}. Nothing is numbered or filed before a person has "
                    "looked: run `vanthu check`, and bring back the ledger that belongs to this archive.",
                    file=str(one.where),
                )
            )


def witness(ledger: Log, places: Places, var: Path) -> str:
    """Complete the journal, sign the head the log has now, and append it to the anchors; nothing new, nothing done.

    Gives the note of the head that was put out, "" where none was.

    Raises LedgerLost when archive or anchors know more than the ledger, NoSpaceError, CannotWrite.
    """
    with alone(ledger.engine, "nhat-ky", var):
        head = ledger.head()
        noted = heads_in(head.note)
        if not head.size or (noted and noted[0].size == head.size and places.heads.is_file()):
            return ""
        # before anything is appended: a journal that knows more must not be written on
        refuse_older(ledger, places)
        complete(ledger, places)
        signer = Signer(var)
        put_in_place(places, signer.verifier_key)
        note = signer.sign(head.size, head.root)
        # noted when it lies outside: receipts carry only what the anchors have
        if not append_head(places, note, signer.verifier_key, is_first=not head.note):
            return ""
        ledger.keep_note(note)
        return note
