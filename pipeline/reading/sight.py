"""Sight: the secrecy gate looks at what is painted, by a program that reads words (the-thuc.md §9.3, decision 0019).

All of it in memory and on this machine: the picture goes from the guarded child to the program by a pipe, and nothing
of it is written. It is known to take long, so it is begun only where nobody waits behind it (`tools.patience`).
"""

import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.files.refusals import Unfit
from pipeline.reading.look import DPI, Look, Mark, Unseen
from pipeline.tools import patience
from pipeline.tools.guard import Guard, GuardRefused
from pipeline.tools.tesseract import GlancedWord, Tesseract, Unreadable
from pipeline.vietnamese.read_marks import ReadLine, has_read_mark

log = logging.getLogger(__name__)

DRAW: Final = "pipeline.reading.painted:draw"
#: After so long no further sheet of a file is begun: others wait. It is enough for some hundred.
MOST_SECONDS: Final = 120.0
#: What is read upright has so many words of three letters and more of which the program is as sure.
_LEGIBLE_WORDS, _LEGIBLE_LETTERS, _SURE = 4, 3, 60
_TURNS: Final = (0, 90, 180, 270)
_PGM: Final = re.compile(rb"P5 (\d{1,5}) (\d{1,5}) 255\n")


@dataclass(frozen=True)
class Sight:
    """What reads pictures for the gate, None where nothing is to; `is_required`: what it cannot see is not let in."""

    reader: Tesseract | None = None
    is_required: bool = False
    most_seconds: float = MOST_SECONDS


def with_pictures(guard: Guard, path: Path, found: Look, sight: Sight) -> Look:
    """Complete an answer of the gate by what is painted in the file. Raises OutOfPatience, GuardFault."""
    if found.mark is Mark.MARKED:
        return found
    if sight.reader is None and not sight.is_required:
        return replace(found, unseen=Unseen.NOTHING)
    if not found.sheets:
        return _unseen(found, found.unseen, sight)
    if sight.reader is None or not sight.reader.available():
        return _unseen(found, Unseen.NO_READER, sight)
    patience.refuse_long()
    end = time.monotonic() + sight.most_seconds
    unseen = found.unseen
    for sheet in found.sheets:
        if time.monotonic() > end:
            return _unseen(found, Unseen.TOO_MANY, sight)
        try:
            if _is_marked(guard, sight.reader, path, found.sha256, sheet):
                return replace(found, mark=Mark.MARKED, why="")
        except (Unfit, GuardRefused, Unreadable) as error:
            # by its number: the name of a file may be the secret
            log.warning("not seen", extra={"action": "gate.sight", "sheet": sheet, "why": _reason(error)})
            unseen = Unseen.UNREADABLE
    return _unseen(found, unseen, sight)


def _reason(error: Exception) -> str:
    return error.finding.code if isinstance(error, Unfit) else str(error)


def _unseen(found: Look, why: Unseen, sight: Sight) -> Look:
    if why is not Unseen.NOTHING and sight.is_required and found.mark is Mark.NONE:
        return replace(found, mark=Mark.UNSEEN, why=f"gate.{why.value}", unseen=why)
    return replace(found, unseen=why)


def _is_marked(guard: Guard, reader: Tesseract, path: Path, sha256: str, sheet: int) -> bool:
    """Whether a sheet bears a mark; one on which no words are read is turned."""
    for turn in _TURNS:
        drawn = guard.call(DRAW, os.fsencode(path).hex(), sha256, sheet, turn, returns=bytes)
        is_legible = not drawn
        for number, layer in enumerate(_layers(drawn)):
            words = reader.glance(layer, DPI)
            if has_read_mark(_lines(words, is_red=number > 0)):
                return True
            is_legible = is_legible or _is_legible(words)
        if is_legible:
            return False
    return False


def _layers(drawn: bytes) -> Iterator[bytes]:
    """The pictures in what the child gave. Raises Unreadable for anything else."""
    at = 0
    while at < len(drawn):
        head = _PGM.match(drawn, at)
        if head is None:
            raise Unreadable("what was drawn is no picture")
        end = head.end() + int(head[1]) * int(head[2])
        yield drawn[at:end]
        at = end


def _is_legible(words: Iterable[GlancedWord]) -> bool:
    sure = [one for one in words if one.sure >= _SURE and sum(map(str.isalpha, one.text)) >= _LEGIBLE_LETTERS]
    return len(sure) >= _LEGIBLE_WORDS


def _lines(words: Iterable[GlancedWord], *, is_red: bool) -> Iterator[ReadLine]:
    lines: dict[tuple[int, int, int], list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return (ReadLine(" ".join(line), is_red) for line in lines.values())
