"""The books of the register as they stand now: its volumes, with what covers say of the office."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.layout import all_profiles
from pipeline.messages import VIETNAMESE, shown_in
from pipeline.model import Direction
from pipeline.register.books import Office, Volume, line_of, volumes
from pipeline.register.formats import FORMATS
from pipeline.register.pages import Mark
from pipeline.register.rows import Row, rows_of
from pipeline.register.series import Run
from pipeline.steps.witnessing import head_line, head_text
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Extract:
    """Which part of the register is wanted: one book, one series, the days from and to (included); all else."""

    direction: Direction | None = None
    series: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, row: Row, language: str) -> bool:
        """Tell whether a number is in it."""
        if self.direction not in {None, row.direction} or self.series not in {"", row.series}:
            return False
        if self.first is None and self.last is None:
            return True
        day = line_of(row, language).day
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def written(workspace: Workspace, extension: str, books: Sequence[Volume]) -> bytes:
    """Write volumes in a format; at the foot of each page stands the newest signed head of the register's log."""
    return FORMATS[extension](books, _mark(workspace))


def _mark(workspace: Workspace) -> Mark:
    from pipeline.pictures import qr_code

    note = head_text(workspace)
    return Mark(head_line(workspace), qr_code.png(note, "M", scale=4)) if note else Mark()


def books_of(workspace: Workspace, extract: Extract | None = None) -> list[Volume]:
    """Give the volumes of the register, or of a part of it."""
    extract = extract or Extract()
    language = workspace.practice.language
    entries = workspace.ledger.entries(extract.series)
    wanted = [row for row in rows_of(entries) if extract.holds(row, language)]
    begun = [entry for entry in entries if entry.act == "begin"]
    # volumes are counted in the order in which they were begun: a number once on a cover stays
    order = [Run(*one) for one in workspace.ledger.series_as_begun()]
    return volumes(wanted, begun, _office(workspace), language, of=order)


def _office(workspace: Workspace) -> Office:
    cluster = workspace.year(workspace.practice.year).cluster
    terms = {term.id: term.name for year in workspace.years.values() for term in year.terms}
    return Office(cluster.parent_lines, cluster.issuer, terms, _types(workspace))


def _types(workspace: Workspace) -> Mapping[str, str]:
    """What the types of documents are called, by their abbreviation: as the official forms do, else as kinds do."""
    listed = {mark: name.capitalize() for profile in all_profiles().values() for name, mark in profile.types.items()}
    own = {
        kind.series: kind.type_name or shown_in(kind.title, VIETNAMESE) for kind in workspace.loaded().kinds.values()
    }
    return listed | own
