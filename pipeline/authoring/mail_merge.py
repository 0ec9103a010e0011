"""An office's own letter turned into a template: MERGEFIELD and dotted lines become tags, IF a branch.

Word fills such a letter from a list of recipients; programs that only put values in the place of MERGEFIELD leave an
IF with the branch that was saved last, so that a woman is addressed as the man before her. What cannot be turned over
without loss stays a field: `filling.template_faults` tells of each with its place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from lxml import etree

from pipeline import ooxml, vietnamese
from pipeline.authoring.dotted_lines import replace_dots
from pipeline.files.refusals import Unfit
from pipeline.filling import TemplateError, template_faults
from pipeline.model import Finding

#: An element of lxml.
Element: TypeAlias = Any

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PARTS: Final = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_SOURCES: Final = re.compile(r"/(?:mailMergeSource|mailMergeHeaderSource|recipientData)$")
#: Names a template takes for methods of a dict (`doc.items`): Jinja looks for an attribute before a key.
_TAKEN: Final = frozenset(dir(dict))
#: A word of an instruction: in quotes, or up to the next space.
_WORD: Final = re.compile(r'\s*(?:["“”„]([^"“”]*)["“”]|([^\s"“”]+))')
# a tag is read after its quotes are made straight and its entities undone
_UNSAYABLE: Final = re.compile(r"[‘’“”&<>{}\x00-\x1f*?]")
_INNER: Final = re.compile("\x02(\\d+)\x03")
#: What a switch of MERGEFIELD asks for, as a filter; "" for what says nothing about the text.
_SWITCHES: Final = {
    ("\\*", "mergeformat"): "",
    ("\\*", "charformat"): "",
    ("\\*", "upper"): "upper",
    ("\\*", "lower"): "lower",
    ("\\@", "dd/mm/yyyy"): "date_short",
    ("\\#", "#,##0"): "number",
    ("\\#", "#.##0"): "number",
}
_TYPES: Final = {"date_short": "date", "number": "number"}


@dataclass(frozen=True)
class MergeField:
    """One field of a letter: its name in a template, what the letter calls it, and its x-type."""

    name: str
    label: str
    x_type: str = "text"


@dataclass(frozen=True)
class Letter:
    """A letter as a template; `problems` are the fields that could not be turned over, each with its place."""

    template: bytes
    fields: tuple[MergeField, ...]
    problems: tuple[Finding, ...]


class _Left(Exception):  # noqa: N818 - a field that stays as it is
    """A field says something no tag says."""


@dataclass
class _Field:
    """A field among the runs of a paragraph: its instruction, the fields in it as marks, the runs of its result."""

    first: Element
    last: Element
    instruction: str = ""
    inner: "list[_Field]" = field(default_factory=list)
    shown: list[Element] = field(default_factory=list)
    has_result: bool = False


def imported(letter: bytes) -> Letter:
    """The template of a letter. Raises TemplateError when it is no Word file."""
    try:
        parts = ooxml.opened(letter).all_parts()
    except Unfit as unfit:
        raise TemplateError([unfit.finding]) from unfit
    names: dict[str, MergeField] = {}
    for name in sorted(parts, key=lambda one: one != "word/document.xml"):
        if not _PARTS.fullmatch(name):
            continue
        root = etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True))
        changes = [
            _turn_over(paragraph, names) + replace_dots(paragraph, lambda label: _named(label, "text", names))
            for paragraph in root.iter(f"{_W}p")
        ]
        if any(changes):
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    _forget_source(parts)
    template = ooxml.packed(parts)
    return Letter(template, tuple(names.values()), template_faults(template))


def _forget_source(parts: dict[str, bytes]) -> None:
    """Take out where Word found the recipients: it asks for that file whenever the letter is opened."""
    for name, tag in (("word/settings.xml", f"{_W}mailMerge"), ("word/_rels/settings.xml.rels", "{*}Relationship")):
        if name not in parts:
            continue
        root: Element = etree.fromstring(parts[name], etree.XMLParser(resolve_entities=False, no_network=True))
        gone = [one for one in root.iter(tag) if one.tag == tag or _SOURCES.search(one.get("Type", ""))]
        for one in gone:
            one.getparent().remove(one)
        if gone:
            parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _turn_over(paragraph: Element, names: dict[str, MergeField]) -> int:
    """Put tags in the place of the fields of one paragraph that can be said as tags; how many there were."""
    count = 0
    for run in paragraph.findall(f"{_W}r"):
        if run.find(f"{_W}fldChar") is not None:
            _part(run)
    for one in _fields_in(paragraph):
        told = dict(names)
        try:
            text = _tags(one, told)
        except _Left:
            continue
        names.update(told)
        _put(paragraph, one, text)
        count += 1
    return count


def _part(run: Element) -> None:
    """Make a run of each child of a run: a field may begin and end in the middle of one."""
    properties = run.find(f"{_W}rPr")
    for child in [one for one in run if one is not properties][:-1]:
        before = etree.Element(run.tag, run.attrib)
        if properties is not None:
            before.append(etree.fromstring(etree.tostring(properties)))
        before.append(child)
        run.addprevious(before)


def _fields_in(paragraph: Element) -> list[_Field]:
    """The outermost fields that begin and end in a paragraph."""
    found: list[_Field] = []
    opened: list[_Field] = []
    for child in list(paragraph):
        mark = child.find(f"{_W}fldChar") if child.tag == f"{_W}r" else None
        kind = mark.get(f"{_W}fldCharType") if mark is not None else ""
        if child.tag == f"{_W}fldSimple":
            one = _Field(child, child, child.get(f"{_W}instr", ""), shown=child.findall(f"{_W}r"))
            # another field in a simple one is left, and the simple one with it
            _close(one if len(one.shown) == len(child) else _Field(child, child, "\x02"), opened, found)
        elif kind == "begin":
            opened.append(_Field(child, child))
        elif not opened:
            continue
        elif kind == "separate":
            opened[-1].has_result = True
        elif kind == "end":
            one = opened.pop()
            one.last = child
            _close(one, opened, found)
        elif opened[-1].has_result:
            opened[-1].shown.append(child)
        else:
            opened[-1].instruction += "".join(text.text or "" for text in child.iter(f"{_W}instrText"))
    return found


def _close(one: _Field, opened: list[_Field], found: list[_Field]) -> None:
    if not opened:
        found.append(one)
    elif not opened[-1].has_result:
        opened[-1].instruction += f"\x02{len(opened[-1].inner)}\x03"
        opened[-1].inner.append(one)


def _put(paragraph: Element, one: _Field, text: str) -> None:
    """A run of this text in the place of a field, looking as its result did."""
    looks = next((run.find(f"{_W}rPr") for run in one.shown if run.tag == f"{_W}r"), None)
    if looks is None:
        looks = one.first.find(f"{_W}rPr")
    run = etree.Element(f"{_W}r")
    if looks is not None:
        run.append(etree.fromstring(etree.tostring(looks)))
    letters = etree.SubElement(run, f"{_W}t")
    letters.text = text
    letters.set(_SPACE, "preserve")
    one.first.addprevious(run)
    children = list(paragraph)
    for child in children[children.index(one.first) : children.index(one.last) + 1]:
        paragraph.remove(child)


# --- what a field says, as tags ----------------------------------------------------------------------------------


def _words(instruction: str) -> Iterator[str]:
    position = 0
    text = instruction.strip()
    while position < len(text):
        found = _WORD.match(text, position)
        if found is None:
            raise _Left
        yield found.group(1) if found.group(1) is not None else found.group(2)
        position = found.end()


def _tags(one: _Field, names: dict[str, MergeField]) -> str:
    """A field as tags. Raises _Left when no tags say the same."""
    kind, *words = list(_words(one.instruction)) or [""]
    match kind.upper():
        case "MERGEFIELD":
            return _value(words, names)
        case "IF":
            return _branch(words, one.inner, names)
    raise _Left


def _value(words: Sequence[str], names: dict[str, MergeField]) -> str:
    expression, before, after = _read(words, names)
    name = expression.partition(" ")[0]
    whole = f"{before}{{{{ {expression} }}}}{after}"
    return f"{{% if {name} %}}{whole}{{% endif %}}" if before or after else whole


def _read(words: Sequence[str], names: dict[str, MergeField]) -> tuple[str, str, str]:
    """What a MERGEFIELD reads, as an expression, and the texts before and after it."""
    if not words or "\x02" in "".join(words):
        raise _Left
    label, *switches = words
    filters: list[str] = []
    around = {"\\b": "", "\\f": ""}
    for switch, argument in zip(switches[::2], switches[1::2], strict=len(switches) % 2 == 0):
        if switch in around:
            around[switch] = _plain(argument)
        else:
            found = _SWITCHES.get((switch, argument.casefold()))
            if found is None:
                raise _Left
            filters += [found] if found else []
    if len(switches) % 2:
        raise _Left
    types = [_TYPES[one] for one in filters if one in _TYPES]
    name = _named(label, types[0] if types else "text", names)
    return " | ".join((f"doc.{name}", *filters)), around["\\b"], around["\\f"]


def _branch(words: Sequence[str], inner: Sequence[_Field], names: dict[str, MergeField]) -> str:
    """IF as a branch: two things compared, and what to print either way."""
    if words[-2:-1] == ["\\*"]:
        words = words[:-2]
    if not 4 <= len(words) <= 5 or words[1] not in ("=", "<>"):
        raise _Left
    left, right = (_side(word, inner, names) for word in (words[0], words[2]))
    # a field that was left out of a form holds null: it is as empty as an empty text
    is_equal = words[1] == "="
    if "''" in (left, right):
        asked = right if left == "''" else left
        test = f"not {asked}" if is_equal else asked
    else:
        test = f"{left} {'==' if is_equal else '!='} {right}"
    yes, no = (_printed(word, inner, names) for word in (words[3], words[4] if len(words) > 4 else ""))
    return f"{{% if {test} %}}{yes}{f'{{% else %}}{no}' if no else ''}{{% endif %}}"


def _side(word: str, inner: Sequence[_Field], names: dict[str, MergeField]) -> str:
    """One side of a comparison, as an expression."""
    found = _INNER.fullmatch(word.strip())
    if found is None:
        return f"'{_plain(word)}'"
    kind, *words = list(_words(inner[int(found.group(1))].instruction)) or [""]
    if kind.upper() != "MERGEFIELD":
        raise _Left
    expression, before, after = _read(words, names)
    # what is compared is the value, not how it is printed
    if before or after or "|" in expression:
        raise _Left
    return expression


def _printed(word: str, inner: Sequence[_Field], names: dict[str, MergeField]) -> str:
    """What a branch prints: text, and fields in it."""
    pieces = _INNER.split(word)
    return "".join(
        _tags(inner[int(piece)], names) if index % 2 else piece.replace("{", "{{ '{' }}")
        for index, piece in enumerate(pieces)
    )


def _plain(word: str) -> str:
    """A text as it may stand in the quotes of a tag. Raises _Left."""
    if _UNSAYABLE.search(word) or "'" in word or "\\" in word or "\x02" in word:
        raise _Left
    return word


def _named(label: str, x_type: str, names: dict[str, MergeField]) -> str:
    """The name of a field in templates, the same whenever the letter asks for it."""
    known = names.get(label)
    if known is not None:
        if known.x_type == "text" and x_type != "text":
            names[label] = MergeField(known.name, known.label, x_type)
        return known.name
    name = re.sub(r"\W+", "_", vietnamese.fold(label).casefold(), flags=re.ASCII).strip("_") or "field"
    if name[0].isdigit() or name in _TAKEN:
        name = f"field_{name}"
    used = {one.name for one in names.values()}
    name = next(one for one in (name, *(f"{name}_{count}" for count in range(2, len(used) + 3))) if one not in used)
    names[label] = MergeField(name, label.replace("_", " ").strip() or name, x_type)
    return name
