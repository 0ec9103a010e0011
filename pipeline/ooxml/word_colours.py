"""The colours of letters and of what lies behind them in a Word file, as far as the file itself tells them."""

from typing import Final

from lxml import etree

from pipeline.ooxml.numerals import whole_number

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
PAPER: Final = "FFFFFF"
INVISIBLE: Final = "none"  #: no colour at all: letters that are not painted (Word 2010, textFill)
_PAPER_THEME: Final = frozenset({"background1", "light1"})
_AUTO: Final = frozenset({"", "auto"})
_ALIKE: Final = 16  # of 255 in each of red, green, blue: nobody tells them apart on paper
_TRANSPARENT: Final = 90_000  # of 100,000

Element = etree._Element


def are_alike(colour: str, ground: str) -> bool:
    """Whether letters of one colour (RRGGBB) are not seen on another."""
    try:
        pairs = zip(bytes.fromhex(colour), bytes.fromhex(ground), strict=True)
        return all(abs(one - other) < _ALIKE for one, other in pairs)
    except ValueError:  # no colour that Word knows
        return False


def fill_of(shade: Element | None) -> str | None:
    """The colour of a shade; "" for none, None for a pattern or a colour of the theme other than the paper's."""
    if shade is None:
        return ""
    if shade.get(f"{_W}val", "clear") not in {"clear", "nil"}:
        return None
    theme = shade.get(f"{_W}themeFill", "")
    if theme:
        return PAPER if theme in _PAPER_THEME and not _is_shifted(shade, "themeFill") else None
    colour = shade.get(f"{_W}fill", "auto")
    return "" if colour.casefold() in _AUTO else colour


def _is_shifted(element: Element, name: str) -> bool:
    """Whether a colour of the theme is made darker or lighter: "White, darker 25 %" is a grey."""
    return any(element.get(f"{_W}{name}{shift}") is not None for shift in ("Shade", "Tint"))


def colour_of(element: Element) -> str:
    """The colour of letters. Word writes what a colour of the theme comes to beside it (17.3.2.6)."""
    theme = element.get(f"{_W}themeColor", "")
    if theme in _PAPER_THEME and not _is_shifted(element, "theme"):
        return PAPER
    colour = element.get(f"{_W}val", "auto")
    return "" if colour.casefold() in _AUTO else colour


def painted_with(fill: Element) -> str:
    """What Word 2010 and later paint letters with; "" where that is no plain colour."""
    if fill.find(f"{_W14}noFill") is not None:
        return INVISIBLE
    # of one that runs from colour to colour all are asked; any two unlike ones are seen
    colours = {_plain_colour(one) for one in fill.iter(f"{_W14}srgbClr", f"{_W14}schemeClr")}
    return colours.pop() if len(colours) == 1 else ""


def _plain_colour(element: Element) -> str:
    """RRGGBB of a colour of Word 2010; "" for one worked out of others, and of the theme all but the paper's."""
    said = {str(one.tag).removeprefix(_W14): one.get(f"{_W14}val", "") for one in element}
    # 100,000 lets all of what lies behind it through ([MS-DOCX] 2.6.1.1)
    if (whole_number(said.pop("alpha", "0")) or 0) >= _TRANSPARENT:
        return INVISIBLE
    value = element.get(f"{_W14}val", "")
    if str(element.tag) == f"{_W14}schemeClr":
        return PAPER if value in {"bg1", "lt1"} and not said else ""
    return "" if said else value
