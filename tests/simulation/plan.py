"""The plan of a history: who does what when, and what goes wrong; made by dice, kept as readable lines."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final

#: Which acts a fault can happen to; those not named here can happen to any act.
FITS: Final[dict[str, frozenset[str]]] = {
    "EIO": frozenset({"write", "fsync", "pread", "open", "read"}),
    "ENOSPC": frozenset({"write", "create", "mkdir", "link", "rename"}),
    "EACCES": frozenset({"open", "create", "unlink", "rename", "mkdir"}),
    "EBUSY": frozenset({"open", "unlink", "rename", "rmdir"}),
    "ESTALE": frozenset({"open", "create", "stat", "pread", "write", "fsync", "rename", "unlink", "scandir", "read"}),
    "EXDEV": frozenset({"rename", "link"}),
    "fsync-lost": frozenset({"fsync"}),
    "short-write": frozenset({"write"}),
    "db-busy": frozenset({"begin"}),
    "db-io": frozenset({"commit"}),
    "db-unsure": frozenset({"commit"}),
    "db-full": frozenset({"statement"}),
    "child-killed": frozenset({"child"}),
    "office-hangs": frozenset({"office"}),
}
#: Trouble that a share has and a local disk has not.
_OF_SHARES: Final = frozenset({"ESTALE", "EBUSY", "EXDEV"})
_SHARES: Final = ("/office/inbox", "/office/outbox")


#: Acts that others build upon, each at least once in a history: where a program ends there, or is refused, matters.
_AIMED: Final = {
    "kill": ("mkdir", "fsync", "write", "rename", "link", "unlink", "commit", "begin"),
    "power-cut": ("fsync", "write", "rename", "link", "unlink", "mkdir", "commit", "begin", "child"),
}
_PLACES: Final = ("/office/inbox", "/office/outbox", "/office/archive", "/office/var", "/office/var/spool")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong at the first act it can happen to from the act `at` on.

    With `on` at the first act of that kind, with `under` at the first on a path below that one. With `then` the
    next one follows so many acts after this one happened, and not before: what one fault leaves, another lays bare.
    """

    at: int
    what: str
    on: str = ""
    under: str = ""
    then: "Fault | None" = None

    def fits(self, kind: str, subject: str) -> bool:
        if self.what in _OF_SHARES and not subject.startswith(_SHARES):
            return False
        if (self.on and kind != self.on) or (self.under and not subject.startswith(self.under)):
            return False
        return self.what not in FITS or kind in FITS[self.what]

    def line(self) -> list[Any]:
        """The fault as it stands in a plan: what is "" at the end is left out."""
        then = self.then.line() if self.then else None
        said: list[Any] = [self.at, self.what, self.on, self.under, then]
        while not said[-1]:
            said.pop()
        return said

    @staticmethod
    def of(said: "Sequence[Any]") -> "Fault":
        """Read what `line` gives."""
        more = list(said[2:])
        more += ["", "", None][len(more) :]
        return Fault(said[0], said[1], more[0], more[1], Fault.of(more[2]) if more[2] else None)


@dataclass(frozen=True)
class Act:
    """What somebody does at a moment (seconds): a unit drops a file, the clerk returns a paper …"""

    at: float
    what: str
    said: "dict[str, Any]"


@dataclass(frozen=True)
class Plan:
    """One history before it happens."""

    seed: int
    workers: int
    ways: tuple[str, ...]  #: of each worker: "watch", or "run" again and again
    quiet: float
    share: str  #: "local", where the kernel knows who writes, or "remote", where nobody does
    coarse_ns: int  #: how fine the file system's times are
    switches: float
    acts: tuple[Act, ...]
    faults: tuple[Fault, ...]

    def lines(self) -> list[str]:
        """The plan as people read it, one thing a line; `read` reads it back."""
        head = {name: value for name, value in asdict(self).items() if name not in {"acts", "faults"}}
        lines = [json.dumps(head, ensure_ascii=False)]
        lines += [json.dumps(["does", one.at, one.what, one.said], ensure_ascii=False) for one in self.acts]
        lines += [json.dumps(["fails", *one.line()]) for one in self.faults]
        return lines

    @staticmethod
    def read(path: Path) -> "Plan":
        said = [
            json.loads(line) for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")
        ]
        head, rest = said[0], said[1:]
        acts = tuple(Act(one[1], one[2], one[3]) for one in rest if one[0] == "does")
        faults = tuple(Fault.of(one[1:]) for one in rest if one[0] == "fails")
        return Plan(**{**head, "ways": tuple(head["ways"])}, acts=acts, faults=faults)

    def without(self, *, acts: "set[int] | None" = None, faults: "set[int] | None" = None) -> "Plan":
        """The plan without some of its acts and faults, by their places."""
        return replace(
            self,
            acts=tuple(one for at, one in enumerate(self.acts) if at not in (acts or ())),
            faults=tuple(one for at, one in enumerate(self.faults) if at not in (faults or ())),
        )


UNITS: Final = ("EVNHCMC", "CATP", "KNH")
_HOW: Final = (
    *("rename", "rename", "whole", "pausing", "preallocated", "overwritten", "reopened", "again"),
    *("kept open", "kept open", "stalled", "swapped"),
)
_SORTS: Final = ("sound",) * 6 + ("faulty", "faulty", "poison", "marked", "unseen", "slip", "troubled", "troubled")
_FAULTS: Final = ("kill",) * 4 + ("power-cut",) * 4 + ("short-write", "fsync-lost", *FITS)
_LASTING: Final = (
    "full",
    "locked",
    "stale:inbox",
    "stale:outbox",
    "empty:inbox",
    "empty:outbox",
    "deaf:inbox",
    "deaf:outbox",
    "held:inbox",
    "office",
)


