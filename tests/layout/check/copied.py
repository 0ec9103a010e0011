"""Papers with the components of a copy under them, and papers of several bodies, as offices type them."""

from dataclasses import dataclass, field

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from docx.table import _Cell

from tests.layout.check import typed
from tests.layout.check.typed import LEFT, line, ruled


@dataclass(frozen=True)
class Part:
    """The components of a copy; what a test changes is the only thing that is wrong."""

    heading: str = "SAO Y"
    names: tuple[str, ...] = ("SỞ NỘI VỤ",)
    number: str = "Số: 09/SY-SNV"
    date: str = "Thành phố Hồ Chí Minh, ngày 05 tháng 3 năm 2024"
    signer: tuple[str, ...] = ("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG")
    name: str = "Trần Thị Cúc"
    recipients: tuple[str, ...] = ("- Các phòng, đơn vị;", "- Lưu: VT.")
    looks: dict[str, tuple[float, str]] = field(default_factory=dict)
    is_parted: bool = True
    is_ruled: bool = True
    mark: str = ""
    title: str = ""

    def look(self, part: str, size: float, face: str) -> tuple[float, str]:
        return self.looks.get(part, (size, face))


def state_copy(part: Part, copied: Document | None = None) -> Document:
    """A plan of a State office, and under it what its copy bears (NĐ30, Mẫu 3.1)."""
    document = copied or typed.state_plan()
    _line_across(document, part)
    head = document.add_table(2, 2)
    left, right = head.cell(0, 0), head.cell(0, 1)
    _names(left, part, 13)
    if part.title:
        line(right, part.title, 13, "b", first=True)
    line(right, part.heading, *part.look("heading", 14, "b"), first=not part.title)
    if part.number:
        line(head.cell(1, 0), part.number, *part.look("number", 13, ""), first=True)
    if part.date:
        line(head.cell(1, 1), part.date, *part.look("date", 14, "i"), first=True)
    _foot(document, part, label=(12, "bi"), items=11, position="b")
    return document


def party_copy(part: Part) -> Document:
    """A letter of a Party office, and under it what its copy bears (HD36, II.3)."""
    document = typed.party_letter()
    _line_across(document, part)
    head = document.add_table(1, 2)
    left, right = head.rows[0].cells
    _names(left, part, 14)
    line(left, part.number, *part.look("number", 14, ""))
    line(right, part.heading, *part.look("heading", 14, "b"), first=True)
    line(right, part.date, *part.look("date", 14, "i"))
    _foot(document, part, label=(14, "u"), items=12, position="")
    return document


STAMP = {
    "issuer": "Cơ quan sao: VĂN PHÒNG ĐẢNG ỦY",
    "number": "Số, ký hiệu bản sao: Số 24-BS/VPĐU",
    "kind": "Hình thức sao: Sao y bản chính",
    "date": "Địa danh, ngày sao: TP Hồ Chí Minh, ngày 08 tháng 6 năm 2026",
    "recipients": "Nơi nhận bản sao: Các chi bộ trực thuộc",
}


def stamped_copy(rows: dict[str, str], heading: str = "BẢN SAO VĂN BẢN", *, is_parted: bool = True) -> Document:
    """A letter of a Party office with the stamp of HD05 under it, at the left, and who signs at the right."""
    document = typed.party_letter()
    _line_across(document, Part(is_parted=is_parted))
    foot = document.add_table(1, 2)
    left, right = foot.rows[0].cells
    line(left, heading, 13, "b", first=True)
    for text in rows.values():
        line(left, text, 12, "", LEFT)
    line(right, "T/L BAN THƯỜNG VỤ", 14, "b", first=True)
    line(right, "CHÁNH VĂN PHÒNG", 14)
    _signed(right, "Trần Thị Cúc")
    return document


def tabbed_copy(part: Part) -> Document:
    """The same as `state_copy`, the halves of its head set apart by tabs and the line typed as a border."""
    document = typed.state_plan()
    rule = document.add_paragraph()
    rule._p.get_or_add_pPr().append(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>')
    )
    first = document.add_paragraph()
    first.paragraph_format.tab_stops.add_tab_stop(Mm(90))
    for text, size, bold in ((part.names[0], 13, True), ("\t", 13, False), (part.heading, 14, True)):
        run = first.add_run(text)
        run.bold, run.font.size = bold or None, Pt(size)
    ruled(first)
    second = document.add_paragraph()
    second.paragraph_format.tab_stops.add_tab_stop(Mm(75))
    for text, size, italic in ((part.number, 13, False), ("\t", 13, False), (part.date, 14, True)):
        run = second.add_run(text)
        run.italic, run.font.size = italic or None, Pt(size)
    document.add_paragraph()
    _foot(document, part, label=(12, "bi"), items=11, position="b")
    return document


def _line_across(document: Document, part: Part) -> None:
    # two tables that follow one another would become one
    between = document.add_paragraph()
    if part.is_parted:
        ruled(between)


def _names(cell: _Cell, part: Part, size: float) -> None:
    for index, name in enumerate(part.names):
        is_last = index == len(part.names) - 1
        written = line(cell, name, *part.look("names", size, "b" if is_last else ""), first=index == 0)
        if is_last and part.is_ruled:
            ruled(written)
    if part.mark:
        line(cell, part.mark, 14)


