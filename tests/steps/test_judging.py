"""A form is judged: accepted it takes a place and says so, faulty it goes back, about something signed it is held."""

import dataclasses

import pytest
import yaml
from docx.shared import Mm

from pipeline.app import numbering, operations
from pipeline.layout import check
from pipeline.ledger import Outcome
from pipeline.model import Job, Reading, Role, Severity, State
from pipeline.steps import judges
from pipeline.steps.judgement import MOST_FORMALITIES, formalities, revision_of
from tests.folders import ROOT, registration
from tests.layout.check import typed
from tests.status.office import Office
from tests.steps.at_work import content, put, read, removed, roles, taken, told, words

LATE = "2022-06-01"
FORM = ROOT / "examples" / "2022" / "KNH" / "KNH.docx"


def delivered(office: Office, unit: str = "CATP", **changes: object) -> Job:
    return office.drop(f"dk-{unit}.yaml", registration(unit, **changes), unit)


def appendix(office: Office, day: str = LATE) -> Job:
    """The appendix, which gathers the registrations of the two units there are."""
    example = yaml.safe_load(
        (ROOT / "templates/phu-luc-hoat-dong/examples/pass-2022.yaml").read_text(encoding="utf-8")
    )
    office.on(day)
    return office.drop(
        "pl.yaml", yaml.safe_dump({"kind": "phu-luc-hoat-dong", **example["form"]}, allow_unicode=True)
    )


@pytest.fixture
def two(office: Office) -> Office:
    """An office of two units that have both registered."""
    office.of_units("EVNHCMC", "CATP")
    for unit in ("EVNHCMC", "CATP"):
        delivered(office, unit)
    return office


# accepted


def test_an_accepted_form_gets_its_receipt_with_what_was_understood(office: Office) -> None:
    job = read(office, "dk.yaml", registration("CATP"), "CATP")

    outcome = judges(office.workspace, job)

    assert (outcome.to, outcome.also, outcome.opens) == (State.ACCEPTED, (), ())
    assert roles(outcome) == [Role.FINDINGS, Role.NOTE]
    assert put(outcome) == [f"CATP/dk.bien-nhan.hs{job.id}.docx"]
    receipt = words(content(office.workspace, outcome, Role.NOTE))
    for part in ("GIẤY BIÊN NHẬN", "Bản đăng ký thi đua", "Hồ Thị Kim Duyệt", "CATP (Công an TP.HCM)"):
        assert part in receipt, part
    contents = office.workspace.year(2022).contents
    assert f"ND1 ({contents[0].title}" in receipt


def test_what_a_person_should_look_at_is_told_in_the_receipt_and_stops_nothing(office: Office) -> None:
    office.on(LATE)
    job = read(office, "dk.yaml", registration("CATP", submit_date=LATE), "CATP")
    outcome = judges(office.workspace, job)
    after = office.workspace.ledger.advance(job, outcome)
    assert [(one.code, one.severity) for one in office.workspace.findings(after)] == [("DK10", Severity.WARN)]
    assert told(office.workspace.findings(after)[0])[1] in words(content(office.workspace, outcome, Role.NOTE))


@pytest.mark.parametrize("state", [State.DELIVERED, State.ACCEPTED, State.HELD, State.RETURNED])
def test_an_accepted_form_takes_the_place_of_an_earlier_one_that_is_not_signed(office: Office, state: State) -> None:
    ledger = office.workspace.ledger
    if state is State.DELIVERED:
        earlier = delivered(office)
    else:
        earlier = ledger.advance(read(office, "cu.yaml", registration("CATP", headcount=20), "CATP"), Outcome(state))
    job = read(office, "moi.yaml", registration("CATP", headcount=25), "CATP")

    outcome = judges(office.workspace, job)

    (change,) = outcome.also
    assert (change.job.id, change.outcome.to, change.outcome.why) == (
        earlier.id,
        State.SUPERSEDED,
        f"job {job.id}",
    )
    assert set(removed(change.outcome.publications)) == set(ledger.standing(earlier.id))
    is_told = state in {State.DELIVERED, State.ACCEPTED}
    after = ledger.advance(job, outcome)
    assert [one.code for one in office.workspace.findings(after)] == (["I09"] if is_told else [])
    assert earlier.name in words(content(office.workspace, outcome, Role.NOTE))


