"""The shorthand about names that have one spelling, wherever in a form they stand."""

import re
from collections.abc import Iterator
from typing import Final

from pipeline import vietnamese
from pipeline.model import Json
from pipeline.rules.comparing import as_list
from pipeline.rules.making import Maker, Shorthand, value_here
from pipeline.rules.pointers import Parts, join
from pipeline.rules.scope import Check, Fault, Scope


def _spelled(argument: Json, maker: Maker) -> Check:
    names = maker.operand(argument)
    known: dict[str, _Name] = {}

    def check(scope: Scope) -> list[Fault]:
        value = value_here(scope)
        looked_for = [
            known.setdefault(name, _Name(name)) for name in as_list(names(scope)) if isinstance(name, str) and name
        ]
        return [
            Fault(join(parts), {"text": wrong, "name": name.text}, wrong)
            for parts, text in _texts(value, scope.match.parts)
            for name in looked_for
            for wrong in name.misspelt(text)[:1]
        ]

    return check


class _Name:
    """A name, and how people misspell it: other capitals, accents left out, "4" for "số 4", "04" for "4"."""

    def __init__(self, text: str) -> None:
        self.text = text
        words = vietnamese.fold(text).lower().split()
        following = [*words[1:], ""]
        parts = [
            rf"0*{word}"
            if word.isdigit()
            else rf"(?:{re.escape(word)} )?"
            if after.isdigit()
            else f"{re.escape(word)} "
            for word, after in zip(words, following, strict=True)
        ]
        self._pattern = re.compile(rf"(?<![^\W_]){''.join(parts).rstrip()}(?![^\W_])")
        # nearly every text lacks the first word, however it is typed
        first = "".join(f"[{char}{vietnamese.fold(char)}]" for char in text.split(maxsplit=1)[0].lower())
        self._first = re.compile(first, re.IGNORECASE)

    def misspelt(self, text: str) -> list[str]:
        """The places where the name is written otherwise; all in capitals is no mistake."""
        if self._first.search(text) is None:
            return []
        line = vietnamese.new_tones(vietnamese.clean(text))
        bare = vietnamese.fold(line).lower()
        if len(bare) != len(line):
            return []
        found = [line[match.start() : match.end()] for match in self._pattern.finditer(bare)]
        right = vietnamese.new_tones(self.text)
        return [one for one in found if one not in (right, right.upper())]


def _part(word: str, after: str) -> str:
    """How a word of a name may stand: zeros before a figure; the word before a figure may be left out."""
    if word.isdigit():
        return f"0*{word} "
    return f"(?:{re.escape(word)} )?" if after.isdigit() else f"{re.escape(word)} "


def _texts(value: Json, parts: Parts) -> Iterator[tuple[Parts, str]]:
    match value:
        case str():
            yield parts, value
        case list():
            for at, one in enumerate(value):
                yield from _texts(one, (*parts, str(at)))
        case dict():
            for name, one in value.items():
                yield from _texts(one, (*parts, name))


SHORTHANDS: Final = {"spelled": Shorthand(_spelled, frozenset({"text", "name"}))}
