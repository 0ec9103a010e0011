"""What the formulas of a sheet say about their results: that they are empty texts, or made anew at every opening."""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

#: Their results depend on the day, the hour or chance (Excel's volatile functions that give no value of the sheet).
_MADE_ANEW: Final = re.compile(r"(?<![\w.])(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\s*\(", re.IGNORECASE)

Element = etree._Element


@dataclass(frozen=True)
class Results:
    """The cells of a sheet whose formula gave an empty text, and those whose result is made anew, by "B7"."""

    empty: frozenset[str] = frozenset()
    made_anew: frozenset[str] = frozenset()


def results_of(part: Element | None) -> Results:
    """Look through the formulas of a sheet's part."""
    if part is None:
        return Results()
    empty: set[str] = set()
    made_anew: set[str] = set()
    shared: set[str] = set()  # numbers of groups
    for formula in part.iter("{*}f"):
        cell = formula.getparent()
        if cell is None:
            continue
        place, group = cell.get("r", ""), formula.get("si", "") if formula.get("t") == "shared" else ""
        # the others of a group that share one formula do not write it out (18.3.1.40)
        if _MADE_ANEW.search(formula.text or ""):
            shared.add(group)
            made_anew.add(place)
        elif group and group in shared and not formula.text:
            made_anew.add(place)
        value = cell.find("{*}v")
        if cell.get("t") == "str" and value is not None and not (value.text or ""):
            empty.add(place)
    return Results(frozenset(empty), frozenset(made_anew))
