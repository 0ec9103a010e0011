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
_TITLES = {"ông": "Ông", "bà": "Bà"}
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


def with_title(typed: str) -> str:
    """A name with the Ông or Bà that was typed before it; the name alone where neither was."""
    name = split_name(typed)
    title = _TITLES.get(name.honorific.casefold(), "")
    return f"{title} {name.full_name}" if title else name.full_name


def person_in(typed: str, family: str) -> str:
    """A person within a sentence: "đồng chí …" in a Party paper, in a State paper "bà …" where somebody said so."""
    if family == "party":
        return f"đồng chí {split_name(typed).full_name}"
    named = with_title(typed)
    return named[0].lower() + named[1:] if named != split_name(typed).full_name else named


def person_first_in(typed: str, family: str) -> str:
    """A person at the beginning of a line."""
    named = person_in(typed, family)
    return named[:1].upper() + named[1:]


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
