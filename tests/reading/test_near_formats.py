"""Files that are nearly what is read here, or bear its names: each gets the advice that leads to one that is read."""

import io
import zipfile

import pytest

from tests.hostile.makers import ole
from tests.reading.conftest import Read
from tests.said import vi


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


XLSB = zipped("[Content_Types].xml", "xl/workbook.bin")
PAGES = zipped("Index/Document.iwa", "Metadata/Properties.plist")
SLIDES = zipped("[Content_Types].xml", "ppt/presentation.xml")
WORD = zipped("[Content_Types].xml", "word/document.xml")
WORKBOOK = zipped("[Content_Types].xml", "xl/workbook.xml")
TABLE = "<html><table><tr><td>Đơn vị</td></tr></table></html>"
ROWS = "Đơn vị;CATP\r\nNăm thi đua;2022\r\n"


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("a.xlsb", XLSB, "Excel Workbook (.xlsx)"),
        ("a.xlsx", XLSB, "Excel Workbook (.xlsx)"),
        ("a.xls", XLSB, "Excel Workbook (.xlsx)"),
        ("a.pages", PAGES, "Export To"),
        ("a.numbers", PAGES, "Export To"),
        ("a.zip", PAGES, "Export To"),
        ("a.pptx", SLIDES, "Điền biểu mẫu dạng .docx hoặc .xlsx"),
        ("a.ppt", ole("PowerPoint Document"), "Điền biểu mẫu dạng .docx hoặc .xlsx"),
        ("a.zip", zipped("phieu.docx"), "Giải nén"),
        ("a", WORD, "cho có đuôi .docx"),
        ("a.zip", WORD, "cho có đuôi .docx"),
        ("a.txt", WORKBOOK, "cho có đuôi .xlsx"),
        ("a.doc", WORD, "cho có đuôi .docx"),
        ("a.pdf", WORKBOOK, "cho có đuôi .xlsx"),
        (
            "a.xml",
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>',
            "lưu lại thành .docx hoặc .xlsx",
        ),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "Giải nén"),
        ("a.xls", TABLE.encode(), "lưu thành .xlsx"),
        ("a.xlsx", b"\xef\xbb\xbf" + TABLE.encode(), "lưu thành .xlsx"),
        ("a.doc", b"\r\n<!-- x --><HTML><body>x", "lưu thành .docx"),
        ("a.doc", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "lưu thành .docx"),
        ("a.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>', "lưu thành .xlsx"),
        ("a.xls", ROWS.encode(), "đuôi tên tệp thành .csv"),
        ("a.xls", ROWS.replace(";", "\t").encode("utf-16"), "đuôi tên tệp thành .csv"),
        ("a.html", TABLE.encode(), "lưu lại thành .docx hoặc .xlsx"),
        # nothing of the kind: what was said before
        ("a.xls", bytes(range(256)), "Mở tài liệu bằng phần mềm"),
        ("a.pdf", TABLE.encode(), "Mở tài liệu bằng phần mềm"),
        ("a.docx", "không có gì".encode(), "Mở tài liệu bằng phần mềm"),
    ],
)
def test_the_advice_fits_the_file(read: Read, name: str, content: bytes, advice: str) -> None:
    reading = read(content, name)
    (finding,) = reading.findings
    assert finding.mend is not None
    assert advice in vi(finding.mend)
