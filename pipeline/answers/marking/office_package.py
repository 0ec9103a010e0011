"""A Word or Excel file as its parts, with the two lists that tie them together: relationships and content types.

Only the parts that marks are put into are written anew; all others keep their bytes.
"""

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.answers.marking.marks import Unmarkable
from pipeline.ooxml.package import packed, target_of

RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"

Element = etree._Element

S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_AFTER_COMMENTS: Final = ("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems")
#: What stands after the tie to the shapes of comments.
AFTER_SHAPES: Final = (*_AFTER_COMMENTS, "tableParts", "extLst")
#: What stands after conditional formats (ECMA-376 part 1, 18.3.1.99).
AFTER_COLOURS: Final = (
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks"),
    *("colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
    *AFTER_SHAPES,
)


@dataclass
class OfficePackage:
    """The parts by name, and those of them that were parsed to be changed."""

    parts: dict[str, bytes]
    trees: dict[str, Element]
    _looked_at: dict[str, Element] = field(default_factory=dict)

    def saved(self) -> bytes:
        """The bytes of the package; the same parts always give the same."""
        written = {
            name: etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
            for name, tree in self.trees.items()
        }
        # in the order and with the time that `packed` gives to all
        return packed(self.parts | written)

    def tree(self, part: str) -> Element:
        """A part, to be changed. Raises Unmarkable when there is no such part."""
        self.trees[part] = self.looked_at(part)
        return self.trees[part]

    def looked_at(self, part: str) -> Element:
        """A part, only to be looked at: it keeps its bytes. Raises Unmarkable when there is no such part."""
        if part in self.trees:
            return self.trees[part]
        if part not in self._looked_at:
            if part not in self.parts:
                raise Unmarkable
            self._looked_at[part] = parse(self.parts[part])
        return self._looked_at[part]

    def add(self, part: str, root: Element, content_type: str) -> None:
        """A new part."""
        self.trees[part] = root
        self._declare(part, content_type)

    def related(self, part: str, kind: str) -> str:
        """The part that another is tied to by a relationship of a kind ("comments"), "" when there is none."""
        for relation in self._ties(part):
            # by the last word of the type: the transitional and the strict variant differ in what stands before it
            if relation.get("Type", "").rpartition("/")[2] == kind and relation.get("TargetMode") != "External":
                return target_of(part, relation.get("Target", ""))
        return ""

    def by_id(self, part: str) -> dict[str, str]:
        """The parts that another is tied to, by the ids of the relationships."""
        return {relation.get("Id", ""): target_of(part, relation.get("Target", "")) for relation in self._ties(part)}

    def relate(self, part: str, kind: str, target: str) -> str:
        """Tie a part to another; gives the relationship's id."""
        relations = self._relations(part)
        used = {relation.get("Id") for relation in relations}
        # ids of our own sort: office programs number theirs rId1, rId2 and may do so again
        number = next(number for number in range(1, len(used) + 2) if f"rIdVT{number}" not in used)
        made = etree.SubElement(relations, f"{_RELATION}Relationship")
        made.set("Id", f"rIdVT{number}")
        made.set("Type", f"{RELATIONS}/{kind}")
        # from the root: right whatever folder the part itself lies in
        made.set("Target", f"/{target}")
        return f"rIdVT{number}"

    def free_name(self, pattern: str) -> str:
        """A part name that is not taken yet: "xl/comments{}.xml" -> "xl/comments3.xml"."""
        # without case: names of parts that differ by it alone are the same name (ECMA-376 part 2)
        taken = {name.casefold() for name in (*self.parts, *self.trees)}
        return next(
            name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).casefold() not in taken
        )

    def _ties(self, part: str) -> Iterable[Element]:
        path = _path_of_relations(part)
        return self.looked_at(path) if path in self.parts or path in self.trees else ()

    def _relations(self, part: str) -> Element:
        path = _path_of_relations(part)
        if path not in self.parts and path not in self.trees:
            self.trees[path] = empty(_RELATION, "Relationships")
        return self.tree(path)

    def _declare(self, part: str, content_type: str) -> None:
        types = self.tree("[Content_Types].xml")
        made = etree.SubElement(types, f"{_TYPES}Override")
        made.set("PartName", f"/{part}")
        made.set("ContentType", content_type)


def _path_of_relations(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return posixpath.join(folder, "_rels", f"{name}.rels")


def parse(xml: bytes) -> Element:
    """The tree of a part; nothing outside is ever asked for."""
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def empty(namespace: str, name: str) -> Element:
    """A new part without anything in it, of a namespace ("{…}") that needs no prefix."""
    return parse(f'<{name} xmlns="{namespace[1:-1]}"/>'.encode())


def remove(element: Element) -> None:
    """Take an element out of its tree."""
    holder = element.getparent()
    if holder is not None:
        holder.remove(element)


def insert_before(holder: Element, child: Element, names: Sequence[str]) -> None:
    """Put a child where all children of the names given come after it."""
    later = {f"{S}{name}" for name in names}
    at = next((at for at, one in enumerate(holder) if one.tag in later), len(holder))
    holder.insert(at, child)


def child(holder: Element, name: str) -> Element:
    """A child that every workbook has here. Raises Unmarkable when this one has not."""
    found = holder.find(f"{S}{name}")
    if found is None:
        raise Unmarkable
    return found
