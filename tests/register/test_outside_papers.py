"""Papers that were not made here: proposed from what they say, entered when a person has said so."""

import datetime as dt
import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import Job, State
from pipeline.pdf import serif
from tests.folders import registration, run, working_folder
from tests.reading.office import needs_tesseract
from tests.register.test_series import begun, differences
from tests.sample_papers import signed_paper
from tests.sample_pictures import as_jpg, pictures_of
from tests.status.office import Office
from tests.word_words import words_of

LETTER = (
    "THÀNH ỦY THÀNH PHỐ HỒ CHÍ MINH",
    "BAN DÂN VẬN",
    "*",
    "Số 15-CV/BDVTU",
    "Về việc tổ chức phong trào thi đua",
    "năm 2022",
    "TP. Hồ Chí Minh, ngày 05 tháng 5 năm 2022",
    "Kính gửi: Các cụm thi đua",
    "Căn cứ kế hoạch số 99-KH/TU, Ban Dân vận đề nghị các cụm báo cáo.",
)
PLAN = (
    "CỤM THI ĐUA SỐ 4",
    "Số 05-KH/CTĐ4",
    "TP. Hồ Chí Minh, ngày 12 tháng 5 năm 2022",
    "KẾ HOẠCH",
    "Phối hợp tuyên truyền",
    "-----",
    "I. MỤC ĐÍCH",
)


def pdf_of(*lines: str) -> bytes:
    if "Outside" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("Outside", str(_font())))
    content = io.BytesIO()
    canvas = Canvas(content, invariant=1)
    canvas.setFont("Outside", 12)
    for at, line in enumerate(lines, 1):
        canvas.drawString(60, 820 - 22 * at, line)
    canvas.save()
    return content.getvalue()


def _font() -> Path:
    return Path(serif.__file__).parent / "fonts" / "LiberationSerif-Regular.ttf"


