"""Who a document goes to: lines of Nơi nhận as units of the year, and how many copies that makes.

A line is counted, never guessed: a unit is one copy, "the members" as many as the year has, any other single
recipient one. What names a crowd that the year does not know ("Các ban Đảng") has no figure, and then the document
has none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.model import Description, JsonObject
from pipeline.vietnamese import compare_key
from pipeline.years import Unit, Year

#: Who every member is, however a form says it ("Các đơn vị thành viên Cụm", "10 đơn vị thành viên").
_MEMBERS: Final = compare_key("đơn vị thành viên")
_OF_ALL: Final = frozenset(compare_key("các tất cả toàn thể của trong thuộc").split())
#: Words and figures with which a line names several.
_SEVERAL: Final = re.compile(r"(các|những|tất cả|toàn thể|\d+)\b")
#: The fields in which forms say to whom a letter, a petition, an invitation is addressed.
_ADDRESSED: Final = ("addressees", "addressee", "superiors", "invited")
#: "(để báo cáo)", "(để thực hiện)": what a recipient is to do with it.
_PURPOSE: Final = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True)
class Recipient:
    """One line of Nơi nhận, "Như trên" put into the addressees; `copies` None where nobody can count them."""

    line: str
    units: tuple[str, ...]
    copies: int | None


def resolved(document: Description, doc: JsonObject, year: Year) -> tuple[Recipient, ...]:
    """Say who the recipients of a document are; `doc` are the values of its form."""
    return tuple(_recipient(line, document, year) for line in _lines(document, doc, year))


def copies_of(document: Description, doc: JsonObject, year: Year) -> int:
    """Count the copies of a document, those that are kept (Lưu) with them; 0 where a line cannot be counted."""
    # what the form itself counts is its own word (originals of a pledge agreement)
    if isinstance(originals := doc.get("originals_count"), int):
        return originals
    counted = [one.copies for one in resolved(document, doc, year)] + [1] * len(document.kept_by)
    return 0 if None in counted else sum(one or 0 for one in counted)


def _lines(document: Description, doc: JsonObject, year: Year) -> list[str]:
    as_above = compare_key(year.recipients.get("as_above", ""))
    addressed = _addressees(doc, year)
    # a letter that names nobody above keeps its line, which nobody can count
    return [
        above
        for line in document.recipients
        for above in (addressed if addressed and compare_key(line) == as_above else [line])
    ]


def _addressees(doc: JsonObject, year: Year) -> list[str]:
    """Give whom a letter or an invitation is addressed to ("Như trên"), as its form calls them."""
    found: list[str] = []
    for field in _ADDRESSED:
        said = doc.get(field)
        found += [str(line) for line in said] if isinstance(said, list) else [str(said)] if said else []
    units = [unit for line in found if (unit := year.unit(line))]
    # named one by one by their codes (an invitation): all of them are "the members", in the year's own words
    if units and len(units) == len(year.units):
        found = [*(line for line in found if not year.unit(line)), year.recipients.get("members", "")]
    return [unit.name if (unit := year.unit(line)) else line for line in found]


def _recipient(line: str, document: Description, year: Year) -> Recipient:
    units = tuple(dict.fromkeys(unit.code for unit in _units_of(year, line, document)))
    said = compare_key(line)
    cannot = _SEVERAL.match(said) or said == compare_key(year.recipients.get("as_above", ""))
    return Recipient(line, units, len(units) or (None if cannot else 1))


def _units_of(year: Year, line: str, document: Description) -> Iterator[Unit]:
    bare = _PURPOSE.sub("", line).strip()
    if unit := year.unit_named(bare):
        yield unit
    elif compare_key(bare) == compare_key(year.recipients.get("head", "")):
        yield year.with_role("cum_truong")
    elif _are_all_members(year, bare):
        yield from year.members(document.on)


def _are_all_members(year: Year, line: str) -> bool:
    """Tell whether a line says "the members" and nothing besides: those of another cluster are not ours."""
    said = compare_key(line)
    if _MEMBERS not in said:
        return False
    rest = set(said.replace(_MEMBERS, " ").split())
    ours = set(compare_key(f"{year.cluster.name} {year.cluster.full_name}").split())
    return rest <= _OF_ALL | ours | {str(len(year.units)), f"{len(year.units):02d}"}


def names(found: Sequence[Recipient]) -> str:
    """Write them as the column of the register does."""
    return "; ".join(one.line for one in found)
