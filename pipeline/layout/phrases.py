"""Words which should stay on one line in a head or a signature, where we break the lines and everybody sees it."""

_TOGETHER = (
    "ban chấp hành", "ban thường vụ", "biên phòng", "bộ chỉ huy", "bộ đội", "bộ tư lệnh", "cấp nước",
    "chánh văn phòng", "chế xuất", "chính trị", "chủ nhiệm", "chủ tịch", "công an", "công nghiệp", "công ty",
    "cổ phần", "cụm phó", "cụm trưởng", "dân - chính - đảng", "doanh nghiệp", "đại diện", "đại học", "đảng bộ",
    "đảng ủy", "đặc khu", "điện lực", "giám đốc", "hành chính", "hành chính - lưu trữ", "hồ chí minh",
    "hội đồng", "khu chế xuất", "liên đoàn", "lưu trữ", "ngân hàng", "phó bí thư", "phó chánh văn phòng",
    "phó chủ nhiệm", "phó giám đốc", "phó tổng giám đốc", "phó trưởng ban", "phó trưởng phòng", "phụ trách",
    "quân sự", "quốc gia", "sài gòn", "thành phố", "thành ủy", "thành viên", "thi đua", "thương mại",
    "tổng công ty", "tổng giám đốc", "trách nhiệm hữu hạn", "trưởng ban", "trưởng phòng", "ủy ban",
    "ủy ban nhân dân", "văn phòng",
)  # fmt: skip

_PHRASES = frozenset(tuple(phrase.split()) for phrase in _TOGETHER)
_LONGEST = max(len(phrase) for phrase in _PHRASES)


def phrases(text: str) -> list[str]:
    """`text` cut into what should stay together: known names, a word with the number after it, single words."""
    words = text.split()
    parts: list[str] = []
    start = 0
    while start < len(words):
        length = next((n for n in range(_LONGEST, 1, -1) if _is_phrase(words[start : start + n], n)), 1)
        if length == 1 and start + 1 < len(words) and words[start + 1].isdigit():
            length = 2
        parts.append(" ".join(words[start : start + length]))
        start += length
    return parts


def _is_phrase(words: list[str], length: int) -> bool:
    return len(words) == length and tuple(word.casefold() for word in words) in _PHRASES
