"""Letters of an office as scanners give them, with the stamp of a level of secrecy on them and without.

Simulated: a page drawn with the letters of the LibreOffice fonts, a stamp with the double border of the rule
(the-thuc.md §9: 20, 30 and 40 × 8 mm, 13 points bold) whose ink darkens what it lies on, both askew, blurred, with
grain. No paper was stamped.
"""

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

MARKS = {"MẬT": (20, 8), "TỐI MẬT": (30, 8), "TUYỆT MẬT": (40, 8)}
#: What other stamps say that stand where a mark may stand.
OTHER_STAMPS = {
    "HỎA TỐC": (30, 8),
    "KHẨN": (20, 8),
    "THƯỢNG KHẨN": (42, 8),
    "SAO Y": (20, 8),
    "CÔNG VĂN ĐẾN": (45, 8),
    "BẢN CHÍNH": (30, 8),
}
RED, BLACK, BLUE = (200, 20, 30), (35, 35, 35), (30, 40, 160)
#: Millimetres from the upper left: below the number, as the rule says.
BELOW_NUMBER = (46, 43)
#: On the lines of the text.
ON_THE_TEXT = (60, 84)

_FONTS = "/usr/share/fonts/truetype/liberation2/LiberationSerif-"
_MM_PER_INCH = 25.4
_FINER = 4
_TEXT = (
    "Thực hiện Kế hoạch của Ban Thường vụ Thành ủy về công tác thi đua, khen thưởng năm 2022, Thường trực Cụm "
    "thi đua đề nghị các đơn vị thành viên tổ chức quán triệt đến cán bộ, công chức; phối hợp với Ủy ban Mặt "
    "trận Tổ quốc cùng cấp; bảo đảm thiết thực, đúng quy định về bảo vệ bí mật nhà nước và bảo mật thông tin. Căn cứ "
    "Luật Bảo vệ bí mật nhà nước, tài liệu TUYỆT MẬT, TỐI MẬT, MẬT không được gửi qua mạng."
)


@dataclass(frozen=True)
class Head:
    """What stands above the text: who writes, under which number, and the title."""

    author: tuple[str, ...] = ("ỦY BAN NHÂN DÂN", "THÀNH PHỐ HỒ CHÍ MINH")
    number: str = "Số: 125/KH-UBND"
    title: tuple[str, ...] = ("KẾ HOẠCH", "Tổ chức phong trào thi đua năm 2022")


#: Heads whose words have the letters of a mark.
INNOCENT_HEADS = (
    Head(),
    Head(("ỦY BAN MẶT TRẬN", "TỔ QUỐC VIỆT NAM"), "Số: 12-KH/MTTQ", ("KẾ HOẠCH", "Phối hợp với MẶT TRẬN TỔ QUỐC")),
    Head(("MẶT TRẬN TỔ QUỐC", "THÀNH PHỐ"), "Số: 7-BC/MTTW", ("BÁO CÁO", "Kết quả phong trào thi đua")),
    Head(title=("KẾ HOẠCH", "BẢO VỆ BÍ MẬT NHÀ NƯỚC NĂM 2022")),
    Head(title=("QUY CHẾ", "BẢO MẬT THÔNG TIN")),
    Head(("BAN CHỈ ĐẠO", "BẢO VỆ BÍ MẬT NHÀ NƯỚC"), "Số: 3-QĐ/BCĐ", ("QUYẾT ĐỊNH", "BAN HÀNH DANH MỤC BÍ MẬT")),
    Head(("PHÒNG CƠ YẾU", "BỘ PHẬN MỘT CỬA"), "Số: 9/TB-CY", ("THÔNG BÁO", "VỀ QUẢN LÝ TIỀN MẶT")),
    Head(("CỤM THI ĐUA SỐ 4", "*"), "Số 01-KH/CTĐ4", ("BIÊN BẢN", "HỌP CÓ MẶT CÁC ĐƠN VỊ")),
)


def letter(dpi: int, head: Head = INNOCENT_HEADS[0], begin: int = 0, *, has_head: bool = True) -> Image.Image:
    """One page of A4; its text begins with another word for each `begin`."""
    mm = dpi / _MM_PER_INCH
    page = Image.new("RGB", (round(210 * mm), round(297 * mm)), "white")
    pen = ImageDraw.Draw(page)

    def font(points: float, weight: str = "Regular") -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(f"{_FONTS}{weight}.ttf", round(points / 72 * dpi))

    def put(x: float, y: float, words: str, points: float, weight: str = "Regular") -> None:
        pen.text((x * mm, y * mm), words, font=font(points, weight), anchor="mm", fill="black")

    top = 25.0
    if has_head:
        for line, words in enumerate(head.author):
            put(65, 22 + 5.5 * line, words, 13, "Bold")
        put(150, 22, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "Bold")
        put(150, 27.5, "Độc lập - Tự do - Hạnh phúc", 13, "Bold")
        pen.line([(50 * mm, 31 * mm), (80 * mm, 31 * mm)], fill="black", width=max(1, round(0.3 * mm)))
        put(65, 37, head.number, 13)
        put(150, 37, "Thành phố Hồ Chí Minh, ngày 05 tháng 01 năm 2022", 12)
        for line, words in enumerate(head.title):
            put(110, 60 + 6.5 * line, words, 13, "Bold")
        top = 80.0
    _write(pen, font(14), mm, top, begin)
    return page


