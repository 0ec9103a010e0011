"""How a run of text looks where that decides what people read: its font, crossed out, hidden, or white on white.

From the document's defaults, the style of the table it stands in, the paragraph's style, the run's style and the run
itself, in this order (ECMA-376, 17.7.2). Text that nobody sees on paper is not read, and told.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from lxml import etree

from pipeline.ooxml.numerals import whole_number
from pipeline.ooxml.word_colours import INVISIBLE, PAPER, are_alike, colour_of, fill_of, painted_with
from pipeline.ooxml.word_table_parts import parts_by_cell

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH_PROPERTIES, _PARAGRAPH_STYLE = f"{_W}pPr", f"{_W}pStyle"
_RUN_PROPERTIES, _RUN_STYLE = f"{_W}rPr", f"{_W}rStyle"
_TABLE, _TABLE_PROPERTIES, _TABLE_STYLE = f"{_W}tbl", f"{_W}tblPr", f"{_W}tblStyle"
_CELL, _STYLE_PART, _SPACING = f"{_W}tc", f"{_W}tblStylePr", f"{_W}spacing"
_OFF: Final = frozenset({"0", "false", "off"})
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_HIGHLIGHTS: Final = {"white": PAPER, "black": "000000"}
_LIFTED: Final = 4  # half points
_LEGIBLE: Final = 5  # half points: smaller letters are specks
_LOWEST_LINE: Final = 60  # twentieths of a point: a line of three points cuts off all of a letter that can be told
_CLOSEST: Final = -160  # twentieths of a point: letters moved together by so much lie on each other
_NARROWEST: Final = 20  # per cent of a letter's width: such letters are strokes

Element = etree._Element


@dataclass(frozen=True)
class Look:
    """What of a run's formatting decides whether, and as what, it is read."""

    font: str = ""  #: of plain Latin letters and figures
    font_of_others: str = ""  #: of every other letter (17.3.2.26, ascii and hAnsi)
    is_hidden: bool = False
    is_struck: bool = False
    colour: str = ""  #: RRGGBB, "" for the one that shows on any ground
    is_tiny: bool = False
    is_squeezed: bool = False  #: letters as narrow as strokes, or one on the other
    is_flat: bool = False  #: lines so low that nothing of a letter is left
    raised: str = ""  #: "superscript", "subscript", or neither

    def in_fonts(self, text: str) -> Iterator[tuple[str, str]]:
        """The text in pieces of one font each."""
        if self.font == self.font_of_others:
            yield text, self.font
        else:
            for is_plain, letters in groupby(text, str.isascii):
                yield "".join(letters), self.font if is_plain else self.font_of_others


