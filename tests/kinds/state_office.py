"""The example's office as one of the State: the same year and the same papers, in the words of NĐ30.

What the Party and the State write another way stands here both ways, as «the Party's|the State's» does in the files
of a kind (decision 0047); of a citation the shape alone differs.
"""

import functools
import re
import tempfile
from pathlib import Path
from typing import Final

from pipeline import years
from pipeline.kinds import Loaded, load_all
from pipeline.model import Json
from pipeline.vietnamese import date_long
from pipeline.years import Year
from tests.folders import ROOT

#: The Party's words, and those of the State's office. The longest that fits is taken.
PAIRS: Final = {
    "VĂN PHÒNG THÀNH ỦY": "VĂN PHÒNG ỦY BAN NHÂN DÂN",
    "Văn phòng Thành ủy": "Văn phòng Ủy ban nhân dân Thành phố",
    "Văn phòng Thành ủy Thành phố Hồ Chí Minh": "Văn phòng Ủy ban nhân dân Thành phố Hồ Chí Minh",
    "Ban Tổ chức Thành ủy": "Sở Nội vụ",
    "Thành ủy": "Thành phố",
    # units and their offices
    "ĐẢNG BỘ THÀNH PHỐ HỒ CHÍ MINH, ĐẢNG ỦY QUÂN SỰ TP.HCM": "BỘ TƯ LỆNH TP.HCM, VĂN PHÒNG",
    "ĐẢNG BỘ THÀNH PHỐ HỒ CHÍ MINH, ĐẢNG ỦY BỘ ĐỘI BIÊN PHÒNG TP.HCM": "BỘ ĐỘI BIÊN PHÒNG TP.HCM, VĂN PHÒNG",
    "ĐẢNG ỦY KHỐI DÂN - CHÍNH - ĐẢNG": "SỞ NỘI VỤ",
    "ĐẢNG ỦY KHỐI NGÂN HÀNG": "SỞ TÀI CHÍNH",
    "ĐẢNG ỦY CÁC KHU CHẾ XUẤT VÀ CÔNG NGHIỆP": "BAN QUẢN LÝ CÁC KHU CHẾ XUẤT VÀ CÔNG NGHIỆP",
    "ĐẢNG ỦY ": "",
    "Đảng ủy Quân sự TP.HCM": "Văn phòng Bộ Tư lệnh TP.HCM",
    "Đảng ủy Quân sự TP": "Văn phòng Bộ Tư lệnh TP",
    "Đảng ủy Bộ đội Biên phòng TP.HCM": "Văn phòng Bộ đội Biên phòng TP.HCM",
    "Đảng ủy Khối Dân - Chính - Đảng TP": "Sở Nội vụ TP",
    "Đảng ủy Khối Dân - Chính - Đảng": "Sở Nội vụ",
    "Khối Dân - Chính - Đảng": "Nội vụ Thành phố",
    "Đảng ủy Khối Ngân hàng TP": "Sở Tài chính TP",
    "Đảng ủy Khối Ngân hàng": "Sở Tài chính",
    "Khối Ngân hàng": "Tài chính Thành phố",
    "Đảng ủy Khối": "Sở Nội vụ",
    "Đảng ủy các": "Ban Quản lý các",
    "Văn phòng Đảng ủy Khối Dân - Chính - Đảng": "Văn phòng Sở Nội vụ",
    "Văn phòng Đảng ủy Khối Ngân hàng": "Văn phòng Sở Tài chính",
    "Văn phòng Đảng ủy các": "Văn phòng Ban Quản lý các",
    "Văn phòng Đảng ủy": "Văn phòng",
    "Đảng ủy Công an TP": "Văn phòng Công an thành phố",
    "Đảng ủy TCTĐL": "TCT Điện lực",
    # people; the committee's standing members let somebody of the staff sign, the State's office has its own head
    "thua_lenh, for_whom: Ban Thường vụ": "ky_thay, for_whom: Chánh Văn phòng",
    "Phó Chủ nhiệm Chính trị": "Phó Chánh Văn phòng",
    "Trợ lý Chính trị": "Phó Chánh Văn phòng",
    "03 đồng chí": "03 người",
    "các đồng chí": "các ông, bà",
    "Các đồng chí": "Các ông, bà",
    "đồng chí Bành Quốc Thới": "ông Bành Quốc Thới",
    "Đồng chí Chu Đức Tường Vân": "Ông Chu Đức Tường Vân",
    "đồng chí Ung Thị Nhã Ca": "bà Ung Thị Nhã Ca",
    "đồng chí Kha Minh Triết": "ông Kha Minh Triết",
    "Chủ trì tuyên bố": "Chủ tọa tuyên bố",
    # what they do
    "báo cáo phục vụ lãnh đạo của cấp ủy": "báo cáo phục vụ chỉ đạo, điều hành",
    "văn bản của Đảng": "văn bản hành chính",
    "phục vụ hoạt động cấp ủy": "phục vụ hoạt động của cơ quan",
    "công tác văn phòng cấp ủy": "công tác văn phòng",
    "báo cáo tổng kết của cấp ủy": "báo cáo tổng kết của cơ quan",
    "Báo cáo tổng kết của cấp ủy": "Báo cáo tổng kết của cơ quan",
    "chương trình công tác của cấp ủy": "chương trình công tác của lãnh đạo",
    "chuyên đề gửi cấp ủy": "chuyên đề gửi lãnh đạo",
    "công tác đảng": "công tác văn phòng",
    "tài sản đảng": "tài sản công",
    "tài sản của Đảng": "tài sản công",
    "sinh hoạt chi bộ hằng quý": "hội nghị hằng quý",
    "cán bộ, đảng viên trẻ": "cán bộ, công chức trẻ",
}
_CITED: Final = re.compile(
    r"\b(?P<number>\d+)-(?P<type>[A-ZĐƯ][A-Za-zĐƯđư]*)/(?P<office>CTĐ4|VPTU|VPĐU|ĐUQS|ĐUK|ĐU)\b"
)
#: A day in a sentence, and the comma which the Party's citations have before it.
_DAY: Final = re.compile(r"(?:,? )?\bngày (\d\d?)/(\d\d?)/(\d{4})")
_OFFICES: Final = {"CTĐ4": "CTĐ4", "VPTU": "VP", "VPĐU": "VP", "ĐUQS": "VP", "ĐUK": "VP", "ĐU": "VP"}
_PAIR: Final = re.compile("|".join(re.escape(one) for one in sorted(PAIRS, key=len, reverse=True)))


