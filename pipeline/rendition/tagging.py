"""What LibreOffice leaves undone for a blind reader, added to the PDF it made (PDF/UA-1, ISO 14289-1).

LibreOffice 7.4 tags what it prints, and declares it (`PDFUACompliance`). Four things are left to do, each measured:

* The line of a paragraph's border is drawn outside of every tag: it is marked as an artifact, which readers pass by
  (ISO 14289-1 7.1; Matterhorn 01-005).
* A table that only sets blocks side by side (the head of a paper, its signatures) is told as a table of so many rows
  and columns. One without a head cell is none: it and its cells become divisions, read one after the other (7.5).
* Headings have the levels of their styles: articles, which stand below chapters, come right below the name of a paper
  that has no chapters. Levels that are left out are closed up (7.4.2; Matterhorn 14-002, 14-003).
* PDF/A wants the schema of the mark "pdfuaid" described in the metadata (ISO 19005-2 6.6.2.3.1).

The PDF is only added to: what LibreOffice wrote stays byte for byte.
"""

import re
from typing import Final

import pypdf
from pypdf.generic import (
    ArrayObject,
    ContentStream,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from pipeline.pdf.accessible import SCHEMA

_PAINTS: Final = frozenset({b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_OPERATORS: Final = re.compile(rb"(?<=[\s\]>)])(BDC|BMC|EMC|[fBb]\*?|[SsF])(?=\s|$)")
_BEGINS: Final = frozenset({b"m", b"re"})
_HEADING: Final = re.compile("/H([1-6])")
_DIVISION: Final = NameObject("/Div")
_END: Final = re.compile(rb"\s*</rdf:RDF>")
_MARK: Final = b'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"'


def complete(writer: pypdf.PdfWriter) -> None:
    """Add what its tags lack to a PDF of LibreOffice's that `writer` updates; one that is not tagged stays as it is.

    Raises what pypdf raises on a PDF that cannot be read (`pipeline.pdf.document.BROKEN`).
    """
    tree = writer.root_object.get("/StructTreeRoot")
    if tree is None:
        return
    for page in writer.pages:
        _mark_lines(writer, page)
    kids = tree.get_object().get("/K")
    _divide(kids)
    _level(kids, [])
    _describe(writer)


def _mark_lines(writer: pypdf.PdfWriter, page: pypdf.PageObject) -> None:
    """Mark what is drawn outside of every tag as an artifact."""
    stream = page.get_contents()
    # taking a page apart costs more than all the rest, and few pages have such a line
    if stream is None or not _may_have_bare_paths(stream.get_data()):
        return
    bare = _bare_paths(stream)
    if not bare:
        return
    operations = list(stream.operations)
    for first, last in reversed(bare):
        operations.insert(last + 1, ([], b"EMC"))
        # not between the parts of a path, where no mark may stand
        operations.insert(first, ([NameObject("/Artifact")], b"BMC"))
    written, marked = ContentStream(None, writer), DecodedStreamObject()
    written.operations = operations
    marked.set_data(written.get_data())
    page[NameObject("/Contents")] = writer._add_object(marked.flate_encode())


def _may_have_bare_paths(content: bytes) -> bool:
    """Whether something may be painted outside of marked content, by the operators as they stand in the bytes."""
    depth = 0
    for found in _OPERATORS.finditer(content):
        operator = found[1]
        if operator == b"EMC":
            depth -= 1
        elif operator in (b"BDC", b"BMC"):
            depth += 1
        elif depth <= 0:
            return True
    return False


def _bare_paths(stream: ContentStream) -> list[tuple[int, int]]:
    """Where a path that is painted outside of marked content begins and ends, by the count of operations."""
    found: list[tuple[int, int]] = []
    depth, begun = 0, -1
    for at, (_, operator) in enumerate(stream.operations):
        if operator in (b"BDC", b"BMC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in _BEGINS and begun < 0:
            begun = at
        elif operator == b"n":
            begun = -1
        elif operator in _PAINTS:
            if not depth:
                found.append((begun, at))
            begun = -1
    return found


def _divide(kids: PdfObject | None) -> None:
    """Make divisions of the tables without a head cell, wherever in the tree."""
    for kid in _elements(kids):
        if kid.get("/S") == "/Table" and not _has(kid, "/TH"):
            _make_divisions(kid)
        _divide(kid.get("/K"))


def _make_divisions(table: DictionaryObject) -> None:
    table[NameObject("/S")] = _DIVISION
    for kid in _elements(table.get("/K")):
        if kid.get("/S") in ("/TR", "/TD"):
            _make_divisions(kid)


def _level(kids: PdfObject | None, open_levels: list[int]) -> None:
    """Close up the levels of headings, in the order of reading; `open_levels` are those around the next one."""
    for kid in _elements(kids):
        if heading := _HEADING.fullmatch(str(kid.get("/S"))):
            own = int(heading[1])
            while open_levels and open_levels[-1] >= own:
                open_levels.pop()
            open_levels.append(own)
            if len(open_levels) != own:
                kid[NameObject("/S")] = NameObject(f"/H{len(open_levels)}")
        _level(kid.get("/K"), open_levels)


def _has(element: DictionaryObject, sort: str) -> bool:
    return any(kid.get("/S") == sort or _has(kid, sort) for kid in _elements(element.get("/K")))


def _elements(kids: PdfObject | None) -> list[DictionaryObject]:
    """The elements among the kids of one; what is not, is content."""
    kids = kids.get_object() if kids is not None else None
    each = [one.get_object() for one in kids] if isinstance(kids, ArrayObject) else [kids]
    return [one for one in each if isinstance(one, DictionaryObject) and "/S" in one]


def _describe(writer: pypdf.PdfWriter) -> None:
    """Describe the schema of pdfuaid where the metadata uses it."""
    metadata = writer.root_object.get("/Metadata")
    stream = metadata.get_object() if metadata is not None else None
    if not isinstance(stream, StreamObject):
        return
    xmp = stream.get_data()
    if _MARK not in xmp or b"pdfaExtension:schemas" in xmp:
        return
    described = DecodedStreamObject()
    described.set_data(_END.sub(lambda end: SCHEMA + end[0], xmp, count=1))
    described.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(described)
