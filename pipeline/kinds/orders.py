"""The order workbook: a form like those of the kinds, by which the clerk says what is to be done."""

from pathlib import Path
from typing import Final

from pipeline.kinds import fields
from pipeline.kinds.built_in import built_in
from pipeline.model import Address, FormTree

_FIELDS: Final = Path(__file__).with_name("orders.fields.yaml")

#: The table of orders, a row each.
ROWS: Final = Address.of("/orders")


def _form() -> FormTree:
    tree, problems = fields.read(_FIELDS.read_bytes(), _FIELDS.name)
    if problems:
        raise ValueError(f"{_FIELDS.name} is broken: {problems}")
    return tree


#: No document is made of it, nothing is numbered or filed; a folder of templates has no kind of this name.
ORDERS: Final = built_in(
    "yeu-cau",
    "Yêu cầu của văn thư",
    "Orders of the clerk",
    "YC",
    form_titles=("YÊU CẦU CỦA VĂN THƯ",),
    fields=_form(),
)
