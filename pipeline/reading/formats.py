"""What a file is, by its first bytes and not by its name; names only tell one kind of text from another."""

import codecs
import io
import re
import zipfile
from typing import Final

from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.ooxml.ole import OLE, ole_format
from pipeline.reading.old_formats import EXTENSIONS, NEW_FORMATS, check_rtf, odf_format

_OFFICE: Final = {"docx": "docx", "dotx": "docx", "docm": "docx", "xlsx": "xlsx", "xltx": "xlsx", "xlsm": "xlsx"}
#: Formats that are text, by their extensions: nothing in the bytes tells one from another.
TEXT: Final = {"yaml": "yaml", "yml": "yaml", "json": "json", "csv": "csv"}
# noi-dung §8.1: papers photographed with a telephone, archives and links are sent, too; each is told what to do.
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"RIFF")
_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF")
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!")
_PHONE_PICTURES: Final = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheim", b"ftypavif", b"ftyphevc", b"ftypmsf1")
#: What is a zip besides: by a part that every such file has.
_PARTS: Final = {
    "xl/workbook.bin": "xlsb",
    "Index/Document.iwa": "iwork",
    "Index.zip": "iwork",
    "index.apxl": "iwork",
    "index.xml": "iwork",
    "ppt/presentation.xml": "slides",
}
_SLIDES: Final = frozenset({"ppt", "pps", "odp"})
_WEB: Final = frozenset({"htm", "html", "mht", "mhtml"})
#: How files begin that programs write as web pages, and Office as XML of 2003, under the names of old formats.
_WEB_PAGE: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head|<meta|<body|<table|<style|<\?xml|mime-version:)",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_BYTES: Final = 4096
_SEPARATED: Final = re.compile("[\t;,]")
_WRITTEN: Final = frozenset({*_OFFICE, *NEW_FORMATS, "dot", "xlt", "pdf"})


def format_of(content: bytes, name: str) -> str:
    """The format of the file: docx, xlsx, pdf, a text (`TEXT`), or an old one (`NEW_FORMATS`). Raises Unfit."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not content.strip(b"\0 \t\r\n"):
        raise Unfit(refusals.empty())
    found = _by_magic(content, extension)
    if found in NEW_FORMATS:
        return _named(found, extension, EXTENSIONS[found])
    if found == "zip":
        return _office(extension, _check_parts(content))
    if found == "pdf":
        return _named(found, extension, frozenset({"pdf", ""}))
    if extension in _WRITTEN:
        raise Unfit(_text_named(content, extension) or _not_what_it_says(extension))
    if extension in TEXT:
        return TEXT[extension]
    raise Unfit(_unknown(extension))


def _by_magic(content: bytes, extension: str) -> str:
    if content.startswith(OLE):
        found = ole_format(content)
        if not found:
            raise Unfit(_not_what_it_says(extension) if extension in _WRITTEN else _unknown(extension))
        return found
    if content.startswith(b"{\\rtf"):
        check_rtf(content)
        return "rtf"
    if content.startswith(_PROGRAMS):
        raise Unfit(_not_what_it_says(extension) if extension in _WRITTEN else _unknown(extension))
    # a form's number often begins with BM, for "biểu mẫu": only a bitmap has the four zeros
    is_bitmap = content.startswith(b"BM") and content[6:10] == bytes(4)
    if is_bitmap or content.startswith(_PICTURES) or content[4:12] in _PHONE_PICTURES:
        raise Unfit(_picture())
    if content.startswith(_ARCHIVES):
        raise Unfit(_packed())
    if content.startswith(b"PK\x03\x04"):
        return odf_format(content) or "zip"
    # readers of PDF accept what stands before the header, up to here
    return "pdf" if b"%PDF-" in content[:1024] else ""


def _check_parts(content: bytes) -> str:
    """What the parts of a zip make it: "docx", "xlsx", "" for neither.

    Raises Unfit for what is a zip by its making, but neither an archive to people nor one of our formats.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError):
        return ""  # who opens it will say so
    match next((_PARTS[name] for name in names if name in _PARTS), ""):
        case "xlsb":
            raise Unfit(_binary_workbook())
        case "iwork":
            raise Unfit(_apple())
        case "slides":
            raise Unfit(_slides())
    folders = {name.partition("/")[0].casefold() for name in names} if "[Content_Types].xml" in names else set()
    return "docx" if "word" in folders else "xlsx" if "xl" in folders else ""


