"""Table grids, mended once where the rows that can come are known beforehand.

docxtpl counts the cells of every rendered table and adds or removes columns of its grid (`fix_tables`). Where every
row has a fixed number of cells, and the rows that always come already have the most, the outcome is the same for
all values: docxtpl's own function is run once, on the template.
"""

import re
from collections.abc import Iterable

from docxtpl import DocxTemplate
from jinja2 import nodes
from lxml import etree

from pipeline.filling.batches import NeedsDocxtpl

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GRID = re.compile(r"<w:tblGrid>.*?</w:tblGrid>|<w:tblGrid/>|<w:tblGrid [^>]*>.*?</w:tblGrid>", re.DOTALL)
# processing instructions: they may stand between any two elements and are counted as none
_BEGIN, _END = "<?b?>", "<?e?>"


def mended(source: str, template: nodes.Template, docxtpl: DocxTemplate) -> str:
    """`source` with its grids as docxtpl would leave them. Raises NeedsDocxtpl when that depends on the values."""
    if "<w:tbl>" not in source and "<w:tbl " not in source:
        return source
    try:
        tree = etree.fromstring(_linear(template.body))
    # all branches one after the other need not make one document: a row may begin in two ways and end in one
    except etree.XMLSyntaxError as error:
        raise NeedsDocxtpl("tables cannot be counted beforehand") from error
    _refuse_unknown(tree)
    before = [_grid_of(table) for table in tree.iter(f"{_W}tbl")]
    try:
        fixed = docxtpl.fix_tables(etree.tostring(tree, encoding="unicode"))
    except (AttributeError, TypeError, ValueError) as error:
        raise NeedsDocxtpl("a table's grid depends on values") from error
    after = [_grid_of(table) for table in fixed.iter(f"{_W}tbl")]
    if before == after:
        return source
    grids = list(_GRID.finditer(source))
    if len(grids) != len(before):
        raise NeedsDocxtpl("a table has no grid of its own")
    # from the end, so that places found before stay right
    for found, old, new in zip(reversed(grids), reversed(before), reversed(after), strict=True):
        if old != new:
            source = source[: found.start()] + new + source[found.end() :]
    return source


def _linear(body: Iterable[nodes.Node]) -> str:
    """The template with all its branches one after the other, marked where each begins and ends."""
    pieces: list[str] = []
    _write(body, pieces)
    return "".join(pieces)


def _write(body: Iterable[nodes.Node], pieces: list[str]) -> None:
    for node in body:
        if isinstance(node, nodes.Output):
            # a letter stands for each value: it is text there, and never a cell
            pieces += [child.data if isinstance(child, nodes.TemplateData) else "\ufffd" for child in node.nodes]
            continue
        in_tag = _in_tag(pieces)
        for branch in _branches(node):
            if not in_tag:
                pieces.append(_BEGIN)
            _write(branch, pieces)
            if not in_tag:
                pieces.append(_END)


def _branches(node: nodes.Node) -> list[list[nodes.Node]]:
    match node:
        case nodes.If():
            return [node.body, *(branch.body for branch in node.elif_), node.else_]
        case nodes.For():
            return [node.body, node.else_]
        case nodes.With():
            return [node.body]
    return []


def _in_tag(pieces: list[str]) -> bool:
    for piece in reversed(pieces):
        if "<" in piece or ">" in piece:
            return piece.rfind("<") > piece.rfind(">")
    return False


def _grid_of(table: etree._Element) -> str:
    grid = table.find(f"{_W}tblGrid")
    if grid is None:
        raise NeedsDocxtpl("a table has no grid")
    columns = "".join(
        # lxml repeats the namespaces on whatever it takes out of its tree
        re.sub(r' xmlns:\w+="[^"]*"', "", etree.tostring(column, encoding="unicode"))
        for column in grid
    )
    return f"<w:tblGrid>{columns}</w:tblGrid>"


def _refuse_unknown(tree: etree._Element) -> None:
    """Raise NeedsDocxtpl unless each table's longest row is among those that always come."""
    depth = 0
    depths: dict[etree._Element, int] = {}
    for node in tree.iter():
        if isinstance(node, etree._ProcessingInstruction):
            depth += {"b": 1, "e": -1}.get(str(node.target), 0)
        else:
            depths[node] = depth
    for table in tree.iter(f"{_W}tbl"):
        counts = {row: _cells(row, depths) for row in table.iter(f"{_W}tr")}
        sure = [count for row, count in counts.items() if depths[row] == depths[table]]
        # docxtpl adds columns by the count of cells, and removes some by what the cells span
        for measure in (0, 1):
            if max((c[measure] for c in sure), default=0) < max((c[measure] for c in counts.values()), default=0):
                raise NeedsDocxtpl("the longest row of a table does not always come")
        if not sure:
            raise NeedsDocxtpl("all rows of a table may be missing")


def _cells(row: etree._Element, depths: dict[etree._Element, int]) -> tuple[int, int]:
    """Cells of a row, and grid columns they span. Raises NeedsDocxtpl when that depends on values."""
    cells = row.findall(f"{_W}tc")
    spanned = 0
    for cell in cells:
        properties = cell.find(f"{_W}tcPr")
        spans = [] if properties is None else properties.findall(f"{_W}gridSpan")
        said = spans[0].get(f"{_W}val", "") if spans else "1"
        known = said.isdecimal() and len(spans) < 2 and all(depths[s] == depths[row] for s in spans)
        if depths[cell] != depths[row] or not known:
            raise NeedsDocxtpl("the cells of a row depend on values")
        spanned += int(said)
    return len(cells), spanned
