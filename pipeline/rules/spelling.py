"""The shorthand about names that have one spelling, wherever in a form they stand."""

import re
from collections.abc import Iterable
from typing import Final

from pipeline import vietnamese
from pipeline.model import Address, Json
from pipeline.rules.comparing import as_list
from pipeline.rules.making import Arguments, Shorthand, value_here
from pipeline.rules.scope import Check, Scope, Violation


# noi-dung F20: the cluster has one name, and it is looked for everywhere
def _spelled(arguments: Arguments) -> Check:
    names = arguments.operand("names")
    # names come from expressions and are known only when a form is judged; their patterns are made once
    known: dict[str, _Name] = {}

    def check(scope: Scope) -> list[Violation]:
        value = value_here(scope)
        faults: list[Violation] = []
        for text in as_list(names(scope)):
            if isinstance(text, str) and text:
                name = known.get(text) or known.setdefault(text, _Name(text))
                faults += _misspelt(name, value, scope.match.address)
        return faults

    return check


class _Name:
    """A name, and how people misspell it: other capitals, accents left out, "4" for "số 4", "04" for "4"."""

    def __init__(self, text: str) -> None:
        self.text = text
        words = vietnamese.fold(text).lower().split()
        parts = [_part(word, after) for word, after in zip(words, [*words[1:], ""], strict=True)]
        self._pattern = re.compile(rf"(?<![^\W_]){''.join(parts).rstrip()}(?![^\W_])")
        # nearly every text lacks the first word, however it is typed
        first = [
            {char, char.upper(), vietnamese.fold(char), vietnamese.fold(char).upper()}
            for char in text.lower().split()[0]
        ]
        self.begins = re.compile("".join(f"[{''.join(sorted(one))}]" for one in first)).search

    def misspelt(self, text: str) -> list[str]:
        """The places where the name is written otherwise; all in capitals is no mistake."""
        line = vietnamese.new_tones(vietnamese.clean(text))
        bare = vietnamese.fold(line).lower()
        # the places found in the one text are cut from the other
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


def _misspelt(name: _Name, value: Json, at: Address) -> list[Violation]:
    """A fault for each text in `value` that misspells the name."""
    if isinstance(value, str):
        wrong = name.misspelt(value)[:1] if name.begins(value) else []
        return [Violation(at, {"text": one, "name": name.text}, one) for one in wrong]
    below: Iterable[tuple[str, Json]] = ()
    if isinstance(value, dict):
        below = value.items()
    elif isinstance(value, list):
        below = ((str(at), one) for at, one in enumerate(value))
    found: list[Violation] = []
    for key, one in below:
        if isinstance(one, dict | list) or (isinstance(one, str) and name.begins(one)):
            found += _misspelt(name, one, at.child(key))
    return found


SHORTHANDS: Final = {"spelled": Shorthand(_spelled, frozenset({"text", "name"}), needs=("names",))}
