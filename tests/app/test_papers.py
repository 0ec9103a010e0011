"""A paper that was not taken by itself is decided by a person, with a reason that stays with the document."""

import json

import pytest

from pipeline.model import Job, Role, State
from pipeline.naming import Answer
from tests.folders import registration
from tests.papers.test_sheets import drawn, text
from tests.sample_papers import paper, signed_paper
from tests.status.office import Office
from tests.word_words import words_of

WHY = "đã đối chiếu {bản giấy}, có chữ ký và dấu 100%"


def delivered(office: Office, unit: str = "CATP") -> Job:
    return office.drop(f"dk-{unit}.yaml", registration(unit))


def unsigned(office: Office, document: Job) -> Job:
    """What a PDF program made of the print: nobody has signed it."""
    return office.drop("in.pdf", paper(document.code), "da-ky")


def without_code(office: Office) -> Job:
    return office.drop("mo.pdf", drawn(text("trang không mã", "x" * 30)), "da-ky")


def answered(office: Office, job: Job, answer: str) -> str:
    (name,) = [path for path in office.workspace.ledger.standing(job.id) if f".{answer}." in path]
    return words_of(office.lying(name))


def sidecar(office: Office, document: Job) -> dict[str, object]:
    job = office.job(document.id)
    said: dict[str, object] = json.loads(office.workspace.artifact(job, Role.SIDECAR))
    return said


def test_a_print_that_nobody_signed_waits_for_a_person(office: Office) -> None:
    document = delivered(office)
    held = unsigned(office, document)
    assert (held.state, office.job(document.id).state, office.job(document.id).number) == (
        State.HELD,
        State.DELIVERED,
        "",
    )
    (listed,) = office.run("papers", "list", "--json").facts
    assert (listed["job"]["id"], listed["document"]["id"]) == (held.id, document.id)
    assert "paper.no-signature-seen" in [one["code"] for one in listed["findings"]]
    assert "chờ văn thư cơ quan xem và quyết định" in answered(office, held, Answer.RETURNED)
    shown = office.run("papers", "list").out
    assert "Không thấy chữ ký, con dấu" in shown
    assert f"#{document.id}" in shown
    assert f"vanthu papers confirm {held.id}" in office.run("why", str(held.id)).out.replace("\n", " ")


def test_who_confirms_it_and_why_stands_with_the_document_wherever_people_look(office: Office) -> None:
    document = delivered(office)
    held = unsigned(office, document)

    assert office.run("papers", "confirm", str(held.id), "--why", WHY).code == 0

    assert (office.job(held.id).state, office.job(document.id).state) == (State.MATCHED, State.ARCHIVED)
    (event,) = [one for one in office.workspace.ledger.events(document.id) if one.to_state == State.SIGNED]
    assert event.detail == {"paper": held.id, "decided": WHY}
    warned = sidecar(office, document)["warnings"]
    assert isinstance(warned, list)
    (doubt,) = [one for one in warned if one["rule"] == "paper.no-signature-seen"]
    assert doubt["accepted"]["why"] == WHY
    assert WHY in office.run("register", "list", "--json").facts[0]["facts"]["remark"]
    shown = office.run("show", str(document.id)).out.replace("\n", " ")
    assert "paper.no-signature-seen" in shown
    assert "đã đối chiếu {bản" in shown
    notice = answered(office, office.job(document.id), Answer.NOTICE)
    assert "Không thấy chữ ký, con dấu" in notice
    # decided: nothing is to be mended any more
    assert f"đã xác nhận: {WHY}" in notice
    assert office.run("papers", "list", "--json").facts == []
    # decided, it is no warning that waits for anybody
    assert office.run("status", "--json").facts["warnings"] == []


def test_a_paper_without_a_code_is_given_to_the_document_that_a_person_names(office: Office) -> None:
    document = delivered(office)
    nameless = without_code(office)
    assert nameless.state is State.RETURNED
    told = office.run("papers", "confirm", str(nameless.id), "--why", WHY)
    assert (told.code, f"vanthu papers match {nameless.id}" in told.err) == (17, True)

    assert office.run("papers", "match", str(nameless.id), document.code, "--why", WHY).code == 0

    after = office.job(document.id)
    assert (after.state, bool(after.number)) == (State.ARCHIVED, True)
    assert office.workspace.artifact(after, Role.FILED) == office.workspace.spool.get(nameless.submission_sha256)
    # what was answered before is no longer true
    assert not office.workspace.ledger.standing(nameless.id)


def test_a_document_that_is_not_out_for_signature_takes_no_paper(office: Office) -> None:
    document = delivered(office)
    office.sign(document.id)
    number = office.job(document.id).number
    nameless = without_code(office)
    told = office.run("papers", "match", str(nameless.id), str(document.id), "--why", WHY)
    assert (told.code, office.job(nameless.id).state) == (17, State.RETURNED)
    assert office.job(document.id).number == number


def test_a_refused_paper_goes_back_with_the_reason_as_it_was_typed(office: Office) -> None:
    document = delivered(office)
    held = unsigned(office, document)

    assert office.run("papers", "refuse", str(held.id), "--why", WHY).code == 0

    after = office.job(held.id)
    assert (after.state, after.reason) == (State.RETURNED, WHY)
    assert WHY in answered(office, after, Answer.RETURNED)
    assert office.job(document.id).state is State.DELIVERED
    # decided, it waits for nobody; a better one still comes home
    assert office.run("papers", "list", "--json").facts == []
    office.sign(document.id)
    assert office.job(document.id).state is State.ARCHIVED


@pytest.mark.parametrize("decide", ["confirm", "refuse"])
def test_what_is_no_paper_is_not_decided_about(office: Office, decide: str) -> None:
    form = office.drop("sai.yaml", registration("KNH", activities=[]))
    assert form.state is State.RETURNED
    told = office.run("papers", decide, str(form.id), "--why", WHY)
    assert (told.code, "vanthu papers list" in told.err) == (17, True)
    assert office.job(form.id).state is State.RETURNED


def test_a_decision_needs_a_reason(office: Office) -> None:
    held = unsigned(office, delivered(office))
    assert office.run("papers", "confirm", str(held.id), "--why", "  ").code == 2
    assert office.job(held.id).state is State.HELD


def test_a_paper_that_was_taken_by_itself_is_told_with_no_person(office: Office) -> None:
    document = delivered(office)
    office.drop("quet.pdf", signed_paper(document.code), "da-ky")
    assert office.run("register", "list", "--json").facts[0]["facts"]["remark"] == ""
