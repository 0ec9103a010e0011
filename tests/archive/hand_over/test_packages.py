"""What is handed over, as the programs of archives read it: the package HSLTCQ, the bag, the list, the metadata."""

import io
import json
import re
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

import docx
import openpyxl
import pytest

from pipeline.archive.hand_over import bagit, hsltcq
from pipeline.archive.hand_over.contents_list import contents_list
from pipeline.archive.hand_over.dossier import Filled
from pipeline.archive.hand_over.metadata import Rendition, metadata
from pipeline.archive.hand_over.pdfa import Judgement
from tests.archive.hand_over.sample import CONTENT, ONE, TWO, dossier, paper

FILLED = dossier(
    paper(remarks=("Đã thay thế",)),
    paper("", TWO, 0, entered="5", title="=1+1"),
    paper("02-KH/CTĐ4", "", 4, signer=""),
)


def package(of: Filled, folder: Path) -> zipfile.ZipFile:
    hsltcq.package(of, CONTENT.__getitem__, folder / "a.zip")
    return zipfile.ZipFile(folder / "a.zip")


def test_the_package_holds_the_workbook_and_each_pdf_beside_it(tmp_path: Path) -> None:
    made = package(FILLED, tmp_path)
    assert made.namelist() == [
        "HSLTCQ/METADATA/MetaDuLieu.xlsx",
        "HSLTCQ/METADATA/A38-011-07-0123-001-KH-0001-2022.pdf",
        "HSLTCQ/METADATA/A38-011-07-0123-002.pdf",
    ]
    assert made.read("HSLTCQ/METADATA/A38-011-07-0123-002.pdf") == CONTENT[TWO]


def test_the_same_dossier_is_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    package(FILLED, tmp_path)
    package(FILLED, tmp_path / "b")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b" / "a.zip").read_bytes()
    assert contents_list(FILLED) == contents_list(FILLED)


def test_the_heads_are_those_of_the_importer_to_the_letter() -> None:
    book = openpyxl.load_workbook(io.BytesIO(hsltcq.workbook(FILLED)))
    assert book.sheetnames == ["Hồ sơ", "Văn bản", "Ảnh", "Video"]
    heads = {sheet.title: [cell.value for cell in sheet[1]] for sheet in book}
    assert len(heads["Hồ sơ"]) == 13
    assert len(heads["Văn bản"]) == 20
    assert heads["Văn bản"][2] == "Số của văn\u00a0bản"
    assert heads["Văn bản"][3] == "Ký hiệu của văn bản"
    assert heads["Văn bản"][-2:] == ["Tên tệp", "Thời gian tài liệu"]


def test_every_cell_is_a_text_and_an_empty_one_is_not_there() -> None:
    with zipfile.ZipFile(io.BytesIO(hsltcq.workbook(FILLED))) as parts:
        sheets = [parts.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2, 3, 4)]
        texts = re.findall(r"<t[^>]*>(.*?)</t>", parts.read("xl/sharedStrings.xml").decode())
    cells = [cell for sheet in sheets for cell in re.findall(r"<c [^>]*>", sheet)]
    assert cells
    assert all(' t="s"' in cell and not cell.endswith("/>") for cell in cells)
    assert all(texts)
    second = sheets[1].split("<row ")[2]
    # Bút tích, Chuyên đề, Ký hiệu thông tin, Độ mật, Mức độ tin cậy, Tình trạng vật lý, Thời gian tài liệu
    assert not re.search(r'r="[JLMPQRT]2"', second)


