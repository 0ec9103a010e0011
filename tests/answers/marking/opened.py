"""Marked copies opened with the ordinary libraries: what is marked, what stands everywhere, and mending a place."""

import io
import re
import warnings
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from openpyxl.utils import get_column_letter
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

from pipeline.ooxml.own_marks import AUTHOR, RESULTS_SHEET
from tests.reading.writers import saved

Key = Hashable


class Opened(ABC):
    """A file as a person sees it: `values` by place, `words` of the marks by place, `coloured` places."""

    values: dict[Key, str]
    words: dict[Key, str]
    coloured: set[Key]

    @abstractmethod
    def mended(self, values: Mapping[Key, str]) -> bytes:
        """The file with some places written anew, the marks left where they are."""


class Workbook(Opened):
    """Places are (sheet, cell)."""

    def __init__(self, content: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drop-downs that openpyxl itself cannot keep
            self.book: Any = openpyxl.load_workbook(io.BytesIO(content))
        self.sheets: list[Any] = [sheet for sheet in self.book.worksheets if sheet.title != RESULTS_SHEET]
        cells: list[tuple[Any, Any]] = [
            (sheet, cell) for sheet in self.sheets for row in sheet.iter_rows() for cell in row
        ]
        self.values = {(sheet.title, cell.coordinate): str(cell.value) for sheet, cell in cells if cell.value}
        self.words = {
            (sheet.title, cell.coordinate): cell.comment.text
            for sheet, cell in cells
            if cell.comment and f"— {RESULTS_SHEET} —" in cell.comment.text
        }
        self.coloured = {
            (sheet.title, f"{get_column_letter(area.min_col)}{area.min_row}")
            for sheet in self.sheets
            for format_ in sheet.conditional_formatting
            if any(AUTHOR in rule.formula[0] for rule in format_.rules)
            for area in format_.sqref.ranges
        }

    def mended(self, values: Mapping[Key, str]) -> bytes:
        for key, value in values.items():
            assert isinstance(key, tuple)
            sheet, cell = key
            self.book[sheet][cell].value = value
        return saved(self.book)


class Document(Opened):
    """Places are the numbers of the pieces of text in the body."""

    def __init__(self, content: bytes) -> None:
        self.document: Any = docx.Document(io.BytesIO(content))
        said = {str(one.comment_id): one.text for one in self.document.comments if one.author == AUTHOR}
        self.values, self.words, self.coloured = {}, {}, set()
        self.pieces: list[Any] = []
        within: list[str] = []
        for element in self.document.element.body.iter():
            if element.tag == qn("w:commentRangeStart"):
                within.append(element.get(qn("w:id")))
            elif element.tag == qn("w:commentRangeEnd"):
                within.remove(element.get(qn("w:id")))
            elif element.tag == qn("w:t"):
                at = len(self.pieces)
                self.pieces.append(element)
                self.values[at] = element.text or ""
                for comment in within:
                    self.words[at] = said[comment]
                if _shading(element):
                    self.coloured.add(at)

    def mended(self, values: Mapping[Key, str]) -> bytes:
        for at, value in values.items():
            assert isinstance(at, int)
            self.pieces[at].text = value
        return saved(self.document)


def _shading(element: Any) -> bool:
    """Whether a piece of text, its cell, or its paragraph outside tables, has a background."""
    cell = next(element.iterancestors(qn("w:tc")), None)
    holders = (element.getparent(), cell if cell is not None else next(element.iterancestors(qn("w:p"))))
    return any(len(holder.findall(f"*/{qn('w:shd')}")) for holder in holders)


class Form(Opened):
    """A fillable PDF; places are the names of its fields."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        reader = PdfReader(io.BytesIO(content))
        self.values = {name: str(field.get("/V", "")) for name, field in (reader.get_fields() or {}).items()}
        self.words, self.coloured = {}, set()
        for page in reader.pages:
            annotations = [one.get_object() for one in page.annotations or ()]
            boxes = {str(one["/T"]): _box(one) for one in annotations if one["/Subtype"] == "/Widget"}
            for one in (one for one in annotations if one.get("/T") == AUTHOR):
                if one["/Subtype"] == "/Square":
                    (framed,) = (name for name, box in boxes.items() if _is_around(_box(one), box))
                    self.coloured.add(framed)
                else:
                    self.words[_beside(_box(one), boxes)] = str(one["/Contents"])

    def mended(self, values: Mapping[Key, str]) -> bytes:
        pdf = PdfWriter(clone_from=io.BytesIO(self.content))
        for page in pdf.pages:
            for annotation in page.annotations or ():
                field = annotation.get_object()
                if field["/Subtype"] == "/Widget" and field["/T"] in values:
                    field[NameObject("/V")] = TextStringObject(values[field["/T"]])
        out = io.BytesIO()
        pdf.write(out)
        return out.getvalue()


def _box(annotation: Any) -> tuple[float, ...]:
    return tuple(float(edge) for edge in annotation["/Rect"])


def _is_around(outer: tuple[float, ...], inner: tuple[float, ...]) -> bool:
    return 0 < inner[0] - outer[0] < 5 and 0 < inner[1] - outer[1] < 5 and 0 < outer[2] - inner[2] < 5


def _beside(note: tuple[float, ...], boxes: Mapping[str, tuple[float, ...]]) -> str:
    """The field at whose height a note stands."""
    middle = (note[1] + note[3]) / 2
    return min(boxes, key=lambda name: abs(middle - (boxes[name][1] + boxes[name][3]) / 2))


class Text(Opened):
    """YAML; places are the lines without our comments."""

    _OURS = re.compile(r"\s*# ([✗!i] \[|  )")

    def __init__(self, content: bytes) -> None:
        self.lines = content.decode().splitlines()
        self.values, self.words, self.coloured = {}, {}, set()
        said: list[str] = []
        for line in self.lines:
            if self._OURS.match(line):
                said.append(line)
                continue
            at = len(self.values)
            self.values[at] = line
            if said:
                self.words[at] = "\n".join(said)
                self.coloured.add(at)
                said = []

    def mended(self, values: Mapping[Key, str]) -> bytes:
        plain = [values.get(at, line) for at, line in self.values.items()]
        marked, at = [], 0
        for line in self.lines:
            marked.append(line if self._OURS.match(line) else plain[at])
            at += not self._OURS.match(line)
        return "\n".join(marked).encode()


OPENERS: dict[str, type[Workbook] | type[Document] | type[Form] | type[Text]] = {
    "xlsx": Workbook,
    "docx": Document,
    "pdf": Form,
    "yaml": Text,
}
