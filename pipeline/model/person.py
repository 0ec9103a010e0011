"""Who uses the office in the browser, and in which role."""

import enum
from dataclasses import dataclass


class PersonRole(enum.StrEnum):
    """What a person is in the office; what each may do stands in one table (`web.rights`)."""

    CLERK = "clerk"  #: văn thư
    LEADER = "leader"  #: lãnh đạo: reads all, decides nothing here
    UNIT = "unit"  #: đơn vị: sees and drops the papers of its own unit
    READER = "reader"  #: tra cứu: register and filed documents
    LOCKED = "locked"  #: may not come in any more; what was done stays under the name


@dataclass(frozen=True)
class Person:
    """One account. `unit` is the code of the unit of a person in the role `UNIT`, "" for all others."""

    id: int
    name: str  #: by which the person comes in: a-z, 0-9, dot, hyphen
    full_name: str
    role: PersonRole
    unit: str
