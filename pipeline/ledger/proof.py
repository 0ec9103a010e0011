"""Proofs over the ledger's own histories: are the chains whole, are the numbers 1…N?"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.ledger.chain import GENESIS, link
from pipeline.ledger.rows import Entry, Event, SeriesHead


@dataclass(frozen=True)
class Break:
    """The first place where a history does not follow from what stands before it.

    Not a finding: it is what a proof over bare rows gives, without words; `audit` makes a finding of it.
    """

    where: str
    position: int
    what: str


def event_breaks(events: Iterable[Event], length: int, head: str) -> list[Break]:
    """Check the events' chain against its recorded length and head; at most one break is told, the first."""
    previous, count = GENESIS, 0
    for event in events:
        count += 1
        # ids are counted without gaps, so one that is missing was taken out
        if event.id != count:
            return [Break("events", count, "missing")]
        if event.previous_hash != previous or event.hash != link(previous, event.covered):
            return [Break("events", count, "changed")]
        previous = event.hash
    # the end of a chain proves nothing by itself: a history cut short is whole up to the cut
    if count and (count, previous) != (length, head):
        return [Break("events", count, "cut")]
    return []


def register_breaks(series: SeriesHead, entries: Iterable[Entry]) -> list[Break]:
    """Check one series: its chain, its head, and that the numbers given follow one another, from 1 or as begun."""
    previous, count, given = GENESIS, 0, 0
    for entry in entries:
        count += 1
        if entry.entry != count:
            return [Break(series.key, count, "missing")]
        if entry.previous_hash != previous or entry.hash != link(previous, entry.covered):
            return [Break(series.key, count, "changed")]
        if entry.act == "begin":
            # only ever forward: what lies between stands in a book on paper, or in another run
            if entry.no <= given:
                return [Break(series.key, count, "gap")]
            given = entry.no - 1
        if entry.act == "number":
            given += 1
            # without gap (NĐ30 Điều 15, HD05 II.3.1); a void one was given, so it counts
            if entry.no != given:
                return [Break(series.key, count, "gap")]
            # the series' own column stands outside the chain
            if entry.columns.direction not in {None, entry.direction}:
                return [Break(series.key, count, "changed")]
        previous = entry.hash
    # a number counted and never entered would show here as well
    if (count, previous, given) != (series.entries, series.head, series.last_no):
        return [Break(series.key, count, "cut")]
    return []