def word_of(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def came(office: Office, content: bytes, name: str = "cv.pdf", folder: str = "van-ban-den") -> Job:
    return office.drop(name, content, folder)


def waiting(office: Office) -> list[dict[str, Any]]:
    return [one["proposal"]["facts"] for one in office.run("register", "waiting", "--json").facts]


def numbers(office: Office) -> list[tuple[str, str]]:
    return [(one["number"], one["status"]) for one in office.run("register", "list", "--json").facts]


def test_a_paper_of_others_waits_with_what_was_read_on_it_and_stands_in_no_book(office: Office) -> None:
    job = came(office, pdf_of(*LETTER))
    assert job.state is State.HELD
    (facts,) = waiting(office)
    assert (facts["number"], facts["on"], facts["author"]) == ("15-CV/BDVTU", "2022-05-05", "BAN DÂN VẬN")
    assert facts["title"] == "Về việc tổ chức phong trào thi đua năm 2022"
    assert numbers(office) == []
    (note,) = (office.folder / "outbox" / "van-thu").glob("*.docx")
    told = words_of(note)
    assert f"vanthu register confirm {job.id}" in told


def test_what_a_person_confirms_is_entered_filed_found_and_proved(office: Office) -> None:
    content = pdf_of(*LETTER)
    job = came(office, content)
    assert office.run("register", "confirm", str(job.id), "--signer", "Lê Văn Bảy").out.strip() == "1-ĐẾN"
    assert office.job(job.id).state is State.ARCHIVED

    (row,) = office.run("register", "list", "--json").facts
    said = row["facts"]
    assert (row["series"], row["status"], said["sender_number"]) == ("ĐẾN/2022", "filed", "15-CV/BDVTU")
    assert (said["author"], said["signer"], said["document_on"]) == ("BAN DÂN VẬN", "Lê Văn Bảy", "2022-05-05")
    assert said["arrived_on"] == "2022-05-30"
    # what the book says is the person's word, and not the document's
    who = office.workspace.ledger.who
    assert row["entered_by"] == dict.fromkeys(("title", "document_on", "signer", "author", "sender_number"), who)
    filed = sorted((office.folder / "archive" / "DEN-2022").iterdir())
    assert [path.suffix for path in filed] == [".json", ".pdf"]
    assert filed[1].read_bytes() == content
    sidecar = json.loads(filed[0].read_text("utf-8"))
    assert (sidecar["number"], sidecar["type"], sidecar["issued_copy"]) == ("1-ĐẾN", "Văn bản đến", None)
    assert [one["job"]["id"] for one in office.run("find", "phong trào thi đua", "--json").facts] == [job.id]
    assert differences(office) == []
    assert office.run("verify").code == 0
    assert waiting(office) == []


def test_a_better_paper_of_others_is_filed_beside_the_first_without_questions_that_only_ours_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    job = came(office, pdf_of(*LETTER))
    office.run("register", "confirm", str(job.id))
    before = {path.name for path in (office.folder / "archive" / "DEN-2022").iterdir()}
    place = office.folder.parent / "quet lai.pdf"
    place.write_bytes(pdf_of(*LETTER, "Nội dung này bản trước không có."))

    told = office.run("papers", "replace", "1-ĐẾN", str(place), "--why", "quét lại cho rõ")
    assert (told.code, told.err) == (0, "")
    assert office.job(job.id).state is State.ARCHIVED
    after = {path.name for path in (office.folder / "archive" / "DEN-2022").iterdir()}
    (stem,) = {name.partition(".")[0] for name in after}
    assert after - before == {f"{stem}.lan2.pdf", f"{stem}.lan2.json", f"{stem}.ghichu1.json"}
    assert [one["number"] for one in office.run("register", "list", "--json").facts] == ["1-ĐẾN"]
    (found,) = office.run("find", "noi dung nay ban truoc", "--json").facts
    assert found["job"]["id"] == job.id
    assert differences(office) == []
    assert office.run("verify").code == 0


def test_the_paper_of_one_of_ours_never_takes_the_place_of_a_paper_of_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ours = office.drop("dk.yaml", registration("CATP"))
    office.run("register", "confirm", str(came(office, pdf_of(*LETTER)).id))
    place = office.folder.parent / "nham.pdf"
    place.write_bytes(signed_paper(ours.code))
    told = office.run("papers", "replace", "1-ĐẾN", str(place), "--why", "quét lại cho rõ")
    assert told.code != 0, told.err
    assert len(list((office.folder / "archive" / "DEN-2022").iterdir())) == 2
    assert "(nham.pdf) đang ở tình trạng “đã nhận ra bản ký”" in told.err, "it went to its own document"


def test_what_a_person_says_otherwise_counts_before_what_was_read(office: Office) -> None:
    job = came(office, pdf_of(*LETTER))
    words = ("--number", "15-CV/BDV", "--title", "Công văn về thi đua", "--arrived-on", "28/5/2022")
    assert office.run("register", "confirm", str(job.id), *words).code == 0
    (row,) = office.run("register", "list", "--json").facts
    said = row["facts"]
    assert (said["sender_number"], said["title"]) == ("15-CV/BDV", "Công văn về thi đua")
    assert said["arrived_on"] == "2022-05-28"


def test_nothing_is_entered_while_what_the_book_must_say_lacks(office: Office) -> None:
    job = came(office, pdf_of("Giấy không có gì", "đọc được ở trên", "cả"))
    answer = office.run("register", "confirm", str(job.id))
    assert (answer.code, "--title, --author" in answer.err) == (17, True)
    assert numbers(office) == []
    assert office.job(job.id).state is State.HELD


def test_a_file_dropped_twice_is_one_row(office: Office) -> None:
    content = pdf_of(*LETTER)
    first = came(office, content)
    again = came(office, content, "gui lai.pdf")
    assert again.id == first.id
    office.run("register", "confirm", str(first.id))
    came(office, content)
    outgoing = came(office, content, folder="van-ban-di")
    assert office.run("register", "confirm", str(outgoing.id), "--number", "", "--type", "CV").code == 17
    # the same paper once more, scanned anew
    other = came(office, pdf_of(*LETTER, "Bản quét khác"))
    assert "1-ĐẾN" in office.run("register", "confirm", str(other.id)).err
    assert numbers(office) == [("1-ĐẾN", "filed")]


def test_an_outgoing_paper_keeps_the_number_that_it_bears_or_is_refused(office: Office) -> None:
    job = came(office, pdf_of(*PLAN), folder="van-ban-di")
    (facts,) = waiting(office)
    assert (facts["title"], facts["type"]) == ("Kế hoạch Phối hợp tuyên truyền", "KH")
    refused = office.run("register", "confirm", str(job.id))
    assert (refused.code, "vanthu register begin KH/2020-2025 --at 5" in refused.err) == (17, True)
    begun(office, "KH/2020-2025", 5)
    assert office.run("register", "confirm", str(job.id)).out.strip() == "05-KH/CTĐ4"
    assert numbers(office) == [("05-KH/CTĐ4", "filed")]
    assert differences(office) == []


def test_an_outgoing_paper_without_a_number_gets_the_next_one(office: Office) -> None:
    job = came(office, pdf_of(*(line for line in PLAN if "05-KH" not in line)), folder="van-ban-di")
    assert office.run("register", "confirm", str(job.id)).out.strip() == "01-KH/CTĐ4"


def test_a_word_file_is_entered_and_filed_as_it_came(office: Office) -> None:
    content = word_of(*LETTER)
    job = came(office, content, "cv.docx")
    assert office.run("register", "confirm", str(job.id)).code == 0
    (filed,) = (office.folder / "archive" / "DEN-2022").glob("*.docx")
    assert filed.read_bytes() == content
    assert differences(office) == []


def test_a_marked_paper_is_set_aside_like_every_drop(office: Office) -> None:
    came_before = len(office.workspace.ledger.in_states(State))
    from tests.folders import drop

    drop(office.folder, "cv.pdf", pdf_of("MẬT", *LETTER), "van-ban-den")
    office.serve()
    assert len(office.workspace.ledger.in_states(State)) == came_before
    assert waiting(office) == []


def test_the_board_of_the_year_lists_what_is_the_clusters_own_and_what_waits(office: Office) -> None:
    job = came(office, pdf_of(*LETTER))
    assert [one["id"] for one in office.run("status", "--json").facts["held"]] == [job.id]
    office.run("register", "confirm", str(job.id))
    facts = office.run("status", "--json").facts
    assert (facts["held"], facts["cluster"]) == ([], [])
    assert "Văn bản đến" in office.run("show", str(job.id)).out


def test_what_is_no_paper_goes_back(office: Office) -> None:
    assert came(office, b"a,b\n1,2\n", "bang.csv").state is State.RETURNED


def test_a_paper_named_on_the_command_line_waits_unless_it_is_accepted(office: Office) -> None:
    file = office.folder / "cv.pdf"
    file.write_bytes(pdf_of(*LETTER))
    shown = office.run("register", "add", str(file))
    assert (shown.code, "15-CV/BDVTU" in shown.out) == (0, True)
    assert numbers(office) == []
    assert office.run("register", "add", str(file), "--accept", "--author", "Ban Dân vận Thành ủy").code == 0
    (row,) = office.run("register", "list", "--json").facts
    assert (row["number"], row["facts"]["author"]) == ("1-ĐẾN", "Ban Dân vận Thành ủy")


def test_at_a_terminal_each_thing_is_asked_and_nothing_entered_without_a_yes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = office.folder / "cv.pdf"
    file.write_bytes(pdf_of("Giấy không có ngày", "Về việc thi đua", "năm 2022"))
    asked = "15-CV/TU\nngày mai\n4/5/2022\nThành ủy\n\n\n28/5/2022\n"
    monkeypatch.setattr("sys.stdin", Terminal(f"{asked}n\n"))
    assert office.run("register", "add", str(file)).code == 0
    assert numbers(office) == []

    monkeypatch.setattr("sys.stdin", Terminal(f"{asked}y\n"))
    office.run("register", "add", str(file))
    (row,) = office.run("register", "list", "--json").facts
    said = row["facts"]
    assert (said["sender_number"], said["document_on"], said["author"]) == ("15-CV/TU", "2022-05-04", "Thành ủy")
    assert (said["title"], said["arrived_on"]) == ("Về việc thi đua năm 2022", "2022-05-28")


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_a_paper_that_nobody_wants_is_cancelled_and_takes_no_number(office: Office) -> None:
    job = came(office, pdf_of(*LETTER))
    assert office.run("cancel", str(job.id), "--why", "thư rác").code == 0
    assert waiting(office) == []
    assert office.run("register", "confirm", str(job.id)).code == 17
    assert numbers(office) == []


@pytest.mark.slow
def test_the_signed_paper_of_a_document_of_ours_goes_its_own_way(office: Office) -> None:
    from tests.folders import registration
    from tests.sample_papers import signed_paper

    job = office.drop("dk.yaml", registration("EVNHCMC"))
    came(office, signed_paper(office.job(job.id).code))
    assert waiting(office) == []
    assert office.job(job.id).number == "1-ĐẾN"


@pytest.mark.slow
@needs_tesseract
def test_a_scan_is_proposed_from_what_tesseract_reads_and_filed_with_its_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = working_folder(tmp_path / "office", text="auto")
    (page,) = pictures_of(pdf_of(*LETTER), 200)
    file = tmp_path / "quet.jpg"
    file.write_bytes(as_jpg(page, 200))
    assert run("-C", str(folder), "register", "add", str(file)) == 0
    assert "15-CV/BDVTU" in capsys.readouterr().out
    assert run("-C", str(folder), "register", "confirm", "1", "--author", "Ban Dân vận", "--title", "Thi đua") == 0
    filed = {path.name.partition(".")[2] for path in (folder / "archive" / f"DEN-{_this_year()}").iterdir()}
    assert filed == {"jpg", "json", "xem.pdf", "xem.txt"}
    assert run("-C", str(folder), "check") == 0
    assert run("-C", str(folder), "verify") == 0


def _this_year() -> int:
    return dt.datetime.now(dt.UTC).year


@pytest.mark.parametrize(
    ("trouble", "code", "said"),
    [
        (errno.ENOSPC, 34, "Đĩa đã hết chỗ"),
        (errno.EROFS, 19, "ổ đĩa chỉ cho đọc"),
    ],
)
def test_an_archive_that_cannot_be_written_loses_nothing_and_the_next_run_files_it(
    office: Office, monkeypatch: pytest.MonkeyPatch, trouble: int, code: int, said: str
) -> None:
    job = came(office, pdf_of(*LETTER))
    archive, link = office.folder / "archive", os.link

    def refused(source: str, target: str, **how: Any) -> None:
        if Path(target).is_relative_to(archive):
            raise OSError(trouble, os.strerror(trouble))
        link(source, target, **how)

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refused)
        told = office.run("register", "confirm", str(job.id))
        assert told.code == code
        assert said in told.err
        assert "Traceback" not in told.err
        assert office.job(job.id).state is not State.ARCHIVED
        assert office.run("run").code == code
    assert office.run("run").code == 0
    assert (office.job(job.id).state, office.job(job.id).number) == (State.ARCHIVED, "1-ĐẾN")
    assert differences(office) == []
    assert office.run("verify").code == 0


def test_with_a_clock_set_back_a_year_nothing_is_entered_and_the_sentence_names_the_clock(office: Office) -> None:
    office.run("register", "confirm", str(came(office, pdf_of(*LETTER)).id))
    office.on("2021-05-30")
    job = came(office, pdf_of(*LETTER, "Bản khác."), "khac.pdf")
    told = office.run("register", "confirm", str(job.id), "--number", "16-CV/BDVTU")
    assert told.code == 17
    assert "Ngày đã nêu chưa tới; đồng hồ của máy đang chỉ ngày 30/05/2021." in told.err
    assert [one["number"] for one in office.run("register", "list", "--json").facts] == ["1-ĐẾN"]
    office.on("2022-05-31")
    assert (
        office.run("register", "confirm", str(job.id), "--number", "16-CV/BDVTU", "--arrived-on", "31/5/2022").code
        == 0
    )
    assert office.job(job.id).number == "2-ĐẾN"
    assert differences(office) == []
