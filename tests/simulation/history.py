"""One history from its plan to its judgement."""

import contextlib
import gc
import logging
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.simulation import stages
from tests.simulation.judge import Watchman, judged, leased_at_rest, left_by_the_living
from tests.simulation.office import Office
from tests.simulation.people import People
from tests.simulation.plan import Act, Plan
from tests.simulation.store import Store
from tests.simulation.system import System, installed
from tests.simulation.world import SECOND, Endless, World

#: So long after what people began last things go on going wrong; then there is calm.
TROUBLED_SECONDS = 4.0
#: In calm, so much time without a change is rest; and so often it is waited for.
CALM_SECONDS = 26.0
MOST_CALM = 20
_ALL_THAT_CHANGES = (
    "SELECT (SELECT max(id) FROM events), (SELECT max(id) FROM attempts), (SELECT count(*) FROM drops), "
    "(SELECT count(*) FROM publications WHERE done_at = ''), (SELECT count(*) FROM jobs WHERE lease_owner <> '')"
)


@dataclass(frozen=True)
class Told:
    """What became of a history."""

    plan: Plan
    violations: tuple[str, ...]
    world: World
    acts: int
    #: what the history came to, for the measures: states, numbers, restarts
    facts: dict[str, int]

    @property
    def trace(self) -> list[str]:
        """Everything that happened, a line each."""
        return self.world.trace


class Simulator:
    """Lives histories, one after the other."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._store = Store(system)
        self._stages = stages.Stages(system)

    def ledger(self) -> sqlite3.Connection:
        """A copy of the ledger that the last history left."""
        return self._store.beside()

    def live(self, plan: Plan) -> Told:
        """Live one history."""
        world = World(plan)
        self._system.world = world
        self._store.begin_anew()
        self._stages.facts = 1
        self._stages.alone.under_way.clear()
        people = People(world)
        office = Office(world, self._system, self._store, self._stages)
        watchman = Watchman(world, self._store)
        self._system.on_named, self._system.on_unlink = watchman.named, watchman.taken_away  # type: ignore[method-assign]
        self._stages.rendering = lambda draft: watchman.rendering(draft, office.lease_of(world.current))
        people.changed = office.something_happened
        office.guard.looked = people.looked
        self._stages.observed = office.observed
        office.begin()
        for act in plan.acts:
            world.at(act.at, lambda act=act: _begins(act, people, office, world))  # type: ignore[misc]
        ends = int((max((act.at for act in plan.acts), default=0.0) + TROUBLED_SECONDS) * SECOND)
        try:
            world.run(lambda: world.now >= ends and not people.busy)
            _calm(world, office, self._store)
        except Endless:
            world.violated("it does not come to rest")
        finally:
            world.stop_all()
        if not world.violations:
            world.is_judged = True
            for one in judged(world, self._store, people.dropped):
                world.violated(one)
        facts = dict(self._store.rows("SELECT state, count(*) FROM jobs GROUP BY 1"))
        facts["restarts"] = office.restarts
        self._system.world = None
        return Told(plan, tuple(world.violations), world, world.acts, facts)


def _begins(act: Act, people: People, office: Office, world: World) -> None:
    said = act.said
    match act.what:
        case "drop":
            people.begins(act, people.drop(act))
        case "sign":
            people.begins(act, people.sign(act))
        case "operator":
            office.operates(said["does"], said["which"])
        case "clock":
            world.note(f"CLOCK {said['seconds']}")
            world.offset += said["seconds"] * SECOND
            world.clock_set = world.now
        case "lasting":
            world.note(f"LASTS {said['what']}")
            if said["what"].startswith("empty:"):
                _goes_away(world, said["what"].removeprefix("empty:"), said["seconds"])
            world.lasting[said["what"]] = world.now + said["seconds"] * SECOND


def _goes_away(world: World, name: str, seconds: float) -> None:
    """A share goes and comes back; what is written where it was mounted is lost to everybody."""
    path = f"/office/{name}"
    if world.plan.share != "remote" or f"away:{name}" in world.lasting:
        return
    if world.disk.there(f"/office/var/folders/{name}.json") is None:
        return  # what was never seen is taken for what lies there: nobody can know better
    world.lasting[f"away:{name}"] = 1 << 62
    share = world.disk.unmount(path)

    def comes_back() -> None:
        for covered in world.disk.mount(path, share):
            world.violated(f"written where a share was missing: {name}{covered}")
        del world.lasting[f"away:{name}"]

    world.at(world.now / SECOND + seconds, comes_back)


def _calm(world: World, office: Office, store: Store) -> None:
    """Nothing goes wrong any more; leases run out, temporary files grow old; everybody works until all rests."""
    world.note("CALM")
    world.is_calm = True
    world.pass_at_once(400)
    _rests(world, store)
    for one in leased_at_rest(store):
        world.violated(one)
    _stopped(world, office)
    for one in left_by_the_living(world):
        world.violated(one)
    # what was left by those that were killed, or set aside, is old by then: who starts next takes it away
    for _ in range(2):
        world.pass_at_once(4000)
        office.stop.clear()
        office.start(0)
        _rests(world, store)
        _stopped(world, office)


def _rests(world: World, store: Store) -> None:
    """Let time pass until nothing changes any more."""

    def standing() -> object:
        inbox = [path for path, _ in world.disk.walk(world.disk.find("/office/inbox"))]
        return store.rows(_ALL_THAT_CHANGES), inbox

    before = standing()
    for _ in range(MOST_CALM):
        until = world.now + int(CALM_SECONDS * SECOND)
        world.at(until / SECOND, lambda: None)
        world.run(lambda until=until: world.now >= until)  # type: ignore[misc]
        now = standing()
        if now == before:
            return
        before = now


def _stopped(world: World, office: Office) -> None:
    office.stop.set()
    office.wake_all()
    world.run(lambda: not world.programs)


def _replace(stack: contextlib.ExitStack, owner: Any, name: str, stand: Any) -> None:
    """Put a stand-in wherever a stage is known by name."""
    real = getattr(owner, name)
    known = [owner, *(one for at, one in sys.modules.items() if at.startswith("pipeline.") and one is not owner)]
    for module in known:
        if vars(module).get(name) is real:
            stack.callback(setattr, module, name, real)
            setattr(module, name, stand)


@contextlib.contextmanager
def simulator() -> Iterator[Simulator]:
    """The program with its stand-ins in place, for as many histories as one likes."""
    logging.disable(logging.CRITICAL)
    with installed() as system, contextlib.ExitStack() as stack:
        made = Simulator(system)
        for owner, name, stand in (*made._stages.replaced(), *made._store.replaced()):
            _replace(stack, owner, name, stand)
        stack.callback(logging.disable, logging.NOTSET)
        gc.freeze()
        yield made
