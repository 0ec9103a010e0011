"""The fields of a Word file: what each is told to work out, and what stands in it now.

Word writes a field in two ways: `w:fldSimple`, or three marks among the runs with the instruction between the first
two and the result between the last two (ECMA-376 Part 1, 17.16.18 and 17.16.19). Fields stand within fields.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pipeline.filling.values import Value

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: What holds a text of its own: a field begun outside of it does not go on inside.
_STORIES: Final = frozenset(f"{W}{name}" for name in ("txbxContent", "footnote", "endnote", "comment"))
_NAME: Final = re.compile(r"\s*(=|[A-Za-z]+)")


@dataclass
class WordField:
    """One field: `elements` are those it is made of at its own level, in order; `inner` the fields within it.

    `instruction` is its own text with the results of the fields in it; `shown` is the result as it stands; `form` is
    what a form field says of itself (`w:ffData`).
    """

    elements: list[Value] = field(default_factory=list)
    inner: "list[WordField]" = field(default_factory=list)
    instruction: str = ""
    shown: str = ""
    form: Value = None
    has_result: bool = False

    @property
    def name(self) -> str:
        """What kind of field it is, in capital letters; "" when its instruction begins with no word."""
        found = _NAME.match(self.instruction)
        return found.group(1).upper() if found else ""

    def take(self, text: str) -> None:
        """Add a text that stands in the field."""
        if self.has_result:
            self.shown += text
        else:
            self.instruction += text


def fields_of(root: Value) -> Iterator[WordField]:
    """The fields of a part, each after those within it."""
    yield from _in_story(root, [])


def _in_story(element: Value, opened: list[WordField]) -> Iterator[WordField]:
    for child in element.iterchildren("{*}*"):
        if child.tag in _STORIES:
            yield from _in_story(child, [])
        elif child.tag == f"{W}fldChar":
            yield from _marked(child, opened)
        elif child.tag == f"{W}fldSimple":
            simple = _begun(opened, WordField([child], instruction=child.get(f"{W}instr", ""), has_result=True))
            yield from _in_story(child, opened)
            # one left open within it ends with it
            del opened[opened.index(simple) :]
            yield simple
        elif child.tag in (f"{W}instrText", f"{W}t"):
            for one in opened if child.tag == f"{W}t" else opened[-1:]:
                one.take(child.text or "")
        else:
            yield from _in_story(child, opened)
    if element.tag in _STORIES or element.getparent() is None:
        yield from reversed(opened)
        opened.clear()


def _marked(mark: Value, opened: list[WordField]) -> Iterator[WordField]:
    """Take note of a mark; the field it ends."""
    kind = mark.get(f"{W}fldCharType")
    if kind == "begin":
        _begun(opened, WordField([mark], form=mark.find(f"{W}ffData")))
    elif opened:
        opened[-1].elements.append(mark)
        opened[-1].has_result = True
        if kind == "end":
            yield opened.pop()


def _begun(opened: list[WordField], one: WordField) -> WordField:
    if opened:
        opened[-1].inner.append(one)
    opened.append(one)
    return one
