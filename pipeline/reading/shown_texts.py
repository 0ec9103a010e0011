"""Every text that parts of an office file may show, line by line, for the secrecy gate: wherever it stands.

Reading asks what a form says; here it is only asked what letters can be seen, in comments, text boxes, charts,
numbering and watermarks too, and as they are printed: “mật” in a style that prints capitals is MẬT on paper.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from pipeline.ooxml.cell_text import HEADER_CODE

Element = etree._Element

_ODF: Final = "{urn:oasis:names:tc:opendocument"
_ON: Final = frozenset({"1", "true", "on"})
#: What is one line on paper: paragraphs; a text of a workbook.
_LINES: Final = frozenset({"p", "h", "si", "is"})
#: Attributes that are shown: drawn text, numbering, names of sheets, what stands for a picture.
_SHOWN: Final = {
    "textpath": ("string",),
    "lvlText": ("val",),
    "docPr": ("descr", "title"),
    "cNvPr": ("descr", "title"),
    "sheet": ("name",),
}
_BREAKS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}


def shown_texts(parts: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """The lines of the XML parts of one file; a part that breaks off is read as far as it goes."""
    trees = {name: tree for name, xml in parts if (tree := _tree(name, xml)) is not None}
    capitals = Capitals(tree for name, tree in trees.items() if name.rpartition("/")[2].startswith("styles"))
    for tree in trees.values():
        yield from _lines(tree, capitals, is_capital=False)
        yield from _attributes(tree)


def _tree(name: str, xml: bytes) -> Element | None:
    # no mark is without an accent, in any of its encodings; styles are asked for capitals
    if xml.isascii() and b"&#" not in xml and b"styles" not in name.encode().lower():
        return None
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _lines(holder: Element, capitals: "Capitals", *, is_capital: bool) -> Iterator[str]:
    name = _local(holder)
    if name in _LINES:
        inner: list[Element] = []
        is_capital = is_capital or capitals.of_paragraph(holder)
        yield from "".join(_pieces(holder, capitals, inner, is_capital=is_capital)).split("\n")
        for line in inner:
            yield from _lines(line, capitals, is_capital=False)
        return
    if name == "tbl":
        is_capital = is_capital or capitals.of_table(holder)
    if holder.text and holder.text.strip():
        is_header = name.endswith(("Header", "Footer"))
        yield from (HEADER_CODE.sub("\n", holder.text) if is_header else holder.text).splitlines()
    for child in holder:
        yield from _lines(child, capitals, is_capital=is_capital)


def _pieces(holder: Element, capitals: "Capitals", inner: list[Element], *, is_capital: bool) -> Iterator[str]:
    """The text of one line in pieces; lines within it (text boxes) are put into `inner`."""
    is_odf = str(holder.tag).startswith(_ODF)
    if (is_odf or _local(holder) == "t") and holder.text:
        yield holder.text.upper() if is_capital else holder.text
    for child in holder:
        name = _local(child)
        if name in _LINES or name == "tbl":
            inner.append(child)
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name == "r":
            yield from _pieces(child, capitals, inner, is_capital=capitals.of_run(child, is_capital=is_capital))
        else:
            yield from _pieces(child, capitals, inner, is_capital=is_capital)
        if is_odf and child.tail:
            yield child.tail


def _attributes(tree: Element) -> Iterator[str]:
    for element in tree.iter(*(f"{{*}}{name}" for name in _SHOWN)):
        names = _SHOWN[_local(element)]
        yield from (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] in names)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


class Capitals:
    """Which text is printed in capitals, large or small: by its own format, its style, its paragraph's, its table's.

    A style that turns off what another turned on is not followed: whatever may print capitals is taken to.
    """

    def __init__(self, styles: Iterable[Element]) -> None:
        self._styles: dict[str, Element] = {}
        self._default = False
        for root in styles:
            self._styles |= {_said_in(style, "styleId"): style for style in root.iter("{*}style")}
            defaults = root.find("{*}docDefaults/{*}rPrDefault/{*}rPr")
            normal = (one for one in self._styles.values() if _said_in(one, "default") in _ON)
            named = [defaults, *(one.find("{*}rPr") for one in normal if _said_in(one, "type") == "paragraph")]
            self._default = self._default or any(_said(properties) for properties in named)
        self._known: dict[str, bool] = {}

    def of_paragraph(self, paragraph: Element) -> bool:
        """Whether a paragraph prints capitals unless a run says otherwise."""
        return self._default or self._named(paragraph, "pPr", "pStyle")

    def of_table(self, table: Element) -> bool:
        """Whether a table's style does."""
        return self._named(table, "tblPr", "tblStyle")

    def of_run(self, run: Element, *, is_capital: bool) -> bool:
        """Whether a run does, in a paragraph that does or does not."""
        # by local names throughout: the strict form of the format has other namespaces
        properties = run.find("{*}rPr")
        if properties is not None and properties.get("cap", "none") != "none":  # of a drawing
            return True
        said = _said(properties)
        return is_capital or self._named(run, "rPr", "rStyle") if said is None else said

    def _named(self, element: Element, properties: str, style: str) -> bool:
        found = element.find(f"{{*}}{properties}/{{*}}{style}")
        return found is not None and self._of_style(_said_in(found, "val"))

    def _of_style(self, style_id: str) -> bool:
        if style_id not in self._known:
            self._known[style_id] = False  # a style based on itself ends here
            style = self._styles.get(style_id)
            if style is not None:
                base = style.find("{*}basedOn")
                inherited = base is not None and self._of_style(_said_in(base, "val"))
                said = _said(style.find("{*}rPr"))
                self._known[style_id] = inherited if said is None else said
        return self._known[style_id]


def _said(properties: Element | None) -> bool | None:
    """What a format says of capitals, None when it says nothing."""
    if properties is None:
        return None
    said = [properties.find(f"{{*}}{name}") for name in ("caps", "smallCaps")]
    values = [_said_in(one, "val", "1").lower() in _ON for one in said if one is not None]
    return any(values) if values else None


def _said_in(element: Element, name: str, default: str = "") -> str:
    """An attribute by its local name."""
    found = (str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return next(found, default)