def _text_named(content: bytes, extension: str) -> Finding | None:
    """What a text is that bears the name of an office format; None when it is no text that people mean by it."""
    wanted = "docx" if extension in {"doc", "docx", "docm", "dot", "dotx", "rtf", "odt"} else "xlsx"
    head = content[:_HEAD_BYTES]
    text = _letters(head)
    if extension == "pdf" or text is None:
        return None
    if _WEB_PAGE.match(text.encode()):
        return refusal(
            "I02",
            say("The file is named .{extension}, but is a web page, as some programs save it.", extension=extension),
            say("Open it in Word or Excel, save it as .{wanted}, and drop that file.", wanted=wanted),
        )
    if wanted == "xlsx" and _SEPARATED.search(text):
        return refusal(
            "I02",
            say("The file is named .{extension}, but is a text with separators (CSV).", extension=extension),
            say("Open it in Excel and save it as .xlsx, or give it a name that ends in .csv; drop that file."),
        )
    return None


def _letters(head: bytes) -> str | None:
    """The beginning of a text, roughly; None where it is none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return None if b"\0" in head else head.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def _office(extension: str, found: str) -> str:
    if extension in _OFFICE:
        return _OFFICE[extension]
    if found:  # mail programs take the ending away, or put another in its place
        raise Unfit(_misnamed(found))
    if extension in TEXT or extension in NEW_FORMATS or extension == "pdf":
        raise Unfit(_not_what_it_says(extension))
    raise Unfit(_packed())


def _named(found: str, extension: str, allowed: frozenset[str]) -> str:
    if extension not in allowed:
        raise Unfit(_not_what_it_says(extension))
    return found


def _not_what_it_says(extension: str) -> Finding:
    return refusal(
        "I02",
        say("The file is named .{extension}, but its content is something else.", extension=extension),
        say(
            "Open the document in the program it was made with, save it as .docx, .xlsx or .pdf, and drop that file."
        ),
    )


def _misnamed(found: str) -> Finding:
    return refusal(
        "I02",
        say("The file is a document in the format .{found}, but its name does not end in .{found}.", found=found),
        say("Give it a name that ends in .{found}, and drop it again.", found=found),
    )


def _office_xml() -> Finding:
    return refusal(
        "I01",
        say("The file is XML, as Word and Excel write it on request; it is not read here."),
        say("Open it in Word or Excel, save it as .docx or .xlsx, and drop that file."),
    )


def _picture() -> Finding:
    return refusal(
        "I01",
        say("The file is a picture; a form cannot be read from it."),
        say("Fill in the form as .docx or .xlsx; scan signed papers to PDF."),
    )


def _packed() -> Finding:
    return refusal(
        "I01",
        say("The file is an archive; what is packed in it was not looked at."),
        say("Unpack it on your computer and drop each document by itself."),
    )


def _binary_workbook() -> Finding:
    return refusal(
        "I01",
        say("The file is a binary Excel workbook (.xlsb), which is not read here."),
        say("Open it in Excel, choose Save As, Excel Workbook (.xlsx), and drop that file."),
    )


def _apple() -> Finding:
    return refusal(
        "I01",
        say("The file was made with Pages or Numbers of Apple, whose files are not read here."),
        say("In Pages or Numbers choose File, Export To, Word or Excel, and drop the exported file."),
    )


def _slides() -> Finding:
    return refusal(
        "I01",
        say("The file is a presentation; a form cannot be read from it."),
        say("Fill in the form as .docx or .xlsx; scan signed papers to PDF."),
    )


def _web_page() -> Finding:
    return refusal(
        "I01",
        say("The file is a web page, which is not read here."),
        say("Open it in Word or Excel, save it as .docx or .xlsx, and drop that file."),
    )


def _unknown(extension: str) -> Finding:
    if extension in _SLIDES:
        return _slides()
    if extension in _WEB:
        return _web_page()
    if extension == "xml":
        return _office_xml()
    if extension in {"pages", "numbers"}:
        return _apple()
    if extension == "xlsb":
        return _binary_workbook()
    if extension in {"eml", "msg"}:
        return refusal(
            "I01",
            say("The file is an e-mail; what is attached to it was not looked at."),
            say("Save the attached document on your computer and drop that file."),
        )
    if extension in {"url", "webloc", "lnk", "gdoc", "gsheet"}:
        return refusal(
            "I01",
            say("The file is only a link to a document."),
            say("Open the link, download the document as .docx or .xlsx, and drop that file."),
        )
    return refusal(
        "I01",
        say("Files of this kind are not read here."),
        say("Send .docx, .xlsx, .csv, fillable .pdf, .yaml or .json, one document a file, not packed."),
    )
