"""Sorts of faults that several kinds have."""

from collections.abc import Callable

from benchmarks.answers.changes import changed
from benchmarks.answers.faults import OF_ABSENCE, Planter
from pipeline.model import Json

#: The codes of what is not filled in, beside a rule that asks for it.
ABSENT = " ".join(OF_ABSENCE)
RANKS = ("Thượng tá", "TS.", "ThS.", "PGS.TS")


def fewer(by: int) -> Callable[[object], Json]:
    """A number less by so much."""
    return lambda value: value - by if isinstance(value, int | float) and value >= by else None


def more(by: float) -> Callable[[object], Json]:
    """A number more by so much."""
    return lambda value: value + by if isinstance(value, int | float) else None


def signer(pointer: str, code: str, name: str = "full_name", position: str = "position") -> list[Planter]:
    """A signer who is not on the list, or whose position is another (F08, GU04, BB10)."""
    here = _same(pointer)
    wrong = (("wrong signer", name, "Lê Hoàng Bảo Trân"), ("wrong position", position, "Trưởng phòng Tổng hợp"))
    # the two are judged together: a position is wrong for somebody
    return [
        changed(what, code, f"{pointer}/{field}", value, at_=f"{here}/{field}", or_at=here, touches=here)
        for what, field, value in wrong
    ]


def _same(pointer: str) -> str:
    return pointer.replace("*", "#")


def rank_before(pointer: str) -> list[Planter]:
    """Ranks and honours before a signer's name (F10)."""
    codes = "F10 F10.chair F10.secretary F10.witness"
    return [changed("rank in the name", codes, pointer, _before(rank)) for rank in RANKS]


def _before(rank: str) -> Callable[[object], Json]:
    return lambda name: f"{rank} {name}"
