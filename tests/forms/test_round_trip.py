"""A form that was made, filled in and dropped reads back equal, in every format and for every kind."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from pipeline.forms import FormPlan
from pipeline.forms.excel import write_xlsx
from pipeline.forms.text import write_json, write_yaml
from pipeline.model import JsonObject
from tests.forms.conftest import KINDS, blank, came_back, known
from tests.forms.filling import fill_xlsx, saved
from tests.forms.filling_text import fill_json, fill_yaml
from tests.forms.values import values_of
from tests.rules.samples import kind

Fill = Callable[[FormPlan, JsonObject], bytes]
FILLS: dict[str, Fill] = {
    "xlsx": lambda plan, values: saved(fill_xlsx(write_xlsx(plan), plan, values)),
    "yaml": lambda plan, values: fill_yaml(write_yaml(plan), plan, values),
    "json": lambda plan, values: fill_json(write_json(plan), plan, values),
}


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("format_", FILLS)
def test_a_form_filled_in_reads_back_equal(format_: str, name: str) -> None:
    @settings(max_examples=4)
    @given(values_of(kind(name)))
    def reads_back(values: JsonObject) -> None:
        with tempfile.TemporaryDirectory() as folder:
            reading = came_back(FILLS[format_](blank(name), values), f"x.{format_}", Path(folder))
        assert reading.values == values
        assert reading.kind == name
        assert reading.findings == ()

    reads_back()


@pytest.mark.parametrize("write", [write_xlsx, write_yaml, write_json])
def test_a_form_is_the_same_bytes_every_time(write: Callable[[FormPlan], bytes], kind_id: str) -> None:
    assert write(known(kind_id)) == write(known(kind_id))


@pytest.mark.parametrize(("write", "extension"), [(write_xlsx, "xlsx"), (write_yaml, "yaml"), (write_json, "json")])
def test_of_a_form_left_empty_nothing_is_read(
    write: Callable[[FormPlan], bytes], extension: str, kind_id: str, tmp_path: Path
) -> None:
    reading = came_back(write(blank(kind_id)), f"x.{extension}", tmp_path)
    # the title of a workbook names the year it is for
    assert reading.values == ({"emulation_year": 2022} if extension == "xlsx" else {})
    assert reading.findings == ()
    assert reading.kind == kind_id
