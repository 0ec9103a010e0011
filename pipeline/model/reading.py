"""What reading a form, recognising a paper and making a PDF give."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model.address import Address
from pipeline.model.finding import Finding, Place, Severity
from pipeline.model.json_value import JsonObject
from pipeline.model.scan import MeasuredSheet


@dataclass(frozen=True)
class Reading:
    """What a submitted form says.

    `values` is canonical (ISO dates, integers for money, unit codes); `places` gives the place of each address in
    the file. `kind` and `unit` are ids when recognised, else empty; `said_unit` is the text that named the unit.
    `form` is what a form of ours says of itself ("dang-ky/1f3a9c2e"), "" for a file of the unit's own making.
    """

    format: str
    kind: str = ""
    unit: str = ""
    said_unit: str = ""
    values: JsonObject = field(default_factory=dict)
    places: Mapping[Address, Place] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    form: str = ""

    @property
    def is_blocked(self) -> bool:
        """Whether anything found so far keeps the document from being made."""
        return any(finding.severity is Severity.BLOCK for finding in self.findings)


@dataclass(frozen=True)
class ShownLines:
    """The lines of a paper from top to bottom, as its own text has them; none in a file without text."""

    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenMark:
    """The mark of a page as it was read off a sheet (from 1); whether it is ours only the key of the office tells."""

    sheet: int
    code: str
    page: int
    pages: int
    check: str


@dataclass(frozen=True)
class SeenSignature:
    """A place where somebody signs, and what was seen there; `sheet` is 0 when its page did not come back."""

    name: str
    page: int
    sheet: int = 0
    has_signature: bool = False
    has_seal: bool = False


@dataclass(frozen=True)
class PlacedPage:
    """Where a page of a document (from 1) was seen: on which sheet (from 1) of the received file with sha256 `of`.

    `turn` is by how many degrees clockwise the sheet is turned to stand upright; `half` is the half of the sheet, as
    it lies, that is the page ("left", "right", "top", "bottom", or "" for the whole); `scale` makes it as large as
    the page was sent out. `signed` are the places where people sign (from 1, in the document) at which a signature
    was seen on it.
    """

    page: int
    of: str
    sheet: int
    turn: int = 0
    half: str = ""
    scale: float = 1.0
    signed: tuple[int, ...] = ()

    @property
    def is_as_it_came(self) -> bool:
        """Whether the sheet is the page as it lies."""
        return self.turn == 0 and not self.half and self.scale == 1.0


@dataclass(frozen=True)
class LikelyDocument:
    """A document that a paper may be: its job, and how many of its pages look like sheets of the paper.

    `words_percent` of the words that a program read on the paper are its own; 0 where its pages tell it.
    """

    job: int
    pages: int
    alike: int
    words_percent: int = 0


@dataclass(frozen=True)
class Recognition:
    """What a PDF turned out to be: the code of one of our papers, page by page.

    `code` is the document code that more than half of the pages carry, blank ones left out, or "" when there is none
    (then that of the file's keywords, where no page has a code); `pages` is the page count; `unread_pages` are pages
    (from 1) on which no code was found; `foreign_codes` are other codes met; `codes` is what each sheet carries, ""
    for none; `strange_codes` are sheets with a QR code that is none of ours, and no code; `marks` are the page marks
    read. `digital_signatures` are filled signature fields; `stray_signatures` are those that a page shows and the
    file's form does not know any more.

    `seen_in` is the sha256 of the PDF that was looked at, "" where that was the received file itself; `of_sheets` the
    sheets of the received file that are in it, () for all. `placed` are the pages of the document that its sheets
    are. `copy` is the sha256 of the copy in which these pages stand in order and upright, `made_of` what that was
    made of, `joined` the jobs whose sheets are in it, too. `signature_places` are what was seen where people sign, in
    the copy if there is one. `measured` says of each sheet how it was scanned.

    `by_picture` says that no code was read, and `code` is that of the document that its pages are; `likely` are
    documents that they may be, where that is for a person to say, the likeliest first.
    """

    code: str = ""
    pages: int = 0
    unread_pages: tuple[int, ...] = ()
    foreign_codes: tuple[str, ...] = ()
    digital_signatures: int = 0
    stray_signatures: int = 0
    has_text: bool = False
    findings: tuple[Finding, ...] = ()
    seen_in: str = ""
    marks: tuple[SeenMark, ...] = ()
    placed: tuple[PlacedPage, ...] = ()
    copy: str = ""
    made_of: tuple[PlacedPage, ...] = ()
    joined: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    of_sheets: tuple[int, ...] = ()
    signature_places: tuple[SeenSignature, ...] = ()
    measured: tuple[MeasuredSheet, ...] = ()
    strange_codes: tuple[int, ...] = ()
    by_picture: bool = False
    likely: tuple[LikelyDocument, ...] = ()

    @property
    def few_code(self) -> str:
        """The one code that is read, on too few sheets to say what the paper is; "" where there is none, or more."""
        codes = {code for code in self.codes if code}
        return next(iter(codes)) if not self.code and len(codes) == 1 else ""


@dataclass(frozen=True)
class Rendition:
    """A PDF made from a draft; `marks` are the texts of its page marks, "" for a page that has no room for one."""

    content: bytes
    pages: int
    marks: tuple[str, ...] = ()
