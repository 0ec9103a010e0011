"""How a run of text looks where that decides what people read: its font, crossed out, hidden, or white on white.

From the document's defaults, the paragraph's style, the run's style and the run itself, in this order
(ECMA-376, 17.7.2). Text that nobody sees on paper is not read, and told.
"""

from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from pipeline.ooxml.numerals import whole_number

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH_PROPERTIES, _PARAGRAPH_STYLE = f"{_W}pPr", f"{_W}pStyle"
_RUN_PROPERTIES, _RUN_STYLE = f"{_W}rPr", f"{_W}rStyle"
_OFF: Final = frozenset({"0", "false", "off"})
_WHITE: Final = "FFFFFF"
_WHITE_THEME: Final = frozenset({"background1", "light1"})
_NO_FILL: Final = frozenset({"", "auto", _WHITE})
_LEGIBLE: Final = 5  # half points: smaller letters are specks

Element = etree._Element


@dataclass(frozen=True)
class Look:
    """What of a run's formatting decides whether, and as what, it is read."""

    font: str = ""
    is_hidden: bool = False
    is_struck: bool = False
    is_white: bool = False
    is_tiny: bool = False


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
                is_hidden=own.is_hidden != paragraph.is_hidden or self._default.is_hidden,
                is_struck=own.is_struck != paragraph.is_struck or self._default.is_struck,
                is_white=own.is_white or paragraph.is_white,
                is_tiny=own.is_tiny or paragraph.is_tiny,
            )
        return _direct(properties, look)

    def shades(self, style_id: str) -> bool:
        """Whether a style, of a paragraph or table, lays a colour behind its text."""
        style = self._styles.get(style_id)
        return style is not None and any(_is_fill(shade) for shade in style.iter(f"{_W}shd"))

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
    """Whether nothing of a run is seen on paper: hidden, specks, or white with nothing laid behind it."""
    if look.is_hidden or look.is_tiny:
        return True
    return look.is_white and not _has_ground(run, looks)


def _has_ground(run: Element, looks: Looks) -> bool:
    """Whether something is laid behind a run: shade of run, paragraph, cell or table, a highlight, a drawn shape."""
    own = run.find(f"{_W}rPr")
    if own is not None and (own.find(f"{_W}highlight") is not None or _is_fill(own.find(f"{_W}shd"))):
        return True
    for holder in run.iterancestors():
        name = str(holder.tag).removeprefix(_W)
        if name == "txbxContent":  # a shape is mostly filled; what colour it has, only a drawing program finds out
            return True
        properties = holder.find(f"{_W}{name}Pr") if name in {"p", "tc", "tbl"} else None
        if properties is not None and (_is_fill(properties.find(f"{_W}shd")) or _is_shaded(properties, name, looks)):
            return True
    return False


def _is_shaded(properties: Element, name: str, looks: Looks) -> bool:
    style = properties.find(f"{_W}{name if name == 'tbl' else 'p'}Style")
    return style is not None and looks.shades(style.get(f"{_W}val", ""))


def _is_fill(shade: Element | None) -> bool:
    if shade is None:
        return False
    is_plain = shade.get(f"{_W}val", "clear") in {"clear", "nil"}
    has_theme = shade.get(f"{_W}themeFill", "background1") != "background1"
    return has_theme or not is_plain or shade.get(f"{_W}fill", "auto").upper().replace("AUTO", "auto") not in _NO_FILL


def _direct(properties: Element | None, look: Look) -> Look:
    """A look with what some run properties say in its place."""
    if properties is None:
        return look
    font, hidden, white, tiny = look.font, look.is_hidden, look.is_white, look.is_tiny
    lines: list[bool] = []
    for one in properties:
        name = str(one.tag).removeprefix(_W)
        value = one.get(f"{_W}val", "")
        if name == "rFonts":
            font = one.get(f"{_W}ascii") or one.get(f"{_W}hAnsi") or font
        elif name == "vanish":
            hidden = value not in _OFF
        elif name in {"strike", "dstrike"}:
            lines.append(value not in _OFF)
        elif name == "color":
            white = value.upper() == _WHITE or one.get(f"{_W}themeColor", "") in _WHITE_THEME
        elif name == "sz":
            size = whole_number(value)
            tiny = size is not None and size < _LEGIBLE
    return Look(font, hidden, any(lines) if lines else look.is_struck, white, tiny)
