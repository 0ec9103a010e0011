"""Characters that no keyboard writes: they break documents or make them read differently than they look.

A cell that holds one counts as not filled in; the finding takes its place.
"""

import re
from dataclasses import replace
from typing import Final

from pipeline.files.refusals import refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.reading.raw import Cell, RawForm

# Controls but tab and line ends, directional overrides, halves of surrogate pairs, non-characters, and the sign that
# stands for a character lost in decoding: what it was, nobody can see any more. And the private area of the basic
# plane and those beyond: what it shows is known to one font alone (a symbol font's signs were read before, in
# `fonts`). Tags and marks of annotations show nothing and say something.
FORBIDDEN: Final = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\uf8ff\\ufdd0-\\ufdef"
    "\\ufff9-\\ufffb\\ufffd-\\uffff\\U000e0000-\\U000e00ff\\U000f0000-\\U0010ffff]"
)


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
