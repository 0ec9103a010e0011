"""A book of the register as somebody looks at it: of one direction and year, narrowed by words; for every face."""

from dataclasses import dataclass
from typing import Final

from pipeline.app import searching
from pipeline.app.book_shelf import Shelf
from pipeline.ledger.findable import Wanted
from pipeline.model import Direction
from pipeline.register.rows import Row, rows, rows_numbered
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


def found(workspace: Workspace, asked: BookAsked, shelf: Shelf) -> list[Row]:
    """Give the numbers that are wanted, in the order of series and number."""
    if asked.words and not asked.year:
        return [row for row in _searched(workspace, asked.words) if row.direction is asked.direction]
    # a figure is meant as it is written: 3 is not 30
    keys = [f" {one.words} " if one.words[-1].isdigit() else one.key for one in _phrases(asked.words)]
    if asked.words and not keys:
        return []
    if not asked.year:
        return [row for row in rows(workspace.ledger) if row.direction is asked.direction]
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
