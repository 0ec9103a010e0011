"""What a person may do with a job, by its state, and the sentence that refuses the rest."""

import dataclasses

import pytest
import yaml

from pipeline.app import numbering, operations
from pipeline.app.operations import Accepting, Again
from pipeline.errors import AmbiguousName, NotAcceptable, NotAllowedNow, UnknownThing
from pipeline.ledger import Outcome
from pipeline.model import Job, Role, Severity, State
from pipeline.naming import published_name
from pipeline.papers import codes
from tests.folders import ROOT, registration
from tests.sample_papers import signed_paper
from tests.status.office import Office

WHY = "theo ý kiến Cụm trưởng"
LATE = "2022-06-01"
#: What lies in `cho-ky` and in the unit's folder for a delivered registration.
OF_CATP = {"cho-ky", "CATP"}


def delivered(office: Office, unit: str = "CATP", **changes: object) -> Job:
    return office.drop(f"dk-{unit}.yaml", registration(unit, **changes))


def returned(office: Office, unit: str = "CATP") -> Job:
    return office.drop(f"sai-{unit}.yaml", registration(unit, activities=[]))


def held(office: Office, job: Job) -> Job:
    return office.workspace.ledger.advance(job, Outcome(State.HELD, why="bản thử"))


def standing(office: Office, job: Job) -> set[str]:
    """The folders of the outbox in which anything of a job is to lie."""
    return {path.split("/")[0] for path in office.workspace.ledger.standing(job.id, is_pending_counted=True)}


def words(trouble: pytest.ExceptionInfo[BaseException]) -> str:
    return str(trouble.value)


# finding


def test_a_job_is_found_by_whatever_people_call_it(office: Office) -> None:
    first, job = delivered(office, "KNH"), delivered(office, "CATP")
    office.sign(first.id)
    number = office.job(first.id).number
    assert number
    lying = published_name(cluster="CTĐ4", year=2022, kind="DK", unit="CATP", version=1, job=job.id, extension="docx")
    for said in (
        str(job.id),
        f" #{job.id} ",
        job.code,
        f"mã {job.code.lower()} trên trang 1",
        lying,
        f"outbox/cho-ky/{lying}",
        "dk-CATP.yaml",
        "inbox/CATP/DK-catp.YAML",
    ):
        assert operations.find(office.workspace, said).id == job.id, said
    assert operations.find(office.workspace, number).id == first.id
    with pytest.raises(UnknownThing, match="“không có gì”"):
        operations.find(office.workspace, "không có gì")
    # "²" is a figure and no number; nothing counts so far as the others
    for said in ("99", "²", "9" * 12, "9" * 20, "#" + "9" * 5000):
        with pytest.raises(UnknownThing):
            operations.find(office.workspace, said)


def test_a_document_is_found_by_its_kind_and_its_unit_and_what_is_not_there_yet_is_told(office: Office) -> None:
    first, job = delivered(office, "KNH"), delivered(office, "CATP")
    for said in (
        f"hs{job.id}",
        "dang-ky CATP",
        "Bản đăng ký thi đua Công an TP.HCM",
        "đăng ký thi đua catp năm 2022",
    ):
        assert operations.find(office.workspace, said).id == job.id, said
    with pytest.raises(AmbiguousName, match=f"#{first.id}  KNH.*\n  #{job.id}  CATP"):
        operations.find(office.workspace, "Bản đăng ký thi đua")
    with pytest.raises(UnknownThing, match="Chưa có văn bản “Kế hoạch"):
        operations.find(office.workspace, "ke-hoach")
    # what was cancelled is none of those that are meant
    operations.cancel(office.workspace, first, "thử")
    assert operations.find(office.workspace, "dang-ky").id == job.id


def test_a_code_that_no_job_has_hides_nothing_that_stands_beside_it(office: Office) -> None:
    job = delivered(office)
    said = f"{codes.new_code('of nobody')} {job.code}"
    assert operations.find(office.workspace, said).id == job.id


def test_of_a_name_dropped_twice_the_newest_is_meant(office: Office) -> None:
    delivered(office)
    newer = delivered(office, headcount=25)
    assert operations.find(office.workspace, "dk-CATP.yaml").id == newer.id


