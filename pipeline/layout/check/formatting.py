"""Effective formatting, resolved as Word does: defaults, table styles, style chains, lists, direct formatting.

A level of formatting is a plain mapping of what it says (`run_properties`, `paragraph_properties`); levels are laid
over each other from the weakest to the strongest. Toggles (bold, italic, hidden …) of different kinds of styles
cancel each other (ECMA-376, 17.7.3); set directly they mean what they say. Sizes in points, lengths in twips.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from pipeline.layout.applying import w
from pipeline.ooxml.own_marks import COLOURS
from pipeline.ooxml.package import Element

Properties: TypeAlias = Mapping[str, str]

TOGGLES: Final = ("b", "i", "caps", "smallCaps", "vanish", "strike", "dstrike")
SLOTS: Final = ("ascii", "hAnsi", "eastAsia", "cs")
NOTHING: Properties = MappingProxyType({})
_OFF: Final = ("0", "false", "off")
_VALUES: Final = ("sz", "u", "color", "highlight", "rStyle")
_THEME_OF: Final = {"ascii": "asciiTheme", "hAnsi": "hAnsiTheme", "eastAsia": "eastAsiaTheme", "cs": "cstheme"}
#: A face named with its family: "Times New Roman Bold", "Times New Roman, Bold Italic", "TimesNewRomanPS-BoldMT".
_FACE: Final = re.compile(r"(?:[ ,]+|(?<=PS)-)(bold italic|bold|italic|bolditalic|regular)(?:MT)?$", re.IGNORECASE)
_MARGIN: Final = 1701  # twips; the left margin of every form
_HALF: Final = 4800  # the middle of the text
_INDENTS: Final = {
    "left": ("left", "start"),
    "right": ("right", "end"),
    "firstLine": ("firstLine",),
    "hanging": ("hanging",),
}
_SPACINGS: Final = ("before", "after", "line", "lineRule", "beforeAutospacing", "afterAutospacing")
#: Backgrounds that mark nothing: none, paper, and what we ourselves put into a marked copy.
_NO_INK: Final = frozenset({"", "AUTO", "FFFFFF", *COLOURS.values()})
# "start" and "end" are what strict files (ISO 29500) call left and right
_ALIGN: Final = {"start": "left", "end": "right", "distribute": "both", "thaiDistribute": "both"}


@dataclass(frozen=True)
class RunFormat:
    """What a run of text looks like. `fonts` are the four slots' fonts ("" when nothing decides)."""

    fonts: tuple[str, str, str, str] = ("", "", "", "")
    size: float = 10.0
    bold: bool = False
    italic: bool = False
    underline: str = ""
    caps: bool = False
    hidden: bool = False
    color: str = ""
    highlight: str = ""
    struck: bool = False


@dataclass(frozen=True)
class ParagraphFormat:
    """What a paragraph looks like; `line` is points with `exact` or `atLeast`, lines with `auto`."""

    align: str = "left"
    first: int = 0
    left: int = 0
    before: float = 0.0
    after: float = 0.0
    line: float = 1.0
    rule: str = "auto"
    has_line: bool = False


def value(parent: Element | None, tag: str) -> str:
    """The `w:val` of a child, "" when there is none."""
    child = None if parent is None else parent.find(w(tag))
    return "" if child is None else child.get(w("val"), "")


def run_properties(properties: Element | None) -> Properties:
    """What one `w:rPr` says."""
    if properties is None:
        return NOTHING
    values: dict[str, str] = {}
    for name in TOGGLES:
        child = properties.find(w(name))
        if child is not None:
            values[name] = "0" if child.get(w("val"), "1") in _OFF else "1"
    for name in _VALUES:
        child = properties.find(w(name))
        if child is not None:
            values[name] = child.get(w("val"), "")
    shade = properties.find(w("shd"))
    if shade is not None:
        values["shd"] = shade.get(w("fill"), "")
    fonts = properties.find(w("rFonts"))
    return values if fonts is None else values | _font_properties(fonts)


def _font_properties(fonts: Element) -> dict[str, str]:
    """What a `w:rFonts` says of each slot; a theme font outweighs a named one beside it."""
    values: dict[str, str] = {}
    for slot, theme in _THEME_OF.items():
        named, font = fonts.get(w(theme)), fonts.get(w(slot))
        if named is not None:
            values[slot] = f"theme:{named}"
        elif font is not None:
            values[slot] = font
    return values


