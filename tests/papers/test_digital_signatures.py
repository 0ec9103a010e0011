"""Each way in which a digital signature may be sound or not has a verdict of its own; the file is only read."""

import datetime as dt
import io
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf.generic import DictionaryObject as Dictionary
from pypdf.generic import NameObject as Name
from reportlab.pdfgen.canvas import Canvas

from pipeline import papers
from pipeline.model import DigitalSignature, Revocation, Severity, SignatureCheck, TimeSource, Verdict
from pipeline.papers import codes
from pipeline.papers.digital_signatures import check_signatures
from pipeline.papers.recognition import recognise_pdf
from pipeline.tools.guard import Guard
from tests.said import vi
from tests.sample_papers import paper
from tests.signing import (
    ADOBE,
    DAY,
    NO_CHANGES,
    PADES,
    RECEIVED,
    Authority,
    Holder,
    drawn_on,
    signed,
    signed_around,
    stamped,
    with_lists,
    written,
)

CODE = codes.new_code("digital")
PDF = paper(CODE, CODE)
OURS = Authority()
LEADER = OURS.issue("Đặng Thị Mẫu")
OFFICE = OURS.issue("Văn phòng Cụm")
EXPIRED = OURS.issue("Lê Văn Cũ", since=RECEIVED - 900 * DAY, until=RECEIVED - 400 * DAY)
REVOKED = OURS.issue("Hồ Thị Mất Thẻ")
TOMORROW = OURS.issue("Võ Thị Mai", since=RECEIVED + DAY)
PLAIN = OURS.issue("Bùi Thị Giản", commits=False)
CIPHER = OURS.issue("Máy mã hóa", signs=False)
BOTH = signed(signed(PDF, LEADER), OFFICE, at=RECEIVED - DAY)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office's folder: our root and its list of yesterday, on which one person stands."""
    return OURS.trusted_in(tmp_path_factory.mktemp("trusted"), REVOKED)


def checked(folder: Path, content: bytes, trusted: Path) -> SignatureCheck:
    path = folder / "paper.pdf"
    path.write_bytes(content)
    check = check_signatures(str(path), str(trusted), RECEIVED)
    assert path.read_bytes() == content
    return check


def verdicts(check: SignatureCheck) -> list[tuple[str, Verdict]]:
    return [(one.signer, one.verdict) for one in check.signatures]


def _rewritten(content: bytes) -> bytes:
    """As a program that knows nothing of signatures saves a file."""
    made, writer = io.BytesIO(), pypdf.PdfWriter(clone_from=io.BytesIO(content))
    writer.write(made)
    return made.getvalue()


def _flipped(content: bytes) -> bytes:
    """One letter of what was signed, another one."""
    at = content.index(b"/Producer") + len(b"/Producer") + 4
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def _garbage(content: bytes) -> bytes:
    """The signature's own value, overwritten in the middle."""
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]+)>", content)
    assert found is not None
    at = found.start(1)
    return content[:at] + b"41" * 300 + content[at + 600 :]


def _uncovered() -> bytes:
    """Words that lay under a white cover when it was signed, and do not any more."""
    writer = IncrementalPdfFileWriter(io.BytesIO(drawn_on(PDF, written("777 TRIEU"))), strict=False)
    box = ArrayObject([NumberObject(side) for side in (0, 0, 595, 842)])
    facts = {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")}
    cover = writer.add_object(
        StreamObject({**facts, NameObject("/BBox"): box}, stream_data=b"1 1 1 rg 80 400 400 60 re f")
    )
    drawing = writer.add_object(StreamObject(stream_data=b"q /Cover Do Q"))
    named = {NameObject("/XObject"): DictionaryObject({NameObject("/Cover"): cover})}
    writer.add_stream_to_page(0, drawing, resources=DictionaryObject(named))
    covered = io.BytesIO()
    writer.write(covered)
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(covered.getvalue(), LEADER)), strict=False)
    empty = StreamObject({**facts, NameObject("/BBox"): box}, stream_data=b" ")
    writer.objects[(cover.generation, cover.idnum)] = empty
    uncovered = io.BytesIO()
    writer.write(uncovered)
    return uncovered.getvalue()


def _metadata_added(content: bytes) -> bytes:
    """An entry of the document's properties, as some programs add on closing; pages stay."""
    made, writer = io.BytesIO(), pypdf.PdfWriter(io.BytesIO(content), incremental=True)
    writer.add_metadata({"/Opened": "yes"})
    writer.write(made)
    return made.getvalue()


