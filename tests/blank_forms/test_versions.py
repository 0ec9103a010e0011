"""A form says which version of its fields it was made from; what it says is noticed when it comes back (I14)."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from pipeline.blank_forms import FormPlan
from pipeline.blank_forms.excel import write_xlsx
from pipeline.blank_forms.text import write_json, write_yaml
from pipeline.model import Severity
from tests.blank_forms.conftest import blank, came_back, known
from tests.blank_forms.filling import saved

Write = Callable[[FormPlan], bytes]
WRITERS: list[tuple[Write, str]] = [(write_xlsx, "xlsx"), (write_yaml, "yaml"), (write_json, "json")]


@pytest.mark.parametrize(("write", "extension"), WRITERS)
def test_an_earlier_version_is_told_and_read_all_the_same(write: Write, extension: str, tmp_path: Path) -> None:
    earlier = replace(known("dang-ky"), version="00000000")
    reading = came_back(write(earlier), f"x.{extension}", tmp_path)
    ((code, severity, found),) = [(one.code, one.severity, one.found) for one in reading.findings]
    assert (code, severity, found) == ("I14", Severity.WARN, "dang-ky/00000000")
    assert reading.values["unit_code"] == "CATP"


@pytest.mark.parametrize("text", [b"kind: dang-ky\nunit_code: CATP\n", b'{"kind": "dang-ky", "unit_code": "CATP"}'])
def test_a_form_that_says_nothing_of_its_version_is_free_hand(text: bytes, tmp_path: Path) -> None:
    reading = came_back(text, "x.json" if text.startswith(b"{") else "x.yaml", tmp_path)
    assert (reading.kind, reading.findings) == ("dang-ky", ())


def test_a_workbook_that_lost_its_hidden_sheet_is_free_hand(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(replace(known("dang-ky"), version="00000000"))))
    del book["_meta"]
    reading = came_back(saved(book), "x.xlsx", tmp_path)
    assert (reading.kind, reading.findings) == ("dang-ky", ())
    assert reading.values["unit_code"] == "CATP"


def test_notes_in_json_are_passed_over_wherever_they_stand(tmp_path: Path) -> None:
    form = json.loads(write_json(blank("dang-ky")))
    assert form["_unit_code"].startswith("Đơn vị *")
    form |= {"unit_code": "CATP", "_ghi_chu": {"sâu": ["Người ký: nháp"]}}
    form["leader"]["_nháp"] = "chưa rõ"
    reading = came_back(json.dumps(form).encode(), "x.json", tmp_path)
    assert reading.values == {"unit_code": "CATP"}
    assert reading.findings == ()


def test_an_unknown_key_is_still_told(tmp_path: Path) -> None:
    reading = came_back(b'{"kind": "dang-ky", "unit": "CATP", "_unit": "CATP"}', "x.json", tmp_path)
    assert [(one.code, one.place.line) for one in reading.findings] == [("field.unknown", 1)]
    reading = came_back(b"kind: dang-ky\n_unit: CATP\n", "x.yaml", tmp_path)
    assert [(one.code, one.place.line) for one in reading.findings] == [("field.unknown", 2)]
