"""Who changed what: the writer through which every change of a tracked file goes."""

import copy
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.layout.applying import w
from pipeline.layout.mending.cutting import taken_out
from pipeline.ooxml.package import Element

#: The name under which changes stand in Word's list.
AUTHOR: Final = "vanthu"
_CHANGE_OF: Final = {w("rPr"): "rPrChange", w("pPr"): "pPrChange", w("sectPr"): "sectPrChange"}
# CT_RPr, CT_PPr and CT_SectPr fix the order of their children (ECMA-376, 17.3)
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    w("rPr"): (
        "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow",
        "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern",
        "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em",
        "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange",
    ),
    w("pPr"): (
        "pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr",
        "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct",
        "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind",
        "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment",
        "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    ),
    w("sectPr"): (
        "headerReference", "footerReference", "footnotePr", "endnotePr", "type", "pgSz", "pgMar", "paperSrc",
        "pgBorders", "lnNumType", "pgNumType", "cols", "formProt", "vAlign", "noEndnote", "titlePg", "textDirection",
        "bidi", "rtlGutter", "docGrid", "printerSettings", "sectPrChange",
    ),
}  # fmt: skip
# what a tracked change of these may hold of the state before
_NOT_KEPT: Final = frozenset({
    w("rPrChange"), w("pPrChange"), w("sectPrChange"), w("headerReference"), w("footerReference"),
})  # fmt: skip


@dataclass
class Ink:
    """Writes changes into one file; where `is_tracked`, what stood before is kept for Word's Accept and Reject."""

    on: dt.datetime
    is_tracked: bool = False
    _count: int = field(default=0)

    def properties(self, holder: Element, tag: str) -> Element:
        """The `w:rPr` or `w:pPr` of a run or paragraph, made where there is none; noted as changed."""
        found = holder.find(w(tag))
        if found is None:
            found = etree.Element(w(tag))
            holder.insert(0, found)
        self.touched(found)
        return found

    def touched(self, properties: Element) -> None:
        """Keep what properties say now, once."""
        tag = _CHANGE_OF[str(properties.tag)]
        if not self.is_tracked or properties.find(w(tag)) is not None:
            return
        before = etree.Element(properties.tag)
        # the properties of the paragraph's own mark and a section are no part of what a paragraph's change keeps
        dropped = _NOT_KEPT if properties.tag != w("pPr") else _NOT_KEPT | {w("rPr"), w("sectPr")}
        before.extend(copy.deepcopy(child) for child in properties if child.tag not in dropped)
        change = self.marked(tag)
        change.append(before)
        properties.append(change)

    def marked(self, tag: str) -> Element:
        """A mark of a change by this program."""
        self._count += 1
        return etree.Element(
            w(tag),
            {
                w("id"): str(90_000 + self._count),
                w("author"): AUTHOR,
                w("date"): self.on.strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
        )

    def set(self, properties: Element, tag: str, values: Mapping[str, str]) -> None:
        """Set attributes of a child of properties ("" takes one away), in the place the schema wants it."""
        child = properties.find(w(tag))
        if child is None:
            child = etree.Element(w(tag))
            order = _ORDERS[str(properties.tag)]
            following = {w(name) for name in order[order.index(tag) + 1 :]}
            place = next((at for at, each in enumerate(properties) if each.tag in following), len(properties))
            properties.insert(place, child)
        for name, value in values.items():
            if value:
                child.set(w(name), value)
            else:
                etree.strip_attributes(child, w(name))

    def insert(self, run: Element) -> Element:
        """A new run as it goes into the text."""
        if not self.is_tracked:
            return run
        mark = self.marked("ins")
        mark.append(run)
        return mark

    def delete(self, run: Element) -> None:
        """Take a run out of the text."""
        if not self.is_tracked:
            taken_out(run)
            return
        for text in run.iter(w("t")):
            text.tag = w("delText")
        mark = self.marked("del")
        run.addprevious(mark)
        mark.append(run)
