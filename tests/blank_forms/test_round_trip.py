"""A form that was made, filled in and dropped reads back equal, in every format and for every kind."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from pipeline.blank_forms import FormPlan
from pipeline.blank_forms.excel import write_xlsx
from pipeline.blank_forms.text import write_json, write_yaml
from pipeline.model import Json, JsonObject
from tests.blank_forms.conftest import KINDS, blank, came_back, known
from tests.blank_forms.filling import fill_xlsx, saved
from tests.blank_forms.filling_text import fill_json, fill_yaml
from tests.blank_forms.values import values_of
from tests.rules.samples import kind

Fill = Callable[[FormPlan, JsonObject], bytes]
FILLS: dict[str, Fill] = {
    "xlsx": lambda plan, values: saved(fill_xlsx(write_xlsx(plan), plan, values)),
    "yaml": lambda plan, values: fill_yaml(write_yaml(plan), plan, values),
    "json": lambda plan, values: fill_json(write_json(plan), plan, values),
}


def _reads_back(format_: str, name: str, examples: int) -> None:
    @settings(max_examples=examples)
    @given(values_of(kind(name)))
    def reads_back(values: JsonObject) -> None:
        with tempfile.TemporaryDirectory() as folder:
            reading = came_back(FILLS[format_](blank(name), values), f"x.{format_}", Path(folder))
        assert reading.values == values
        assert reading.kind == name
        assert reading.findings == ()

    reads_back()


@pytest.mark.sweep
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("format_", FILLS)
def test_a_form_filled_in_reads_back_equal(format_: str, name: str) -> None:
    _reads_back(format_, name, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("format_", FILLS)
def test_forms_filled_in_in_many_ways_read_back_equal(format_: str, name: str) -> None:
    _reads_back(format_, name, 20)


def test_a_row_below_the_named_ones_that_is_called_total_is_kept_where_it_has_a_day(tmp_path: Path) -> None:
    activities: list[Json] = [
        {"title": title, "content_code": "ND1", "planned_date": "2022-06-01", "venue": "Hội trường"}
        for title in ("Hội thao", "Tổng cộng")
    ]
    reading = came_back(FILLS["xlsx"](blank("dang-ky"), {"activities": activities}), "x.xlsx", tmp_path)
    assert reading.values["activities"] == activities


@pytest.mark.sweep
@pytest.mark.parametrize("write", [write_xlsx, write_yaml, write_json])
def test_a_form_is_the_same_bytes_every_time(write: Callable[[FormPlan], bytes], telling: str) -> None:
    assert write(known(telling)) == write(known(telling))


@pytest.mark.parametrize("write", [write_yaml, write_json])
def test_of_a_text_left_empty_nothing_is_read(
    write: Callable[[FormPlan], bytes], telling: str, tmp_path: Path
) -> None:
    extension = write.__name__.removeprefix("write_")
    reading = came_back(write(blank(telling)), f"x.{extension}", tmp_path)
    assert (reading.kind, reading.values, reading.findings) == (telling, {}, ())


@pytest.mark.sweep
def test_of_a_workbook_left_empty_only_the_year_in_its_title_is_read(kind_id: str, tmp_path: Path) -> None:
    reading = came_back(write_xlsx(blank(kind_id)), "x.xlsx", tmp_path)
    assert (reading.kind, reading.values, reading.findings) == (kind_id, {"emulation_year": 2022}, ())


def test_a_form_with_what_the_year_knows_reads_as_just_that(tmp_path: Path) -> None:
    for name in ("dang-ky", "ke-hoach"):
        wanted = came_back(write_json(known(name)), "x.json", tmp_path).values
        assert came_back(write_xlsx(known(name)), "x.xlsx", tmp_path).values == wanted
        assert came_back(write_yaml(known(name)), "x.yaml", tmp_path).values == wanted
        assert wanted["emulation_year"] == 2022
