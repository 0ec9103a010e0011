"""Word forms: filled in they read back equal, through LibreOffice too; left empty they say nothing."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings

from pipeline.blank_forms import Table
from pipeline.blank_forms.word import write_word
from pipeline.model import Address, Json
from pipeline.ooxml import opened
from tests.blank_forms.conftest import KINDS, blank, came_back, known
from tests.blank_forms.filling_word import as_the_form_takes_it, controls_of, fill_docx, saved
from tests.blank_forms.values import values_of
from tests.reading.conftest import example, whole_examples
from tests.rules.samples import kind


@pytest.mark.sweep
@pytest.mark.parametrize("examples", [2, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", KINDS)
def test_a_form_filled_in_reads_back_equal(name: str, examples: int) -> None:
    form = blank(name)
    empty = write_word(form)

    @settings(max_examples=examples)
    @given(values_of(kind(name)))
    def reads_back(values: Any) -> None:
        wanted = as_the_form_takes_it(form, values)
        with tempfile.TemporaryDirectory() as folder:
            reading = came_back(fill_docx(empty, form, wanted), "x.docx", Path(folder))
        assert reading.values == wanted
        assert reading.kind == name
        assert reading.findings == ()

    reads_back()


@pytest.mark.sweep
def test_of_a_form_left_empty_nothing_is_read(kind_id: str, tmp_path: Path) -> None:
    reading = came_back(write_word(blank(kind_id)), "x.docx", tmp_path)
    assert (reading.kind, reading.values, reading.findings) == (kind_id, {}, ())


@pytest.mark.sweep
def test_placeholders_are_nothing_even_where_a_program_forgot_that_they_are(kind_id: str, tmp_path: Path) -> None:
    document = docx.Document(io.BytesIO(write_word(blank(kind_id))))
    for mark in list(document.element.body.iter(qn("w:showingPlcHdr"), qn("w:tag"))):
        mark.getparent().remove(mark)
    reading = came_back(saved(document), "x.docx", tmp_path)
    assert (reading.kind, reading.values, reading.findings) == (kind_id, {}, ())


def test_what_the_year_knows_stands_in_the_form_and_is_read(tmp_path: Path) -> None:
    reading = came_back(write_word(known("dang-ky", "CATP")), "x.docx", tmp_path)
    assert reading.unit == "CATP"
    assert reading.values["emulation_year"] == 2022
    assert [row["content_code"] for row in reading.values["targets"]] == [f"ND{at}" for at in range(1, 9)]  # type: ignore[union-attr,index,call-overload]


@pytest.mark.sweep
def test_a_form_is_the_same_bytes_every_time(kind_id: str) -> None:
    assert write_word(known(kind_id)) == write_word(known(kind_id))


def test_rows_added_in_word_are_read(tmp_path: Path) -> None:
    form, values = blank("bien-ban"), example("bien-ban", dict(whole_examples())["bien-ban"])
    people: list[Json] = [
        {"full_name": f"Trần Văn {letter}", "position": "Chuyên viên"} for letter in "CDEGHIKLMNOPQ"
    ]
    values["superiors"] = people
    assert len(people) > next(part.row_count for part in form.parts() if isinstance(part, Table))

    reading = came_back(fill_docx(write_word(form), form, values), "x.docx", tmp_path)

    assert reading.values == values
    assert reading.places[Address.of("/superiors/12/full_name")].row == 14  # below the header


def test_every_value_keeps_its_table_row_and_column(tmp_path: Path) -> None:
    form, values = blank("dang-ky"), example("dang-ky", "pass-catp")
    places = came_back(fill_docx(write_word(form), form, values), "x.docx", tmp_path).places
    first, second = places[Address.of("/targets/0/due")], places[Address.of("/targets/1/due")]
    assert first.table and first.table == second.table
    assert (second.row - first.row, second.column) == (1, first.column)
    assert places[Address.of("/leader/full_name")].label == "Người ký"


def test_a_form_can_only_be_filled_in_and_has_no_password(kind_id: str) -> None:
    content = write_word(blank(kind_id))
    package = opened(content)
    assert package.format == "docx"
    assert package.findings == ()
    (protection,) = docx.Document(io.BytesIO(content)).settings.element.iter(qn("w:documentProtection"))
    assert dict(protection.attrib) == {qn("w:edit"): "forms", qn("w:enforcement"): "1"}


def test_every_field_has_its_label_and_a_control_of_its_name(kind_id: str) -> None:
    form = blank(kind_id)
    body = docx.Document(io.BytesIO(write_word(form))).element.body
    text = "".join(one.text or "" for one in body.iter(qn("w:t")))
    tags = {name.partition("=")[0] for name in controls_of(body)}
    numbers = [one.get(qn("w:val")) for one in body.iter(qn("w:id"))]
    assert len(set(numbers)) == len(numbers)
    for one in kind(kind_id).fields:
        is_value = one.shape in {"value", "list"} and one.name != "*"
        assert one.label in text or not is_value
        assert not is_value or one.address.field_name in tags


def test_a_day_typed_over_the_one_chosen_is_believed(tmp_path: Path) -> None:
    form, values = blank("dang-ky"), example("dang-ky", "pass-catp")
    document = docx.Document(io.BytesIO(fill_docx(write_word(form), form, values)))
    (control,) = controls_of(document.element.body)["submit_date"]
    assert control.find(f"{qn('w:sdtPr')}/{qn('w:date')}").get(qn("w:fullDate"))
    next(control.iter(qn("w:t"))).text = "28/5/2022"
    assert came_back(saved(document), "x.docx", tmp_path).values["submit_date"] == "2022-05-28"

    next(control.iter(qn("w:t"))).text = "chưa rõ"
    reading = came_back(saved(document), "x.docx", tmp_path)
    assert [finding.code for finding in reading.findings] == ["value.date"]


def test_a_day_shown_in_another_way_is_read_as_it_was_chosen(tmp_path: Path) -> None:
    form, values = blank("dang-ky"), example("dang-ky", "pass-catp")
    document = docx.Document(io.BytesIO(fill_docx(write_word(form), form, values)))
    (control,) = controls_of(document.element.body)["submit_date"]
    control.find(f"{qn('w:sdtPr')}/{qn('w:date')}").set(qn("w:fullDate"), "2022-05-27T00:00:00Z")
    next(control.iter(qn("w:t"))).text = "Friday, May 27, 2022"
    assert came_back(saved(document), "x.docx", tmp_path).values["submit_date"] == "2022-05-27"


@pytest.fixture(scope="module")
def through_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Every kind's form, filled in ("dang-ky") and left empty ("dang-ky-blank"), opened and saved by LibreOffice."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("office")
    for name, example_name in whole_examples():
        form = blank(name)
        filled = fill_docx(write_word(form), form, as_the_form_takes_it(form, example(name, example_name)))
        (folder / f"{name}.docx").write_bytes(filled)
        (folder / f"{name}-blank.docx").write_bytes(write_word(form))
    convert = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "saved")]
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", *convert]
    subprocess.run([*command, *map(str, folder.glob("*.docx"))], check=True, timeout=180, capture_output=True)
    return {path.stem: path.read_bytes() for path in (folder / "saved").glob("*.docx")}


@pytest.mark.slow
@pytest.mark.office
def test_a_form_saved_by_libreoffice_reads_equal_without_its_names(
    through_libreoffice: Mapping[str, bytes], tmp_path: Path
) -> None:
    for name, example_name in whole_examples():
        content = through_libreoffice[name]
        assert b"<w:tag " not in opened(content).parts["word/document.xml"]
        reading = came_back(content, "x.docx", tmp_path)
        assert reading.values == as_the_form_takes_it(blank(name), example(name, example_name)), name
        assert reading.findings == (), name


@pytest.mark.slow
@pytest.mark.office
def test_of_an_empty_form_saved_by_libreoffice_nothing_is_read(
    through_libreoffice: Mapping[str, bytes], tmp_path: Path
) -> None:
    for name in KINDS:
        reading = came_back(through_libreoffice[f"{name}-blank"], "x.docx", tmp_path)
        assert (reading.kind, reading.values, reading.findings) == (name, {}, ()), name
