"""Compiled templates, kept: in memory for this process, on disk for the next.

The disk holds code, so it is trusted only where nobody else can write: a folder of ours, closed to others, and each
file under a name and a hash of its content that must agree. Anything else is compiled again, without a word.
"""

import contextlib
import importlib.util
import os
import stat
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

from pipeline.filling.compiled import CompiledTemplate, loaded

# hashlib loads the whole of OpenSSL, which takes longer than a document; `random` does the same for that reason
try:
    from _sha2 import sha256  # type: ignore[import-not-found,unused-ignore]  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256  # type: ignore[import-not-found,unused-ignore]  # Python 3.11
    except ImportError:
        from hashlib import sha256

_KEPT: Final = 64
_KEPT_ON_DISK: Final = 256
_HASH_LENGTH: Final = 32


class _Memory:
    """The templates used last; safe under threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, CompiledTemplate] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str) -> CompiledTemplate | None:
        with self._lock:
            found = self._kept.get(digest)
            if found is not None:
                self._kept.move_to_end(digest)
            return found

    def put(self, compiled: CompiledTemplate) -> None:
        with self._lock:
            self._kept[compiled.digest] = compiled
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_MEMORY: Final = _Memory()


def compiled(content: bytes, folder: Path | None = None) -> CompiledTemplate:
    """The compiled form of a template file, from memory, from disk, or made now. Raises TemplateError."""
    digest = sha256(content).hexdigest()
    found = _MEMORY.get(digest)
    if found is None:
        place = _folder(folder)
        found = _read(place, digest) if place else None
        if found is None:
            from pipeline.filling.compiling import compiled_from

            found = compiled_from(content)
            if place:
                _keep(place, digest, found)
        _MEMORY.put(found)
    return found


def _folder(asked: Path | None) -> Path | None:
    """The cache's folder, made if need be; None when there is none that only we can write."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = asked or (Path(base) if base.startswith("/") else Path("~/.cache").expanduser()) / "vanthu" / "filling"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except (OSError, RuntimeError):
        return None
    is_ours = status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return folder if is_ours else None


def _versions() -> str:
    """What a compiled form depends on beside the template: Python, Jinja, docxtpl, our own code."""
    seen = [sys.version]
    specs = [importlib.util.find_spec(name) for name in ("docxtpl", "jinja2", "deflate")]
    folders = [Path(__file__).parent, *(Path(spec.origin).parent for spec in specs if spec and spec.origin)]
    for folder in folders:
        with os.scandir(folder) as entries:
            files = sorted(
                ((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")),
                key=lambda one: one[0],
            )
        seen += [f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in files]
    return "\n".join(seen)


def _file(folder: Path, digest: str) -> Path:
    key = sha256(f"{digest}\n{_versions()}".encode()).hexdigest()
    return folder / f"{key}.compiled"


def _read(folder: Path, digest: str) -> CompiledTemplate | None:
    try:
        kept = _file(folder, digest).read_bytes()
        said, dump = kept[:_HASH_LENGTH], kept[_HASH_LENGTH:]
        if sha256(dump).digest() != said:
            return None
        found = loaded(dump)
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return found if found.digest == digest else None


def _keep(folder: Path, digest: str, found: CompiledTemplate) -> None:
    """Put a compiled form on disk, whole or not at all; a disk that is full or closed is no reason to fail."""
    dump = found.dumped()
    unfinished = folder / f".{digest[:16]}.{os.getpid()}.{threading.get_ident()}.tmp"
    try:
        unfinished.write_bytes(sha256(dump).digest() + dump)
        unfinished.replace(_file(folder, digest))
        _prune(folder)
    except OSError:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def _prune(folder: Path) -> None:
    """Keep the newest compiled forms only: those of templates and versions of long ago are never asked for again."""
    kept = sorted(folder.glob("*.compiled"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in kept[_KEPT_ON_DISK:]:
        old.unlink(missing_ok=True)