def _with_box() -> bytes:
    """A page with a box of a form to fill in."""
    content = io.BytesIO()
    canvas = Canvas(content, invariant=1)
    canvas.drawString(100, 700, "So:")
    canvas.acroForm.textfield(name="so", x=130, y=690, width=80, height=20)
    canvas.save()
    return content.getvalue()


def _filled_in(content: bytes) -> bytes:
    """The box filled in, added at the end of the file."""
    made, writer = io.BytesIO(), pypdf.PdfWriter(io.BytesIO(content), incremental=True)
    writer.update_page_form_field_values(writer.pages[0], {"so": "01"}, auto_regenerate=False)
    writer.write(made)
    return made.getvalue()


def _annotated(content: bytes) -> bytes:
    """An invisible note of another program, of a sort that pyHanko does not know to be harmless."""
    made, writer = io.BytesIO(), pypdf.PdfWriter(io.BytesIO(content), incremental=True)
    note = Dictionary({Name("/Type"): Name("/Bookkeeping")})
    writer.pages[0][Name("/PieceInfo")] = writer._add_object(note)
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda: BOTH, [(LEADER, Verdict.VALID), (OFFICE, Verdict.VALID)]),
        (lambda: BOTH + b"\n \n", [(LEADER, Verdict.VALID), (OFFICE, Verdict.VALID)]),
        (lambda: signed(PDF, LEADER, kind=PADES), [(LEADER, Verdict.VALID)]),
        (lambda: BOTH + b"% rac\n" + b"A" * 2000, [(LEADER, Verdict.VALID), (OFFICE, Verdict.BYTES_APPENDED)]),
        (
            lambda: BOTH + b"% rac\n" + BOTH[BOTH.rindex(b"startxref") :],
            [(LEADER, Verdict.VALID), (OFFICE, Verdict.BYTES_APPENDED)],
        ),
        (
            lambda: drawn_on(BOTH, written("999 TRIEU")),
            [(LEADER, Verdict.CHANGED_AFTER), (OFFICE, Verdict.CHANGED_AFTER)],
        ),
        (_uncovered, [(LEADER, Verdict.SHADOW)]),
        (lambda: _annotated(BOTH), [(LEADER, Verdict.SUSPICIOUS), (OFFICE, Verdict.SUSPICIOUS)]),
        (lambda: _metadata_added(BOTH), [(LEADER, Verdict.VALID), (OFFICE, Verdict.ARCHIVE_DATA_ADDED)]),
        (lambda: _flipped(BOTH), [(LEADER, Verdict.ALTERED), (OFFICE, Verdict.ALTERED)]),
        (lambda: _rewritten(BOTH), [(LEADER, Verdict.SAVED_ANEW), (OFFICE, Verdict.SAVED_ANEW)]),
        (lambda: signed(PDF, REVOKED), [(REVOKED, Verdict.REVOKED)]),
        (lambda: signed(PDF, EXPIRED), [(EXPIRED, Verdict.EXPIRED)]),
        (lambda: signed(PDF, EXPIRED, at=RECEIVED - 500 * DAY), [(EXPIRED, Verdict.EXPIRED_SINCE)]),
        (lambda: signed(PDF, LEADER, at=RECEIVED + DAY), [(LEADER, Verdict.TIME_DOUBTFUL)]),
        (lambda: _metadata_added(BOTH) + b"% rac\n", [(LEADER, Verdict.VALID), (OFFICE, Verdict.BYTES_APPENDED)]),
        (lambda: signed_around(PDF, LEADER, 0), [(LEADER, Verdict.VALID)]),
        (lambda: signed_around(PDF, LEADER, 10), [(LEADER, Verdict.SUSPICIOUS)]),
        (lambda: signed(PDF, PLAIN), [(PLAIN, Verdict.VALID)]),
        (lambda: signed(PDF, TOMORROW), [(TOMORROW, Verdict.NOT_YET_VALID)]),
        (lambda: signed(PDF, CIPHER), [(CIPHER, Verdict.NOT_FOR_SIGNING)]),
        (lambda: _filled_in(signed(_with_box(), LEADER)), [(LEADER, Verdict.ALLOWED_CHANGE)]),
        (
            lambda: signed(_filled_in(signed(_with_box(), LEADER)), OFFICE),
            [(LEADER, Verdict.VALID), (OFFICE, Verdict.VALID)],
        ),
        (
            lambda: _filled_in(signed(_with_box(), LEADER, certifies=NO_CHANGES)),
            [(LEADER, Verdict.NOT_PERMITTED)],
        ),
    ],
    ids=[
        *("whole", "white-after", "pades", "appended", "appended-with-an-end", "changed-after", "shadow", "foreign"),
        *("metadata", "flipped", "saved-anew", "revoked", "expired", "expired-claimed", "future"),
        *("metadata-appended", "around-nothing", "around-a-hole", "without-commitment"),
        *("not-yet", "cipher", "box-after", "box-between", "box-forbidden"),
    ],
)
def test_each_signature_has_its_verdict(
    tmp_path: Path, trusted: Path, made: Callable[[], bytes], expected: list[tuple[Holder, Verdict]]
) -> None:
    check = checked(tmp_path, made(), trusted)
    assert (check.problem, verdicts(check)) == ("", [(holder.name, verdict) for holder, verdict in expected])


