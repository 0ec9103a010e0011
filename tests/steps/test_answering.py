"""Answers: what they say, where they lie, and what of earlier answers is taken away for them."""

import dataclasses

import pytest
import yaml

from pipeline.ledger import Drop
from pipeline.messages import say
from pipeline.model import Finding, Identity, Job, Role, Severity, State
from pipeline.naming import Answer
from pipeline.papers import codes
from pipeline.steps import answering, judges
from tests.folders import registration
from tests.said import vi
from tests.status.office import Office
from tests.steps.at_work import content, put, read, removed, roles, taken, words

CONTACT = "Lan, 0900 000 000"
WHEN = "09 giờ 00 phút, ngày 30/5/2022"
NOW = "không nhận lại lần thứ hai. Tình trạng hiện nay:"
ANEW = "Nếu muốn dùng lại tệp này, hãy mở ra, lưu lại rồi thả vào."
AGAIN = f"Đúng tệp này đã nhận lúc {WHEN} và đã trả lại; từ đó đến nay nội dung không thay đổi."


@pytest.fixture
def told(office: Office) -> Office:
    """An office whose answers say whom to ask."""
    practice = dataclasses.replace(office.workspace.practice, contact=CONTACT)
    office.workspace = dataclasses.replace(office.workspace, practice=practice)
    return office


def faulty(office: Office, unit: str = "CATP", name: str = "sai.yaml", **changes: object) -> Job:
    return read(office, name, registration(unit, activities=[], **changes), unit)


def already(office: Office, job: Job, name: str = "lại.yaml", folder: str = "CATP") -> tuple[str, str]:
    """Where the note about a file that came before lies, and what it says."""
    drop = Drop(name, folder, job.submission_sha256, 1, "x")
    publication = answering.already(office.workspace, job, drop)
    return publication.path, words(office.workspace.spool.get(publication.sha256))


# sent back


def test_a_returned_form_gets_its_note_and_its_marked_copy_in_the_units_folder(told: Office) -> None:
    job = faulty(told, titles_collective=["tap_the_tien_tien"])

    outcome = judges(told.workspace, job)

    assert (outcome.to, outcome.why, outcome.identity) == (State.RETURNED, "DK02", job.identity)
    assert roles(outcome) == [Role.FINDINGS, Role.NOTE, Role.MARKED]
    assert put(outcome) == [
        f"CATP/sai.phieu-tra-lai.hs{job.id}.docx",
        f"CATP/sai.ban-danh-dau.hs{job.id}.yaml",
    ]
    note = words(content(told.workspace, outcome, Role.NOTE))
    year = told.workspace.year(2022)
    for said in (
        f"PT-{job.id:06d}",
        "sai.yaml",
        year.cluster.name,
        "Công an TP.HCM",
        "Bản đăng ký thi đua",
        WHEN,
        CONTACT,
        f"sai.ban-danh-dau.hs{job.id}.yaml",
    ):
        assert said in note, said
    after = told.workspace.ledger.advance(job, outcome)
    found = [one.severity for one in told.workspace.findings(after)]
    assert found == sorted(found, key=list(Severity).index)
    assert len(set(found)) > 1


def test_the_reason_of_a_return_names_each_blocking_rule_once(office: Office) -> None:
    job = taken(office, "x.yaml", "kind: dang-ky\n", "CATP")
    fault = Finding("B", Severity.BLOCK, say("x"))
    found = [Finding("W", Severity.WARN, say("w")), fault, dataclasses.replace(fault, code="A"), fault]
    outcome = answering.returned(office.workspace, job, found)
    assert (outcome.why, outcome.identity) == ("A, B", job.identity)


def test_a_file_that_was_never_read_has_no_marked_copy(office: Office) -> None:
    job = taken(office, "x.yaml", registration("CATP"), "CATP")
    found = [Finding("A", Severity.BLOCK, say("x"))]
    assert roles(answering.returned(office.workspace, job, found)) == [Role.FINDINGS, Role.NOTE]
    known = faulty(office, "KNH")
    reading = office.workspace.reading(known)
    outcome = answering.returned(office.workspace, known, found, None, reading)
    assert roles(outcome) == [Role.FINDINGS, Role.READING, Role.NOTE, Role.MARKED]


