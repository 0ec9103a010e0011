"""What a look for a mark of secrecy found: a mark, none, or that not everything could be looked at."""

import enum
from dataclasses import dataclass


class Mark(enum.StrEnum):
    """The three answers of the secrecy gate; only NONE lets a file in."""

    MARKED = "marked"
    NONE = "none"
    UNSEEN = "unseen"  #: no mark as far as could be seen, and not all could be


@dataclass(frozen=True)
class Look:
    """One answer; `why` is the code of what kept the gate from looking, "" when nothing did.

    `sha256` is that of all bytes of the file that was looked at, "" where not all were read.
    """

    mark: Mark
    why: str = ""
    sha256: str = ""
