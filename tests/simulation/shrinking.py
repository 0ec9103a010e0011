"""A history that fails made smaller: what can be left out of its plan without its failing is left out."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.simulation.plan import Plan

#: A history is lived so often at most to make it smaller.
MOST_LIVES = 120


def shrunk(plan: Plan, fails: Callable[[Plan], bool]) -> Plan:
    """The smallest plan found that still fails; `fails` lives one."""
    left = MOST_LIVES
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for smaller in _smaller(plan):
            left -= 1
            if left < 0:
                return plan
            if fails(smaller):
                plan, is_smaller = smaller, True
                break
    return plan


def _smaller(plan: Plan) -> Iterator[Plan]:
    if plan.workers > 1:
        yield replace(plan, workers=1, ways=plan.ways[:1])
        yield replace(plan, workers=plan.workers - 1, ways=plan.ways[:-1])
    yield from (plan.without(acts={at}) for at in range(len(plan.acts)))
    yield from (plan.without(faults={at}) for at in range(len(plan.faults)))
    if "run" in plan.ways:
        yield replace(plan, ways=("watch",) * plan.workers)
    if plan.share != "local":
        yield replace(plan, share="local")
    if plan.switches > 0:
        yield replace(plan, switches=0.0)