def test_the_note_of_an_earlier_attempt_gives_way_to_the_new_one(office: Office) -> None:
    first = office.drop("sai.yaml", registration("CATP", activities=[]), "CATP")
    fine = office.drop("khac.yaml", registration("KNH", activities=[]), "KNH")
    other = office.drop("sai khac.yaml", registration("CATP", activities=[], headcount=26), "CATP")
    second = faulty(office, name="sai.yaml", headcount=25)

    outcome = judges(office.workspace, second)

    (change,) = outcome.also
    assert (change.job.id, change.outcome.to, change.outcome.why) == (first.id, State.SUPERSEDED, f"job {second.id}")
    assert change.outcome.detail == {"by_job": second.id}
    lying = office.workspace.ledger.standing(first.id)
    assert removed(change.outcome.publications) == list(lying)
    assert len(lying) == 2
    assert "sai.yaml" in words(content(office.workspace, outcome, Role.NOTE))
    assert [office.job(job.id).state for job in (fine, other)] == [State.RETURNED] * 2


def test_forms_that_name_no_unit_do_not_replace_each_other_and_those_of_the_cluster_do(office: Office) -> None:
    nameless = yaml.safe_load(registration("CATP"))
    del nameless["unit_code"]
    one = office.drop("mot.yaml", yaml.safe_dump(nameless, allow_unicode=True))
    nameless["headcount"] = 25
    other = office.drop("hai.yaml", yaml.safe_dump(nameless, allow_unicode=True))
    assert [office.job(job.id).state for job in (one, other)] == [State.RETURNED] * 2
    plan = {"kind": "ke-hoach", "emulation_year": 2022}
    first = office.drop("kh.yaml", yaml.safe_dump(plan))
    second = office.drop("kh.yaml", yaml.safe_dump(plan | {"doc_date": "2022-05-27"}))
    assert [office.job(job.id).state for job in (first, second)] == [State.SUPERSEDED, State.RETURNED]


def test_an_accepted_form_stands_though_a_faulty_one_comes_after_it(office: Office) -> None:
    good = office.drop("dk.yaml", registration("CATP"), "CATP")
    assert judges(office.workspace, faulty(office)).also == ()
    assert office.job(good.id).state is State.DELIVERED


# came before


@pytest.mark.parametrize(
    ("state", "said", "not_said"),
    [
        (State.DELIVERED, f"{NOW} chờ ký", ANEW),
        (State.SUPERSEDED, ANEW, f"{NOW} chờ ký"),
        (State.CANCELLED, f"{NOW} đã hủy", ANEW),
    ],
)
def test_whoever_drops_the_same_file_again_is_told_what_became_of_it(
    told: Office, state: State, said: str, not_said: str
) -> None:
    job = dataclasses.replace(told.drop("dk.yaml", registration("CATP"), "CATP"), state=state)
    path, note = already(told, job)
    assert path == f"CATP/lai.da-nhan-truoc.hs{job.id}.docx"
    assert (said in note, not_said in note) == (True, False)
    for part in ("lại.yaml", WHEN, CONTACT, f"BN-{job.id:06d}", "Công an TP.HCM"):
        assert part in note, part


def test_whoever_drops_a_returned_file_again_is_told_once_more_what_is_wrong(office: Office) -> None:
    job = office.drop("sai.yaml", registration("CATP", activities=[]), "CATP")
    (fault,) = office.workspace.findings(job)
    _, note = already(office, job)
    assert "PHIẾU TRẢ LẠI" in note
    assert vi(fault.message) in note
    assert AGAIN in note


