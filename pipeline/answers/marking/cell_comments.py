"""Comments on cells: the list of texts, and the drawn boxes without which Excel does not show them.

A comment that stands there already is kept above ours. Ours begin with a line of their own, by which they are known
and taken away when a marked copy is marked again.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from lxml import etree
from openpyxl.comments.shape_writer import ShapeWriter
from openpyxl.utils.cell import coordinate_to_tuple

from pipeline.answers.marking.marks import Mark, text_of
from pipeline.answers.marking.office_package import (
    AFTER_SHAPES,
    RELATIONS,
    Element,
    OfficePackage,
    S,
    child,
    empty,
    insert_before,
    remove,
)
from pipeline.ooxml.numerals import whole_number
from pipeline.ooxml.own_marks import AUTHOR, RESULTS_SHEET

_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_CLIENT: Final = "{urn:schemas-microsoft-com:office:excel}"
_OFFICE: Final = "urn:schemas-microsoft-com:office:office"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_NOWHERE: Final = (-1, -1)
_HEAD: Final = f"— {RESULTS_SHEET} —"
_WIDTH_PX: Final = 320
_LINE_PX: Final = 16
_LINE_CHARACTERS: Final = 48
# an estimate is enough: a box that is too small can be pulled larger, one without end covers the form
_MOST_HEIGHT_PX: Final = 480


def comment(package: OfficePackage, part: str, marks: Mapping[str, Sequence[Mark]]) -> None:
    """Comment cells of a sheet; what an earlier marking wrote is taken away."""
    known = package.related(part, "comments")
    if not marks and (not known or _HEAD.encode() not in package.parts.get(known, b"")):
        return
    root = package.tree(known) if known else _new_comments(package, part)
    _take_away(root)
    listed = child(root, "commentList")
    author = _author(root)
    for cell, some in marks.items():
        _write(listed, cell, author, text_of(some))
    listed[:] = sorted(listed, key=lambda one: coordinate_to_tuple(one.get("ref", "A1")))
    _draw(package, part, [one.get("ref", "A1") for one in listed], marks)


def _new_comments(package: OfficePackage, part: str) -> Element:
    root = empty(S, "comments")
    etree.SubElement(root, f"{S}authors")
    etree.SubElement(root, f"{S}commentList")
    name = package.free_name("xl/comments{}.xml")
    package.add(name, root, _COMMENTS_TYPE)
    package.relate(part, "comments", name)
    return root


def _take_away(root: Element) -> None:
    """Our part of every comment; a comment that was ours alone goes."""
    for one in list(root.iter(f"{S}comment")):
        text = one.find(f"{S}text")
        if text is None:
            continue
        whole = "".join(piece.text or "" for piece in text.iter(f"{S}t"))
        if _HEAD not in whole:
            continue
        # in the middle it follows what somebody wrote there before, which stays
        if whole.startswith(_HEAD):
            remove(one)
        else:
            _cut(text)


def _cut(text: Element) -> None:
    """What stands in a text from our line on, whatever pieces an office program has made of it."""
    left = "".join(piece.text or "" for piece in text.iter(f"{S}t")).index(_HEAD)
    # by characters, not by pieces: an office program may cut a text into runs anywhere when it saves
    for piece in list(text.iter(f"{S}t")):
        kept = (piece.text or "")[:left]
        left -= len(kept)
        piece.text = kept if left else kept.rstrip("\n")


def _author(root: Element) -> str:
    """Our number among the authors."""
    authors = child(root, "authors")
    names = [one.text for one in authors]
    if AUTHOR not in names:
        etree.SubElement(authors, f"{S}author").text = AUTHOR
        names.append(AUTHOR)
    return str(names.index(AUTHOR))


def _write(listed: Element, cell: str, author: str, said: str) -> None:
    known = next((one for one in listed if one.get("ref") == cell), None)
    if known is None:
        known = etree.SubElement(listed, f"{S}comment")
        known.set("ref", cell)
        known.set("authorId", author)
        etree.SubElement(known, f"{S}text")
    text = child(known, "text")
    for plain in text.findall(f"{S}t"):  # a text without runs: it becomes the first of them
        run = etree.Element(f"{S}r")
        text.replace(plain, run)
        run.append(plain)
    head = f"{_HEAD}\n" if not len(text) else f"\n\n{_HEAD}\n"
    _run(text, head, is_bold=True)
    _run(text, said, is_bold=False)


def _run(text: Element, said: str, *, is_bold: bool) -> None:
    run = etree.Element(f"{S}r")
    properties = etree.SubElement(run, f"{S}rPr")
    if is_bold:
        etree.SubElement(properties, f"{S}b")
    for name, value in (("sz", "9"), ("rFont", "Tahoma"), ("family", "2")):
        etree.SubElement(properties, f"{S}{name}").set("val", value)
    piece = etree.SubElement(run, f"{S}t")
    piece.text = said
    piece.set(_SPACE, "preserve")
    # runs come before phonetic marks, as the schema wants them
    at = next((at for at, one in enumerate(text) if one.tag in {f"{S}rPh", f"{S}phoneticPr"}), len(text))
    text.insert(at, run)


def _draw(package: OfficePackage, part: str, cells: Sequence[str], marks: Mapping[str, Sequence[Mark]]) -> None:
    """A box for every comment: those of the unit as they are, ours anew."""
    known = package.related(part, "vmlDrawing")
    root = package.tree(known) if known else _new_drawing(package, part)
    _remove_boxes(root, {_position(cell) for cell in marks}, {_position(cell) for cell in cells})
    drawn = {_box_position(shape) for shape in _boxes(root)}
    writer = ShapeWriter(())
    # every box refers to the shape of a comment, which a drawing of other things need not have
    if root.find(f"{_VML}shapetype[@id='_x0000_t202']") is None:
        writer.add_comment_shapetype(root)
    numbers = [int(found[1]) for shape in root.iter() if (found := re.search(r"_s([0-9]+)$", shape.get("id", "")))]
    # shapes of one drawing need names of their own; office programs number theirs from 1025
    number = max(numbers, default=1025)
    for cell in cells:
        if _position(cell) not in drawn:
            number += 1
            writer.add_comment_shape(root, number, cell, _height(marks.get(cell, ())), _WIDTH_PX)


def _new_drawing(package: OfficePackage, part: str) -> Element:
    root = etree.Element("xml", nsmap={"v": _VML[1:-1], "o": _OFFICE, "x": _CLIENT[1:-1]})
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    package.add(name, root, _VML_TYPE)
    tie = etree.Element(f"{S}legacyDrawing")
    tie.set(f"{{{RELATIONS}}}id", package.relate(part, "vmlDrawing", name))
    insert_before(package.tree(part), tie, AFTER_SHAPES)
    return root


def _boxes(root: Element) -> list[Element]:
    return [shape for shape in root.iter(f"{_VML}shape") if shape.find(f"{_CLIENT}ClientData") is not None]


def _remove_boxes(root: Element, grown: set[tuple[int, int]], wanted: set[tuple[int, int]]) -> None:
    """Boxes whose comment grew, and those whose comment went."""
    for shape in _boxes(root):
        position = _box_position(shape)
        if position != _NOWHERE and (position in grown or position not in wanted):
            remove(shape)


def _box_position(shape: Element) -> tuple[int, int]:
    """The row and column (from 0) of the cell that a box belongs to; a button belongs to none."""
    data = shape.find(f"{_CLIENT}ClientData[@ObjectType='Note']")
    if data is None:
        return _NOWHERE
    row, column = (whole_number(data.findtext(f"{_CLIENT}{name}", "").strip()) for name in ("Row", "Column"))
    return _NOWHERE if row is None or column is None else (row, column)


def _position(cell: str) -> tuple[int, int]:
    row, column = coordinate_to_tuple(cell)
    return row - 1, column - 1


def _height(marks: Sequence[Mark]) -> int:
    lines = text_of(marks).split("\n")
    count = 2 + sum(1 + len(line) // _LINE_CHARACTERS for line in lines)
    return min(_MOST_HEIGHT_PX, count * _LINE_PX)
