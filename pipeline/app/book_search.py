"""A book of the register as somebody looks at it: of one direction and year, narrowed by words; for every face."""

from dataclasses import dataclass
from typing import Final

from pipeline.app import searching
from pipeline.ledger.findable import Wanted
from pipeline.model import Direction
from pipeline.register.books import Line, line_of
from pipeline.register.rows import Row, rows, rows_numbered
from pipeline.vietnamese.phrases import Phrase, phrases_of, words_of
from pipeline.workspace import Workspace

#: So many documents are looked up for words; who finds more says more words.
_MOST_FOUND: Final = 400


@dataclass(frozen=True)
class BookAsked:
    """Which part of the register is wanted: `year` 0 means all; `words` as `vanthu find` knows them, "" all."""

    direction: Direction
    year: int
    words: str = ""


def found(workspace: Workspace, asked: BookAsked) -> list[Row]:
    """Give the numbers that are wanted, in the order of series and number."""
    if asked.words and not asked.year:
        return [row for row in _searched(workspace, asked.words) if row.direction is asked.direction]
    of_year = [row for row in _of_year(workspace, asked.year) if row.direction is asked.direction]
    # a figure is meant as it is written: 3 is not 30
    keys = [f" {one.words} " if one.words[-1].isdigit() else one.key for one in _phrases(asked.words)]
    if asked.words and not keys:
        return []
    lines = ((row, line_of(row, workspace.practice.language)) for row in of_year)
    return [row for row, line in lines if asked.year in {0, line.day.year} and (not keys or _holds(row, line, keys))]


def _holds(row: Row, line: Line, keys: list[str]) -> bool:
    """Whether words that begin so stand in what the book says of a number, in whatever column."""
    # the signer of an incoming paper is known, and has no column in that book
    texts = (line.number, row.columns.signer, *(fact.text for fact in line.facts))
    said = f" {words_of(' '.join(texts))} "
    return all(key in said for key in keys)


def _of_year(workspace: Workspace, year: int) -> list[Row]:
    ledger = workspace.ledger
    if not year:
        return rows(ledger)
    # series by series: those of other years are not read
    return [row for series, _ in reversed(ledger.newest_runs(year)) for row in rows(ledger, series)]


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