def in_the_states_words(text: str) -> str:
    """What a text of the example's office is in one of the State."""
    said = _PAIR.sub(lambda found: PAIRS[found[0]], text)
    said = _CITED.sub(_cited, said)
    return _DAY.sub(_day, said)


def _cited(found: re.Match[str]) -> str:
    office = _OFFICES[found["office"]]
    # a letter bears no type, but the office that wrote it (the-thuc.md §3.3)
    if found["type"] == "CV":
        return f"{found['number']}/{office}-TH"
    return f"{found['number']}/{found['type']}-{office}"


def _day(found: re.Match[str]) -> str:
    long = date_long(f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}")
    return f" {long}" if found[0].startswith((",", " ")) else long


def form_in_the_states_words(value: Json) -> Json:
    """A form with all its texts in the State's words."""
    match value:
        case str():
            return in_the_states_words(value)
        case list():
            return [form_in_the_states_words(one) for one in value]
        case dict():
            return {key: form_in_the_states_words(one) for key, one in value.items()}
        case _:
            return value


@functools.cache
def state_year() -> Year:
    """The year of the example's office, were it one of the State."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "2022.yaml"
        text = (ROOT / "years" / "2022.yaml").read_text(encoding="utf-8")
        path.write_text(in_the_states_words(text), encoding="utf-8")
        return years.load(path)


@functools.cache
def state_kinds() -> Loaded:
    """The kinds of the repository as the State's office has them."""
    return load_all(ROOT / "templates", state_year().words("state"))
