"""Rights of files and folders that decide what documents say: nobody but the program's user may change them."""

import grp
import os
import pwd
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from pipeline.config.settings import Config
from pipeline.messages import tr

#: Of many that are wrong so many are named: one remedy mends them all.
_MOST_NAMED: Final = 3
#: A folder of templates, years or certificates has fewer files; to look through a whole disk takes minutes.
_MOST_PLACES: Final = 20_000


def open_to_others(settings: Config) -> Iterator[str]:
    """Find what anybody on this machine may write: settings, facts, templates, certificates, the store."""
    folders = settings.folders
    places = [folders.var] if folders.spool is None else [folders.var, folders.spool]
    for key in ("years", "templates", "certificates"):
        folder = getattr(folders, key)
        below = list(islice(_below(folder), _MOST_PLACES + 1))
        places += below
        if len(below) > _MOST_PLACES:
            yield tr(
                "folders.{key} ({folder}) holds more than {most} files: it is hardly the folder that was meant. Name "
                "the right one in config.yaml.",
                key=key,
                folder=str(folder),
                most=_MOST_PLACES,
            )
    found = [place for place in (settings.root / "config.yaml", *places) if _anybody_writes(place)]
    for place in found[:_MOST_NAMED]:
        yield tr(
            "Everybody on this machine may write {place}: who does decides what documents say. Take that right away: "
            "chmod -R o-w {place}",
            place=str(place),
        )


def open_archive(settings: Config) -> Iterator[str]:
    """Find an archive that others than the program's user may write into."""
    archive = settings.folders.archive
    if not archive.is_dir():
        return
    found = archive.stat()
    if found.st_mode & stat.S_IWOTH:
        yield tr(
            "Everybody on this machine may write into the archive {archive}: what is filed there proves nothing. Let "
            "units read only: chmod -R go-w {archive}",
            archive=str(archive),
        )
    elif found.st_mode & stat.S_IWGRP and (others := _others_in(found.st_gid, found.st_uid)):
        yield tr(
            "Others ({others}) may write into the archive {archive}, by their group: what is filed there proves "
            "nothing. Let them read only: chmod -R g-w {archive}",
            others=", ".join(others[:_MOST_NAMED]),
            archive=str(archive),
        )


def _below(folder: Path) -> Iterator[Path]:
    for place, _, files in os.walk(folder):
        yield Path(place)
        yield from (Path(place, file) for file in files)


def _anybody_writes(place: Path) -> bool:
    try:
        mode = place.stat().st_mode
    except OSError:
        return False
    # in a folder as /tmp is one, nobody may touch what is another's
    return bool(mode & stat.S_IWOTH) and not (stat.S_ISDIR(mode) and mode & stat.S_ISVTX)


def _others_in(group: int, owner: int) -> list[str]:
    """Name the members of a group but the owner and the program's own user."""
    try:
        named = grp.getgrgid(group).gr_mem
    except KeyError:
        named = []
    # those whose first group it is stand in no list of members
    ours = {one.pw_name for one in pwd.getpwall() if one.pw_uid in {owner, os.geteuid(), 0}}
    return sorted({*named, *(one.pw_name for one in pwd.getpwall() if one.pw_gid == group)} - ours)
