"""The columns of the register for one number, typed here and as JSON under the hash chain."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from pipeline.model import Direction

#: Columns that hold a day; as JSON it is ISO 8601, "" for none.
_DAYS: Final = ("document_on", "arrived_on", "sent_on", "due")


@dataclass(frozen=True)
class Columns:
    """What the register says of one document (NĐ30 Phụ lục IV); `number` is its text as printed, "01-KH/CTĐ4".

    Several recipients, and several who keep a copy, stand in one column with "; " between them. `copies` is 0 where
    nobody has counted them. For incoming papers only are `author`, `arrived_on` (the day it came), `sender_number`
    (the number and symbol it bears), `handled_by` (whom it was given to), `due` (the day by which it is dealt with).
    """

    title: str = ""
    document_on: dt.date | None = None
    signer: str = ""
    recipients: str = ""
    kept_by: str = ""
    copies: int = 0
    sent_on: dt.date | None = None
    receipt: str = ""
    remark: str = ""
    author: str = ""
    number: str = ""
    direction: Direction | None = None  #: None in entries of before it was a column
    arrived_on: dt.date | None = None
    sender_number: str = ""
    handled_by: str = ""
    due: dt.date | None = None

    def as_json(self) -> dict[str, object]:
        """Give the columns as they enter the hash chain of their series: what is changed here is changed for ever."""
        days: dict[str, dt.date | None] = {name: getattr(self, name) for name in _DAYS}
        return asdict(self) | {name: day.isoformat() if day else "" for name, day in days.items()}

    @classmethod
    def of(cls, recorded: str) -> Self:
        """Read recorded columns back; entries that only name the number (a void one), or what was filed, have few."""
        return cls(**cls._typed(json.loads(recorded)))

    def with_facts(self, facts: Mapping[str, object]) -> Self:
        """Give the columns with what was entered later in the place of what stood there."""
        return replace(self, **self._typed(facts))

    @classmethod
    def _typed(cls, said: Mapping[str, Any]) -> dict[str, Any]:
        # an entry of a later version may have columns this one does not know; the recorded text keeps them
        known = {name: value for name, value in said.items() if name in cls.__dataclass_fields__}
        days = {name: dt.date.fromisoformat(known[name]) if known[name] else None for name in _DAYS if name in known}
        direction = {"direction": Direction(known["direction"])} if known.get("direction") else {}
        return {name: value for name, value in known.items() if name != "direction"} | days | direction