def test_that_a_file_takes_the_place_of_another_is_said_as_a_warning_with_the_way_back(office: Office) -> None:
    delivered(office)
    job = read(office, "moi.yaml", registration("CATP", headcount=25), "CATP")
    after = office.workspace.ledger.advance(job, judges(office.workspace, job))
    (finding,) = office.workspace.findings(after)
    assert (finding.code, finding.severity) == ("I09", Severity.WARN)
    assert told(finding) == (
        "",
        "Tệp này thay cho “dk-CATP.yaml” đã được nhận trước đây.",
        "",
        "",
        "Nếu không định thay, hãy mở tệp trước, lưu lại rồi thả vào.",
    )


def test_what_was_cancelled_or_replaced_before_is_left_as_it_is(office: Office) -> None:
    first = delivered(office)
    operations.cancel(office.workspace, first, "nhầm")
    job = read(office, "moi.yaml", registration("CATP", headcount=25), "CATP")
    outcome = judges(office.workspace, job)
    assert outcome.also == ()
    assert office.workspace.findings(office.workspace.ledger.advance(job, outcome)) == ()


# signed before


@pytest.mark.parametrize("is_numbered", [True, False])
def test_a_form_about_something_signed_is_held_and_the_clerk_told(office: Office, *, is_numbered: bool) -> None:
    signed = delivered(office)
    if is_numbered:
        signed = numbering.next_number(office.workspace, signed)
    else:
        signed = office.workspace.ledger.advance(signed, Outcome(State.SIGNED))
    job = read(office, "moi.yaml", registration("CATP", headcount=25), "CATP")

    outcome = judges(office.workspace, job)

    assert (outcome.to, outcome.also, outcome.opens) == (State.HELD, (), ())
    assert outcome.why == (
        f"văn bản về cùng việc này (#{signed.id}) đã ký; cần người quyết định: hủy (vanthu cancel {job.id}), hoặc "
        f"lập văn bản thay thế (vanthu papers relate {job.id} --replaces {signed.id})"
    )
    assert roles(outcome) == [Role.FINDINGS, Role.NOTE]
    assert put(outcome) == [f"van-thu/moi.thong-bao.hs{job.id}.docx"]
    note = words(content(office.workspace, outcome, Role.NOTE))
    assert f"đã ký (#{signed.id}, {signed.number or '–'}); tệp này không làm thay đổi gì" in note
    assert "Bản đăng ký thi đua" in note


# gathered


def test_what_gathers_a_replaced_form_is_made_anew(two: Office) -> None:
    old = appendix(two)
    assert old.state is State.DELIVERED
    job = read(two, "sua.yaml", registration("CATP", headcount=25), "CATP")

    outcome = judges(two.workspace, job)

    assert [(change.job.id, change.outcome.to) for change in outcome.also] == [
        (2, State.SUPERSEDED),
        (old.id, State.SUPERSEDED),
    ]
    (new,) = outcome.opens
    assert (new.state, new.job, new.identity.revision) == (State.READ, old, 2)
    assert (roles(outcome), len(put(outcome))) == ([Role.FINDINGS, Role.NOTE], 1)


def test_the_clerk_is_told_which_signed_documents_a_replaced_form_is_in(two: Office) -> None:
    old = appendix(two)
    two.workspace.ledger.advance(old, Outcome(State.SIGNED))
    job = read(two, "sua.yaml", registration("CATP", headcount=25), "CATP")

    outcome = judges(two.workspace, job)

    assert ([change.job.id for change in outcome.also], outcome.opens) == ([2], ())
    assert roles(outcome) == [Role.FINDINGS, Role.NOTE, Role.NOTE]
    assert put(outcome) == [f"CATP/sua.bien-nhan.hs{job.id}.docx", f"van-thu/sua.thong-bao.hs{job.id}.docx"]
    notice = words(two.workspace.spool.get(outcome.publications[1].sha256))
    assert f"Công an TP.HCM đã thay tệp sau khi các văn bản sau được ký: Phụ lục (#{old.id})." in notice


