"""The bytes of a file that lies in the inbox: it may be anything, and go away."""

import os
from typing import Final

#: More than the largest paper that the settings allow.
MOST_BYTES: Final = 100 * 1024 * 1024


def in_inbox(path_hex: str) -> bytes:
    """The bytes of a file, and one more than are looked at. Raises OSError.

    `path_hex` are the bytes of its path, two hexadecimal digits each.
    """
    # a named pipe would keep us waiting for ever, a link lead out of the inbox
    with os.fdopen(os.open(bytes.fromhex(path_hex), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(MOST_BYTES + 1)
