"""Who may do what: one table, route by role, and how far it reaches. What stands in no row is denied to everybody."""

import enum
from collections.abc import Mapping
from typing import Final

from pipeline.model import Job, Person, PersonRole

_CLERK, _LEADER, _UNIT, _READER = PersonRole.CLERK, PersonRole.LEADER, PersonRole.UNIT, PersonRole.READER


class Reach(enum.Enum):
    """To which documents a right extends."""

    ALL = "all"
    OWN = "own"  #: those of the person's own unit
    FILED = "filed"  #: those in the archive


#: Routes that are there before anybody has come in; what a link leads to, its signature says.
OPEN: Final = frozenset(
    {"sign-in", "enter", "sign-in-there", "come-back", "leave-there", "static", "openapi", "linked", "linked-file"}
)

_CLERKS: Final = {_CLERK: Reach.ALL}
_READS: Final = {_CLERK: Reach.ALL, _LEADER: Reach.ALL, _UNIT: Reach.OWN}
_EVERYBODY: Final = dict.fromkeys((_CLERK, _LEADER, _UNIT, _READER), Reach.OWN)

#: By the name of the route, or of what an operation of the API does: the roles that may.
RIGHTS: Final[Mapping[str, Mapping[PersonRole, Reach]]] = {
    # of oneself
    "leave": _EVERYBODY,
    "password": _EVERYBODY,
    "change-password": _EVERYBODY,
    # to look at
    "today": _READS,
    "changes": _READS,
    "year": _READS,
    "document": _READS | {_READER: Reach.FILED},
    "file": _READS | {_READER: Reach.FILED},
    "preview": _READS | {_READER: Reach.FILED},
    "documents": _READS | {_READER: Reach.FILED},
    "drop-status": _READS | {_READER: Reach.FILED},
    "signature": _READS | {_READER: Reach.FILED},
    "as-read": _READS,
    "compare": _READS,
    "chain": _READS,
    "proof-file": _READS,
    "register": {_CLERK: Reach.ALL, _LEADER: Reach.ALL, _READER: Reach.ALL},
    "register-print": {_CLERK: Reach.ALL, _LEADER: Reach.ALL, _READER: Reach.ALL},
    "register-file": {_CLERK: Reach.ALL, _LEADER: Reach.ALL},
    "signing": {_CLERK: Reach.ALL, _LEADER: Reach.ALL},
    "figures": {_CLERK: Reach.ALL, _LEADER: Reach.ALL},
    "kinds": {_CLERK: Reach.ALL, _LEADER: Reach.ALL},
    "kind": {_CLERK: Reach.ALL, _LEADER: Reach.ALL},
    "kind-page": {_CLERK: Reach.ALL, _LEADER: Reach.ALL},
    "draw-kind": _CLERKS,
    "try-template": _CLERKS,
    "machine": _CLERKS,
    # to bring
    "drop": {_CLERK: Reach.ALL, _UNIT: Reach.OWN},
    "bring": {_CLERK: Reach.ALL, _UNIT: Reach.OWN},
    "fill": {_CLERK: Reach.ALL, _UNIT: Reach.OWN},
    "keep-form": {_CLERK: Reach.ALL, _UNIT: Reach.OWN},
    "check-form": {_CLERK: Reach.ALL, _UNIT: Reach.OWN},
    "forms": _READS,
    "form-file": _READS,
    # to decide
    "old-book": _CLERKS,
    "old-book-report": _CLERKS,
    "old-book-enter": _CLERKS,
    "void": _CLERKS,
    "note": _CLERKS,
    "reprocess": _CLERKS,
    "enter-paper": _CLERKS,
    "admit": _CLERKS,
    "remind": _CLERKS,
    "number": _CLERKS,
    "confirm": _CLERKS,
    "match": _CLERKS,
    "refuse": _CLERKS,
    "accept": _CLERKS,
    "cancel": _CLERKS,
}


def reach_of(route: str, role: PersonRole) -> Reach | None:
    """How far a role reaches on a route; None where it may not use it."""
    return RIGHTS.get(route, {}).get(role)


def extends_to(reach: Reach, person: Person, job: Job, *, is_filed: bool) -> bool:
    """Tell whether a right extends to a document."""
    match reach:
        case Reach.ALL:
            return True
        case Reach.FILED:
            return is_filed
        case Reach.OWN:
            # what came from the unit's folder is answered there, whatever it says of itself
            return bool(person.unit) and person.unit in {job.unit, job.folder}
