"""Equations of Word as a line of text: "≥95", "1/2", "m²"; what cannot be written on one line is not guessed.

ECMA-376, 22.1: an equation is a tree of runs and structures. A figure or two typed as an equation reads as it is
shown; a matrix, an integral with its limits or an accent would read as something else.
"""

import re
import unicodedata
from typing import Final

from lxml import etree

_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# the fonts of official documents have raised and lowered figures, but no raised brackets or minus
_RAISED: Final = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")
_LOWERED: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SLANTED: Final = re.compile("[\u210e\U0001d400-\U0001d7ff]")
#: Elements that only hold others in their order, and those that show nothing.
_HOLDERS: Final = frozenset({"oMath", "oMathPara", "e", "num", "den", "sup", "sub", "box", "deg"})
_LINES: Final = (f"{_W}rPr/{_W}strike", f"{_W}rPr/{_W}dstrike", f"{_W}rPr/{_W}vanish")
_SILENT: Final = frozenset({"oMathParaPr", "ctrlPr", "boxPr", "fPr", "dPr", "sSupPr", "sSubPr", "radPr", "argPr"})

Element = etree._Element


def linear(equation: Element) -> str | None:
    """The equation on one line, or None when one line cannot say it."""
    try:
        return _of(equation)
    except ValueError:
        return None


def raised(text: str, where: str) -> str | None:
    """A text that stands "superscript" or "subscript", in figures of their own; None when there are none for it."""
    written = text.translate(_RAISED if where == "superscript" else _LOWERED)
    return None if any(before == after for before, after in zip(text, written, strict=True)) else written


def every_letter(equation: Element) -> str:
    """All that is typed in an equation, to name it to people; not its meaning."""
    typed = (element.text or "" for element in equation.iter(f"{_M}t", f"{_W}t"))
    signs = (element.get(f"{_M}val", "") for element in equation.iter(f"{_M}chr"))
    return " ".join(text.strip() for text in (*typed, *signs) if text.strip())


def _of(element: Element) -> str:
    """Raises ValueError for a structure that one line cannot say."""
    name = str(element.tag).removeprefix(_M)
    if name == "r":
        return _run(element)
    if name in _HOLDERS:
        return "".join(_of(child) for child in element)
    if name == "f":
        kind = element.find(f"{_M}fPr/{_M}type")
        if kind is not None and kind.get(f"{_M}val") == "noBar":
            raise ValueError(name)  # one above the other without a line: not a fraction
        return f"{_grouped(element, 'num')}/{_grouped(element, 'den')}"
    if name == "d":
        return _between(element)
    if name in {"sSup", "sSub"}:
        return _of_script(element, name)
    if name in _SILENT:
        return ""
    if element.tag == f"{_W}r":  # words between the signs
        return _run(element)
    if not str(element.tag).startswith(_M) and not every_letter(element):
        return ""  # bookmarks, marks of spelling and the like, which show nothing
    raise ValueError(name)  # also what was put in or taken out while changes were tracked


def _run(run: Element) -> str:
    """Raises ValueError for one that is crossed out or hidden."""
    if any(run.find(line) is not None for line in _LINES):
        raise ValueError(run.tag)
    # letters of equations are often the slanted ones of their own block, which a form's font does not have
    letters = "".join(text.text or "" for text in run.iter(f"{_M}t", f"{_W}t"))
    return _SLANTED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), letters)


def _part(element: Element, name: str) -> str:
    part = element.find(f"{_M}{name}")
    return _of(part) if part is not None else ""


def _grouped(element: Element, name: str) -> str:
    text = _part(element, name)
    return text if text.isalnum() else f"({text})"


def _between(element: Element) -> str:
    """What stands between brackets; round ones unless others are named."""
    properties = element.find(f"{_M}dPr")

    def sign(name: str, usual: str) -> str:
        found = properties.find(f"{_M}{name}") if properties is not None else None
        return found.get(f"{_M}val", "") if found is not None else usual

    inside = [_of(part) for part in element.findall(f"{_M}e")]
    return sign("begChr", "(") + sign("sepChr", "|").join(inside) + sign("endChr", ")")


def _of_script(element: Element, name: str) -> str:
    is_above = name == "sSup"
    written = raised(_part(element, "sup" if is_above else "sub"), "superscript" if is_above else "subscript")
    if written is None:
        raise ValueError(name)
    return _part(element, "e") + written
