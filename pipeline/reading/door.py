"""What a file is, by its first bytes and not by its name; names only tell one kind of text from another."""

import re
from typing import Final

from pipeline.messages import say
from pipeline.model import Finding
from pipeline.reading import refusals
from pipeline.reading.refusals import Unfit, refusal

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OFFICE: Final = {"docx": "docx", "dotx": "docx", "docm": "docx", "xlsx": "xlsx", "xltx": "xlsx", "xlsm": "xlsx"}
_TEXT: Final = {"yaml": "yaml", "yml": "yaml", "json": "json"}
_OLD: Final = {"doc": ".docx", "xls": ".xlsx", "rtf": ".docx", "odt": ".docx", "ods": ".xlsx", "ppt": ".docx"}
_PICTURES: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
_ARCHIVES: Final = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh")
_PROGRAMS: Final = (b"MZ", b"\x7fELF", b"#!")


def format_of(content: bytes, name: str) -> str:
    """The format by which the file is to be read: docx, xlsx, pdf, yaml or json. Raises Unfit."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if not content.strip(b"\0 \t\r\n"):
        raise Unfit(refusals.empty())
    found = _by_magic(content, extension)
    if found == "zip":
        return _office(extension)
    if found == "pdf":
        return _named(found, extension, {"pdf", ""})
    if extension in _OFFICE or extension == "pdf":
        raise Unfit(_not_what_it_says(extension))
    if extension in _TEXT:
        return _TEXT[extension]
    raise Unfit(_unknown())


def _by_magic(content: bytes, extension: str) -> str:
    if content.startswith(_OLE):
        raise Unfit(refusals.password() if _ENCRYPTED in content[: 1 << 20] else _old(extension or "doc"))
    if content.startswith(b"{\\rtf"):
        raise Unfit(_old("rtf"))
    if content.startswith(_PROGRAMS):
        raise Unfit(_not_what_it_says(extension) if extension in _OFFICE else _unknown())
    if content.startswith(_PICTURES):
        raise Unfit(_picture())
    if content.startswith(_ARCHIVES):
        raise Unfit(_unknown())
    if content.startswith(b"PK\x03\x04"):
        if re.match(rb"PK\x03\x04.{26}mimetypeapplication/vnd\.oasis\.opendocument\.", content[:200], re.DOTALL):
            raise Unfit(_old("ods" if b"spreadsheet" in content[:120] else "odt"))
        return "zip"
    return "pdf" if b"%PDF-" in content[:1024] else ""


def _office(extension: str) -> str:
    if extension in _OFFICE:
        return _OFFICE[extension]
    if extension in _TEXT or extension == "pdf":
        raise Unfit(_not_what_it_says(extension))
    if extension in {"", "zip"}:
        raise Unfit(_unknown())
    raise Unfit(_unknown())


def _named(found: str, extension: str, allowed: set[str]) -> str:
    if extension not in allowed:
        raise Unfit(_not_what_it_says(extension))
    return found


def _not_what_it_says(extension: str) -> Finding:
    return refusal(
        "I02",
        say("The file is named .{extension}, but its content is something else.", extension=extension),
        say("Open the document in the program it was made with, save it in that format, and drop that file."),
    )


def _old(extension: str) -> Finding:
    wanted = _OLD.get(extension, ".docx")
    return refusal(
        "I01",
        say("The file is in an old or foreign format (.{extension}).", extension=extension),
        say("Open it in Word or Excel, save it as {wanted}, and drop that file.", wanted=wanted),
    )


def _picture() -> Finding:
    return refusal(
        "I01",
        say("The file is a picture; a form cannot be read from it."),
        say("Fill in the form as .docx or .xlsx; scan signed papers to PDF."),
    )


def _unknown() -> Finding:
    return refusal(
        "I01",
        say("Files of this kind are not read here."),
        say("Send .docx, .xlsx, fillable .pdf, .yaml or .json, one document a file, not packed."),
    )
