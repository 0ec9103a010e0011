"""How a run of text looks where that decides what people read: its font, crossed out, hidden, or white on white.

From the document's defaults, the paragraph's style, the run's style and the run itself, in this order
(ECMA-376, 17.7.2). Text that nobody sees on paper is not read, and told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from lxml import etree

from pipeline.ooxml.numerals import whole_number

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH_PROPERTIES, _PARAGRAPH_STYLE = f"{_W}pPr", f"{_W}pStyle"
_RUN_PROPERTIES, _RUN_STYLE = f"{_W}rPr", f"{_W}rStyle"
_OFF: Final = frozenset({"0", "false", "off"})
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_PAPER: Final = "FFFFFF"
_PAPER_THEME: Final = frozenset({"background1", "light1"})
_AUTO: Final = frozenset({"", "auto"})
_INVISIBLE: Final = "none"  # no colour at all: letters that are not painted (Word 2010, textFill)
_HIGHLIGHTS: Final = {"white": _PAPER, "black": "000000"}
_ALIKE: Final = 16  # of 255 in each of red, green, blue: nobody tells them apart on paper
_LIFTED: Final = 4  # half points
_LEGIBLE: Final = 5  # half points: smaller letters are specks

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
        if styles is not None:
            self._styles = {style.get(f"{_W}styleId", ""): style for style in styles.iter(f"{_W}style")}
            self._default = _direct(styles.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"), Look())
        for name, style in self._styles.items():
            if style.get(f"{_W}default") == "1" and style.get(f"{_W}type") == "paragraph":
                self._normal = name
        self._known: dict[str, Look] = {}

    def of_paragraph(self, paragraph: Element) -> Look:
        """The look of a paragraph's text before a run says otherwise."""
        style = first_below(paragraph, _PARAGRAPH_PROPERTIES, _PARAGRAPH_STYLE)
        return self._of_style(style.get(f"{_W}val", "") if style is not None else self._normal)

    def of_run(self, run: Element, paragraph: Look) -> Look:
        """The look of a run in a paragraph of that look."""
        properties = first_below(run, _RUN_PROPERTIES)
        if properties is None:
            return paragraph
        style = first_below(properties, _RUN_STYLE)
        look = paragraph
        if style is not None:
            own = self._of_style(style.get(f"{_W}val", ""))
            # hidden and struck are switches: a second style that sets one sets it back (17.7.3)
            look = replace(
                own,
                font=own.font if own.font != self._default.font else paragraph.font,
                font_of_others=own.font_of_others
                if own.font_of_others != self._default.font_of_others
                else paragraph.font_of_others,
                is_hidden=own.is_hidden != paragraph.is_hidden or self._default.is_hidden,
                is_struck=own.is_struck != paragraph.is_struck or self._default.is_struck,
                colour=own.colour or paragraph.colour,
                is_tiny=own.is_tiny or paragraph.is_tiny,
                raised=own.raised or paragraph.raised,
            )
        return _direct(properties, look)

    def ground(self, style_id: str) -> str | None:
        """The colour that a style, of a paragraph or table, lays behind its text: as `_ground` gives it."""
        style = self._styles.get(style_id)
        grounds = [_fill(shade) for shade in style.iter(f"{_W}shd")] if style is not None else []
        # which part of a table it is for, only a drawing program finds out
        return None if any(ground != "" for ground in grounds) else ""

    def _of_style(self, style_id: str) -> Look:
        if style_id not in self._known:
            self._known[style_id] = self._default  # a style based on itself ends here
            style = self._styles.get(style_id)
            if style is not None:
                base = style.find(f"{_W}basedOn")
                inherited = self._of_style(base.get(f"{_W}val", "")) if base is not None else self._default
                self._known[style_id] = _direct(style.find(f"{_W}rPr"), inherited)
        return self._known[style_id]


def first_below(holder: Element, tag: str, *tags: str) -> Element | None:
    """The first element at the end of a way of tags, as `find` gives it, which is slow for every cell and run."""
    for child in holder.iterchildren(tag):
        found = first_below(child, *tags) if tags else child
        if found is not None:
            return found
    return None


