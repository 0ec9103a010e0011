"""Rules that only another year's facts can break."""

import datetime as dt
from dataclasses import replace

from pipeline.validation import validate
from pipeline.years import Period
from tests.kinds import examples


def test_a_unit_that_has_left_the_cluster_cannot_register() -> None:
    year = examples.year()
    gone = tuple(
        replace(unit, period=Period(ends=dt.date(2022, 5, 1))) if unit.code == "SATRA" else unit
        for unit in year.units
    )
    reading = examples.completed(examples.reading_of(examples.example("dang-ky", "pass-satra")))
    findings = validate(
        reading,
        examples.kind_named("dang-ky"),
        replace(year, units=gone),
        today=examples.TODAY,
        gathered={},
        accepted={"dang_ky": []},
    )
    assert "DK01" in {finding.code for finding in findings}
