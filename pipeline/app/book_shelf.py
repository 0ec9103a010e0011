"""Books that were looked into, kept as they stood: of a series only what was entered since is read."""

import collections
import threading
from dataclasses import dataclass, field
from typing import Final

from pipeline.ledger.rows import SeriesHead
from pipeline.register.books import Line, line_of
from pipeline.register.rows import Row, rows, rows_of
from pipeline.vietnamese.phrases import words_of
from pipeline.workspace import Workspace

#: So many numbers are kept, about 3 kB each; the series that was looked into longest ago is forgotten first.
_MOST_NUMBERS: Final = 60_000


@dataclass(frozen=True)
class Shown:
    """One number as its book shows it; `said` are the words by which it is found, each with a blank at both ends."""

    row: Row
    line: Line
    said: str


@dataclass
class _Kept:
    """One series up to an entry of it."""

    head: SeriesHead
    numbers: dict[tuple[int, str], Shown] = field(default_factory=dict)
    in_order: list[Shown] = field(default_factory=list)

    def take(self, made: list[Shown]) -> None:
        """Let some numbers stand as they do now."""
        self.numbers |= {(one.row.no, one.row.suffix): one for one in made}
        self.in_order = [self.numbers[key] for key in sorted(self.numbers)]


class Shelf:
    """The series of one ledger, for as long as a process looks into them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: collections.OrderedDict[str, _Kept] = collections.OrderedDict()

    def numbers(self, workspace: Workspace, series: str) -> list[Shown]:
        """Give the numbers of a series in order, as they stand now."""
        with self._lock:
            # before anything is read: what comes meanwhile is read once more
            head = next((one for one in workspace.ledger.series() if one.key == series), None)
            if head is None:
                return []
            known = self._kept.get(series)
            if known is None or not self._kept_up(workspace, known, head):
                known = self._kept[series] = _Kept(head)
                known.take([_shown(workspace, row) for row in rows(workspace.ledger, series)])
            self._kept.move_to_end(series)
            while len(self._kept) > 1 and sum(len(one.in_order) for one in self._kept.values()) > _MOST_NUMBERS:
                self._kept.popitem(last=False)
            return known.in_order

    def _kept_up(self, workspace: Workspace, known: _Kept, head: SeriesHead) -> bool:
        """Bring a series up to its head; False where what is kept is of another ledger."""
        if known.head == head:
            return True
        since = workspace.ledger.entries_since(head.key, known.head.entries)
        # the entry up to which it was read is read again: of another ledger it is another one
        if not since or since[0].hash != known.head.head:
            return False
        # the chain is grown by one at a time, and each number's acts stand together
        touched = {(one.no, one.suffix) for one in since[1:]}
        acts = [
            one
            for one in workspace.ledger.entries_numbered({no for no, _ in touched})
            if one.series == head.key and (one.no, one.suffix) in touched
        ]
        known.take([_shown(workspace, row) for row in rows_of(acts)])
        known.head = head
        return True


def _shown(workspace: Workspace, row: Row) -> Shown:
    line = line_of(row, workspace.practice.language)
    # the signer of an incoming paper is known, and has no column in that book
    texts = (line.number, row.columns.signer, *(fact.text for fact in line.facts))
    return Shown(row, line, f" {words_of(' '.join(texts))} ")
