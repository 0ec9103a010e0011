"""Word 97, Excel 97, RTF and OpenDocument: made new by LibreOffice, then read as any form (noi-dung I01)."""

import dataclasses
import io
import re
import stat
import struct
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from pipeline import reading
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.model import Address, Finding, Job, Role, Severity, State
from pipeline.tools.soffice import Converter
from tests.folders import drop, let_in, opened, shared_guard, working_folder
from tests.hostile.makers import BOOK, WORD, ole
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.reading.office import needs_calc, needs_office, saved_as
from tests.said import vi

NOW = Rhythm(1, 0)
CONTEXT = context_of_2022()
VALUES = example("dang-ky", "pass-catp")


def document(end: str = "Thủ trưởng đơn vị") -> Any:
    form = CONTEXT.form("dang-ky")
    assert form is not None
    word = docx.Document(io.BytesIO(writers.as_docx(form, VALUES, writers.plain(CONTEXT))))
    word.add_paragraph(end)  # Word always ends with one; LibreOffice loses a table at the very end of a .doc
    return word


def workbook() -> openpyxl.Workbook:
    form = CONTEXT.form("dang-ky")
    assert form is not None
    return openpyxl.load_workbook(io.BytesIO(writers.as_xlsx(form, VALUES, writers.plain(CONTEXT))))


def run(folder: Path, name: str, content: bytes, *, converter: bool = True) -> tuple[Job, tuple[Finding, ...]]:
    """Drop a file and work it off; the job and its findings."""
    drop(folder, name, content, "CATP")
    with opened(folder) as whole:
        workspace = whole if converter else dataclasses.replace(whole, converter=None)
        serve_once(Worker(workspace), NOW)
        let_in(workspace)
        serve_once(Worker(workspace), NOW)
        (job,) = workspace.ledger.in_states(State)
        return job, workspace.findings(job)


@pytest.mark.slow  # the same, with less to look at: test_dirty_inputs, SAWACO.doc
@needs_office
def test_an_old_format_goes_the_road_and_is_told(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")

    job, findings = run(folder, "CATP.doc", saved_as(writers.saved(document()), "docx", "doc"))

    assert job.state is State.DELIVERED
    assert [(finding.code, finding.severity) for finding in findings] == [("I01", Severity.WARN)]
    assert "(.doc)" in vi(findings[0].message)
    assert findings[0].mend is not None
    assert ".docx" in vi(findings[0].mend)
    with opened(folder) as workspace:
        made, kept = workspace.reading(job), workspace.ledger.artifact(job.id, Role.CONVERTED)
        assert kept is not None
        assert workspace.spool.get(kept.sha256).startswith(b"PK")
    assert (made.values, made.format) == (VALUES, "doc")
    place = made.places[Address.of("/targets/2/due")]
    assert (place.table, place.row, place.column) == (1, 4, 7)


@needs_office
@pytest.mark.parametrize(
    "extension",
    [
        pytest.param("rtf", marks=pytest.mark.slow),
        pytest.param("odt", marks=pytest.mark.slow),
        pytest.param("xls", marks=needs_calc),
        pytest.param("ods", marks=(needs_calc, pytest.mark.slow)),
    ],
)
def test_every_old_format_is_read_like_the_new_one(extension: str) -> None:
    is_book = extension in {"xls", "ods"}
    new = "xlsx" if is_book else "docx"

    made = as_read(saved_as(writers.saved(workbook() if is_book else document()), new, extension), f"a.{extension}")

    assert made.values == VALUES
    assert [finding.code for finding in made.findings] == ["I01"]
    place = made.places[Address.of("/targets/2/due")]
    assert ((place.sheet, place.cell) == ("DangKy", "G5")) if is_book else (place.table, place.row) == (1, 4)


@pytest.mark.slow
@needs_office
@needs_calc
def test_an_old_font_in_an_old_format_is_converted_and_shown() -> None:
    book = workbook()
    cell = next(row[2] for row in book.worksheets[0].iter_rows() if row[1].value == "Người ký")
    cell.value, cell.font = "NguyÔn ThÞ §µo", Font(name=".VnTime")
    word = document()
    line = next(paragraph for paragraph in word.paragraphs if paragraph.text.startswith("Người ký:"))
    line.runs[0].text = "Người ký: "
    line.add_run("NguyÔn ThÞ §µo").font.name = ".VnTime"
    for content, new, extension in ((writers.saved(book), "xlsx", "xls"), (writers.saved(word), "docx", "doc")):
        made = as_read(saved_as(content, new, extension), f"a.{extension}")
        assert made.values["leader"]["full_name"] == "Nguyễn Thị Đào"
        (told,) = [finding for finding in made.findings if finding.code == "I11"]
        assert told.found == "NguyÔn ThÞ §µo"
        assert "Nguyễn Thị Đào" in vi(told.message)


def as_read(content: bytes, name: str) -> Any:
    """What the reader makes of a file in an old format."""
    converter, guard = Converter(Path("/tmp/unused")), shared_guard()
    with converter.shown(content) as path:
        made = reading.read_guarded(guard, path, name, CONTEXT)
        new = reading.renewed(converter, path, made)
    assert isinstance(new, bytes), new
    with converter.shown(new) as path:
        return reading.read_renewed(guard, path, name, CONTEXT, made.format)


@pytest.mark.slow
@needs_office
def test_the_same_file_is_converted_once(tmp_path: Path) -> None:
    content = saved_as(writers.saved(document()), "docx", "doc")
    converter = Converter(tmp_path)

    assert converter.convert(content, "doc") is converter.convert(content, "doc")
    converter.forget(content, "doc")
    assert not converter._results


# Refused at the door, before LibreOffice -------------------------------------------------------------------------


REFUSED = [
    ("a.doc", ole("WordDocument", stream=WORD + struct.pack("<H", 0x0100)), "I04"),
    ("a.xls", ole("Workbook", stream=BOOK + struct.pack("<HH", 0x2F, 6) + bytes(6)), "I04"),
    ("a.xls", ole("EncryptedPackage", "EncryptionInfo"), "I04"),
    ("a.doc", ole("WordDocument", "Macros", "_VBA_PROJECT", stream=WORD), "I05"),
    ("a.docx", ole("WordDocument", stream=WORD), "I02"),
    ("a.xls", ole("WordDocument", stream=WORD), "I02"),
    ("a.doc", writers.saved(docx.Document()), "I02"),
    ("a.xls", b"<html><table><tr><td>BAN DANG KY</td></tr></table></html>", "I02"),
    ("a.doc", b"{\\rtf1 abc}", "I02"),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "file.damaged"),
    ("thu.msg", ole("__nameid_version1.0"), "I01"),
    ("thu.eml", b"From: a@b.vn\nSubject: dang ky\n\nxin gui", "I01"),
    ("a.zip", b"PK\x03\x04" + bytes(40), "I01"),
    ("a.rar", b"Rar!\x1a\x07\0" + bytes(40), "I01"),
    ("anh.jpg", b"\xff\xd8\xff\xe0" + bytes(40), "file.damaged"),
    ("anh.heic", b"\0\0\0\x18ftypheic" + bytes(40), "picture.heic"),
    ("lien ket.url", b"[InternetShortcut]\nURL=https://example.vn/a.docx", "I01"),
]


