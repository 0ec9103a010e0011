"""A table of somebody else's file, as it was read: what an old register is imported from."""

from dataclasses import dataclass

from pipeline.model.finding import Finding
from pipeline.model.message import Message


@dataclass(frozen=True)
class TableCell:
    """The text of one cell.

    `is_day` where the office program holds a day and no text; `is_covered` for the part of a merged cell behind its
    first one, where the text is repeated; `is_struck` where all of it is crossed out (`text` is then its beginning);
    `trouble` says why what stands here cannot be believed.
    """

    text: str = ""
    is_day: bool = False
    is_covered: bool = False
    is_struck: bool = False
    trouble: Message | None = None


@dataclass(frozen=True)
class TableRow:
    """One row; `number` is the one that people see: of the sheet, the line of the file, the row of a Word table."""

    number: int
    cells: tuple[TableCell, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """The texts of the cells that are not blank, those of merged cells once."""
        return tuple(cell.text for cell in self.cells if cell.text and not cell.is_covered)


@dataclass(frozen=True)
class Table:
    """One sheet, or one table of a text; `name` is the sheet's, "" in other files, where `at` counts the tables."""

    name: str
    at: int
    rows: tuple[TableRow, ...]
    texts_above: tuple[str, ...] = ()  #: the paragraphs before it


@dataclass(frozen=True)
class Tables:
    """All tables of a file, and what is wrong with the file as a whole.

    `sha256` is that of the bytes that were read. `is_marked` where they bear a mark of secrecy: then nothing else is
    told; `unseen` is the code of what kept the gate from looking, "" where it could.
    """

    tables: tuple[Table, ...] = ()
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    is_marked: bool = False
    unseen: str = ""
