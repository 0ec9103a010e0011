"""Old papers find their numbers by name or text; one of which nobody can tell is left, with the reason."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.app import old_papers
from pipeline.app.worker import Worker
from pipeline.model import State
from tests.register.test_old_books import book_file, brought_in, letter, sheet
from tests.register.test_outside_papers import pdf_of
from tests.register.test_series import differences
from tests.status.office import Office


def folder_of(office: Office, **papers: bytes) -> Path:
    folder = office.folder / "van-ban-cu"
    folder.mkdir(exist_ok=True)
    for name, content in papers.items():
        (folder / f"{name.replace('_', ' ')}.pdf").write_bytes(content)
    return folder


def paper(number: str, day: str = "ngày 04 tháng 01 năm 2021", about: str = "Về việc thi đua") -> bytes:
    return pdf_of("CỤM THI ĐUA SỐ 4", f"Số {number}", f"TP. Hồ Chí Minh, {day}", about, "Kính gửi: Thành ủy")


def fates(office: Office, folder: Path, *words: str) -> dict[str, dict[str, Any]]:
    answer = office.run("register", "attach", str(folder), "--json", *words)
    assert answer.code == 0, answer.err
    return {one["file"].removesuffix(".pdf"): one for one in answer.facts}


def test_papers_are_filed_under_their_old_numbers_with_the_book_or_after_it(office: Office) -> None:
    folder = folder_of(office, CV_01=pdf_of("bản", "chụp", "mờ"), quet_2=paper("02-CV/CTĐ4"))
    book = book_file(office, sheet(letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4"), letter("03-CV/CTĐ4")))
    answer = office.run("register", "import", str(book), "--papers", str(folder), "--json")
    assert {one["number"] for one in answer.facts["papers"]} == {"01-CV/CTĐ4", "02-CV/CTĐ4"}
    assert office.workspace.ledger.in_states(State) == []

    assert brought_in(office, book, "--papers", folder).code == 0
    (office.folder / "van-ban-cu" / "so 3.pdf").write_bytes(paper("03-CV/CTĐ4"))
    assert fates(office, folder, "--write", "--why", "lưu văn bản cũ")["so 3"]["job"]["state"] == "archived"

    listed = office.run("register", "list", "--json").facts
    assert [(one["number"], one["status"]) for one in listed] == [(f"0{no}-CV/CTĐ4", "filed") for no in (1, 2, 3)]
    filed = sorted((office.folder / "archive" / "CV-2020-2025").glob("*.pdf"))
    assert [path.name[:20] for path in filed] == [f"2021-01-04_VBDI_000{no}" for no in (1, 2, 3)]
    sidecar = json.loads(filed[0].with_suffix(".json").read_text("utf-8"))
    assert (sidecar["number"], sidecar["register_entry"]["act"]) == ("01-CV/CTĐ4", "paper")
    assert differences(office) == []
    assert office.run("verify").code == 0
    # found by the words of the book and of the paper
    assert [one["job"]["number"] for one in office.run("find", "bản chụp mờ", "--json").facts] == ["01-CV/CTĐ4"]
    # once, as the document that it has become
    assert [one["job"] is None for one in office.run("find", "02-CV/CTĐ4", "--json").facts] == [False]


def test_a_paper_of_which_nobody_can_tell_is_left_and_the_others_are_not_kept_from_it(office: Office) -> None:
    brought_in(office, book_file(office, sheet(*(letter(f"0{no}-CV/CTĐ4") for no in range(1, 7)))))
    folder = folder_of(
        office,
        CV_01=paper("02-CV/CTĐ4"),
        CV_03=paper("03-CV/CTĐ4", day="ngày 05 tháng 01 năm 2021"),
        CV_04=paper("04-CV/CTĐ4"),
        ban_sao=paper("04-CV/CTĐ4", about="Về việc khác"),
        CV_05=paper("05-CV/CTĐ4"),
        anh=pdf_of("không", "có", "số"),
        CV_06=pdf_of("MẬT", "Số 06-CV/CTĐ4"),
    )
    (folder / "CV-02.xlsx").write_bytes(b"PK")
    told = fates(office, folder, "--write", "--why", "lưu văn bản cũ")
    assert {name: bool(one["number"]) for name, one in told.items()} == {
        "CV 01": False,
        "CV 03": False,
        "CV 04": False,
        "ban sao": False,
        "CV 05": True,
        "anh": False,
        "CV 06": False,
        "CV-02.xlsx": False,
    }
    assert len(office.workspace.ledger.in_states(State)) == 1


@pytest.mark.slow
def test_a_number_with_letters_has_a_paper_of_its_own(office: Office) -> None:
    # of one day and one title
    rows = [("4/1/2021", no, "Về việc thi đua", "", "") for no in ("57-CV/CTĐ4", "57a-CV/CTĐ4")]
    brought_in(office, book_file(office, sheet(*rows)))
    folder = folder_of(office, CV_57=paper("57-CV/CTĐ4"), CV_57a=paper("57a-CV/CTĐ4"))
    told = fates(office, folder, "--write", "--why", "lưu văn bản cũ")
    assert {name: one["job"]["number"] for name, one in told.items()} == {
        "CV 57": "57-CV/CTĐ4",
        "CV 57a": "57a-CV/CTĐ4",
    }
    assert len(list((office.folder / "archive" / "CV-2020-2025").glob("*.pdf"))) == 2
    assert {one["status"] for one in office.run("register", "list", "--json").facts} == {"filed"}
    assert differences(office) == []
    assert office.run("verify").code == 0


def test_a_void_number_gets_no_paper_and_a_paper_no_second_number(office: Office) -> None:
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4", "đã hủy"), letter("02-CV/CTĐ4"))))
    folder = folder_of(office, CV_01=paper("01-CV/CTĐ4"), CV_02=paper("02-CV/CTĐ4"))
    assert [name for name, one in fates(office, folder).items() if one["number"]] == ["CV 02"]
    fates(office, folder, "--write", "--why", "lưu văn bản cũ")
    again = fates(office, folder, "--write", "--why", "lưu văn bản cũ")
    assert [one["number"] for one in again.values()] == ["", ""]


@pytest.mark.slow
def test_a_scan_that_is_called_by_the_number_of_the_incoming_book_finds_it(office: Office) -> None:
    heads = ("Số đến", "Ngày đến", "Tác giả", "Số, ký hiệu", "Trích yếu")
    rows = [(7, "5/1/2021", "Thành ủy", "15-CV/TU", "Về việc một"), (8, "6/1/2021", "Thành ủy", "", "Về việc hai")]
    brought_in(office, book_file(office, sheet(*rows, heads=heads)))
    folder = folder_of(office, den_7=paper("15-CV/TU"), den_8=paper("16-CV/TU"), quet=paper("15-CV/TU", about="khác"))
    told = fates(office, folder)
    assert {name: one["number"] for name, one in told.items()} == {"den 7": "", "den 8": "8-ĐẾN", "quet": ""}
    (folder / "quet.pdf").unlink()
    told = fates(office, folder, "--write", "--why", "lưu văn bản cũ")
    assert {name: one["job"]["number"] for name, one in told.items()} == {"den 7": "7-ĐẾN", "den 8": "8-ĐẾN"}
    assert differences(office) == []


def test_a_paper_with_a_number_that_is_not_in_the_book_is_told_with_the_numbers_that_wait(office: Office) -> None:
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4"), letter("04-CV/CTĐ4"))))
    folder = folder_of(office, quet=paper("99-CV/CTĐ4"))
    why = fates(office, folder)["quet"]["why"]
    assert why == "Văn bản ghi số 99-CV/CTĐ4, không có trong các số đang chờ văn bản (CV/2020-2025: 1–4)."


def test_a_number_that_is_gone_when_its_paper_is_filed_is_said_in_a_sentence_and_keeps_no_other(
    office: Office,
) -> None:
    brought_in(office, book_file(office, sheet(letter("01-CV/CTĐ4"), letter("02-CV/CTĐ4"))))
    folder = folder_of(office, CV_01=paper("01-CV/CTĐ4"), CV_02=paper("02-CV/CTĐ4"))
    first, second = old_papers.told(office.workspace, folder, old_papers.without_paper(office.workspace))
    assert first.of is not None
    gone = replace(first, of=replace(first.of, no=77, number="77-CV/CTĐ4"))
    refused, done = old_papers.attach(Worker(office.workspace), folder, [gone, second], "lưu văn bản cũ")
    assert refused.trouble.startswith("Văn bản ghi số 77-CV/CTĐ4, không có trong các số đang chờ văn bản")
    assert done.job is not None
    assert done.job.number == "02-CV/CTĐ4"
