"""One cause, one finding: what was not read, for a reason that is told, is neither judged nor called missing."""

import datetime as dt

import pytest

from pipeline import validation
from pipeline.model import Reading, Severity
from tests.reading.conftest import Read
from tests.rules.samples import kind, year


def missing(reading: Reading) -> set[str]:
    """The fields that validation calls missing."""
    found = validation.validate(reading, kind("dang-ky"), year(), today=dt.date(2022, 6, 1), gathered={}, accepted={})
    return {str(one.place.pointer) for one in found if one.code == "field.required"}


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [(one.code, one.severity, str(one.place.pointer)) for one in reading.findings]


@pytest.mark.parametrize(
    "text",
    [
        "kind: dang-ky\nleader:\n\tfull_name: Nguyễn Văn A\n",
        "kind: dang-ky\nunit_code: 'CATP\n",
        "kind: dang-ky\n---\nunit_code: CATP\n",
    ],
)
def test_of_a_text_that_ends_in_the_middle_only_the_cause_is_told(read: Read, text: str) -> None:
    reading = read(text.encode(), "dang ky thi dua.yaml")
    assert ([code for code, *_ in told(reading)], reading.kind, reading.values) == (["file.yaml"], "", {})


def test_of_a_broken_json_only_the_cause_is_told(read: Read) -> None:
    reading = read(b'{"kind": "dang-ky", "unit_code": "CATP"', "dang ky thi dua.json")
    assert ([code for code, *_ in told(reading)], reading.kind) == (["file.json"], "")


HASHES = """kind: dang-ky
# a line of its own
unit_code: CATP  # the city's police
submit_doc_no: 12 #CV
leader:
  full_name: #2 Nguyễn Văn A
  position: "Chánh Văn phòng #1"
focal_point:   # who to ask
  name: Trần Văn B
"""


def test_a_value_cut_by_a_sign_is_told_and_not_called_missing(read: Read) -> None:
    reading = read(HASHES.encode(), "a.yaml")
    assert told(reading) == [
        ("yaml.cut", Severity.WARN, "/unit_code"),
        ("yaml.cut", Severity.BLOCK, "/submit_doc_no"),
        ("yaml.cut", Severity.BLOCK, "/leader/full_name"),
    ]
    assert [one.found for one in reading.findings] == ["# the city's police", "#CV", "#2 Nguyễn Văn A"]
    assert [one.place.line for one in reading.findings] == [3, 4, 6]
    assert reading.values["leader"] == {"position": "Chánh Văn phòng #1"}
    assert "/leader/full_name" not in missing(reading)
    assert "/submit_date" in missing(reading)


def test_below_the_head_of_an_example_a_cut_value_has_its_own_place(read: Read) -> None:
    reading = read(b"kind: dang-ky\nform:\n  submit_doc_no: 12 #CV\n", "a.yaml")
    assert told(reading) == [("yaml.cut", Severity.BLOCK, "/submit_doc_no")]


def test_what_only_refers_to_another_place_is_not_called_missing(read: Read) -> None:
    reading = read(b"kind: dang-ky\nunit_code: CATP\nleader:\n  full_name: *ai\n", "a.yaml")
    assert told(reading) == [("file.yaml", Severity.BLOCK, "/leader/full_name")]
    assert "/leader/full_name" not in missing(reading)


def test_a_sign_within_a_text_of_several_lines_cuts_nothing(read: Read) -> None:
    reading = read(b"kind: dang-ky\nunit_code: CATP\nsubmit_doc_no: |\n  12 #CV\n", "a.yaml")
    assert (reading.findings, reading.values["submit_doc_no"]) == ((), "12 #CV")
