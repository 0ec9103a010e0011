"""Private folders for outside programs: in memory where the system has such a place, gone when they are done."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_ABANDONED_AFTER_S: Final = 300.0  # several times what one call of an outside program may take
_IN_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a private folder below it


@contextlib.contextmanager
def private_folder(root: Path) -> Iterator[Path]:
    """Make a private folder (0700), below `root` where none can be in memory; it is gone afterwards in any case."""
    is_usable = _IN_MEMORY.is_dir() and os.access(_IN_MEMORY, os.W_OK | os.X_OK)
    place = _IN_MEMORY if is_usable else root
    place.mkdir(parents=True, exist_ok=True)
    _sweep(place)
    with tempfile.TemporaryDirectory(prefix=_prefix(), dir=place, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _prefix() -> str:
    return f"vanthu-{os.getuid()}-"


def _sweep(place: Path) -> None:
    """Remove folders that a killed process of ours left behind: they may hold a secret file."""
    for left in place.glob(f"{_prefix()}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_AFTER_S:
                shutil.rmtree(left, ignore_errors=True)
