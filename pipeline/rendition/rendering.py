"""From the Word draft to the PDF that is printed and signed: made by LibreOffice, believed only after a look.

PDF/A-2b with the document code in its text on every page: by the code the signed paper finds its way home, so a
rendition without it is refused here, where the template can still be mended, not when the paper is back.
"""

import unicodedata
from collections.abc import Callable, Collection
from typing import TypeAlias

import pypdf
import pypdfium2

from pipeline.errors import OperatorError
from pipeline.files.refusals import Unfit
from pipeline.messages import shown
from pipeline.model import Rendition
from pipeline.pdf import opened
from pipeline.pdf.document import BROKEN
from pipeline.tools.soffice import Office

CodesIn: TypeAlias = Callable[[str], Collection[str]]


def _finds_none(_text: str) -> Collection[str]:
    return ()


class UnsoundRendition(OperatorError):  # noqa: N818 - names a state of the world
    """A PDF was made, but it is not one we would send out; the sentence says what is wrong with it."""

    exit_code = 23


def render(draft: bytes, office: Office, code: str = "", codes_in: CodesIn = _finds_none) -> Rendition:
    """The PDF/A of a Word document (docx bytes); `code` is the document code every page must carry, "" for none.

    `codes_in` finds the document codes in the text of a page (`papers.codes.find_all`).

    Raises MissingToolError, ToolTimeout, ToolCrashed, DraftRefused (see `pipeline.tools.soffice.Office.convert`) and
    UnsoundRendition when the PDF has no page, cannot be read, is no PDF/A, lacks the code or holds letters apart
    from their marks.
    """
    content = office.convert(draft)
    pages = _pages_of(content)
    _inspect_text(content, code, codes_in)
    return Rendition(content=content, pages=pages)


def _pages_of(content: bytes) -> int:
    """The page count of a sound PDF/A that passes the door by which it will come back signed."""
    try:
        # by the same limits: a PDF that would be refused when its signed scan returns must not go out (decision 0012)
        pdf = opened(content)
        conforms = _is_pdfa(pdf.reader)
    except Unfit as unfit:
        said = shown(unfit.finding.message)
        raise UnsoundRendition(f"the PDF that LibreOffice made cannot be used ({said}); make it again") from unfit
    except BROKEN as error:
        raise UnsoundRendition(f"the PDF that LibreOffice made cannot be read ({error}); make it again") from error
    if not conforms:
        raise UnsoundRendition("the PDF that LibreOffice made is no PDF/A; install LibreOffice 7.4 or later")
    return len(pdf.pages)


def _is_pdfa(reader: pypdf.PdfReader) -> bool:
    """Whether the file declares PDF/A and brings the colour profile that goes with it."""
    metadata = reader.xmp_metadata
    # part 2 as it was asked for: LibreOffice's exit code proves nothing (decision 0007)
    return metadata is not None and metadata.pdfaid_part == "2" and "/OutputIntents" in reader.root_object


def _inspect_text(content: bytes, code: str, codes_in: CodesIn) -> None:
    """Look at the text layer of every page."""
    # pdfium for the text: 18 times as fast as pypdf, which has looked through the file by now
    document = pypdfium2.PdfDocument(content)
    try:
        for number, page in enumerate(document, start=1):
            text_page = page.get_textpage()
            text = text_page.get_text_bounded()
            text_page.close()
            page.close()
            # on every page: pages are scanned one by one, and one without a code is nobody's (decision 0006)
            if code and code not in codes_in(text):
                raise UnsoundRendition(
                    f"page {number} of the PDF does not carry the document code {code}; put {{{{ document.code }}}} "
                    "into the template's header or footer, for the first page too"
                )
            # LibreOffice keeps letters and marks apart where the template does
            if not unicodedata.is_normalized("NFC", text):
                raise UnsoundRendition(
                    f"page {number} of the PDF holds Vietnamese letters apart from their marks (NFD), which searches "
                    "will not find; retype them in the template or normalise the value to NFC"
                )
    finally:
        document.close()
