"""A document corrects, replaces or withdraws a filed one: both say so, and neither is changed."""

import json
from typing import Any

import pytest
import yaml

from pipeline.app import filed_papers
from pipeline.errors import StateConflict
from pipeline.ledger import Outcome
from pipeline.model import Amendment, Job, Role, State
from pipeline.naming import Answer
from pipeline.steps import files
from tests.app.test_filed_papers import archived, filed, remark
from tests.app.test_papers import answered
from tests.folders import ROOT, registration
from tests.status.office import Office

WHY = "sai thể thức {ngày ký}"


def relate(office: Office, document: Job, how: Amendment, other: Job) -> Job:
    """Let the clerk say it, and what follows be done."""
    related = filed_papers.relate(office.workspace, office.job(document.id), how, office.job(other.id), WHY)
    office.serve()
    return related


def beside(office: Office, document: Job, ending: str) -> dict[str, Any]:
    """A sidecar or note of a document, as it lies in the archive."""
    names = [one.name for one in office.workspace.ledger.artifacts(document.id) if one.name.endswith(ending)]
    said: dict[str, Any] = json.loads(archived(office)[names[-1]])
    return said


def plan(**changes: object) -> str:
    text = (ROOT / "templates/ke-hoach/examples/pass-2022.yaml").read_text(encoding="utf-8")
    return yaml.safe_dump({"kind": "ke-hoach", **yaml.safe_load(text)["form"]} | changes, allow_unicode=True)


@pytest.mark.parametrize(
    ("how", "ours", "theirs"),
    [
        (Amendment.REPLACES, "Thay thế văn bản số {old}", "Được thay thế bằng văn bản số {new}"),
        (Amendment.WITHDRAWS, "Thu hồi văn bản số {old}", "Bị thu hồi theo văn bản số {new}"),
    ],
)
def test_each_of_the_two_documents_says_what_the_other_is_to_it(
    office: Office, how: Amendment, ours: str, theirs: str
) -> None:
    old, new = filed(office), filed(office, "KNH")
    relate(office, new, how, old)
    names = {"old": f"{old.number} ngày 27/05/2022.", "new": f"{new.number} ngày 27/05/2022."}
    assert (remark(office, new), remark(office, old)) == (ours.format(**names), theirs.format(**names))


def test_both_documents_say_it_in_register_archive_and_history(office: Office) -> None:
    old, new = filed(office), filed(office, "KNH")
    before = archived(office)

    assert office.run("papers", "relate", str(new.id), "--corrects", old.number, "--why", WHY).code == 0

    ours = f"Đính chính văn bản số {old.number} ngày 27/05/2022."
    theirs = f"Được đính chính bằng văn bản số {new.number} ngày 27/05/2022."
    assert (remark(office, new), remark(office, old)) == (ours, theirs)
    assert {office.job(job.id).state for job in (old, new)} == {State.ARCHIVED}
    after = archived(office)
    assert {name: after[name] for name in before} == before
    note = beside(office, old, ".ghichu1.json")
    assert (note["how"], note["amended"], note["number"], note["why"]) == ("corrects", new.id, old.number, WHY)
    assert note["other"]["number"] == new.number
    assert note["register_entry"]["facts"]["amended"] == new.id
    assert beside(office, new, ".ghichu1.json")["amends"] == old.id
    assert theirs in answered(office, office.job(old.id), Answer.NOTICE)
    assert theirs in " ".join(office.run("show", str(old.id)).out.split())
    assert office.run("check").code == 0


def test_what_was_recorded_before_the_power_went_is_filed_at_the_next_run(office: Office) -> None:
    old, new = filed(office), filed(office, "KNH")
    filed_papers.relate(office.workspace, new, Amendment.CORRECTS, old, WHY)
    assert [office.job(job.id).state for job in (old, new)] == [State.REGISTERED] * 2
    assert office.run("check").code == 0
    # the bytes are in the archive, and the power goes before that is recorded
    files(office.workspace, office.job(old.id))
    lying = archived(office)

    office.serve()

    assert [office.job(job.id).state for job in (old, new)] == [State.ARCHIVED] * 2
    assert {name: archived(office)[name] for name in lying} == lying
    assert len(archived(office)) == 2 + 2 + 2
    assert office.run("check").code == 0