def paragraph_properties(properties: Element | None) -> Properties:
    """What one `w:pPr` says."""
    if properties is None:
        return NOTHING
    values: dict[str, str] = {}
    if align := value(properties, "jc"):
        values["jc"] = _ALIGN.get(align, align)
    indent = properties.find(w("ind"))
    if indent is not None:
        values |= _indent_properties(indent)
    spacing = properties.find(w("spacing"))
    if spacing is not None:
        values |= {name: spacing.get(w(name), "") for name in _SPACINGS if spacing.get(w(name)) is not None}
    borders = properties.find(w("pBdr"))
    if borders is not None:
        values["lines"] = "1" if any(_is_drawn(borders.find(w(side))) for side in ("top", "bottom")) else "0"
    frame = properties.find(w("framePr"))
    if frame is not None:
        # a frame stands where it says, whatever its text is indented by
        at_margin = 0 if frame.get(w("hAnchor"), "") != "page" else _MARGIN
        values["left"] = (
            str(_HALF) if frame.get(w("xAlign")) == "right" else _shifted(frame.get(w("x"), ""), at_margin)
        )
    listed = properties.find(w("numPr"))
    if listed is not None:
        values["numId"] = value(listed, "numId")
        values["ilvl"] = value(listed, "ilvl") or "0"
    return values


def _shifted(position: str, by: int) -> str:
    return f"{number(position, 0) - by:g}"


def _indent_properties(indent: Element) -> dict[str, str]:
    values = {
        name: indent.get(w(spelling), "")
        for name, spellings in _INDENTS.items()
        for spelling in spellings
        if indent.get(w(spelling)) is not None
    }
    # the two take each other's place; where one element names both, the hanging one counts (ECMA-376, 17.3.1.12)
    if "hanging" in values:
        return {**values, "firstLine": "0"}
    return {"hanging": "0"} | values if "firstLine" in values else values


def _is_drawn(border: Element | None) -> bool:
    return border is not None and border.get(w("val"), "none") not in ("none", "nil")


def layered(*levels: Properties) -> Properties:
    """Levels over each other, the last the strongest."""
    whole: dict[str, str] = {}
    for level in levels:
        whole |= level
    return whole


def toggled(defaults: Properties, styles: tuple[Properties, ...], direct: Properties) -> Properties:
    """Run formatting of all levels: what each kind of style says of a toggle is combined by exclusive or."""
    whole = dict(layered(defaults, *styles, direct))
    for name in TOGGLES:
        if name in direct:
            whole[name] = direct[name]
        # what the defaults switch on no style switches off (ECMA-376, 17.7.3)
        elif defaults.get(name) == "1":
            whole[name] = "1"
        else:
            whole[name] = "1" if sum(level.get(name) == "1" for level in styles) % 2 else "0"
    return whole


def run_format(values: Properties, theme: Mapping[str, str]) -> RunFormat:
    """The format of a run."""
    named = [_font(values.get(slot, ""), theme) for slot in SLOTS]
    first, second, third, fourth = (_FACE.sub("", name) for name in named)
    # a face that is named is that face, whatever the switches say
    faces = {face[1].lower() for name in named[:2] if (face := _FACE.search(name))}
    underline = values.get("u", "")
    shade = values.get("shd", "")
    return RunFormat(
        fonts=(first, second, third, fourth),
        # 10 pt where nothing in the file says a size
        size=number(values.get("sz", ""), 20) / 2,
        bold=values.get("b") == "1" or any("bold" in face for face in faces),
        italic=values.get("i") == "1" or any("italic" in face for face in faces),
        underline="" if underline == "none" else underline,
        caps=values.get("caps") == "1" or values.get("smallCaps") == "1",
        hidden=values.get("vanish") == "1",
        color=values.get("color", ""),
        highlight=_highlight(values.get("highlight", ""), shade),
        struck="1" in (values.get("strike"), values.get("dstrike")),
    )


def _highlight(marked: str, shade: str) -> str:
    if marked and marked != "none":
        return marked
    return shade if shade.upper() not in _NO_INK else ""


def _font(values: str, theme: Mapping[str, str]) -> str:
    return theme.get(values.removeprefix("theme:"), "") if values.startswith("theme:") else values


def paragraph_format(values: Properties) -> ParagraphFormat:
    """The format of a paragraph."""
    rule = values.get("lineRule") or "auto"
    line = number(values.get("line", ""), 240)
    return ParagraphFormat(
        align=values.get("jc", "left"),
        first=round(number(values.get("firstLine", ""), 0) - number(values.get("hanging", ""), 0)),
        left=round(number(values.get("left", ""), 0)),
        before=14.0 if is_on(values.get("beforeAutospacing", "0")) else number(values.get("before", ""), 0) / 20,
        after=14.0 if is_on(values.get("afterAutospacing", "0")) else number(values.get("after", ""), 0) / 20,
        line=line / 240 if rule == "auto" else line / 20,
        rule=rule,
        has_line=values.get("lines") == "1",
    )


def is_on(flag: str) -> bool:
    """Whether a flag of WordprocessingML is set; "" for one that is not there."""
    return flag not in ("", *_OFF)


def number(text: str, otherwise: float) -> float:
    """A number as attributes write it; what is none counts as `otherwise`."""
    try:
        # strict files may give a unit ("12pt"); a bare number is twips
        return float(text.removesuffix("pt")) * (20 if text.endswith("pt") else 1)
    except ValueError:
        return otherwise