def test_numbers_are_found_by_themselves_and_by_their_document(office: Office) -> None:
    one, other = delivered(office, "CATP"), delivered(office, "KNH")
    for job in (one, other):
        numbering.next_number(office.workspace, office.job(job.id))
    number = office.job(other.id).number
    for said in (number, str(other.id), other.code):
        assert [row.number for row in numbering.find_numbers(office.workspace, said)] == [number], said
    none = delivered(office, "SATRA")
    with pytest.raises(UnknownThing, match=f"“{none.id}”"):
        numbering.find_numbers(office.workspace, str(none.id))


def test_all_numbers_a_document_ever_had_are_found_by_it(office: Office) -> None:
    job = delivered(office)
    for _ in range(2):
        numbered = numbering.next_number(office.workspace, office.job(job.id))
        numbering.void_number(office.workspace, numbered, WHY)
    found = numbering.find_numbers(office.workspace, str(job.id))
    assert [(row.no, row.status) for row in found] == [(1, "void"), (2, "void")]


# doing again


def test_what_can_be_done_again_depends_on_the_state(office: Office) -> None:
    job = delivered(office)
    expected = {
        State.RETURNED: Again.FROM_START,
        State.HELD: Again.FROM_START,
        State.ACCEPTED: Again.AS_REVISION,
        State.WAITING: Again.AS_REVISION,
        State.FILLED: Again.AS_REVISION,
        State.RENDERED: Again.AS_REVISION,
        State.DELIVERED: Again.AS_REVISION,
    }
    for state in State:
        planned = operations.plan(office.workspace, dataclasses.replace(job, state=state))
        assert (planned.job.state, planned.again) == (state, expected.get(state, Again.NOT))


def test_what_was_held_with_its_signed_paper_goes_on_from_there(office: Office) -> None:
    job = delivered(office)
    signed = office.workspace.keep(Role.SIGNED, signed_paper(job.code))
    ledger = office.workspace.ledger
    at_rest = held(office, ledger.advance(job, Outcome(State.SIGNED, artifacts=(signed,))))
    planned = operations.plan(office.workspace, at_rest)
    assert planned.again is Again.FROM_SIGNATURE

    again = operations.reprocess(office.workspace, planned)

    assert (again.state, again.reason) == (State.SIGNED, "reprocess")
    office.serve()
    assert office.job(job.id).state is State.ARCHIVED


def test_a_returned_file_is_read_anew_and_its_note_taken_away(office: Office) -> None:
    job = returned(office)
    assert standing(office, job) == {"CATP"}
    planned = operations.plan(office.workspace, job)

    again = operations.reprocess(office.workspace, planned, WHY)

    assert (again.state, again.reason) == (State.RECEIVED, WHY)
    assert standing(office, job) == set()
    assert operations.reprocess(
        office.workspace, operations.plan(office.workspace, returned(office, "KNH"))
    ).reason == ("reprocess")


def test_a_delivered_document_is_made_again_as_the_next_version(office: Office) -> None:
    job = delivered(office)
    assert standing(office, job) == OF_CATP

    old = operations.reprocess(office.workspace, operations.plan(office.workspace, job), WHY)

    assert (old.state, old.reason, standing(office, old)) == (State.SUPERSEDED, WHY, set())
    new = max(office.workspace.ledger.in_states(State), key=lambda one: one.id)
    assert (new.state, new.revision, new.submission_sha256) == (State.READ, 2, job.submission_sha256)
    office.serve()
    assert office.job(new.id).state is State.DELIVERED
    assert standing(office, new) == OF_CATP


def test_what_is_filed_is_not_done_again(office: Office) -> None:
    job = delivered(office)
    office.sign(job.id)
    filed = office.job(job.id)
    with pytest.raises(NotAllowedNow) as trouble:
        operations.reprocess(office.workspace, operations.plan(office.workspace, filed))
    assert f"Hồ sơ {job.id} " in words(trouble)


