"""A derived copy of a paper with number and date written into their blanks; the paper itself stays as it came.

Figures are drawn over the page by operators after its own. The same paper and texts give the same bytes, so that
filing can be done again after a crash. Runs in the guarded child.
"""

import io
from pathlib import Path
from typing import Final

from pypdf import PageObject, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from pipeline import pdf
from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.papers.seen import Blank
from pipeline.pdf import draw_around, own_dictionary
from pipeline.pdf.document import BROKEN

#: What official papers are printed in (HD05 IV, NĐ30 Phụ lục I mục I.3); every reader of PDF has it.
_FONT: Final = "/VanThuTimes"
_FIGURE: Final = 0.5  # width of a figure of Times, in font sizes
_VERSION: Final = "%PDF-1.7"


def write_over(paper: str, texts: tuple[tuple[Blank, str], ...]) -> bytes:
    """Make a copy of a PDF with figures written into blanks. Raises Unfit."""
    opened = pdf.opened(Path(paper).read_bytes())
    try:
        writer = PdfWriter(clone_from=opened.reader)
        writer.pdf_header = _VERSION
        for sheet in sorted({blank.sheet for blank, _ in texts}):
            drawn = "\n".join(_drawn(blank, text) for blank, text in texts if blank.sheet == sheet)
            _append(writer, writer.pages[sheet - 1], drawn)
        made = io.BytesIO()
        writer.write(made)
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error
    return made.getvalue()


def _drawn(blank: Blank, text: str) -> str:
    """Figures in their blank, smaller where they are wider than it: a number ends at its hyphen or slash."""
    width = _FIGURE * len(text) * blank.size
    size = blank.size * min(1.0, blank.width / width)
    room = blank.width - _FIGURE * len(text) * size
    x = room if blank.name == "number" else room / 2
    matrix = " ".join(f"{number:.5f}" for number in blank.matrix)
    return f"q {matrix} cm 0 g BT {_FONT} {size:.2f} Tf {x:.3f} 0 Td ({text}) Tj ET Q"


def _append(writer: PdfWriter, page: PageObject, drawn: str) -> None:
    fonts = own_dictionary(own_dictionary(page, "/Resources"), "/Font")
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Times-Roman", "/Encoding": "/WinAnsiEncoding"}
    fonts[NameObject(_FONT)] = DictionaryObject({NameObject(key): NameObject(name) for key, name in names.items()})
    draw_around(writer, page, b"q\n", f"\nQ\n{drawn}\n".encode("ascii"))
