"""Proofs over the ledger's own histories: are the chains whole, are the numbers 1…N?"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.ledger.chain import GENESIS, canonical, link
from pipeline.ledger.rows import Entry, Event, SeriesHead, stamp
from pipeline.model import JsonObject


@dataclass(frozen=True)
class Break:
    """The first place where a history does not follow from what stands before it."""

    where: str
    position: int
    what: str


def event_breaks(events: Iterable[Event], length: int, head: str) -> list[Break]:
    """Check the events' chain against its recorded length and head; at most one break is told, the first."""
    previous, count = GENESIS, 0
    for event in events:
        count += 1
        row: JsonObject = {
            "id": event.id,
            "job_id": event.job_id or None,
            "at": stamp(event.at),
            "who": event.who,
            "action": event.action,
            "from_state": event.from_state,
            "to_state": event.to_state,
            "why": event.why,
            "detail": canonical(event.detail),
        }
        if event.id != count:
            return [Break("events", count, "missing")]
        if event.previous_hash != previous or event.hash != link(previous, row):
            return [Break("events", count, "changed")]
        previous = event.hash
    if count and (count, previous) != (length, head):
        return [Break("events", count, "cut")]
    return []


def register_breaks(series: SeriesHead, entries: Iterable[Entry]) -> list[Break]:
    """Check one series: its chain, its head, and that the numbers given are 1…N in order."""
    previous, count, given = GENESIS, 0, 0
    for entry in entries:
        count += 1
        row: JsonObject = {
            "series": series.key,
            "entry": entry.entry,
            "no": entry.no,
            "act": entry.act,
            "job_id": entry.job_id,
            "at": stamp(entry.at),
            "who": entry.who,
            "why": entry.why,
            "facts": canonical(entry.facts),
        }
        if entry.entry != count:
            return [Break(series.key, count, "missing")]
        if entry.previous_hash != previous or entry.hash != link(previous, row):
            return [Break(series.key, count, "changed")]
        if entry.act == "number":
            given += 1
            if entry.no != given:
                return [Break(series.key, count, "gap")]
        previous = entry.hash
    if (count, previous, given) != (series.entries, series.head, series.last_no):
        return [Break(series.key, count, "cut")]
    return []
