"""From the cells found to the canonical values of the form, with the place of everything."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding, Json, JsonObject, Place, Severity
from pipeline.reading.desk import OBJECT, TABLE, Desk, Node
from pipeline.reading.found import Found
from pipeline.reading.labels import without_bullet
from pipeline.reading.names import unit_named
from pipeline.reading.raw import Cell
from pipeline.reading.values import canonical, is_empty
from pipeline.vietnamese import clean_lines

_SEPARATORS: Final = re.compile(r"\s*[;\n]\s*")
_COMMAS: Final = re.compile(r"\s*[;,\n]\s*")
_CHECKED: Final = re.compile(r"[☑☒✓✔]\s*([^☐☑☒✓✔□\n]+)|\[\s*[xXvV]\s*\]\s*([^\[\n]+)")
_BOXES: Final = re.compile(r"[☐☑☒□]|\[\s*[xXvV]?\s*\]")


class Builder:
    """Builds the values of one form; `places` and `findings` grow along."""

    def __init__(self, found: Found, desk: Desk) -> None:
        self.found = found
        self.desk = desk
        self.places: dict[str, Place] = {}
        self.findings: list[Finding] = []

    def values(self) -> JsonObject:
        """Everything that was filled in and could be read."""
        for pointer, place in self.found.places.items():
            self.places[pointer] = replace(place, pointer=pointer)
        built = self._object(self.found.form.root, "")
        return built if isinstance(built, dict) else {}

    def _any(self, node: Node, pointer: str) -> Json:
        if node.type == OBJECT:
            return self._object(node, pointer)
        if node.type == TABLE:
            return self._table(node, pointer)
        return (
            self._list(node, pointer) if node.is_list else self._value(node, pointer, self.found.cells.get(pointer))
        )

    def _object(self, node: Node, pointer: str) -> Json:
        built: JsonObject = {}
        for child in node.children:
            value = self._any(child, f"{pointer}/{child.name}")
            if value is not None:
                built[child.name] = value
        return built or None

    def _table(self, node: Node, pointer: str) -> Json:
        rows: list[Json] = []
        for at in self._indices(pointer):
            row = self._object(node, f"{pointer}/{at}")
            if len(rows) != at:
                self._renumber(f"{pointer}/{at}", f"{pointer}/{len(rows)}")
            if row is not None or self._is_reported(f"{pointer}/{len(rows)}"):
                rows.append(row if row is not None else {})
        return rows or None

    def _list(self, node: Node, pointer: str) -> Json:
        whole = self.found.cells.get(pointer)
        cells = list(_split(whole, node, self.desk)) if whole is not None and not is_empty(whole) else []
        cells += [self.found.cells[f"{pointer}/{at}"] for at in self._indices(pointer)]
        if whole is not None:
            self.places[pointer] = self._at(whole, pointer, node)
            if not cells:
                self.findings.extend(self._placed(finding, pointer, node) for finding in whole.findings)
        items: list[Json] = []
        for cell in cells:
            value = self._value(node, f"{pointer}/{len(items)}", cell)
            if value is not None or self._is_reported(f"{pointer}/{len(items)}"):
                items.append(value if value is not None else cell.text)
        return items or None

    def _value(self, node: Node, pointer: str, cell: Cell | None) -> Json:
        if cell is None:
            return None
        self.places[pointer] = self._at(cell, pointer, node)
        read = canonical(cell, node, self.desk)
        self.findings.extend(self._placed(finding, pointer, node) for finding in read.findings)
        return read.value

    def _indices(self, pointer: str) -> list[int]:
        start = f"{pointer}/"
        names = {at[len(start) :].partition("/")[0] for at in self.found.cells if at.startswith(start)}
        return sorted(int(name) for name in names if name.isdigit())

    def _renumber(self, before: str, after: str) -> None:
        """Rows left empty are no rows: what follows moves up, with its places."""
        self.places = {_moved(at, before, after): place for at, place in self.places.items()}
        self.places = {at: replace(place, pointer=at) for at, place in self.places.items()}
        self.findings = [
            replace(finding, place=replace(finding.place, pointer=_moved(finding.place.pointer, before, after)))
            for finding in self.findings
        ]

    def _is_reported(self, pointer: str) -> bool:
        """Whether something at or below a pointer was wrong, so that the row must be kept."""
        return any(
            finding.severity is Severity.BLOCK
            and (finding.place.pointer == pointer or finding.place.pointer.startswith(f"{pointer}/"))
            for finding in self.findings
        )

    def _placed(self, finding: Finding, pointer: str, node: Node) -> Finding:
        return replace(finding, place=replace(finding.place, pointer=pointer, label=node.label))

    @staticmethod
    def _at(cell: Cell, pointer: str, node: Node) -> Place:
        return replace(cell.place, pointer=pointer, label=node.label)


def _moved(pointer: str, before: str, after: str) -> str:
    if pointer == before or pointer.startswith(f"{before}/"):
        return after + pointer[len(before) :]
    return pointer


def _split(cell: Cell, node: Node, desk: Desk) -> Iterator[Cell]:
    """The items of a list typed into one cell: by lines; names and choices also by semicolons and commas."""
    if not isinstance(cell.value, str):
        yield cell
        return
    yield from (cell.holding(item) for item in _items(cell.text, node, desk) if item)


def _items(text: str, node: Node, desk: Desk) -> list[str]:
    if node.type == "choice" and _BOXES.search(text):
        return [(match[1] or match[2]).strip(" ;,.") for match in _CHECKED.finditer(text)]
    if node.type == "unit_code":
        whole = [] if unit_named(text, desk) is None or _COMMAS.search(text) else [text]
        return whole or _unit_items(text, desk)
    lines = [without_bullet(line) for line in clean_lines(text)]
    if node.type == "choice" or (node.type in {"text", "person"} and len(lines) == 1):
        return [piece for line in lines for piece in _SEPARATORS.split(line)]
    return lines


def _unit_items(text: str, desk: Desk) -> list[str]:
    """Units side by side; a comma may also belong to a unit's name."""
    items: list[str] = []
    for piece in _SEPARATORS.split(text):
        bare = without_bullet(piece)
        items += [bare] if unit_named(bare, desk) else [part for part in _COMMAS.split(bare) if part]
    return items


def year_in(text: str) -> int | None:
    """The year that a title names: "… NĂM 2022"."""
    match = re.search(r"năm\s+((?:19|20|21)[0-9]{2})\b", text, re.IGNORECASE)
    return int(match[1]) if match else None


def other_year(title_year: int, form_year: int, place: Place) -> Finding:
    """F05: title and field name different years."""
    return Finding(
        "F05",
        Severity.BLOCK,
        say("The title says {title}, the form says {form}.", title=str(title_year), form=str(form_year)),
        place,
        found=str(form_year),
        mend=say("Write the same year in both places."),
    )