@pytest.mark.slow
def test_what_cannot_be_read_goes_back_with_what_to_do(tmp_path: Path) -> None:
    folder = working_folder(tmp_path / "office")
    for number, (name, content, _) in enumerate(REFUSED):
        drop(folder, f"{number:02d} {name}", content + bytes([number]), "CATP")

    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
        let_in(workspace)
        serve_once(Worker(workspace), NOW)
        jobs = sorted(workspace.ledger.in_states(State), key=lambda job: job.name)
        found = [(job.name, job.state, workspace.findings(job)) for job in jobs]

    assert [(name, state) for name, state, _ in found] == [
        (f"{number:02d} {name}", State.RETURNED) for number, (name, _, _) in enumerate(REFUSED)
    ]
    for (_, _, code), (name, _, findings) in zip(REFUSED, found, strict=True):
        assert [(finding.code, finding.severity) for finding in findings] == [(code, Severity.BLOCK)], name
        assert findings[0].mend is not None


@pytest.mark.slow
@pytest.mark.sweep
@needs_office
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.doc", ole("WordDocument", stream=WORD)[:1500]),
        ("a.xls", ole("Workbook", stream=BOOK)[:1500]),
    ],
    ids=["a document that breaks off", "a workbook that breaks off"],
)
def test_what_libreoffice_cannot_open_goes_back(tmp_path: Path, name: str, content: bytes) -> None:
    job, findings = run(working_folder(tmp_path / "office"), name, content)

    assert job.state is State.RETURNED
    assert [(finding.code, finding.severity) for finding in findings] == [("I01", Severity.BLOCK)]
    assert "không chuyển đổi được" in vi(findings[0].message)


@pytest.mark.slow
@needs_office
def test_without_libreoffice_an_old_format_goes_back(tmp_path: Path) -> None:
    content = saved_as(writers.saved(document()), "docx", "doc")

    job, findings = run(working_folder(tmp_path / "office"), "CATP.doc", content, converter=False)

    assert job.state is State.RETURNED
    assert [(finding.code, finding.severity) for finding in findings] == [("I01", Severity.BLOCK)]
    assert findings[0].mend is not None
    assert ".docx" in vi(findings[0].mend)


