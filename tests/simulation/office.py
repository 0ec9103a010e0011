"""The programs of a history: workers that watch or run again and again, and the operator's commands."""

import contextlib
import dataclasses
import functools
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, cast

from pipeline import years
from pipeline.app import numbering, obeying, operations
from pipeline.app.watching import Rhythm, serve_once, watch
from pipeline.app.worker import Worker
from pipeline.archive.standing import refuse_older
from pipeline.errors import IntegrityError, StateConflict, VanthuError
from pipeline.files import Spool
from pipeline.health.presence import present
from pipeline.intake import SizeLimits
from pipeline.ledger import Lease, Ledger
from pipeline.model import State
from pipeline.papers import ScanStandard
from pipeline.practice import Folders, Practice
from pipeline.reading import Sight
from pipeline.steps import incidents
from pipeline.workspace import Workspace
from pipeline.years import Year
from tests.folders import ROOT as CHECKOUT
from tests.simulation import stages
from tests.simulation.plan import UNITS
from tests.simulation.store import Store
from tests.simulation.system import ROOT, Event, System
from tests.simulation.world import LEASE_SECONDS, World

_OFFICE: Final = Path(ROOT) / "office"
FOLDERS: Final = Folders(
    inbox=_OFFICE / "inbox",
    outbox=_OFFICE / "outbox",
    archive=_OFFICE / "archive",
    anchors=_OFFICE / "moc-so",
    var=_OFFICE / "var",
    spool=_OFFICE / "var" / "spool",
    templates=CHECKOUT / "templates",
    years=_OFFICE / "years",
    certificates=CHECKOUT / "certificates",
    signed="da-ky",
    incoming="van-ban-den",
    outgoing="van-ban-di",
    awaiting="cho-ky",
    register="so-dang-ky",
    clerk="van-thu",
    issued="ban-sao",
)
_PRACTICE: Final = Practice(
    year=2022,
    language="vi",
    number_reset="auto",
    has_one_outgoing_run=False,
    forced_profile="",
    signature_style="",
    symbol="",
    contact="",
    speaks_for_cluster=frozenset(),
    limits=SizeLimits(100_000, 100_000),
    scan_standard=ScanStandard(),
    makes_text=False,
)
#: How often a worker that nothing wakes looks; and how often one that ends is run again.
SCAN_SECONDS: Final = 12.0
EVENTS_SEEN: Final = 0.8
MOST_RESTARTS: Final = 300
KEY: Final = b"01" * 32


@functools.cache
def _year() -> Year:
    year = years.load(CHECKOUT / "years" / "2022.yaml")
    values = {one.name: getattr(year, one.name) for one in dataclasses.fields(Year) if one.init}
    return stages.ThreeUnits(**values | {"units": tuple(unit for unit in year.units if unit.code in UNITS)})