def test_what_stands_in_a_signature_and_is_none_is_said_so(tmp_path: Path, trusted: Path) -> None:
    (one,) = checked(tmp_path, _garbage(signed(PDF, LEADER)), trusted).signatures
    assert one.verdict is Verdict.NO_SIGNATURE
    assert one.problem


def test_a_certificate_that_is_not_of_an_authority_of_the_office_is_not_trusted(
    tmp_path: Path, trusted: Path
) -> None:
    stranger = Authority("CA lạ").issue("Người lạ")
    assert verdicts(checked(tmp_path, signed(PDF, stranger), trusted)) == [("Người lạ", Verdict.UNKNOWN_ROOT)]
    # where the office has named nobody, nobody is trusted, whatever the operating system trusts
    nothing = checked(tmp_path, BOTH, tmp_path / "no such folder")
    assert {verdict for _, verdict in verdicts(nothing)} == {Verdict.UNKNOWN_ROOT}
    assert nothing.roots == ()


def test_an_intermediate_certificate_leads_to_the_root_and_by_itself_makes_nobody_trusted(
    tmp_path: Path, trusted: Path
) -> None:
    between = OURS.under("Cơ quan trung gian")
    signer = between.issue("Võ Minh Dưới")
    folder = OURS.trusted_in(tmp_path / "both")
    (folder / "between.crl").write_bytes(between.crl())
    content = signed(PDF, signer)
    assert verdicts(checked(tmp_path, content, folder)) == [(signer.name, Verdict.VALID)]
    # its own list is not there
    assert verdicts(checked(tmp_path, content, trusted)) == [(signer.name, Verdict.LIST_NOT_AVAILABLE)]
    (folder / "root.pem").rename(folder / "removed.txt")
    (folder / "removed.txt").write_bytes(between.root.certificate.public_bytes(Encoding.PEM))
    assert verdicts(checked(tmp_path, content, folder)) == [(signer.name, Verdict.UNKNOWN_ROOT)]


def test_a_trusted_time_stamp_proves_that_an_expired_certificate_was_good_when_it_signed(
    tmp_path: Path, trusted: Path
) -> None:
    then = RECEIVED - 500 * DAY
    content = signed(PDF, EXPIRED, at=then, kind=PADES, stamper=OURS.stamper(then))
    (one,) = checked(tmp_path, content, trusted).signatures
    assert (one.verdict, one.time_source, one.at) == (Verdict.VALID, TimeSource.TOKEN, then)
    # the stamp of an authority that the office does not trust proves nothing
    other = signed(PDF, EXPIRED, at=then, kind=PADES, stamper=Authority("CA lạ").stamper(then))
    (one,) = checked(tmp_path, other, trusted).signatures
    assert (one.verdict, one.time_source) == (Verdict.EXPIRED_SINCE, TimeSource.CLAIMED)


@pytest.mark.parametrize(
    ("before", "verdict"), [(200, Verdict.VALID), (50, Verdict.REVOKED)], ids=["stamped-before", "stamped-after"]
)
def test_a_certificate_revoked_later_was_good_when_a_time_stamp_proves_it(
    tmp_path: Path, trusted: Path, before: int, verdict: Verdict
) -> None:
    then = RECEIVED - before * DAY
    content = signed(PDF, REVOKED, at=then, stamper=OURS.stamper(then))
    assert verdicts(checked(tmp_path, content, trusted)) == [(REVOKED.name, verdict)]


