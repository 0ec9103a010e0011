"""A message that came in, taken apart: who sends what, and its files.

It is foreign: no document type, no entities, bounded size, elements, files and inflated bytes. Elements are found by
their names whatever their prefix and order, for writers differ. A file may be coded as it is, or packed into a zip of
its own: the bytes are looked at, not the writer's name.
"""

import base64
import binascii
import datetime as dt
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from pipeline.errors import OperatorError
from pipeline.exchange.message import NAMESPACE, Attachment, Letter, Organisation, Status
from pipeline.messages import tr


@dataclass(frozen=True)
class Limits:
    """What a message may hold; the largest seen had a few megabytes and some ten files."""

    bytes: int = 96 << 20  #: of the message
    tags: int = 20_000  #: openings and closings; a letter has some hundred
    files: int = 100
    file_bytes: int = 64 << 20  #: of one file, inflated
    all_bytes: int = 192 << 20  #: of all files together
    ratio: int = 200


LIMITS: Final = Limits()
_PAGES: Final = re.compile("[0-9]{1,6}")
#: What a packed file that is not sound makes `zipfile` and what it unpacks with raise; a part without a name is asked
#: for its last letter.
_BROKEN_ZIP: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, IndexError, NotImplementedError, RuntimeError),
    *(EOFError, OSError, ValueError),
)


class UnreadableMessage(OperatorError):  # noqa: N818 - names a state of the world
    """A message that came in is refused."""

    exit_code = 28


def read(content: bytes) -> Letter | Status:
    """Take a message apart. Raises UnreadableMessage."""
    if len(content) > LIMITS.bytes:
        raise UnreadableMessage(tr("The message is too large."))
    # counted before a tree is made of them
    if content.count(b"<") > LIMITS.tags:
        raise UnreadableMessage(tr("The message has too many elements."))
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise UnreadableMessage(tr("The message declares a document type or entities, which may do harm.")) from error
    except (ParseError, LookupError, ValueError) as error:
        raise UnreadableMessage(tr("The message is no sound XML ({reason}).", reason=str(error))) from error
    if root.tag != f"{{{NAMESPACE}}}edXML":
        raise UnreadableMessage(tr("The file is no message of QCVN 102:2016."))
    answered = next(_all(root, "MessageStatus"), None)
    if answered is not None:
        return _status(answered)
    header = next(_all(root, "MessageHeader"), None)
    if header is None:
        raise UnreadableMessage(tr("The message is neither a document nor a status."))
    return _letter(root, header)


def _letter(root: Element, header: Element) -> Letter:
    code, issued = _child(header, "Code"), _child(header, "PromulgationInfo")
    signer, other = _child(header, "SignerInfo"), _child(header, "OtherInfo")
    business = next(_all(root, "Bussiness"), None)
    sender = _child(header, "From")
    return Letter(
        sender=_organisation(sender),
        recipients=tuple(_organisation(one) for one in header if _name(one) == "To"),
        document_id=_said(header, "DocumentId"),
        code_number=_said(code, "CodeNumber"),
        code_notation=_said(code, "CodeNotation"),
        place=_said(issued, "Place"),
        promulgated_on=_day(_said(issued, "PromulgationDate")),
        type_name=_said(_child(header, "DocumentType"), "TypeName"),
        subject=_said(header, "Subject"),
        signer=_said(signer, "FullName"),
        signer_position=_said(signer, "Position"),
        signer_competence=_said(signer, "Competence"),
        pages=int(pages) if _PAGES.fullmatch(pages := _said(other, "PageAmount")) else 0,
        priority=_said(other, "Priority"),
        due_on=_day(_said(header, "DueDate")),
        business=_said(business, "BussinessDocType") or "0",
        reason=_said(business, "BussinessDocReason"),
        attachments=tuple(_attachments(root)),
    )


