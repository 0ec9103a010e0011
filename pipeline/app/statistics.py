"""A year in figures: what came in, how much of it was right the first time, and how long things took.

The browser and the command line show the same figures, which are made here and nowhere else.
"""

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.ledger.figures import Dropped, dropped
from pipeline.messages import shown, tr
from pipeline.model import State
from pipeline.workspace import Workspace

_DAY: Final = dt.timedelta(days=1)
#: What was said of a file, in whichever way.
_ANSWERS: Final = (State.ACCEPTED, State.RETURNED, State.MATCHED, State.HELD)
_COUNTED: Final = frozenset({*_ANSWERS, State.SIGNED, State.ARCHIVED})


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
    since, until = (dt.datetime(one, 1, 1).astimezone() for one in (year, year + 1))
    files, again = dropped(workspace.ledger.engine, since, until, _COUNTED)
    days = Counter(one.received_at.astimezone().date() for one in files)
    return Statistics(
        year,
        workspace.clock().astimezone(),
        tuple(sorted(days.items())),
        _line("", tr("all files"), files),
        tuple(_lines(files, lambda one: one.unit, _unit_names(workspace, year))),
        tuple(_lines(files, lambda one: one.kind, _kind_names(workspace))),
        again,
    )


def years_of(workspace: Workspace) -> list[int]:
    """The years that can be asked for: those whose facts are known, and the present one, the newest first."""
    return sorted({*workspace.years, workspace.practice.year, workspace.today().year}, reverse=True)


def _unit_names(workspace: Workspace, year: int) -> dict[str, str]:
    known = workspace.years.get(year) or workspace.years.get(workspace.practice.year)
    return {unit.code: unit.name for unit in known.units} if known is not None else {}


def _kind_names(workspace: Workspace) -> dict[str, str]:
    return {one.id: shown(one.title) for one in workspace.loaded().kinds.values()}


def _lines(files: Sequence[Dropped], key: Callable[[Dropped], str], names: dict[str, str]) -> Iterable[Line]:
    """A line for each that anything came of, in the order of the names; what belongs to none of them last."""
    groups: dict[str, list[Dropped]] = {}
    for one in files:
        groups.setdefault(key(one) if key(one) in names else "", []).append(one)
    for code, name in names.items():
        if code in groups:
            yield _line(code, name, groups[code])
    if "" in groups:
        yield _line("", tr("other files (signed papers, papers not made here, not recognised)"), groups[""])


def _line(code: str, name: str, files: Sequence[Dropped]) -> Line:
    # a paper that came back, or was made elsewhere, is no form: it is neither right nor wrong
    forms = [one for one in files if one.kind and one.revision == 1 and one.first.keys() & _JUDGED]
    return Line(
        code=code,
        name=name,
        files=len(files),
        forms=len(forms),
        right=sum(State.ACCEPTED in one.first and State.RETURNED not in one.first for one in forms),
        to_answer=_lasted(files, _ANSWERS),
        to_signature=_lasted(files, (State.SIGNED,)),
        to_archive=_lasted(files, (State.ARCHIVED,)),
    )


_JUDGED: Final = frozenset({State.ACCEPTED, State.RETURNED})


def _lasted(files: Iterable[Dropped], states: Iterable[State]) -> Lasted:
    wanted = frozenset(states)
    ends = ((one, [at for state, at in one.first.items() if state in wanted]) for one in files)
    days = sorted(max(0.0, (min(reached) - one.received_at) / _DAY) for one, reached in ends if reached)
    if not days:
        return Lasted()
    most = days[min(len(days) - 1, -(-len(days) * 9 // 10) - 1)]
    return Lasted(len(days), round(statistics.median(days), 2), round(most, 2))
