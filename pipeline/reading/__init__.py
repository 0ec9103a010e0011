"""Reading: from the bytes of a submitted form to its values, their places, and everything odd about them.

Foreign bytes are only opened in a guarded child: the flow calls `read_guarded`, the readers themselves are imported
by the child alone.
"""

import functools
import os
from pathlib import Path

from pipeline.model import Reading
from pipeline.reading import refusals
from pipeline.reading.desk import ContentName, Desk, KindForm, Node, UnitNames, form_tree
from pipeline.tools.guard import Guard, GuardRefused, Packed, Reason, packed

__all__ = [
    "FUNCTIONS",
    "ContentName",
    "Desk",
    "KindForm",
    "Node",
    "UnitNames",
    "form_tree",
    "is_marked_guarded",
    "probe_guarded",
    "read_guarded",
]

_READ = "pipeline.reading.reader:read"
_PROBE = "pipeline.reading.reader:probe"
_GATE = "pipeline.reading.reader:is_marked"

#: What a guard must be started with to read.
FUNCTIONS = (_READ, _PROBE, _GATE)


def read_guarded(guard: Guard, path: Path, name: str, desk: Desk) -> Reading:
    """Read the file at `path`, dropped under `name`, in a guarded child; a file that breaks its reader is a finding.

    Raises GuardFault for a bug of ours.
    """
    return _called(guard, _READ, path, name, _packed(desk))


def probe_guarded(guard: Guard, path: Path, name: str) -> Reading:
    """Look at the door only: format and refusals, for papers that are not read as forms."""
    return _called(guard, _PROBE, path, name)


def is_marked_guarded(guard: Guard, path: Path, name: str) -> bool:
    """Tell, in a guarded child, whether a file still in the inbox bears a mark of secrecy (the-thuc.md §9).

    A file that breaks its reader is not called marked: it is refused later, for what it is.
    """
    try:
        # a name in the inbox may be any bytes, and what goes to the child is JSON
        return guard.call(_GATE, os.fsencode(path).hex(), name, returns=bool)
    except GuardRefused:
        return False


@functools.lru_cache(maxsize=4)
def _packed(desk: Desk) -> Packed:
    return packed(desk)


def _called(guard: Guard, function: str, path: Path, name: str, *more: object) -> Reading:
    try:
        legible = name.encode("utf-8", errors="replace").decode()
        return guard.call(function, str(path), legible, *more, returns=Reading)
    except GuardRefused as refused:
        heavy = refused.reason is not Reason.DIED
        return Reading("", findings=(refusals.too_heavy() if heavy else refusals.damaged(),))