def test_the_note_about_a_file_that_came_before_lies_where_it_was_dropped_this_time(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    assert already(office, job, folder="KNH")[0].startswith("KNH/")
    assert already(office, job, folder="")[0].startswith("CATP/")
    assert already(office, job, folder="Tạp")[0].startswith("CATP/")
    nobody = dataclasses.replace(job, unit="")
    assert already(office, nobody, folder="")[0].startswith("van-thu/")


# not taken


def test_a_notice_of_what_is_not_taken_has_no_job_and_lies_with_its_sender(told: Office) -> None:
    workspace = told.workspace
    why = say("This file was not taken; it still lies in the inbox. {why}", why="vì thế")
    path, document = answering.not_taken(workspace, "CATP", "ảnh.docx", why)
    assert path == workspace.folders.outbox / "CATP" / "anh.docx.thong-bao.docx"
    assert path == answering.not_taken_path(workspace, "CATP", "ảnh.docx")
    note = words(document)
    for part in ("–", "ảnh.docx", WHEN, "Công an TP.HCM", CONTACT, "vì thế", "THÔNG BÁO"):
        assert part in note, part
    for folder in ("", "Tạp"):
        path, document = answering.not_taken(workspace, folder, "x.pdf", why)
        assert path == answering.not_taken_path(workspace, folder, "x.pdf")
        assert path.parent.name == "van-thu"
        assert "Công an" not in words(document)


def test_answers_are_written_in_the_form_and_the_language_of_the_office(told: Office) -> None:
    practice = dataclasses.replace(told.workspace.practice, language="en", forced_profile="nd30")
    english = dataclasses.replace(told.workspace, practice=practice)
    why = say("This file was not taken; it still lies in the inbox. {why}", why="so")
    _, document = answering.not_taken(english, "", "x.pdf", why)
    assert "it still lies in the inbox" in words(document)
    _, ours = answering.not_taken(told.workspace, "", "x.pdf", why)
    assert "it still lies in the inbox" not in words(ours)


# parts


def test_what_blocks_comes_first_and_the_rest_keeps_its_order() -> None:
    def found(code: str, severity: Severity) -> Finding:
        return Finding(code, severity, say("x"))

    mixed = [
        found("1", Severity.INFO),
        found("2", Severity.WARN),
        found("3", Severity.BLOCK),
        found("4", Severity.WARN),
        found("5", Severity.BLOCK),
    ]
    assert [one.code for one in answering.by_weight(mixed)] == ["3", "5", "2", "4", "1"]


def test_a_unit_reads_its_own_folder_and_the_clerk_the_rest(office: Office) -> None:
    assert answering.folder_of(office.workspace, "CATP") == "CATP"
    assert answering.folder_of(office.workspace, "") == "van-thu"


def test_of_a_matter_nobody_knows_there_are_no_others(office: Office) -> None:
    one = office.drop("dk.yaml", registration("CATP"))
    other = read(office, "dk2.yaml", registration("CATP", headcount=25))
    assert [job.id for job in answering.others_about(office.workspace, other, other.identity)] == [one.id]
    assert answering.others_about(office.workspace, other, Identity()) == []


def test_the_next_version_counts_all_that_ever_were_and_its_code_follows_from_what_it_is_about(
    office: Office,
) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    matter = Identity("dang-ky", "CATP", 2022, "x")
    others = [dataclasses.replace(job, revision=revision) for revision in (3, 1)]
    made = answering.next_revision("a" * 64, matter, others)
    assert (made.revision, codes.is_valid(made.code)) == (4, True)
    assert dataclasses.replace(made, revision=1, code="") == matter
    assert answering.next_revision("a" * 64, matter, []).revision == 1
    differing = {
        answering.next_revision(sha256, about, others).code
        for sha256, about in (
            ("a" * 64, matter),
            ("b" * 64, matter),
            ("a" * 64, dataclasses.replace(matter, kind="giao-uoc")),
            ("a" * 64, dataclasses.replace(matter, unit="KNH")),
            ("a" * 64, dataclasses.replace(matter, year=2023)),
            ("a" * 64, dataclasses.replace(matter, variant="y")),
        )
    }
    assert len(differing) == 6


def test_everything_of_a_job_is_taken_away_or_only_what_lies_in_one_folder(office: Office) -> None:
    job = office.drop("dk.yaml", registration("CATP"))
    lying = list(office.workspace.ledger.standing(job.id))
    assert {path.split("/")[0] for path in lying} == {"CATP", "cho-ky"}
    assert removed(answering.withdrawn(office.workspace, job)) == lying
    in_one = removed(answering.withdrawn(office.workspace, job, "cho-ky"))
    assert in_one == [path for path in lying if path.startswith("cho-ky/")]
    assert removed(answering.withdrawn(office.workspace, job, "cho")) == []


def test_what_is_recorded_and_not_yet_put_is_taken_back_too(office: Office) -> None:
    job = read(office, "dk.yaml", registration("CATP"))
    accepted = office.workspace.ledger.advance(job, judges(office.workspace, job))
    assert office.workspace.ledger.standing(job.id) == {}
    assert removed(answering.withdrawn(office.workspace, accepted)) == [f"CATP/dk.bien-nhan.hs{job.id}.docx"]


def test_the_receipt_of_a_document_of_the_cluster_lies_with_the_clerk(office: Office) -> None:
    note, publication = answering.answer(
        office.workspace,
        read(office, "dk.yaml", registration("CATP")),
        Answer.NOTICE,
        unit="",
        kind="",
        next_step=say("There is nothing more to do now; the document is being made."),
    )
    assert (note.role, note.name) == (Role.NOTE, "dk.thong-bao.hs1.docx")
    assert (publication.path, publication.sha256) == ("van-thu/dk.thong-bao.hs1.docx", note.sha256)
    assert "Bản đăng ký" not in words(office.workspace.spool.get(note.sha256))