def test_a_time_stamp_of_the_whole_document_proves_the_time_of_the_signatures_before_it(
    tmp_path: Path, trusted: Path
) -> None:
    then, later = RECEIVED - 500 * DAY, RECEIVED - 450 * DAY
    content = stamped(signed(PDF, EXPIRED, at=then), OURS.stamper(later))
    (one,) = checked(tmp_path, content, trusted).signatures
    assert (one.verdict, one.time_source, one.at) == (Verdict.ARCHIVE_DATA_ADDED, TimeSource.TOKEN, later)
    # not of those after it, nor on the word of others
    after = signed(stamped(PDF, OURS.stamper(later)), EXPIRED, at=then)
    assert verdicts(checked(tmp_path, after, trusted)) == [(EXPIRED.name, Verdict.EXPIRED_SINCE)]
    others = stamped(signed(PDF, EXPIRED, at=then), Authority("CA lạ").stamper(later))
    assert verdicts(checked(tmp_path, others, trusted)) == [(EXPIRED.name, Verdict.EXPIRED_SINCE)]
    folder = OURS.trusted_in(tmp_path / "trusted", OURS.stamps)
    assert verdicts(checked(tmp_path, content, folder)) == [(EXPIRED.name, Verdict.EXPIRED_SINCE)]


def test_a_time_stamp_of_an_authority_whose_own_certificate_was_revoked_proves_nothing(tmp_path: Path) -> None:
    then = RECEIVED - 500 * DAY
    content = signed(PDF, EXPIRED, at=then, stamper=OURS.stamper(then))
    folder = OURS.trusted_in(tmp_path / "trusted", OURS.stamps)
    assert verdicts(checked(tmp_path, content, folder)) == [(EXPIRED.name, Verdict.EXPIRED_SINCE)]


def test_a_list_that_the_paper_brings_along_is_read(tmp_path: Path) -> None:
    folder = OURS.trusted_in(tmp_path / "trusted")
    (folder / "root.crl").unlink()
    sound = with_lists(signed(PDF, LEADER), OURS.crl())
    assert verdicts(checked(tmp_path, sound, folder)) == [(LEADER.name, Verdict.ARCHIVE_DATA_ADDED)]
    revoked = with_lists(signed(PDF, LEADER), OURS.crl(LEADER))
    assert verdicts(checked(tmp_path, revoked, folder)) == [(LEADER.name, Verdict.REVOKED)]
    # one that its authority did not sign says nothing
    false = with_lists(signed(PDF, LEADER), Authority(OURS.name).crl())
    assert verdicts(checked(tmp_path, false, folder)) == [(LEADER.name, Verdict.LIST_NOT_AVAILABLE)]


@pytest.mark.parametrize("day", [None, RECEIVED - 30 * DAY], ids=["no list", "a list of last month"])
def test_without_a_list_of_the_day_it_is_not_known_whether_a_certificate_was_revoked(
    tmp_path: Path, day: dt.datetime | None
) -> None:
    folder = OURS.trusted_in(tmp_path / "trusted", crl=OURS.crl(of=day) if day else b"")
    if day is None:
        (folder / "root.crl").unlink()
    check = checked(tmp_path, BOTH, folder)
    assert {(one.verdict, one.revocation) for one in check.signatures} == {
        (Verdict.LIST_NOT_AVAILABLE, Revocation.NOT_AVAILABLE)
    }


def test_an_answer_about_one_certificate_does_instead_of_a_list(tmp_path: Path) -> None:
    asked = OURS.issue("Tạ Văn Hỏi", answers=True)
    content = signed(PDF, asked)
    folder = OURS.trusted_in(tmp_path / "trusted", crl=OURS.ocsp(asked))
    assert verdicts(checked(tmp_path, content, folder)) == [(asked.name, Verdict.VALID)]
    # about somebody else
    assert verdicts(checked(tmp_path, signed(PDF, LEADER), folder)) == [(LEADER.name, Verdict.LIST_NOT_AVAILABLE)]
    OURS.trusted_in(folder, crl=OURS.ocsp(asked, revoked_on=RECEIVED - 9 * DAY))
    assert verdicts(checked(tmp_path, content, folder)) == [(asked.name, Verdict.REVOKED)]


def test_what_was_checked_against_is_recorded_and_what_does_not_belong_there_is_named(
    tmp_path: Path, trusted: Path
) -> None:
    folder = OURS.trusted_in(tmp_path / "trusted")
    (folder / "doc tôi.txt").write_text("không phải chứng thư", encoding="utf-8")
    check = checked(tmp_path, BOTH, folder)
    (root,) = check.roots
    assert OURS.name in root.name
    assert root.sha256 == OURS.root.certificate.fingerprint(SHA256()).hex()
    assert len(check.lists) == 1
    assert check.unread == ("doc tôi.txt",)