class Office:
    """Starts programs, and starts them again when they end."""

    def __init__(self, world: World, system: System, store: Store, own: "stages.Stages") -> None:
        self.world, self.system, self.store, self.stages = world, system, store, own
        self.guard = stages.Guard(system)
        self.stop = Event(world)
        self.wakes: list[Event] = []
        self.news: list[Any] = []
        #: ways that ended by something that nobody foresaw
        self.restarts = 0
        world.ended = self._ended  # type: ignore[method-assign]
        self._way: dict[int, int] = {}
        self._leases: dict[int, str] = {}

    def lease_of(self, program: Any) -> str:
        """The name under which a program leases jobs."""
        return self._leases.get(program.number, "") if program is not None else ""

    def begin(self) -> None:
        disk = self.world.disk
        for folder in (
            "",
            *(
                f"/{one.name}"
                for one in (FOLDERS.inbox, FOLDERS.outbox, FOLDERS.archive, FOLDERS.anchors, FOLDERS.var)
            ),
        ):
            disk.mkdir(f"/office{folder}")
        for unit in (*UNITS, "da-ky"):
            disk.mkdir(f"/office/inbox/{unit}")
        if self.world.plan.share == "remote":
            # on a share of another machine; else all lies on one disk
            for share in ("inbox", "outbox"):
                for node in _folders(disk.find(f"/office/{share}")):
                    node.device = 8
        fd = disk.open("/office/var/khoa-moc.key", 0o101, 0)
        disk.write(fd, KEY)
        disk.fsync(fd)
        disk.close(fd)
        disk.sync_names({node.number for node in _folders(disk.root)})
        for way in range(self.world.plan.workers):
            self.start(way, 0.0)

    def start(self, way: int, after_s: float = 0.0) -> None:
        program = self.world.start(f"worker-{way + 1}", lambda: self._works(way), after_s)
        self._way[program.number] = way

    def _ended(self, program: Any) -> None:
        trouble = program.trouble
        if trouble is not None:
            self.world.note(f"ended: {type(trouble).__name__}")
            if not isinstance(trouble, VanthuError) or _is_shameful(trouble):
                self.world.violated(f"{program.name} ended with {_said(trouble)}")
        way = self._way.pop(program.number, None)
        if way is not None and not self.stop.is_set():
            self.restarts += 1
            if self.restarts > MOST_RESTARTS:
                self.world.violated("a worker ends again and again")
                self.stop.set()
                return
            self.start(
                way, 12.0 if self.world.plan.ways[way] == "run" and trouble is None and not program.is_dead else 2.0
            )

    @contextlib.contextmanager
    def opened(self, who: str, *, works: bool = True) -> Iterator[Workspace]:
        """Open the workspace as `app.opening` does, on the history's disk and database."""
        ledger = Ledger(self.store.engine, self.world.clock, who)
        with contextlib.ExitStack() as stack:
            name = stack.enter_context(present(FOLDERS.workers)) if works else ""
            if self.world.current is not None:
                self._leases[self.world.current.number] = name
            workspace = Workspace(
                folders=FOLDERS,
                practice=_PRACTICE,
                ledger=ledger,
                spool=Spool(FOLDERS.var / "spool"),
                years={2022: _year()},
                loaded=stages.known_kinds,
                guard=cast("Any", self.guard),
                office=cast("Any", self.guard),
                converter=None,
                tesseract=None,
                sight=Sight(),
                clock=self.world.clock,
                lease=Lease(name, LEASE_SECONDS),
                mark_key=lambda: KEY,
                obey=obeying.obey,
                mail=None,
                _kinds={},
            )
            refuse_older(ledger.log, workspace.places)
            ledger.refuse_lost(FOLDERS.archive)
            yield workspace

    def _works(self, way: int) -> None:
        plan = self.world.plan
        with self.opened(f"worker-{way + 1}") as workspace:
            worker = Worker(workspace)
            if plan.ways[way] == "watch":
                wake = Event(self.world)
                self.wakes.append(wake)
                rhythm = Rhythm(SCAN_SECONDS, plan.quiet)
                watch(worker, rhythm, cast("Any", self.stop), cast("Any", wake), lambda _moved: None)
                return
            serve_once(worker, Rhythm(SCAN_SECONDS, plan.quiet))

    @contextlib.contextmanager
    def observed(self, _folder: object, news: Any, **_: Any) -> Iterator[None]:
        """Who watches is told of what happens in the inbox, as an observer tells."""
        self.news.append(news)
        try:
            yield None
        finally:
            self.news.remove(news)

    def something_happened(self) -> None:
        """Events of the file system wake who watches: mostly; some are lost, some come twice."""
        for news in self.news:
            if self.world.dice.random() < EVENTS_SEEN:
                news.set()

    def wake_all(self) -> None:
        for wake in self.wakes:
            wake.set()

    # the operator

    def operates(self, does: str, which: int) -> None:
        """One command of the operator, in a process of its own."""

        def main() -> None:
            with self.opened("operator", works=False) as workspace, contextlib.suppress(VanthuError):
                _COMMANDS[does](self, workspace, which)

        self.world.start("operator", main)

    def mend(self, _workspace: Workspace, _which: int) -> None:
        self.stages.facts = 2

    def reprocess(self, workspace: Workspace, which: int) -> None:
        planned = operations.plans(workspace)
        if planned:
            operations.reprocess(workspace, planned[which % len(planned)], "làm lại")

    def cancel(self, workspace: Workspace, which: int) -> None:
        jobs = workspace.ledger.in_states(
            (State.RETURNED, State.HELD, State.DELIVERED, State.NUMBERED, State.WAITING)
        )
        if jobs:
            operations.cancel(workspace, jobs[which % len(jobs)], "thôi")

    def number(self, workspace: Workspace, which: int) -> None:
        jobs = workspace.ledger.in_states((State.DELIVERED, State.NUMBERED))
        if jobs:
            numbering.next_number(workspace, jobs[which % len(jobs)])

    def void(self, workspace: Workspace, which: int) -> None:
        jobs = workspace.ledger.in_states((State.NUMBERED,))
        if jobs:
            numbering.void_number(workspace, jobs[which % len(jobs)], "nhầm")

    def admit(self, workspace: Workspace, which: int) -> None:
        stopped = [one for one in incidents.standing(workspace) if one.sort == incidents.UNSEEN]
        if stopped:
            operations.admit(workspace, stopped[which % len(stopped)].number, "đã xem")

    def begin_run(self, workspace: Workspace, which: int) -> None:
        # the runs that numbers are really given in: of a year, and of a term
        numbering.begin(workspace, ("ĐẾN/2022", "CV/2020-2025", "GƯ/2020-2025")[which % 3], which // 3 + 1, "sổ giấy")


_COMMANDS: Final[dict[str, Callable[[Office, Workspace, int], None]]] = {
    "mend": Office.mend,
    "reprocess": Office.reprocess,
    "cancel": Office.cancel,
    "number": Office.number,
    "void": Office.void,
    "admit": Office.admit,
    "begin": Office.begin_run,
}


def _folders(node: Any) -> Iterator[Any]:
    yield node
    for inner in node.names.values():
        if inner.is_folder:
            yield from _folders(inner)


def _is_shameful(trouble: BaseException) -> bool:
    """Trouble that no fault of the world explains."""
    return isinstance(trouble, IntegrityError | StateConflict)


def _said(trouble: BaseException) -> str:
    frames = traceback.extract_tb(trouble.__traceback__)
    last = next((one for one in reversed(frames) if "/pipeline/" in one.filename), frames[-1])
    return f"{type(trouble).__name__}: {trouble} ({Path(last.filename).name}:{last.name})"
