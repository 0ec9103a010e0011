"""Who has not signed, in which order it was signed, and whether what was signed is what was issued."""

import datetime as dt
import io
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline import papers
from pipeline.model import DigitalSignature, Finding, SeenSignature, Severity, SignatureCheck, Verdict
from pipeline.papers import Comparison, Required
from pipeline.papers.revisions import compare_revisions
from pipeline.papers.seen import SeenRevision
from tests.papers.test_comparison import ISSUED, NAMES, PLACES
from tests.said import vi
from tests.signing import Authority, drawn_on, signed, written

LEADER, OFFICE = "Đặng Thị Mẫu", "Văn phòng Đảng ủy"
HEAD = Required((LEADER,), (OFFICE, "CATP"))


def check(*signers: str, permits: str = "") -> SignatureCheck:
    return SignatureCheck(
        tuple(DigitalSignature(f"Sig{at}", Verdict.VALID, name, permits=permits) for at, name in enumerate(signers))
    )


def found(
    signatures: SignatureCheck, required: Required | None = HEAD, comparison: Comparison | None = None
) -> list[Finding]:
    return list(papers.policy_findings(signatures, required, comparison))


def test_the_person_and_then_the_organisation_are_enough_however_their_names_are_written() -> None:
    assert found(check(LEADER, OFFICE)) == []
    assert found(check("ĐẶNG THỊ MẪU", "Văn  phòng Đảng uỷ")) == []


@pytest.mark.parametrize(
    ("signers", "missing"),
    [((LEADER,), "cơ quan, tổ chức"), ((OFFICE,), LEADER), ((), f"{LEADER}; cơ quan, tổ chức")],
)
def test_who_has_not_signed_is_named(signers: tuple[str, ...], missing: str) -> None:
    (finding,) = found(check(*signers))
    assert (finding.code, finding.severity) == ("signature.missing", Severity.BLOCK)
    assert vi(finding.message) == f"Còn thiếu chữ ký số của: {missing}."


def test_another_name_is_another_person_and_is_named_too() -> None:
    # accents count: Mẫu is not Mậu
    codes = [one.code for one in found(check("Đặng Thị Mậu", OFFICE))]
    assert codes == ["signature.missing", "signature.other-signer"]
    assert [one.severity for one in found(check(LEADER, OFFICE, "Văn thư"))] == [Severity.WARN]


@pytest.mark.parametrize(("hours_before", "told"), [(0, []), (23, []), (25, ["signature.before-document"])])
def test_a_clock_of_another_time_zone_is_let_pass_and_no_other_is_that_was_before_the_document(
    hours_before: int, told: list[str]
) -> None:
    begun = dt.datetime(2022, 5, 30, 2, 0, tzinfo=dt.UTC)
    one = DigitalSignature("Sig", Verdict.VALID, LEADER, at=begun - dt.timedelta(hours=hours_before))
    assert [one.code for one in papers.time_findings(SignatureCheck((one,)), begun)] == told


def test_the_order_laid_down_is_kept() -> None:
    assert [one.code for one in found(check(OFFICE, LEADER))] == ["signature.order"]
    turned = Required((LEADER,), (OFFICE,), order=("organisation", "person"))
    assert found(check(OFFICE, LEADER), turned) == []


def test_a_signature_after_which_nobody_can_sign_is_told_while_somebody_must() -> None:
    codes = [one.code for one in found(check(LEADER, permits="no-changes"))]
    assert codes == ["signature.missing", "signature.locked"]
    assert found(check(LEADER, permits="no-changes"), Required((LEADER,), (), order=("person",))) == []


def test_a_picture_of_a_signature_is_enough_only_where_the_kind_says_so() -> None:
    seen = Comparison(1, signatures=(SeenSignature(LEADER, 1, 1, has_signature=True),))
    assert [one.code for one in found(check(OFFICE), HEAD, seen)] == ["signature.missing"]
    lenient = Required((LEADER,), (OFFICE,), picture_suffices=True)
    assert found(check(OFFICE), lenient, seen) == []
    bare = Comparison(1, signatures=(SeenSignature(LEADER, 1, 1),))
    assert [one.code for one in found(check(OFFICE), lenient, bare)] == ["signature.missing"]


@pytest.mark.parametrize("required", [None, Required((), (OFFICE,))], ids=["not-laid-down", "nobody-signs"])
def test_where_nobody_has_said_who_signs_a_person_looks(required: Required | None) -> None:
    assert [one.code for one in found(check(LEADER, OFFICE), required)] == ["signature.no-policy"]


