"""The points of the Matterhorn Protocol (1.02, for PDF/UA-1) that a program can check, on any PDF.

Numbers are those of the failure conditions. What no paper of ours may have at all (XFA, encryption, attachments,
annotations, movies, optional content, JavaScript) is one failure each; what it has is looked at in full. The 47
conditions that a person must judge (is it the right order? does the alternative say what the picture shows?) are not
here: who changes a template reads the tree aloud once.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import pypdf
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, IndirectObject, NumberObject, PdfObject

from pipeline.pdf import dictionary_in

Pdf: TypeAlias = pypdf.PdfReader | pypdf.PdfWriter

#: ISO 32000-1, table 333 ff.: what a structure element may be.
STANDARD: Final = frozenset(
    re.findall(
        r"\w+",
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI "
        "Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP "
        "Warichu WT WP Figure Formula Form",
    )
)
_ROWS: Final = frozenset({"Table", "THead", "TBody", "TFoot"})
_PARENTS: Final[Mapping[str, frozenset[str]]] = {
    "TR": _ROWS, "TH": frozenset({"TR"}), "TD": frozenset({"TR"}), "THead": frozenset({"Table"}),
    "TBody": frozenset({"Table"}), "TFoot": frozenset({"Table"}), "LI": frozenset({"L"}),
    "Lbl": frozenset({"LI", "Note", "TOCI", "Caption"}), "LBody": frozenset({"LI"}), "TOCI": frozenset({"TOC"}),
}  # fmt: skip
_CHILDREN: Final[Mapping[str, frozenset[str]]] = {
    "Table": frozenset({"TR", "THead", "TBody", "TFoot", "Caption"}),
    "TR": frozenset({"TH", "TD"}),
    "L": frozenset({"LI", "Caption", "L"}),
}
_PAINTS: Final = frozenset({b"INLINE IMAGE", *b"Tj TJ ' \" S s f F f* B B* b b* sh Do".split()})
_HEADING: Final = re.compile("H([1-6])")
_HIDDEN: Final = 2  # of an annotation
_FILES: Final = {"/FontFile", "/FontFile2", "/FontFile3"}
#: The mark in the metadata, and its description as PDF/A wants it (ISO 19005-2 6.6.2.3.1).
_PART: Final = "<pdfuaid:part>1</pdfuaid:part>"
_DESCRIBED: Final = "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/"


@dataclass
class Element:
    """One element of the tree: its standard type, its own type, what it holds.

    `marks` are the contents it holds itself: number of the page object, id of the marked content.
    """

    sort: str
    own: str
    node: DictionaryObject
    parent: "Element | None"
    children: "list[Element]" = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    fields: list[int] = field(default_factory=list)  #: the numbers of the objects of fields it is about

    def all(self) -> "Iterator[Element]":
        """The element and all below it, in the order of reading."""
        yield self
        for child in self.children:
            yield from child.all()


def failures(content: bytes, *, is_form: bool = False) -> list[str]:
    """Every failure condition that a PDF meets, with its number; none for a PDF/UA-1 as far as a program can tell.

    A form may have fields, and those are looked at; a paper may have none.
    """
    reader = pypdf.PdfReader(io.BytesIO(content))
    found = [*_of_metadata(reader), *_of_the_file(reader), *(() if is_form else _of_a_paper(reader))]
    if "/StructTreeRoot" not in reader.root_object:
        return [*found, "01-005 nothing is tagged: there is no tree"]
    top = elements(reader)
    seen: set[int] = set()
    if is_form:
        found += _of_fields(reader, top, seen)
    fonts = (one for page in reader.pages for one in _of_fonts(dictionary_in(page, "/Resources"), seen))
    return [*found, *_of_roles(_roles(reader)), *_of_the_tree(top), *_of_content(reader, top), *fonts]


def elements(reader: Pdf) -> Element:
    """The tree of a tagged PDF; its root is of no sort."""
    tree = dictionary_in(reader.root_object, "/StructTreeRoot")
    top = Element("", "", tree, None)
    _grow(top, tree.get("/K"), _roles(reader), 0)
    return top


def _roles(reader: Pdf) -> dict[str, str]:
    roles = dictionary_in(dictionary_in(reader.root_object, "/StructTreeRoot"), "/RoleMap")
    return {str(own).lstrip("/"): str(sort).lstrip("/") for own, sort in roles.items()}


def _grow(parent: Element, kids: PdfObject | None, roles: Mapping[str, str], page: int) -> None:
    read = kids.get_object() if kids is not None else None
    for raw in read if isinstance(read, ArrayObject) else [read]:
        kid = raw.get_object() if raw is not None else None
        if isinstance(kid, NumberObject):
            parent.marks.append((page, int(kid)))
        elif isinstance(kid, DictionaryObject) and kid.get("/Type") == "/MCR":
            parent.marks.append((_page_of(kid, page), int(str(kid["/MCID"]))))
        elif isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR":
            parent.fields.append(_number_of(kid.raw_get("/Obj")))
        elif isinstance(kid, DictionaryObject) and "/S" in kid:
            own = str(kid["/S"]).lstrip("/")
            child = Element(_standard(own, roles), own, kid, parent)
            parent.children.append(child)
            _grow(child, kid.get("/K"), roles, _page_of(kid, page))


def _page_of(node: DictionaryObject, otherwise: int) -> int:
    page = node.raw_get("/Pg") if "/Pg" in node else None
    return page.idnum if isinstance(page, IndirectObject) else otherwise


def _standard(own: str, roles: Mapping[str, str]) -> str:
    """The standard type of an element's own; where the roles go in a circle, one of the circle."""
    seen = {own}
    while own not in STANDARD and own in roles and roles[own] not in seen:
        own = roles[own]
        seen.add(own)
    return own


