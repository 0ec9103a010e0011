"""The package of the city Party committee's office: `HSLTCQ/METADATA/MetaDuLieu.xlsx`, the PDFs beside it, in a zip.

Heads, order and defaults are those of the workbook that its importer takes (the-thuc.md §10.3): every cell is text,
an empty one is not there at all (an empty text counts as null and is refused), and one head has a no-break space.
What nobody knows stays absent: "Thời gian tài liệu" takes one day, no span, and of secrecy nothing is filed here.
The sheets of pictures and films have their heads alone.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

from pipeline.archive.hand_over.dossier import Filled, Paper, kept_for
from pipeline.ooxml import packed, parts_of_ours
from pipeline.ooxml.cell_text import put_text

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FOLDER: Final = "HSLTCQ/METADATA"
WORKBOOK: Final = "MetaDuLieu.xlsx"
#: 13 columns, one row.
DOSSIER_HEADS: Final = (
    "Tiêu đề hồ sơ",
    "Thời hạn bảo quản",
    "Phông",
    "Mục lục",
    "Nhiệm kỳ",
    "Thời gian bắt đầu",
    "Thời gian kết thúc",
    "Tình trạng vật lý",
    "Số lượng trang",
    "Tổng số văn bản trong hồ sơ",
    "Độ mật",
    "Đơn vị bảo quản số",
    "Thời gian tài liệu",
)
#: 20 columns. The third has U+00A0 between "văn" and "bản": heads are compared to the letter.
PAPER_HEADS: Final = (
    "Tên cơ quan, tổ chức ban hành văn bản",
    "Tên loại văn bản",
    "Số của văn\u00a0bản",
    "Ký hiệu của văn bản",
    "Ngày, tháng, năm văn bản",
    "Trích yếu nội dung",
    "Loại bản",
    "Ngôn ngữ",
    "Ghi chú",
    "Bút tích",
    "Người ký",
    "Chuyên đề",
    "Ký hiệu thông tin",
    "Từ khóa",
    "Chế độ sử dụng",
    "Độ mật",
    "Mức độ tin cậy",
    "Tình trạng vật lý",
    "Tên tệp",
    "Thời gian tài liệu",
)
PICTURE_HEADS: Final = (
    "Số lưu trữ",
    "Ký hiệu thông tin",
    "Tên sự kiện",
    "Tiêu đề phim/ảnh",
    "Ghi chú",
    "Tác giả",
    "Địa điểm chụp",
    "Thời gian chụp",
    "Màu sắc",
    "Cỡ phim/ảnh",
    "Tài liệu đi kèm",
    "Chế độ sử dụng",
    "Tình trạng vật lý",
    "Tên tệp",
)
FILM_HEADS: Final = (
    "Số lưu trữ",
    "Ký hiệu thông tin",
    "Tên sự kiện",
    "Tiêu đề\u00a0phim/âm thanh",
    "Tác giả",
    "Địa điểm",
    "Thời gian",
    "Ngôn ngữ",
    "Thời lượng",
    "Tài liệu đi kèm",
    "Chế độ sử dụng",
    "Chất lượng",
    "Tình trạng vật lý",
    "Ghi chú",
    "Tên tệp",
)
#: What the importer does not take as null.
DEFAULTS: Final[Mapping[str, str]] = {
    "Loại bản": "Bản chính",
    "Ngôn ngữ": "Tiếng Việt",
    "Chế độ sử dụng": "Công khai",
}
#: A zip and a workbook say when they were written; the same dossier is the same bytes.
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
_SHEET: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_AS_TYPE: Final = (
    b'<Override PartName="/xl/sharedStrings.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_AS_RELATION: Final = (
    b'<Relationship Id="rIdTexts" Target="sharedStrings.xml" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
_WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def package(dossier: Filled, content_of: Callable[[str], bytes], target: Path) -> None:
    """Write the zip; `content_of` gives the bytes of a sha256. A paper that is shown in no PDF has its row alone."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, WORKBOOK, workbook(dossier))
        for position, paper in enumerate(dossier.papers):
            if paper.shown is not None:
                _add(archive, dossier.name_of(position), content_of(paper.shown.sha256))


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(f"{FOLDER}/{name}", _WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)


