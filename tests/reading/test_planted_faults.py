"""A fault planted in any field of any format is named at its address, and nothing else is said."""

import random
from copy import deepcopy

import pytest

from pipeline.model import GROUP, WHOLE, Address, Field, Json, JsonObject, Severity, put
from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read, example
from tests.reading.test_formats import FORMS, WRITERS

#: What is typed instead, and the code it must get, by x-type.
FAULTS: dict[str, list[tuple[str, str]]] = {
    "date": [("31/06/2022", "F03"), ("29/2/2022", "F03"), ("tuần sau", "value.date"), ("tháng 6/2022", "value.date")],
    "unit_code": [("Sở Ngoại vụ", "F18"), ("CATPHN", "F18")],
    "content_code": [("ND9", "content.unknown"), ("Nội dung khác", "content.unknown")],
    "number": [("nhiều", "value.number"), ("1.5.0", "value.number")],
    "integer": [("vài", "value.number"), ("2,5", "value.number")],
    "percent": [("hết", "value.number")],
    "money": [("mười củ", "value.money"), ("-5", "value.money")],
    "time": [("sáng", "value.time"), ("25:00", "value.time")],
    "choice": [("không rõ", "value.choice")],
    "phone": [("12345", "DK08"), ("903123456", "DK08")],
    "email": [("a@", "DK08")],
    "person": [("ThS. Lê Thị B", "F10")],
}
#: The unit of the whole form is the flow's to judge.
LEFT_TO_THE_FLOW = {Address.of("/unit_code")}


def leaves(node: Field, value: Json, at: Address = WHOLE) -> list[tuple[Field, Address]]:
    """Every filled-in value of a form that a fault can be planted in."""
    if node.shape == GROUP and isinstance(value, dict):
        return [one for child in node.children for one in leaves(child, value.get(child.name), at.child(child.name))]
    if node.is_table and isinstance(value, list):
        rows = [(at.child(number), row) for number, row in enumerate(value) if isinstance(row, dict)]
        return [
            one
            for here, row in rows
            for child in node.children
            for one in leaves(child, row.get(child.name), here.child(child.name))
        ]
    if value is None or isinstance(value, list) or node.value_type not in FAULTS or at in LEFT_TO_THE_FLOW:
        return []
    return [(node, at)]


def with_fault(values: JsonObject, at: Address, typed: str) -> JsonObject:
    """The values with a marker in one place; the speller below writes the fault there."""
    copy = deepcopy(values)
    put(copy, at, _Typed(typed))
    return copy


class _Typed(str):
    """Text to be written as it is."""

    __slots__ = ()


def speller(context: ReadingContext) -> writers.Speller:
    plain = writers.plain(context)
    return lambda node, value: str(value) if isinstance(value, _Typed) else plain(node, value)


@pytest.mark.sweep
@pytest.mark.parametrize("style", WRITERS)
@pytest.mark.parametrize("seed", range(8))
def test_a_planted_fault_is_named_at_its_address(read: Read, context: ReadingContext, style: str, seed: int) -> None:
    chance = random.Random(f"{style}/{seed}")
    kind, name = chance.choice(FORMS)
    form, values = context.form(kind), example(kind, name)
    assert form is not None
    choices = leaves(form.root, values)
    node, at = chance.choice(choices)
    typed, code = chance.choice(FAULTS[node.value_type])

    reading = read(
        WRITERS[style](form, with_fault(values, at, typed), speller(context)), f"x.{style.rpartition('.')[2]}"
    )

    assert [(finding.code, finding.place.pointer) for finding in reading.findings] == [(code, at)], (
        typed,
        at,
    )
    place = reading.findings[0].place
    assert place.cell or place.row or place.paragraph or place.page
    assert place.label == node.label
    if reading.findings[0].severity is Severity.BLOCK:
        assert reading.findings[0].needed is not None or code == "F03"
