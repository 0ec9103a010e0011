"""Marks of secrecy as offices put them, and the words of office papers that look like them; written by us."""

import itertools
import unicodedata
from collections.abc import Iterator

LEVELS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
BEARERS = ("TÀI LIỆU", "VĂN BẢN", "HỒ SƠ", "CÔNG VĂN")
LABELS = ("Độ mật", "ĐỘ MẬT", "Mức độ mật", "MỨC ĐỘ MẬT")
URGENT = ("KHẨN", "THƯỢNG KHẨN", "HỎA TỐC", "HOẢ TỐC")
FRAMES = ("({})", "[{}]", "“{}”", "*** {} ***", "- {} -", "{}.", "| {} |", "===== {} =====", "  {}  ")

#: How the same stamp is written in the old encodings that units still type in.
OLD = {
    "MẬT": ("MËT", "MAÄT"),
    "TỐI MẬT": ("TèI MËT", "TOÁI MAÄT"),
    "TUYỆT MẬT": ("TUYÖT MËT", "TUYEÄT MAÄT"),
}


def marked_lines() -> Iterator[str]:
    """The official forms of the marks, one a line of a paper, as they are typed."""
    for level in LEVELS:
        yield level
        yield level.capitalize()
        yield unicodedata.normalize("NFD", level)
        yield " ".join(level.replace(" ", "  "))
        yield "   ".join(level)
        yield level.replace("M", "\u041c").replace("T", "\u0422")
        yield "\u200b".join(level)
        yield from OLD[level]
        yield from (frame.format(level) for frame in FRAMES)
        yield from (frame.format(level.capitalize()) for frame in FRAMES[:3])
        yield from (f"{bearer} {level}" for bearer in BEARERS)
        for label in LABELS:
            yield f"{label}: {level}"
            yield f"{label}: {level.capitalize()}"
            yield f"{label} : {level.lower()}"
            yield f"{label} – {level}"
        yield from (f"{urgent} – {level}" for urgent in URGENT)
        yield from (f"{level} / {urgent}" for urgent in URGENT)
        yield f"{level} - BẢN SỐ 01"
        yield f"{level} – Chỉ người có tên mới được bóc bì"
        yield f"{level.capitalize()} - chỉ người có tên mới được bóc bì"
        yield f"{level}: Không sao chụp, xem xong trả lại"
        yield f"KẾ HOẠCH CÔNG TÁC ({level})"
        yield f"Số: 12-KH/VPTU  ({level})".upper()


def marked_names() -> Iterator[str]:
    """File names that say it."""
    stems = ("Kế hoạch {}", "{} - Công văn 12", "KH_{}_2022", "[{}] Báo cáo", "bao cao ({})", "{}", "12-CV.{}")
    for level, stem in itertools.product(LEVELS, stems):
        yield f"{stem.format(level)}.docx"
    for level, stem in itertools.product(("toi mat", "tuyet mat", "TOI_MAT", "TUYET-MAT"), stems):
        yield f"{stem.format(level)}.pdf"
    yield from ("(mat) ke hoach.docx", "[MAT] bao cao.docx", "do mat cao.docx", "{mat} cv.docx")


#: Words with "mật" or "mặt", "mất", "mắt", "mát", as office papers have them.
WORDS = (
    "bảo vệ bí mật nhà nước",
    "bí mật công tác",
    "bảo mật thông tin",
    "an ninh, bảo mật mạng",
    "mật khẩu hộp thư công vụ",
    "văn bản mật theo quy định",
    "tài liệu mật, tối mật, tuyệt mật",
    "danh mục bí mật nhà nước độ Mật của ngành",
    "công tác cơ yếu, cơ mật",
    "mối quan hệ mật thiết với Nhân dân",
    "phối hợp chặt chẽ, mật thiết",
    "mật độ dân số, mật độ xây dựng",
    "Mặt trận Tổ quốc Việt Nam Thành phố",
    "MẶT TRẬN TỔ QUỐC VIỆT NAM",
    "họp mặt truyền thống đầu năm",
    "mặt bằng, mặt trái, mặt tích cực",
    "tiền mặt và chuyển khoản",
    "vắng mặt có lý do, có mặt đầy đủ",
    "thay mặt Ban Chấp hành",
    "mất mát, tổn thất, thất lạc con dấu",
    "khám mắt, tặng kính cho học sinh",
    "nghỉ mát, giao lưu hè",
    "giải mật tài liệu đến hạn",
    "sao, chụp tài liệu bí mật",
    "giữ bí mật nội dung bỏ phiếu kín",
    "BÍ MẬT NHÀ NƯỚC",
    "AN TOÀN, BẢO MẬT",
    "mật hoa, mật ong của hợp tác xã",
)
#: How office papers speak of such things.
SAID = (
    "Tổ chức quán triệt, thực hiện tốt quy định về {}.",
    "- Chủ đề: {}",
    "Tập huấn nghiệp vụ về {} cho cán bộ văn thư các đơn vị trong Cụm",
    "V/v tăng cường công tác liên quan đến {}",
    "1. {}",
    "Căn cứ kế hoạch về {} của Văn phòng Thành ủy;",
    "{}",
    "Kết quả: 100% cán bộ, công chức nắm vững các quy định về {} (kèm phụ lục).",
    "Nội dung 4. Thực hiện {}; tổ chức hội thi, tọa đàm chuyên đề",
    "HỘI THI TÌM HIỂU {}",
    "Người phụ trách {}: Nguyễn Văn An, điện thoại 0900000001",
    "BÁO CÁO KẾT QUẢ CÔNG TÁC {}",
    "Ghi chú: {}, thời gian hoàn thành 27/10/2022",
    "Đăng ký hoạt động cấp Cụm: {}",
    "Kinh phí dự kiến cho {} là 15.000.000 đồng",
    "II. NHIỆM VỤ: {}",
    "“{}”",
    "Phòng Hành chính - Quản trị; Tổ {}",
    "TỌA ĐÀM CHUYÊN ĐỀ {} NĂM 2022",
    "Đồng chí phụ trách báo cáo về {} tại hội nghị sơ kết",
)


def innocent_lines() -> Iterator[str]:
    """Lines of office papers that are no mark."""
    for said, words in itertools.product(SAID, WORDS):
        # in a heading everything is in capitals
        yield said.format(words.upper() if said.partition("{")[0].strip(" .").isupper() else words)


def innocent_names() -> Iterator[str]:
    """File names that say nothing of the kind."""
    stems = ("{}", "Ke hoach {}", "2022_{}_CATP", "Báo cáo {}", "{} (lan 2)")
    plain = {words for words in WORDS if "tối mật" not in words and "độ Mật" not in words}
    for stem, words in itertools.product(stems, sorted(plain)):
        yield f"{stem.format(words)}.docx"
