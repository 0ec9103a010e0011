"""What a submitted file holds before anybody asks what it means: named values, lines of text, grids of cells.

Every format reader makes one `RawForm`; `mapping` finds the fields of a kind in it.
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from pipeline.model import Finding, Place
from pipeline.vietnamese import clean

_BEGINS, _SHOWN = 3, 60  # lines by which a file is known, and letters of each

#: What can stand in a cell: text, or what the office program made of it.
Written: TypeAlias = str | int | float | bool | dt.datetime | dt.date | dt.time | None


@dataclass(frozen=True)
class Cell:
    """One written value and its place.

    `anchor` is False for the covered part of a merged cell, whose value is repeated there; `sideways` when it is
    covered from the left and not only from above. `findings` are about the value (a formula without result, a
    hidden row) and count only if the value is used.
    """

    value: Written = None
    place: Place = field(default_factory=Place)
    is_percent: bool = False
    anchor: bool = True
    sideways: bool = False
    findings: tuple[Finding, ...] = ()
    is_unseen: bool = False  #: nothing of it is seen on paper: it may be a label, but no value
    line_places: tuple[Place, ...] = ()  #: of a text gathered from several paragraphs or cells, for each line

    @property
    def text(self) -> str:
        """The value as text, its lines kept; an Excel day is written day first."""
        value = self.value
        return value if type(value) is str else _as_text(value)  # nearly all are, and all are asked again and again

    @property
    def is_blank(self) -> bool:
        """Whether nothing visible stands here."""
        value = self.value
        # no-break and zero-width spaces are nothing that people see
        return value is None or (isinstance(value, str) and not value.strip(" \t\r\n\u00a0\u200b\ufeff"))

    def going_on(self, below: "Cell") -> "Cell":
        """The text with one more line, which stands somewhere else."""
        places = tuple(
            place
            for cell in (self, below)
            for place in cell.line_places or (cell.place,) * (1 + cell.text.count("\n"))
        )
        return replace(self.holding(f"{self.text}\n{below.text}"), line_places=places)

    def holding(self, text: str) -> "Cell":
        """The same place with a part of its text."""
        # as in `Place.named`
        made = object.__new__(Cell)
        made.__dict__.update(self.__dict__, value=text, line_places=())
        return made

    def covered(self, *, sideways: bool) -> "Cell":
        """The same as the part of a merged cell that its first one covers."""
        made = object.__new__(Cell)
        made.__dict__.update(self.__dict__, anchor=False, sideways=sideways)
        return made


def _as_text(value: Written) -> str:
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}" if value.time() == dt.time() else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, bool):
        return str(value).lower()
    # Excel keeps every number as a fraction: 2022 may come as 2022.0; beyond 15 figures it is no longer exact
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Line:
    """A paragraph, or a line of text outside any table."""

    cell: Cell


@dataclass(frozen=True)
class Grid:
    """A table or a sheet: rows of cells, all equally long; merged cells are repeated with `anchor` False."""

    rows: tuple[tuple[Cell, ...], ...]
    sheet: str = ""

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0


Block: TypeAlias = Line | Grid


@dataclass(frozen=True)
class RawForm:
    """A file as read.

    `named` maps field names ("leader.full_name", "targets.0.due") to cells: content controls, defined names, PDF
    fields, keys of a YAML file. `tree` is True when the names are the whole form (YAML, JSON) and unknown ones are
    faults. `marker` is what the form says it is ("dang-ky"); `lines` are all texts of the file, for the secrecy gate.
    """

    format: str
    named: Mapping[str, Cell] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    lines: tuple[str, ...] = ()
    marker: str = ""
    tree: bool = False
    findings: tuple[Finding, ...] = ()
    is_unread: bool = False  #: the values could not be read, or not to the end; a finding says why
    seen_unread: tuple[Finding, ...] = ()  #: of what is seen but not read: told, used or not
    margins: tuple[Cell, ...] = ()  #: the lines of headers and footers
    pictures: int = 0  #: pictures in the text or on the sheets, which nobody reads

    def cells(self) -> Iterator[Cell]:
        """Every cell of the form once, named ones first; what stands in the margins is none of it."""
        yield from self.named.values()
        for block in self.blocks:
            if isinstance(block, Line):
                yield block.cell
            else:
                for row in block.rows:
                    yield from (cell for cell in row if cell.anchor)

    def mapped(self, change: Callable[[Cell], Cell]) -> "RawForm":
        """The form with every cell changed."""
        named = {name: change(cell) for name, cell in self.named.items()}
        return replace(self, named=named, blocks=tuple(_mapped(block, change) for block in self.blocks))


def _mapped(block: Block, change: Callable[[Cell], Cell]) -> Block:
    if isinstance(block, Line):
        return replace(block, cell=change(block.cell))
    return replace(block, rows=tuple(tuple(change(cell) for cell in row) for row in block.rows))


def beginning(lines: Iterable[str]) -> str:
    """How a file that is none of ours begins, so that people know which one is meant."""
    return "; ".join(clean(line)[:_SHOWN] for line in itertools.islice(lines, _BEGINS))
