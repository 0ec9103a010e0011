"""A year in figures: what came in, how much of it was right the first time, and how long things took.

The browser and the command line show the same figures, which are made here and nowhere else.
"""

import bisect
import datetime as dt
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipeline.ledger.figures import Dropped, changed, dropped
from pipeline.messages import shown, tr
from pipeline.model import State
from pipeline.workspace import Workspace

_DAY: Final = dt.timedelta(days=1)
#: What was said of a file, in whichever way.
_ANSWERS: Final = (State.ACCEPTED, State.RETURNED, State.MATCHED, State.HELD)
_COUNTED: Final = frozenset({*_ANSWERS, State.SIGNED, State.ARCHIVED})
_JUDGED: Final = frozenset({State.ACCEPTED, State.RETURNED})
#: The times that are counted, each by the states of which the first one ends it.
_ENDS: Final = (_ANSWERS, (State.SIGNED,), (State.ARCHIVED,))
#: Of so many at once each list is put in order as a whole.
_MANY: Final = 1000


@dataclass(frozen=True)
class Lasted:
    """How long something took, in days: of how many, the middle one, and what nine of ten did not exceed."""

    count: int = 0
    median: float = 0.0
    most: float = 0.0


@dataclass(frozen=True)
class Line:
    """The figures of a unit, a kind, or all.

    `files` came in; `forms` are those that were the first about their matter, of which `right` were accepted without
    having been sent back. Times begin when the file came; only what got so far is counted.
    """

    code: str
    name: str
    files: int
    forms: int
    right: int
    to_answer: Lasted
    to_signature: Lasted
    to_archive: Lasted

    @property
    def right_percent(self) -> float | None:
        """Of a hundred forms so many were right the first time; None where there is none."""
        return 100 * self.right / self.forms if self.forms else None


@dataclass(frozen=True)
class Statistics:
    """A calendar year in figures: by days on which anything came, by units, by kinds, and as a whole.

    `again` are files that had come before, bytes and all; they are in none of the other figures.
    """

    year: int
    as_of: dt.datetime
    days: tuple[tuple[dt.date, int], ...]
    all: Line
    units: tuple[Line, ...]
    kinds: tuple[Line, ...]
    again: int


def statistics_of(workspace: Workspace, year: int) -> Statistics:
    """Count a calendar year, by the office's own time."""
    return Counting(year).statistics(workspace)


class Counting:
    """One year, counted once and then kept up to the ledger: of very many files the few are read that changed.

    Whatever becomes of a file leaves an event that names its job.
    """

    def __init__(self, year: int) -> None:
        self._year = year
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._position: int | None = None
        self._shares: dict[int, _Share] = {}
        self._again: dict[int, int] = {}
        self._days: Counter[dt.date] = Counter()
        self._all = _Tally()
        self._units: defaultdict[str, _Tally] = defaultdict(_Tally)
        self._kinds: defaultdict[str, _Tally] = defaultdict(_Tally)

    def statistics(self, workspace: Workspace) -> Statistics:
        """Give the figures as they are now."""
        with self._lock:
            self._keep_up(workspace)
            return Statistics(
                self._year,
                workspace.clock().astimezone(),
                tuple(sorted((day, count) for day, count in self._days.items() if count)),
                self._all.line("", tr("all files")),
                tuple(_lines(self._units, _unit_names(workspace, self._year))),
                tuple(_lines(self._kinds, _kind_names(workspace))),
                sum(self._again.values()),
            )

    def _keep_up(self, workspace: Workspace) -> None:
        engine = workspace.ledger.engine
        # before anything is read: what comes meanwhile is read once more
        head, _ = workspace.ledger.events_head()
        if head == self._position:
            return
        if self._position is not None and head < self._position:
            # another ledger, put in place of this one
            self._begin()
        of = None if self._position is None else changed(engine, self._position, head)
        since, until = (dt.datetime(one, 1, 1).astimezone() for one in (self._year, self._year + 1))
        found = dropped(engine, since, until, _COUNTED, of)
        for job in of or ():
            self._again.pop(job, None)
            if (gone := self._shares.pop(job, None)) is not None:
                self._without(gone)
        self._again |= found.again
        self._with([(one.job_id, _share(one)) for one in found.files])
        self._position = head

    def _with(self, found: list[tuple[int, "_Share"]]) -> None:
        for job, one in found:
            self._shares[job] = one
            self._days[one.day] += 1
            for tally in self._tallies(one):
                tally.add(one, is_one_of_many=len(found) > _MANY)
        if len(found) > _MANY:
            for tally in (self._all, *self._units.values(), *self._kinds.values()):
                tally.put_in_order()

    def _without(self, one: "_Share") -> None:
        self._days[one.day] -= 1
        for tally in self._tallies(one):
            tally.remove(one)

    def _tallies(self, one: "_Share") -> tuple["_Tally", ...]:
        return self._all, self._units[one.unit], self._kinds[one.kind]


