"""A signed paper gets its number and its place in the archive, with a sidecar that says what it is."""

import dataclasses
import datetime as dt
import json
from typing import Any

import pytest
import yaml

from pipeline.app import numbering, operations
from pipeline.files import sha256_of
from pipeline.ledger import Outcome
from pipeline.model import Direction, Job, Role, State
from pipeline.steps import files, numbers, warnings
from pipeline.steps.registering import number_wish
from pipeline.steps.warnings import as_filed, open_warnings, warnings_of
from tests.folders import ROOT, pledge, registration
from tests.sample_papers import signed_paper
from tests.status.office import Office
from tests.steps.at_work import content, put, removed, roles, words

LATE = "2022-06-01"
WHY = "đã xem"


def delivered(office: Office, unit: str = "CATP", **changes: object) -> Job:
    return office.drop(f"dk-{unit}.yaml", registration(unit, **changes))


def signed(office: Office, job: Job) -> Job:
    """Let the signed paper of a document be here; it has no number yet."""
    kept = office.workspace.keep(Role.SIGNED, signed_paper(job.code))
    return office.workspace.ledger.advance(job, Outcome(State.SIGNED, artifacts=(kept,)))


def registered(office: Office, job: Job) -> Job:
    job = signed(office, job)
    return office.workspace.ledger.advance(job, numbers(office.workspace, job))


def appendix(office: Office) -> Job:
    """A document of a kind that has no number."""
    office.of_units("EVNHCMC", "CATP")
    for unit in ("EVNHCMC", "CATP"):
        delivered(office, unit)
    text = (ROOT / "templates/phu-luc-hoat-dong/examples/pass-2022.yaml").read_text(encoding="utf-8")
    office.on(LATE)
    form = {"kind": "phu-luc-hoat-dong", **yaml.safe_load(text)["form"]}
    return office.drop("pl.yaml", yaml.safe_dump(form, allow_unicode=True))