def test_a_document_that_is_not_filed_yet_tells_the_other_when_it_is(office: Office) -> None:
    old, new = filed(office), office.drop("dk.yaml", registration("KNH"))

    relate(office, new, Amendment.CORRECTS, old)

    assert remark(office, old) == "None"
    assert "Đính chính văn bản số" in " ".join(office.run("why", str(new.id)).out.split())
    office.sign(new.id)
    number = office.job(new.id).number
    assert remark(office, old) == f"Được đính chính bằng văn bản số {number} ngày 27/05/2022."
    assert remark(office, new) == f"Đính chính văn bản số {old.number} ngày 27/05/2022."
    (said,) = beside(office, new, "nam-2022.json")["amends"]
    assert (said["amends"], said["why"], said["who"]) == (old.id, WHY, "test")
    assert said["said"] == f"Đính chính văn bản số {old.number} ngày 27/05/2022."
    note = beside(office, old, ".ghichu1.json")
    (paper,) = [one for one in office.workspace.ledger.artifacts(new.id) if one.role is Role.FILED]
    assert (note["why"], note["who"], note["other"]["path"]) == (WHY, "test", paper.name)
    assert (note["other"]["number"], note["other"]["sha256"]) == (number, paper.sha256)
    assert office.run("check").code == 0


def test_what_a_document_amends_is_known_to_a_filing_that_had_begun_before(office: Office) -> None:
    old, new = filed(office), office.drop("dk.yaml", registration("KNH"))
    before = office.job(new.id)
    relate(office, new, Amendment.CORRECTS, old)
    with pytest.raises(StateConflict):
        office.workspace.ledger.advance(before, Outcome(State.SIGNED))


def test_a_version_that_is_made_anew_says_it_too(office: Office) -> None:
    old, new = filed(office), office.drop("dk.yaml", registration("KNH"))
    relate(office, new, Amendment.CORRECTS, old)
    again = office.drop("dk-2.yaml", registration("KNH", headcount=25))
    assert office.job(new.id).state is State.SUPERSEDED

    office.sign(again.id)

    assert "Được đính chính" in remark(office, old)


def test_what_is_recorded_is_not_recorded_twice_or_the_other_way_round(office: Office) -> None:
    old, new = filed(office), filed(office, "KNH")
    relate(office, new, Amendment.CORRECTS, old)
    entries = office.workspace.ledger.entries()
    for one, other in ((new, old), (old, new), (old, old)):
        told = office.run("papers", "relate", str(one.id), "--withdraws", str(other.id), "--why", WHY)
        assert told.code == 17
    assert office.workspace.ledger.entries() == entries


def test_only_what_is_filed_is_amended_and_one_document_is_named(office: Office) -> None:
    old, open_one = filed(office), office.drop("dk.yaml", registration("KNH"))
    told = office.run("papers", "relate", str(old.id), "--corrects", str(open_one.id), "--why", WHY)
    assert (told.code, "chỉ văn bản đã lưu" in told.err) == (17, True)
    both = ("--corrects", str(old.id), "--replaces", str(old.id))
    assert office.run("papers", "relate", str(open_one.id), *both, "--why", WHY).code == 2


def test_a_document_is_replaced_by_one_of_the_same_form_about_the_same_matter(office: Office) -> None:
    old = office.drop("kh.yaml", plan())
    office.sign(old.id)
    old = office.job(old.id)
    assert old.state is State.ARCHIVED
    new = office.drop("kh-moi.yaml", plan() + "# nội dung đã sửa\n")
    assert new.state is State.HELD
    told = " ".join(office.run("why", str(new.id)).out.split())
    assert f"vanthu papers relate {new.id} --replaces {old.id}" in told
    assert "reprocess" not in told

    relate(office, new, Amendment.REPLACES, old)

    new = office.job(new.id)
    assert new.state is State.DELIVERED
    assert (office.job(old.id).state, new.code != old.code) == (State.ARCHIVED, True)
    office.sign(new.id)
    new = office.job(new.id)
    assert (new.state, new.number != old.number) == (State.ARCHIVED, True)
    assert f"Được thay thế bằng văn bản số {new.number}" in remark(office, old)
    assert f"Thay thế văn bản số {old.number}" in remark(office, new)
    shown = " ".join(office.run("status").out.split())
    assert "ban hành lại, lần 2" in shown
    assert f"Được thay thế bằng văn bản số {new.number}" in shown
    page = office.lying("tinh-hinh.html").read_text(encoding="utf-8")
    assert f"Được thay thế bằng văn bản số {new.number}" in page
    assert office.run("check").code == 0


def test_a_form_that_corrects_the_replacing_one_before_it_is_signed_takes_its_place(office: Office) -> None:
    old = filed(office)
    first = office.drop("dk-moi.yaml", registration("CATP", headcount=25))
    relate(office, first, Amendment.REPLACES, old)
    second = office.drop("dk-moi-2.yaml", registration("CATP", headcount=26))

    relate(office, second, Amendment.REPLACES, old)

    assert (office.job(first.id).state, office.job(second.id).state) == (State.SUPERSEDED, State.DELIVERED)
    assert office.job(second.id).revision == office.job(first.id).revision + 1
    office.sign(second.id)
    assert remark(office, old).count("Được thay thế") == 1
    assert office.workspace.artifact(office.job(old.id), Role.FILED_NOTE)
