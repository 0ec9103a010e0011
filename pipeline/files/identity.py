"""Whether a folder is the folder it was: a share that went away leaves an empty folder where it was mounted.

A folder is known by a marker in it, and by whether it lies on the disk of our own store. Both are remembered with
the store. What is found at the folder's path is the folder if it bears the marker; a folder without one is taken for
it only where it always lay on the disk of the store, and still does: there somebody made it anew.
"""

import json
import logging
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.files.writing import CannotWrite, locked, make_folder, storage_errors, write_durably
from pipeline.messages import tr

log = logging.getLogger(__name__)

#: In the folder, hidden: nobody takes it for a file.
MARKER: Final = ".vanthu-thu-muc"
_MOST_BYTES: Final = 200


class FolderAway(CannotWrite):
    """What is found at the path of `folder` is not the folder it was, or nothing is."""

    def __init__(self, sentence: str, folder: str) -> None:
        super().__init__(sentence)
        self.folder = folder


@dataclass(frozen=True)
class Identity:
    """What one folder is known by: `marked` is the folder the marker lies in, `record` what we remember of it."""

    marked: Path
    record: Path
    #: a folder of our own store, on a disk that does not go away without it
    store: Path

    @property
    def where(self) -> str:
        """The folder's path."""
        return str(self.marked)

    @property
    def is_known(self) -> bool:
        """Whether the folder was ever seen."""
        return self.record.is_file()

    def must_be_there(self) -> None:
        """Make sure of the folder; the first time it is marked. Raises FolderAway, NoSpaceError, CannotWrite."""
        if not self._bears_the_known_marker():
            # one at a time: two processes that begin at once must not give it two markers
            with locked(self.store / "folders.lock"):
                self._settle()

    def _bears_the_known_marker(self) -> bool:
        known = self._known()
        return known is not None and self._marker() == known["id"]

    def _marker(self) -> str | None:
        try:
            return _content(self.marked / MARKER)
        except OSError as trouble:
            raise self._away(trouble.strerror or type(trouble).__name__) from trouble

    def _settle(self) -> None:
        known, marker = self._known(), self._marker()
        if known is None:
            try:
                self._mark(marker or secrets.token_hex(16))
            except CannotWrite as trouble:  # what can only be read was never marked, and is never written to
                log.info("not marked", extra={"action": "share.mark", "why": str(trouble)})
        elif marker == known["id"]:
            return
        # on the store's own disk, as ever: no share is away, somebody emptied it or made it anew
        elif marker is None and known["is_beside"] and self._is_beside():
            log.warning("marked anew", extra={"action": "share.mark", "folder": str(self.marked)})
            self._mark(str(known["id"]))
        else:
            raise self._away(tr("it is not the folder it was") if self.marked.is_dir() else tr("nothing is there"))

    def confirm(self) -> None:
        """Take what is there now for the folder: a person has looked. Raises FolderAway, CannotWrite."""
        if not self.marked.is_dir():
            raise self._away(tr("nothing is there"))
        self._mark(self._marker() or secrets.token_hex(16))

    def _mark(self, id_: str) -> None:
        make_folder(self.marked)
        write_durably(self.marked / MARKER, f"{id_}\n".encode())
        # remembered last: a crash before leaves a marked folder that nobody knows yet
        write_durably(self.record, json.dumps({"id": id_, "is_beside": self._is_beside()}).encode())

    def _known(self) -> dict[str, object] | None:
        with storage_errors(self.record):
            content = _content(self.record)
        return None if content is None else dict(json.loads(content))

    def _is_beside(self) -> bool:
        # one that was removed is judged by the next folder above that is there
        try:
            place = next(one for one in (self.marked, *self.marked.parents) if one.is_dir())
            return place.stat().st_dev == self.store.stat().st_dev
        except OSError as trouble:  # a share that cannot even say what lies there
            raise self._away(trouble.strerror or type(trouble).__name__) from trouble

    def _away(self, reason: str) -> FolderAway:
        return FolderAway(
            tr(
                "The folder {folder} is away ({reason}): nothing is written there. Bring its share or disk back; the "
                "work goes on by itself then. If this is the right folder all the same, say so: `vanthu folders "
                "confirm {name} --why …`.",
                folder=str(self.marked),
                reason=reason,
                name=self.record.stem,
            ),
            str(self.marked),
        )


def _content(path: Path) -> str | None:
    """Read a small file; None when it is not there."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return os.read(fd, _MOST_BYTES).decode("utf-8", "replace").strip()
    finally:
        os.close(fd)
