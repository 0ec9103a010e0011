"""The letter to the late: composed of the ledger, judged and made like any dropped form, never twice."""

import docx
import pytest
import yaml

from pipeline.model import Job, State
from tests.folders import ROOT, registration
from tests.status.office import Office
from tests.word_words import words_of

FEW = ("EVNHCMC", "CATP", "KNH")


def text_of(office: Office, job: Job) -> str:
    """The words of a letter that lies for signature."""
    (path,) = (office.folder / "outbox" / "cho-ky").glob(f"*hs{job.id}.docx")
    return words_of(path)


def letters(office: Office) -> list[Job]:
    return [job for job in office.workspace.ledger.in_states(State) if job.kind == "cong-van"]


@pytest.fixture
def late(office: Office) -> Office:
    """Three units on 3 June; one has registered, one was given its form back, nothing came of the third."""
    office.of_units(*FEW)
    office.drop("dk.yaml", registration("EVNHCMC"))
    office.drop("dk.yaml", registration("CATP", activities=[]), "CATP")
    office.on("2022-06-03")
    return office


def test_the_letter_names_the_missing_their_days_and_the_new_deadline(late: Office) -> None:
    told = late.run("remind", "dang-ky", "--json")
    assert told.code == 0
    (one,) = told.facts
    assert one["missing"] == ["CATP", "KNH"]
    assert (one["due"], one["job"]["state"], one["earlier"]) == ("2022-06-10", "delivered", None)
    (job,) = letters(late)
    text = text_of(late, job)
    for unit in ("CATP", "KNH"):
        member = late.workspace.year(2022).unit(unit)
        assert member is not None
        assert member.name in text
        assert member.org in text, "the letter is for those who are late, not for all"
    head = late.workspace.year(2022).unit("EVNHCMC")
    assert head is not None
    assert f"chưa gửi bản đăng ký: {head.name}" not in text
    assert "10/6/2022" in text
    assert "quá hạn 03 ngày" in text
    assert "trả lại" in text
    # it is a job like any other: its form, its findings, its answer are all there
    assert {event.to_state for event in late.workspace.ledger.events(job.id)} >= {"received", "read", "accepted"}
    assert [one.code for one in late.workspace.findings(job)] == []
    assert list((late.folder / "outbox" / "van-thu").glob("*bien-nhan*"))


def test_the_same_letter_is_not_made_twice(late: Office) -> None:
    late.run("remind", "dang-ky")
    (job,) = letters(late)
    again = late.run("remind", "dang-ky")
    assert (again.code, f"#{job.id}" in again.out, letters(late)) == (0, True, [job])
    late.on("2022-06-06")
    facts = late.run("remind", "dang-ky", "--json").facts
    assert [(one["job"], one["earlier"]["id"]) for one in facts] == [(None, job.id)]


def test_while_it_is_not_signed_a_changed_list_replaces_it_afterwards_a_second_follows(late: Office) -> None:
    late.run("remind", "dang-ky")
    late.drop("dk-sua.yaml", registration("CATP"), "CATP")
    late.run("remind", "dang-ky")
    first, second = letters(late)
    assert (first.state, second.state) == (State.SUPERSEDED, State.DELIVERED)
    assert "Công an" not in text_of(late, second)
    late.sign(second.id)
    late.on("2022-06-13")
    assert late.run("remind", "dang-ky").code == 0, "its deadline is over: a second letter follows"
    third = letters(late)[-1]
    assert (third.state, third.variant) == (State.DELIVERED, "don_doc_dang_ky-2")
    assert late.job(second.id).state is State.ARCHIVED


def test_before_the_deadline_the_letter_keeps_to_it_and_when_all_are_missing_goes_to_all(office: Office) -> None:
    office.of_units(*FEW)
    (one,) = office.run("remind", "dang-ky", "--json").facts
    assert (one["due"], one["missing"]) == ("2022-05-31", list(FEW))
    (job,) = letters(office)
    assert office.workspace.year(2022).recipients["members"] in text_of(office, job)


def test_nothing_missing_makes_no_letter(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    for unit in ("EVNHCMC", "CATP"):
        office.drop(f"{unit}.yaml", registration(unit))
    told = office.run("remind", "dang-ky")
    assert (told.code, letters(office)) == (0, [])
    assert "Không có gì" in told.err
    assert office.run("remind", "dang-ky", "--json").facts == []


def test_without_a_kind_everything_late_or_due_soon_is_reminded_of(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    office.on("2022-10-24")
    facts = office.run("remind", "--json").facts
    assert {one["kind"]: one["due"] for one in facts} == {"dang-ky": "2022-10-31", "bang-diem": "2022-10-28"}
    assert {one["job"]["variant"] for one in facts} == {"don_doc_dang_ky", "don_doc_bao_cao"}


def test_the_deadline_is_the_one_that_was_given(late: Office) -> None:
    assert late.run("remind", "dang-ky", "--due", "8/6/2022").code == 0
    assert "8/6/2022" in text_of(late, letters(late)[0])


def test_a_letter_that_its_rules_refuse_is_told_as_such(late: Office) -> None:
    told = late.run("remind", "dang-ky", "--due", "1/6/2022")
    assert told.code == 3, "the deadline lies before the letter's own date"
    assert [job.state for job in letters(late)] == [State.RETURNED]


def test_the_letter_cites_the_registered_plan(office: Office) -> None:
    example = yaml.safe_load((ROOT / "templates/ke-hoach/examples/pass-2022.yaml").read_text(encoding="utf-8"))
    plan = office.drop("kh.yaml", yaml.safe_dump({"kind": "ke-hoach", **example["form"]}, allow_unicode=True))
    office.sign(plan.id)
    number = office.job(plan.id).number
    assert number
    office.on("2022-06-03")
    office.run("remind", "dang-ky")
    text = text_of(office, letters(office)[0])
    assert f"Thực hiện Kế hoạch số {number}, ngày 27/5/2022 về tổ chức " in text
    assert text.count("của Cụm thi đua số 4") == 1, "who issued it is said once"


def test_what_cannot_be_is_refused(late: Office) -> None:
    unknown = late.run("remind", "ke-hoach")
    assert (unknown.code, "dang-ky" in unknown.err) == (16, True)
    assert late.run("remind", "dang-ky", "--due", "31/6/2022").code == 2
    assert late.run("remind", "dang-ky", "--date", "3/1/2026").code == 17
    assert letters(late) == []


def test_a_letter_that_is_held_is_not_written_a_second_time(late: Office) -> None:
    path = late.folder / "templates" / "cong-van" / "template.docx"
    template = docx.Document(str(path))
    for run in (run for para in template.paragraphs for run in para.runs):
        run.text = run.text.replace("gửi về", "gửi về ........ ")
    template.save(str(path))
    late.run("remind", "dang-ky")
    (held,) = letters(late)
    assert held.state is State.HELD

    facts = late.run("remind", "dang-ky", "--json").facts

    assert [(one["job"], one["earlier"]["id"]) for one in facts] == [(None, held.id)]
    assert letters(late) == [held]


def test_a_letter_of_a_sunday_bears_the_next_working_day_and_is_told_with_names(late: Office) -> None:
    late.on("2022-06-05")
    told = late.run("remind", "dang-ky")
    (job,) = letters(late)
    assert "ngày 06 tháng 6 năm 2022" in text_of(late, job)
    assert [one.code for one in late.workspace.findings(job)] == []
    assert told.out.startswith(
        "Bản đăng ký thi đua: công văn #3 gửi 2 đơn vị (Công an TP.HCM; Đảng ủy Khối Ngân hàng TP)"
    )