def _of_metadata(reader: pypdf.PdfReader) -> Iterator[str]:
    metadata = reader.xmp_metadata
    if metadata is None:
        yield "06-001 there is no metadata"
        return
    xmp = metadata.stream.get_data().decode("utf-8")
    if _PART not in xmp:
        yield "06-002 the metadata does not say that it is PDF/UA-1"
    elif _DESCRIBED not in xmp:
        yield "PDF/A 6.6.2.3.1 the schema of pdfuaid is not described"
    if not any((metadata.dc_title or {}).values()):
        yield "06-003 the metadata has no title"


def _of_the_file(reader: pypdf.PdfReader) -> Iterator[str]:
    root = reader.root_object
    wanted: Mapping[str, bool] = {
        "26-001 it is encrypted": not reader.is_encrypted,
        "07-001 its window does not show its title": _is_on(root, "/ViewerPreferences", "/DisplayDocTitle"),
        "01-000 it is not marked as tagged": _is_on(root, "/MarkInfo", "/Marked"),
        "01-007 its tags are suspect": not _is_on(root, "/MarkInfo", "/Suspects"),
        "11-006 it has no language": bool(str(root.get("/Lang", ""))),
        "20-001 it has optional content": "/OCProperties" not in root,
        "21-001 it has names of files": "/Names" not in root,
    }
    yield from (failure for failure, is_met in wanted.items() if not is_met)
    for number, page in enumerate(reader.pages, start=1):
        if "/StructParents" not in page:
            yield f"01-006 page {number} is not in the tree of parents"


def _of_a_paper(reader: pypdf.PdfReader) -> Iterator[str]:
    if "/AcroForm" in reader.root_object:
        yield "25-001 it has a form"
    for number, page in enumerate(reader.pages, start=1):
        if page.get("/Annots"):
            yield f"28-002 page {number} has annotations"


def _of_fields(reader: pypdf.PdfReader, top: Element, seen: set[int]) -> Iterator[str]:
    """Every field that is seen has a name to be said, is of one element, and is gone to in the order of the tree."""
    held = Counter(field for one in top.all() if one.sort == "Form" for field in one.fields)
    for number, page in enumerate(reader.pages, start=1):
        if page.get("/Tabs") != "/S":
            yield f"28-009 on page {number} fields are not gone to in the order of the tree"
        for raw in page.get("/Annots", ArrayObject()):
            widget = raw.get_object()
            if int(widget.get("/F", 0)) & _HIDDEN:
                continue
            if not widget.get("/TU"):
                yield f"28-005 the field {widget.get('/T')} has no name to be said"
            if held[_number_of(raw)] != 1 or "/StructParent" not in widget:
                yield f"28-010 the field {widget.get('/T')} is in {held[_number_of(raw)]} elements"
            for shown in dictionary_in(widget, "/AP").values():
                yield from _of_fonts(dictionary_in(shown.get_object(), "/Resources"), seen)


def _number_of(reference: PdfObject) -> int:
    return reference.idnum if isinstance(reference, IndirectObject) else 0


def _is_on(root: DictionaryObject, where: str, key: str) -> bool:
    return str(dictionary_in(root, where).get(key, "")).casefold() == "true"


def _of_roles(roles: Mapping[str, str]) -> Iterator[str]:
    for own, sort in roles.items():
        if _standard(own, roles) not in STANDARD:
            yield f"02-001 the role of {own} is no standard one, or goes in a circle"
        elif own in STANDARD and sort != own:
            yield f"02-004 the standard type {own} has another role"


def _of_the_tree(top: Element) -> Iterator[str]:
    below = [one for one in top.all() if one is not top]
    for one in below:
        yield from _of_one(one)
    level = 0
    for one in below:
        if found := _HEADING.fullmatch(one.sort):
            here = int(found[1])
            if here > level + 1:
                yield f"{'14-003' if level else '14-002'} {one.sort} ({one.own}) follows H{level}"
            level = here
    sorts = {one.sort for one in below}
    if "H" in sorts and any(_HEADING.fullmatch(sort) for sort in sorts):
        yield "14-007 H and H1 are both used"


