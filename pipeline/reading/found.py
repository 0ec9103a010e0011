"""What was found of a form so far: cells by address, and the rules by which a label finds its field.

A label may name several fields ("Chức vụ" of the signer, of the contact). The section it stands under decides, then
the sheet the field is made for, then whichever is still empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.model import GROUP, WHOLE, Address, Field, Finding, Place
from pipeline.reading.context import KindForm
from pipeline.reading.labels import EDGES, label_key
from pipeline.reading.raw import Cell
from pipeline.reading.values import is_empty
from pipeline.vietnamese import clean


@dataclass(frozen=True)
class Labelled:
    """A field or group with the table or group it lies in."""

    node: Field
    parent: Field
    is_own: bool = True  #: by its own label, not by another spelling of it
    spelt: tuple[str, ...] = ()  #: the labels of the field that the text may stand for


@dataclass
class Found:
    """Cells by address ("/targets/3/due"), the place of each table, and the number of its rows.

    `named` are the addresses whose cells the form itself names: no label may put another cell there.
    """

    form: KindForm
    cells: dict[Address, Cell] = field(default_factory=dict)
    places: dict[Address, Place] = field(default_factory=dict)
    rows: dict[Address, int] = field(default_factory=dict)
    named: set[Address] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    unused: list[Cell] = field(default_factory=list)  #: what stands in columns of tables that the form does not have
    heads: list[Cell] = field(default_factory=list)  #: of the columns of tables
    again: list[tuple[Field, Cell]] = field(default_factory=list)  #: other values of fields that were found before
    section: Field | None = None
    sheet: str = ""
    is_unaccented: bool = False  #: the whole file is written without accents, so that no label can have them

    def __post_init__(self) -> None:
        self._fields: dict[str, list[Labelled]] = {}
        self._by_alias: set[Address] = set()
        self._groups: dict[str, list[Field]] = {}
        self._index(self.form.root)
        #: what may stand as a table, with its columns by label; a field's own label goes before other spellings
        self.tables = [(node, _by_label(node)) for node in self.form.root.walk() if _is_tabular(node)]

    def _index(self, parent: Field) -> None:
        for node in parent.children:
            for key in dict.fromkeys(label_key(label) for label in node.labels):
                # a list may be announced as a table is: its items stand below its label
                if node.is_group or node.is_list:
                    self._groups.setdefault(key, []).append(node)
                if not node.is_group:
                    is_own = key == label_key(node.label)
                    spelt = tuple(label for label in node.labels if label_key(label) == key)
                    self._fields.setdefault(key, []).append(Labelled(node, parent, is_own, spelt))
            if node.is_group and not node.address.is_pattern:
                self._index(node)

    @property
    def holds_anything(self) -> bool:
        """Whether the file has anything of the form: a value, or a label or column in which one may stand."""
        return bool(self.cells or self.heads)

    def fields(self, text: str) -> list[Labelled]:
        """The fields that a text labels.

        "Nam" is not "Năm": of one word the accents are all that tells it from another, so they must be there. Of
        several words the letters do: people type "TEN DON VI" among labels with accents.
        """
        found = self._fields.get(label_key(text), [])
        word = clean(text).strip(EDGES).casefold()
        if self.is_unaccented or not found or len(word.split()) != 1:
            return found
        return [one for one in found if any(word == clean(label).strip(EDGES).casefold() for label in one.spelt)]

    def group(self, text: str) -> Field | None:
        """The group, table or list that a heading announces."""
        groups = self._groups.get(label_key(text), [])
        return groups[0] if groups else None

    def is_label(self, text: str) -> bool:
        """Whether a text is a label or a heading of this form."""
        key = label_key(text)
        return key in self._fields or key in self._groups

    def choose(self, candidates: list[Labelled]) -> Labelled | None:
        """The one of several fields that a label means here."""
        usable = [found for found in candidates if found.parent.shape == GROUP or self._is_here(found.parent)]
        if not usable and len(candidates) == 1 and candidates[0].is_own:  # a column's label, clear without a heading
            usable = candidates
        return min(usable, key=self._distance, default=None)

    def put(self, found: Labelled, cell: Cell) -> Address:
        """Note the cell of a field and give its address; a table's label met again begins the next row."""
        address = found.node.address
        if found.parent.is_table:
            row = max(self.rows.get(found.parent.address, 0) - 1, 0)
            at = address.at_row(row)
            if at in self.named:  # the form itself has said what stands there
                return at
            if self._is_filled(at) and not is_empty(cell):
                row += 1
            self.rows[found.parent.address] = row + 1
            address = address.at_row(row)
        # its own label goes before another spelling of it, which may be any word that stands beside the form
        is_better = found.is_own and address in self._by_alias and not is_empty(cell)
        if address not in self.named and (is_better or not self._is_filled(address)):
            self.cells[address] = cell
            (self._by_alias.discard if found.is_own else self._by_alias.add)(address)
        elif not is_empty(cell) and clean(cell.text) != clean(self.cells[address].text):
            self.again.append((found.node, cell))
        return address

    def add_line(self, address: Address, cell: Cell) -> None:
        """One more line of a value that goes on below its label."""
        before = self.cells.get(address)
        if before is None or is_empty(before):
            self.cells[address] = cell
        else:
            self.cells[address] = before.going_on(cell)

    def _is_filled(self, address: Address) -> bool:
        cell = self.cells.get(address)
        return cell is not None and not is_empty(cell)

    def _is_here(self, parent: Field) -> bool:
        return self.section is not None and self.section.address == parent.address

    def _distance(self, found: Labelled) -> tuple[bool, bool, bool, bool]:
        return (
            not self._is_here(found.parent),
            bool(self.sheet) and label_key(found.node.sheet) != label_key(self.sheet),
            self._is_filled(found.node.address),
            found.parent.is_table,
        )


@dataclass(frozen=True)
class Column:
    """A field as a column of a table: in a table within it the first item is meant ("articles/0/number").

    `way` leads from the row to it; `nested_tables` finds out whose the item is.
    """

    field: Field
    way: Address


def _is_tabular(node: Field) -> bool:
    return node.is_group and bool(node.address) and not node.address.is_pattern


def _by_label(node: Field) -> dict[str, Column]:
    columns = tuple(columns_of(node))
    by_label = {label_key(alias): column for column in columns for alias in column.field.aliases}
    return by_label | {label_key(column.field.label): column for column in columns if column.field.label}


def columns_of(node: Field, before: Address = WHOLE) -> Iterator[Column]:
    """The columns of a table, those of the tables and groups in it, too."""
    for child in node.children:
        way = before.child(child.name)
        if child.is_group:
            yield from columns_of(child, way.child(0) if child.is_table else way)
        else:
            yield Column(child, way)
