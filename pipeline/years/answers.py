"""What an office tells of itself on its first day, from a file or asked for one by one."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline import vietnamese
from pipeline.errors import YearError
from pipeline.messages import say
from pipeline.strict_yaml import declared

_SCHEMA: Final = Path(__file__).with_name("answers.schema.yaml")
#: Words that stand in names and in no initials.
_NO_INITIALS: Final = frozenset({"số", "và", "các", "của"})
_LONGEST_CODE: Final = 12
#: What a line that is typed or pasted parts its columns by.
_PARTED: Final = re.compile(r"\t|;|\|")


@dataclass(frozen=True)
class Member:
    """A member unit as it is told; only `name` must be. The first of all leads, the second is its deputy."""

    name: str
    signer: str = ""
    position: str = ""
    code: str = ""
    org: str = ""
    type: str = "co_quan"
    mail: str = ""


@dataclass(frozen=True)
class Answers:
    """All that is asked for. `weight` of a content is "" where the office gives none."""

    is_party: bool
    year: int
    name: str
    parent: str
    place: str
    members: tuple[Member, ...]
    full_name: str = ""
    symbol: str = ""
    parent_lines: tuple[str, ...] = ()
    head_title: str = ""
    theme: str = ""
    term_from: dt.date | None = None
    decision: str = ""  #: the act by which the cluster was founded, as it is cited
    contents: tuple[tuple[str, str], ...] = field(default=())


def read(content: bytes, file: str, listed: tuple[Member, ...] = ()) -> Answers:
    """Read a file of answers; of the members it may say nothing when a list of them lies beside it.

    The list is newer than what stands in the file. Raises YearError with every problem of the file, each with its
    line.
    """
    found = declared.read(content, file, _SCHEMA)
    problems = list(found.problems)
    if not problems and not listed and "units" not in found.table:
        problems.append(found.problem("facts.units", "", say("“{key}” is missing.", key="units")))
    if problems:
        raise YearError(declared.listed(problems))
    said: Mapping[str, Any] = found.table
    begun = said.get("term_from")
    return Answers(
        is_party=said["form"] == "party",
        year=said["year"],
        **{key: vietnamese.clean(said.get(key, "")) for key in ("name", "parent", "place", "full_name")},
        **{key: vietnamese.clean(said.get(key, "")) for key in ("symbol", "head_title", "theme", "decision")},
        parent_lines=tuple(map(vietnamese.clean, said.get("parent_lines", ()))),
        term_from=dt.date.fromisoformat(begun) if begun else None,
        members=listed
        or tuple(member_of(one) if isinstance(one, str) else _member(one) for one in said.get("units", ())),
        contents=tuple(
            content_of(one) if isinstance(one, str) else (vietnamese.clean(one["title"]), str(one.get("weight", "")))
            for one in said.get("contents", ())
        ),
    )


def _member(said: Mapping[str, Any]) -> Member:
    return Member(**{key: vietnamese.clean(value) for key, value in said.items()})


def member_of(line: str | Sequence[str]) -> Member:
    """Read a line of a list of units: name; who signs; position; code. All but the name may be left out."""
    cells = columns_of(line) if isinstance(line, str) else line
    name, signer, position, code, *_ = (*map(vietnamese.clean, cells), "", "", "", "")
    return Member(name, signer, position, code.upper())


def columns_of(line: str) -> list[str]:
    """Part a line that was typed or pasted into its columns: by tab, ";" or "|"."""
    return _PARTED.split(line)


def content_of(line: str) -> tuple[str, str]:
    """Read a line of a list of contents: its title and, parted by ";" or a tab, its weight."""
    title, weight, *_ = (*map(vietnamese.clean, columns_of(line)), "")
    return title, weight.replace(",", ".")


def symbol_of(name: str) -> str:
    """Propose the symbol of a cluster in document numbers: the initials of its name and its number."""
    return vietnamese.upper("".join(_initials(name)))


def slug_of(symbol: str) -> str:
    """Give a symbol in plain letters, for file names."""
    return re.sub(r"[^A-Z0-9]", "", vietnamese.fold(symbol).upper())[:_LONGEST_CODE]


def code_of(name: str, taken: Sequence[str]) -> str:
    """Propose the code of a unit: the initials of its name in plain letters, with a number where it is taken."""
    plain = slug_of("".join(_initials(name)))
    # a name of one word is its own code
    code = plain if len(plain) > 1 and plain[0].isalpha() else slug_of(name.replace(" ", ""))
    code = code if code[:1].isalpha() and len(code) > 1 else f"DV{code}"
    free = (f"{code[: _LONGEST_CODE - 2]}{more}" if more else code for more in ("", *range(2, 100)))
    return next(one for one in free if one not in taken)


def _initials(name: str) -> list[str]:
    words = re.findall(r"\w+", name)
    return [
        word if word.isdigit() else word[0] for word in words if word.isdigit() or word.lower() not in _NO_INITIALS
    ]