def _of_one(one: Element) -> Iterator[str]:
    parent = one.parent.sort if one.parent is not None else ""
    if one.sort not in STANDARD:
        yield f"02-001 {one.own} has no standard role"
    if parent not in _PARENTS.get(one.sort, {parent}):
        yield f"09-004 {one.sort} stands in {parent}"
    if not {child.sort for child in one.children} <= _CHILDREN.get(one.sort, STANDARD):
        yield f"09-005 {one.sort} holds {[child.sort for child in one.children]}"
    if one.sort in ("Figure", "Formula") and not (one.node.get("/Alt") or one.node.get("/ActualText")):
        yield f"13-004 a {one.sort} has no alternative text"
    if one.sort == "TH" and not _scope_of(one.node):
        yield "15-003 a TH has no scope"
    if _HEADING.fullmatch(one.sort) and not any(each.marks for each in one.all()):
        yield f"14-000 {one.sort} ({one.own}) is empty"


def _scope_of(node: DictionaryObject) -> str:
    raw = node.get("/A")
    read = raw.get_object() if raw is not None else None
    for each in read if isinstance(read, ArrayObject) else [read]:
        attributes = each.get_object() if each is not None else None
        if isinstance(attributes, DictionaryObject) and attributes.get("/O") == "/Table":
            return str(attributes.get("/Scope", ""))
    return ""


def _of_content(reader: pypdf.PdfReader, top: Element) -> Iterator[str]:
    """Everything painted is in the tree once, or an artifact; nothing of the one is inside of the other."""
    held = Counter(mark for one in top.all() for mark in one.marks)
    painted: set[tuple[int, int]] = set()
    for number, page in enumerate(reader.pages, start=1):
        at = page.indirect_reference.idnum if page.indirect_reference is not None else 0
        stream = page.get_contents()
        if stream is not None:
            marks: list[int] = []
            yield from (f"{fault} on page {number}" for fault in _walked(stream, marks.append))
            painted |= {(at, mark) for mark in marks}
    yield from (f"01-005 content {mark} is in no element" for mark in painted - set(held))
    yield from (f"01-006 an element holds content {mark}, which is not there" for mark in set(held) - painted)
    yield from (f"01-006 content {mark} is in {count} elements" for mark, count in held.items() if count > 1)


def _walked(stream: ContentStream, tell: Callable[[int], None]) -> Iterator[str]:
    """What is wrong with the marks of a page; `tell` is told the id of each marked content."""
    open_: list[int | None] = []  # ids, None for an artifact or another mark
    artifacts: list[bool] = []
    for operands, operator in stream.operations:
        if operator in (b"BDC", b"BMC"):
            is_artifact = operands[0] == "/Artifact"
            about = operands[1] if operator == b"BDC" else None
            mark = int(str(about["/MCID"])) if isinstance(about, DictionaryObject) and "/MCID" in about else None
            is_inside = any(one is not None for one in open_)
            if mark is not None:
                tell(mark)
            if is_artifact and is_inside:
                yield "01-003 an artifact inside of tagged content"
            if mark is not None and (is_inside or any(artifacts)):
                yield "01-004 tagged content inside of an artifact or of other tagged content"
            open_.append(mark)
            artifacts.append(is_artifact)
        elif operator == b"EMC" and open_:
            open_.pop()
            artifacts.pop()
        elif operator in _PAINTS and not any(artifacts) and all(one is None for one in open_):
            yield f"01-005 something painted ({operator.decode()}) is neither tagged nor an artifact"
    if open_:
        yield "01-000 marked content does not end"


def _of_fonts(resources: DictionaryObject, seen: set[int]) -> Iterator[str]:
    for font in _each(resources, "/Font", seen):
        yield from _of_font(font)
    for drawn in _each(resources, "/XObject", seen):
        if "/Ref" in drawn:
            yield "30-001 a part of another file is drawn"
        yield from _of_fonts(dictionary_in(drawn, "/Resources"), seen)


def _each(resources: DictionaryObject, key: str, seen: set[int]) -> Iterator[DictionaryObject]:
    for raw in dictionary_in(resources, key).values():
        one = raw.get_object()
        if isinstance(one, DictionaryObject) and id(one) not in seen:
            seen.add(id(one))
            yield one


def _of_font(font: DictionaryObject) -> Iterator[str]:
    name, inner = str(font.get("/BaseFont")), font
    raw = font.get("/DescendantFonts")
    below = raw.get_object() if raw is not None else None
    if isinstance(below, ArrayObject):
        inner = below[0].get_object()
        if font.get("/Encoding") not in ("/Identity-H", "/Identity-V"):
            yield f"31-006 the encoding of {name} is not in the file"
        if inner.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in inner:
            yield f"31-004 {name} does not say which letter is which"
    if not _FILES & set(dictionary_in(inner, "/FontDescriptor")):
        yield f"31-009 the font {name} is not in the file"
    if "/ToUnicode" not in font:
        yield f"31-027 the letters of {name} have no Unicode"
