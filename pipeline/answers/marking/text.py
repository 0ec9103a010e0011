"""YAML: a comment above every faulty line, the values the same as before."""

import re
from collections.abc import Sequence
from typing import Final

from pipeline import strict_yaml
from pipeline.answers.marking.marks import Mark, by_target

#: A comment of ours: the sign and the code of a finding, and what goes on below it.
_OURS: Final = re.compile(r"[ \t]*# (?:[✗!i] \[[^\]]+\] |  ).*")
_BOM: Final = b"\xef\xbb\xbf"


def mark_yaml(content: bytes, marks: Sequence[Mark]) -> bytes | None:
    """A copy of a YAML form with comments; None when comments cannot stand there (broken text, lines within a value).

    What a text holds is compared before and after: a comment must never become part of a value.
    """
    before = strict_yaml.parse(content)
    if before.problems:
        return None
    text = content.removeprefix(_BOM).decode()
    # as the file has them, so that the copy differs by its comments alone
    ending = "\r\n" if "\r\n" in text else "\n"
    made: list[str] = []
    by_line = by_target(marks, [mark.place.line or 1 for mark in marks])
    for number, line in enumerate(text.split("\n"), start=1):
        if _OURS.fullmatch(line.rstrip("\r")):
            continue  # of an earlier marking
        indent = line[: len(line) - len(line.lstrip(" "))]
        made += [f"{indent}# {said}{ending[:-1]}" for mark in by_line.get(number, ()) for said in _said(mark)]
        made.append(line)
    marked = "\n".join(made).encode()
    after = strict_yaml.parse(marked)
    return marked if not after.problems and after.values == before.values else None


def _said(mark: Mark) -> list[str]:
    """The lines of one comment; those after the first are set in."""
    first, *more = mark.lines()
    # a line end in a message would end the comment, and begin a value
    return [" ".join(first.split()), *(f"  {' '.join(line.split())}" for line in more)]
