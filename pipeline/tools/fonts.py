"""Which signs the fonts of this machine have: for one that none has, LibreOffice prints an empty box in silence.

Asked of fontconfig, which LibreOffice asks, too; only about signs beyond those that every text font has.
"""

import functools
import shutil
import subprocess
from typing import Final

_SECONDS: Final = 20
#: Latin with all Vietnamese letters, and the punctuation between: the fonts of official documents have these.
_EVERYWHERE: Final = (range(0x20, 0x250), range(0x300, 0x370), range(0x1EA0, 0x1F00), range(0x2010, 0x2027))


class FontsUnknown(Exception):  # noqa: N818 - names a state of the world
    """Fontconfig could not be asked which fonts there are: that is no answer, and no "they are there"."""


def letters_without_font(text: str) -> str:
    """The printed signs of a text for which no font is installed. Raises FontsUnknown when that cannot be asked."""
    asked = {sign for sign in text if sign.isprintable() and not any(ord(sign) in usual for usual in _EVERYWHERE)}
    return "".join(sorted(sign for sign in asked if not _has_font(sign)))


@functools.lru_cache(maxsize=4096)
def _has_font(sign: str) -> bool:
    program = shutil.which("fc-list")
    if program is None:
        raise FontsUnknown
    command = [program, f":charset={ord(sign):x}", "family"]
    try:
        answered = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise FontsUnknown from error
    return bool(answered.stdout.strip())
