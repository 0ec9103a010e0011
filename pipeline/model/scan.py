"""How the sheets of a paper lie in the file that came: measured, never guessed (the-thuc.md §10.1)."""

import enum
from dataclasses import dataclass


class Colour(enum.StrEnum):
    """What the points of a scan may be."""

    COLOUR = "colour"  #: 24 bits and more, or a palette
    GREY = "grey"
    TWO_TONE = "two-tone"  #: black and white only


@dataclass(frozen=True)
class MeasuredSheet:
    """One sheet (from 1) of a PDF, `sides_mm` wide and high as it is shown.

    `dpi` is 0 and `colour` None where no picture covers the sheet: a program has drawn it. `compression` names how
    the pictures are packed ("JPEG", "Flate", "none", "JBIG2 + JPEG 2000"); `is_lossless` that no point was changed by
    it.
    """

    sheet: int
    sides_mm: tuple[int, int] = (0, 0)
    dpi: int = 0
    colour: Colour | None = None
    compression: str = ""
    is_lossless: bool = True
    has_text: bool = False


@dataclass(frozen=True)
class TextLayer:
    """What a program read off a scanned paper, and the copy of it in which these words can be searched.

    `of` is the sha256 of the PDF that was read, which stays as it is; `text` and `copy` are the sha256 of the words
    and of the copy, "" where there is none; `by` names the program ("tesseract 5.3.0 (vie)"). `read` and `unread` are
    the scanned sheets without words of their own (from 1), `why` says why some are unread.
    """

    of: str
    by: str = ""
    read: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()
    why: str = ""
    text: str = ""
    copy: str = ""
