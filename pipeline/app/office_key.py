"""The secret of an office, by which it knows its own page marks: made once, never on paper, kept with the backup."""

from pathlib import Path
from typing import Final

from pipeline.files.secret_key import secret_key
from pipeline.messages import say

FILE_NAME: Final = "page-marks.key"


def office_key(var: Path) -> bytes:
    """Give the secret kept in `var` (32 bytes), made when there is none.

    Raises UnsafeSetupError when the file is no key, CannotWrite when it cannot be made.
    """
    path = var / FILE_NAME
    lost = say(
        "“{path}” is not the key it was, or cannot be read. Bring it back from the backup: without it no "
        "paper that is out for signature is known by its page marks.",
        path=str(path),
    )
    return secret_key(path, lost)
