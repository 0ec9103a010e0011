"""A message of a filed paper, and the status of one that came in, as bytes.

The prefix stands on every child of the envelope although the default namespace is the same: receivers look for it by
the name. "Bussiness" and "ContentTransferEncoded" are spelt so there. Each file is packed into a zip of its own
before it is coded in base64, as most writers do it.
"""

import base64
import datetime as dt
import io
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from pipeline.errors import OperatorError
from pipeline.exchange.message import NAMESPACE, PREFIX, Attachment, Letter, Organisation, Status
from pipeline.messages import tr

#: Most characters of a field (NĐ30 Phụ lục VI); what is longer is refused by registers that follow it.
LIMITS = {
    "CodeNumber": 11,
    "CodeNotation": 30,
    "Subject": 500,
    "FullName": 50,
    "Position": 100,
    "TypeName": 100,
    "OrganName": 200,
}


class UnwritableMessage(OperatorError):  # noqa: N818 - names a state of the world
    """A message cannot be made of these facts."""

    exit_code = 29


def written(letter: Letter, at: dt.datetime) -> bytes:
    """Write a letter; `at` is when it was made. Raises UnwritableMessage for facts that no register takes."""
    _require_sound(letter)
    # by what they are: the same letter written again is the same bytes
    ids = [
        f"cid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{letter.document_id}/{number}/{one.name}')}"
        for number, one in enumerate(letter.attachments, 1)
    ]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<edXML xmlns="{NAMESPACE}">',
        f'<{PREFIX}:edXMLEnvelope xmlns:{PREFIX}="{NAMESPACE}">',
        _in("edXMLHeader", _in("MessageHeader", *_header(letter)), _in("TraceHeaderList", *_trace(letter, at))),
        _in("edXMLBody", *_manifest(letter.attachments, ids)),
        f"</{PREFIX}:edXMLEnvelope>",
        "<AttachmentEncoded>",
        *(line for one, content_id in zip(letter.attachments, ids, strict=True) for line in _file(one, content_id)),
        "</AttachmentEncoded>",
        "</edXML>",
    ]
    return ("\n".join(lines) + "\n").encode()


def status(said: Status) -> bytes:
    """Write the status of a letter that came in."""
    message = _in(
        "MessageStatus",
        _in("ResponseFor", *_responded(said.document_id)),
        *_organisation("From", said.sender),
        _text("StatusCode", said.code),
        _text("Description", said.description),
        _text("Timestamp", said.at),
    )
    envelope = f'<{PREFIX}:edXMLEnvelope xmlns:{PREFIX}="{NAMESPACE}">'
    header = _in("edXMLHeader", message)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">\n{envelope}\n{header}\n'
        f"</{PREFIX}:edXMLEnvelope>\n</edXML>\n"
    ).encode()


def _require_sound(letter: Letter) -> None:
    said = {
        "CodeNumber": letter.code_number,
        "CodeNotation": letter.code_notation,
        "Subject": letter.subject,
        "FullName": letter.signer,
        "Position": letter.signer_position,
        "TypeName": letter.type_name,
        "OrganName": letter.sender.name,
    }
    for name, text in said.items():
        if len(text) > LIMITS[name]:
            raise UnwritableMessage(
                tr(
                    "{field} has {count} characters; a message takes {most}.",
                    field=name,
                    count=len(text),
                    most=LIMITS[name],
                )
            )
    needed = {"OrganId": letter.sender.id, **{name: said[name] for name in ("CodeNumber", "CodeNotation", "Subject")}}
    for name, text in needed.items():
        if not text:
            raise UnwritableMessage(tr("A message needs {field}, which is empty.", field=name))
    if not letter.recipients or not letter.attachments or letter.promulgated_on is None:
        raise UnwritableMessage(tr("A message needs a recipient, a day and a file."))