def test_the_facts_of_a_signature_are_data(tmp_path: Path, trusted: Path) -> None:
    first, second = checked(tmp_path, BOTH, trusted).signatures
    assert (first.signer, first.organisation) == ("Đặng Thị Mẫu", "Cơ quan thử")
    assert first.serial == f"{LEADER.certificate.serial_number:x}"
    assert (first.at, first.time_source) == (RECEIVED - 2 * DAY, TimeSource.CLAIMED)
    assert (first.coverage, first.changes) == ("entire-revision", "form-filling")
    assert (second.coverage, second.changes, second.ends_at) == ("entire-file", "none", len(BOTH))
    assert {one.sub_filter for one in (first, second)} == {ADOBE.value.removeprefix("/")}
    assert checked(tmp_path, signed(PDF, LEADER, certifies=NO_CHANGES), trusted).signatures[0].permits == "no-changes"


def test_without_the_library_nothing_is_called_sound(
    tmp_path: Path, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pipeline.papers.signature_validation", None)
    check = checked(tmp_path, BOTH, trusted)
    (finding,) = papers.signature_findings(check)
    assert (check.signatures, finding.code, finding.severity) == ((), "signature.no-library", Severity.BLOCK)


def test_signatures_taken_out_of_a_file_are_noticed_by_their_pictures(tmp_path: Path) -> None:
    path, writer = tmp_path / "paper.pdf", pypdf.PdfWriter()
    for page in pypdf.PdfReader(io.BytesIO(BOTH)).pages:
        writer.add_page(page)
    writer.write(path)
    found = recognise_pdf(str(path))
    assert (found.digital_signatures, found.stray_signatures) == (0, 2)
    assert "signature.stray" in {one.code for one in found.findings}
    path.write_bytes(BOTH)
    whole = recognise_pdf(str(path))
    assert (whole.digital_signatures, whole.stray_signatures, whole.findings) == (2, 0, ())


def test_only_sound_signatures_are_for_information(tmp_path: Path) -> None:
    for verdict in Verdict:
        one = DigitalSignature("Sig1", verdict, signer="Đặng Thị Mẫu")
        (finding,) = papers.signature_findings(SignatureCheck(signatures=(one,)))
        is_sound = verdict in {Verdict.VALID, Verdict.ARCHIVE_DATA_ADDED}
        assert (finding.severity is not Severity.BLOCK) == is_sound, verdict
        assert "Đặng Thị Mẫu" in vi(finding.message)
        assert is_sound or papers.is_for_a_person(finding)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(papers.GUARDED) as guard:
        yield guard


def _contents(value: bytes) -> bytes:
    """A signed file whose signature's value is something else of the same length."""
    whole = signed(PDF, LEADER)
    found = re.search(rb"/Contents\s*<([0-9a-fA-F]+)>", whole)
    assert found is not None
    length = found.end(1) - found.start(1)
    return whole[: found.start(1)] + (value * (length // len(value) + 1))[:length] + whole[found.end(1) :]


@pytest.mark.parametrize(
    "made",
    [
        lambda: _contents(b"30"),
        lambda: _contents(b"3080"),  # nested without end
        lambda: _contents(b"3084ffffffff"),
        lambda: _contents(b"00"),
        lambda: BOTH[: len(BOTH) // 2],
        lambda: BOTH.replace(b"/ByteRange", b"/ByteRanga"),
        lambda: re.sub(rb"/ByteRange \[[^]]*\]", b"/ByteRange [0 99999999999 5 -7]", BOTH),
        lambda: re.sub(rb"/SubFilter /[^ \n/>]*", b"/SubFilter /adbe.x509.rsa_sha1", BOTH),
        lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\nstartxref\n9\n%%EOF\n",
        lambda: b"%PDF-1.7\ntrailer <</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF\n",
        lambda: b"",
    ],
    ids=[
        *(
            "tags",
            "nested",
            "lengths",
            "zeros",
            "cut",
            "no-range",
            "wild-range",
            "sub-filter",
            "deep",
            "loop",
            "empty",
        ),
    ],
)
def test_a_file_built_to_harm_gets_a_verdict_and_none_is_sound(
    guard: Guard, tmp_path: Path, trusted: Path, made: Callable[[], bytes]
) -> None:
    path = tmp_path / "hostile.pdf"
    path.write_bytes(made())
    check = papers.check_signatures(guard, path, trusted, RECEIVED)
    assert not any(one.is_signed for one in check.signatures)
    assert any(one.severity is Severity.BLOCK for one in papers.signature_findings(check)) or not check.signatures


def test_the_guarded_child_says_the_same_as_the_function_itself(guard: Guard, tmp_path: Path, trusted: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(BOTH)
    assert papers.check_signatures(guard, path, trusted, RECEIVED) == check_signatures(
        str(path), str(trusted), RECEIVED
    )
