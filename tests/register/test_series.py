"""When numbers begin again: with the party term, the calendar year or the emulation year, as the office says."""

import dataclasses
import datetime as dt

import pytest

from pipeline.model import Description, Direction, State
from pipeline.register.series import columns_of
from tests.folders import registration
from tests.status.office import Office


def resetting(office: Office, reset: str) -> Office:
    """The same office, with other words in its settings about when numbers begin again."""
    practice = dataclasses.replace(office.workspace.practice, number_reset=reset)
    office.workspace = dataclasses.replace(office.workspace, practice=practice)
    return office


def given(office: Office) -> list[tuple[str, int]]:
    return [(one["series"], one["no"]) for one in office.run("register", "list", "--json").facts]


@pytest.mark.parametrize(
    ("reset", "series"), [("term", "CV/2020-2025"), ("calendar-year", "CV/2022"), ("emulation-year", "CV/NTĐ2022")]
)
def test_an_outgoing_document_is_numbered_in_the_series_the_office_keeps(
    office: Office, reset: str, series: str
) -> None:
    resetting(office, reset).of_units("EVNHCMC", "CATP")
    office.on("2022-06-03")
    office.run("remind", "dang-ky")
    (letter,) = office.workspace.ledger.in_states([State.DELIVERED])
    office.sign(letter.id)

    assert given(office) == [(series, 1)]


@pytest.mark.parametrize("reset", ["term", "calendar-year", "emulation-year"])
def test_incoming_papers_are_numbered_by_the_calendar_year_whatever_is_said(office: Office, reset: str) -> None:
    resetting(office, reset)
    for unit in ("CATP", "KNH"):
        office.sign(office.drop(f"{unit}.yaml", registration(unit)).id)

    assert given(office) == [("ĐK/2022", 1), ("ĐK/2022", 2)]


def test_what_a_document_says_of_itself_is_what_the_register_says_of_it() -> None:
    document = Description(
        on=dt.date(2022, 6, 3),
        title="Kế hoạch thi đua",
        profile="dang-hd36",
        signer="Lê Văn Tám",
        recipients=("Thành ủy", "Các đơn vị"),
        kept_by=("Lưu VP", "Tổ thư ký"),
        copies=12,
        author="Công an TP.HCM",
        direction=Direction.OUTGOING,
    )

    outgoing = columns_of(document)
    incoming = columns_of(dataclasses.replace(document, direction=Direction.INCOMING))

    assert (outgoing.title, outgoing.document_on, outgoing.signer) == (document.title, document.on, document.signer)
    assert (outgoing.recipients, outgoing.kept_by) == ("Thành ủy; Các đơn vị", "Lưu VP; Tổ thư ký")
    assert (outgoing.copies, outgoing.author, incoming.author) == (12, "", "Công an TP.HCM")