def _header(letter: Letter) -> Iterator[str]:
    yield from _organisation("From", letter.sender)
    for one in letter.recipients:
        yield from _organisation("To", one)
    yield _text("DocumentId", letter.document_id)
    yield _in("Code", _text("CodeNumber", letter.code_number), _text("CodeNotation", letter.code_notation))
    day = f"{letter.promulgated_on:%Y/%m/%d}" if letter.promulgated_on else ""
    yield _in("PromulgationInfo", _text("Place", letter.place), _text("PromulgationDate", day))
    # 1 and 0 as they were seen for letters of offices; the list of codes is not public
    yield _in("DocumentType", _text("Type", "1"), _text("TypeDetail", "0"), _text("TypeName", letter.type_name))
    yield _text("Subject", letter.subject)
    yield _text("Content", letter.subject)
    signer = (
        _text("Competence", letter.signer_competence),
        _text("Position", letter.signer_position),
        _text("FullName", letter.signer),
    )
    yield _in("SignerInfo", *signer)
    if letter.due_on:
        yield _text("DueDate", f"{letter.due_on:%Y/%m/%d}")
    yield _in(
        "OtherInfo",
        _text("Priority", letter.priority),
        _text("PromulgationAmount", "1"),
        _text("PageAmount", str(letter.pages)),
        _text("Direction", "false"),
    )
    yield _text("SteeringType", "0")


def _organisation(name: str, of: Organisation) -> Iterator[str]:
    yield _in(
        name,
        _text("OrganId", of.id),
        _text("OrganizationInCharge", of.in_charge),
        _text("OrganName", of.name),
        _text("OrganAdd", of.address),
        _text("Email", of.email),
        _text("Telephone", of.telephone),
        _text("Website", of.website),
    )


def _trace(letter: Letter, at: dt.datetime) -> Iterator[str]:
    yield _in("TraceHeader", _text("OrganId", letter.sender.id), _text("Timestamp", f"{at:%Y/%m/%d %H:%M:%S}"))
    yield _in(
        "Bussiness",
        _text("BussinessDocType", letter.business),
        _text("BussinessDocReason", letter.reason),
        # no paper follows
        _text("Paper", "0"),
    )


def _responded(of: str) -> Iterator[str]:
    organisation, _, rest = of.partition(",")
    day, _, code = rest.partition(",")
    number, _, notation = code.partition("/")
    yield _text("OrganId", organisation)
    yield _text("Code", f"{number}/{notation}" if notation else code)
    yield _text("PromulgationDate", day)
    yield _text("DocumentId", of)


def _manifest(attachments: tuple[Attachment, ...], ids: list[str]) -> Iterator[str]:
    yield f'<{PREFIX}:edXMLManifest version="1.0">'
    for one, content_id in zip(attachments, ids, strict=True):
        yield _in(
            "Reference",
            _text("ContentId", content_id),
            _text("ContentType", one.content_type),
            _text("Description", one.description),
            _text("AttachmentName", one.name),
        )
    yield f"</{PREFIX}:edXMLManifest>"


def _file(one: Attachment, content_id: str) -> Iterator[str]:
    yield "<Attachment>"
    for name, text in (("ContentId", content_id), ("AttachmentName", one.name), ("ContentType", one.content_type)):
        yield f"<{name}>{escape(text)}</{name}>"
    coded = base64.b64encode(_zipped(one)).decode()
    yield (f'<{PREFIX}:ContentTransferEncoded xmlns:{PREFIX}="{NAMESPACE}">{coded}</{PREFIX}:ContentTransferEncoded>')
    yield "</Attachment>"


def _zipped(one: Attachment) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo(PurePosixPath(one.name).name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, one.content)
    return packed.getvalue()


def _in(name: str, *children: str) -> str:
    inner = "\n".join(children)
    return f"<{PREFIX}:{name}>\n{inner}\n</{PREFIX}:{name}>"


def _text(name: str, text: str) -> str:
    return f"<{PREFIX}:{name}>{escape(text)}</{PREFIX}:{name}>" if text else f"<{PREFIX}:{name}/>"
