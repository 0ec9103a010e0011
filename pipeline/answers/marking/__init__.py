"""Marking: the file a unit sent, with every fault marked where it is.

The copy is made in a guarded child, which writes nothing: its bytes come back in the answer. A marked copy that was
mended and is dropped again is read as any form (`pipeline.ooxml.own_marks` says what is passed over), so a unit may
mend what it was sent back instead of its own file. Text without a place for comments (JSON, broken YAML) becomes a
page to look at. The same file and findings always give the same bytes.
"""

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from pipeline.answers.marking.marks import Copy, Marked
from pipeline.model import Address, Finding
from pipeline.tools.guard import Guard, GuardRefused, encoded

__all__ = ["FUNCTIONS", "Marked", "mark_guarded"]

_MARK = "pipeline.answers.marking.marker:mark"

#: What a guard must be started with to mark.
FUNCTIONS = (_MARK,)


def mark_guarded(
    guard: Guard,
    path: Path,
    name: str,
    findings: Sequence[Finding],
    *,
    nearby: frozenset[Address] = frozenset(),
    language: str,
) -> Marked | None:
    """Mark a copy of the file at `path`, dropped under `name`, in a guarded child, in the words of `language`.

    `nearby` are the addresses of findings that have no place of their own: theirs is the nearest one known. None when
    there is nothing to mark in it: a file refused at the door, one that is signed, that breaks its marker or would be
    too large. Raises GuardFault for a bug of ours.
    """
    # a name from a foreign file system may hold half letters, which cannot go to the child as JSON
    legible = name.encode("utf-8", errors="replace").decode()
    try:
        told = encoded(tuple(findings), tuple[Finding, ...])
        near = encoded(frozenset(nearby), frozenset[Address])
        # bytes as base64: what a child answers is JSON, rebuilt by its types
        made = guard.call(_MARK, str(path), legible, told, near, language, returns=Copy, about=path.name)
        return Marked(made.extension, base64.b64decode(made.base64, validate=True)) if made.extension else None
    except (GuardRefused, binascii.Error):
        return None
