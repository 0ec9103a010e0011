"""A secret key in a file: made once, for nobody but the program, kept with the backup."""

import contextlib
import hashlib
import secrets
from pathlib import Path
from typing import Final

from pipeline.errors import UnsafeSetupError
from pipeline.files.writing import locked, publish_once, storage_errors, temporary_file, write_all
from pipeline.messages import shown
from pipeline.model import Message

_BYTES: Final = 32
#: Who reads it can do what the office does.
_MODE: Final = 0o400


def secret_key(path: Path, lost: Message) -> bytes:
    """Give the 32 bytes kept in a file, made when there is none; `lost` says what is lost without them.

    Raises UnsafeSetupError with `lost` when the file is no key, CannotWrite when it cannot be made or read now.
    """
    with contextlib.suppress(FileNotFoundError):
        return _read(path, lost)
    with storage_errors(path), locked(path.with_name(f"{path.name}.lock")):
        # another process may have made it meanwhile
        if not path.exists():
            made = secrets.token_hex(_BYTES).encode()
            with temporary_file(path.parent, _MODE) as (temporary, fd):
                write_all(fd, made)
            publish_once(temporary, path, hashlib.sha256(made).hexdigest())
    return _read(path, lost)


def _read(path: Path, lost: Message) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except (ValueError, PermissionError):
        key = b""
    except FileNotFoundError:
        raise
    except OSError:
        # a disk in trouble for a moment: the work waits for it
        with storage_errors(path):
            raise
    if len(key) != _BYTES:
        raise UnsafeSetupError(shown(lost))
    return key
