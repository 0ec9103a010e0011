"""Filing: the signed original under its number, written once, with a sidecar that proves it without the program.

    archive/KH-2020-2025/2022-05-27_KH_0001_CTD4_to-chuc-cac-hoat-dong-….pdf
    archive/KH-2020-2025/2022-05-27_KH_0001_CTD4_to-chuc-cac-hoat-dong-….json

A photo is filed as it came, and beside it the PDF in which it was looked at (….xem.pdf, "bản xem"). A further paper
of the same document lies beside the first (….lan2.pdf, "lần 2") with a sidecar of its own. What is decided later
about a filed document is told in notes (….ghichu1.json): the first files stay as they were written.

The sidecar repeats what the register says, with the hash of its entry and of the entry before, so that the chain of a
series can be checked from the folder alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.files import write_once

SIDECAR_SUFFIX = ".json"
#: Counted up when the meaning of a key changes: sidecars of all formats must stay readable for twenty years.
SIDECAR_FORMAT = 1


@dataclass(frozen=True)
class Filing:
    """What is filed of a document: its files by their paths in the archive, the first the signed paper; the sidecar.

    Behind the first come further files that came back, and a copy to look at where the paper itself is no PDF.
    Without files the paper lies there already, and only `notes` are added, by their paths.
    """

    files: Mapping[PurePosixPath, bytes]
    sidecar: bytes
    notes: Mapping[PurePosixPath, bytes] = field(default_factory=dict)

    @property
    def path(self) -> PurePosixPath:
        """Where the signed paper is filed."""
        return next(iter(self.files))

    @property
    def sidecar_path(self) -> PurePosixPath:
        """The sidecar lies beside its document, under the same name ending in ".json"."""
        return self.path.with_suffix(SIDECAR_SUFFIX)


def sidecar_of(facts: Mapping[str, object]) -> bytes:
    """Write a sidecar: sorted keys, Vietnamese as it is, the same facts always the same bytes."""
    document = {"format": SIDECAR_FORMAT, **facts}
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def file(archive: Path, filing: Filing) -> None:
    """Write document and sidecar, durably and once; the same again is done already.

    Raises HashMismatch when other bytes lie under that name: nothing in the archive is ever replaced.
    """
    # the sidecar after its files, notes last: after a crash none may name a file that is not there
    for path, content in filing.files.items():
        write_once(archive / path, content)
    if filing.files:
        write_once(archive / filing.sidecar_path, filing.sidecar)
    for path, content in filing.notes.items():
        write_once(archive / path, content)
