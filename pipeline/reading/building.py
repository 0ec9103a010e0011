"""From the cells found to the canonical values of the form, with the place of everything."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.messages import say
from pipeline.model import GROUP, TABLE, WHOLE, Address, Field, Finding, Json, JsonObject, Place, Severity
from pipeline.reading.context import ReadingContext
from pipeline.reading.found import Found
from pipeline.reading.labels import without_bullet
from pipeline.reading.names import unit_named
from pipeline.reading.raw import Cell
from pipeline.reading.values import canonical, is_empty
from pipeline.vietnamese import clean, clean_lines

_SEPARATORS: Final = re.compile(r"\s*[;\n]\s*")
_COMMAS: Final = re.compile(r"\s*[;,\n]\s*")
_CHECKED: Final = re.compile(r"[☑☒✓✔]\s*([^☐☑☒✓✔□\n]+)|\[\s*[xXvV]\s*\]\s*([^\[\n]+)")
_BOXES: Final = re.compile(r"[☐☑☒□]|\[\s*[xXvV]?\s*\]")


@dataclass
class Built:
    """A value, the places of everything in it by pointer, and what there is to say about it."""

    value: Json = None
    places: dict[Address, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_there(self) -> bool:
        """Whether something was filled in: a value, or what could not be read as one."""
        return self.value is not None or any(finding.severity is Severity.BLOCK for finding in self.findings)

    def take(self, other: "Built") -> None:
        """Add the places and findings of a part."""
        self.places.update(other.places)
        self.findings.extend(other.findings)


def build(found: Found, context: ReadingContext) -> Built:
    """Everything that was filled in and could be read, as one JSON object."""
    builder = _Builder(found, context)
    built = builder.of_object(found.form.root, WHOLE, WHOLE)
    # rows have been given theirs while they were built: empty ones before them are gone
    for address, place in found.places.items():
        if not address.is_of_row:
            built.places[address] = replace(place, pointer=address)
    return built


class _Builder:
    """Builds node by node. Rows left empty are no rows, so a row's pointer may differ from where it was found."""

    def __init__(self, found: Found, context: ReadingContext) -> None:
        self.found = found
        self.context = context
        self.rows = _row_numbers(found.cells)

    def of(self, node: Field, source: Address, target: Address) -> Built:
        """What was found at `source`, to stand at `target`."""
        if node.shape == GROUP:
            return self.of_object(node, source, target)
        if node.shape == TABLE:
            return self.of_table(node, source, target)
        if node.is_list:
            return self.of_list(node, source, target)
        return self.of_cell(node, self.found.cells.get(source), target)

    def of_object(self, node: Field, source: Address, target: Address) -> Built:
        """The fields of a group; None when none is filled in."""
        built, values = Built(), JsonObject()
        for child in node.children:
            part = self.of(child, source.child(child.name), target.child(child.name))
            built.take(part)
            if part.value is not None:
                values[child.name] = part.value
        built.value = values or None
        return built

    def of_table(self, node: Field, source: Address, target: Address) -> Built:
        """The rows of a table that hold something."""
        built, values = Built(), list[Json]()
        for number in self.rows.get(source, ()):
            here, address = source.child(number), target.child(len(values))
            row = self.of_object(node, here, address)
            if row.is_there:
                built.take(row)
                # a row in which nothing could be read keeps its number: its findings and those of the rows below
                # point by it
                values.append(row.value if row.value is not None else {})
                if place := self.found.places.get(here):
                    built.places[address] = place.named(address, place.label)
        built.value = values or None
        return built

    def of_list(self, node: Field, source: Address, target: Address) -> Built:
        """The items of a list: typed into one cell, or each in its own."""
        built, values = Built(), list[Json]()
        whole = self.found.cells.get(source)
        cells = list(_split(whole, node, self.context)) if whole is not None and not is_empty(whole) else []
        # a list is typed into one cell, or stands item by item below it; some do both
        cells += [self.found.cells[source.child(number)] for number in self.rows.get(source, ())]
        if whole is not None:
            built.places[target] = _placed(whole.place, target, node)
            if not cells:
                built.findings.extend(_about(finding, target, node) for finding in whole.findings)
        for cell in cells:
            item = self.of_cell(node, cell, target.child(len(values)))
            if item.is_there:
                built.take(item)
                # an item that could not be read stands there as it was written: it blocks, and the others keep their
                # numbers
                values.append(item.value if item.value is not None else cell.text)
        built.value = values or None
        return built

    def of_cell(self, node: Field, cell: Cell | None, target: Address) -> Built:
        """One value."""
        if cell is None:
            return Built()
        read = canonical(cell, node, self.context)
        findings = [_about(finding, target, node) for finding in read.findings]
        if cell.is_unseen and node.is_required:
            # the one cause: without it the paper would lack what is needed, and "not filled in" would be said besides
            findings = [replace(finding, severity=Severity.BLOCK) for finding in findings]
        return Built(read.value, {target: _placed(cell.place, target, node)}, findings)


