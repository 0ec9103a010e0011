"""Heads outside the archive: appended to a file of a folder that may lie on another disk, with what verifies them."""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.archive.journal import Places
from pipeline.errors import NoSpaceError
from pipeline.files import CannotWrite, write_durably
from pipeline.files.writing import append_durably, bring_to_disk, storage_errors
from pipeline.proof import standalone
from pipeline.proof.signing import is_signed_by
from pipeline.proof.standalone import ANCHORS, KEYS, SELF, Head, heads_in, keys_in

log = logging.getLogger(__name__)

#: How far back from its end an anchors file is read for its newest head: some three hundred heads.
_TAIL_BYTES: Final = 65_536


def newest_head(places: Places, noted: Sequence[Head] = ()) -> Head | None:
    """Give the head of the greatest size near the end of the anchors file that this office has signed, or None."""
    text = _end_of(places.heads)
    keys = verifier_keys(places)
    ours = {(one.size, one.root, one.signature) for one in noted}
    for head in sorted(heads_in(text, ANCHORS), key=lambda one: -one.size):
        # that which the ledger noted itself, in every common case: no signature is checked, nothing loaded for it
        if (head.size, head.root, head.signature) in ours:
            return head
        # whoever may write into the file must not be able to stop the office with a line of his own
        if head.is_genuine(keys, is_signed_by):
            return head
    return None


def _end_of(path: Path) -> str:
    """Read the end of a file; "" for one that is not there, or on a share that does not answer now."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except OSError:
        # the journal still guards the numbers; `check` says that the heads are away (decision 0035)
        return ""


def verifier_keys(places: Places) -> list[bytes]:
    """Read the office's public keys, as they lie with the heads and in the archive.

    Raises CannotWrite when they are there and cannot be read now: the work waits for its disk.
    """
    return keys_in("\n".join(_keys_beside(folder) for folder in (places.anchors, places.journal)))


def _keys_beside(folder: Path) -> str:
    with storage_errors(folder / KEYS):
        return (folder / KEYS).read_text("utf-8", "replace") if (folder / KEYS).is_file() else ""


def put_in_place(places: Places, verifier_key: str) -> None:
    """Put the program that verifies alone, and the public key, beside what they verify."""
    alone = Path(standalone.__file__).read_bytes()
    with storage_errors(places.journal / SELF):
        is_there = (places.journal / SELF).is_file() and (places.journal / SELF).read_bytes() == alone
    if not is_there:
        write_durably(places.journal / SELF, alone)
    _put_key(places.journal, verifier_key)


def _put_key(folder: Path, verifier_key: str) -> None:
    known = _keys_beside(folder)
    # a key that was lost with its ledger stays: heads signed with it are still heads
    if verifier_key not in known.split():
        write_durably(folder / KEYS, f"{known}{verifier_key}\n".encode())


def append_head(places: Places, note: str, verifier_key: str, *, is_first: bool) -> bool:
    """Append a signed head to the anchors, beside its public key; False when that cannot be now.

    Only the first head ever begins a file: an empty folder where heads lay before is not the folder it was.
    """
    file = places.heads
    try:
        if not places.anchors.is_dir() or not (is_first or file.is_file()):
            return False
        _put_key(places.anchors, verifier_key)
        end = _end_of(file)
        if end.endswith(note):
            # a crash or a disk that failed kept it from being noted, and perhaps from the disk
            bring_to_disk(file)
        else:
            append_durably(file, (f"\n{note}" if end else note).encode(), is_full=False)
    except (CannotWrite, NoSpaceError, OSError) as trouble:
        log.warning(
            "no anchors", extra={"action": "witness.wait", "folder": str(places.anchors), "why": str(trouble)}
        )
        return False
    return True
