"""What stands within the loops of a template and may be in a document only once: bookmarks, ids, lists begun anew.

A loop writes what is in it many times, ids and all. Where nothing refers to such an id it is taken out when the
template is compiled: Word gives new ones. Where something does, or a list is to begin anew with each turn, the author
is told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.filling.tag_places import place_in
from pipeline.filling.tags import found_in
from pipeline.filling.values import Value
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.ooxml.word_order import SORTABLE, misordered, put_in_order

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_OFFICE: Final = "{urn:schemas-microsoft-com:office:office}"
_TEXT, _PARAGRAPH, _NUMBER = f"{_W}t", f"{_W}p", f"{_W}numPr"
_BOOKMARK, _BOOKMARK_END, _CONTROL = f"{_W}bookmarkStart", f"{_W}bookmarkEnd", f"{_W}sdtPr"
_BEGINS: Final = re.compile(r"\{%[-+]?(?:tr|tc|p|r)?[-+]?\s*(for|macro)\b")
_ENDS: Final = re.compile(r"\{%[-+]?(?:tr|tc|p|r)?[-+]?\s*end(?:for|macro)\b")
_SHAPE_TYPE: Final = f"{_VML}shapetype"


@dataclass
class _Walked:
    """The text of a part, and where in it the elements that matter stand."""

    text: str = ""
    marks: list[tuple[int, Value]] = field(default_factory=list)


def _walked(root: Value) -> _Walked:
    pieces: list[str] = []
    marks: list[tuple[int, Value]] = []
    length = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "end":
            if tag == _PARAGRAPH:
                pieces.append("\n")
                length += 1
        elif tag == _TEXT:
            pieces.append(element.text or "")
            length += len(pieces[-1])
        elif tag in (_BOOKMARK, _CONTROL, _NUMBER) or (isinstance(tag, str) and tag.startswith(_VML)):
            marks.append((length, element))
    return _Walked("".join(pieces), marks)


def looped(root: Value) -> list[tuple[int, Value]]:
    """The bookmarks, controls, shapes and list items within loops, each with how many loops are around it."""
    walked = _walked(root)
    changes: list[tuple[int, int]] = []
    for tag in found_in(walked.text):
        if _BEGINS.match(tag.text):
            changes.append((tag.start, 1))
        elif _ENDS.match(tag.text):
            changes.append((tag.start, -1))
    found, depth, next_change = [], 0, 0
    for at, element in walked.marks:
        while next_change < len(changes) and changes[next_change][0] < at:
            depth += changes[next_change][1]
            next_change += 1
        if depth > 0:
            found.append((depth, element))
    return found


def referred(roots: Iterable[Value]) -> frozenset[str]:
    """The words by which fields, links and objects of a document refer to bookmarks and shapes."""
    words: set[str] = set()
    for root in roots:
        for element in root.iter("{*}*"):
            if element.tag == f"{_W}instrText":
                words.update((element.text or "").replace('"', " ").split())
            for name, value in element.attrib.items():
                if name in (f"{_W}anchor", f"{_W}instr", "ShapeID", "type"):
                    words.update(value.replace('"', " ").replace("#", " ").split())
    return frozenset(words)


def prepared(roots: Mapping[str, Value]) -> set[str]:
    """Take out of the trees of a template's parts what a loop would double; the names of the parts that changed.

    Properties that stand in another order than the schema's are put in order on the way.
    """
    words = referred(roots.values())
    changed = set()
    for name, root in roots.items():
        for _, element in looped(root):
            if _taken_out(root, element, words):
                changed.add(name)
        for holder in root.iter(*SORTABLE):
            if misordered(holder) and all(isinstance(child.tag, str) for child in holder):
                put_in_order(holder)
                changed.add(name)
    return changed


def _taken_out(root: Value, element: Value, words: frozenset[str]) -> bool:
    if element.tag == _BOOKMARK:
        if element.get(f"{_W}name", "") in words:
            return False
        identifier = element.get(f"{_W}id")
        ends = [one for one in root.iter(_BOOKMARK_END) if one.get(f"{_W}id") == identifier]
        for one in (element, *ends):
            one.getparent().remove(one)
        return True
    if element.tag == _CONTROL:
        identifiers = element.findall(f"{_W}id")
        for one in identifiers:
            element.remove(one)
        return bool(identifiers)
    if element.tag == _SHAPE_TYPE or element.get("id", "") in words:
        return False
    names = [name for name in ("id", f"{_OFFICE}spid") if name in element.attrib]
    for name in names:
        del element.attrib[name]
    return bool(names)


def faults(roots: Mapping[str, Value]) -> Iterator[Finding]:
    """What a loop would double and cannot be taken out: bookmarks that something refers to, lists begun anew."""
    words = referred(roots.values())
    restarting = _restarting(roots.get("word/numbering.xml"))
    for name, root in roots.items():
        for depth, element in looped(root):
            bookmark = element.get(f"{_W}name", "")
            if element.tag == _BOOKMARK and bookmark in words:
                yield Finding(
                    "template.looped",
                    Severity.BLOCK,
                    say(
                        "the bookmark “{name}” stands in a loop: what refers to it finds the first one only.",
                        name=bookmark,
                    ),
                    place_in(element, name),
                    mend=say("Put the bookmark outside of the loop, or remove what refers to it."),
                )
            # in one loop a list begun anew goes on from turn to turn, as it should; not so in a loop within a loop
            if element.tag == _NUMBER and depth > 1 and _number(element) in restarting:
                yield Finding(
                    "template.looped",
                    Severity.BLOCK,
                    say("the list begins anew here, but in a loop within a loop it would count on."),
                    place_in(element, name),
                    mend=say(
                        "Make it the second level of the list around it, or print the number: {{{{ loop.index }}}}."
                    ),
                )


def _number(element: Value) -> str:
    found = element.find(f"{_W}numId")
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _restarting(numbering: Value) -> frozenset[str]:
    """The lists whose first number the author has set (“Restart at 1”)."""
    if numbering is None:
        return frozenset()
    return frozenset(
        str(one.get(f"{_W}numId", ""))
        for one in numbering.iter(f"{_W}num")
        if next(one.iter(f"{_W}startOverride"), None) is not None
    )