def _foot(document: Document, part: Part, *, label: tuple[float, str], items: float, position: str) -> None:
    document.add_paragraph()
    left, right = document.add_table(1, 2).rows[0].cells
    if part.recipients:
        line(left, "Nơi nhận:", *label, LEFT, first=True)
    for item in part.recipients:
        line(left, item, items, "", LEFT)
    if part.signer:
        line(right, part.signer[0], 14, "b", first=True)
        for text in part.signer[1:]:
            line(right, text, 14, position)
    _signed(right, part.name)


def _signed(cell: _Cell, name: str) -> None:
    for _ in range(4):
        line(cell, "", 14)
    if name:
        line(cell, name, 14, "b")


# --- papers of several bodies ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signer:
    """Who signs for one of the bodies."""

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Joint:
    """A paper that several bodies issue: the lead first, and at the right among those who sign."""

    names: tuple[str, ...] = ("SỞ NỘI VỤ - SỞ Y TẾ",)
    number: str = "Số: 05/KH-SNV-SYT"
    signers: tuple[Signer, ...] = (
        Signer(("GIÁM ĐỐC", "SỞ NỘI VỤ"), "Nguyễn Văn Bình"),
        Signer(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "SỞ Y TẾ"), "Trần Thị Cúc"),
    )
    is_side_by_side: bool = False
    is_lead_left: bool = False


STATE_JOINT = Joint()
PARTY_JOINT = Joint(
    names=("BAN TỔ CHỨC - BAN NỘI CHÍNH",),
    number="Số 05-QC/BTCTU-BNCTU",
    signers=(
        Signer(("TRƯỞNG BAN", "BAN TỔ CHỨC THÀNH ỦY"), "Nguyễn Văn Bình"),
        Signer(("TRƯỞNG BAN", "BAN NỘI CHÍNH THÀNH ỦY"), "Trần Thị Cúc"),
    ),
)


def state_joint(joint: Joint) -> Document:
    """A plan of two State offices: their names at the left, one number, a signature of each."""
    document = typed.blank(14)
    wide = len(joint.names) if joint.is_side_by_side else 1
    head = document.add_table(2, wide + 1)
    for index, name in enumerate(joint.names):
        cell = head.cell(0, index if joint.is_side_by_side else 0)
        written = line(cell, name, 13, "b", first=joint.is_side_by_side or index == 0)
        if joint.is_side_by_side or index == len(joint.names) - 1:
            ruled(written)
    line(head.cell(0, wide), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, "b", first=True)
    ruled(line(head.cell(0, wide), "Độc lập - Tự do - Hạnh phúc", 14, "b"))
    numbered = head.cell(1, 0).merge(head.cell(1, wide - 1)) if wide > 1 else head.cell(1, 0)
    line(numbered, joint.number, 13, first=True)
    line(head.cell(1, wide), "Thành phố Hồ Chí Minh, ngày 12 tháng 02 năm 2024", 14, "i", first=True)
    document.add_paragraph()
    line(document, "KẾ HOẠCH", 14, "b")
    ruled(line(document, "Phối hợp chăm sóc sức khỏe cán bộ năm 2024", 14, "b"))
    document.add_paragraph()
    for text in (typed.TEXT, typed.TEXT, typed.TEXT, "Đề nghị các đơn vị nghiêm túc thực hiện Kế hoạch này./."):
        typed.body(document, text, 14)
    _signers(document, joint, position="b")
    line(document, "Nơi nhận:", 12, "bi", LEFT)
    for item in ("- Ủy ban nhân dân Thành phố;", "- Các đơn vị trực thuộc;", "- Lưu: VT, VP."):
        line(document, item, 11, "", LEFT)
    return document


def party_joint(joint: Joint) -> Document:
    """A regulation of two Party bodies in HD05 form."""
    document = typed.blank(14)
    left, right = document.add_table(1, 2).rows[0].cells
    line(left, "THÀNH ỦY THÀNH PHỐ HỒ CHÍ MINH", 14, first=True)
    for name in joint.names:
        line(left, name, 14, "b")
    line(left, "*", 14)
    line(left, joint.number, 14)
    ruled(line(right, "ĐẢNG CỘNG SẢN VIỆT NAM", 15, "b", first=True))
    line(right, "", 14)
    line(right, "TP Hồ Chí Minh, ngày 05 tháng 6 năm 2026", 14, "i")
    document.add_paragraph()
    line(document, "QUY CHẾ", 16, "b")
    line(document, "phối hợp công tác giữa hai ban", 14, "b")
    line(document, "-----", 14)
    for text in (typed.TEXT, typed.TEXT, "Quy chế này có hiệu lực từ ngày ký."):
        typed.body(document, text, 14, exact=19)
    _signers(document, joint, position="")
    line(document, "Nơi nhận:", 14, "u", LEFT)
    for item in ("- Thường trực Thành ủy;", "- Lưu Văn phòng hai ban."):
        line(document, item, 12, "", LEFT)
    return document


def _signers(document: Document, joint: Joint, *, position: str) -> None:
    columns = joint.signers if joint.is_lead_left else joint.signers[::-1]
    cells = document.add_table(1, len(columns)).rows[0].cells
    for cell, signer in zip(cells, columns, strict=True):
        for index, text in enumerate(signer.lines):
            line(cell, text, 14, "b" if text.startswith(("KT.", "T/M", "TM.")) else position, first=index == 0)
        _signed(cell, signer.name)
