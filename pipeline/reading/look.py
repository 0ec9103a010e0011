"""What a look for a mark of secrecy found: a mark, none, or that not everything could be looked at."""

import enum
from dataclasses import dataclass
from typing import Final

#: At which marks are read from pictures; finer costs time and reads no more.
DPI: Final = 200


class Mark(enum.StrEnum):
    """The three answers of the secrecy gate; only NONE lets a file in."""

    MARKED = "marked"
    NONE = "none"
    UNSEEN = "unseen"  #: no mark as far as could be seen, and not all could be


class Unseen(enum.StrEnum):
    """Why not every picture in a file was looked at."""

    NOTHING = ""
    NO_READER = "no-reader"  #: no program is installed that reads the words of pictures
    TOO_MANY = "too-many"  #: there was no time for all
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Look:
    """One answer; `why` is the code of what kept the gate from looking, "" when nothing did.

    `sha256` is that of all bytes of the file that was looked at, "" where not all were read. `sheets` are the pages
    (from 1) that are pictures, or the pictures in it; `unseen` says why not all of them were looked at.
    """

    mark: Mark
    why: str = ""
    sha256: str = ""
    sheets: tuple[int, ...] = ()
    unseen: Unseen = Unseen.NOTHING


@dataclass(frozen=True)
class Painted:
    """The `sheets` of a file that are pictures, as in `Look`; `unseen` says why there may be more."""

    sheets: tuple[int, ...] = ()
    unseen: Unseen = Unseen.NOTHING
