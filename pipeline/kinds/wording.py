"""The words of a kind's files that are the office's own: «cluster.head_title», Cụm trưởng here, Khối trưởng there.

Where the State's papers are written another way than the Party's, both ways stand there, the Party's first:
«01-KH/CTĐ|01/KH-CTĐ». They are put in where the files are read, so that all that follows (labels by which a filled
form is read, messages, examples, the kept copy of a job) speaks as the office does.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_WORD: Final = re.compile("«([a-z_.]+)»")
_WAY: Final = r"((?:[^«»|\n]|«[a-z_.]+»)*)"
_EITHER: Final = re.compile(rf"«{_WAY}\|{_WAY}»")

#: What stands for an office that is not known: where kinds are looked at by themselves.
OF_NO_OFFICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "form": "party",
        "year": "2000",
        "last_year": "1999",
        "cluster.name": "Cụm thi đua",
        "cluster.group": "Cụm",
        "cluster.level": "cấp cụm",
        "cluster.head_title": "Cụm trưởng",
        "cluster.deputy_title": "Cụm phó",
        "cluster.symbol": "CTĐ",
        "cluster.parent": "cơ quan cấp trên",
        "head_unit": "DV1",
        "head_name": "đơn vị thứ nhất",
        "head_org": "Văn phòng đơn vị thứ nhất",
        "head_signer": "Nguyễn Văn An",
        "head_position": "Chánh Văn phòng",
        "deputy_unit": "DV2",
        "deputy_signer": "Hoàng Thị Hoa",
        "deputy_position": "Phó Chánh Văn phòng",
        "member_unit": "DV3",
    }
)


def worded(content: bytes, words: Mapping[str, str]) -> bytes:
    """Put an office's words into a file of YAML, where they stand in quoted texts; unknown ones stay."""
    text = content.decode("utf-8", "surrogateescape")
    if "«" not in text:
        return content

    def word(match: re.Match[str]) -> str:
        said = words.get(match[1])
        return match[0] if said is None else said.replace("\\", "\\\\").replace('"', '\\"')

    # the way first: what an office is called may hold any sign
    is_state = words.get("form") == "state"
    return _WORD.sub(word, _EITHER.sub(r"\2" if is_state else r"\1", text)).encode("utf-8", "surrogateescape")