def workbook(dossier: Filled) -> bytes:
    """Write the workbook: the dossier, its documents, and the empty sheets of pictures and films."""
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    papers = [_paper_row(dossier, position) for position in range(len(dossier.papers))]
    for name, heads, rows in (
        ("Hồ sơ", DOSSIER_HEADS, [_dossier_row(dossier)]),
        ("Văn bản", PAPER_HEADS, papers),
        ("Ảnh", PICTURE_HEADS, []),
        ("Video", FILM_HEADS, []),
    ):
        _fill(book.create_sheet(name), heads, rows)
    made = io.BytesIO()
    book.save(made)
    parts = parts_of_ours(made.getvalue())
    parts["docProps/core.xml"] = _WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z\g<2>", parts["docProps/core.xml"])
    return packed(_with_shared_texts(parts))


def _with_shared_texts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Keep the texts of cells where Excel keeps them, in one list: openpyxl writes each into its cell.

    Importers take a text in its cell for another sort of cell; the workbook of the importer has none.
    """
    texts: dict[str, int] = {}
    for name in sorted(name for name in parts if name.startswith("xl/worksheets/sheet")):
        sheet = etree.fromstring(parts[name])
        for cell in sheet.iter(f"{_SHEET}c"):
            if cell.get("t") == "inlineStr":
                text = "".join(map(str, cell.itertext()))
                for child in list(cell):
                    cell.remove(child)
                cell.set("t", "s")
                etree.SubElement(cell, f"{_SHEET}v").text = str(texts.setdefault(text, len(texts)))
        parts[name] = etree.tostring(sheet, xml_declaration=True, encoding="UTF-8", standalone=True)
    shared = etree.Element(f"{_SHEET}sst", uniqueCount=str(len(texts)))
    for text in texts:
        kept = etree.SubElement(etree.SubElement(shared, f"{_SHEET}si"), f"{_SHEET}t")
        kept.text = text
        kept.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    parts["xl/sharedStrings.xml"] = etree.tostring(shared, xml_declaration=True, encoding="UTF-8", standalone=True)
    for name, told in (("[Content_Types].xml", _AS_TYPE), ("xl/_rels/workbook.xml.rels", _AS_RELATION)):
        if b"sharedStrings" not in parts[name]:
            head, close, root = parts[name].rpartition(b"</")
            parts[name] = head + told + close + root
    return parts


def _fill(sheet: "Worksheet", heads: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    from openpyxl.styles.numbers import FORMAT_TEXT

    texts = [dict(zip(heads, heads, strict=True)), *rows]
    for at, row in enumerate(texts, start=1):
        for column, head in enumerate(heads, start=1):
            # never touched otherwise: openpyxl writes a cell as soon as it has been asked for
            if text := row.get(head, ""):
                cell = sheet.cell(at, column)
                put_text(cell, text)
                cell.number_format = FORMAT_TEXT


def _dossier_row(dossier: Filled) -> dict[str, str]:
    days = dossier.days
    return {
        "Tiêu đề hồ sơ": dossier.entry.title,
        "Thời hạn bảo quản": kept_for(dossier.retention_years),
        "Phông": dossier.fonds.fonds_name,
        "Mục lục": dossier.fonds.inventory_name or dossier.fonds.inventory,
        "Nhiệm kỳ": dossier.term,
        "Thời gian bắt đầu": f"{days[0]:%d/%m/%Y}" if days else "",
        "Thời gian kết thúc": f"{days[1]:%d/%m/%Y}" if days else "",
        "Số lượng trang": str(dossier.pages or ""),
        "Tổng số văn bản trong hồ sơ": str(len(dossier.papers)),
        "Đơn vị bảo quản số": f"{dossier.entry.number:04d}",
    }


def _paper_row(dossier: Filled, position: int) -> dict[str, str]:
    paper = dossier.papers[position]
    number, symbol = paper.number_and_symbol
    return {
        **DEFAULTS,
        "Tên cơ quan, tổ chức ban hành văn bản": paper.author,
        "Tên loại văn bản": paper.type_name,
        "Số của văn\u00a0bản": number,
        "Ký hiệu của văn bản": symbol,
        "Ngày, tháng, năm văn bản": f"{paper.on:%d/%m/%Y}" if paper.on else "",
        "Trích yếu nội dung": paper.title,
        "Ghi chú": "; ".join((*([f"Số đến {paper.entered}"] if paper.entered else []), *paper.remarks)),
        "Người ký": paper.signer,
        "Từ khóa": ", ".join(dossier.entry.keywords),
        "Tên tệp": dossier.name_of(position) if _has_file(paper) else "",
    }


def _has_file(paper: Paper) -> bool:
    return paper.shown is not None
