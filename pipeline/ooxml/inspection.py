"""The XML parts of an office file, looked through by expat before any library builds a tree of them.

Any DOCTYPE is refused (so there are no entities), and relationships, fields and cells that would fetch, start or
fill something without end. Parts that cannot hold such things are only checked for being well-formed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NoReturn
from xml.parsers import expat

from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.ooxml.limits import LIMITS

_FETCHING_FIELD: Final = re.compile(
    r"^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE)\b",
    re.IGNORECASE,
)
_CELL: Final = re.compile(r"\$?([A-Z]{1,4})\$?([0-9]{1,9})")


@dataclass
class Budget:
    """What all parts of one file together may hold."""

    elements: int = LIMITS.elements
    area: int = LIMITS.area

    def spend(self, elements: int) -> None:
        """Count elements. Raises Unfit when there were too many."""
        self.elements -= elements
        if self.elements < 0:
            raise Unfit(refusals.too_heavy())


@dataclass
class Watcher:
    """One pass of expat over one part."""

    name: str
    budget: Budget
    findings: list[Finding] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    is_sheet: bool = False
    depth: int = 0
    cell: str = ""
    instruction: str = ""
    in_instruction: bool = False

    def read(self, xml: bytes) -> None:
        """Look at every element. Raises Unfit."""
        parsed(self.name, xml, self.start, self.end, self.text)

    def pass_over(self, xml: bytes) -> None:
        """Only see that it is well-formed, without DOCTYPE, and not too much. Raises Unfit."""
        self.budget.spend(xml.count(b"<") // 2)
        parsed(self.name, xml)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = tag.rpartition(":")[2]
        self.depth += 1
        self.budget.spend(1)
        if self.depth > LIMITS.depth:
            raise Unfit(refusals.too_heavy())
        if self.depth == 1:
            self.is_sheet = local == "worksheet"
        if local == "Relationship":
            self._relationship(attributes)
        elif self.is_sheet:
            self._in_sheet(local, attributes)
        else:
            self._in_text(local, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth -= 1
        if tag.endswith("instrText"):
            self.in_instruction = False

    def text(self, text: str) -> None:
        """A piece of text: of interest inside a field's instruction, which may come in several."""
        if self.in_instruction:
            self.instruction = (self.instruction + text)[:200]
            self._check_instruction(self.instruction)

    def _relationship(self, attributes: dict[str, str]) -> None:
        kind = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        if kind in {"oleobject", "package", "control", "afchunk", "activexcontrolbinary"}:
            raise Unfit(refusals.embedded(target))
        if kind == "vbaproject":
            raise Unfit(refusals.macros())
        if attributes.get("TargetMode", "").lower() != "external" or kind == "hyperlink":
            return
        is_local = re.match(r"(?:file:/*)?[A-Za-z]:[\\/]|(?!file:)[^:/\\]+(?:/[^:/\\]+)*$", target) is not None
        if not is_local:
            raise Unfit(refusals.fetches(target))
        if kind != "attachedtemplate":  # Word notes the path of its own template on the writer's disk: harmless
            self.findings.append(
                warning(
                    "I05",
                    say("The file refers to another file: “{target}”. Its content is not read.", target=target[:150]),
                    say("Copy what is needed into the form itself."),
                )
            )

    def _in_sheet(self, local: str, attributes: dict[str, str]) -> None:
        if local == "c":
            self.cell = attributes.get("r", "")
        elif local in {"v", "is", "f"}:
            self._check_bounds(self.cell)
            if local == "f":
                self.formulas.append(self.cell.replace("$", ""))
        if local in {"mergeCell", "hyperlink", "f", "protectedRange"} and "ref" in attributes:
            self.budget.area -= _area(attributes["ref"])
            if self.budget.area < 0:
                raise Unfit(refusals.too_heavy())

    def _check_bounds(self, cell: str) -> None:
        match = _CELL.fullmatch(cell)
        if match and (int(match[2]) > LIMITS.rows or _column(match[1]) > LIMITS.columns):
            raise Unfit(
                refusal(
                    "file.too-heavy",
                    say("There is something in cell {cell}, far outside any form.", cell=cell),
                    say("Copy the form alone into a new workbook and drop that file."),
                    place=Place(cell=cell),
                )
            )

    def _in_text(self, local: str, attributes: dict[str, str]) -> None:
        if local == "instrText":
            self.in_instruction = True
        elif local == "fldChar":
            self.instruction = ""
        elif local == "fldSimple":
            for name, value in attributes.items():
                if name.endswith("instr"):
                    self._check_instruction(value)
        elif local in {"ddeLink", "oleLink"}:
            raise Unfit(refusals.fetches(attributes.get("ddeService", local)))

    def _check_instruction(self, instruction: str) -> None:
        if _FETCHING_FIELD.match(instruction):
            raise Unfit(refusals.fetches(instruction.strip()))


def parsed(
    part: str,
    xml: bytes,
    start: Callable[[str, dict[str, str]], None] | None = None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Read one part to its end. Raises Unfit for a DOCTYPE, and for what is not XML."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # LookupError: an encoding nobody knows
        raise Unfit(refusals.damaged(part)) from error


def _refuse_doctype(*_: object) -> NoReturn:
    message = say("The file contains definitions (DOCTYPE) that no office program writes.")
    raise Unfit(refusal("file.tampered", message, refusals.copy_over()))


def _area(ref: str) -> int:
    """The number of cells in a range such as "A1:C3"."""
    corners = [_CELL.fullmatch(corner) for corner in ref.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return 1
    rows = abs(int(corners[1][2]) - int(corners[0][2])) + 1
    return rows * (abs(_column(corners[1][1]) - _column(corners[0][1])) + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def is_plain(name: str, xml: bytes) -> bool:
    """Whether a part in an encoding like ASCII holds none of the elements that are looked at one by one."""
    watched = (b"instr", b"sheetData", b"Relationship")
    return (
        not name.startswith("xl/externalLinks/")
        and b"\0" not in xml[:64]
        and not any(word in xml for word in watched)
    )