def sidecar(office: Office, outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(content(office.workspace, outcome, Role.SIDECAR))
    return told


# numbers


def test_an_incoming_paper_gets_the_next_number_of_the_year_whatever_its_kind(office: Office) -> None:
    job = delivered(office)
    wish = number_wish(office.workspace, job)
    assert wish is not None
    assert (wish.series, wish.direction, wish.digits) == ("ĐẾN/2022", Direction.INCOMING, 1)
    assert wish.written(7) == "7-ĐẾN"
    columns = wish.columns
    assert (columns.author, columns.document_on) == ("Công an TP.HCM", dt.date(2022, 5, 27))
    assert columns.arrived_on == dt.date(2022, 5, 30)
    assert columns.signer == "Huỳnh Quốc Thuyên"
    outcome = numbers(office.workspace, signed(office, job))
    assert (outcome.to, outcome.number) == (State.REGISTERED, wish)


@pytest.mark.parametrize(
    ("profile", "symbol", "reset", "number", "series"),
    [
        ("", "", "term", "07-GƯ/CTĐ4", "GƯ/2020-2025"),
        ("", "ABC", "term", "07-GƯ/ABC", "GƯ/2020-2025"),
        ("", "", "emulation-year", "07-GƯ/CTĐ4", "GƯ/NTĐ2022"),
        ("", "", "calendar-year", "07-GƯ/CTĐ4", "GƯ/2022"),
    ],
)
def test_an_outgoing_document_is_numbered_as_the_office_writes_numbers(
    office: Office, profile: str, symbol: str, reset: str, number: str, series: str
) -> None:
    office.of_units("EVNHCMC", "CATP")
    for unit in ("EVNHCMC", "CATP"):
        delivered(office, unit)
    job = office.drop("gu.yaml", pledge(originals_count=3))
    practice = dataclasses.replace(
        office.workspace.practice, symbol=symbol, number_reset=reset, forced_profile=profile
    )
    wish = number_wish(dataclasses.replace(office.workspace, practice=practice), job)
    assert wish is not None
    assert (wish.written(7), wish.series, wish.direction) == (number, series, Direction.OUTGOING)
    assert wish.columns.author == ""


def test_a_number_that_was_given_before_stays(office: Office) -> None:
    job = numbering.next_number(office.workspace, delivered(office))
    numbering.next_number(office.workspace, delivered(office, "KNH"))
    after = registered(office, job)
    assert (after.state, after.number) == (State.REGISTERED, job.number)


# the archive


def test_a_filed_paper_lies_in_the_archive_with_its_sidecar_and_no_longer_for_signature(office: Office) -> None:
    job = registered(office, delivered(office))

    outcome = files(office.workspace, job)

    assert (outcome.to, outcome.files_number) == (State.ARCHIVED, True)
    assert roles(outcome) == [Role.FILED, Role.SIDECAR, Role.ISSUED_COPY, Role.NOTE]
    document, facts, *_ = outcome.artifacts
    assert document.name == "DEN-2022/2022-05-27_DK_0001_CATP_ban-dang-ky-thi-dua-nam-2022.pdf"
    assert facts.name == document.name.replace(".pdf", ".json")
    archive = office.folder / "archive"
    assert (archive / document.name).read_bytes() == signed_paper(job.code)
    assert (archive / facts.name).read_bytes() == content(office.workspace, outcome, Role.SIDECAR)
    assert outcome.detail == {"path": document.name, "sha256": document.sha256, "sidecar_sha256": facts.sha256}
    assert removed(outcome.publications) == [f"cho-ky/CTD4_2022_DK_CATP_v1_hs{job.id}.docx"]
    copy = f"EVNHCMC/da-ban-hanh/{document.name.rpartition('/')[2]}"
    assert put(outcome) == [copy, f"CATP/dk-CATP.thong-bao.hs{job.id}.docx"]
    note = words(content(office.workspace, outcome, Role.NOTE))
    assert f"Bản ký đã được lưu: {job.number}, tệp {document.name}." in note
    assert "Bản đăng ký thi đua" in note


def test_the_sidecar_says_what_the_paper_is_and_how_it_stands_in_the_register(office: Office) -> None:
    job = registered(office, delivered(office))
    told = sidecar(office, files(office.workspace, job))
    entry = office.workspace.ledger.number_entry(job.id)
    assert entry is not None
    assert told == {
        "format": 1,
        "sha256": sha256_of(signed_paper(job.code)),
        "received": [
            {
                "file": "2022-05-27_DK_0001_CATP_ban-dang-ky-thi-dua-nam-2022.pdf",
                "sha256": sha256_of(signed_paper(job.code)),
            }
        ],
        "kind": "dang-ky",
        "variant": "",
        "copy": None,
        # without LibreOffice nobody knows where people sign
        "signature_places": [],
        "recognised_by": "",
        "issued_copy": {
            "sha256": sha256_of(signed_paper(job.code)),
            "number": None,
            "date": None,
            "units": ["EVNHCMC"],
            "others": [],
        },
        "number": job.number,
        "title": "Bản đăng ký thi đua năm 2022",
        "type": "Bản đăng ký thi đua",
        "document_on": "2022-05-27",
        "document_code": job.code,
        "revision": 1,
        "emulation_year": 2022,
        "unit": "CATP",
        "retention_years": 10,
        "register_entry": json.loads(json.dumps(entry.as_json())),
        "warnings": [],
    }


def test_filing_done_twice_gives_the_same_bytes(office: Office) -> None:
    job = registered(office, delivered(office))
    assert files(office.workspace, job).artifacts == files(office.workspace, job).artifacts


def test_a_paper_without_a_number_is_filed_by_its_year_and_job(office: Office) -> None:
    job = appendix(office)
    assert number_wish(office.workspace, job) is None
    job = registered(office, job)
    assert (job.state, job.number) == (State.REGISTERED, "")

    outcome = files(office.workspace, job)

    document = outcome.artifacts[0]
    assert document.name.startswith(f"PL-2022/2022-06-0{job.document_on.day if job.document_on else 0}_PL_")
    assert f"_PL_{job.id:04d}_CTD4_" in document.name
    assert outcome.files_number is False
    told = sidecar(office, outcome)
    assert (told["register_entry"], told["number"], told["unit"]) == (None, "", "")
    assert f"Bản ký đã được lưu: tệp {document.name}." in words(content(office.workspace, outcome, Role.NOTE))
    *copies, notice = put(outcome)
    members = [unit.code for unit in office.workspace.year(2022).units]
    name = document.name.rpartition("/")[2]
    # the Văn phòng Thành ủy is no unit, and left to the clerk
    assert copies == [f"{folder}/da-ban-hanh/{name}" for folder in (*members, "van-thu")]
    assert notice == f"van-thu/pl.thong-bao.hs{job.id}.docx"


# warnings, as they are filed


def warned(office: Office) -> Job:
    office.on(LATE)
    return delivered(office, submit_date=LATE, titles_collective=["tap_the_tien_tien"])


def test_a_filed_paper_tells_its_warnings_and_who_accepted_them_before_it_was_registered(office: Office) -> None:
    job = warned(office)
    operations.accept(office.workspace, job, "DK10", WHY)
    job = registered(office, job)
    operations.accept(office.workspace, job, "DK06", "muộn rồi")
    late, title = as_filed(office.workspace, job)
    assert (late["rule"], title["rule"], title["accepted"]) == ("DK10", "DK06", None)
    assert late["accepted"] == {"who": "test", "why": WHY, "at": "2022-06-01T02:00:00.000000+00:00"}
    assert all(str(one["place"]) and str(one["message"]) for one in (late, title))
    assert sidecar(office, files(office.workspace, job))["warnings"] == [late, title]


def test_what_was_accepted_before_a_second_registration_does_not_enter_the_sidecar(office: Office) -> None:
    """Filing done twice must give the same bytes."""
    job = registered(office, warned(office))
    operations.accept(office.workspace, job, "DK10", WHY)
    ledger = office.workspace.ledger
    for state in (State.HELD, State.REGISTERED):
        job = ledger.advance(job, Outcome(state))
    assert [one["accepted"] for one in as_filed(office.workspace, job)] == [None, None]


def test_nothing_is_accepted_of_what_was_never_registered(office: Office) -> None:
    job = warned(office)
    operations.accept(office.workspace, job, "DK10", WHY)
    assert [one["accepted"] for one in as_filed(office.workspace, job)] == [None, None]


def test_only_warnings_count_and_jobs_without_any_are_left_out(office: Office) -> None:
    job, plain = warned(office), delivered(office, "KNH")
    faulty = office.drop("sai.yaml", registration("SATRA", activities=[], submit_date=LATE))
    found = warnings_of(office.workspace, [job, plain, faulty])
    assert {job_id: [one.finding.code for one in those] for job_id, those in found.items()} == {
        job.id: ["DK10", "DK06"],
        faulty.id: ["DK10"],
    }
    operations.accept(office.workspace, job, "DK10", WHY)
    waiting = open_warnings(office.workspace, [job, plain])
    assert {job_id: [one.code for one in those] for job_id, those in waiting.items()} == {job.id: ["DK06"]}
    operations.accept(office.workspace, job, "DK06", WHY)
    assert open_warnings(office.workspace, [job, plain]) == {}
    assert as_filed(office.workspace, plain) == []


def test_of_two_who_accepted_the_first_is_named(office: Office) -> None:
    job = warned(office)
    (late, _) = office.workspace.findings(job)
    for why in (WHY, "sau đó"):
        warnings.accept(office.workspace, job, [late], why)
    (first, second) = warnings_of(office.workspace, [job])[job.id]
    assert (first.acceptance.why if first.acceptance else "", second.acceptance) == (WHY, None)
    event = office.workspace.ledger.acted("warning.accept")[0]
    assert event.detail == {
        "rule": "DK10",
        "pointer": "/submit_date",
        "place": event.detail["place"],
        "found": late.found,
        "message": event.detail["message"],
        "file": job.submission_sha256,
    }
    assert "pointer=/submit_date" in str(event.detail["place"])
    assert "label" not in str(event.detail["place"])
    acceptance = first.acceptance
    assert acceptance is not None
    assert (acceptance.who, acceptance.event, acceptance.at) == ("test", event.id, event.at)


def test_an_acceptance_holds_for_the_same_file_about_the_same_matter_only(office: Office) -> None:
    job = warned(office)
    operations.accept(office.workspace, job, "DK10", WHY)
    newer = delivered(office, submit_date=LATE, headcount=25)
    assert "DK10" in {one.code for one in open_warnings(office.workspace, [newer])[newer.id]}

    def is_open(**changes: object) -> bool:
        """Ask for a job with the findings of the newer one, otherwise like the first."""
        other = dataclasses.replace(job, id=newer.id, **changes)  # type: ignore[arg-type]  # any column
        return "DK10" in {one.code for one in open_warnings(office.workspace, [other])[newer.id]}

    assert not is_open()
    for changes in ({"unit": "KNH"}, {"kind": "giao-uoc"}, {"year": 2023}, {"variant": "x"}):
        assert is_open(**changes), changes
    assert is_open(submission_sha256=newer.submission_sha256)
