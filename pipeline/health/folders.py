"""The folders: may the program do there what it has to, is there room, and who else may."""

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.files import make_folder
from pipeline.messages import say
from pipeline.model import Finding, Message, Number, Severity
from pipeline.practice import Folders

FOLDER: Final = "folder.rights"
SPACE: Final = "folder.space"
KEY: Final = "folder.key"

#: Below so much the work may stop within a day; below that it stops now: a scan may have 100 MB, and is kept twice.
_LOW_BYTES: Final = 5_000_000_000
_LEAST_BYTES: Final = 500_000_000
_LOW_FILES: Final = 10_000
_TRIED: Final = b"vanthu"


def folder_findings(folders: Folders) -> Iterator[Finding]:
    """Write and remove a file in each folder, as the work does; look at the room left, and at the keys."""
    named = {
        "inbox": folders.inbox,
        "outbox": folders.outbox,
        "archive": folders.archive,
        "anchors": folders.anchors,
        "var": folders.var,
    }
    for name, folder in named.items():
        yield _rights(name, folder)
    disks: dict[int, tuple[Path, list[str]]] = {}
    for name, folder in named.items():
        with contextlib.suppress(OSError):
            disks.setdefault(folder.stat().st_dev, (folder, []))[1].append(name)
    for folder, names in disks.values():
        yield _space(folder, names)
    yield from _keys(folders.var)


def _rights(name: str, folder: Path) -> Finding:
    trouble = _trouble(folder)
    if trouble is None:
        return Finding(FOLDER, Severity.INFO, say("folders.{name}: files can be written.", name=name))
    return Finding(
        FOLDER,
        Severity.BLOCK,
        say(
            "folders.{name}: no file can be written in {folder} ({why}).", name=name, folder=str(folder), why=trouble
        ),
        found=str(folder),
        mend=say("Mount the disk or share, and let the user of the service write there."),
    )


def _trouble(folder: Path) -> str | None:
    """Why a file cannot be written, renamed and removed in a folder; None when it can."""
    # hidden, so that an inbox does not take it
    path = folder / f".vanthu-canary-{secrets.token_hex(4)}"
    other = path.with_name(f"{path.name}.tmp")
    try:
        make_folder(folder)
        other.write_bytes(_TRIED)
        other.rename(path)
        is_same = path.read_bytes() == _TRIED
        path.unlink()
    except OSError as error:
        return error.strerror or str(error)
    finally:
        for left in (path, other):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
    return None if is_same else "read differently than written"


def _space(folder: Path, names: list[str]) -> Finding:
    shown, said = ", ".join(names), os.statvfs(folder)
    free, files = shutil.disk_usage(folder).free, said.f_favail
    # some file systems count no files: then they all are 0
    is_short_of_files = bool(said.f_files) and files < _LOW_FILES
    message: Message = say(
        "The disk of {folders} has {free} GB left.", folders=shown, free=Number(free / 1_000_000_000, places=1)
    )
    if free >= _LOW_BYTES and not is_short_of_files:
        return Finding(SPACE, Severity.INFO, message)
    if is_short_of_files:
        message = say("The disk of {folders} can take only {files} files more.", folders=shown, files=files)
    severity = Severity.BLOCK if free < _LEAST_BYTES or files == 0 else Severity.WARN
    return Finding(SPACE, severity, message, mend=say("Free some space on that disk, or move the folder."))


def _keys(var: Path) -> Iterator[Finding]:
    """Who may read the keys can do what the office does."""
    for path in sorted(var.glob("*.key")):
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                KEY,
                Severity.BLOCK,
                say("Others may read the secret key {file}.", file=str(path)),
                found=str(path),
                mend=say("Take the right away: {command}", command=f"chmod 400 {path}"),
            )
