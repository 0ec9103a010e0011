"""A file that a person brings otherwise than by copying it: laid into the inbox, where it is like every dropped file.

What can be seen at the door is said at once; everything else is answered as for any other file, by the program that
watches the inbox.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from pipeline.errors import HashMismatch, NotAllowedNow
from pipeline.files.pictures import HEAD_BYTES, is_paper
from pipeline.files.writing import WRITABLE, publish_once, storage_errors, temporary_file, write_all
from pipeline.intake import SizeLimits
from pipeline.messages import say, tr
from pipeline.model import Message, Number
from pipeline.naming import display, ignored
from pipeline.workspace import Workspace

#: What forms and papers may come as; what else a name says is refused before a byte is kept.
TAKEN: Final = (
    *("docx", "docm", "dotx", "doc", "rtf", "odt"),
    *("xlsx", "xlsm", "xltx", "xls", "ods", "csv"),
    *("pdf", "jpg", "jpeg", "png", "tif", "tiff", "heic"),
    *("yaml", "yml", "json", "edxml"),
)
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!")
_RESERVED: Final = re.compile(r'[<>:"/\\|?*]')
_MOST_NAME_BYTES: Final = 200
_PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Brought:
    """One file that was brought: the name it has in the inbox, or why it was not taken."""

    name: str
    refusal: Message | None = None


def folders(workspace: Workspace) -> dict[str, str]:
    """The folders of the inbox in which a person may lay something, by their names, with what each is for.

    Those of the units of the current year, and of papers that came back, came in or went out.
    """
    named = workspace.folders
    year = workspace.year(workspace.practice.year)
    return {unit.code: unit.name for unit in year.units} | {
        name: "" for name in (named.signed, named.incoming, named.outgoing, named.clerk) if name
    }


def bring(workspace: Workspace, folder: str, name: str, source: BinaryIO) -> Brought:
    """Lay a file into a folder of the inbox, whole, under its name or a free one like it; who brought it is recorded.

    Raises NotAllowedNow for a folder that is none of `folders`, FolderAway, CannotWrite, NoSpaceError.
    """
    if folder not in folders(workspace):
        raise NotAllowedNow(tr("There is no such folder of the inbox."))
    tidy = tidied(name)
    if (refusal := _refused(workspace.practice.limits, tidy, source)) is not None:
        return Brought(tidy, refusal)
    path = _laid(_place(workspace, folder), tidy, source)
    return Brought(_recorded(workspace, folder, path))


def tidied(name: str) -> str:
    """The name of a file as it may lie in the inbox: without a path, control characters, what Windows reserves."""
    last = PurePosixPath(display(name).replace("\\", "/")).name
    bare = _RESERVED.sub("_", last).strip(" .")
    stem, dot, extension = bare.rpartition(".")
    while len(bare.encode()) > _MOST_NAME_BYTES and stem:
        stem = stem[:-1]
        bare = f"{stem}{dot}{extension}"
    return bare


def _refused(limits: SizeLimits, name: str, source: BinaryIO) -> Message | None:
    """Why a file is not taken, as far as its name, its size and its first bytes tell."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    head = source.read(HEAD_BYTES)
    source.seek(0)
    if not name or ignored(name):
        return say("It has no name of its own, or that of a temporary file; give it another name.")
    if not size:
        return say("The file is empty (0 bytes); save it anew and drop it again.")
    if name.rpartition(".")[2].lower() not in TAKEN or head.startswith(_PROGRAMS):
        return say(
            "Files of this type are not taken. Taken are Word, Excel, PDF, pictures (JPG, PNG, TIFF), YAML, JSON "
            "and CSV."
        )
    most = limits.paper_bytes if is_paper(head) else limits.form_bytes
    if size > most:
        return say(
            "The file is too large: {size} MB; at most {most} MB are taken.",
            size=Number(size / 1_000_000, places=1),
            most=Number(most / 1_000_000, places=0),
        )
    return None


def _place(workspace: Workspace, folder: str) -> Path:
    """Where a folder of the inbox lies. Raises FolderAway, and NotAllowedNow where a link lies in its place."""
    workspace.must_be_there("inbox")
    place = workspace.folders.inbox / folder
    # whoever may write into the share may have laid it there: what lies behind it may be anybody's
    if place.is_symlink():
        raise NotAllowedNow(
            tr("The folder {folder} of the inbox is a link to elsewhere; a folder must lie there.", folder=folder)
        )
    return place


def _laid(folder: Path, name: str, source: BinaryIO) -> Path:
    while True:
        try:
            return _put(_free(folder, name), source)
        except HashMismatch:  # somebody else has taken the name since it was looked for
            source.seek(0)


def _free(folder: Path, name: str) -> Path:
    """The path of a name that is not taken."""
    path, count = folder / name, 1
    while os.path.lexists(path):
        count += 1
        path = folder / f"{Path(name).stem} ({count}){Path(name).suffix}"
    return path


def _put(path: Path, source: BinaryIO) -> Path:
    """Write a file whole and give it its name. Raises HashMismatch when the name is taken by another one."""
    digest = hashlib.sha256()
    with storage_errors(path):
        with temporary_file(path.parent, WRITABLE) as (temporary, fd):
            while piece := source.read(_PIECE):
                digest.update(piece)
                write_all(fd, piece)
        publish_once(temporary, path, digest.hexdigest())
    return path


def _recorded(workspace: Workspace, folder: str, path: Path) -> str:
    # the job will be opened by the program that watches: who brought the file is known here alone
    workspace.ledger.remark("inbox.bring", {"name": path.name, "folder": folder})
    return path.name


def lying(workspace: Workspace, folder: str) -> list[str]:
    """The files that lie in a folder of the inbox and have not been taken yet, by name.

    Raises FolderAway, CannotWrite, and NotAllowedNow where a link lies in its place.
    """
    place = _place(workspace, folder)
    with storage_errors(place):
        if not place.is_dir():
            return []
        return sorted(display(one.name) for one in os.scandir(place) if one.is_file() and not ignored(one.name))
