"""Colours of cells, as conditional formats that always hold: nothing of the cell itself changes.

Ours are known by their formula; those of an earlier marking are taken away first.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from lxml import etree

from pipeline.answers.marking.marks import Mark, worst
from pipeline.answers.marking.office_package import AFTER_COLOURS, Element, OfficePackage, S, empty, insert_before
from pipeline.model import Severity
from pipeline.ooxml.numerals import whole_number
from pipeline.ooxml.own_marks import AUTHOR, COLOURS

#: A formula that is always true, and that nobody else writes.
_OURS: Final = f'"{AUTHOR}"="{AUTHOR}"'
_EXTENDED: Final = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}cfRule"


def colour(package: OfficePackage, part: str, styles: str, marks: Mapping[str, Sequence[Mark]]) -> None:
    """Colour areas ("B3", "B3:D3") of a sheet by the weight of what is wrong there."""
    # a sheet without marks, old or new, keeps its bytes
    if not marks and _OURS.encode() not in package.parts[part].replace(b"&quot;", b'"'):
        return
    sheet = package.tree(part)
    _take_away(sheet)
    by_weight: dict[Severity, list[str]] = {}
    for area, some in marks.items():
        by_weight.setdefault(worst(some), []).append(area)
    if by_weight:
        _make_room(sheet, len(by_weight))
    for number, (severity, areas) in enumerate(by_weight.items(), start=1):
        rule = etree.Element(f"{S}cfRule")
        rule.set("type", "expression")
        rule.set("dxfId", str(_look(package.tree(styles), COLOURS[severity])))
        rule.set("priority", str(number))
        # a unit's own format of the same cell would mix its colour with ours
        rule.set("stopIfTrue", "1")
        etree.SubElement(rule, f"{S}formula").text = _OURS
        format_ = etree.Element(f"{S}conditionalFormatting")
        format_.set("sqref", " ".join(areas))
        format_.append(rule)
        insert_before(sheet, format_, AFTER_COLOURS)


def _take_away(sheet: Element) -> None:
    """Our colours of an earlier marking."""
    for format_ in sheet.findall(f"{S}conditionalFormatting"):
        for rule in format_.findall(f"{S}cfRule"):
            if "".join(rule.findtext(f"{S}formula", "").split()) == _OURS:
                format_.remove(rule)
        # a conditional format without any rule is not valid
        if not len(format_):
            sheet.remove(format_)


def _make_room(sheet: Element, count: int) -> None:
    """The unit's own conditional formats come after ours."""
    # newer formats stand in the extension list, and their priorities count in one row with the others
    for rule in sheet.iter(f"{S}cfRule", _EXTENDED):
        priority = whole_number(rule.get("priority", ""))
        if priority is not None:
            rule.set("priority", str(priority + count))


def _look(styles: Element, rgb: str) -> int:
    """The number of the differential style with this background, added where there is none."""
    looks = styles.find(f"{S}dxfs")
    if looks is None:
        looks = etree.Element(f"{S}dxfs")
        insert_before(styles, looks, ("tableStyles", "colors", "extLst"))
    look = _background(rgb)
    # compared as canonical XML: prefixes and the order of attributes are the writer's own
    wanted = etree.tostring(look, method="c14n", exclusive=True)
    known = [etree.tostring(one, method="c14n", exclusive=True) for one in looks]
    if wanted not in known:
        looks.append(look)
        looks.set("count", str(len(looks)))
        return len(looks) - 1
    return known.index(wanted)


def _background(rgb: str) -> Element:
    """A differential style: black text on a background."""
    look = empty(S, "dxf")
    etree.SubElement(etree.SubElement(look, f"{S}font"), f"{S}color").set("rgb", "FF000000")
    pattern = etree.SubElement(etree.SubElement(look, f"{S}fill"), f"{S}patternFill")
    pattern.set("patternType", "solid")
    # Excel takes the colour of a solid differential fill from bgColor, where every other fill has it in fgColor
    for name in ("fgColor", "bgColor"):
        etree.SubElement(pattern, f"{S}{name}").set("rgb", f"FF{rgb}")
    return look
