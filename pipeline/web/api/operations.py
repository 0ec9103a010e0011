"""The table of operations: of each its address, its right, what it takes and what it gives."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pipeline.web.api import reading, shapes, writing
from pipeline.web.api.call import Call
from pipeline.web.pages import document, numbers, signing


@dataclass(frozen=True)
class Parameter:
    """One thing said in the address, behind the question mark."""

    name: str
    sort: str  #: "string" or "integer"
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One operation. `right` names the row of `rights.RIGHTS` that says who may, and how far it reaches.

    `takes` is the shape of the body, None for none and for files; `gives` that of the answer, None for a file.
    """

    name: str
    method: str
    path: str
    right: str
    meaning: str
    answer: Callable[[Call], Response]
    gives: type | None
    takes: type | None = None
    asks: tuple[Parameter, ...] = ()
    status: int = 200

    @property
    def is_write(self) -> bool:
        """Whether something may be changed by it, so that it needs a key of its own."""
        return self.method != "GET"

    @property
    def takes_files(self) -> bool:
        """Whether its body is files."""
        return self.is_write and self.takes is None


def _parameters(*said: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(*one.split(" ", 2)) for one in said)


_LIMIT: Final = "limit integer How many at most, 1 to 200; else 50."

OPERATIONS: Final = (
    Operation(
        "listDocuments",
        "GET",
        "/documents",
        "documents",
        "List documents, the newest first.",
        reading.documents,
        shapes.Documents,
        asks=_parameters(
            "state string Only in these states, with commas between.",
            "kind string Only of this kind.",
            "unit string Only of this unit.",
            "year integer Only of this emulation year.",
            "before integer Only documents with a smaller id: where the page before ended.",
            _LIMIT,
        ),
    ),
    Operation(
        "getDocument", "GET", "/documents/{id}", "document", "One document.", reading.document, shapes.Document
    ),
    Operation(
        "getFindings",
        "GET",
        "/documents/{id}/findings",
        "document",
        "What was found about a document, and how to mend it.",
        reading.findings,
        shapes.Findings,
    ),
    Operation(
        "getEvents",
        "GET",
        "/documents/{id}/events",
        "document",
        "What happened to a document, who did it, and why.",
        reading.events,
        shapes.Events,
    ),
    Operation(
        "getFile",
        "GET",
        "/documents/{id}/files/{sha256}",
        "file",
        "The bytes of one recorded file.",
        document.file,
        None,
    ),
    Operation(
        "previewNumber",
        "GET",
        "/documents/{id}/number",
        "number",
        "The number a document would get now; none is given.",
        reading.next_number,
        shapes.NextNumber,
    ),
    Operation(
        "giveNumber",
        "POST",
        "/documents/{id}/number",
        "number",
        "Give a document that is out for signature its number; asked again, the same one.",
        writing.number,
        shapes.GivenNumber,
        shapes.NumberWish,
    ),
    Operation(
        "voidNumber",
        "POST",
        "/documents/{id}/void",
        "void",
        "Make a number void that was given before the paper came back.",
        numbers.void,
        shapes.Document,
        shapes.Decision,
    ),
    Operation(
        "enterColumns",
        "POST",
        "/documents/{id}/columns",
        "note",
        "Enter something beside a document's number in the book.",
        numbers.note,
        shapes.Document,
        shapes.Entered,
    ),
    Operation(
        "confirmPaper",
        "POST",
        "/documents/{id}/confirm",
        "confirm",
        "Take a paper that came back as the signed one of the document whose code it bears.",
        signing.confirm,
        shapes.Document,
        shapes.Decision,
    ),
    Operation(
        "matchPaper",
        "POST",
        "/documents/{id}/match",
        "match",
        "Take a paper that came back as the signed one of the document that is named.",
        signing.match,
        shapes.Document,
        shapes.Matching,
    ),
    Operation(
        "refusePaper",
        "POST",
        "/documents/{id}/refuse",
        "refuse",
        "Send a paper that came back away, with the reason.",
        signing.refuse,
        shapes.Document,
        shapes.Decision,
    ),
    Operation(
        "enterPaper",
        "POST",
        "/documents/{id}/enter",
        "enter-paper",
        "Enter a paper that was not made here in the register.",
        writing.enter_paper,
        shapes.Document,
        shapes.OutsidePaper,
    ),
    Operation(
        "acceptWarnings",
        "POST",
        "/documents/{id}/accept",
        "accept",
        "Accept the warnings of one rule.",
        document.accept,
        shapes.Document,
        shapes.Acceptance,
    ),
    Operation(
        "reprocessDocument",
        "POST",
        "/documents/{id}/reprocess",
        "reprocess",
        "Do again what was sent back or is held.",
        document.reprocess,
        shapes.Document,
        shapes.Decision,
    ),
    Operation(
        "cancelDocument",
        "POST",
        "/documents/{id}/cancel",
        "cancel",
        "Cancel a document; its files leave the outbox, and a number it has is void.",
        document.cancel,
        shapes.Document,
        shapes.Decision,
    ),
    Operation(
        "listFolders",
        "GET",
        "/folders",
        "drop",
        "The folders of the inbox into which this account may drop files, and what lies there, not taken yet.",
        reading.folders,
        shapes.Folders,
    ),
    Operation(
        "dropFiles",
        "POST",
        "/drops",
        "bring",
        "Drop files into a folder of the inbox: as multipart/form-data (`file`, several times; `folder`), or one "
        "file as the whole body.",
        writing.bring,
        shapes.BroughtFiles,
        asks=_parameters(
            "folder string The folder (a unit's code); an account of a unit has only its own.",
            "name string The file's name, where the whole body is the file.",
        ),
        status=201,
    ),
    Operation(
        "getDrop",
        "GET",
        "/drops/{sha256}",
        "drop-status",
        "What became of a file by its bytes; no document yet while it lies in the inbox.",
        reading.drop,
        shapes.DropStatus,
    ),
    Operation(
        "listNumbers",
        "GET",
        "/registers/{book}",
        "register",
        "A page of a book of the register (`outgoing` or `incoming`), the newest number first.",
        reading.book,
        shapes.Numbers,
        asks=_parameters(
            "year integer Of this calendar year; 0 for all; else of the current emulation year.",
            "words string Only lines in which all these words stand, accents or not, as for `vanthu find`.",
            "page integer Which page, from 1.",
            _LIMIT,
        ),
    ),
)
