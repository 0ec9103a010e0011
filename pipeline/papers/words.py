"""Reading the words of scanned sheets, one after the other, by an outside program; what it reads is a guess."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.papers.guarding import drawn_sheet, words_laid
from pipeline.papers.seen import WordLayer, WordlessSheet
from pipeline.tools.guard import Guard
from pipeline.tools.tesseract import ReadPage, Tesseract, Unreadable

#: After so long no further sheet of a paper is begun: other papers wait. It is enough for some eighty.
MOST_SECONDS: Final = 240.0
#: Why sheets are unread, as sidecars tell it.
TOO_MANY: Final = "too many sheets"
FAILED: Final = "could not be read"


@dataclass(frozen=True)
class Words:
    """What was read of each sheet, the sheets that were not read and why, and the copy that holds the words.

    `copy` is b"" where none could be made, or none was wanted.
    """

    texts: tuple[tuple[int, str], ...]
    unread: tuple[int, ...] = ()
    why: str = ""
    copy: bytes = b""

    @property
    def read(self) -> tuple[int, ...]:
        """The sheets that were read."""
        return tuple(sheet for sheet, _ in self.texts)

    def as_text(self) -> str:
        """The words as a plain text, sheet by sheet."""
        return "".join(f"[{sheet}]\n{text}\n\n" for sheet, text in self.texts)


def read_words(
    guard: Guard, tesseract: Tesseract, paper: Path, sheets: Sequence[WordlessSheet], *, is_copied: bool
) -> Words:
    """Read sheets of a PDF, and lay the words over a copy of it if `is_copied`.

    `paper` is a copy of ours: nobody may change it meanwhile. A sheet that cannot be read does not keep the others.
    """
    texts: list[tuple[int, str]] = []
    layers: list[WordLayer] = []
    unread: dict[int, str] = {}
    end = time.monotonic() + MOST_SECONDS
    with tesseract.private_folder() as folder:
        for one in sheets:
            page = _read(guard, tesseract, paper, one) if time.monotonic() < end else TOO_MANY
            if isinstance(page, str):
                unread[one.sheet] = page
                continue
            layer = folder / f"{one.sheet}.pdf"
            layer.write_bytes(page.layer)
            layers.append(WordLayer(one.sheet, str(layer)))
            texts.append((one.sheet, page.text))
        copy = words_laid(guard, paper, layers) if is_copied and layers else None
    return Words(tuple(texts), tuple(unread), ", ".join(dict.fromkeys(unread.values())), copy or b"")


def _read(guard: Guard, tesseract: Tesseract, paper: Path, sheet: WordlessSheet) -> ReadPage | str:
    picture = drawn_sheet(guard, paper, sheet)
    if picture is None:
        return FAILED
    try:
        return tesseract.read(picture, sheet.dpi)
    except Unreadable:
        return FAILED
