"""The named styles every template uses, as a clerk sees them in Word.

Only names are here: what a style looks like is said by the profile, and written into the file by `apply`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class StyleName:
    """One paragraph style: its id in the file, its name in Word, and the numbered list level it carries.

    `list_id` 1 is the list of sections (I-, 1.); 0 means no number. Chapters, articles and clauses carry the numbers
    the form gives them, as text: other papers cite them. `outline` is the level of a heading, 1 for the name of the
    paper, by which a blind reader goes through it and Word's navigation shows it; 0 is no heading.
    """

    id: str
    name: str
    list_id: int = 0
    level: int = 0
    following: str = ""
    outline: int = 0


_PARAGRAPHS = (
    StyleName("VTCapTren", "VT Cơ quan cấp trên"),
    StyleName("VTCoQuan", "VT Cơ quan ban hành"),
    StyleName("VTDauCoQuan", "VT Dấu dưới tên cơ quan"),
    StyleName("VTTieuDe", "VT Tiêu đề"),
    StyleName("VTTieuNgu", "VT Tiêu ngữ"),
    StyleName("VTKeTieuDe", "VT Kẻ dưới tiêu đề"),
    StyleName("VTSo", "VT Số và ký hiệu"),
    StyleName("VTNgay", "VT Địa danh, ngày tháng năm"),
    StyleName("VTTrichYeuCV", "VT Trích yếu công văn", outline=1),
    StyleName("VTTenLoai", "VT Tên loại", following="VTTrichYeu", outline=1),
    StyleName("VTTrichYeu", "VT Trích yếu", following="VTDauTrichYeu"),
    StyleName("VTDauTrichYeu", "VT Dấu dưới trích yếu", following="VTThan"),
    StyleName("VTKinhGui", "VT Kính gửi"),
    StyleName("VTKinhGuiMuc", "VT Kính gửi, nơi nhận"),
    StyleName("VTCanCu", "VT Căn cứ"),
    StyleName("VTThan", "VT Nội dung"),
    StyleName("VTDanBang", "VT Nội dung, lời dẫn bảng"),
    StyleName("VTThanCuoi", "VT Nội dung, đoạn cuối"),
    StyleName("VTMuc", "VT Mục lớn (I-)", list_id=1, level=0, following="VTThan", outline=2),
    StyleName("VTMucNho", "VT Mục nhỏ (1.)", list_id=1, level=1, following="VTThan", outline=3),
    StyleName("VTMucDam", "VT Tiêu đề nhỏ, không số", following="VTThan", outline=3),
    StyleName("VTChuong", "VT Chương", following="VTTenChuong", outline=2),
    StyleName("VTTenChuong", "VT Tên chương", following="VTDieu", outline=2),
    StyleName("VTDieu", "VT Điều", following="VTKhoan", outline=3),
    StyleName("VTKhoan", "VT Khoản"),
    StyleName("VTDiem", "VT Điểm"),
    StyleName("VTQuyenHan", "VT Quyền hạn ký", following="VTChucVu"),
    StyleName("VTChucVu", "VT Chức vụ", following="VTHoTen"),
    StyleName("VTDonViKy", "VT Đơn vị ký", following="VTChucVu"),
    StyleName("VTHoTen", "VT Họ và tên"),
    StyleName("VTNoiNhan", "VT Nơi nhận", following="VTNoiNhanMuc"),
    StyleName("VTNoiNhanMuc", "VT Nơi nhận, danh sách"),
    StyleName("VTPhuLuc", "VT Phụ lục", following="VTPhuLucTen", outline=1),
    StyleName("VTPhuLucTen", "VT Tên phụ lục", following="VTPhuLucKem", outline=1),
    StyleName("VTPhuLucKem", "VT Kèm theo", following="VTDauTrichYeu"),
    StyleName("VTBangDau", "VT Bảng, dòng đầu"),
    StyleName("VTBangGiua", "VT Bảng, giữa"),
    StyleName("VTBangChu", "VT Bảng, chữ"),
    StyleName("VTBangDam", "VT Bảng, chữ đậm"),
    StyleName("VTBangSo", "VT Bảng, số"),
    StyleName("VTHetBang", "VT Hết bảng"),
    StyleName("VTSoTrang", "VT Số trang"),
    StyleName("VTMaTren", "VT Mã văn bản, đầu trang"),
    StyleName("VTChanTrang", "VT Mã văn bản, chân trang"),
)

PARAGRAPHS: Mapping[str, StyleName] = MappingProxyType({style.id: style for style in _PARAGRAPHS})

#: The clerk's tags ({%p for … %}); never on paper, so no profile says anything of it.
TAG_STYLE = ("VTLenh", "VT Lệnh (không in)")

#: Tables without lines which carry the head, the foot and the signature grid; the table with lines.
HEAD_TABLE = ("VTKhungDau", "VT Khung đầu văn bản")
FOOT_TABLE = ("VTKhungKy", "VT Khung ký, nơi nhận")
GRID_TABLE = ("VTKhungGiaoUoc", "VT Khung chữ ký các bên")
LINED_TABLE = ("VTBang", "VT Bảng")

#: At both sides of a column of the signature grid: names set wide in capitals do not run together.
GUTTER_MM = 2.5
