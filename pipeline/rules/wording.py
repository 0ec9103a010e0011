"""A rule's sentences in both languages, and how values are written into them."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from pipeline import vietnamese
from pipeline.messages import ENGLISH, VIETNAMESE
from pipeline.model import Json, Message, TemplateFault, TextTemplate

Param = Json | Message
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST: Final = 300  # characters of a value that are shown


@dataclass(frozen=True)
class Wording:
    """One sentence of a rule: its templates in Vietnamese and English."""

    vi: TextTemplate
    en: TextTemplate

    @classmethod
    def parse(cls, vi: str, en: str) -> Self:
        """The sentence as rules.yaml has it. Raises TemplateFault for anything but a plain name in braces."""
        made = cls(TextTemplate.parse(vi), TextTemplate.parse(en))
        if dotted := [name for name in (*made.vi.names, *made.en.names) if "." in name]:
            raise TemplateFault(f"{{{dotted[0]}}}")
        return made

    @property
    def names(self) -> frozenset[str]:
        """The names in braces, of both languages."""
        return frozenset((*self.vi.names, *self.en.names))

    def said(self, params: Mapping[str, Param]) -> Message:
        """The sentence with its values."""
        return Message(
            vi=self.vi.filled_by(lambda name: shown(params[name], VIETNAMESE)),
            en=self.en.filled_by(lambda name: shown(params[name], ENGLISH)),
        )


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
