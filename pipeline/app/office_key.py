"""The secret of an office, by which it knows its own page marks: made once, never on paper, kept with the backup."""

import contextlib
import hashlib
import secrets
from pathlib import Path
from typing import Final

from pipeline.errors import UnsafeSetupError
from pipeline.files.writing import locked, publish_once, storage_errors, temporary_file, write_all
from pipeline.messages import tr

FILE_NAME: Final = "page-marks.key"
_BYTES: Final = 32
#: For nobody but the program: who reads it can print marks.
_MODE: Final = 0o400


def office_key(var: Path) -> bytes:
    """Give the secret kept in `var` (32 bytes), made when there is none.

    Raises UnsafeSetupError when the file is no key, CannotWrite when it cannot be made.
    """
    path = var / FILE_NAME
    with contextlib.suppress(FileNotFoundError):
        return _read(path)
    with storage_errors(path), locked(var / f"{FILE_NAME}.lock"):
        # another process may have made it meanwhile
        if not path.exists():
            made = secrets.token_hex(_BYTES).encode()
            with temporary_file(var, _MODE) as (temporary, fd):
                write_all(fd, made)
            publish_once(temporary, path, hashlib.sha256(made).hexdigest())
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (ValueError, PermissionError):
        key = b""
    if len(key) != _BYTES:
        raise UnsafeSetupError(
            tr(
                "“{path}” is not the key it was, or cannot be read. Bring it back from the backup: without it no "
                "paper that is out for signature is known by its page marks.",
                path=str(path),
            )
        )
    return key
