"""Who signs a unit's paper: what the year has still to say is told, and what the title says is printed meanwhile."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from pipeline import validation
from pipeline.model import Finding, Severity
from pipeline.years import Signatory, Unit, Year, signing
from tests.kinds import examples
from tests.said import vi


def year_in_which(code: str, **said: Any) -> Year:
    """The example year, with what is said of the first signatory of a unit put otherwise."""
    year = examples.year()
    units = tuple(
        dataclasses.replace(one, signatories=(dataclasses.replace(one.signatories[0], **said), *one.signatories[1:]))
        if one.code == code
        else one
        for one in year.units
    )
    return dataclasses.replace(year, units=units)


def told_of(name: str, year: Year) -> list[Finding]:
    """What is said of by whom a registration is signed."""
    reading = examples.completed(examples.reading_of(examples.example("dang-ky", name)))
    kind = examples.kind_named("dang-ky")
    judged = validation.validate(
        reading, kind, year, today=dt.date(2022, 6, 1), gathered={}, accepted={"ke_hoach": [], "giao_uoc": []}
    )
    return [one for one in judged if one.code == "signer.authority"]


@pytest.mark.parametrize(
    ("name", "code", "position"),
    [
        ("pass-catp", "CATP", "Phó Chánh Văn phòng"),
        # of the staff, which is not the committee that issues
        ("pass-btltp", "BTLTP", "Chủ nhiệm Chính trị"),
        # on behalf of a collective
        ("pass-btltp", "BTLTP", "Bí thư"),
    ],
)
def test_a_signer_whose_authority_the_year_does_not_say_is_told_with_the_entry_to_complete(
    name: str, code: str, position: str
) -> None:
    (told,) = told_of(name, year_in_which(code, authority="", for_whom="", position_sign=position))
    assert told.severity is Severity.WARN
    assert str(told.place.pointer) == "/leader/full_name"
    said = vi(told.mend) if told.mend else ""
    assert f"years/2022.yaml: units, {code}, signatories, {told.found}" in said


@pytest.mark.parametrize("name", ["pass-catp", "pass-btltp", "pass-kcxcn", "pass-knh", "pass-evnhcmc"])
def test_nothing_is_asked_where_the_year_or_the_title_says_it(name: str) -> None:
    assert told_of(name, examples.year()) == []


def unit_of(code: str) -> Unit:
    unit = examples.year().unit(code)
    assert unit is not None
    return unit


@pytest.mark.parametrize(
    ("position", "right"),
    [
        ("Phó Chánh Văn phòng", signing.Right("ky_thay", "Chánh Văn phòng")),
        ("Thứ trưởng", signing.Right("ky_thay", "Bộ trưởng")),
        ("Phó Giám đốc phụ trách", signing.Right("phu_trach", "Giám đốc")),
        ("Phó Chánh Văn phòng (phụ trách)", signing.Right("phu_trach", "Chánh Văn phòng")),
        ("Phó Trưởng Ban phụ trách Ban", signing.Right("phu_trach", "Trưởng Ban")),
        # in charge of a field, under a head
        ("Phó Giám đốc phụ trách tài chính", signing.Right("ky_thay", "Giám đốc")),
        ("Phó phòng Tổng hợp", signing.Right("ky_thay", "Trưởng phòng Tổng hợp")),
        ("Phó Văn phòng", signing.Right("ky_thay", "Chánh Văn phòng")),
        ("Phó Chi cục trưởng", signing.Right("ky_thay", "Chi cục trưởng")),
        # whose deputy that is nobody can tell
        ("Phó Phân xưởng", signing.Right()),
        ("Quyền Trưởng Ban", signing.Right("quyen")),
        ("Phó Bí thư", signing.Right()),
        ("Chánh Văn phòng", signing.Right()),
    ],
)
def test_what_the_year_does_not_say_the_title_says(position: str, right: signing.Right) -> None:
    one = Signatory("Trần Văn An", position, position, unit_of("CATP").signatories[0].period)
    assert signing.right_of(one, unit_of("CATP"), dt.date(2022, 6, 1)) == right


def test_who_is_no_deputy_and_signs_instead_is_authorised_by_the_head() -> None:
    day = dt.date(2022, 6, 1)
    right = signing.Right("thua_uy_quyen", "Chánh Văn phòng")
    assert signing.right_of_other("Trưởng phòng Hành chính", unit_of("KNH"), day) == right
    # who was appointed since, and whom the year does not know yet, is the head
    for position in ("Chánh Văn phòng", "Chánh Văn phòng Đảng ủy"):
        assert signing.right_of_other(position, unit_of("KNH"), day) == signing.Right()
    # the head is the one over the deputy who signs as a rule
    assert signing.right_of_other("Trưởng phòng Hành chính", unit_of("CATP"), day) == right
