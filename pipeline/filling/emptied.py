"""Cells, rows and tables that conditions and loops leave empty, made such that Word opens the document.

A cell keeps a paragraph (ECMA-376 Part 1, 17.4.65), and so do headers, footers, notes and text boxes; a row without
cells and a table without rows go. Whether that can happen at all is worked out once, when a template is compiled: the
others pay nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from jinja2 import nodes

_THIN: Final = (
    rb"(?:<w:(?:bookmarkStart|bookmarkEnd|proofErr|permStart|permEnd|commentRangeStart|commentRangeEnd)\b[^>]*/>|\s)*"
)


def _whole(name: bytes) -> bytes:
    """The element `name` with all within it, or nothing."""
    return rb"(?:<%b/>|<%b(?: [^>]*)?>(?:(?!</%b>).)*</%b>)?" % (name, name, name, name)


_ROW: Final = re.compile(
    rb"<w:tr(?: [^>]*)?(?:/>|>%b%b%b%b</w:tr>)" % (_THIN, _whole(b"w:tblPrEx"), _whole(b"w:trPr"), _THIN), re.DOTALL
)
_TABLE: Final = re.compile(
    rb"<w:tbl>%b%b%b%b</w:tbl>" % (_THIN, _whole(b"w:tblPr"), _whole(b"w:tblGrid"), _THIN), re.DOTALL
)
_CELL: Final = re.compile(rb"(<w:tc(?: [^>]*)?(?<!/)>|</w:tcPr>|<w:tcPr/>|</w:tbl>)(%b)</w:tc>" % _THIN)
_NO_CELL: Final = re.compile(rb"<w:tc(?: [^>]*)?/>")
_STORY: Final = re.compile(
    rb"(<w:(hdr|ftr|footnote|endnote|comment|txbxContent)(?: [^>]*)?(?<!/)>)(%b)</w:\2>" % _THIN
)
_ALL: Final = (_ROW, _TABLE, _CELL, _NO_CELL, _STORY)


def mended(xml: bytes | bytearray) -> bytes:
    """A part with a paragraph in each cell and story that is empty, without empty rows and tables."""
    xml = _TABLE.sub(b"", _ROW.sub(b"", xml))
    xml = _NO_CELL.sub(b"<w:tc><w:p/></w:tc>", xml)
    xml = _CELL.sub(rb"\1\2<w:p/></w:tc>", xml)
    return _STORY.sub(rb"\1\3<w:p/></w:\2>", xml)


def may_be_empty(template: nodes.Template) -> bool:
    """Whether some values leave a cell, a row, a table or a story empty: looked for with every branch left out."""
    return any(pattern.search(text) for text in _least(template.body) for pattern in _ALL)


def _least(body: Iterable[nodes.Node]) -> Iterator[bytes]:
    """The fixed text of a body, and of each body within it, as if nothing within came."""
    pieces: list[str] = []
    for node in body:
        if isinstance(node, nodes.Output):
            pieces += [child.data for child in node.nodes if isinstance(child, nodes.TemplateData)]
            continue
        for inner in _bodies(node):
            yield from _least(inner)
    yield "".join(pieces).encode()


def _bodies(node: nodes.Node) -> Iterator[list[nodes.Node]]:
    match node:
        case nodes.If():
            yield from (node.body, *(other.body for other in node.elif_), node.else_)
        case nodes.For():
            yield from (node.body, node.else_)
        case _:
            if (body := getattr(node, "body", None)) is not None:
                yield body
