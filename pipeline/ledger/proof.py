"""Proofs over the ledger's own histories: are the chains whole, are the numbers 1…N?"""

from dataclasses import dataclass
from typing import Final

from pipeline.ledger.chain import GENESIS

#: The name of the one chain that is no series.
EVENTS: Final = "events"


@dataclass(frozen=True)
class Break:
    """The first place where a history does not follow from what stands before it.

    Not a finding: it is what a proof over bare rows gives, without words; `audit` makes a finding of it.
    """

    where: str
    position: int
    what: str


@dataclass(frozen=True, slots=True)
class Link:
    """One event or entry in its chain, as it is stored; `computed` is the hash that its content has."""

    chain: str
    position: int  #: counted from 1, without gaps
    previous_hash: str
    hash: str
    computed: str
    act: str = ""
    no: int = 0
    is_turned: bool = False  #: it is of the other register than its series


class ChainCheck:
    """Follows one chain link by link; at most one break is told, the first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.broken: Break | None = None
        self._previous, self._count, self._given = GENESIS, 0, 0

    def see(self, link: Link) -> None:
        """See the next link of the chain."""
        if self.broken is None:
            self._count += 1
            what = self._wrong(link)
            self.broken = Break(self.name, self._count, what) if what else None
            self._previous = link.hash

    def _wrong(self, link: Link) -> str:
        # counted without gaps, so one that is missing was taken out
        if link.position != self._count:
            return "missing"
        if link.previous_hash != self._previous or link.hash != link.computed:
            return "changed"
        if link.act == "begin":
            # only ever forward: what lies between stands in a book on paper, or in another run
            if link.no <= self._given:
                return "gap"
            self._given = link.no - 1
        if link.act == "number":
            self._given += 1
            # without gap (NĐ30 Điều 15, HD05 II.3.1); a void one was given, so it counts
            if link.no != self._given:
                return "gap"
            if link.is_turned:
                return "changed"
        return ""

    def end(self, length: int, head: str, last_no: int = 0) -> Break | None:
        """Give the break, also that at the end: a history cut short is whole up to the cut, only its head tells."""
        # a number counted and never entered would show here as well
        if self.broken is None and (self._count, self._previous, self._given) != (length, head, last_no):
            return Break(self.name, self._count, "cut")
        return self.broken