def test_plans_take_what_can_be_done_again_or_what_failed_or_one_kind(office: Office) -> None:
    fine, faulty = delivered(office, "CATP"), returned(office, "KNH")
    filed = delivered(office, "SATRA")
    office.sign(filed.id)
    stopped = held(office, returned_and_received(office, "DHQG"))
    other = office.drop("khac.yaml", "kind: lich-cong-tac\n")
    assert (other.kind, other.state) == ("", State.RETURNED)

    def planned(*, is_failed: bool = False, kind: str = "") -> list[int]:
        return [one.job.id for one in operations.plans(office.workspace, is_failed=is_failed, kind=kind)]

    assert planned() == [fine.id, faulty.id, stopped.id, other.id]
    assert planned(is_failed=True) == [faulty.id, stopped.id, other.id]
    assert planned(kind="dang-ky") == [fine.id, faulty.id, stopped.id]
    assert planned(is_failed=True, kind="dang-ky") == [faulty.id, stopped.id]
    out = operations.out_for_signature(operations.plans(office.workspace))
    assert [job.id for job in out] == [fine.id]


def returned_and_received(office: Office, unit: str) -> Job:
    job = returned(office, unit)
    return operations.reprocess(office.workspace, operations.plan(office.workspace, job))


# cancelling and numbers


def test_a_cancelled_job_leaves_the_outbox_with_the_reason(office: Office) -> None:
    job = delivered(office)

    cancelled = operations.cancel(office.workspace, job, WHY)

    assert (cancelled.state, cancelled.reason, standing(office, job)) == (State.CANCELLED, WHY, set())
    assert operations.plan(office.workspace, cancelled).again is Again.NOT
    with pytest.raises(NotAllowedNow, match=str(job.id)):
        operations.cancel(office.workspace, cancelled, WHY)


def test_a_numbered_document_is_cancelled_with_its_number(office: Office) -> None:
    job = numbering.next_number(office.workspace, delivered(office))
    assert job.number

    cancelled = operations.cancel(office.workspace, job, WHY)

    assert (cancelled.state, cancelled.number, standing(office, job)) == (State.CANCELLED, "", set())
    (row,) = numbering.find_numbers(office.workspace, str(job.id))
    assert (row.status, row.void.why if row.void else "") == ("void", WHY)


def test_a_number_asked_for_again_is_the_same_number_until_the_paper_is_filed(office: Office) -> None:
    job = delivered(office)
    first = numbering.next_number(office.workspace, job)
    assert (first.state, first.reason) == (State.NUMBERED, "register next")
    assert numbering.next_number(office.workspace, first) == first
    office.sign(job.id)
    filed = office.job(job.id)
    assert numbering.next_number(office.workspace, filed) == filed
    for state in (State.SIGNED, State.REGISTERED):
        between = dataclasses.replace(filed, state=state)
        assert numbering.next_number(office.workspace, between) == between
    assert [row.no for row in numbering.find_numbers(office.workspace, first.number)] == [1]


@pytest.mark.parametrize("state", [State.RETURNED, State.SIGNED, State.CANCELLED])
def test_no_number_is_given_to_what_is_not_out_for_signature(office: Office, state: State) -> None:
    job = dataclasses.replace(delivered(office), state=state)
    with pytest.raises(NotAllowedNow, match=f"Hồ sơ {job.id} .*chỉ cấp số"):
        numbering.next_number(office.workspace, job)


def test_a_number_once_given_does_not_open_the_register_to_a_job_that_is_over(office: Office) -> None:
    job = numbering.next_number(office.workspace, delivered(office))
    with pytest.raises(NotAllowedNow):
        numbering.next_number(office.workspace, dataclasses.replace(job, state=State.CANCELLED))


