"""Units and contents by any of their names, as people write them."""

import difflib
import functools
import re
from collections.abc import Iterable
from typing import Final

from pipeline.messages import say
from pipeline.model import Message
from pipeline.reading.context import ContentName, ReadingContext, UnitNames
from pipeline.vietnamese import clean, compare_key, search_key

_CONTENT: Final = re.compile(
    r"(?:nội dung|noi dung|nd)?\s*(?:số\s*)?0?([1-9][0-9]?)(?:\s*[.:)\-–].*)?", re.IGNORECASE
)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
_LEADING: Final = re.compile(r"^(?:(?:nội dung|nd)\s*)?[0-9ivx]{1,4}\s*[.:)\-–/]\s*", re.IGNORECASE)

#: So many units or contents are listed; of more the clerk has the list of members.
MOST_LISTED: Final = 20


def one_of(named: Iterable[tuple[str, str]]) -> Message:
    """What may stand in a place, each (code, name) as people know it: "one of: Công an TP.HCM (CATP); …"."""
    known = [f"{name} ({code})" if name != code else code for code, name in named]
    listed = "; ".join(known[:MOST_LISTED])
    if len(known) <= MOST_LISTED:
        return say("one of: {listed}", listed=listed)
    return say("one of: {listed}; and {count} more", listed=listed, count=len(known) - MOST_LISTED)


def unit_named(text: str, context: ReadingContext) -> str | None:
    """The code of the unit that `text` names by code, name or alias, also as "CATP - Công an TP.HCM"."""
    by_key, by_fold = _unit_keys(context.units)
    # “CATP - Công an TP.HCM”, “Công an Thành phố (CATP)”: code and name side by side
    pieces = [text, *re.split(r"\s+[-–—]\s+|[()\n]", text)]
    for piece in pieces:
        key = compare_key(piece).strip(" .,;:-()")
        code = by_key.get(key) or by_fold.get(search_key(key))
        if code:
            return code
    return None


@functools.lru_cache(maxsize=8)
def _unit_keys(units: tuple[UnitNames, ...]) -> tuple[dict[str, str], dict[str, str]]:
    """Units by exact key, and by the key without accents where that names one unit only."""
    by_key: dict[str, str] = {}
    folded: dict[str, set[str]] = {}
    for unit in units:
        for name in (unit.code, *unit.names):
            by_key[compare_key(name).strip(" .,;:-()")] = unit.code
            folded.setdefault(search_key(name).strip(" .,;:-()"), set()).add(unit.code)
    # without accents two units may become one: then only the full spelling names them
    return by_key, {key: next(iter(codes)) for key, codes in folded.items() if len(codes) == 1}


def nearest_unit(text: str, context: ReadingContext) -> str | None:
    """The code of the unit whose name a misspelt text is nearest to."""
    by_key, _ = _unit_keys(context.units)
    near = next(iter(difflib.get_close_matches(compare_key(text)[:100], by_key, n=1, cutoff=0.7)), None)
    return by_key[near] if near else None


def content_named(text: str, context: ReadingContext) -> str | None:
    """The code of the content that `text` names: ND3, 3, III, Nội dung 3, its title, or code and title together."""
    by_key, codes = _content_keys(context.contents)
    key = search_key(text).strip(" .,;:()")
    titled = by_key.get(key) or by_key.get(search_key(_LEADING.sub("", clean(text))).strip(" .,;:()"))
    if titled:
        return titled
    # noi-dung §2: “ND1”, “1”, “Nội dung 1”, “I” or the title
    number = _ROMAN.get(key)
    if number is None:
        match = _CONTENT.fullmatch(clean(text))
        if match is None:
            return None
        number = int(match[1])
    return codes.get(number)


@functools.lru_cache(maxsize=8)
def _content_keys(contents: tuple[ContentName, ...]) -> tuple[dict[str, str], dict[int, str]]:
    by_key = {search_key(content.title).strip(" .,;:()"): content.code for content in contents}
    by_key |= {search_key(content.code): content.code for content in contents}
    return by_key, {at: content.code for at, content in enumerate(contents, start=1)}
