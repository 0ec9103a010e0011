"""What a file holds, before anybody asks what it means: its format, its door, its reader.

Runs in a guarded child. What was opened is remembered there by the hash of the bytes (`pipeline.files.kept`), so that
the secrecy gate, reading and marking open a file once.
"""

from collections.abc import Callable
from typing import Final

from pipeline import ooxml, pdf
from pipeline.files import refusals
from pipeline.files.kept import Kept
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.reading.csv_form import decoded, read_csv
from pipeline.reading.excel import read_xlsx
from pipeline.reading.formats import format_of
from pipeline.reading.old_formats import NEW_FORMATS
from pipeline.reading.pdf import read_pdf
from pipeline.reading.raw import RawForm
from pipeline.reading.text_form import read_json, read_yaml
from pipeline.reading.word import read_docx

#: A cell with its place takes about a kilobyte.
_KEPT: Final = Kept[RawForm]("form", 32 << 20, lambda raw: 2048 * len(raw.lines))

#: Who reads each format; see `formats` for how one is told.
_READERS: Final[dict[str, Callable[[bytes], RawForm]]] = {
    "docx": lambda content: read_docx(office_file(content, "docx")),
    "xlsx": lambda content: read_xlsx(office_file(content, "xlsx")),
    "pdf": lambda content: read_pdf(pdf.opened(content)),
    "yaml": read_yaml,
    "json": read_json,
    "csv": read_csv,
}
#: Formats of text that need not be UTF-8.
_DECODERS: Final[dict[str, Callable[[bytes], str]]] = {"csv": lambda content: decoded(content)[0]}


def raw_form(content: bytes, name: str) -> RawForm:
    """What the file holds. Raises Unfit when it is refused; running out of memory is left to the guard."""
    extension = name.rpartition(".")[2].lower()  # all of a name that decides how bytes are read
    return _KEPT.of(content, lambda: _read(content, name), extension)


def _read(content: bytes, name: str) -> RawForm:
    format_ = format_of(content, name)
    if format_ in NEW_FORMATS:  # made new before it is read, where that can be done
        raise Unfit(refusals.old(format_, NEW_FORMATS[format_]))
    try:
        return _READERS[format_](content)
    # the guard drops what it keeps and tries once more (docs/decisions/0012)
    except (Unfit, MemoryError, RecursionError):
        raise
    except Exception as error:  # libraries raise anything for bytes they did not expect
        raise Unfit(refusals.damaged()) from error


def pass_door(content: bytes, name: str) -> str:
    """The format of a file that may be opened. Raises Unfit for one that is refused at the door."""
    format_ = format_of(content, name)
    if format_ == "pdf":
        pdf.opened(content)
    elif format_ in {"docx", "xlsx"}:
        office_file(content, format_)
    return format_


def text_of_form(content: bytes, name: str) -> str:
    """The letters of a form that is text, as they were read. Raises Unfit."""
    decode = _DECODERS.get(format_of(content, name))
    return decode(content) if decode else content.decode("utf-8-sig", errors="replace")


def office_file(content: bytes, format_: str) -> ooxml.Package:
    """A Word or Excel file that is what its name says. Raises Unfit."""
    package = ooxml.opened(content)
    if package.format != format_:
        raise Unfit(_other_format(package.format, format_))
    return package


def _other_format(found: str, named: str) -> Finding:
    return refusal(
        "I02",
        say("The file is named .{named}, but its content is .{found}.", named=named, found=found),
        say("Save the file again in the format its name says."),
    )