def _row_numbers(cells: Iterable[Address]) -> dict[Address, list[int]]:
    """For each list or table, the numbers under which something was found, in order."""
    numbers: dict[Address, set[int]] = {}
    for address in cells:
        for at, step in enumerate(address):
            if isinstance(step, int):
                numbers.setdefault(Address(address[:at]), set()).add(step)
    return {address: sorted(found) for address, found in numbers.items()}


def _placed(place: Place, address: Address, node: Field) -> Place:
    return place.named(address, node.label)


def _about(finding: Finding, address: Address, node: Field) -> Finding:
    return replace(finding, place=_placed(finding.place, address, node))


def _split(cell: Cell, node: Field, context: ReadingContext) -> Iterator[Cell]:
    """The items of a list typed into one cell: by lines; names and choices also by semicolons and commas."""
    if not isinstance(cell.value, str):
        yield cell
        return
    items = [cell.holding(item) for item in _items(cell.text, node, context) if item]
    yield from _by_line(items, cell) if cell.line_places else items


def _by_line(items: list[Cell], cell: Cell) -> Iterator[Cell]:
    """The items with the place of the line each stands on; they stand in the order of the lines."""
    lines, at = [clean(line) for line in cell.text.split("\n")], 0
    for item in items:
        at = next((later for later in range(at, len(lines)) if clean(item.text) in lines[later]), at)
        yield replace(item, place=cell.line_places[at])


def _items(text: str, node: Field, context: ReadingContext) -> list[str]:
    # all choices are printed on such a form: only those that are ticked were chosen
    if node.value_type in {"choice", "unit_code", "content_code"} and _BOXES.search(text):
        return [(match[1] or match[2]).strip(" ;,.") for match in _CHECKED.finditer(text)]
    if node.value_type == "unit_code":
        whole = [] if unit_named(text, context) is None or _COMMAS.search(text) else [text]
        return whole or _unit_items(text, context)
    lines = [without_bullet(line) for line in clean_lines(text)]
    if node.value_type == "choice" or (node.value_type in {"text", "person"} and len(lines) == 1):
        return [piece for line in lines for piece in _SEPARATORS.split(line)]
    return lines


def _unit_items(text: str, context: ReadingContext) -> list[str]:
    """Units side by side; a comma may also belong to a unit's name."""
    items: list[str] = []
    for piece in _SEPARATORS.split(text):
        bare = without_bullet(piece)
        items += [bare] if unit_named(bare, context) else [part for part in _COMMAS.split(bare) if part]
    return items


def year_in(text: str) -> int | None:
    """The year that a title names: "… NĂM 2022"; the year of a day ("tháng 6 năm 2022") is none."""
    match = re.search(r"(?<![0-9]\s)năm\s+((?:19|20|21)[0-9]{2})\b", text, re.IGNORECASE)
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
