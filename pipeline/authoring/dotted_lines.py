"""Dotted lines of a letter, where somebody used to write by hand: each a tag, called by the words before it."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from pipeline import vietnamese

#: An element of lxml.
Element: TypeAlias = Any

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_DOTS: Final = re.compile(r"(?:[.…]{4,}|…[.…]+|_{4,})")
#: A label begins after what ended the sentence or the line before it.
_BEFORE: Final = re.compile(r"[^.;:…_(\[/]*[:(\[]?\s*$")
_LONGEST_WORDS: Final = 6
# number and date are the official form's: {{ document.number_line }}, {{ document.place_date }}
_OF_THE_FORM: Final = frozenset({"so", "ngay", "thang", "nam", ""})


def replace_dots(paragraph: Element, name_of: Callable[[str], str]) -> bool:
    """Put tags in the place of the dotted lines of a paragraph; whether there were any.

    `name_of` gives the name of the field of a label.
    """
    pieces = [one for one in paragraph.iter(f"{_W}t") if next(one.iterancestors(f"{_W}p"), None) is paragraph]
    text = "".join(one.text or "" for one in pieces)
    if "{{" in text or "{%" in text:
        text_of_tags = {at for tag in re.finditer(r"\{[{%].*?[}%]\}", text) for at in range(*tag.span())}
    else:
        text_of_tags = set()
    found = [
        (dots.span(), label)
        for dots, label in _labelled(text)
        if dots.start() not in text_of_tags and vietnamese.search_key(label) not in _OF_THE_FORM
    ]
    named = [(span, f"{{{{ doc.{name_of(label)} }}}}") for span, label in found]
    for (start, end), tag in reversed(named):
        _replace(pieces, start, end, tag)
    return bool(found)


def _labelled(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for dots in _DOTS.finditer(text):
        before = _BEFORE.search(text[: dots.start()])
        words = (before.group() if before else "").strip(" :([\t").split()
        yield dots, " ".join(words[-_LONGEST_WORDS:])


def _replace(pieces: list[Element], start: int, end: int, tag: str) -> None:
    """Put a text in the place of the characters from `start` to `end`, counted over all pieces."""
    at = 0
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            piece.text = text[:first] + (tag if start >= at else "") + text[last:]
            piece.set(_SPACE, "preserve")
        at += len(text)
