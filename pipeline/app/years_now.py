"""The facts of years as their files are at this moment: read again when a file has changed.

For who shows things. Whoever works on documents goes by what was read at the start: machines that work together must
know the same (`app.machines.versions`).
"""

import logging
import math
import threading
import time
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline import kinds, years
from pipeline.app.kinds_now import KindsNow
from pipeline.practice import Practice
from pipeline.workspace import Workspace
from pipeline.years import Year

log = logging.getLogger(__name__)

#: The files are looked at for changes at most so often.
YEARS_LOOK_SECONDS: Final = 1.0


class YearsNow(Mapping[int, Year]):
    """The years whose files are sound; one whose file is broken, or gone while it is served, stays as it was."""

    def __init__(self, folder: Path, practice: Practice, known: Mapping[int, Year]) -> None:
        self._folder = folder
        self._practice = practice
        self._lock = threading.Lock()
        self._looked_at = -math.inf
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._known = dict(known)

    def __getitem__(self, year: int) -> Year:
        return self._now()[year]

    def __iter__(self) -> Iterator[int]:
        return iter(self._now())

    def __len__(self) -> int:
        return len(self._now())

    # each of one look: a year that is gone in the middle would be asked for
    def keys(self) -> KeysView[int]:
        """The years."""
        return self._now().keys()

    def values(self) -> ValuesView[Year]:
        """Their facts."""
        return self._now().values()

    def items(self) -> ItemsView[int, Year]:
        """Both."""
        return self._now().items()

    def words(self) -> Mapping[str, str]:
        """The words that the files of kinds leave to the office: those of the year that is served."""
        year = self._now().get(self._practice.year)
        return self._practice.words_of(year) if year is not None else kinds.OF_NO_OFFICE

    def _now(self) -> dict[int, Year]:
        with self._lock:
            if time.monotonic() - self._looked_at >= YEARS_LOOK_SECONDS:
                self._look()
                self._looked_at = time.monotonic()
            return self._known

    def _look(self) -> None:
        try:
            # before they are read: what is written meanwhile is read again at the next look
            seen = tuple(
                (path.name, path.stat().st_mtime_ns, path.stat().st_size)
                for path in sorted(self._folder.glob("*.yaml"))
            )
            if seen == self._seen:
                return
            loaded, broken = years.load_all(self._folder)
        except OSError as trouble:  # the folder is away for a moment, or a file just went
            log.warning("years are not read", extra={"action": "year.load", "why": str(trouble)})
            return
        for one in broken:
            log.error("year left as it was", extra={"action": "year.load", "why": str(one)})
        names = {name for name, _, _ in seen}
        kept = {
            year: facts
            for year, facts in self._known.items()
            if year not in loaded and (year == self._practice.year or f"{year}.yaml" in names)
        }
        self._known, self._seen = dict(sorted((kept | loaded).items())), seen


def following(workspace: Workspace) -> Workspace:
    """The same workspace, but that its years and the kinds made with their words are as their files are now."""
    now = YearsNow(workspace.folders.years, workspace.practice, workspace.years)
    return replace(workspace, years=now, loaded=KindsNow(workspace.folders.templates, now.words))
