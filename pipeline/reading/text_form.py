"""Forms written as text: YAML and JSON. Names are the fields' names, places are lines."""

from dataclasses import replace
from typing import Final

from pipeline import strict_yaml
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Address, Place
from pipeline.reading import json_text
from pipeline.reading.raw import Cell, RawForm

_MARKERS: Final = ("kind", "doc_kind")
_MOST_PROBLEMS: Final = 20  # an answer of more pages than that helps nobody


def read_yaml(content: bytes) -> RawForm:
    """A YAML form. Raises Unfit when it holds nothing that could be a form."""
    parsed = strict_yaml.parse(content)
    mend = say("Correct this line (spaces at its beginning count), or fill in the form that the cluster sent out.")
    # whoever filled in the form needs to know the line, not which part of YAML it breaks
    problems = tuple(replace(problem, code="file.yaml", mend=mend) for problem in parsed.problems)
    return _form(replace(parsed, problems=problems), "yaml")


def read_json(content: bytes) -> RawForm:
    """A JSON form. Raises Unfit when it holds nothing that could be a form."""
    return _form(json_text.parse(content), "json")


def _form(parsed: strict_yaml.Parsed, format_: str) -> RawForm:
    findings = tuple(dict.fromkeys(parsed.problems))[:_MOST_PROBLEMS]
    if not isinstance(parsed.values, dict):
        if findings:
            return RawForm(format_, findings=findings, tree=True)
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
    if isinstance(parsed.values.get("form"), dict):  # "kind: … / form: …", as the examples of a kind are written
        named = {pointer.removeprefix("/form"): cell for pointer, cell in named.items()}
    # before the notes go: the secrecy gate looks at every text of the file
    texts = tuple(cell.text for cell in named.values())
    if format_ == "json":  # our own forms have their notes there: JSON knows no comments
        named = {pointer: cell for pointer, cell in named.items() if "/_" not in pointer}
    marker = next((named.pop(f"/{name}").text for name in _MARKERS if f"/{name}" in named), "")
    lines = tuple(f"{pointer.rpartition('/')[2]}: {cell.text}" for pointer, cell in named.items())
    return RawForm(format_, named=named, lines=(*lines, *texts), marker=marker, tree=True, findings=findings)
