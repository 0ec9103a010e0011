"""The columns of the register for one number, typed here and as JSON under the hash chain."""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from typing import Any, Self

from pipeline.model import Direction


@dataclass(frozen=True)
class Columns:
    """What the register says of one document (NĐ30 Phụ lục IV); `number` is its text as printed, "01-KH/CTĐ4".

    Several recipients, and several who keep a copy, stand in one column with "; " between them. `author` is filled
    for incoming papers only.
    """

    title: str = ""
    document_on: dt.date | None = None
    signer: str = ""
    recipients: str = ""
    kept_by: str = ""
    copies: int = 0
    sent_on: str = ""
    receipt: str = ""
    remark: str = ""
    author: str = ""
    number: str = ""
    direction: Direction | None = None  #: None in entries of before it was a column

    def as_json(self) -> dict[str, object]:
        """Give the columns as they enter the hash chain of their series: what is changed here is changed for ever."""
        return asdict(self) | {"document_on": self.document_on.isoformat() if self.document_on else ""}

    @classmethod
    def of(cls, recorded: str) -> Self:
        """Read recorded columns back; entries that only name the number (a void one), or what was filed, have few."""
        said: dict[str, Any] = json.loads(recorded)
        on = said.pop("document_on", "")
        direction = said.pop("direction", None)
        # an entry of a later version may have columns this one does not know; the recorded text keeps them
        known = {name: value for name, value in said.items() if name in cls.__dataclass_fields__}
        return cls(
            **known,
            document_on=dt.date.fromisoformat(on) if on else None,
            direction=Direction(direction) if direction else None,
        )
