"""The same form in every format reads back as the same values."""

import functools
import random
from collections.abc import Callable

import pytest

from pipeline.model import JsonObject, Severity
from pipeline.reading import KindForm, ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read, example, whole_examples

TREES = [*whole_examples(), ("bien-ban", "pass-trien-khai"), ("dang-ky", "pass-evnhcmc")]
#: The regulations are a tree of chapters and articles: that is written as text only.
FORMS = [(kind, name) for kind, name in TREES if kind != "quy-che"]
WRITERS: dict[str, Callable[[KindForm, JsonObject, writers.Speller], bytes]] = {
    "xlsx": writers.as_xlsx,
    "one-sheet.xlsx": functools.partial(writers.as_xlsx, one_sheet=True),
    "named.xlsx": functools.partial(writers.as_xlsx, named=True),
    "docx": writers.as_docx,
    "table.docx": functools.partial(writers.as_docx, in_table=True),
    "controls.docx": writers.as_controls,
    "pdf": writers.as_pdf,
}


@pytest.mark.sweep
@pytest.mark.parametrize(("kind", "name"), TREES)
@pytest.mark.parametrize("format_", ["yaml", "json"])
def test_a_text_form_reads_back_equal(
    read: Read, context: ReadingContext, kind: str, name: str, format_: str
) -> None:
    form, values = context.form(kind), example(kind, name)
    assert form is not None
    write = writers.as_yaml if format_ == "yaml" else writers.as_json

    reading = read(write(form, values), f"bieu-mau.{format_}")

    assert reading.findings == ()
    assert (reading.kind, reading.format) == (kind, format_)
    assert reading.values == values


@pytest.mark.sweep
@pytest.mark.parametrize(("kind", "name"), FORMS)
@pytest.mark.parametrize("style", WRITERS)
def test_an_office_form_reads_back_equal(
    read: Read, context: ReadingContext, kind: str, name: str, style: str
) -> None:
    form, values = context.form(kind), example(kind, name)
    assert form is not None

    reading = read(WRITERS[style](form, values, writers.plain(context)), f"bieu-mau.{style.rpartition('.')[2]}")

    assert [finding for finding in reading.findings if finding.severity is not Severity.INFO] == []
    assert reading.kind == kind
    assert reading.values == values


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("style", WRITERS)
def test_accepted_spellings_read_back_canonical(read: Read, context: ReadingContext, style: str, seed: int) -> None:
    chance = random.Random(f"{style}{seed}")
    kind, name = chance.choice(FORMS)
    form, values = context.form(kind), example(kind, name)
    assert form is not None

    reading = read(WRITERS[style](form, values, writers.careless(context, chance)), f"x.{style.rpartition('.')[2]}")

    assert [finding for finding in reading.findings if finding.severity is Severity.BLOCK] == []
    assert reading.values == values
