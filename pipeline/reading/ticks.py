"""Lists that are filled in by ticking boxes: a box named "units_missing=CATP" stands for one value of its list."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pipeline.reading.raw import Cell

_BETWEEN: Final = "="


def lists_of_ticks(named: Mapping[str, Cell]) -> dict[str, Cell]:
    """The named cells, with one for each list in the place of its boxes: the values ticked, a line for each."""
    made: dict[str, Cell] = {}
    for name, cell in named.items():
        of_list, is_box, value = name.partition(_BETWEEN)
        if not is_box or not isinstance(cell.value, bool):
            made[name] = cell
            continue
        # the list stands where its first ticked box does, or its first
        before = made.get(of_list)
        if before is None or (before.value is None and cell.value):
            made[of_list] = replace(cell, value=value if cell.value else None)
        elif cell.value:
            made[of_list] = before.holding(f"{before.text}\n{value}")
    return made
