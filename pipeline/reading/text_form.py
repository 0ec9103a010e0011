"""Forms written as text: YAML and JSON. Names are the fields' names, places are lines."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pipeline import strict_yaml
from pipeline.files.refusals import Unfit, refusal, warning
from pipeline.messages import say
from pipeline.model import Address, Finding, Place
from pipeline.reading import json_text
from pipeline.reading.raw import Cell, RawForm

_MARKERS: Final = ("kind", "doc_kind")
_MOST_PROBLEMS: Final = 20  # an answer of more pages than that helps nobody


def read_yaml(content: bytes) -> RawForm:
    """A YAML form. Raises Unfit when it holds nothing that could be a form."""
    parsed = strict_yaml.parse(content)
    mend = say("Correct this line (spaces at its beginning count), or fill in the form that the cluster sent out.")
    # the deepest thing on a line comes last
    on_line = {line: pointer for pointer, line in parsed.lines.items()}
    # whoever filled in the form needs to know the line, not which part of YAML it breaks
    problems = (
        replace(
            problem,
            code="file.yaml",
            mend=mend,
            place=replace(problem.place, pointer=_address(on_line.get(problem.place.line, ""), parsed)),
        )
        for problem in parsed.problems
    )
    return _form(replace(parsed, problems=(*problems, *_cut(parsed))), "yaml")


def _cut(parsed: strict_yaml.Parsed) -> Iterator[Finding]:
    """Values that end at a “#”, because for YAML a comment begins there."""
    values = dict(strict_yaml.scalars(parsed.values))
    for pointer, comment in parsed.comments.items():
        # a value that is gone, or a sign that stands like “#2”: it was no comment that somebody meant
        tell = refusal if values.get(pointer) is None or comment[1:2].strip() else warning
        yield tell(
            "yaml.cut",
            say("What stands behind the sign # on this line was not read."),
            say("Put the whole value in quotes, or delete what stands behind it from the sign # on."),
            found=comment[:100],
            place=Place(_address(pointer, parsed), line=parsed.line_of(pointer)),
        )


def _address(pointer: str, parsed: strict_yaml.Parsed) -> Address:
    """The address in the form of a place in the text."""
    return Address.of(pointer.removeprefix("/form") if _has_head(parsed) else pointer)


def _has_head(parsed: strict_yaml.Parsed) -> bool:
    """Whether the form stands below a head ("kind: … / form: …"), as the examples of a kind are written."""
    return isinstance(parsed.values, dict) and isinstance(parsed.values.get("form"), dict)


def read_json(content: bytes) -> RawForm:
    """A JSON form. Raises Unfit when it holds nothing that could be a form."""
    return _form(json_text.parse(content), "json")


def _form(parsed: strict_yaml.Parsed, format_: str) -> RawForm:
    findings = tuple(dict.fromkeys(parsed.problems))[:_MOST_PROBLEMS]
    if not isinstance(parsed.values, dict):
        if findings:
            return RawForm(format_, findings=findings, tree=True, is_unread=not parsed.is_whole)
        raise Unfit(
            refusal(
                "I01",
                say("This text is not a form: lines of the kind “field: value” are missing."),
                say("Use the form that the cluster sent out."),
            )
        )
    named = {
        pointer: Cell(
            value if isinstance(value, str | int | float | bool | None) else "",
            Place(pointer=Address.of(pointer), line=parsed.line_of(pointer)),
        )
        for pointer, value in strict_yaml.scalars(parsed.values)
    }
    if _has_head(parsed):
        named = {pointer.removeprefix("/form"): cell for pointer, cell in named.items()}
    # before the notes go: the secrecy gate looks at every text of the file
    texts = (*(cell.text for cell in named.values()), *(comment.strip("# ") for comment in parsed.comments.values()))
    if format_ == "json":  # our own forms have their notes there: JSON knows no comments
        named = {pointer: cell for pointer, cell in named.items() if "/_" not in pointer}
    marker = next((named.pop(f"/{name}").text for name in _MARKERS if f"/{name}" in named), "")
    lines = tuple(f"{pointer.rpartition('/')[2]}: {cell.text}" for pointer, cell in named.items())
    return RawForm(
        format_,
        named=named,
        lines=(*lines, *texts),
        marker=marker,
        tree=True,
        findings=findings,
        is_unread=not parsed.is_whole,
    )