def _write(pen: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, mm: float, top: float, begin: int) -> None:
    words = _TEXT.split()
    words = [*words[begin % len(words) :], *words[: begin % len(words)]] * 8
    line, y = "", top
    for word in words:
        if pen.textlength(f"{line} {word}", font=font) <= 160 * mm:
            line = f"{line} {word}".strip()
            continue
        pen.text((30 * mm, y * mm), line, font=font, anchor="lm", fill="black")
        line, y = word, y + 7
        if y > 275:
            return


def stamp(words: str, sides_mm: tuple[float, float], dpi: int, ink: tuple[int, int, int]) -> Image.Image:
    """A stamp in its double border, four times as fine as the page."""
    mm, (wide, high) = dpi * _FINER / _MM_PER_INCH, sides_mm
    made = Image.new("RGBA", (round((wide + 4) * mm), round((high + 4) * mm)), (*ink, 0))
    pen = ImageDraw.Draw(made)
    for inset, width in ((2.0, 0.35), (3.0, 0.25)):
        box = [inset * mm, inset * mm, (wide + 4 - inset) * mm, (high + 4 - inset) * mm]
        pen.rectangle(box, outline=(*ink, 255), width=round(width * mm))
    font = ImageFont.truetype(f"{_FONTS}Bold.ttf", round(13 / 72 * dpi * _FINER))
    pen.text(((wide / 2 + 2) * mm, (high / 2 + 2) * mm), words, font=font, anchor="mm", fill=(*ink, 255))
    return made


def seal(dpi: int, words: str = "ỦY BAN NHÂN DÂN THÀNH PHỐ") -> Image.Image:
    """A round seal in red ink, 36 mm wide, four times as fine as the page."""
    mm = dpi * _FINER / _MM_PER_INCH
    made = Image.new("RGBA", (round(38 * mm), round(38 * mm)), (*RED, 0))
    pen = ImageDraw.Draw(made)
    for inset in (1.0, 3.0, 9.0):
        pen.ellipse([inset * mm] * 2 + [(38 - inset) * mm] * 2, outline=(*RED, 255), width=round(0.5 * mm))
    font = ImageFont.truetype(f"{_FONTS}Bold.ttf", round(9 / 72 * dpi * _FINER))
    for at, letter_ in enumerate(words):
        one = Image.new("RGBA", made.size, (*RED, 0))
        ImageDraw.Draw(one).text((19 * mm, 6 * mm), letter_, font=font, anchor="mm", fill=(*RED, 255))
        made.alpha_composite(one.rotate(140 - at * 280 / len(words), resample=Image.Resampling.BICUBIC))
    pen.regular_polygon((19 * mm, 19 * mm, 6 * mm), 5, fill=(*RED, 255))
    return made


def stamped(
    page: Image.Image, mark: Image.Image, dpi: int, at_mm: tuple[float, float], degrees: float = 0.0
) -> Image.Image:
    """A page with a stamp on it, turned by so many degrees; the ink darkens what it lies on."""
    turned = mark.rotate(degrees, expand=True, resample=Image.Resampling.BICUBIC)
    turned = turned.resize((turned.width // _FINER, turned.height // _FINER), Image.Resampling.LANCZOS)
    left, top = (round(side * dpi / _MM_PER_INCH) for side in at_mm)
    below = np.asarray(page.crop((left, top, left + turned.width, top + turned.height)), float)
    ink = np.asarray(turned, float)
    cover = ink[..., 3:] / 255
    page = page.copy()
    page.paste(Image.fromarray((below * (1 - cover + cover * ink[..., :3] / 255)).astype(np.uint8)), (left, top))
    return page


def scanned(page: Image.Image, chance: random.Random, *, skew: float, grain: float, is_grey: bool) -> Image.Image:
    """A page as a scanner gives it."""
    page = page.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor="white")
    points = np.asarray(page.filter(ImageFilter.GaussianBlur(0.6)), float) * 0.94 + 4
    noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, grain, points.shape[:2])[..., None]
    made = Image.fromarray((points + noise).clip(0, 255).astype(np.uint8))
    return made.convert("L") if is_grey else made
