"""What would put a departure from the official form right: told by the rules, carried out by `layout/mending`.

A rule that finds something says beside the finding what would mend it, where that touches no word. So one place knows
what is wanted, and what is mended is no longer found.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pipeline import vietnamese
from pipeline.layout.check.word_document import Paragraph, Run

#: Between a third and a half of the text above it (NĐ30 Phụ lục I).
SHORT_RULE: Final = 0.42
_ZEROS: Final = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True)
class Letters:
    """Another look of some letters: values of `w:rPr` by their tags; "font" stands for all four fonts."""

    runs: tuple[Run, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class Setting:
    """Another setting of a paragraph: attributes of `w:pPr` by "tag.attribute" ("jc.val", "spacing.before")."""

    line: Paragraph
    values: Mapping[str, str]


@dataclass(frozen=True)
class Wording:
    """Other punctuation, other blanks or another leading zero of a line: its words stay."""

    line: Paragraph
    text: str


@dataclass(frozen=True)
class Composed:
    """Vietnamese letters put together from parts, as composed ones."""

    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Sheet:
    """Another paper or other margins of a section: attributes of `w:sectPr` by "tag.attribute", in twips."""

    section: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class PageNumbers:
    """A page number on every page but the first; `size` in points.

    `edge` is "header" or "footer", `align` where in it the number stands ("center", "right").
    """

    edge: Literal["header", "footer"]
    align: str
    font: str = ""
    size: float = 0
    is_only_first: bool = False  #: the numbers are there, and the first page is to bear none


@dataclass(frozen=True)
class RuleUnder:
    """A drawn rule under a line, as long as that share of its text."""

    line: Paragraph
    share: float


Change: TypeAlias = Letters | Setting | Wording | Composed | Sheet | PageNumbers | RuleUnder


def rewording(line: Paragraph, text: str) -> Wording | None:
    """The change of a line into `text`, None where that would touch a word or a figure."""
    return Wording(line, text) if _words(line.text) == _words(text) else None


def _words(text: str) -> str:
    return _ZEROS.sub("", "".join(char if char.isalnum() else " " for char in vietnamese.clean(text))).replace(
        " ", ""
    )
