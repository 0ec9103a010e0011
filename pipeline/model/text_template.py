"""A text with named places for values: parsed and checked once, filled in one pass.

    TextTemplate.parse("năm {year.year} của {cluster}").filled({"year.year": "2022", "cluster": "Cụm {4}"})
    -> "năm 2022 của Cụm {4}"

A value is never looked at again: whatever braces, percent signs or backslashes a unit wrote stand in the text as they
were written. `str.format` and `%` cannot promise that once a filled text meets a second format, and they read
attributes and items of the values; so no text from a file or a form is given to them.
"""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

#: A whole piece at a time: a doubled brace, a name in braces, plain text; else a brace nobody closed or opened.
_PIECE: Final = re.compile(r"(?P<doubled>\{\{|\}\})|\{(?P<name>[^{}]*)\}|(?P<plain>[^{}]+)|(?P<lone>[{}])")
_NAME: Final = re.compile(r"[^\W\d]\w*(?:\.\w+)*")


class TemplateFault(ValueError):  # noqa: N818 - names what is wrong with the text, not what the program did
    """A text cannot be a template: `piece` is what stands in it and may not.

    Either a name that is not known or no name at all ("{year.}" with its braces), or one lone brace.
    """

    def __init__(self, piece: str) -> None:
        super().__init__(piece)
        self.piece = piece


@dataclass(frozen=True)
class TextTemplate:
    """A parsed template: `literals[0]`, the value of `names[0]`, `literals[1]`, …; one literal more than names.

    In the source a name is written `{name}` or `{dotted.name}`, a brace itself `{{` or `}}`.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...] = ()

    @classmethod
    def parse(cls, source: str, known: Container[str] | None = None) -> Self:
        """The template written in `source`; with `known`, no other names may stand in it. Raises TemplateFault."""
        literals, names = [""], list[str]()
        for piece in _PIECE.finditer(source):
            if piece["lone"]:
                raise TemplateFault(piece["lone"])
            if piece["name"] is None:
                literals[-1] += piece["plain"] or piece["doubled"][0]
            elif not _NAME.fullmatch(piece["name"]) or (known is not None and piece["name"] not in known):
                raise TemplateFault(piece.group())
            else:
                names.append(piece["name"])
                literals.append("")
        return cls(tuple(literals), tuple(names))

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with every name's value. Raises KeyError for a name without one."""
        return self.filled_by(values.__getitem__)

    def filled_by(self, value_of: Callable[[str], str]) -> str:
        """The text with what `value_of` gives for each name."""
        return self._joined(self.literals, [value_of(name) for name in self.names])

    def partly_filled(self, values: Mapping[str, str]) -> Self:
        """The template that is left when the names in `values` have theirs: those are plain text from now on."""
        literals, names = [self.literals[0]], list[str]()
        for name, after in zip(self.names, self.literals[1:], strict=True):
            if name in values:
                literals[-1] += values[name] + after
            else:
                names.append(name)
                literals.append(after)
        return type(self)(tuple(literals), tuple(names))

    def as_pattern(self, patterns: Mapping[str, str]) -> str:
        """A regular expression for filled texts: the literals as they are, for each name its own pattern."""
        return self._joined([re.escape(text) for text in self.literals], [patterns[name] for name in self.names])

    @staticmethod
    def _joined(literals: Sequence[str], values: Sequence[str]) -> str:
        pieces = [literals[0]]
        for value, after in zip(values, literals[1:], strict=True):
            pieces += (value, after)
        return "".join(pieces)
