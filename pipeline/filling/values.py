"""Values as they may be printed: composed (NFC), with one kind of line end, without what a Word file cannot hold.

Sources: XML 1.0 §2.2 (characters), UAX #15 (NFC). `\\f` and `\\a` mean page and paragraph breaks to docxtpl inside a
`Listing`; in plain text they are control characters as any other and refused.

All texts are checked together, and only when something is amiss one by one.
"""

import copy
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, Final, TypeAlias

from pipeline.filling.errors import ValueRefused
from pipeline.model import WHOLE, Address

#: Anything Python can hold: a template is given values of every kind, and asks them what they can do.
Value: TypeAlias = Any

#: Bytes that may belong to something unprintable: controls but tab and line feed, and what begins U+FFFE and U+FFFF.
_SUSPECT: Final = bytes(set(range(32)) - {9, 10}) + b"\xef"
_LEAVES: Final = frozenset({str, int, float, bool, type(None)})


@functools.cache
def illegal() -> Callable[[str], re.Match[str] | None]:
    """Finds a character XML 1.0 cannot hold. (Compiled when it is needed first: it takes as long as a document.)"""
    return re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search


def printable(text: str, pointer: str) -> str:
    """`text` composed, with line feeds only. Raises ValueRefused for a character a Word file cannot hold."""
    # most values are one printable line: only the others are looked at letter by letter
    if not text.isprintable():
        _refuse_illegal(text, pointer)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def composed(xml: str) -> str:
    """XML of docxtpl's classes, its text composed (but no mark joins the `>` before it), with line feeds only."""
    xml = xml.replace("\r\n", "\n").replace("\r", "\n")
    # whole first: nearly all XML is composed already
    if unicodedata.is_normalized("NFC", xml):
        return xml
    return re.sub("[^<>]+", lambda found: unicodedata.normalize("NFC", found.group()), xml)


def _refuse_illegal(text: str, pointer: str) -> None:
    found = illegal()(text)
    if found:
        from pipeline import messages

        raise ValueRefused(
            pointer,
            messages.say(
                "The value {pointer} holds the character U+{code}, which a Word file cannot hold. "
                "Remove it (character {index}).",
                pointer=pointer or "–",
                code=f"{ord(found.group()):04X}",
                index=found.start() + 1,
            ),
        )


def checked(values: Mapping[str, object]) -> Mapping[str, object]:
    """`values` with every text in it printable: the same object when nothing had to change, else a copy.

    Raises ValueRefused for the first text that cannot be printed, with its JSON pointer.
    """
    texts: list[str] = []
    if _gathered(values, texts) and _are_fine(" ".join(texts)):
        return values
    return {key: _one_by_one(value, WHOLE.child(key)) for key, value in values.items()}


def _gathered(value: Value, texts: list[str]) -> bool:
    """Put every text of `value` into `texts`; false when something can be read only once."""
    children: Iterable[Value]
    if isinstance(value, list | tuple):
        # the rows of a table are looked at as one row
        children = chain.from_iterable(map(dict.values, value)) if set(map(type, value)) == {dict} else value
    elif isinstance(value, Mapping):
        children = value.values()
    else:
        if isinstance(xml := getattr(value, "xml", None), str):
            texts.append(_without_breaks(xml))
        return not isinstance(value, Iterator)
    held = list(children)
    try:
        # joining looks at their types as well: nothing but texts is the usual case
        texts.append(" ".join(held))
    except TypeError:
        for child in held:
            kind = child.__class__
            if kind is str:
                texts.append(child)
            elif kind not in _LEAVES and not _gathered(child, texts):
                return False
    return True


def _without_breaks(xml: str) -> str:
    """The text of docxtpl's Listing and RichText, which may hold page and paragraph breaks."""
    return xml.replace("\a", "").replace("\f", "")


def _are_fine(joined: str) -> bool:
    try:
        encoded = joined.encode()
    except UnicodeEncodeError:
        return False
    # the question of `is_normalized`, which takes a third longer over what is composed already
    return len(encoded.translate(None, _SUSPECT)) == len(encoded) and unicodedata.normalize("NFC", joined) == joined


def _one_by_one(value: Value, at: Address) -> Value:
    if value.__class__ is str:
        return printable(value, str(at))
    if isinstance(value, dict):
        # a copy, so that a mapping with a class of its own stays one
        changed = copy.copy(value)
        changed.update((key, _one_by_one(child, at.child(str(key)))) for key, child in value.items())
        return changed
    if isinstance(value, Mapping):
        return {key: _one_by_one(child, at.child(str(key))) for key, child in value.items()}
    if isinstance(value, Iterator) or value.__class__ in (list, tuple):
        children = (_one_by_one(child, at.child(index)) for index, child in enumerate(value))
        return tuple(children) if value.__class__ is tuple else list(children)
    if isinstance(xml := getattr(value, "xml", None), str):
        _refuse_illegal(_without_breaks(xml), str(at))
    return value