def is_unseen(run: Element, look: Look, looks: Looks) -> bool:
    """Whether nothing of a run is seen on paper: hidden, specks, or of the colour of what lies behind it."""
    if look.is_hidden or look.is_tiny or look.colour == _INVISIBLE:
        return True
    if not look.colour:
        return False
    ground = _ground(run, looks)
    return ground is not None and _are_alike(look.colour, ground or _PAPER)


def _are_alike(colour: str, ground: str) -> bool:
    try:
        pairs = zip(bytes.fromhex(colour), bytes.fromhex(ground), strict=True)
        return all(abs(one - other) < _ALIKE for one, other in pairs)
    except ValueError:  # no colour that Word knows
        return False


def _ground(run: Element, looks: Looks) -> str | None:
    """The colour laid behind a run: highlight, shade of run, paragraph, cell or table; "" for bare paper.

    None for what only a drawing program finds out: a pattern, a colour of the theme, a drawn shape.
    """
    own = run.find(f"{_W}rPr")
    if own is not None:
        if (highlight := own.find(f"{_W}highlight")) is not None and highlight.get(f"{_W}val") != "none":
            return _HIGHLIGHTS.get(highlight.get(f"{_W}val", ""))
        if (ground := _fill(own.find(f"{_W}shd"))) != "":
            return ground
    for holder in run.iterancestors():
        name = str(holder.tag).removeprefix(_W)
        if name == "txbxContent":  # a shape is mostly filled
            return None
        properties = holder.find(f"{_W}{name}Pr") if name in {"p", "tc", "tbl"} else None
        if properties is None:
            continue
        ground = _fill(properties.find(f"{_W}shd"))
        style = properties.find(f"{_W}{name if name == 'tbl' else 'p'}Style")
        if ground == "" and style is not None:
            ground = looks.ground(style.get(f"{_W}val", ""))
        if ground != "":
            return ground
    return ""


def _fill(shade: Element | None) -> str | None:
    """The colour of a shade; "" for none, None for a pattern or a colour of the theme other than the paper's."""
    if shade is None:
        return ""
    if shade.get(f"{_W}val", "clear") not in {"clear", "nil"}:
        return None
    theme = shade.get(f"{_W}themeFill", "")
    if theme:
        return _PAPER if theme in _PAPER_THEME and not _is_shifted(shade, "themeFill") else None
    colour = shade.get(f"{_W}fill", "auto")
    return "" if colour.casefold() in _AUTO else colour


def _is_shifted(element: Element, name: str) -> bool:
    """Whether a colour of the theme is made darker or lighter: "White, darker 25 %" is a grey."""
    return any(element.get(f"{_W}{name}{shift}") is not None for shift in ("Shade", "Tint"))


def _colour(element: Element) -> str:
    """The colour of letters. Word writes what a colour of the theme comes to beside it (17.3.2.6)."""
    theme = element.get(f"{_W}themeColor", "")
    if theme in _PAPER_THEME and not _is_shifted(element, "theme"):
        return _PAPER
    colour = element.get(f"{_W}val", "auto")
    return "" if colour.casefold() in _AUTO else colour


def _painted(fill: Element) -> str:
    """What Word 2010 and later paint letters with; "" where that is no plain colour."""
    if fill.find(f"{_W14}noFill") is not None:
        return _INVISIBLE
    solid = fill.find(f"{_W14}solidFill/{_W14}srgbClr")
    return solid.get(f"{_W14}val", "") if solid is not None and len(solid) == 0 else ""


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
    for one in properties if properties is not None else ():
        name = str(one.tag).removeprefix(_W)
        if name in {"strike", "dstrike"}:
            lines.append(_is_on(one))
        elif name == "rFonts":
            said["font"], said["font_of_others"] = _fonts(one, look)
        elif name == f"{_W14}textFill":
            said["colour"] = _painted(one) or said.get("colour", look.colour)
        elif name in _SAY:
            of_look, meaning = _SAY[name]
            said[of_look] = meaning(one)
    if lines:
        said["is_struck"] = any(lines)
    return replace(look, **said) if said else look  # type: ignore[arg-type]


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


#: What a property decides of a look, and how.
_SAY: Final[dict[str, tuple[str, Callable[[Element], object]]]] = {
    "vanish": ("is_hidden", _is_on),
    "color": ("colour", _colour),
    "sz": ("is_tiny", _is_tiny),
    "position": ("raised", _lift),
    "vertAlign": ("raised", _height),
}