class _Share(NamedTuple):
    """What one file adds to the figures; `days` until each of `_ENDS`, None where it did not get so far."""

    unit: str
    kind: str
    day: dt.date
    is_form: bool
    is_right: bool
    days: tuple[float | None, ...]


def _share(one: Dropped) -> _Share:
    # a paper that came back, or was made elsewhere, is no form: it is neither right nor wrong
    is_form = bool(one.kind) and one.revision == 1 and bool(one.first.keys() & _JUDGED)
    is_right = is_form and State.ACCEPTED in one.first and State.RETURNED not in one.first
    ends = ([at for state, at in one.first.items() if state in states] for states in _ENDS)
    days = tuple(max(0.0, (min(reached) - one.received_at) / _DAY) if reached else None for reached in ends)
    return _Share(one.unit, one.kind, one.received_at.astimezone().date(), is_form, is_right, days)


@dataclass
class _Tally:
    """The figures of a unit, a kind, or all, as they are added up; `days` are in order."""

    files: int = 0
    forms: int = 0
    right: int = 0
    days: tuple[list[float], ...] = field(default_factory=lambda: tuple([] for _ in _ENDS))

    def add(self, one: _Share, *, is_one_of_many: bool = False) -> None:
        """Count one file more; of many the times are put in order afterwards."""
        self._count(one, 1)
        for listed, days in zip(self.days, one.days, strict=True):
            if days is None:
                continue
            if is_one_of_many:
                listed.append(days)
            else:
                bisect.insort(listed, days)

    def remove(self, one: _Share) -> None:
        """Count one file less that was counted."""
        self._count(one, -1)
        for listed, days in zip(self.days, one.days, strict=True):
            if days is not None:
                del listed[bisect.bisect_left(listed, days)]

    def put_in_order(self) -> None:
        """Put the times in order that many have added."""
        for listed in self.days:
            listed.sort()

    def _count(self, one: _Share, by: int) -> None:
        self.files += by
        self.forms += by * one.is_form
        self.right += by * one.is_right

    def line(self, code: str, name: str) -> Line:
        """Say it."""
        return Line(code, name, self.files, self.forms, self.right, *map(_lasted, self.days))


def _together(tallies: Iterable[_Tally]) -> _Tally:
    made = _Tally()
    for one in tallies:
        made.files += one.files
        made.forms += one.forms
        made.right += one.right
        for listed, days in zip(made.days, one.days, strict=True):
            listed.extend(days)
    made.put_in_order()
    return made


def years_of(workspace: Workspace) -> list[int]:
    """The years that can be asked for: those whose facts are known, and the present one, the newest first."""
    return sorted({*workspace.years, workspace.practice.year, workspace.today().year}, reverse=True)


def _unit_names(workspace: Workspace, year: int) -> dict[str, str]:
    known = workspace.years.get(year) or workspace.years.get(workspace.practice.year)
    return {unit.code: unit.name for unit in known.units} if known is not None else {}


def _kind_names(workspace: Workspace) -> dict[str, str]:
    return {one.id: shown(one.title) for one in workspace.loaded().kinds.values()}


def _lines(tallies: Mapping[str, _Tally], names: Mapping[str, str]) -> Iterator[Line]:
    """A line for each that anything came of, in the order of the names; what belongs to none of them last."""
    for code, name in names.items():
        if code in tallies and tallies[code].files:
            yield tallies[code].line(code, name)
    others = [tally for code, tally in tallies.items() if code not in names and tally.files]
    if others:
        made = others[0] if len(others) == 1 else _together(others)
        yield made.line("", tr("other files (signed papers, papers not made here, not recognised)"))


def _lasted(days: list[float]) -> Lasted:
    """Say of times that are in order how many, the middle one, and what nine of ten did not exceed."""
    if not days:
        return Lasted()
    half, is_odd = divmod(len(days), 2)
    median = days[half] if is_odd else (days[half - 1] + days[half]) / 2
    most = days[min(len(days) - 1, -(-len(days) * 9 // 10) - 1)]
    return Lasted(len(days), round(median, 2), round(most, 2))
