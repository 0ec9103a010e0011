"""A look at the inbox: what lies in it.

Looking at the folder decides, not the events of the file system (docs/decisions/0003): events are lost when a queue
overflows and never arrive from a network share, a look costs 0.07 s for 20,000 files.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline import naming
from pipeline.errors import TransientError
from pipeline.files import Stamp, stamp_of
from pipeline.messages import tr

log = logging.getLogger(__name__)

#: How deep below the inbox a file may lie: inbox/<UNIT>/<folders of the unit's own>/file.
DEPTH: Final = 8


@dataclass(frozen=True)
class Found:
    """A file of the inbox as the last look found it; `name` is relative to the inbox."""

    name: PurePosixPath
    stamp: Stamp

    @property
    def folder(self) -> str:
        """The subfolder of the inbox it lies in, "" for the inbox itself."""
        return naming.display(self.name.parts[0]) if len(self.name.parts) > 1 else ""

    @property
    def shown_name(self) -> str:
        """The file's own name as people may read it."""
        return naming.display(self.name.name)


class InboxAway(TransientError):  # noqa: N818 - names a state of the world
    """The inbox, which lies at `folder`, cannot be looked at: its share went away, or lets nobody in."""

    exit_code = 35

    def __init__(self, sentence: str, folder: str) -> None:
        super().__init__(sentence)
        self.folder = folder


@dataclass(frozen=True)
class Survey:
    """What one look saw: the entries, oldest first, and whether everything could be looked at."""

    found: list[Found]
    is_whole: bool


def look(inbox: Path) -> list[Found]:
    """List what lies in the inbox, as `survey`. Raises InboxAway."""
    return survey(inbox).found


def survey(inbox: Path) -> Survey:
    """List what lies in the inbox, oldest first, without other programs' temporary files. Raises InboxAway.

    What is no file is listed, too: a link, a pipe, a device, a folder that lies too deep or lets nobody look into it.
    `take` says what is wrong with it.
    """
    walk = _Walk()
    try:
        entries = os.scandir(inbox)
        found = list(walk.below(entries, PurePosixPath(), DEPTH))
    except OSError as trouble:
        raise InboxAway(
            tr(
                "The inbox {inbox} cannot be looked at ({reason}). Check that its share or disk is there, and the "
                "rights of the folder; the work goes on by itself then.",
                inbox=str(inbox),
                reason=trouble.strerror or type(trouble).__name__,
            ),
            str(inbox),
        ) from trouble
    return Survey(sorted(found, key=lambda one: (one.stamp.mtime_ns, str(one.name))), is_whole=not walk.passed_over)


class _Walk:
    """One walk through the inbox; `passed_over` counts what a share in trouble did not show."""

    def __init__(self) -> None:
        self.passed_over = 0

    def below(self, entries: Iterator["os.DirEntry[str]"], name: PurePosixPath, depth: int) -> Iterator[Found]:
        """List entries of a folder of this name, and what lies below. Raises OSError for the folder itself."""
        for entry in entries:
            if not naming.ignored(entry.name):
                try:
                    yield from self._one(entry, name / entry.name, depth)
                except FileNotFoundError:  # it went away between the two looks
                    continue
                except OSError as trouble:
                    self.passed_over += 1
                    log.info("not looked at", extra={"action": "intake.look", "why": trouble.strerror})

    def _one(self, entry: "os.DirEntry[str]", name: PurePosixPath, depth: int) -> Iterator[Found]:
        if entry.is_dir(follow_symlinks=False) and depth > 1:
            try:
                entries = os.scandir(entry.path)
            except PermissionError:
                # one folder that lets nobody look keeps nobody from looking at the others; it is told of
                yield Found(name, stamp_of(entry.stat(follow_symlinks=False)))
            else:
                yield from self.below(entries, name, depth - 1)
        else:
            yield Found(name, stamp_of(entry.stat(follow_symlinks=False)))
