"""What was found of a form so far: cells by JSON pointer, and the rules by which a label finds its field.

A label may name several fields ("Chức vụ" of the signer, of the contact). The section it stands under decides, then
the sheet the field is made for, then whichever is still empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.model import Finding, Place
from pipeline.reading.context import OBJECT, TABLE, KindForm, Node
from pipeline.reading.labels import label_key
from pipeline.reading.raw import Cell
from pipeline.reading.values import is_empty


@dataclass(frozen=True)
class Labelled:
    """A field or group with the TABLE or OBJECT it lies in."""

    node: Node
    parent: Node
    is_own: bool = True  #: by its own label, not by another spelling of it


@dataclass
class Found:
    """Cells by pointer ("/targets/3/due"), the place of each table, and the number of its rows.

    `named` are the pointers whose cells the form itself names: no label may put another cell there.
    """

    form: KindForm
    cells: dict[str, Cell] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    section: Node | None = None
    sheet: str = ""

    def __post_init__(self) -> None:
        self._fields: dict[str, list[Labelled]] = {}
        self._groups: dict[str, list[Node]] = {}
        self._index(self.form.root)
        #: what may stand as a table, with its columns by label; a field's own label goes before other spellings
        self.tables = [(node, _by_label(node)) for node in self.form.root.walk() if _is_tabular(node)]

    def _index(self, parent: Node) -> None:
        for node in parent.children:
            for key in dict.fromkeys(label_key(label) for label in node.labels):
                if node.is_group or node.is_list:
                    self._groups.setdefault(key, []).append(node)
                if not node.is_group:
                    is_own = key == label_key(node.label)
                    self._fields.setdefault(key, []).append(Labelled(node, parent, is_own))
            if node.is_group and "*" not in node.pointer:
                self._index(node)

    def fields(self, text: str) -> list[Labelled]:
        """The fields that a text labels."""
        return self._fields.get(label_key(text), [])

    def group(self, text: str) -> Node | None:
        """The group, table or list that a heading announces."""
        groups = self._groups.get(label_key(text), [])
        return groups[0] if groups else None

    def is_label(self, text: str) -> bool:
        """Whether a text is a label or a heading of this form."""
        key = label_key(text)
        return key in self._fields or key in self._groups

    def choose(self, candidates: list[Labelled]) -> Labelled | None:
        """The one of several fields that a label means here."""
        usable = [found for found in candidates if found.parent.type == OBJECT or self._is_here(found.parent)]
        if not usable and len(candidates) == 1 and candidates[0].is_own:  # a column's label, clear without a heading
            usable = candidates
        return min(usable, key=self._distance, default=None)

    def put(self, found: Labelled, cell: Cell) -> str:
        """Note the cell of a field and give its pointer; a table's label met again begins the next row."""
        pointer = found.node.pointer
        if found.parent.type == TABLE:
            row = max(self.rows.get(found.parent.pointer, 0) - 1, 0)
            at = pointer.replace("*", str(row), 1)
            if at in self.named:  # the form itself has said what stands there
                return at
            if self._is_filled(at) and not is_empty(cell):
                row += 1
            self.rows[found.parent.pointer] = row + 1
            pointer = pointer.replace("*", str(row), 1)
        if pointer not in self.named and not self._is_filled(pointer):
            self.cells[pointer] = cell
        return pointer

    def add_line(self, pointer: str, cell: Cell) -> None:
        """One more line of a value that goes on below its label."""
        before = self.cells.get(pointer)
        if before is None or is_empty(before):
            self.cells[pointer] = cell
        else:
            self.cells[pointer] = before.going_on(cell)

    def _is_filled(self, pointer: str) -> bool:
        cell = self.cells.get(pointer)
        return cell is not None and not is_empty(cell)

    def _is_here(self, parent: Node) -> bool:
        return self.section is not None and self.section.pointer == parent.pointer

    def _distance(self, found: Labelled) -> tuple[bool, bool, bool, bool]:
        return (
            not self._is_here(found.parent),
            bool(self.sheet) and label_key(found.node.sheet) != label_key(self.sheet),
            self._is_filled(found.node.pointer),
            found.parent.type == TABLE,
        )


def _is_tabular(node: Node) -> bool:
    return node.is_group and bool(node.pointer) and "*" not in node.pointer


def _by_label(node: Node) -> dict[str, Node]:
    columns = tuple(columns_of(node))
    by_label = {label_key(alias): column for column in columns for alias in column.aliases}
    return by_label | {label_key(column.label): column for column in columns if column.label}


def columns_of(node: Node, before: str = "") -> Iterator[Node]:
    """The columns of a table, those of the tables and groups in it, too; each named by its way from the row.

    The first item of a table in the row is meant ("articles/0/number"): `stairs` finds out whose it is.
    """
    for child in node.children:
        if child.is_group:
            yield from columns_of(child, f"{before}{child.name}/" + ("0/" if child.type == TABLE else ""))
        else:
            yield replace(child, name=f"{before}{child.name}") if before else child