def revisions(folder: Path, content: bytes, *ends: int) -> tuple[SeenRevision, ...]:
    paper, issued = folder / "paper.pdf", folder / "issued.pdf"
    paper.write_bytes(content)
    issued.write_bytes(ISSUED)
    return compare_revisions(str(paper), str(issued), ends or (len(content),), NAMES)


def content_codes(seen: tuple[SeenRevision, ...] | None) -> list[str]:
    return [one.code for one in papers.content_findings(seen)]


SIGNER = Authority().issue(LEADER)


def test_a_signed_file_shows_what_was_issued(tmp_path: Path) -> None:
    content = signed(ISSUED, SIGNER)
    seen = revisions(tmp_path, content, len(ISSUED), len(content))
    assert [(one.at, one.pages, one.was_seen) for one in seen] == [(len(ISSUED), 3, True), (len(content), 3, True)]
    assert content_codes(seen) == []


def test_a_word_that_was_changed_is_told_by_its_page_in_whichever_revision_it_is(tmp_path: Path) -> None:
    changed = drawn_on(ISSUED, written("888"), page=1)
    content = signed(changed, SIGNER)
    seen = revisions(tmp_path, content, len(content))
    assert content_codes(seen) == ["signature.other-content"]
    assert seen[0].other_words == seen[0].other_looks == (2,)
    # put right again after the first signature: only the first revision shows it
    seen = revisions(tmp_path, content + b"", len(ISSUED), len(changed), len(content))
    assert [bool(one.other_words) for one in seen] == [False, True, True]


def test_one_character_painted_over_is_told_though_the_text_in_the_file_stays(tmp_path: Path) -> None:
    first = _first_character()
    content = signed(drawn_on(ISSUED, f"q 1 1 1 rg {first[0]} {first[1]} 6 9 re f Q"), SIGNER)
    (seen,) = revisions(tmp_path, content)
    assert (seen.other_words, seen.other_looks) == ((), (1,))


def _first_character() -> tuple[float, float]:
    document = pypdfium2.PdfDocument(ISSUED)
    left, bottom, _, _ = document[0].get_textpage().get_charbox(0)
    document.close()
    return left, bottom


def test_a_picture_of_a_signature_above_a_name_is_no_other_content_and_elsewhere_it_is(tmp_path: Path) -> None:
    room = PLACES[0].room
    points = 72 / 25.4
    at = (room.left + 8) * points, (297 - room.bottom + 10) * points
    assert content_codes(revisions(tmp_path, _stamped(*at, page=PLACES[0].page))) == []
    assert content_codes(revisions(tmp_path, _stamped(300, 500, page=1))) == ["signature.other-content"]


def _stamped(x: float, y: float, page: int) -> bytes:
    """The issued PDF with a blue square on a page, as a picture of a signature stands there."""
    made, content = io.BytesIO(), io.BytesIO()
    canvas = Canvas(made, (595.3, 841.9), invariant=1)
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 20), (20, 40, 160))), x, y, 40, 20)
    canvas.save()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(ISSUED))
    writer.pages[page - 1].merge_page(pypdf.PdfReader(made).pages[0])
    writer.write(content)
    return content.getvalue()


def test_print_under_the_box_of_a_signature_is_told_when_it_cannot_be_read_any_more(tmp_path: Path) -> None:
    lines = (90, 650, 230, 700)
    ink = signed(ISSUED, SIGNER, box=lines, looks=b"0 0 1 RG 3 w 0 0 m 140 50 l S")
    assert content_codes(revisions(tmp_path, ink)) == []
    hidden = revisions(tmp_path, signed(ISSUED, SIGNER, box=lines, looks=b"1 1 1 rg 0 0 140 50 re f"))
    assert (content_codes(hidden), hidden[0].covered) == (["signature.covers-print"], (3,))


def test_a_page_more_or_less_is_other_content(tmp_path: Path) -> None:
    content, writer = io.BytesIO(), pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(ISSUED)).pages[:2]:
        writer.add_page(page)
    writer.write(content)
    (seen,) = revisions(tmp_path, content.getvalue())
    assert seen.pages == 2
    assert content_codes((seen,)) == ["signature.other-content"]


def test_what_could_not_be_compared_is_not_taken_for_the_same(tmp_path: Path) -> None:
    assert content_codes(None) == content_codes(()) == ["signature.not-compared"]
    assert content_codes(revisions(tmp_path, b"%PDF-1.7 nothing")) == ["signature.not-compared"]
