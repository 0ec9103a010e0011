"""Copies of a filed document lie for the units among its recipients, as long as it is in force."""

import json

import pytest

from pipeline.model import Amendment
from tests.app.test_amendments import relate
from tests.app.test_filed_papers import archived, better, filed, replaced
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.status.office import Office


def lying(office: Office) -> dict[str, bytes]:
    """The copies in the outbox, by unit and name."""
    outbox = office.folder / "outbox"
    return {path.relative_to(outbox).as_posix(): path.read_bytes() for path in outbox.glob("*/da-ban-hanh/*")}


def test_a_registration_goes_to_the_head_of_the_cluster_as_it_was_filed(office: Office) -> None:
    filed(office)
    ((at, content),) = lying(office).items()
    (paper,) = (content for name, content in archived(office).items() if name.endswith(".pdf"))
    # an incoming number is the register's own: nothing is written on a unit's paper
    assert (at.split("/")[0], content) == ("EVNHCMC", paper)


def test_a_further_paper_takes_the_place_of_the_copies(office: Office) -> None:
    job = filed(office)
    before = lying(office)
    replaced(office, job, better(job))
    assert lying(office) == dict.fromkeys(before, better(job))


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("how", "is_left"), [(Amendment.CORRECTS, True), (Amendment.REPLACES, False), (Amendment.WITHDRAWS, False)]
)
def test_what_is_replaced_or_withdrawn_lies_there_no_more(office: Office, how: Amendment, is_left: bool) -> None:
    old = filed(office)
    before = lying(office)
    new = filed(office, "KNH")
    both, kept = lying(office), archived(office)
    relate(office, new, how, old)
    assert lying(office) == (both if is_left else {at: one for at, one in both.items() if at not in before})
    assert kept.items() <= archived(office).items()


def test_as_above_are_the_addressees_and_who_is_no_unit_is_left_to_the_clerk(office: Office) -> None:
    form = context_of_2022().form("cong-van")
    assert form is not None
    values = example("cong-van", "pass-don-doc-bao-cao") | {"addressees": ["CATP", "Sở Nội vụ"]}
    job = office.drop("cv.yaml", writers.as_yaml(form, values), "")
    office.sign(job.id)

    assert sorted(at.split("/")[0] for at in lying(office)) == ["CATP", "van-thu"]
    (sidecar,) = (content for name, content in archived(office).items() if name.endswith(".json"))
    said = json.loads(sidecar)["issued_copy"]
    # printed without LibreOffice, where the number stands is not known
    assert (said["units"], said["others"], said["number"]) == (["CATP"], ["Sở Nội vụ"], "place not found")


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("line", "is_ours"),
    [
        ("Các đơn vị thành viên Cụm thi đua số 4", True),
        ("10 đơn vị thành viên", True),
        ("Các đơn vị thành viên Cụm thi đua số 5", False),
        ("Ban liên lạc các đơn vị thành viên", False),
    ],
)
def test_the_members_are_those_of_this_cluster_and_of_no_other(office: Office, line: str, is_ours: bool) -> None:
    form = context_of_2022().form("cong-van")
    assert form is not None
    values = example("cong-van", "pass-don-doc-bao-cao") | {"addressees": [line]}
    office.sign(office.drop("cv.yaml", writers.as_yaml(form, values), "").id)
    folders = {at.split("/")[0] for at in lying(office)}
    assert (len(folders - {"van-thu"}) == 10, "van-thu" in folders) == (is_ours, not is_ours)
