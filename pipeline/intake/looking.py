"""What lies in the inbox: a look at the folder, whose answer is the truth (docs/decisions/0003)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import naming
from pipeline.files import Stamp, stamp_of

#: How deep below the inbox a file may lie: inbox/<UNIT>/<folders of the unit's own>/file.
DEPTH = 8


@dataclass(frozen=True)
class Found:
    """A file of the inbox as the last look met it; `name` is relative to the inbox."""

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


def look(inbox: Path) -> list[Found]:
    """List the files of the inbox, oldest first; links, devices and other programs' temporary files are left out."""
    return sorted(_walk(inbox, PurePosixPath(), DEPTH), key=lambda found: (found.stamp.mtime_ns, str(found.name)))


def _walk(folder: Path, below: PurePosixPath, depth: int) -> Iterator[Found]:
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:  # a folder that went away between two looks
        return
    for entry in entries:
        if naming.ignored(entry.name):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                if depth > 1:
                    yield from _walk(Path(entry.path), below / entry.name, depth - 1)
            elif entry.is_file(follow_symlinks=False):
                yield Found(below / entry.name, stamp_of(entry.stat(follow_symlinks=False)))
        except OSError:  # it went away, or the share did: the next look will tell
            continue
