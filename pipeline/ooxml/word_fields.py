"""The fields of a Word file: what each is told to work out, what stands in it now, and what stands around a text.

Word writes a field in two ways: `w:fldSimple`, or three marks among the runs with the instruction between the first
two and the result between the last two (ECMA-376 Part 1, 17.16.18 and 17.16.19). Fields stand within fields, reach
over paragraphs, and end with the story they begin in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.ooxml.numerals import whole_number

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARK, _SIMPLE, _INSTRUCTION, _TEXT = (f"{W}{name}" for name in ("fldChar", "fldSimple", "instrText", "t"))
#: What begins a field: a part without any of them has none.
FIELD_MARKS: Final = (_MARK, _SIMPLE)
#: What holds a text of its own: a field begun outside of it does not go on inside.
_STORIES: Final = frozenset(f"{W}{name}" for name in ("txbxContent", "footnote", "endnote", "comment"))
#: They follow from the pages alone (17.16.5). PAGEREF does not: Word prints what was saved, LibreOffice what is now.
_PAGES: Final = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"})
_NAME: Final = re.compile(r"\s*(=|[A-Za-z]+)")
_OFF: Final = frozenset({"0", "false", "off"})
_WORKED_OUT: Final = frozenset({"currentDate", "currentTime", "calculated"})

Element = etree._Element


@dataclass(eq=False)
class WordField:
    """One field: `elements` are those it is made of at its own level, in order; `inner` the fields within it.

    `instruction` is its own text with the results of the fields in it; `shown` is the result as it stands; `form` is
    what a form field says of itself (`w:ffData`). One that never ends (`has_end`) Word does not show as a field.
    """

    elements: list[Element] = field(default_factory=list)
    inner: "list[WordField]" = field(default_factory=list)
    instruction: str = ""
    shown: str = ""
    form: Element | None = None
    has_result: bool = False
    has_end: bool = False

    @property
    def name(self) -> str:
        """What kind of field it is, in capital letters; "" when its instruction begins with no word."""
        found = _NAME.match(self.instruction)
        return found.group(1).upper() if found else ""

    @property
    def follows_pages(self) -> bool:
        """Whether the pages alone decide what it prints (17.16.5)."""
        return self.name in _PAGES

    @property
    def is_box(self) -> bool:
        """Whether it is a tick box of the old kind."""
        return self.form is not None and self.form.find(f"{W}checkBox") is not None

    @property
    def chosen(self) -> str | None:
        """What a tick box or list of the old kind shows (17.16.6–28); None for any other field."""
        box = self.form.find(f"{W}checkBox") if self.form is not None else None
        if box is not None:
            said = _first(box, "checked", "default")
            return "☒" if said is not None and said.get(f"{W}val", "1") not in _OFF else "☐"
        choice = self.form.find(f"{W}ddList") if self.form is not None else None
        if choice is None:
            return None
        entries = [entry.get(f"{W}val", "") for entry in choice.iterfind(f"{W}listEntry")]
        said = _first(choice, "result", "default")
        at = whole_number(said.get(f"{W}val", "0")) if said is not None else 0
        return entries[at] if at is not None and at < len(entries) else ""

    @property
    def fills_itself(self) -> bool:
        """Whether it is a form field that works out what stands in it: today, now, a sum (17.16.34)."""
        kinds = self.form.iterfind(f"{W}textInput/{W}type") if self.form is not None else ()
        return any(kind.get(f"{W}val") in _WORKED_OUT for kind in kinds)

    def take(self, text: str) -> None:
        """Add a text that stands in the field."""
        if self.has_result:
            self.shown += text
        else:
            self.instruction += text


def _first(holder: Element, *names: str) -> Element | None:
    return next((one for name in names if (one := holder.find(f"{W}{name}")) is not None), None)


class Fields:
    """The fields of a part or of a paragraph, and where every element stands among them."""

    def __init__(self, root: Element) -> None:
        self.all: list[WordField] = []
        self._begun: dict[Element, WordField] = {}
        self._around: dict[Element, tuple[tuple[WordField, bool], ...]] = {}
        opened: list[WordField] = []
        self._through(root, opened)
        self.all.extend(reversed(opened))

    def begun_by(self, element: Element) -> WordField | None:
        """The field that a mark, or a `w:fldSimple`, begins; None for one that never ends, and for anything else."""
        found = self._begun.get(element)
        return found if found is not None and found.has_end else None

    def around(self, element: Element) -> Iterator[WordField]:
        """The fields in whose result an element stands, the outermost first."""
        return (one for one, is_result in self._around.get(element, ()) if one.has_end and is_result)

    def is_of_pages(self, element: Element) -> bool:
        """Whether the pages decide what an element shows."""
        return element in self._around and any(one.follows_pages for one in self.around(element))

    def is_shown(self, element: Element) -> bool:
        """Whether an element is on the page: not part of an instruction, nor the spare text of a form field."""
        around = self._around.get(element)
        return around is None or all(
            (is_result and one.chosen is None) or not one.has_end for one, is_result in around
        )

    def _through(self, element: Element, opened: list[WordField]) -> None:
        for child in element.iterchildren("{*}*"):
            tag = child.tag
            if tag in _STORIES:
                inner: list[WordField] = []
                self._through(child, inner)
                self.all.extend(reversed(inner))
                continue
            if opened:
                self._around[child] = tuple((one, one.has_result) for one in opened)
            if tag == _MARK:
                self._mark(child, opened)
            elif tag == _SIMPLE:
                self._simple(child, opened)
            elif tag in (_INSTRUCTION, _TEXT):
                for one in opened if tag == _TEXT else opened[-1:]:
                    one.take(child.text or "")
            else:
                self._through(child, opened)

    def _simple(self, child: Element, opened: list[WordField]) -> None:
        one = WordField([child], instruction=child.get(f"{W}instr", ""), has_result=True, has_end=True)
        self._begin(opened, one)
        self._through(child, opened)
        # one left open within it ends with it, as it does with a story
        at = opened.index(one)
        self.all.extend(reversed(opened[at + 1 :]))
        del opened[at:]
        self.all.append(one)

    def _mark(self, mark: Element, opened: list[WordField]) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._begin(opened, WordField([mark], form=mark.find(f"{W}ffData")))
        elif opened and opened[-1].elements[0].tag == mark.tag:  # a stray mark ends no simple field
            opened[-1].elements.append(mark)
            opened[-1].has_result = True
            if kind == "end":
                ended = opened.pop()
                ended.has_end = True
                self.all.append(ended)

    def _begin(self, opened: list[WordField], one: WordField) -> None:
        if opened:
            opened[-1].inner.append(one)
        opened.append(one)
        self._begun[one.elements[0]] = one


#: The fields of a part in which none begins.
NO_FIELDS: Final = Fields(etree.Element("none"))