# The secrecy gate ------------------------------------------------------------------------------------------------


def marked(how: str) -> bytes:
    word = docx.Document()
    if how == "tcvn3":
        word.add_paragraph().add_run("TèI MËT").font.name = ".VnTime"
    elif how == "header":
        word.sections[0].header.paragraphs[0].text = "( M Ậ T )"
    else:
        word.add_paragraph("TUYỆT MẬT")
    word.add_paragraph("Noi dung khong ai duoc biet 27182")
    return saved_as(writers.saved(word), "docx", "doc")


@pytest.mark.slow
@pytest.mark.sweep
@needs_office
@pytest.mark.parametrize(("how", "converter"), [("plain", True), ("tcvn3", False)])
def test_nothing_of_a_marked_old_file_stays(tmp_path: Path, how: str, converter: bool) -> None:
    folder = working_folder(tmp_path / "office")
    content = marked(how)
    drop(folder, "cong van.doc", content, "CATP")

    with opened(folder) as whole:
        workspace = whole if converter else dataclasses.replace(whole, converter=None)
        serve_once(Worker(workspace), NOW)
        assert workspace.ledger.in_states(State) == []

    (aside,) = (folder / "inbox" / ".cach-ly").iterdir()
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert aside.read_bytes() == content
    kept = [path for path in (folder / "var").rglob("*") if path.is_file()]
    assert not any(b"27182" in path.read_bytes() for path in kept)
    assert not list(Path("/dev/shm").glob("vanthu-*/*/document.*"))


@pytest.mark.slow
@needs_office
@needs_calc
def test_a_marked_old_workbook_is_known_by_its_bytes_too(tmp_path: Path) -> None:
    for text, expected in (("MẬT", True), ("Bảo vệ bí mật nhà nước", False)):
        book = openpyxl.Workbook()
        book.worksheets[0]["B2"] = text
        path = tmp_path / "a.xls"
        path.write_bytes(saved_as(writers.saved(book), "xlsx", "xls"))
        for converter in (None, Converter(tmp_path)):
            found = reading.look_guarded(shared_guard(), path, path.name, converter)
            assert (found.mark is reading.Mark.MARKED) is expected


@pytest.mark.slow
@needs_office
def test_a_mark_in_the_header_of_an_old_file_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.doc"
    path.write_bytes(marked("header"))

    for converter in (None, Converter(tmp_path)):
        assert reading.look_guarded(shared_guard(), path, path.name, converter).mark is reading.Mark.MARKED


def with_day_computed() -> bytes:
    """A form whose day of registration is a field that Word computes."""
    word = document()
    line = next(one for one in word.paragraphs if one.text.startswith("Ngày đăng ký"))
    for run_ in line.runs[1:]:
        run_._r.getparent().remove(run_._r)
    line.runs[0].text = "Ngày đăng ký: "
    for xml in (
        '<w:fldChar w:fldCharType="begin"/>',
        '<w:instrText xml:space="preserve"> DATE \\@ "dd/MM/yyyy" </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        "<w:t>27/05/2022</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    ):
        line._p.append(parse_xml(f"<w:r {nsdecls('w')}>{xml}</w:r>"))
    return writers.saved(word)


@pytest.mark.slow
@needs_office
def test_a_day_that_a_field_computes_is_read_from_rtf_as_it_was_stored(tmp_path: Path) -> None:
    content = saved_as(with_day_computed(), "docx", "rtf")
    # LibreOffice has stored the day of today; the unit saved its form some time ago
    content, count = re.subn(rb"(\\fldrslt[^}]*?)[0-9]{2}/[0-9]{2}/[0-9]{4}", rb"\g<1>27/05/2022", content)
    assert count == 1
    folder = working_folder(tmp_path / "office")

    job, findings = run(folder, "CATP.rtf", content)

    with opened(folder) as workspace:
        assert workspace.reading(job).values["submit_date"] == "2022-05-27"
    assert [one.severity for one in findings if one.code.startswith("text.")] == [Severity.WARN]


@pytest.mark.slow
@needs_office
def test_a_day_that_a_field_of_an_old_word_file_computes_is_asked_about(tmp_path: Path) -> None:
    job, findings = run(working_folder(tmp_path / "office"), "CATP.doc", saved_as(with_day_computed(), "docx", "doc"))

    assert job.state is State.RETURNED
    (told,) = [one for one in findings if one.code == "text.computed"]
    assert (told.severity, str(told.place.pointer)) == (Severity.BLOCK, "/submit_date")