def test_a_document_and_its_dossier_say_what_is_known_and_the_defaults() -> None:
    book = openpyxl.load_workbook(io.BytesIO(hsltcq.workbook(FILLED)))
    heads, *rows = ([cell.value for cell in row] for row in book["Văn bản"])
    first, incoming, unseen = (dict(zip(heads, row, strict=True)) for row in rows)
    assert (first["Số của văn\u00a0bản"], first["Ký hiệu của văn bản"]) == ("01", "KH/CTĐ4")
    assert first["Ngày, tháng, năm văn bản"] == "27/05/2022"
    assert first["Ghi chú"] == "Đã thay thế"
    assert [first[name] for name in ("Loại bản", "Ngôn ngữ", "Chế độ sử dụng")] == [
        "Bản chính",
        "Tiếng Việt",
        "Công khai",
    ]
    assert (incoming["Số của văn\u00a0bản"], incoming["Ghi chú"]) == (None, "Số đến 5")
    # a text, never a formula
    assert incoming["Trích yếu nội dung"] == "=1+1"
    assert (unseen["Tên tệp"], unseen["Người ký"]) == (None, None)
    heads, row = ([cell.value for cell in row] for row in book["Hồ sơ"])
    told = dict(zip(heads, row, strict=True))
    assert (told["Thời hạn bảo quản"], told["Nhiệm kỳ"], told["Đơn vị bảo quản số"]) == (
        "20 năm",
        "2020-2025",
        "0123",
    )
    assert (told["Số lượng trang"], told["Tổng số văn bản trong hồ sơ"]) == ("7", "3")
    assert told["Thời gian tài liệu"] is None


def test_the_list_of_documents_numbers_sheets_and_pages() -> None:
    table = docx.Document(io.BytesIO(contents_list(FILLED))).tables[0]
    _, *rows = ([cell.text for cell in row.cells] for row in table.rows)
    assert [row[:3] + row[5:] for row in rows] == [
        ["1", "01-KH/CTĐ4", "27/05/2022", "1–3", "1–3", "Đã thay thế"],
        ["2", "–", "27/05/2022", "–", "–", "Số đến 5"],
        ["3", "02-KH/CTĐ4", "27/05/2022", "4–7", "4–7", ""],
    ]


def test_the_metadata_say_what_the_state_asks_for_at_least() -> None:
    made = Rendition("pdfa/x.pdf", Judgement("own rules", rules=("trailer ID",)), is_printed=True)
    said = json.loads(metadata(FILLED, {0: made}, ["#9"]))
    asked = {"identifier", "retention", "title", "language", "keywords", "access"}
    assert asked <= said.keys()
    assert all(asked | {"is_signed_digitally"} <= one.keys() for one in said["documents"])
    assert said["object_id"] == json.loads(metadata(FILLED, {}, []))["object_id"]
    assert [one["identifier"] for one in said["documents"]][:1] == ["A38.2022.01-TD.001"]
    first, *others = (one["pdfa"] for one in said["documents"])
    assert (first["path"], first["checked_by"], first["result"]) == ("pdfa/x.pdf", "own rules", "nothing found")
    assert others == [None, None]
    assert (said["may_be_destroyed_from"], said["not_included"]) == ("2043-01-01", ["#9"])


def test_any_program_can_check_the_bag(tmp_path: Path) -> None:
    odd = PurePosixPath("100%/dòng\nhai.pdf")
    payload = {PurePosixPath("van-ban/a.pdf"): lambda: CONTENT[ONE], odd: lambda: b"odd"}
    long = "Tập văn bản chỉ đạo " * 12
    digest = bagit.write_bag(tmp_path / "bag", payload, {"External-Description": long})
    bag = tmp_path / "bag"
    assert (bag / "bagit.txt").read_text("utf-8").splitlines() == [
        "BagIt-Version: 1.0",
        "Tag-File-Character-Encoding: UTF-8",
    ]
    manifest = (bag / "manifest-sha256.txt").read_text("utf-8")
    assert "  data/100%25/dòng%0Ahai.pdf\n" in manifest
    assert f"{ONE}  data/van-ban/a.pdf\n" in manifest
    info = (bag / "bag-info.txt").read_text("utf-8")
    assert "Payload-Oxum: 15.2" in info
    assert re.sub(r"\n ", " ", info).splitlines()[0] == f"External-Description: {long.strip()}"
    checked = subprocess.run(
        ["sha256sum", "-c", "--quiet", "tagmanifest-sha256.txt"], cwd=bag, capture_output=True, check=False
    )
    assert checked.returncode == 0
    assert len(digest) == 64


def test_a_bag_is_never_written_over(tmp_path: Path) -> None:
    from pipeline.errors import HashMismatch

    bagit.write_bag(tmp_path / "bag", {PurePosixPath("a"): lambda: b"1"}, {})
    with pytest.raises(HashMismatch):
        bagit.write_bag(tmp_path / "bag", {PurePosixPath("a"): lambda: b"2"}, {})
