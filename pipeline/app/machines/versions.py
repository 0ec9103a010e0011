"""Versions: what all machines of an office must have alike, or documents would depend on who made them."""

import functools
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipeline.app.machines.queue import made_by
from pipeline.ledger.chain import canonical
from pipeline.model import JsonObject
from pipeline.proof.signing import Signer
from pipeline.store.workers import Versions
from pipeline.workspace import Workspace

_CODE: Final = Path(__file__).resolve().parents[2]
_LENGTH: Final = 12


def program(workspace: Workspace) -> str:
    """Name the program: its version, a digest of its code, and what other programs let it make and read."""
    sight = workspace.sight.reader
    able = {
        "pdf": workspace.office is not None,
        "text": workspace.tesseract is not None,
        "secrecy": sight is not None and sight.available(),
    }
    return " ".join((_code(), made_by(), *(name for name, is_so in able.items() if is_so)))


@functools.cache
def _code() -> str:
    return f"{version('vanthu')}+{_digest(_files(_CODE, _CODE.rglob('*.py')))}"


def bundles(workspace: Workspace) -> str:
    """Name what decides about documents besides the program: kinds, years, certificates and the office's practice."""
    loaded, folders = workspace.loaded(), workspace.folders
    practice: JsonObject = {name: _plain(value) for name, value in asdict(workspace.practice).items()}
    said: JsonObject = {
        "kinds": {kind.id: kind.digest for kind in loaded.kinds.values()},
        "broken": " ".join(sorted(one.kind for one in loaded.broken)),
        # as they were read when this program was started, which is what it works with
        "years": {str(year): facts.as_values() for year, facts in workspace.years.items()},
        "practice": practice,
    }
    trusted = (path for path in folders.certificates.rglob("*") if path.is_file())
    return _digest((canonical(said).encode(), *_files(folders.certificates, trusted)))


def keys(workspace: Workspace) -> str:
    """Name the keys by fingerprints that tell nothing of them: those of the page marks and of the heads."""
    marks = hashlib.sha256(b"vanthu page marks" + workspace.mark_key()).hexdigest()[:8]
    return f"{marks} {Signer(workspace.folders.var).name}"


def versions(workspace: Workspace) -> Versions:
    """Give what this machine has."""
    return Versions(program(workspace), bundles(workspace), keys(workspace))


def _plain(value: object) -> str:
    return " ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def _files(root: Path, paths: Iterable[Path]) -> Iterator[bytes]:
    for path in sorted(paths):
        # by what follows the folder: the machines need not have it in the same place
        yield path.relative_to(root).as_posix().encode()
        yield path.read_bytes()


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:_LENGTH]
