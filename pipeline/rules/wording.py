"""A rule's sentences in both languages, and how values are written into them."""

import datetime as dt
import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline import vietnamese
from pipeline.messages import ENGLISH, VIETNAMESE
from pipeline.model import Json, Message

Param = Json | Message
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 300  # characters of a value that are shown


@dataclass(frozen=True)
class Wording:
    """One sentence of a rule: templates in Vietnamese and English with {placeholders}."""

    vi: str
    en: str

    def placeholders(self) -> set[str]:
        """The names in braces, of both languages."""
        return set(placeholders(self.vi)) | set(placeholders(self.en))

    def said(self, params: Mapping[str, Param]) -> Message:
        """The sentence with its values."""
        return Message(
            vi=self.vi.format_map(_Shown(params, VIETNAMESE)),
            en=self.en.format_map(_Shown(params, ENGLISH)),
        )


def placeholders(template: str) -> Iterator[str]:
    """The names in braces. Raises ValueError for a broken template or anything but a plain name in braces."""
    for _, name, spec, conversion in string.Formatter().parse(template):
        if name is None:
            continue
        if spec or conversion or not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
            raise ValueError(f"{{{name}}}")
        yield name


def shown(value: Param, language: str = VIETNAMESE) -> str:
    """A value as a sentence has it: 05/6/2022, 1.250.000, several joined by commas; at most 300 characters."""
    text = _shown(value, language)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _shown(value: Param, language: str) -> str:
    match value:
        case Message():
            return value.vi if language == VIETNAMESE else value.en
        case None:
            return ""
        case bool():
            return {"vi": ("không", "có"), "en": ("no", "yes")}[language][value]
        case int() | float():
            return vietnamese.number_vn(value) if language == VIETNAMESE else f"{value:,}"
        case str():
            return _date(value, language)
        case list():
            return ", ".join(_shown(one, language) for one in value)
        case dict():
            return "; ".join(_shown(one, language) for one in value.values())


def _date(text: str, language: str) -> str:
    if language == ENGLISH or not _ISO_DATE.fullmatch(text):
        return text
    try:
        return vietnamese.date_short(dt.date.fromisoformat(text))
    except ValueError:
        return text


@dataclass(frozen=True)
class _Shown:
    """The values of a sentence, each written out when the sentence asks for it."""

    params: Mapping[str, Param]
    language: str

    def __getitem__(self, name: str) -> str:
        return shown(self.params[name], self.language)
