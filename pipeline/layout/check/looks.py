"""Effective formatting, resolved as Word does: defaults, table styles, style chains, lists, direct formatting.

A level of formatting is a plain mapping of what it says (`told_of_run`, `told_of_paragraph`); levels are laid over
each other from the weakest to the strongest. Toggles (bold, italic, hidden …) of different kinds of styles cancel
each other (ECMA-376, 17.7.3); set directly they mean what they say. Sizes in points, lengths in twips.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from pipeline.layout.applying import w
from pipeline.ooxml.own_marks import COLOURS
from pipeline.ooxml.package import Element

Told: TypeAlias = Mapping[str, str]

TOGGLES: Final = ("b", "i", "caps", "smallCaps", "vanish", "strike", "dstrike")
SLOTS: Final = ("ascii", "hAnsi", "eastAsia", "cs")
NOTHING: Told = MappingProxyType({})
_OFF: Final = ("0", "false", "off")
_VALUES: Final = ("sz", "u", "color", "highlight", "rStyle")
_THEME_OF: Final = {"ascii": "asciiTheme", "hAnsi": "hAnsiTheme", "eastAsia": "eastAsiaTheme", "cs": "cstheme"}
_INDENTS: Final = {
    "left": ("left", "start"),
    "right": ("right", "end"),
    "firstLine": ("firstLine",),
    "hanging": ("hanging",),
}
_SPACINGS: Final = ("before", "after", "line", "lineRule", "beforeAutospacing", "afterAutospacing")
#: Backgrounds that mark nothing: none, paper, and what we ourselves put into a marked copy.
_NO_INK: Final = frozenset({"", "AUTO", "FFFFFF", *COLOURS.values()})
_ALIGN: Final = {"start": "left", "end": "right", "distribute": "both", "thaiDistribute": "both"}


@dataclass(frozen=True)
class RunLook:
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


@dataclass(frozen=True)
class ParagraphLook:
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


def told_of_run(properties: Element | None) -> Told:
    """What one `w:rPr` says."""
    if properties is None:
        return NOTHING
    told: dict[str, str] = {}
    for name in TOGGLES:
        child = properties.find(w(name))
        if child is not None:
            told[name] = "0" if child.get(w("val"), "1") in _OFF else "1"
    for name in _VALUES:
        child = properties.find(w(name))
        if child is not None:
            told[name] = child.get(w("val"), "")
    shade = properties.find(w("shd"))
    if shade is not None:
        told["shd"] = shade.get(w("fill"), "")
    fonts = properties.find(w("rFonts"))
    return told if fonts is None else told | _told_fonts(fonts)


def _told_fonts(fonts: Element) -> dict[str, str]:
    """What a `w:rFonts` says of each slot; a theme font outweighs a named one beside it."""
    told: dict[str, str] = {}
    for slot, theme in _THEME_OF.items():
        named, font = fonts.get(w(theme)), fonts.get(w(slot))
        if named is not None:
            told[slot] = f"theme:{named}"
        elif font is not None:
            told[slot] = font
    return told


def told_of_paragraph(properties: Element | None) -> Told:
    """What one `w:pPr` says."""
    if properties is None:
        return NOTHING
    told: dict[str, str] = {}
    if align := value(properties, "jc"):
        told["jc"] = _ALIGN.get(align, align)
    indent = properties.find(w("ind"))
    if indent is not None:
        told |= _told_indents(indent)
    spacing = properties.find(w("spacing"))
    if spacing is not None:
        told |= {name: spacing.get(w(name), "") for name in _SPACINGS if spacing.get(w(name)) is not None}
    borders = properties.find(w("pBdr"))
    if borders is not None:
        told["lines"] = "1" if any(_is_drawn(borders.find(w(side))) for side in ("top", "bottom")) else "0"
    number = properties.find(w("numPr"))
    if number is not None:
        told["numId"] = value(number, "numId")
        told["ilvl"] = value(number, "ilvl") or "0"
    return told


def _told_indents(indent: Element) -> dict[str, str]:
    told = {
        name: indent.get(w(spelling), "")
        for name, spellings in _INDENTS.items()
        for spelling in spellings
        if indent.get(w(spelling)) is not None
    }
    # a first-line indent takes the place of a hanging one
    return {"hanging": "0"} | told if "firstLine" in told else told


def _is_drawn(border: Element | None) -> bool:
    return border is not None and border.get(w("val"), "none") not in ("none", "nil")


def laid(*levels: Told) -> Told:
    """Levels over each other, the last the strongest."""
    whole: dict[str, str] = {}
    for level in levels:
        whole |= level
    return whole


def toggled(defaults: Told, styles: tuple[Told, ...], direct: Told) -> Told:
    """Run formatting of all levels: what each kind of style says of a toggle is combined by exclusive or."""
    whole = dict(laid(defaults, *styles, direct))
    for name in TOGGLES:
        if name in direct:
            whole[name] = direct[name]
        elif defaults.get(name) == "1":
            whole[name] = "1"
        else:
            whole[name] = "1" if sum(level.get(name) == "1" for level in styles) % 2 else "0"
    return whole


def run_look(told: Told, theme: Mapping[str, str]) -> RunLook:
    """The look of a run."""
    first, second, third, fourth = (_font(told.get(slot, ""), theme) for slot in SLOTS)
    underline = told.get("u", "")
    shade = told.get("shd", "")
    return RunLook(
        fonts=(first, second, third, fourth),
        size=number(told.get("sz", ""), 20) / 2,
        bold=told.get("b") == "1",
        italic=told.get("i") == "1",
        underline="" if underline == "none" else underline,
        caps=told.get("caps") == "1" or told.get("smallCaps") == "1",
        hidden=told.get("vanish") == "1",
        color=told.get("color", ""),
        highlight=_highlight(told.get("highlight", ""), shade),
    )


def _highlight(marked: str, shade: str) -> str:
    if marked and marked != "none":
        return marked
    return shade if shade.upper() not in _NO_INK else ""


def _font(told: str, theme: Mapping[str, str]) -> str:
    return theme.get(told.removeprefix("theme:"), "") if told.startswith("theme:") else told


def paragraph_look(told: Told) -> ParagraphLook:
    """The look of a paragraph."""
    rule = told.get("lineRule") or "auto"
    line = number(told.get("line", ""), 240)
    return ParagraphLook(
        align=told.get("jc", "left"),
        first=round(number(told.get("firstLine", ""), 0) - number(told.get("hanging", ""), 0)),
        left=round(number(told.get("left", ""), 0)),
        before=14.0 if _is_on(told.get("beforeAutospacing", "0")) else number(told.get("before", ""), 0) / 20,
        after=14.0 if _is_on(told.get("afterAutospacing", "0")) else number(told.get("after", ""), 0) / 20,
        line=line / 240 if rule == "auto" else line / 20,
        rule=rule,
        has_line=told.get("lines") == "1",
    )


def _is_on(flag: str) -> bool:
    return flag not in ("", *_OFF)


def number(text: str, otherwise: float) -> float:
    """A number as attributes write it; what is none counts as `otherwise`."""
    try:
        return float(text.removesuffix("pt")) * (20 if text.endswith("pt") else 1)
    except ValueError:
        return otherwise
