"""The order workbook: a form like those of the kinds, by which the clerk says what is to be done."""

from pathlib import Path
from typing import Final

from pipeline.kinds import fields
from pipeline.kinds.kind import PERMANENT, Kind, Signing, Subject
from pipeline.messages import VIETNAMESE
from pipeline.model import WHOLE, Address, FormTree, Message
from pipeline.rules import RuleBook

_FIELDS: Final = Path(__file__).with_name("orders.fields.yaml")

#: The table of orders, a row each.
ROWS: Final = Address.of("/orders")


def _form() -> FormTree:
    tree, problems = fields.read(_FIELDS.read_bytes(), _FIELDS.name)
    if problems:
        raise ValueError(f"{_FIELDS.name} is broken: {problems}")
    return tree


#: No document is made of it, nothing is numbered or filed; a folder of templates has no kind of this name.
ORDERS: Final = Kind(
    id="yeu-cau",
    title=Message.of_texts({VIETNAMESE: "Yêu cầu của văn thư", "en": "Orders of the clerk"}),
    type_name="",
    abbreviation="YC",
    form_titles=("YÊU CẦU CỦA VĂN THƯ",),
    subject=Subject({}),
    form_family="party",
    submitted_by="cluster",
    gathers=(),
    register="none",
    series="",
    issuer="",
    joint_with=(),
    number_at="filing",
    number_printed=False,
    date_field=WHOLE,
    variant=WHOLE,
    round=WHOLE,
    deadline="",
    reminding=None,
    signing=Signing("head"),
    digital_signing=None,
    recipients=(),
    retention_years=PERMANENT,
    fields=_form(),
    rules=RuleBook(),
    template=b"",
)
