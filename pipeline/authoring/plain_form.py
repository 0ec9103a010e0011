"""The form of a new kind for which nobody has written one: year, date, subject, and what its letter asks for."""

import json
from collections.abc import Sequence
from typing import Final

from pipeline.authoring.mail_merge import MergeField

_PLAIN_FIELDS: Final = """\
$schema: https://json-schema.org/draft/2020-12/schema
title: %(title)s
type: object
additionalProperties: false
required: [emulation_year, doc_date%(required)s]
properties:
  emulation_year:
    type: integer
    x-type: year
    x-label: Năm thi đua
    x-aliases: [Năm]
    x-example: "2022"
    x-sheet: ThongTin
  doc_date:
    type: string
    format: date
    x-type: date
    x-label: Ngày ban hành
    x-aliases: [Ngày văn bản, Ngày ký]
    x-example: 27/5/2022
    x-sheet: ThongTin
  subject:
    type: string
    maxLength: 500
    x-type: text
    x-label: Trích yếu
    x-help: Để trống thì lấy trích yếu của mẫu.
    x-sheet: ThongTin
"""
_POINTS: Final = """\
  points:
    type: array
    minItems: 1
    x-label: Nội dung
    x-help: Mỗi ý một dòng.
    x-sheet: NoiDung
    items: {type: string, maxLength: 1000, x-type: lines, x-example: Các đơn vị thực hiện đúng tiến độ}
"""
_SERIAL: Final = """\
  serial:
    type: integer
    minimum: 1
    maximum: 999
    x-type: integer
    x-label: Văn bản thứ mấy trong năm
    x-aliases: [Thứ]
    x-help: Mỗi văn bản cùng loại trong năm một số; gửi lại cùng số thì thay văn bản chưa ký trước đó.
    x-example: "1"
    x-sheet: ThongTin
"""
_LEADER: Final = """\
  leader:
    type: object
    additionalProperties: false
    required: [full_name, position]
    x-label: Thủ trưởng
    x-sheet: ThongTin
    properties:
      full_name: {type: string, maxLength: 50, x-type: person, x-label: Người ký, x-example: Đặng Thị Thuỳ Nhiên}
      position: {type: string, maxLength: 150, x-type: text, x-label: Chức vụ người ký, x-example: Chánh Văn phòng}
"""
#: What the program prints elsewhere in the document, not in its text.
PRINTED_ELSEWHERE: Final = frozenset(
    {"subject", "doc_date", "emulation_year", "legal_basis", "leader", "unit_code", "serial"}
)


def plain_fields(title: str, *, is_unit: bool, is_of_many: bool, asked: Sequence[MergeField] | None) -> str:
    """The text of a fields.yaml; `asked` are the fields of a letter, None when there is none."""
    own = [one for one in asked or () if one.name not in PRINTED_ELSEWHERE]
    required = ["points"] if asked is None else [one.name for one in own]
    required = [*(["serial"] if is_of_many else []), *required, *(["leader"] if is_unit else [])]
    plain = _PLAIN_FIELDS % {"title": quoted(title), "required": "".join(f", {name}" for name in required)}
    body = _POINTS if asked is None else "".join(map(_asked, own))
    return plain + (_SERIAL if is_of_many else "") + body + (_LEADER if is_unit else "")


def _asked(one: MergeField) -> str:
    """A field of a letter as one of the form."""
    kinds_of = {
        "date": "type: string, format: date, x-type: date",
        "number": "type: number, x-type: number",
        "text": "type: string, maxLength: 1000, x-type: text",
    }
    return f"  {one.name}: {{{kinds_of[one.x_type]}, x-label: {quoted(one.label)}, x-sheet: ThongTin}}\n"


def quoted(text: str) -> str:
    """A text as YAML may hold it, whatever it says."""
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML string too
