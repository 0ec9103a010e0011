"""PDFium, one thread at a time: it shares its state among all documents of a process, and two threads corrupt it.

The lanes of the line render side by side in one process; what of a PDF is looked at there takes milliseconds, and
the guarded children, where the long looks are taken, have one thread each.
"""

import contextlib
import threading
from collections.abc import Iterator
from typing import Final

from pypdfium2 import PdfDocument

# taken again by who holds two documents side by side
_ONE_THREAD: Final = threading.RLock()


@contextlib.contextmanager
def pdfium_document(content: bytes) -> Iterator[PdfDocument]:
    """Open a PDF in PDFium and close it, pages and all; every other thread that wants one waits for that.

    Raises PdfiumError when the file cannot be opened.
    """
    with _ONE_THREAD:
        document = PdfDocument(content)
        try:
            yield document
        finally:
            document.close()
