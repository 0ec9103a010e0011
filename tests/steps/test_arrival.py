"""A file is read: a form goes on, a signed paper goes to its document, everything else goes back with its reason."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from pipeline import kinds, years
from pipeline.app.kinds_now import with_sound_templates
from pipeline.intake import SizeLimits
from pipeline.ledger import Outcome
from pipeline.model import Finding, Job, Role, Severity, State
from pipeline.papers import codes
from pipeline.reading.old_formats import NEW_FORMATS
from pipeline.steps import judges, reads
from pipeline.steps.arrival import is_pdf
from pipeline.tools.soffice import Converter, Unconvertible
from tests.folders import ROOT, registration
from tests.hostile.makers import BOOK, ole, small
from tests.papers.test_sheets import both, drawn, qr, text
from tests.reading import writers
from tests.reading.conftest import example
from tests.sample_papers import signed_paper
from tests.status.office import Office
from tests.steps.at_work import content, jobs, put, read, roles, taken, told, words

BY_FOLDER = (
    "Tệp nằm trong thư mục của Công an TP.HCM (CATP): nếu đúng là của đơn vị này thì ghi như vậy vào biểu mẫu."
)
MEMBERS = "; ".join(f"{unit.name} ({unit.code})" for unit in years.load(ROOT / "years" / "2022.yaml").units)


def sent_back(office: Office, job: Job) -> tuple[Outcome, list[Finding]]:
    """Read a file that is to go back; gives the outcome and what is wrong."""
    outcome = reads(office.workspace, job)
    if outcome.to is State.READ:  # its folder says whose it is: it is judged, too, and all faults go back together
        job = office.workspace.ledger.advance(job, outcome)
        outcome = judges(office.workspace, job)
    assert outcome.to is State.RETURNED
    after = office.workspace.ledger.advance(job, outcome)
    found = office.workspace.findings(after)
    return outcome, [one for one in found if one.severity is Severity.BLOCK]


# forms


def test_a_form_goes_on_with_its_kind_as_the_folder_is_now(office: Office) -> None:
    job = taken(office, "dk.yaml", registration("CATP"))

    outcome = reads(office.workspace, job)

    assert (outcome.to, outcome.why, outcome.publications, outcome.also) == (State.READ, "", (), ())
    assert roles(outcome) == [Role.READING, Role.BUNDLE]
    identity = outcome.identity
    assert identity is not None
    assert (identity.kind, identity.unit, identity.year, identity.variant, identity.revision) == (
        "dang-ky",
        "CATP",
        2022,
        "",
        1,
    )
    assert codes.is_valid(identity.code)
    bundle = content(office.workspace, outcome, Role.BUNDLE)
    assert office.workspace.spool.get(outcome.bundle_sha256) == bundle
    assert kinds.unpack(bundle).digest == office.workspace.loaded().kinds["dang-ky"].digest
    after = office.workspace.ledger.advance(job, outcome)
    assert office.workspace.reading(after).values["headcount"] == 24


def test_a_form_that_names_no_unit_is_of_the_unit_whose_folder_it_lay_in(office: Office) -> None:
    form = yaml.safe_load(registration("CATP"))
    del form["unit_code"]
    job = read(office, "dk.yaml", yaml.safe_dump(form, allow_unicode=True), "CATP")
    assert (job.unit, office.workspace.reading(job).values["unit_code"]) == ("CATP", "CATP")
    assert office.workspace.reading(job).unit == "CATP"


def test_a_form_of_the_cluster_is_of_no_unit(office: Office) -> None:
    form = office.workspace.context().form("cong-van")
    assert form is not None
    letter = writers.as_yaml(form, example("cong-van", "pass-don-doc-dang-ky"))
    job = read(office, "cv.yaml", letter)
    assert (job.kind, job.unit, job.variant) == ("cong-van", "", "don_doc_dang_ky")


def test_a_year_that_the_form_does_not_say_is_the_current_one(office: Office) -> None:
    form = yaml.safe_load(registration("CATP"))
    del form["emulation_year"]
    assert read(office, "dk.yaml", yaml.safe_dump(form, allow_unicode=True)).year == 2022


def test_the_next_form_about_a_matter_is_its_next_version_and_code(office: Office) -> None:
    first = read(office, "a.yaml", registration("CATP"))
    second = read(office, "b.yaml", registration("CATP", headcount=25))
    other = read(office, "c.yaml", registration("KNH"))
    assert [job.revision for job in (first, second, other)] == [1, 2, 1]
    assert len({first.code, second.code, other.code}) == 3
    office.workspace.ledger.advance(second, Outcome(State.CANCELLED))
    assert read(office, "d.yaml", registration("CATP", headcount=26)).revision == 3, "no two papers carry one version"


def test_a_form_read_a_second_time_keeps_its_code_and_its_version(office: Office) -> None:
    job = taken(office, "dk.yaml", registration("CATP"))
    assert reads(office.workspace, job).identity == reads(office.workspace, job).identity


UNKNOWN = (
    "/unit_code",
    "“Mây Tre” không phải đơn vị thành viên năm 2022.",
    "Mây Tre",
    f"một trong: {MEMBERS}",
    "Ghi mã đơn vị, hoặc tên đúng như danh sách thành viên.",
)


@pytest.mark.parametrize(
    ("changes", "folder", "code", "said"),
    [
        ({"unit_code": "Mây Tre"}, "", "unit.unknown", UNKNOWN),
        ({"unit_code": "Mây Tre"}, "CATP", "unit.unknown", (*UNKNOWN[:-2], "", BY_FOLDER)),
        (
            {"unit_code": "KNH"},
            "CATP",
            "unit.conflict",
            (
                "/unit_code",
                (
                    "Biểu mẫu ghi đơn vị là Đảng ủy Khối Ngân hàng TP (KNH), nhưng tệp lại nằm trong thư mục của "
                    "Công an TP.HCM (CATP)."
                ),
                "KNH",
                "cùng một đơn vị",
                "Thả tệp vào đúng thư mục của đơn vị, hoặc sửa tên đơn vị trong biểu mẫu.",
            ),
        ),
        (
            {"unit_code": ""},
            "Chung",
            "unit.missing",
            (
                "/unit_code",
                "Biểu mẫu không ghi đơn vị gửi.",
                "",
                f"một trong: {MEMBERS}",
                "Ghi tên đơn vị, hoặc thả tệp vào thư mục của đơn vị.",
            ),
        ),
        (
            {"emulation_year": 2019},
            "",
            "year.unknown",
            (
                "/emulation_year",
                "Không có năm thi đua 2019.",
                "2019",
                "",
                "Sửa lại năm; nếu đúng, đề nghị văn thư cơ quan mở hồ sơ năm đó.",
            ),
        ),
    ],
)
def test_a_form_of_nobody_or_of_no_year_goes_back_before_it_is_judged(
    office: Office, changes: dict[str, object], folder: str, code: str, said: tuple[str, ...]
) -> None:
    job = taken(office, "dk.yaml", registration("CATP", **changes), folder)

    outcome, found = sent_back(office, job)

    assert (outcome.why, [told(one) for one in found if one.code == code]) == (code, [said])
    assert outcome.identity is not None
    assert (outcome.identity.kind, outcome.identity.year) == ("dang-ky", 2022)


def test_the_answer_about_a_conflict_lies_where_the_file_was_dropped(office: Office) -> None:
    outcome, (finding,) = sent_back(office, taken(office, "dk.yaml", registration("KNH"), "CATP"))
    assert {path.split("/")[0] for path in put(outcome)} == {"CATP"}
    assert finding.code == "unit.conflict"
    assert outcome.identity is not None
    assert outcome.identity.unit == "CATP"


def test_a_unit_and_a_year_that_are_both_unknown_are_told_in_one_answer(office: Office) -> None:
    form = registration("CATP", unit_code="Mây Tre", emulation_year=2019)
    outcome, found = sent_back(office, taken(office, "dk.yaml", form))
    assert [one.code for one in found] == ["unit.unknown", "year.unknown"]
    assert outcome.why == "unit.unknown, year.unknown"
    assert {path.split("/")[0] for path in put(outcome)} == {"van-thu"}


def test_what_is_no_form_of_ours_goes_back_to_the_folder_it_lay_in(office: Office) -> None:
    outcome, (finding,) = sent_back(office, taken(office, "thu.yaml", "kind: lich-cong-tac\n", "KNH"))
    assert (finding.code, outcome.why) == ("kind.unknown", "kind.unknown")
    assert {path.split("/")[0] for path in put(outcome)} == {"KNH"}
    assert outcome.identity is not None
    assert (outcome.identity.kind, outcome.identity.unit) == ("", "KNH")


def broken(office: Office) -> None:
    """Let one kind of the office be broken."""
    (office.folder / "templates" / "dang-ky" / "kind.yaml").write_text("id: dang-ky\n", encoding="utf-8")
    templates = office.folder / "templates"
    loaded = with_sound_templates(kinds.load_all(templates), templates)
    office.workspace = dataclasses.replace(office.workspace, loaded=lambda: loaded)


def test_while_a_kind_is_broken_a_form_of_no_known_kind_waits_for_the_operator(office: Office) -> None:
    broken(office)
    outcome = reads(office.workspace, taken(office, "dk.yaml", registration("CATP"), "CATP"))
    assert (outcome.to, outcome.publications, outcome.artifacts) == (State.HELD, (), ())
    assert "templates/dang-ky/kind.yaml" in outcome.why


def test_a_broken_kind_is_no_excuse_for_a_file_that_cannot_be_read(office: Office) -> None:
    broken(office)
    outcome, (finding,) = sent_back(office, taken(office, "dk.xlsx", b"PK\x03\x04" + b"x" * 500, "CATP"))
    assert finding.code != "kind.unknown"
    assert put(outcome) == ["CATP/dk.phieu-tra-lai.hs1.docx"]


# old formats


class Ready(Converter):
    """A LibreOffice that has its answer ready, and counts how often it is asked."""

    def __init__(self, root: Path, made: bytes | None) -> None:
        super().__init__(root)
        self.made = made
        self.asked: list[str] = []

    def reads(self, format_: str) -> bool:
        return format_ in NEW_FORMATS

    def convert(self, content: bytes, format_: str) -> bytes:
        self.asked.append(format_)
        if self.made is None:
            raise Unconvertible
        return self.made


def workbook(office: Office, headcount: int) -> bytes:
    context = office.workspace.context()
    form = context.form("dang-ky")
    assert form is not None
    values = yaml.safe_load(registration("CATP", headcount=headcount))
    del values["kind"]
    return writers.as_xlsx(form, values, writers.plain(context))


def converting(office: Office, tmp_path: Path, made: bytes | None) -> Ready:
    converter = Ready(tmp_path, made)
    office.workspace = dataclasses.replace(office.workspace, converter=converter)
    return converter


def test_a_form_in_an_old_format_is_read_as_it_was_converted_once(office: Office, tmp_path: Path) -> None:
    converter = converting(office, tmp_path, workbook(office, 31))
    job = taken(office, "dk.xls", ole("Workbook", stream=BOOK), "CATP")
    asked = len(converter.asked)

    outcome = reads(office.workspace, job)

    assert (outcome.to, roles(outcome)) == (State.READ, [Role.READING, Role.BUNDLE, Role.CONVERTED])
    assert len(converter.asked) == asked + 1
    after = office.workspace.ledger.advance(job, outcome)
    made = office.workspace.reading(after)
    assert (made.format, made.values["headcount"], [one.code for one in made.findings]) == ("xls", 31, ["I01"])
    # read anew after that, it is read as it was converted then
    converter.made = workbook(office, 32)
    again = reads(office.workspace, after)
    assert len(converter.asked) == asked + 1
    assert content(office.workspace, again, Role.CONVERTED) == content(office.workspace, outcome, Role.CONVERTED)
    office.workspace.ledger.advance(after, dataclasses.replace(again, to=State.HELD))
    assert office.workspace.reading(after).values["headcount"] == 31


@pytest.mark.parametrize("has_office", [True, False])
def test_an_old_format_that_cannot_be_converted_goes_back(
    office: Office, tmp_path: Path, *, has_office: bool
) -> None:
    converting(office, tmp_path, None)
    if not has_office:
        office.workspace = dataclasses.replace(office.workspace, converter=None)
    outcome, (finding,) = sent_back(office, taken(office, "dk.xls", ole("Workbook", stream=BOOK), "CATP"))
    assert Role.CONVERTED not in roles(outcome)
    assert "xlsx" in told(finding)[4]
    assert put(outcome) == ["CATP/dk.phieu-tra-lai.hs1.docx"]


# signed papers


def delivered(office: Office, **changes: object) -> Job:
    return office.drop("dk.yaml", registration("CATP", **changes))


def test_a_signed_paper_is_given_to_its_document(office: Office) -> None:
    document = delivered(office)
    job = taken(office, "quet.pdf", signed_paper(document.code), "da-ky")

    outcome = reads(office.workspace, job)

    assert (outcome.to, outcome.why, outcome.detail) == (
        State.MATCHED,
        f"job {document.id}",
        {"document": document.id},
    )
    assert outcome.identity is not None
    assert (outcome.identity.unit, outcome.identity.kind) == ("CATP", "")
    assert (roles(outcome), outcome.publications) == ([Role.FINDINGS, Role.RECOGNITION], ())
    (change,) = outcome.also
    assert (change.job, change.outcome.to, change.outcome.why) == (document, State.SIGNED, f"job {job.id}")
    signed, found = change.outcome.artifacts
    assert (signed.role, signed.sha256, found.role) == (Role.SIGNED, job.submission_sha256, Role.FINDINGS)
    assert change.outcome.detail == {"paper": job.id, "decided": ""}


def held(office: Office, job: Job) -> tuple[Outcome, Finding]:
    """Read a paper that a person has to look at; gives the outcome and why."""
    outcome = reads(office.workspace, job)
    assert outcome.to is State.HELD
    after = office.workspace.ledger.advance(job, outcome)
    (finding,) = [one for one in office.workspace.findings(after) if one.severity is Severity.BLOCK]
    return outcome, finding


def test_a_signed_paper_is_known_by_its_code_where_the_clerk_or_its_own_unit_drops_it(office: Office) -> None:
    document = delivered(office)
    for folder in ("", "CATP", "da-ky"):
        job = taken(office, f"quet{folder}.pdf", signed_paper(document.code, keywords=folder), folder)
        assert reads(office.workspace, job).to is State.MATCHED


def test_the_paper_of_another_in_a_units_folder_is_held_and_told_there(office: Office) -> None:
    document = delivered(office)
    outcome, finding = held(office, taken(office, "quet.pdf", signed_paper(document.code), "KNH"))
    assert finding.code == "paper.not-theirs"
    assert put(outcome) == ["KNH/quet.phieu-tra-lai.hs2.docx"]
    assert (
        outcome.why
        == "Bản ký của “Bản đăng ký thi đua” được thả vào thư mục của KNH, đơn vị chỉ trả được bản của mình."
    )
    assert "da-ky" in told(finding)[4]
    assert office.job(document.id).state is State.DELIVERED


def test_a_paper_in_a_folder_of_nobody_is_held_and_told_to_the_clerk(office: Office) -> None:
    document = delivered(office)
    outcome, finding = held(office, taken(office, "quet.pdf", signed_paper(document.code), "linh tinh"))
    assert (finding.code, put(outcome)) == ("paper.not-theirs", ["van-thu/quet.phieu-tra-lai.hs2.docx"])
    assert "linh tinh" in told(finding)[1]


def test_a_paper_of_the_cluster_comes_from_no_unit_but_one_that_speaks_for_it(office: Office) -> None:
    office.of_units("EVNHCMC", "CATP")
    office.on("2022-06-03")
    office.run("remind", "dang-ky")
    (letter,) = [job for job in office.workspace.ledger.in_states([State.DELIVERED]) if not job.unit]
    _, finding = held(office, taken(office, "quet.pdf", signed_paper(letter.code), "CATP"))
    assert finding.code == "paper.not-theirs"
    practice = dataclasses.replace(office.workspace.practice, speaks_for_cluster=frozenset({"CATP"}))
    office.workspace = dataclasses.replace(office.workspace, practice=practice)
    job = taken(office, "lai.pdf", signed_paper(letter.code, keywords="lai"), "CATP")
    assert reads(office.workspace, job).to is State.MATCHED


def test_a_paper_whose_text_and_picture_name_two_documents_is_held(office: Office) -> None:
    one, other = delivered(office), office.drop("dk.yaml", registration("KNH"))
    _, finding = held(office, taken(office, "quet.pdf", drawn(both(text(other.code), qr(one.code))), "da-ky"))
    assert finding.code == "paper.codes-disagree"
    assert (one.code in told(finding)[1], other.code in told(finding)[1]) == (True, True)
    assert {job.state for job in jobs(office)[:2]} == {State.DELIVERED}


def test_pages_on_which_text_and_picture_disagree_are_told_together(office: Office) -> None:
    one, other = delivered(office), office.drop("dk.yaml", registration("KNH"))
    pages = [both(text(other.code), qr(one.code))] * 3
    _, finding = held(office, taken(office, "quet.pdf", drawn(*pages), "da-ky"))
    assert (finding.code, finding.place.page) == ("paper.codes-disagree", 0)
    assert told(finding)[1].endswith("Ở trang 1–3.")


def test_what_is_noticed_about_a_good_paper_is_kept_with_it(office: Office) -> None:
    document = delivered(office)
    job = taken(
        office, "quet.pdf", signed_paper(document.code, "", document.code, document.code, document.code), "da-ky"
    )
    after = office.workspace.ledger.advance(job, reads(office.workspace, job))
    assert after.state is State.MATCHED
    assert "paper.unread-page" in {one.code for one in office.workspace.findings(after)}
    # people look for it at the document
    assert "paper.unread-page" in {one.code for one in office.workspace.findings(office.job(document.id))}
    assert [one["rule"] for one in office.run("status", "--json").facts["warnings"]] == [
        "paper.unread-page",
        "paper.not-compared",
    ]


@pytest.mark.parametrize("folder", ["da-ky", "CATP"])
def test_a_scan_with_a_sheet_each_of_two_documents_waits_for_a_person_wherever_it_lies(
    office: Office, folder: str
) -> None:
    one, strange = delivered(office), codes.new_code("of nobody")
    _, finding = held(office, taken(office, "quet.pdf", signed_paper(strange, one.code), folder))
    assert finding.code == "paper.two-documents"
    assert told(finding)[1].endswith(f"{strange} ở trang 1; {one.code} ở trang 2.")
    assert office.job(one.id).state is State.DELIVERED


@pytest.mark.slow
def test_a_pdf_without_a_code_is_a_form_unless_the_clerk_says_it_is_signed(office: Office) -> None:
    outcome, (finding,) = sent_back(office, taken(office, "quet.pdf", signed_paper("", ""), "da-ky"))
    assert (finding.code, outcome.why, finding.found) == ("paper.unknown", "paper.unknown", "")
    assert all(told(finding)[at] for at in (1, 3, 4))
    assert put(outcome) == ["van-thu/quet.phieu-tra-lai.hs1.docx"]
    outcome, found = sent_back(office, taken(office, "phieu.pdf", signed_paper("", "", keywords="x"), "CATP"))
    assert "paper.unknown" not in {one.code for one in found}
    assert {path.split("/")[0] for path in put(outcome)} == {"CATP"}


def test_a_code_of_nobody_is_named_in_the_answer(office: Office) -> None:
    code = codes.new_code("of nobody")
    _, found = sent_back(office, taken(office, "quet.pdf", signed_paper(code)))
    assert [(one.code, one.found) for one in found] == [("paper.unknown", code)]


def test_the_paper_of_a_replaced_version_goes_back_to_its_unit(office: Office) -> None:
    old = delivered(office)
    delivered(office, headcount=25)
    outcome, (finding,) = sent_back(office, taken(office, "quet.pdf", signed_paper(old.code), "da-ky"))
    assert finding.code == "paper.old-version"
    assert ("1" in told(finding)[1], bool(told(finding)[4])) == (True, True)
    assert {path.split("/")[0] for path in put(outcome)} == {"CATP"}
    assert office.job(old.id).state is State.SUPERSEDED


def test_a_second_scan_of_a_filed_paper_changes_nothing(office: Office) -> None:
    document = delivered(office)
    office.sign(document.id)
    number = office.job(document.id).number
    _, (finding,) = sent_back(
        office, taken(office, "lai.pdf", signed_paper(document.code, keywords="again"), "da-ky")
    )
    assert finding.code == "paper.filed"
    assert number in told(finding)[1]
    assert told(finding)[4]
    assert office.job(document.id).state is State.ARCHIVED


def test_the_very_pdf_that_was_printed_comes_back_unsigned(office: Office) -> None:
    document = delivered(office)
    sent = office.workspace.keep(Role.RENDITION, signed_paper(document.code))
    ledger = office.workspace.ledger
    ledger.advance(document, Outcome(State.NUMBERED, artifacts=(sent,)))
    _, (finding,) = sent_back(office, taken(office, "in.pdf", signed_paper(document.code)))
    assert finding.code == "paper.not-signed"
    # what was sent out names no signer here, so where to look for ink nobody knows
    _, finding = held(office, taken(office, "ky.pdf", signed_paper(document.code, keywords="signed")))
    assert finding.code == "paper.signers-not-found"


def test_a_scan_with_pages_of_two_documents_goes_to_neither(office: Office) -> None:
    one, other = delivered(office), office.drop("dk.yaml", registration("KNH"))
    _, found = sent_back(office, taken(office, "quet.pdf", signed_paper(one.code, one.code, other.code), "da-ky"))
    assert found
    assert {job.state for job in jobs(office)[:2]} == {State.DELIVERED}


def test_a_pdf_that_does_not_pass_the_door_is_looked_at_no_further(office: Office) -> None:
    document = delivered(office)
    good = signed_paper(document.code)
    outcome, found = sent_back(office, taken(office, "quet.pdf", good[: len(good) // 3], "CATP"))
    assert {one.code.partition(".")[0] for one in found} == {"file"}
    assert put(outcome) == ["CATP/quet.phieu-tra-lai.hs2.docx"]


def test_a_pdf_that_is_none_of_our_papers_is_held_to_the_limit_of_forms(office: Office) -> None:
    document = delivered(office)
    large, small_one = signed_paper(document.code), small()
    limits = SizeLimits(form_bytes=(len(large) + len(small_one)) // 2, paper_bytes=100_000_000)
    practice = dataclasses.replace(office.workspace.practice, limits=limits)
    office.workspace = dataclasses.replace(office.workspace, practice=practice)
    # larger than a form may be, and one of our papers
    assert reads(office.workspace, taken(office, "quet.pdf", large, "CATP")).to is State.MATCHED
    filled = small(page=f"/X({'x' * limits.form_bytes})")
    outcome, (finding,) = sent_back(office, taken(office, "bieu.pdf", filled, "CATP"))
    assert finding.code == "file.too-heavy"
    assert all(told(finding)[at] for at in (1, 4))
    assert put(outcome) == ["CATP/bieu.phieu-tra-lai.hs3.docx"]
    # a small one is read as a form
    _, (finding,) = sent_back(office, taken(office, "nho.pdf", small_one, "CATP"))
    assert finding.code == "A07"


def test_a_pdf_that_programs_read_differently_is_answered_and_held_for_a_person(office: Office) -> None:
    whole = small()
    doubtful = whole.replace(b"/Root", b"/Prev %d/Root" % whole.rfind(b"xref\n0"))
    job = taken(office, "quet.pdf", doubtful, "CATP")
    outcome = reads(office.workspace, job)
    assert outcome.to is State.HELD
    assert outcome.why == "mỗi phần mềm đọc tệp này ra một kết quả khác; hãy xem tệp, rồi hủy hoặc làm lại"
    assert put(outcome) == ["CATP/quet.phieu-tra-lai.hs1.docx"]
    assert "quet.pdf" in words(content(office.workspace, outcome, Role.NOTE))


def test_a_pdf_is_known_by_its_first_bytes(office: Office) -> None:
    assert is_pdf(office.workspace, taken(office, "a.docx", b"%PDF-1.7"))
    assert not is_pdf(office.workspace, taken(office, "a.pdf", b" %PDF-1.7"))


def test_a_form_whose_unit_cannot_be_read_is_judged_as_its_folders_and_every_fault_is_told_at_once(
    office: Office,
) -> None:
    form = registration(
        "CATP", unit_code="Mây Tre", activities=[], leader={"full_name": "Trần Văn Lạ", "position": "Chánh Văn phòng"}
    )
    _, found = sent_back(office, taken(office, "dk.yaml", form, "CATP"))
    assert sorted(one.code for one in found) == ["DK02", "F08", "unit.unknown"]