class Looks:
    """Looks by style, each resolved once."""

    def __init__(self, styles: Element | None) -> None:
        self._styles: dict[str, Element] = {}
        self._default = Look()
        self._normal = ""
        self._tables: dict[str, bool] = {}
        self._parts: dict[Element, dict[Element, tuple[str, ...]]] = {}
        if styles is not None:
            self._styles = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
            self._default = _direct(styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"), Look())
        for name, style in self._styles.items():
            if style.get(f"{_W}default") == "1" and style.get(f"{_W}type") == "paragraph":
                self._normal = name
            if style.get(f"{_W}type") == "table" and self._decides(name):
                self._tables[name] = True
        self._known: dict[str, Look] = {}

    def of_paragraph(self, paragraph: Element) -> Look:
        """The look of a paragraph's text before a run says otherwise."""
        style = first_below(paragraph, _PARAGRAPH_PROPERTIES, _PARAGRAPH_STYLE)
        look = self._of_style(style.get(f"{_W}val", "") if style is not None else self._normal)
        look = _in_lines(first_below(paragraph, _PARAGRAPH_PROPERTIES), look)
        return self._in_table(paragraph, look) if self._tables else look

    def of_run(self, run: Element, paragraph: Look) -> Look:
        """The look of a run in a paragraph of that look."""
        properties = first_below(run, _RUN_PROPERTIES)
        if properties is None:
            return paragraph
        style = first_below(properties, _RUN_STYLE)
        look = paragraph
        if style is not None:
            own = self._of_style(style.get(f"{_W}val", ""))
            look = _over(paragraph, own, self._default)
        return _direct(properties, look)

    def _in_table(self, paragraph: Element, look: Look) -> Look:
        """The look with what the style of the table says where paragraph and defaults say nothing."""
        table = next(paragraph.iterancestors(_TABLE), None)
        style = first_below(table, _TABLE_PROPERTIES, _TABLE_STYLE) if table is not None else None
        if table is None or style is None or not self._tables.get(style.get(f"{_W}val", "")):
            return look
        if table not in self._parts:
            self._parts[table] = parts_by_cell(table)
        cell = next(paragraph.iterancestors(_CELL), None)
        of_table = self._of_table(
            style.get(f"{_W}val", ""), self._parts[table].get(cell, ()) if cell is not None else ()
        )
        return _over(of_table, look, self._default)

    def _of_table(self, style_id: str, parts: Sequence[str]) -> Look:
        """What a table style makes of the defaults in some parts of a table."""
        look = self._default
        for style in reversed(list(self._bases(style_id))):
            look = _direct(style.find(_RUN_PROPERTIES), _in_lines(style.find(_PARAGRAPH_PROPERTIES), look))
            said = {part.get(f"{_W}type", ""): part for part in style.iterchildren(_STYLE_PART)}
            for part in (said[name] for name in parts if name in said):
                look = _direct(part.find(_RUN_PROPERTIES), _in_lines(part.find(_PARAGRAPH_PROPERTIES), look))
        return look

    def _bases(self, style_id: str) -> Iterator[Element]:
        """A style and those it is based on, the nearest first; one based on itself ends there."""
        met: set[str] = set()
        while style_id in self._styles and style_id not in met:
            met.add(style_id)
            style = self._styles[style_id]
            yield style
            base = style.find(f"{_W}basedOn")
            style_id = base.get(f"{_W}val", "") if base is not None else ""

    def _decides(self, style_id: str) -> bool:
        """Whether a table style says anything of how its letters look; hardly any does."""
        said = [one for style in self._bases(style_id) for one in style.iter(_RUN_PROPERTIES, _PARAGRAPH_PROPERTIES)]
        return any(_in_lines(one, _direct(one, self._default)) != self._default for one in said)

    def ground(self, style_id: str) -> str | None:
        """The colour that a style, of a paragraph or table, lays behind its text: as `_ground` gives it."""
        style = self._styles.get(style_id)
        grounds = [fill_of(shade) for shade in style.iter(f"{_W}shd")] if style is not None else []
        # which part of a table it is for, only a drawing program finds out
        return None if any(ground != "" for ground in grounds) else ""

    def _of_style(self, style_id: str) -> Look:
        if style_id not in self._known:
            self._known[style_id] = self._default  # a style based on itself ends here
            style = self._styles.get(style_id)
            if style is not None:
                base = style.find(f"{_W}basedOn")
                inherited = self._of_style(base.get(f"{_W}val", "")) if base is not None else self._default
                in_lines = _in_lines(style.find(_PARAGRAPH_PROPERTIES), inherited)
                self._known[style_id] = _direct(style.find(_RUN_PROPERTIES), in_lines)
        return self._known[style_id]


def _over(below: Look, own: Look, default: Look) -> Look:
    """The look of a style over one below it in the order of styles; both with the document's defaults in them."""
    return Look(
        font=own.font if own.font != default.font else below.font,
        font_of_others=own.font_of_others if own.font_of_others != default.font_of_others else below.font_of_others,
        # hidden and struck are switches: a second style that sets one sets it back (17.7.3)
        is_hidden=own.is_hidden != below.is_hidden or default.is_hidden,
        is_struck=own.is_struck != below.is_struck or default.is_struck,
        colour=own.colour if own.colour != default.colour else below.colour,
        is_tiny=own.is_tiny or below.is_tiny,
        is_squeezed=own.is_squeezed or below.is_squeezed,
        is_flat=own.is_flat or below.is_flat,
        raised=own.raised or below.raised,
    )


def first_below(holder: Element, tag: str, *tags: str) -> Element | None:
    """The first element at the end of a way of tags, as `find` gives it, which is slow for every cell and run."""
    for child in holder.iterchildren(tag):
        found = first_below(child, *tags) if tags else child
        if found is not None:
            return found
    return None


def is_unseen(run: Element, look: Look, looks: Looks) -> bool:
    """Whether nothing of a run is seen on paper: hidden, specks, or of the colour of what lies behind it."""
    if look.is_hidden or look.is_tiny or look.is_squeezed or look.is_flat or look.colour == INVISIBLE:
        return True
    if not look.colour:
        return False
    ground = _ground(run, looks)
    return ground is not None and are_alike(look.colour, ground or PAPER)


def _ground(run: Element, looks: Looks) -> str | None:
    """The colour laid behind a run: highlight, shade of run, paragraph, cell or table; "" for bare paper.

    None for what only a drawing program finds out: a pattern, a colour of the theme, a drawn shape.
    """
    own = run.find(f"{_W}rPr")
    if own is not None:
        if (highlight := own.find(f"{_W}highlight")) is not None and highlight.get(f"{_W}val") != "none":
            return _HIGHLIGHTS.get(highlight.get(f"{_W}val", ""))
        if (ground := fill_of(own.find(f"{_W}shd"))) != "":
            return ground
    for holder in run.iterancestors():
        name = str(holder.tag).removeprefix(_W)
        if name == "txbxContent":  # a shape is mostly filled
            return None
        properties = holder.find(f"{_W}{name}Pr") if name in {"p", "tc", "tbl"} else None
        if properties is None:
            continue
        ground = fill_of(properties.find(f"{_W}shd"))
        style = properties.find(f"{_W}{name if name == 'tbl' else 'p'}Style")
        if ground == "" and style is not None:
            ground = looks.ground(style.get(f"{_W}val", ""))
        if ground != "":
            return ground
    return ""


def _fonts(element: Element, look: Look) -> tuple[str, str]:
    """The fonts that an element names: of plain letters, and of others. One of the theme is no font of signs."""
    found = []
    for name, before in (("ascii", look.font), ("hAnsi", look.font_of_others)):
        font = element.get(f"{_W}{name}", before)
        found.append("" if element.get(f"{_W}{name}Theme") is not None else font)
    return found[0], found[1]


def _direct(properties: Element | None, look: Look) -> Look:
    """A look with what some run properties say in its place."""
    said: dict[str, object] = {}
    lines: list[bool] = []
    squeezes: list[bool] = []
    for one in properties if properties is not None else ():
        name = str(one.tag).removeprefix(_W)
        if name in {"strike", "dstrike"}:
            lines.append(_is_on(one))
        elif name == "rFonts":
            said["font"], said["font_of_others"] = _fonts(one, look)
        elif name == f"{_W14}textFill":
            said["colour"] = painted_with(one) or said.get("colour", look.colour)
        elif name in _SQUEEZES:
            squeezes.append(_SQUEEZES[name](one))
        elif name in _SAY:
            of_look, meaning = _SAY[name]
            said[of_look] = meaning(one)
    if lines:
        said["is_struck"] = any(lines)
    if squeezes:
        said["is_squeezed"] = any(squeezes)
    return replace(look, **said) if said else look  # type: ignore[arg-type]


def _in_lines(properties: Element | None, look: Look) -> Look:
    """A look in the lines of a paragraph: of an exact height (17.3.1.33) they may be too low for any letter."""
    spacing = properties.find(_SPACING) if properties is not None else None
    if spacing is None or spacing.get(f"{_W}line") is None:
        return look
    height = whole_number(spacing.get(f"{_W}line", ""))
    is_exact = spacing.get(f"{_W}lineRule") == "exact"
    return replace(look, is_flat=is_exact and height is not None and height < _LOWEST_LINE)


def _is_condensed(spacing: Element) -> bool:
    """Letters moved together (17.3.2.35), in twentieths of a point."""
    text = spacing.get(f"{_W}val", "0")
    return text.startswith("-") and -(whole_number(text[1:]) or 0) <= _CLOSEST


def _is_narrow(scale: Element) -> bool:
    """Letters drawn at a part of their width (17.3.2.43), in per cent."""
    width = whole_number(scale.get(f"{_W}val", "").removesuffix("%"))
    return width is not None and 0 < width < _NARROWEST


def _is_on(switch: Element) -> bool:
    return switch.get(f"{_W}val", "") not in _OFF


def _is_tiny(size: Element) -> bool:
    half_points = whole_number(size.get(f"{_W}val", ""))
    return half_points is not None and half_points < _LEGIBLE


def _height(align: Element) -> str:
    value = align.get(f"{_W}val", "")
    return value if value in {"superscript", "subscript"} else ""


def _lift(position: Element) -> str:
    """Letters moved up or down by hand, in half points (17.3.2.24)."""
    text = position.get(f"{_W}val", "0")
    lift = whole_number(text.removeprefix("-")) or 0
    return "" if lift < _LIFTED else "subscript" if text.startswith("-") else "superscript"


_SQUEEZES: Final[dict[str, Callable[[Element], bool]]] = {"spacing": _is_condensed, "w": _is_narrow}
#: What a property decides of a look, and how.
_SAY: Final[dict[str, tuple[str, Callable[[Element], object]]]] = {
    "vanish": ("is_hidden", _is_on),
    "color": ("colour", colour_of),
    "sz": ("is_tiny", _is_tiny),
    "position": ("raised", _lift),
    "vertAlign": ("raised", _height),
}
