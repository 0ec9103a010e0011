"""By what authority somebody signs (quyền hạn ký): as the year's file says it, else as the title does.

HD05 and NĐ30 know the same ones, but for what they write (the-thuc.md §2.9, §3.5): that is the official form's.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.model import Message
from pipeline.vietnamese import positions
from pipeline.years.facts import Signatory, Unit

#: The authorities of a year's file, and what a form calls its mark of each; who signs as the head has none.
MARKS: Final = {
    "thu_truong": "",
    "ky_thay": "for_head",
    "thay_mat": "on_behalf",
    "thua_lenh": "by_order",
    "thua_uy_quyen": "by_authorisation",
    "quyen": "acting",
    "phu_trach": "in_charge",
}
#: Those of deputies, whose title tells who the head is.
FOR_THE_HEAD: Final = ("ky_thay", "phu_trach")
#: Those that name who gave them and cannot be told from the title.
GIVEN_BY_SOMEBODY: Final = ("thay_mat", "thua_lenh", "thua_uy_quyen")


@dataclass(frozen=True)
class Right:
    """How somebody signs: a key of `MARKS`, and for whom; "" where nobody is named."""

    authority: str = "thu_truong"
    for_whom: str = ""

    @property
    def mark(self) -> str:
        """What a form calls the mark of it."""
        return MARKS[self.authority]


def right_of(one: Signatory, unit: Unit, on: dt.date) -> Right:
    """How a signatory of a unit signs on a day."""
    if one.authority:
        return Right(one.authority, one.for_whom or positions.head_over(one.position_sign))
    # told apart by both: "phụ trách" stands in the full position, and not over the signature
    return right_by_title(one.position_full) or (
        _authorised(unit, on, one.position_sign) if one.is_deputy else Right()
    )


def right_of_other(position: str, unit: Unit, on: dt.date) -> Right:
    """How somebody signs whom a paper empowers and the year does not know (noi-dung.md F08)."""
    return right_by_title(position) or _authorised(unit, on, position)


def right_by_title(position: str) -> Right | None:
    """What a title says of it; None where it says nothing."""
    head = positions.head_over(position)
    if positions.is_in_charge(position):
        return Right("phu_trach", head)
    if head:
        return Right("ky_thay", head)
    return Right("quyen") if positions.is_acting(position) else None


def is_untold(one: Signatory, unit: Unit) -> bool:
    """Whether the year has still to say by what authority a signatory signs."""
    return not one.authority and _must_be_told(one.position_sign, (*unit.head_lines, unit.org))


def untold_in(units: Iterable[Mapping[str, Any]]) -> Iterator[Message]:
    """Name the units of a year's file that have still to say it, with who signs."""
    untold = [
        f"{unit['code']} ({one['name']}, {one['position_sign']})"
        for unit in units
        for one in unit["signatories"]
        if "authority" not in one and _must_be_told(one["position_sign"], (*unit.get("head_lines", ()), unit["org"]))
    ]
    if untold:
        yield say("by what authority they sign (authority, for_whom): {signers}", signers="; ".join(untold))


def _must_be_told(title: str, of: Iterable[str]) -> bool:
    """A deputy; who leads a collective; who leads an office that is not the body that issues, of these names."""
    if positions.is_deputy(title) or positions.leads_a_collective(title):
        return True
    return vietnamese.compare_key(positions.body_led(title)) not in vietnamese.compare_key(" ".join(of))


def _authorised(unit: Unit, on: dt.date, position: str) -> Right:
    """The right of somebody whom the head has empowered on paper; who bears the head's own title is the head."""
    chief = unit.signatory(on)
    title = chief.position_sign if chief else ""
    head = positions.head_over(title) or title
    own = positions.title_under(position, unit.head_lines[0])
    return Right() if vietnamese.compare_key(own) == vietnamese.compare_key(head) else Right("thua_uy_quyen", head)
