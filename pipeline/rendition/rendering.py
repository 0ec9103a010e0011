"""From the Word draft to the PDF that is printed and signed: made by LibreOffice, believed only after a look.

PDF/A-2b and PDF/UA-1 (`tagging`) with the document code in its text on every page: by the code the signed paper finds
its way home, so a rendition without it is refused here, where the template can still be mended, not when the paper is
back. Each page gets its mark (`page_marks`). And it says what the Word document says (`comparison`), in fonts it
brings along.
"""

import io
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final, TypeAlias

import pypdf
import pypdfium2

from pipeline.errors import OperatorError
from pipeline.files.refusals import Unfit
from pipeline.messages import shown
from pipeline.model import Rendition
from pipeline.pdf import dictionary_in, opened
from pipeline.pdf.document import BROKEN
from pipeline.pdf.pdfium import pdfium_document
from pipeline.rendition.comparison import differences
from pipeline.rendition.page_marks import MarkOf, Stamped, stamp_in
from pipeline.rendition.tagging import complete
from pipeline.tools.fonts import FontsUnknown, letters_without_font
from pipeline.tools.soffice import Office

_MOST_DIFFERENCES: Final = 3  # named; one is mostly the cause of all

CodesIn: TypeAlias = Callable[[str], Collection[str]]


def _finds_none(_text: str) -> Collection[str]:
    return ()


class UnsoundRendition(OperatorError):  # noqa: N818 - names a state of the world
    """A PDF was made, but it is not one we would send out; the sentence says what is wrong with it."""

    exit_code = 23


def render(
    draft: bytes, office: Office, code: str = "", codes_in: CodesIn = _finds_none, mark_of: MarkOf | None = None
) -> Rendition:
    """The PDF/A of a Word document (docx bytes); `code` is the document code every page must carry, "" for none.

    `codes_in` finds the document codes in the text of a page (`papers.codes.find_all`), `mark_of` gives the text that
    marks a page (`papers.page_marks.mark_text`); without it no page is marked.

    Raises MissingToolError, ToolTimeout, ToolCrashed, DraftRefused (see `pipeline.tools.soffice.Office.convert`) and
    UnsoundRendition when the PDF has no page, cannot be read, is no PDF/A, lacks the code or a font, holds letters
    apart from their marks, or does not say what the draft says.
    """
    stamped = _finished(office.convert(draft), mark_of)
    # looked at as it goes out, mark and all
    pages = _pages_of(stamped.content)
    texts = list(_without_marks(_texts_of(stamped.content), stamped.marks))
    _inspect_text(texts, code, codes_in)
    _compare(draft, texts)
    return Rendition(content=stamped.content, pages=pages, marks=stamped.marks)


def _finished(content: bytes, mark_of: MarkOf | None) -> Stamped:
    """What LibreOffice made, with the tags it left out, and with a mark on every page."""
    try:
        # one update for both: pypdf counts the objects of a second one anew and gives numbers twice
        writer = pypdf.PdfWriter(io.BytesIO(content), incremental=True)
        complete(writer)
        marks = () if mark_of is None else stamp_in(writer, content, mark_of)
        finished = io.BytesIO()
        writer.write(finished)
        return Stamped(finished.getvalue(), marks)
    except (*BROKEN, pypdfium2.PdfiumError) as error:
        raise UnsoundRendition(f"the PDF that LibreOffice made cannot be read ({error}); make it again") from error


def _without_marks(texts: Sequence[str], marks: Sequence[str]) -> Iterator[str]:
    """What the pages say besides their marks, each of which is there as it was stamped."""
    for number, (text, mark) in enumerate(zip_longest(texts, marks, fillvalue=""), start=1):
        if mark and mark not in text:
            raise UnsoundRendition(f"page {number} of the PDF does not show its mark {mark}; please report it")
        yield text.replace(mark, "", 1) if mark else text


def _pages_of(content: bytes) -> int:
    """The page count of a sound PDF/A that passes the door by which it will come back signed."""
    try:
        # by the same limits: a PDF that would be refused when its signed scan returns must not go out (decision 0012)
        pdf = opened(content)
        conforms, apart = _is_pdfa(pdf.reader), fonts_apart(pdf.reader)
    except Unfit as unfit:
        said = shown(unfit.finding.message)
        raise UnsoundRendition(f"the PDF that LibreOffice made cannot be used ({said}); make it again") from unfit
    except BROKEN as error:
        raise UnsoundRendition(f"the PDF that LibreOffice made cannot be read ({error}); make it again") from error
    if not conforms:
        raise UnsoundRendition("the PDF that LibreOffice made is no PDF/A; install LibreOffice 7.4 or later")
    if apart:
        raise UnsoundRendition(
            f"the PDF does not bring its fonts along ({', '.join(apart)}); install them, or others"
        )
    return len(pdf.pages)


def _is_pdfa(reader: pypdf.PdfReader) -> bool:
    """Whether the file declares PDF/A and brings the colour profile that goes with it."""
    metadata = reader.xmp_metadata
    # part 2 as it was asked for: LibreOffice's exit code proves nothing (decision 0007)
    return metadata is not None and metadata.pdfaid_part == "2" and "/OutputIntents" in reader.root_object


def fonts_apart(reader: pypdf.PdfReader) -> list[str]:
    """The fonts that a PDF names and does not bring along: on another machine it would be printed differently."""
    found: dict[str, bool] = {}
    for page in reader.pages:
        for one in dictionary_in(dictionary_in(page, "/Resources"), "/Font").values():
            font = one.get_object()
            # a font of many letters has its description one step further down
            inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
            files = {"/FontFile", "/FontFile2", "/FontFile3"} & set(dictionary_in(inner, "/FontDescriptor"))
            found[str(font.get("/BaseFont", ""))] = bool(files)
    return sorted(name for name, is_there in found.items() if not is_there)


def _texts_of(content: bytes) -> list[str]:
    """The text layer of every page."""
    # pdfium for the text: 18 times as fast as pypdf, which has looked through the file by now
    texts = []
    with pdfium_document(content) as document:
        for page in document:
            text_page = page.get_textpage()
            texts.append(text_page.get_text_bounded())
            text_page.close()
            page.close()
    return texts


def _inspect_text(texts: Sequence[str], code: str, codes_in: CodesIn) -> None:
    """Look at the text of every page."""
    for number, text in enumerate(texts, start=1):
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


def _compare(draft: bytes, texts: Sequence[str]) -> None:
    """Hold a PDF against its Word document, letter by letter, and its letters against the fonts there are."""
    try:
        lacking = letters_without_font("".join(texts))
    except FontsUnknown as unknown:
        raise UnsoundRendition(
            "it cannot be told whether a font has every sign of the document: fc-list does not answer; "
            "install fontconfig (apt-get install fontconfig)"
        ) from unknown
    if lacking:
        raise UnsoundRendition(
            f"no font on this machine has the sign {lacking[0]!r} (U+{ord(lacking[0]):04X}), so an empty box is "
            "printed for it; install a font that has it, or have another sign typed"
        )
    found = list(islice(differences(draft, texts), _MOST_DIFFERENCES))
    if found:
        raise UnsoundRendition(
            f"the PDF does not say what the Word document says: {'; '.join(found)}; in the template, put tags "
            "outside of fields and controls that fill themselves (`vanthu kinds check` names them)"
        )
