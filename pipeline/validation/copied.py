"""What was copied and does not fit: invented sample data, papers of another round, papers of ours nobody knows.

A clerk copies last year's form, or the example's. Rules compare what a document says of itself; here its citations
and its every text are looked at, whatever the kind.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline import vietnamese
from pipeline.kinds import Kind
from pipeline.messages import say
from pipeline.model import WHOLE, Address, Finding, Json, JsonObject, Place, Severity
from pipeline.rules.citing import Cited, cited_in
from pipeline.vietnamese.fictional import is_fictional
from pipeline.years import Year

#: Papers of one round: what they are about has its year. A law is called by the year it was made in.
_OF_A_ROUND: Final = (
    *("kế hoạch", "giao ước", "quy chế", "biên bản", "giấy mời", "phụ lục", "công văn", "hướng dẫn", "quyết định"),
    *("thông báo", "chương trình"),
)
#: Of these of our own also the day must be of the round; regulations hold until others take their place.
_OF_ONE_ROUND: Final = ("kế hoạch", "giao ước", "biên bản", "giấy mời")
#: "năm 2022", but not the year of a day ("tháng 5 năm 2022") or of a law named in passing ("Luật … năm 2022").
_YEAR: Final = re.compile(r"(?<!\d )năm ((?:19|20)[0-9]{2})\b")
_LAW: Final = re.compile(r"(?:bộ luật|luật|pháp lệnh|hiến pháp)[^;()]*?năm (?:19|20)[0-9]{2}")
_LEADING: Final = re.compile(r"^(?:căn cứ|thực hiện|theo)\s+")


@dataclass(frozen=True)
class Known:
    """Papers of ours that are known: the register's numbers, and the types of those accepted and not numbered yet."""

    register: Sequence[Json] = ()
    under_way: Collection[str] | None = None  #: as in numbers: "KH"; None where nobody knows


def copied(
    values: JsonObject, typed: Mapping[Address, Place], kind: Kind, year: Year, known: Known
) -> Iterator[Finding]:
    """What does not fit in the values of a form; `typed` has the places of those that somebody typed."""
    citations = kind.citations
    for address, text in _texts(values, WHOLE):
        if is_fictional(text) and not year.is_example:
            yield _fictional(address, text, year, is_typed=address in typed)
        if address.generic in citations or address.parent.generic in citations:
            yield from _of_another_round(address, text, year)
            yield from _not_known(address, text, year, known)


def _texts(value: Json, at: Address) -> Iterator[tuple[Address, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, at.child(name))
    elif isinstance(value, list):
        for row, one in enumerate(value):
            yield from _texts(one, at.child(row))


def _fictional(address: Address, text: str, year: Year, *, is_typed: bool) -> Finding:
    file = say("Write what is so, or leave it out.")
    return Finding(
        "text.fictional",
        Severity.BLOCK,
        say("This is invented sample data, marked so: it must not be printed."),
        Place(address),
        text,
        mend=file
        if is_typed
        else say("It stands in years/{year}.yaml: write what is so there, or take the line out.", year=year.year),
    )


def _of_another_round(address: Address, text: str, year: Year) -> Iterator[Finding]:
    key = _LEADING.sub("", vietnamese.compare_key(text))
    # who plans a year goes by what the year before came to
    if not key.startswith(_OF_A_ROUND) or "tổng kết" in key:
        return
    named = {int(found) for found in _YEAR.findall(_LAW.sub("", key))}
    if key.startswith(_OF_ONE_ROUND):
        own = (one.day.year for one in cited_in(text, year.cluster.symbol) if one.day is not None)
        named |= {*own}
    others = sorted(named - {year.year})
    # "năm 2025, phương hướng năm 2026"
    if others and year.year not in named:
        yield Finding(
            "citation.other-year",
            Severity.WARN,
            say(
                "The cited paper speaks of {found}; this document is of the emulation year {year}.",
                found=", ".join(map(str, others)),
                year=year.year,
            ),
            Place(address),
            text,
            mend=say("Cite this year's paper; if the earlier one is meant, leave it."),
        )


def _not_known(address: Address, text: str, year: Year, known: Known) -> Iterator[Finding]:
    for one in () if known.under_way is None else cited_in(text, year.cluster.symbol):
        if not _is_known(one, year, known):
            yield Finding(
                "citation.unknown",
                Severity.WARN,
                say("{number} is neither in the register nor among the documents under way.", number=one.text),
                Place(address),
                one.text,
                mend=say(
                    "Compare number and symbol with the paper; if it is right, drop that paper as an outgoing one, "
                    "to be entered."
                ),
            )


def _is_known(one: Cited, year: Year, known: Known) -> bool:
    # of another round the register may not have begun yet
    if one.day is not None and one.day.year < year.year:
        return True
    numbers = [
        entry.no
        for row in known.register
        if isinstance(row, dict)
        for entry in cited_in(str(row.get("number")), year.cluster.symbol)
        if entry.mark == one.mark
    ]
    if numbers:
        # what came before its first number was given by hand
        return one.no in numbers or one.no < min(numbers)
    return one.mark in {vietnamese.compare_key(mark) for mark in known.under_way or ()}
