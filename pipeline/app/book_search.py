"""A book of the register as somebody looks at it: of one direction and year, narrowed by words; for every face."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pipeline.app import searching
from pipeline.app.book_shelf import Shelf
from pipeline.ledger.findable import Wanted
from pipeline.model import Direction
from pipeline.register.rows import Row, rows_numbered
from pipeline.vietnamese.phrases import Phrase, phrases_of
from pipeline.workspace import Workspace

#: So many documents are looked up for words; who finds more says more words.
_MOST_FOUND: Final = 400


@dataclass(frozen=True)
class BookAsked:
    """Which part of the register is wanted: `year` 0 means all; `words` as `vanthu find` knows them, "" all."""

    direction: Direction
    year: int
    words: str = ""


@dataclass(frozen=True)
class Found:
    """The numbers that are wanted: how many, and any part of them."""

    total: int
    _last: Callable[[int, int], list[Row]]

    def newest(self, skipped: int, most: int) -> list[Row]:
        """Give a part, the newest first; nothing else needs to be read."""
        return self._last(skipped, most)

    def in_order(self, first: int = 0, most: int | None = None) -> list[Row]:
        """Give a part from `first` (from 0) on, in the order of series and number; all unless `most` is said."""
        end = self.total if most is None else min(first + most, self.total)
        return self._last(self.total - end, max(0, end - first))[::-1]


def found(workspace: Workspace, asked: BookAsked, shelf: Shelf) -> Found:
    """Find the numbers that are wanted."""
    if not asked.year and not asked.words:
        return _of_all_years(workspace, asked.direction)
    made = _listed(workspace, asked, shelf)
    return Found(len(made), lambda skipped, most: made[::-1][skipped : skipped + most])


def _of_all_years(workspace: Workspace, direction: Direction) -> Found:
    """A whole book: its series are counted by their index, and only the numbers that are looked at are read."""
    ledger = workspace.ledger
    runs = ledger.booked(direction)[::-1]

    def last(skipped: int, most: int) -> list[Row]:
        made: list[Row] = []
        for key, count in runs:
            if skipped < count and len(made) < most:
                wanted = ledger.last_booked(key, skipped, most - len(made))
                of_series = rows_numbered(ledger, {no for no, _ in wanted}, key)
                made += [row for row in of_series if (row.no, row.suffix) in wanted][::-1]
            skipped = max(0, skipped - count)
        return made

    return Found(sum(count for _, count in runs), last)


def _listed(workspace: Workspace, asked: BookAsked, shelf: Shelf) -> list[Row]:
    """The numbers of a year, or those of all years in which words stand, in the order of series and number."""
    if not asked.year:
        return [row for row in _searched(workspace, asked.words) if row.direction is asked.direction]
    # a figure is meant as it is written: 3 is not 30
    keys = [f" {one.words} " if one.words[-1].isdigit() else one.key for one in _phrases(asked.words)]
    if asked.words and not keys:
        return []
    # series by series: those of other years, and of the other book, are not read
    return [
        one.row
        for series, direction in reversed(workspace.ledger.newest_runs(asked.year))
        if direction is asked.direction
        for one in shelf.numbers(workspace, series)
        if one.line.day.year == asked.year and all(key in one.said for key in keys)
    ]


def _phrases(words: str) -> tuple[Phrase, ...]:
    """What is searched for: single words, or those in quotes together; each may be a beginning."""
    parts = phrases_of([words]) if {'"', "“", "”"} & set(words) else phrases_of(words.split())
    return tuple(Phrase(part.words, is_begun=True) for part in parts)


def _searched(workspace: Workspace, words: str) -> list[Row]:
    """The numbers, of all years, of documents in which all words stand: of so many not each is read."""
    if not (phrases := _phrases(words)):
        return []
    wanted = Wanted(phrases)
    jobs = {one.job.id for one in searching.find(workspace, wanted, _MOST_FOUND) if one.job.number}
    numbers = {entry.no for job in jobs for entry in workspace.ledger.entries_of(job)}
    made = [row for row in rows_numbered(workspace.ledger, numbers) if row.job_id in jobs] if numbers else []
    return [*made, *(one.row for one in searching.find_numbers(workspace, wanted, _MOST_FOUND))]
