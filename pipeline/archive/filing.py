"""Filing: the signed original under its number, written once, with a sidecar that proves it without the program.

    archive/KH-2020-2025/2022-05-27_KH_0001_CTD4_to-chuc-cac-hoat-dong-….pdf
    archive/KH-2020-2025/2022-05-27_KH_0001_CTD4_to-chuc-cac-hoat-dong-….json

The sidecar repeats what the register says, with the hash of its entry and of the entry before, so that the chain of a
series can be checked from the folder alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.files import write_once

SIDECAR_SUFFIX = ".json"
#: Counted up when the meaning of a key changes: sidecars of all formats must stay readable for twenty years.
SIDECAR_FORMAT = 1


@dataclass(frozen=True)
class Filing:
    """Where a document is filed (relative to the archive), its bytes and its sidecar's."""

    path: PurePosixPath
    content: bytes
    sidecar: bytes

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
    # the document first: after a crash no sidecar may name a file that is not there
    write_once(archive / filing.path, filing.content)
    write_once(archive / filing.sidecar_path, filing.sidecar)
