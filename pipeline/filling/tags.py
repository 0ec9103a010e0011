"""Jinja tags in a text: where each begins and ends, as Jinja's own lexer would read them.

Every tag is put on a line of its own (`numbered`), by a line feed *inside* its delimiter, where it changes nothing
of the output: so the line numbers Jinja reports name the tag itself and not the paragraph, as docxtpl's do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_OPENING = re.compile(r"\{\{|\{%|\{#")
_CLOSING: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-]?%\}")
_ENDRAW = re.compile(r"\{%[-+]?\s*endraw\s*[-+]?%\}")
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_PREFIX = re.compile(r"^(\{[{%#])(?:tr|tc|p|r)?([-+]?)\s")
_OF_A_TEMPLATE: Final = r"(?:doc|year|form|document|signers|recipients|gathered|choice)\b"
#: One brace for two, a space between the two, braces of another width: Jinja prints all of these as they stand.
_MISTYPED: Final = re.compile(
    rf"(?<![{{%#])[{{｛](?:\s+[{{｛])?\s*{_OF_A_TEMPLATE}[^{{}}｛｝]*(?:\s*[}}｝])+"
    rf"|｛｛\s*{_OF_A_TEMPLATE}[^{{}}｛｝]*(?:\s*[}}｝])+"
    r"|[{｛](?:\s+%|(?<=｛)%)\s*(?:(?:tr|tc|p|r)\s)?\s*(?:if|for|else|elif|endif|endfor)\b[^{}｛｝]*[}｝]?"
)


@dataclass(frozen=True)
class Tag:
    """One tag: `text` with its delimiters, from `start` to `end` in the text it was found in.

    `line` is its line in the numbered text; `is_closed` is false for a tag whose end was not found.
    """

    text: str
    start: int
    end: int
    line: int = 0
    is_closed: bool = True

    @property
    def inside(self) -> str:
        """What stands between the delimiters and their dashes."""
        closing = len(self.text) - 2 if self.is_closed else len(self.text)
        return self.text[2:closing].strip().removeprefix("-").removeprefix("+").removesuffix("-").strip()

    @property
    def keyword(self) -> str:
        """The first word of a statement ("for"), "" for an expression."""
        if not self.text.startswith("{%"):
            return ""
        found = re.match(r"[A-Za-z_]+", self.inside)
        return found.group() if found else ""


def mistyped_in(text: str) -> list[str]:
    """What was meant as a tag and is none for Jinja: "{ doc.subject }", "{ {doc.subject} }", "{ % if doc.due %}"."""
    return [found.group() for found in _MISTYPED.finditer(text)] if "{" in text or "｛" in text else []


def found_in(text: str) -> Iterator[Tag]:
    """The tags of `text` in order, comments left out; what stands between raw and endraw is no tag."""
    position = 0
    while opening := _OPENING.search(text, position):
        start = opening.start()
        raw = _RAW.match(text, start)
        if raw:
            yield Tag(raw.group(), start, raw.end())
            closing = _ENDRAW.search(text, raw.end())
            if closing is None:
                return
            yield Tag(closing.group(), closing.start(), closing.end())
            position = closing.end()
            continue
        end = _end_of(text, start, opening.group())
        if end < 0:
            yield Tag(_cut(text, start), start, start + 2, is_closed=False)
            position = start + 2
            continue
        if opening.group() != "{#":
            yield Tag(text[start:end], start, end)
        position = end


def _end_of(text: str, start: int, opening: str) -> int:
    """The index after the tag's closing delimiter, or -1: strings and open braces inside are passed over."""
    closing = _CLOSING[opening]
    if opening == "{#":
        found = text.find(closing, start + 2)
        return found + 2 if found >= 0 else -1
    position, depth = start + 2, 0
    while position < len(text):
        if depth == 0 and text.startswith(closing, position):
            return position + 2
        char = text[position]
        if char in "'\"":
            string = _STRING.match(text, position)
            if string is None:
                return -1
            position = string.end()
            continue
        if char == "{":
            # another tag begins: this one was never closed
            if text.startswith(("{{", "{%"), position) and depth == 0:
                return -1
            depth += 1
        elif char == "}":
            depth -= 1
        position += 1
    return -1


def _cut(text: str, start: int) -> str:
    """What an unclosed tag looks like: up to the end of its text, at most 40 characters."""
    return re.split(r"[<\n]", text[start : start + 40])[0]


def numbered(text: str) -> tuple[str, list[Tag]]:
    """`text` with a line feed inside each tag, and the tags with the line they then stand on."""
    pieces: list[str] = []
    tags: list[Tag] = []
    line, position, in_raw = 1, 0, False
    for tag in found_in(text):
        head = 3 if tag.text[2:3] in "-+" and len(tag.text) > 2 else 2
        before = text[position : tag.start + head] if not in_raw else text[position : tag.start]
        position = tag.start + head if not in_raw else tag.start
        in_raw = tag.keyword == "raw"
        pieces.append(before)
        line += before.count("\n")
        # between raw and endraw a line feed would be printed
        if tag.keyword != "endraw" and tag.is_closed:
            pieces.append("\n")
            line += 1
        tags.append(Tag(tag.text, tag.start, tag.end, line, tag.is_closed))
    pieces.append(text[position:])
    return "".join(pieces), tags


def plain(tag: str) -> str:
    """A tag without docxtpl's prefix, spaces and kind of quotes: what is the same before and after patching."""
    text = _PREFIX.sub(r"\1\2", tag)
    return re.sub(r"\s+", "", text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"}))
