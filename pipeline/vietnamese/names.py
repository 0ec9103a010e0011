"""People's names: what stands before them, and whether what is left can be a name (noi-dung §2, F10, F22)."""

import re
from dataclasses import dataclass

from pipeline.vietnamese.text import clean, compare_key

# Official documents print neither with a signer's name (the-thuc §2.9, F10); units type them all the same.
_HONORIFIC = re.compile(
    r"(?:đ ?/ ?c|đồng chí|ông ?/ ?bà|ông|bà|anh|chị|mr\.?|ms\.?|mrs\.?)(?:[.:,]| )\s*", re.IGNORECASE
)
_RANK = re.compile(
    r"(?:(?:gs|pgs|ts|ths|th\.s|cn|ks|bs|ncs|ls|nghệ nhân|nsưt|nsnd|ngưt|ngnd|ahlđ)\.|"
    r"(?:gs|pgs|ts|ths|giáo sư|phó giáo sư|tiến sĩ|tiến sỹ|thạc sĩ|thạc sỹ|cử nhân|kỹ sư|bác sĩ|luật sư|"
    r"(?:đại|thượng|trung|thiếu) (?:tướng|tá|uý|úy))\b[.,]?)\s*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")  # names of ethnic minorities have hyphens and apostrophes
LONGEST_NAME = 50  #: characters, as the register's metadata has it (noi-dung §1.4)


@dataclass(frozen=True)
class PersonName:
    """A name, and the honorific ("Đ/c", "Ông") and rank or degree ("ThS.", "Đại tá") typed before it."""

    full_name: str
    honorific: str = ""
    rank: str = ""


def split_name(typed: str) -> PersonName:
    """Split a name from what people write before it; both kinds of titles may stand there several times."""
    rest, honorific, rank = clean(typed), "", ""
    while True:
        if match := _HONORIFIC.match(rest):
            honorific = f"{honorific} {match.group().strip()}".strip()
        elif match := _RANK.match(rest):
            rank = f"{rank} {match.group().strip()}".strip()
        else:
            return PersonName(rest, honorific.rstrip(":,"), rank)
        if match.end() == len(rest):  # nothing but a title: it is kept, so that the finding can quote it
            return PersonName(rest, honorific, rank)
        rest = rest[match.end() :]


def is_name(full_name: str) -> bool:
    """Tell whether this can be a person's name: two words or more, letters only, at most 50 characters."""
    parts = clean(full_name).split(" ")
    return len(parts) >= 2 and len(full_name) <= LONGEST_NAME and all(_WORD.fullmatch(part) for part in parts)


def titled(full_name: str) -> str:
    """Give each word a capital: what is suggested for NGUYỄN VĂN A and nguyễn văn a."""
    return " ".join("-".join(piece.capitalize() for piece in part.split("-")) for part in clean(full_name).split(" "))


def same_person(one: str, other: str) -> bool:
    """Tell whether two typed names name the same person: titles, case, spacing and tone place do not count."""
    return compare_key(split_name(one).full_name) == compare_key(split_name(other).full_name)


def title_in(position: str, organisation: str) -> str:
    """A position with its organisation, what both say said once.

    "Chánh Văn phòng Đảng ủy" in "Văn phòng Đảng ủy Tổng công ty X" is "Chánh Văn phòng Đảng ủy Tổng công ty X".
    """
    left, right = position.split(), organisation.split()
    for length in range(min(len(left), len(right)), 0, -1):
        if [word.casefold() for word in left[-length:]] == [word.casefold() for word in right[:length]]:
            return " ".join(left + right[length:])
    return " ".join(left + right)
