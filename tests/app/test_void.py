"""A number is made void only while it is booked and its paper has not come back."""

import pytest

from pipeline.model import State
from tests.folders import registration
from tests.status.office import Office

WHY = "ghi nhầm số trên bản giấy"


def register(office: Office) -> list[tuple[int, str, str]]:
    return [(one["no"], one["status"], one["why"]) for one in office.run("register", "list", "--json").facts]


def delivered(office: Office, unit: str = "CATP") -> int:
    return office.drop(f"dk-{unit}.yaml", registration(unit)).id


def booked(office: Office) -> int:
    job = delivered(office)
    assert office.run("register", "next", str(job)).code == 0
    return job


def test_a_booked_number_is_made_void_with_its_reason_and_never_given_again(office: Office) -> None:
    job = booked(office)

    assert office.run("register", "void", str(job), "--why", WHY).code == 0

    assert (office.job(job).state, office.job(job).number) == (State.DELIVERED, "")
    assert register(office) == [(1, "void", WHY)]
    office.run("register", "next", str(job))
    assert register(office) == [(1, "void", WHY), (2, "booked", "")]


def test_the_number_of_a_filed_document_stays(office: Office) -> None:
    job = booked(office)
    office.sign(job)
    number = office.job(job).number

    told = office.run("register", "void", str(job), "--why", WHY)

    assert (told.code, "chỉ hủy được số đã cấp mà chưa lưu" in told.err) == (17, True)
    assert (office.job(job).state, office.job(job).number) == (State.ARCHIVED, number)
    assert register(office) == [(1, "filed", "")]


@pytest.mark.parametrize("state", [State.DELIVERED, State.RETURNED, State.CANCELLED, State.SUPERSEDED])
def test_what_has_no_booked_number_has_none_to_make_void(office: Office, state: State) -> None:
    job = delivered(office)
    if state is State.RETURNED:
        job = office.drop("sai.yaml", registration("KNH", activities=[])).id
    elif state is State.CANCELLED:
        office.run("cancel", str(job), "--why", WHY)
    elif state is State.SUPERSEDED:
        office.drop("dk-sua.yaml", registration("CATP", headcount=25))
    assert office.job(job).state is state

    told = office.run("register", "void", str(job), "--why", WHY)

    assert (told.code, "chỉ hủy được số đã cấp mà chưa lưu" in told.err) == (17, True)
    assert office.job(job).state is state
    assert register(office) == []


def test_a_number_cancelled_with_its_document_is_void(office: Office) -> None:
    job = booked(office)

    assert office.run("cancel", str(job), "--why", WHY).code == 0

    assert office.job(job).state is State.CANCELLED
    assert register(office) == [(1, "void", WHY)]
    assert office.run("register", "void", str(job), "--why", WHY).code == 17
