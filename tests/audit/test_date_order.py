"""Numbers and dates: those of outgoing documents run together, incoming papers come when they come."""

import pytest

from pipeline.model import State
from tests.folders import registration
from tests.status.office import Office


def out_of_order(office: Office) -> list[str]:
    found = office.run("check", "--json").facts["discrepancies"]
    return [one["found"] for one in found if one["code"] == "register.date-order"]


@pytest.mark.slow
def test_incoming_papers_with_dates_out_of_order_are_no_discrepancy(office: Office) -> None:
    for unit, day in (("EVNHCMC", "2022-05-27"), ("CATP", "2022-05-25")):
        office.sign(office.drop(f"{unit}.yaml", registration(unit, submit_date=day)).id)

    assert [one["facts"]["document_on"] for one in office.run("register", "list", "--json").facts] == [
        "2022-05-27",
        "2022-05-25",
    ]
    assert out_of_order(office) == []


@pytest.mark.slow
def test_an_outgoing_document_with_an_earlier_date_than_the_number_before_it_is_told(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    office.on("2022-06-06")
    for day in ("6/6/2022", "3/6/2022"):
        office.run("remind", "dang-ky", "--date", day)
        (letter,) = [job for job in office.workspace.ledger.of_year(2022) if job.state is State.DELIVERED]
        office.sign(letter.id)
        office.sign(office.drop("dk.yaml", registration("CATP")).id)  # one unit less is reminded the second time

    numbers = [one["number"] for one in office.run("register", "list", "--json").facts if "CV" in one["series"]]
    assert len(numbers) == 2
    assert out_of_order(office) == numbers[1:]
