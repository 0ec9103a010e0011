"""A Word file as a flat list of paragraphs, each with its text, its format and its place; and its sections."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pipeline.layout.applying import w
from pipeline.layout.check.cascade import Cascade
from pipeline.layout.check.formatting import ParagraphFormat, RunFormat, is_on
from pipeline.model import Place
from pipeline.ooxml import Package
from pipeline.ooxml.package import Element

_NO_BREAK: Final = re.compile(r"(?<=\S)\u00a0(?=\S)")


@dataclass(frozen=True)
class Run:
    """Text in one format; `element` is the run of the file that holds it, from its letter `start` on."""

    text: str
    format: RunFormat
    element: Element | None = field(default=None, repr=False, compare=False)
    start: int = field(default=0, repr=False, compare=False)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. `cell` is (table, row, column) or None; `order` is its place among all of the file."""

    text: str
    runs: tuple[Run, ...]
    format: ParagraphFormat
    style: str
    place: Place
    order: int
    cell: tuple[int, int, int] | None = None
    section: int = 0
    is_ruled: bool = False
    number: str = ""
    fields: tuple[str, ...] = ()
    is_part: bool = False  #: a line of a paragraph of the file, or
    is_half: bool = False  #: half of one: what is set for the paragraph is not this one's alone
    box: int = 0  #: the text box it stands in, counted from 1
    element: Element | None = field(default=None, repr=False, compare=False)
    #: whether what was asked of it alone, by name, found it sound
    found_sound: dict[str, bool] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def stripped(self) -> str:
        """The text without blanks around it; a blank between two words is one, also where no line may end."""
        text = self.text.strip()
        # several in a row are a room to be filled in, and stay
        return _NO_BREAK.sub(" ", text) if "\u00a0" in text else text

    @property
    def is_boxed(self) -> bool:
        """Whether it stands in a text box."""
        return self.box > 0

    @cached_property
    def visible_runs(self) -> tuple[Run, ...]:
        """The runs that hold something other than blanks."""
        return tuple(run for run in self.runs if run.text.strip())


@dataclass(frozen=True)
class Section:
    """One section: its mark, and the parts that are its headers and footers by type (default, first, even)."""

    mark: Element
    headers: dict[str, str]
    footers: dict[str, str]

    @property
    def has_own_first(self) -> bool:
        """Whether the first page has header and footer of its own."""
        flag = self.mark.find(w("titlePg"))
        return flag is not None and is_on(flag.get(w("val"), "1"))


@dataclass
class WordDocument:
    """A whole file: `body` in the order of the page, `aside` what stands in headers, footers, notes, text boxes."""

    package: Package
    cascade: Cascade
    body: list[Paragraph] = field(default_factory=list)
    aside: list[Paragraph] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    boxes: int = 0  #: how many text boxes were walked through
    is_ours: bool = False  #: made of a template here: most of it was read before

    @property
    def everything(self) -> list[Paragraph]:
        """All paragraphs, the body first."""
        return [*self.body, *self.aside]