def made(seed: int) -> Plan:
    """Draw a plan: one or two dozen acts in a minute, and some faults."""
    dice = Random(f"plan {seed}")
    workers = dice.choice((1, 1, 2, 2, 3, 4))
    acts = list(_drops(dice))
    acts += [
        Act(
            _moment(dice, dice.choice((0, 4, 4)), 16),
            "operator",
            {"does": dice.choice(OPERATOR), "which": dice.randint(0, 7)},
        )
        for _ in range(dice.choice((0, 1, 1, 2, 4)))
    ]
    acts += _mended(dice, acts)
    for _ in range(dice.choice((0, 0, 1, 2))):
        said = {"what": dice.choice(_LASTING), "seconds": dice.choice((1, 3, 8))}
        acts.append(Act(_moment(dice, 0, 14), "lasting", said))
    if dice.random() < 0.3:
        seconds = dice.choice((-86400, -86400, -3600, -70, 70, 3600, 86400))
        acts.append(Act(_moment(dice, 0, 14), "clock", {"seconds": seconds}))
    # about so many things happen while people act: a fault that comes later meets nobody
    most = 300 + 150 * len(acts) + 100 * workers
    faults = [_fault(dice, most) for _ in range(dice.choice((0, 1, 1, 2, 3)))]
    if dice.random() < 0.35:
        faults.append(_pair(dice, most))
    coarse_ns = dice.choice((1, 1, 10_000_000, 1_000_000_000, 2_000_000_000))
    # where times are exact, they tell of what is exchanged
    if any(act.said.get("how") == "swapped" for act in acts) and dice.random() < 0.6:
        coarse_ns = 2_000_000_000
    return Plan(
        seed=seed,
        workers=workers,
        ways=tuple(dice.choice(("watch", "watch", "watch", "run")) for _ in range(workers)),
        quiet=dice.choice((0.8, 1.6)),
        share=dice.choice(("local", "local", "remote")),
        coarse_ns=coarse_ns,
        switches=dice.choice((0.02, 0.1, 0.4)) if workers > 1 else 0.02,
        acts=tuple(sorted(acts, key=lambda act: act.at)),
        faults=tuple(sorted(faults, key=lambda fault: fault.at)),
    )


def _mended(dice: Random, acts: "list[Act]") -> "list[Act]":
    """Where our own slip, or a document that LibreOffice does not end, is held: mended in the end, and done again."""
    if dice.random() < 0.4 or not any(act.said.get("sort") in {"slip", "troubled"} for act in acts):
        return []
    begin = dice.choice((8, 260))
    mends = [("mend", begin), *(("reprocess", begin + after) for after in (1, 5))]
    return [Act(float(at), "operator", {"does": does, "which": dice.randint(0, 7)}) for does, at in mends]


def _fault(dice: Random, most: int) -> Fault:
    at, what = int(dice.triangular(5, most, 5)), dice.choice(_FAULTS)
    if dice.random() < 0.5:
        return Fault(at, what)
    return Fault(at, what, dice.choice(_AIMED.get(what, ("",))), dice.choice(("", "", *_PLACES)))


def _pair(dice: Random, most: int) -> Fault:
    """A program that ends, or loses what it was to sync, just between two acts; and soon the power."""
    first = dice.choice(("kill", "kill", "kill", "fsync-lost", "db-unsure", "short-write", "EIO"))
    second = Fault(int(dice.triangular(1, 400, 20)), dice.choice(("power-cut", "power-cut", "kill")))
    under = "" if first == "db-unsure" else dice.choice(("", *_PLACES))
    on = dice.choice(("mkdir", "fsync", "fsync", "fsync", "write", "rename", "link", "unlink"))
    on = on if first == "kill" else ""
    return Fault(int(dice.triangular(5, most, 5)), first, on, under, second)


OPERATOR: Final = (
    *("reprocess", "reprocess", "cancel", "number", "number", "number", "void", "void", "mend", "admit", "begin"),
)


def _moment(dice: Random, begin: float, end: float) -> float:
    return round(dice.uniform(begin, end), 2)


def _drops(dice: Random) -> "list[Act]":
    acts: list[Act] = []
    for serial in range(dice.choice((1, 1, 2, 2, 3))):
        unit = dice.choice(UNITS)
        said = {"unit": unit, "sort": dice.choice(_SORTS), "serial": serial, "how": dice.choice(_HOW)}
        if said["how"] == "swapped" and dice.random() < 0.5:
            said["sort"] = "marked"
        acts.append(Act(_moment(dice, 0, 4), "drop", said))
    letters, at = dice.choice((0, 0, 0, 1, 2, 2)), _moment(dice, 0, 4)
    for serial in range(90, 90 + letters):
        # often side by side: then each is made with the number that seems to be the next
        moment = at if dice.random() < 0.5 else _moment(dice, 0, 4)
        said = {
            "unit": "",
            "sort": dice.choice(("sound", "sound", "slip")),
            "serial": serial,
            "how": dice.choice(_HOW[:4]),
        }
        acts.append(Act(moment, "drop", {**said, "kind": dice.choice(("cluster", "cluster", "gathers"))}))
    for _ in range(dice.choice((0, 1, 1, 2))):
        said = {"which": dice.randint(0, 3), "how": dice.choice(_HOW), "to": dice.choice(("", "da-ky"))}
        acts.append(Act(_moment(dice, 6, 14), "sign", said))
    return acts