def _status(answered: Element) -> Status:
    return Status(
        document_id=_said(_child(answered, "ResponseFor"), "DocumentId"),
        sender=_organisation(_child(answered, "From")),
        code=_said(answered, "StatusCode"),
        description=_said(answered, "Description"),
        at=_said(answered, "Timestamp"),
    )


def _organisation(of: Element | None) -> Organisation:
    return Organisation(
        id=_said(of, "OrganId"),
        name=_said(of, "OrganName"),
        in_charge=_said(of, "OrganizationInCharge"),
        address=_said(of, "OrganAdd"),
        email=_said(of, "Email"),
        telephone=_said(of, "Telephone"),
        website=_said(of, "Website"),
    )


def _attachments(root: Element) -> Iterator[Attachment]:
    described = {_said(one, "ContentId"): _said(one, "Description") for one in _all(root, "Reference")}
    files = list(_all(root, "Attachment"))
    if len(files) > LIMITS.files:
        raise UnreadableMessage(tr("The message has too many files."))
    left = LIMITS.all_bytes
    for one in files:
        name = _file_name(_said(one, "AttachmentName"))
        try:
            content = base64.b64decode("".join(_said(one, "ContentTransferEncoded").split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise UnreadableMessage(
                tr("The file {name} of the message is not coded as it should be.", name=name)
            ) from error
        content = _unpacked(name, content)
        left -= len(content)
        if left < 0:
            raise UnreadableMessage(tr("The message is too large."))
        yield Attachment(name, content, _said(one, "ContentType"), described.get(_said(one, "ContentId"), ""))


def _unpacked(name: str, content: bytes) -> bytes:
    """The file itself: of a zip that holds one file alone, that file.

    A zip that was meant to be sent keeps its name: it is taken for packing only where the name is no zip's. Office
    files are zips of many parts.
    """
    if not content.startswith(b"PK\x03\x04") or name.lower().endswith(".zip"):
        return _inner_zip(name, content) if name.lower().endswith(".zip") else content
    packed = _one_file(name, content)
    return content if packed is None else packed


def _inner_zip(name: str, content: bytes) -> bytes:
    """A zip in a zip of one file is the zip that was sent; else the bytes are it."""
    packed = _one_file(name, content) if content.startswith(b"PK\x03\x04") else None
    return packed if packed is not None and packed.startswith(b"PK\x03\x04") else content


def _one_file(name: str, content: bytes) -> bytes | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) != 1:
                return None
            (entry,) = entries
            most = min(LIMITS.file_bytes, max(entry.compress_size, 5000) * LIMITS.ratio)
            with archive.open(entry) as file:
                inner = file.read(most + 1)
    except _BROKEN_ZIP as error:
        raise UnreadableMessage(
            tr("The file {name} of the message is packed and cannot be unpacked.", name=name)
        ) from error
    if len(inner) > most:
        raise UnreadableMessage(tr("The file {name} of the message is too large.", name=name))
    return inner


def _file_name(said: str) -> str:
    # a name, and no path: what a sender writes is no place on this machine
    name = PurePosixPath(re.sub(r"[\x00-\x1f\x7f]", "", said).replace("\\", "/")).name
    return "khong-ten" if name in {"", ".", ".."} else name


def _day(said: str) -> dt.date | None:
    """A day as writers write it: "2022/05/27", also with "-" or the day first."""
    found = re.fullmatch(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:\D.*)?", said)
    parts = found.groups() if found else None
    if parts is None and (found := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:\D.*)?", said)):
        parts = found.groups()[::-1]
    try:
        return dt.date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _name(of: Element) -> str:
    return str(of.tag).rpartition("}")[2]


def _all(root: Element, name: str) -> Iterator[Element]:
    return (one for one in root.iter() if _name(one) == name)


def _child(of: Element | None, name: str) -> Element | None:
    return next((one for one in of if _name(one) == name), None) if of is not None else None


def _said(of: Element | None, name: str) -> str:
    found = _child(of, name)
    return (found.text or "").strip() if found is not None else ""
