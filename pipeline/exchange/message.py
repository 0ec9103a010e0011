"""What a message says: a letter with its files, or the status of one that was received."""

import datetime as dt
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

NAMESPACE: Final = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
PREFIX: Final = "edXML"

#: Codes of a status, as they were seen in messages.
STATUS_CODES: Final = MappingProxyType(
    {
        "01": "Đã đến",
        "02": "Từ chối tiếp nhận",
        "03": "Đã tiếp nhận",
        "04": "Phân công",
        "05": "Đang xử lý",
        "06": "Hoàn thành",
        "13": "Lấy lại",
        "15": "Đồng ý lấy lại, cập nhật",
        "16": "Từ chối lấy lại, cập nhật",
    }
)


@dataclass(frozen=True)
class Organisation:
    """An office on the axis, by its identifier (mã định danh)."""

    id: str
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    website: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file of a letter."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"
    description: str = ""


@dataclass(frozen=True)
class Letter:
    """A document on the axis; `code_number` and `code_notation` are "01" and "KH/CTĐ4".

    `business`: 0 new, 1 taken back, 2 brought up to date, 3 replaced; what it says of the earlier one is not read.
    """

    sender: Organisation
    recipients: tuple[Organisation, ...]
    document_id: str
    code_number: str
    code_notation: str
    place: str
    promulgated_on: dt.date | None
    type_name: str
    subject: str
    signer: str
    signer_position: str = ""
    signer_competence: str = ""
    pages: int = 0
    priority: str = "0"
    due_on: dt.date | None = None
    business: str = "0"
    reason: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Status:
    """What became of a letter at its recipient: "03" it was taken."""

    document_id: str
    sender: Organisation
    code: str
    description: str
    at: str


def document_id(organisation: str, on: dt.date, number: str, notation: str) -> str:
    """Make the identity of a document: "G09.01,2022/05/27,01/KH/CTĐ4"."""
    return f"{organisation},{on:%Y/%m/%d},{number}/{notation}"