def test_a_form_that_only_follows_a_returned_one_makes_nothing_anew(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP", "KNH")
    for unit in ("EVNHCMC", "CATP", "KNH"):
        delivered(office, unit)
    old = appendix(office)
    assert old.state is State.DELIVERED
    knh = office.job(3)
    operations.cancel(office.workspace, knh, "nhầm")
    returned = read(office, "sai.yaml", registration("KNH", headcount=20), "KNH")
    office.workspace.ledger.advance(returned, Outcome(State.RETURNED))
    outcome = judges(office.workspace, read(office, "moi.yaml", registration("KNH", headcount=25), "KNH"))
    assert ([change.job.id for change in outcome.also], outcome.opens) == ([returned.id], ())


def test_the_next_version_has_the_same_form_and_the_kind_as_it_is_now(office: Office) -> None:
    old = delivered(office)
    kind = office.folder / "templates" / "dang-ky" / "kind.yaml"
    kind.write_text(kind.read_text(encoding="utf-8") + "\n# sửa\n", encoding="utf-8")

    new = revision_of(office.workspace, old)

    assert (new.state, new.job, new.identity.revision) == (State.READ, old, 2)
    assert new.identity.code not in {"", old.code}
    bundle, reading = new.artifacts
    assert (bundle.role, reading.role) == (Role.BUNDLE, Role.READING)
    assert (new.bundle_sha256, reading) == (
        bundle.sha256,
        office.workspace.ledger.artifact(old.id, Role.READING),
    )
    assert new.bundle_sha256 != old.bundle_sha256


# rules about others and about numbers


def test_a_form_is_held_against_what_was_accepted_of_others(office: Office) -> None:
    one = yaml.safe_load(registration("CATP"))
    delivered(office)
    like = {"targets": one["targets"], "activities": one["activities"]}
    job = read(office, "dk.yaml", registration("KNH", **like), "KNH")
    found = office.workspace.findings(office.workspace.ledger.advance(job, judges(office.workspace, job)))
    assert [(one.code, str(one.place.pointer)) for one in found] == [("DK07", "/activities/0/title")]


# formal faults of a unit's own Word file


def test_of_many_formal_faults_the_first_few_are_named_and_the_rest_counted(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = read(office, "KNH.docx", FORM.read_bytes(), "KNH")
    reading = office.workspace.reading(job)
    checked = check.check_guarded(office.workspace.guard, office.workspace.spool.path(job.submission_sha256))
    (one, *_) = checked.findings
    for count, more in ((MOST_FORMALITIES, None), (MOST_FORMALITIES + 3, 3)):
        given = dataclasses.replace(checked, findings=(dataclasses.replace(one, severity=Severity.BLOCK),) * count)
        monkeypatch.setattr(check, "check_guarded", lambda *_, given=given: given)
        found = formalities(office.workspace, job, reading)
        assert [item.severity for item in found[:MOST_FORMALITIES]] == [Severity.WARN] * 5
        assert len(found) == MOST_FORMALITIES + (more is not None)
        if more:
            assert (found[-1].code, found[-1].severity) == ("form.more", Severity.INFO)
            assert told(found[-1])[1] == "Còn 3 chỗ khác chưa đúng thể thức."
            assert told(found[-1])[4] == "Cần biết đủ các chỗ thì hỏi văn thư."


def test_only_a_units_own_word_file_is_held_against_the_official_form(office: Office) -> None:
    plan = typed.state_plan()
    plan.sections[0].left_margin = Mm(10)
    job = taken(office, "KH.docx", typed.saved(plan), "KNH")
    reading = Reading("docx")
    (fault,) = formalities(office.workspace, job, reading)
    assert (fault.code, fault.severity) == ("TT01", Severity.WARN)
    assert formalities(office.workspace, job, dataclasses.replace(reading, format="xlsx")) == ()
    assert formalities(office.workspace, job, dataclasses.replace(reading, form="dang-ky/1f3a9c2e")) == ()
