"""A working folder made of a backup: every piece is proved, nothing that lies there is written over."""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from pipeline.backup.chest import Chest, pieces
from pipeline.backup.contents import LEDGER, SPOOL, Contents, Kept
from pipeline.errors import NotAllowedNow
from pipeline.files import make_folder, sync_folder
from pipeline.files.writing import publish_once, sha256_of, temporary_file, write_all
from pipeline.messages import tr


def put_back(
    contents: Contents, chest: Chest, places: Mapping[str, Path], parts: Collection[str], ledger: Path
) -> int:
    """Write the files of some places, the ledger last; gives how many were written.

    What is there already and is the same is left: a restore that was interrupted goes on. Raises NotAllowedNow when
    something else is there, HashMismatch when the backup is not what was written, NoSpaceError, CannotWrite.
    """
    wanted = [one for one in contents.files if one.place in parts]
    # last: a ledger without its files would be worked with
    wanted.sort(key=_is_ledger)
    if ledger.exists() and any(_is_ledger(one) for one in wanted):
        raise _is_taken(ledger)
    return sum(_write(one, chest, ledger if _is_ledger(one) else _target(one, places)) for one in wanted)


def verify(contents: Contents, chest: Chest) -> int:
    """Read every piece of a backup; gives how many. Raises HashMismatch."""
    names = {name for one in contents.files for name in one.pieces}
    for name in sorted(names):
        chest.get(name)
    return len(names)


def _is_ledger(one: Kept) -> bool:
    return one.place == "var" and one.path == LEDGER


def _target(one: Kept, places: Mapping[str, Path]) -> Path:
    if one.place == "var" and one.path.startswith(f"{SPOOL}/") and SPOOL in places:
        return places[SPOOL] / one.path.removeprefix(f"{SPOOL}/")
    return places[one.place] / one.path


def _write(one: Kept, chest: Chest, path: Path) -> bool:
    if path.exists():
        if path.is_file() and tuple(map(chest.name_of, pieces(path))) == one.pieces:
            return False
        raise _is_taken(path)
    make_folder(path.parent)
    with temporary_file(path.parent, one.mode) as (temporary, fd):
        for piece in _pieces(one, chest):
            write_all(fd, piece)
    publish_once(temporary, path, sha256_of(temporary))
    # when it was written, people see; the ledger goes by no file's time
    os.utime(path, ns=(one.mtime_ns, one.mtime_ns))
    sync_folder(path.parent)
    return True


def _pieces(one: Kept, chest: Chest) -> Iterator[bytes]:
    for name in one.pieces:
        yield chest.get(name)


def _is_taken(path: Path) -> NotAllowedNow:
    return NotAllowedNow(
        tr(
            "“{path}” is there already, and is not what the backup has; nothing is written over. Move it away first.",
            path=str(path),
        )
    )
