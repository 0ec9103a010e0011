"""Forms of a kind that nobody ships: groups in groups, groups and tables in the rows of a table in a group."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from pipeline.blank_forms import plan
from pipeline.kinds.fields import read
from pipeline.model import JsonObject
from pipeline.reading import KindForm
from pipeline.reading.reader import read as read_form
from tests.blank_forms.conftest import DAY, context
from tests.blank_forms.test_round_trip import FILLS
from tests.blank_forms.values import values_of
from tests.rules.samples import kind, year

FIELDS, PROBLEMS = read(Path(__file__).with_name("nested.yaml").read_bytes(), "nested.yaml")


@pytest.mark.sweep
@pytest.mark.parametrize("format_", FILLS)
def test_a_form_of_any_shape_reads_back_equal(format_: str, tmp_path: Path) -> None:
    assert not PROBLEMS
    nested = replace(kind("phu-luc-hoat-dong"), id="thu", form_titles=("PHIẾU THỬ",), fields=FIELDS)
    form = KindForm("thu", "Phiếu thử", ("PHIẾU THỬ",), FIELDS)
    asked = replace(context(), kinds=(form, *context().kinds))
    blank = plan(nested, year(), on=DAY, is_blank=True)
    path = tmp_path / "form"

    @settings(max_examples=8)
    @given(values_of(nested))
    def reads_back(values: JsonObject) -> None:
        path.write_bytes(FILLS[format_](blank, values))
        reading = read_form(str(path), f"x.{format_}", asked)
        assert (reading.kind, reading.values, reading.findings) == ("thu", values, ())

    reads_back()
