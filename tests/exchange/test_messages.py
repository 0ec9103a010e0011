"""Messages of the axis: what is written is read again; what comes from outside does no harm."""

import base64
import datetime as dt
import io
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from pipeline.exchange import Attachment, Letter, Organisation, Status, reading, status, writing
from pipeline.exchange.message import NAMESPACE, document_id

NOON = dt.datetime(2022, 5, 30, 12, 0, tzinfo=dt.UTC)
PDF = b"%PDF-1.7 signed"
LETTER = Letter(
    sender=Organisation("A38.04", "Cụm thi đua số 4", "Văn phòng Thành ủy", "TP.HCM", "a@example.vn", "028", ""),
    recipients=(Organisation("A38", "Văn phòng Thành ủy"), Organisation("A38.04.02", "Công an TP.HCM")),
    document_id=document_id("A38.04", dt.date(2022, 5, 27), "01", "KH/CTĐ4"),
    code_number="01",
    code_notation="KH/CTĐ4",
    place="Thành phố Hồ Chí Minh",
    promulgated_on=dt.date(2022, 5, 27),
    type_name="Kế hoạch",
    subject='Kế hoạch <tổ chức> & "phát động"',
    signer="Đặng Thị Thuỳ Nhiên",
    signer_position="Chánh Văn phòng",
    pages=3,
    due_on=dt.date(2022, 6, 1),
    attachments=(Attachment("ke-hoach.pdf", PDF, "application/pdf"), Attachment("phu luc.docx", b"PK not one")),
)


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def message(name: str, coded: bytes, namespace: str = NAMESPACE, head: str = "") -> bytes:
    """A message by another writer: no prefix, another order, one file."""
    return (
        f'<?xml version="1.0"?>{head}<edXML xmlns="{namespace}"><AttachmentEncoded><Attachment>'
        f"<AttachmentName>{name}</AttachmentName><ContentTransferEncoded>{base64.b64encode(coded).decode()}"
        f"</ContentTransferEncoded></Attachment></AttachmentEncoded><edXMLEnvelope><edXMLHeader><MessageHeader>"
        f"<Subject>Công văn</Subject><To><OrganId>B</OrganId></To><From><OrganId>A</OrganId></From>"
        f"<PromulgationInfo><PromulgationDate>27/05/2022</PromulgationDate></PromulgationInfo>"
        f"</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>"
    ).encode()


def test_what_is_written_is_read_again() -> None:
    assert reading.read(writing.written(LETTER, NOON)) == LETTER
    answer = Status(LETTER.document_id, LETTER.sender, "03", "Đã tiếp nhận", "2022/05/30 12:00:00")
    assert reading.read(status(answer)) == answer
    assert writing.written(LETTER, NOON) == writing.written(LETTER, NOON)


def test_the_envelope_is_what_receivers_look_for_to_the_letter() -> None:
    text = writing.written(LETTER, NOON).decode()
    envelope = text[text.index("<edXML:edXMLEnvelope") : text.index("<AttachmentEncoded>")]
    # the prefix on every element, though the default namespace is the same
    assert all(tag.startswith("edXML:") for tag in re.findall(r"</?([A-Za-z][^ />]*)", envelope))
    assert f'<edXML xmlns="{NAMESPACE}">' in text
    assert "<edXML:DocumentId>A38.04,2022/05/27,01/KH/CTĐ4</edXML:DocumentId>" in text
    assert "<edXML:PromulgationDate>2022/05/27</edXML:PromulgationDate>" in text
    assert "<edXML:BussinessDocType>0</edXML:BussinessDocType>" in text
    order = [one.tag.rpartition("}")[2] for one in ET.fromstring(text)[0][0][0]]  # noqa: S314 - our own
    assert order[:4] == ["From", "To", "To", "DocumentId"]
    packed = base64.b64decode(re.findall(r"ContentTransferEncoded[^>]*>([^<]+)<", text)[0])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [PDF]


@pytest.mark.parametrize(
    ("letter", "named"),
    [
        (replace(LETTER, subject="x" * 501), "Subject"),
        (replace(LETTER, code_number=""), "CodeNumber"),
        (replace(LETTER, sender=Organisation("")), "OrganId"),
        (replace(LETTER, recipients=()), "recipient|nơi nhận"),
        (replace(LETTER, attachments=()), "recipient|nơi nhận"),
    ],
)
def test_what_no_register_takes_is_refused_with_the_name_of_the_field(letter: Letter, named: str) -> None:
    with pytest.raises(writing.UnwritableMessage, match=named):
        writing.written(letter, NOON)


@pytest.mark.parametrize(
    ("name", "coded", "content"),
    [
        ("a.pdf", PDF, PDF),  # as it is
        ("a.pdf", zipped(**{"x.pdf": PDF}), PDF),  # packed, whatever its name within
        ("a.docx", zipped(a=b"1", b=b"2"), zipped(a=b"1", b=b"2")),  # an office file is a zip of many
        ("a.zip", zipped(one=PDF), zipped(one=PDF)),  # a zip that was meant to be sent
        ("a.zip", zipped(**{"a.zip": zipped(one=PDF)}), zipped(one=PDF)),
    ],
)
def test_both_habits_of_coding_a_file_are_told_by_its_bytes(name: str, coded: bytes, content: bytes) -> None:
    letter = reading.read(message(name, coded))
    assert isinstance(letter, Letter)
    assert [one.content for one in letter.attachments] == [content]
    assert (letter.promulgated_on, letter.sender.id) == (dt.date(2022, 5, 27), "A")


@pytest.mark.parametrize(
    ("name", "kept"), [("../../etc/passwd", "passwd"), ("C:\\x\\a.pdf", "a.pdf"), ("", "khong-ten"), ("a/", "a")]
)
def test_a_name_is_no_path(name: str, kept: str) -> None:
    letter = reading.read(message(name, b"x"))
    assert isinstance(letter, Letter)
    assert letter.attachments[0].name == kept


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
FETCHES = '<!DOCTYPE x SYSTEM "http://example.vn/x.dtd">'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b"\x00" * 100,
        message("a", b"x", namespace="http://www.e-doc.vn/Schema/"),
        message("a", b"x", head=BOMB),
        message("a", b"x", head=FETCHES),
        f'<edXML xmlns="{NAMESPACE}"/>'.encode(),
        b"<a>" * 30_000,
        message("a.pdf", zipped(**{"x.pdf": b"\0" * (8 << 20)})),  # a bomb
        message("a.pdf", b"PK\x03\x04 cut off"),
        message("a.pdf", PDF).replace(base64.b64encode(PDF), b"%%%"),
    ],
    ids=["empty", "text", "zeros", "other", "entities", "fetches", "hollow", "many", "bomb", "cut", "no-base64"],
)
def test_what_may_do_harm_or_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(reading.UnreadableMessage):
        reading.read(content)


def test_files_that_are_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    two = writing.written(LETTER, NOON)
    most = sum(len(one.content) for one in LETTER.attachments)
    monkeypatch.setattr(reading, "LIMITS", replace(reading.LIMITS, all_bytes=most))
    assert reading.read(two) == LETTER
    monkeypatch.setattr(reading, "LIMITS", replace(reading.LIMITS, all_bytes=most - 1))
    with pytest.raises(reading.UnreadableMessage):
        reading.read(two)
