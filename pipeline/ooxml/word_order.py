"""The order in which the schema wants the children of properties (ECMA-376 Part 1, Annex A: CT_PPr and others)."""

from typing import Any, Final, TypeAlias

#: An element of lxml.
Element: TypeAlias = Any

WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_SEQUENCES: Final = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
        "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
        "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
        "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss "
        "imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr "
        "shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange"
    ),
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark "
        "headers cellIns cellDel cellMerge tcPrChange"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
        "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange"
    ),
    "sectPr": (
        "headerReference|footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
        "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange"
    ),
    "tc": "tcPr",
    "p": "pPr",
    "r": "rPr",
    "tr": "tblPrEx trPr",
    "tbl": "bookmarkStart|bookmarkEnd tblPr tblGrid",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
}
#: Where the schema asks for nothing but that these stand before everything else.
_ONLY_FIRST: Final = frozenset({"tc", "p", "r", "tr", "tbl"})
#: Where a child may come several times.
_MANY: Final = frozenset({"headerReference", "footerReference", "bookmarkStart", "bookmarkEnd"})
_MANY_OF: Final = frozenset({"numbering"})
#: By an element: the rank of each child the schema names.
ORDER: Final = {
    f"{WORD}{holder}": {
        f"{WORD}{name}": rank for rank, names in enumerate(sequence.split()) for name in names.split("|")
    }
    for holder, sequence in _SEQUENCES.items()
}
#: The properties whose children can simply be put in order.
SORTABLE: Final = tuple(f"{WORD}{name}" for name in ("pPr", "rPr", "tcPr", "tblPr", "sectPr"))
_LAST: Final = 1000


def misordered(holder: Element) -> str:
    """The first child of an element that stands too late, or twice; "" when all is in order."""
    ranks = ORDER[holder.tag]
    local = holder.tag.removeprefix(WORD)
    before, seen = -1, set()
    for child in holder.iterchildren("{*}*"):
        rank = ranks.get(child.tag)
        if rank is None:
            # what the schema does not name here (w14: effects of letters) is not judged, unless it must come later
            before = _LAST if local in _ONLY_FIRST else before
            continue
        may_repeat = child.tag.removeprefix(WORD) in _MANY or local in _MANY_OF
        if rank < before or (child.tag in seen and not may_repeat):
            return str(child.tag)
        before = rank
        seen.add(child.tag)
    return ""


def put_in_order(holder: Element) -> None:
    """Put the children of one of SORTABLE in the schema's order; those it does not name stay behind the others.

    Of what stands twice (LibreOffice 5 wrote letters bold twice over) the last is kept, as Word reads it.
    """
    ranks = ORDER[holder.tag]
    last = {child.tag: child for child in holder}
    children = sorted(
        (child for child in holder if last[child.tag] is child or child.tag.removeprefix(WORD) in _MANY),
        key=lambda child: ranks.get(child.tag, _LAST - 1),
    )
    change = next((child for child in children if str(child.tag).endswith("PrChange")), None)
    if change is not None:
        children.remove(change)
        children.append(change)
    holder[:] = children
