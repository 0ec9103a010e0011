"""PDFium is used by one thread at a time, whoever asks for it."""

import re
import subprocess
import sys
from pathlib import Path

_PROGRAM = Path("pipeline")

# each thread opens, reads and draws; without the lock this ends in a segmentation fault or an endless loop
_MANY_THREADS = """
import io, sys
sys.setswitchinterval(1e-6)
from concurrent.futures import ThreadPoolExecutor
from reportlab.pdfgen.canvas import Canvas
from pipeline.pdf.pdfium import pdfium_document

made = io.BytesIO()
canvas = Canvas(made)
for number in range(8):
    for line in range(40):
        canvas.drawString(50, 800 - 18 * line, f"trang {number} dong {line}")
    canvas.showPage()
canvas.save()

def look(_):
    with pdfium_document(made.getvalue()) as document:
        for page in document:
            page.get_textpage().get_text_bounded()
            page.render(scale=0.5).to_pil()
            page.close()
    return True

with ThreadPoolExecutor(6) as pool:
    print(sum(pool.map(look, range(200))))
"""


def test_threads_that_look_at_pdfs_at_once_take_turns() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _MANY_THREADS], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "200"), done.stderr[-500:]


def test_no_other_module_opens_a_pdf_in_pdfium_by_itself() -> None:
    opening = re.compile(r"\bPdfDocument\(")
    found = [str(one) for one in _PROGRAM.rglob("*.py") if opening.search(one.read_text("utf-8"))]
    assert found == [str(Path("pipeline/pdf/pdfium.py"))]
