"""Values as they may be printed: composed (NFC), with one kind of line end, without what a Word file cannot hold.

Sources: XML 1.0 §2.2 (characters), UAX #15 (NFC). `\\f` and `\\a` mean page and paragraph breaks to docxtpl inside a
`Listing`; in plain text they are control characters as any other and refused.
"""

import re
import unicodedata
from collections.abc import Mapping

from pipeline import messages
from pipeline.filling.problems import ValueRefused

#: Text that is certainly fine as it stands: no control, surrogate or combining character, nothing NFC could change.
PLAIN = re.compile("[ -~\n\t\u00a0-\u02ff\u0400-\u0482\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*").fullmatch

_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search


def printable(text: str, pointer: str) -> str:
    """`text` composed, with line feeds only. Raises ValueRefused when a Word file cannot hold one of its characters."""
    if PLAIN(text):
        return text
    found = _ILLEGAL(text)
    if found:
        raise ValueRefused(
            pointer,
            messages.say(
                "The value {pointer} holds the character U+{code}, which a Word file cannot hold. Remove it (character {index}).",
                pointer=pointer or "/",
                code=f"{ord(found.group()):04X}",
                index=found.start() + 1,
            ),
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def checked(values: Mapping[str, object]) -> dict[str, object]:
    """`values` with every text in it made printable; what is not text, list or mapping is left as it is.

    Raises ValueRefused for the first text that cannot be printed, with its JSON pointer.
    """
    return {key: _checked(value, "/" + _escaped(key)) for key, value in values.items()}


def _checked(value: object, pointer: str) -> object:
    kind = type(value)
    if kind is str:
        return printable(value, pointer)  # type: ignore[arg-type]  # just tested, exactly
    if kind is dict:
        return {key: _checked(child, f"{pointer}/{_escaped(key)}") for key, child in value.items()}  # type: ignore[attr-defined]
    if kind is list or kind is tuple:
        children = (_checked(child, f"{pointer}/{index}") for index, child in enumerate(value))  # type: ignore[arg-type, var-annotated]
        return list(children) if kind is list else tuple(children)
    return value


def _escaped(key: object) -> str:
    """A key as a part of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")
