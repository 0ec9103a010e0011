"""Characters that no keyboard writes: they break documents or make them read differently than they look.

A cell that holds one counts as not filled in; the finding takes its place.
"""

from dataclasses import replace
from typing import Final

from pipeline.files.refusals import refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.reading.raw import Cell, RawForm
from pipeline.strict_yaml import NEVER_TYPED

#: A symbol font's signs were read before, in `fonts`.
FORBIDDEN: Final = NEVER_TYPED


def without_forbidden(raw: RawForm) -> tuple[RawForm, tuple[Finding, ...]]:
    """The form with every offending cell emptied, and a finding for each of them."""
    findings: list[Finding] = []

    def checked(cell: Cell) -> Cell:
        match = FORBIDDEN.search(cell.value) if isinstance(cell.value, str) else None
        if match is None:
            return cell
        finding = _finding(cell, match[0])
        # the covered parts of a merged cell repeat it
        if cell.anchor:
            findings.append(finding)
        return replace(cell, value=None, findings=(*cell.findings, finding))

    if not any(isinstance(cell.value, str) and FORBIDDEN.search(cell.value) for cell in raw.cells()):
        return raw, ()
    made = raw.mapped(checked)
    # names are the file's own words, too, and findings show them
    named = {FORBIDDEN.sub("\ufffd", name): cell for name, cell in made.named.items()}
    return replace(made, named=named, marker=FORBIDDEN.sub("", raw.marker)), tuple(dict.fromkeys(findings))


def _finding(cell: Cell, character: str) -> Finding:
    return refusal(
        "text.forbidden-character",
        say("The text contains a character that must not be there (U+{code}).", code=f"{ord(character):04X}"),
        say("Delete the text and type it again by hand."),
        found=FORBIDDEN.sub("\ufffd", cell.text)[:100],
        place=cell.place,
    )
