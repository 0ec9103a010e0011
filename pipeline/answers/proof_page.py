"""The proof of one paper as a page of A4: what is proved, by which head, and both as codes to be scanned.

The two codes together are the whole proof; the same stands in the PDF as an attached text (tlog-proof), so that
neither a scanner nor the archive is needed to check it.
"""

import io
from dataclasses import dataclass
from typing import Final

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from pipeline.blank_forms import pdf_fonts
from pipeline.messages import tr
from pipeline.pdf.serif import BOLD, REGULAR, ready
from pipeline.pictures import qr_code
from pipeline.proof.inclusion import codes_of
from pipeline.proof.signing import short_of
from pipeline.proof.standalone import Proof

#: The text of the proof, attached to its page (C2SP: files of proofs end so).
ATTACHED: Final = "chung-minh.tlog-proof"
_LEFT, _RIGHT, _TOP = 25 * mm, 190 * mm, 275 * mm
_NAME_WIDTH, _SIZE, _SMALL = 42 * mm, 11, 8
_CODE_SIDE: Final = 78 * mm


@dataclass(frozen=True)
class Page:
    """What a page says: (name, value) in order, the proof, and its text."""

    facts: tuple[tuple[str, str], ...]
    proof: Proof
    text: str


def proof_page(page: Page) -> bytes:
    """Draw the page; the same proof gives the same bytes."""
    ready()
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    canvas.setTitle(tr("Proof of a filed paper"))
    canvas.setFont(BOLD, 14)
    canvas.drawCentredString(A4[0] / 2, _TOP, tr("PROOF OF A FILED PAPER"))
    below = _lines(canvas, page.facts, _TOP - 12 * mm)
    head = page.proof.head
    said = (
        (tr("place in the log"), tr("entry {index} of {size}", index=page.proof.index + 1, size=head.size)),
        (tr("head"), short_of(head)),
    )
    below = _lines(canvas, said, below - 2 * mm)
    canvas.setFont(REGULAR, _SMALL)
    told = tr(
        "The codes below and the text attached to this PDF each are the whole proof. It is checked without the "
        "office's machine: vanthu verify --proof FILE, or nhat-ky/verify.py of any copy of the archive."
    )
    for line in pdf_fonts.lines_of(told, _SMALL, _RIGHT - _LEFT):
        canvas.drawString(_LEFT, below, line)
        below -= _SMALL * 1.3
    for at, code in enumerate(codes_of(page.proof)):
        _draw_code(canvas, code, _LEFT + at * (_CODE_SIDE + 9 * mm), below - _CODE_SIDE)
    canvas.showPage()
    canvas.save()
    writer = PdfWriter(clone_from=io.BytesIO(content.getvalue()))
    writer.add_attachment(ATTACHED, page.text.encode())
    attached = io.BytesIO()
    writer.write(attached)
    return attached.getvalue()


def text_in(content: bytes) -> str:
    """Give the text attached to a page of proof, "" where there is none."""
    attachments = PdfReader(io.BytesIO(content)).attachments
    return attachments[ATTACHED][0].decode() if ATTACHED in attachments else ""


def _lines(canvas: Canvas, facts: tuple[tuple[str, str], ...], top: float) -> float:
    """Draw names and values below each other; gives where the next may stand."""
    for name, value in facts:
        canvas.setFont(BOLD, _SIZE)
        canvas.drawString(_LEFT, top, name)
        # hashes and signatures have no blanks: a smaller letter keeps them on the line
        is_long = max((len(word) for word in value.split()), default=0) > 40
        size = _SMALL if is_long else _SIZE
        canvas.setFont(REGULAR, size)
        for line in pdf_fonts.lines_of(value, size, _RIGHT - _LEFT - _NAME_WIDTH) if not is_long else _cut(value):
            canvas.drawString(_LEFT + _NAME_WIDTH, top, line)
            top -= size * 1.4
        top -= 1.5
    return top


def _cut(value: str, at_most: int = 66) -> list[str]:
    return [value[at : at + at_most] for at in range(0, len(value), at_most)]


def _draw_code(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    rows = qr_code.modules(text, "M")
    side = _CODE_SIDE / (len(rows) + 8)
    for down, row in enumerate(rows):
        for across, is_dark in enumerate(row):
            if is_dark:
                x = left + (across + 4) * side
                canvas.rect(x, bottom + _CODE_SIDE - (down + 5) * side, side, side, stroke=0, fill=1)