@pytest.mark.slow
def test_a_kind_without_register_has_no_number(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    for unit in ("EVNHCMC", "CATP"):
        delivered(office, unit)
    office.on(LATE)
    form = (ROOT / "templates/phu-luc-hoat-dong/examples/pass-2022.yaml").read_text(encoding="utf-8")
    job = office.drop("pl.yaml", as_form("phu-luc-hoat-dong", form))
    assert job.state is State.DELIVERED
    with pytest.raises(NotAllowedNow, match="phu-luc-hoat-dong"):
        numbering.next_number(office.workspace, job)
    office.sign(job.id)
    assert (office.job(job.id).state, office.job(job.id).number) == (State.ARCHIVED, "")


def as_form(kind: str, example: str) -> str:
    return str(yaml.safe_dump({"kind": kind, **yaml.safe_load(example)["form"]}, allow_unicode=True))


def test_only_a_booked_number_is_made_void(office: Office) -> None:
    job = delivered(office)
    with pytest.raises(NotAllowedNow, match=f"Hồ sơ {job.id} .*chỉ hủy được số"):
        numbering.void_number(office.workspace, job, WHY)
    numbered = numbering.next_number(office.workspace, job)

    free = numbering.void_number(office.workspace, numbered, WHY)

    assert (free.state, free.number, free.reason) == (State.DELIVERED, "", WHY)


# warnings


def warned(office: Office) -> Job:
    """A registration with two warnings of one rule and one of another, and its job."""
    office.on(LATE)
    titles = ["tap_the_tien_tien", "tap_the_xuat_sac"]
    return delivered(office, submit_date=LATE, titles_collective=titles)


def told(done: Accepting) -> tuple[list[str], list[str]]:
    return (
        [str(one.place.pointer) for one in done.now],
        [str(one.finding.place.pointer) for one in done.before],
    )


def test_warnings_are_accepted_by_rule_and_place_once(office: Office) -> None:
    job, workspace = warned(office), office.workspace
    one, other = "/titles_collective/0", "/titles_collective/1"
    assert told(operations.accept(workspace, job, "DK06", WHY, other)) == ([other], [])
    assert told(operations.accept(workspace, job, "DK06", WHY, other)) == ([], [other])
    assert told(operations.accept(workspace, job, "DK06", WHY)) == ([one], [other])
    assert told(operations.accept(workspace, job, "DK06", WHY)) == ([], [one, other])
    assert [(event.job_id, event.why) for event in workspace.ledger.acted("warning.accept")] == [(job.id, WHY)] * 2


def test_a_rule_or_a_place_that_a_job_has_no_warning_of_is_answered_with_those_it_has(office: Office) -> None:
    job, workspace = warned(office), office.workspace
    with pytest.raises(UnknownThing) as trouble:
        operations.accept(workspace, job, "DK99", WHY)
    known = "DK06 /titles_collective/0, DK06 /titles_collective/1, DK10 /submit_date"
    named = words(trouble)
    assert "DK99" in named
    assert all(one in named for one in known.split(", "))
    with pytest.raises(UnknownThing, match="DK06 /headcount"):
        operations.accept(workspace, job, "DK06", WHY, "/headcount")
    plain = delivered(office, "KNH")
    with pytest.raises(UnknownThing, match="–"):
        operations.accept(workspace, plain, "DK06", WHY)
    assert workspace.ledger.acted("warning.accept") == []


def test_what_blocks_and_what_only_informs_is_not_accepted(office: Office) -> None:
    workspace = office.workspace
    faulty = returned(office)
    (code,) = {one.code for one in workspace.findings(faulty)}
    with pytest.raises(NotAcceptable, match=f"{code} .*{faulty.id}"):
        operations.accept(workspace, faulty, code, WHY)
    with pytest.raises(UnknownThing) as trouble:  # what blocks is not offered either
        operations.accept(workspace, faulty, "DK99", WHY)
    assert code not in words(trouble)
    note = dataclasses.replace(workspace.findings(faulty)[0], code="form.more", severity=Severity.INFO)
    kept = workspace.keep_findings((note,))
    informed = workspace.ledger.advance(faulty, Outcome(State.RECEIVED, artifacts=(kept,)))
    with pytest.raises(NotAcceptable, match=r"form\.more .*để biết"):
        operations.accept(workspace, informed, "form.more", WHY)


@pytest.mark.parametrize("state", [State.MATCHED, State.SUPERSEDED, State.CANCELLED])
def test_a_job_that_is_over_has_no_open_warning(office: Office, state: State) -> None:
    job = dataclasses.replace(warned(office), state=state)
    with pytest.raises(NotAllowedNow, match=f"Hồ sơ {job.id}"):
        operations.accept(office.workspace, job, "DK10", WHY)
