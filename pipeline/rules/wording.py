"""A rule's sentences in their languages, and how values are written into them."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from pipeline import vietnamese
from pipeline.messages import ENGLISH, VIETNAMESE, joined, say, shown_in
from pipeline.model import Message, Number, TemplateFault, TextTemplate, Value

#: What a sentence may have in its braces: a value of a form, or something said about it.
Param: TypeAlias = "Message | bool | int | float | str | Sequence[Param] | Mapping[str, Param] | None"
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 300  # characters of a value that are shown


@dataclass(frozen=True)
class Wording:
    """One sentence of a rule: its templates with {placeholders} by language."""

    texts: tuple[tuple[str, str], ...]
    names: frozenset[str]  #: the names in braces, of all languages

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> Self:
        """The sentence as rules.yaml has it. Raises TemplateFault for anything but a plain name in braces."""
        names = {name for text in texts.values() for name in TextTemplate.parse(text).names}
        if dotted := [name for name in sorted(names) if "." in name]:
            raise TemplateFault(f"{{{dotted[0]}}}")
        return cls(tuple(texts.items()), frozenset(names))

    def said(self, params: Mapping[str, Param]) -> Message:
        """The sentence with the values it names."""
        return Message.of_texts(dict(self.texts), {name: written(params[name]) for name in sorted(self.names)})


def written(value: Param) -> Value:
    """A value as a sentence has it in any language: dates, numbers, several joined by commas."""
    if isinstance(value, Message):
        return value
    text = shown(value)
    if len(text) == _LONGEST:  # cut, perhaps: a value that long is neither a number nor a date
        return text
    match value:
        case bool():
            return say("yes") if value else say("no")
        case int() | float():
            return Number(value)
        case str():
            # a date has no third way of being written (docs/decisions/0016)
            return text if text == value else Message.of_texts({VIETNAMESE: text, ENGLISH: value})
        case list() | dict():
            parts = value.values() if isinstance(value, dict) else value
            return joined(map(written, parts), "; " if isinstance(value, dict) else ", ")
    return text


def shown(value: object) -> str:
    """A value as Vietnamese shows it: 05/6/2022, 1.250.000, several joined by commas; at most 300 characters."""
    text = _shown(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _shown(value: object) -> str:
    match value:
        case Message():
            return shown_in(value, VIETNAMESE)
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case int() | float():
            return vietnamese.number_vn(value)
        case str():
            return _date(value)
        case list():
            return ", ".join(_shown(one) for one in value)
        case dict():
            return "; ".join(_shown(one) for one in value.values())
        case _:
            return str(value)


def _date(text: str) -> str:
    if not _ISO_DATE.fullmatch(text):
        return text
    try:
        return vietnamese.date_short(dt.date.fromisoformat(text))
    except ValueError:
        return text
