"""Only what an expression looks at is given to CEL: handing over a whole year costs a hundred times a rule."""

from collections.abc import Iterable
from typing import TypeAlias

from pipeline.model import Json
from pipeline.rules.syntax import EVERY_ELEMENT, Path

#: What to keep below a place; nothing below means all of it.
Plan: TypeAlias = "dict[str, Plan]"


def plan_of(used: Iterable[Path]) -> dict[str, Plan]:
    """What to keep of each variable, from the paths an expression uses."""
    plans: dict[str, Plan] = {}
    whole: set[Path] = set()
    # short paths first: one that is kept whole makes every longer one needless
    for path in sorted(used, key=len):
        if any(path[: len(one)] == one for one in whole):
            continue
        # a path that ends in "" keeps a list for its length alone; longer paths may still ask for its elements
        if path[-1:] != ("",):
            whole.add(path)
        here = plans
        for part in path:
            here = here.setdefault(part, {})
    return plans


def merged(plans: Iterable[Plan]) -> Plan:
    """What to keep so that every one of `plans` is served."""
    together: Plan = {}
    for plan in plans:
        if not plan:
            return {}
        for name, below in plan.items():
            together[name] = merged((together[name], below)) if name in together else below
    return together


def pruned(value: Json, plan: Plan) -> Json:
    """The parts of `value` that `plan` keeps; `value` itself when it keeps all."""
    if not plan:
        return value
    if isinstance(value, dict):
        if EVERY_ELEMENT in plan:  # a map looked through by its keys
            return value
        return {name: pruned(value[name], below) for name, below in plan.items() if name in value}
    if isinstance(value, list):
        below = plan.get(EVERY_ELEMENT)
        return value if below is None else [pruned(one, below) for one in value]
    return value
