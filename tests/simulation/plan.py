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
    "ESTALE": frozenset(
        {"open", "create", "stat", "fstat", "pread", "write", "fsync", "rename", "unlink", "scandir", "read"}
    ),
    "EXDEV": frozenset({"rename", "link"}),
    "fsync-lost": frozenset({"fsync"}),
    "short-write": frozenset({"write"}),
    "torn-write": frozenset({"write"}),
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


#: Acts that others build upon: where a program ends there, or is refused, matters; by the place, as they occur there.
_NAMED: Final = ("create", "write", "fsync", "rename", "sync")
_WINDOWS: Final[dict[str, tuple[str, ...]]] = {
    "": ("commit", "committed", "begin", "child", "office"),
    "/office/inbox": ("mkdir", "open", "rename", "sync", "unlink", "stat"),
    "/office/inbox/.cach-ly": ("rename", "sync"),
    "/office/outbox": (*_NAMED, "mkdir", "unlink"),
    "/office/archive": ("write", "fsync", "link", "mkdir", "sync", "unlink"),
    "/office/archive/nhat-ky": ("create", "write", "fsync", "sync", "read"),
    "/office/moc-so": (*_NAMED, "read"),
    "/office/var/spool": ("write", "fsync", "link", "mkdir", "sync", "unlink"),
    "/office/var/folders": _NAMED,
    "/office/var/workers": ("create", "open", "scandir", "unlink"),
    "/office/var": _NAMED,
}
#: Where what was killed between a name and its sync is found again by whoever does the same once more.
_UNSYNCED: Final = ("/office/var/spool/",) * 3 + ("/office/archive", "/office/archive/nhat-ky", "/office/outbox")


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong at the first act it can happen to from the act `at` on.

    With `on` at the first act of that kind, with `under` at the first on a path below that one. With `then` the
    next one follows so many acts after this one happened, and not before: what one fault leaves, another lays bare.
    At a "mark" nothing goes wrong: the next one is counted from there.
    """

    at: int
    what: str
    on: str = ""
    under: str = ""
    then: "Fault | None" = None

    def fits(self, kind: str, subject: str) -> bool:
        if self.what in _OF_SHARES and not subject.startswith(_SHARES):
            return False
        # a folder's sync is one, too
        kinds = {kind, "fsync"} if kind == "sync" else {kind}
        if (self.on and self.on not in kinds) or (self.under and not subject.startswith(self.under)):
            return False
        return self.what not in FITS or bool(kinds & FITS[self.what])

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


_ASIDE: Final = "/.cach-ly"
UNITS: Final = ("EVNHCMC", "CATP", "KNH")
_HOW: Final = (
    *("rename", "rename", "whole", "pausing", "preallocated", "overwritten", "reopened", "again"),
    *("kept open", "kept open", "stalled", "swapped"),
)
_SORTS: Final = ("sound",) * 6 + ("faulty", "faulty", "poison", "marked", "unseen", "slip", "troubled", "troubled")
_FAULTS: Final = ("kill",) * 4 + ("power-cut",) * 4 + ("short-write", "fsync-lost", "torn-write", *FITS)
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
    "held:inbox",
    "flaky:inbox",
    "flaky:inbox",
    "flaky:outbox",
    "office",
)


def made(seed: int) -> Plan:
    """Draw a plan: one or two dozen acts in a minute, and some faults."""
    dice = Random(f"plan {seed}")
    workers = dice.choice((1, 1, 2, 2, 3, 4))
    is_rush = dice.random() < 0.12
    workers = max(2, workers) if is_rush else workers
    acts = [*_drops(dice), *(_rush(dice) if is_rush else _letters(dice)), *_signs(dice)]
    acts += [
        Act(
            _moment(dice, dice.choice((0, 4, 4)), 16),
            "operator",
            {"does": dice.choice(OPERATOR), "which": dice.randint(0, 7)},
        )
        for _ in range(dice.choice((0, 1, 1, 2, 4)))
    ]
    acts += _mended(dice, acts)
    for serial in range(7, 7 + dice.choice((0, 0, 1, 2))):
        acts += _lasting(dice, serial)
    if dice.random() < 0.3:
        seconds = dice.choice((-86400, -86400, -3600, -70, 70, 3600, 86400))
        acts.append(Act(_moment(dice, 0, 14), "clock", {"seconds": seconds}))
    # about so many things happen while people act: a fault that comes later meets nobody
    most = 300 + 150 * len(acts) + 100 * workers
    if dice.random() < 0.08:
        acts = _taken_over(dice, acts)
    faults = [_fault(dice, most) for _ in range(dice.choice((0, 1, 1, 2, 3)))]
    if dice.random() < 0.35:
        faults.append(_pair(dice, most))
    if any(fault.under.endswith(_ASIDE) for fault in faults):
        acts.append(Act(_moment(dice, 0, 4), "drop", _form(dice, 9, "marked")))
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
        switches=dice.choice((0.4, 0.4, 0.1) if is_rush else (0.02, 0.1, 0.4)) if workers > 1 else 0.02,
        acts=tuple(sorted(acts, key=lambda act: act.at)),
        faults=tuple(sorted(faults, key=lambda fault: fault.at)),
    )


def _mended(dice: Random, acts: "list[Act]") -> "list[Act]":
    """Where our own slip, or a document that LibreOffice does not end, is held: mended in the end, and done again."""
    if dice.random() < 0.4 or not any(act.said.get("sort") in {"slip", "troubled"} for act in acts):
        return []
    begin = dice.choice((8, 260))
    mends = [("mend", begin), *(("reprocess", begin + after) for after in (1, 5))]
    made_anew = [Act(float(at), "operator", {"does": does, "which": dice.randint(0, 7)}) for does, at in mends]
    # what is made anew may look older than what it takes the place of
    if dice.random() < 0.25:
        made_anew.append(Act(begin - 1.0, "clock", {"seconds": dice.choice((-86400, -3600))}))
    return made_anew


def _fault(dice: Random, most: int) -> Fault:
    at, what = int(dice.triangular(5, most, 5)), dice.choice(_FAULTS)
    return Fault(at, what) if dice.random() < 0.4 else _aimed(dice, at, what)


def _aimed(dice: Random, at: int, what: str) -> Fault:
    """A fault at an act of a kind below a place, where there are such acts that it can happen to."""
    fits = [(place, kind) for place, kinds in _WINDOWS.items() for kind in kinds if Fault(0, what).fits(kind, place)]
    places = sorted({place for place, _ in fits})
    if not places:
        return Fault(at, what)
    place = dice.choice(places)
    return Fault(at, what, dice.choice([kind for one, kind in fits if one == place]), place)


def _pair(dice: Random, most: int) -> Fault:
    """A program that ends, or loses what it was to sync, just between two acts; and soon the power."""
    at = int(dice.triangular(5, most, 5))
    is_apart = dice.random() < 0.15
    if is_apart and at % 2:
        # what was set aside a moment ago is gone with the power, if its folder's own name is not on the disk
        cut = Fault(dice.randint(3, 60), "power-cut")
        return Fault(5, "mark", "sync", f"/office/inbox{_ASIDE}", cut)
    if is_apart:
        # a share that knows nothing any more of a file it has opened, just when that is taken
        return Fault(at, "mark", "child", "look", Fault(dice.randint(1, 25), "ESTALE", "fstat", "/office/inbox"))
    if dice.random() < 0.5:
        # a name is there and not on the disk: what is committed by whoever finds it relies upon it
        second = Fault(dice.randint(100, 700), "power-cut", "committed")
        first = Fault(dice.randint(1, 100), "kill", "sync", dice.choice(_UNSYNCED), second)
        return Fault(at, "mark", "child", "read", first)
    first = _aimed(dice, at, dice.choice((*("kill",) * 4, "fsync-lost", "db-unsure", "short-write", "EIO")))
    then = int(dice.triangular(1, 400, 20))
    what = dice.choice(("power-cut", "power-cut", "kill", "EACCES"))
    second = _aimed(dice, then, what) if what == "EACCES" else Fault(then, what)
    return replace(first, then=second)


def _taken_over(dice: Random, acts: "list[Act]") -> "list[Act]":
    """An office that begins its runs of numbers, after its books on paper, before anything is dropped."""
    runs = [(0.5, dice.randint(3, 7)), (dice.choice((13.0, 14.0)), dice.randint(3, 7))]
    later = [replace(act, at=act.at + 15) for act in acts]
    return [Act(at, "operator", {"does": "begin", "which": which}) for at, which in runs] + later


def _lasting(dice: Random, serial: int) -> "list[Act]":
    """Trouble that lasts; of a share that fails or is looked through, often just when somebody drops a file."""
    what, at = dice.choice(_LASTING), _moment(dice, 0, 14)
    acts = [Act(at, "lasting", {"what": what, "seconds": dice.choice((1, 3, 8))})]
    if what in {"held:inbox", "flaky:inbox"} and dice.random() < 0.7:
        said = _form(dice, serial, dice.choice(("sound", "unseen", "marked")))
        half = said["sort"] == "sound" and dice.random() < 0.7
        said["how"] = dice.choice(("reopened", "reopened", "pausing", "stalled")) if half else said["how"]
        acts.append(Act(round(max(0.0, at - dice.choice((0.1, 0.5, 2.0))), 2), "drop", said))
    return acts


OPERATOR: Final = (
    *("reprocess", "reprocess", "cancel", "number", "number", "number", "void", "void", "mend", "admit", "begin"),
)


def _moment(dice: Random, begin: float, end: float) -> float:
    return round(dice.uniform(begin, end), 2)


def _form(dice: Random, serial: int, sort: str) -> "dict[str, Any]":
    return {"unit": dice.choice(UNITS), "sort": sort, "serial": serial, "how": dice.choice(_HOW)}


def _drops(dice: Random) -> "list[Act]":
    acts: list[Act] = []
    for serial in range(dice.choice((1, 1, 2, 2, 3))):
        said = _form(dice, serial, dice.choice(_SORTS))
        if said["how"] == "swapped" and dice.random() < 0.5:
            said["sort"] = "marked"
        acts.append(Act(_moment(dice, 0, 4), "drop", said))
    return acts


def _rush(dice: Random) -> "list[Act]":
    """Several letters of the cluster at once, and a store that is locked for a while: then each worker has one."""
    at = _moment(dice, 0, 4)
    said = {"unit": "", "sort": "sound", "how": "whole", "kind": "cluster"}
    letters = [Act(at, "drop", {**said, "serial": serial}) for serial in range(90, 90 + dice.choice((2, 3)))]
    return [*letters, Act(round(at + dice.uniform(0.9, 3), 2), "lasting", {"what": "locked", "seconds": 3})]


def _letters(dice: Random) -> "list[Act]":
    acts: list[Act] = []
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
    return acts


def _signs(dice: Random) -> "list[Act]":
    acts: list[Act] = []
    for _ in range(dice.choice((0, 1, 1, 2))):
        said = {"which": dice.randint(0, 3), "how": dice.choice(_HOW), "to": dice.choice(("", "da-ky"))}
        acts.append(Act(_moment(dice, 6, 14), "sign", said))
    return acts
