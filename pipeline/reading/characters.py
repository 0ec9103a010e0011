"""Characters that no keyboard writes, and signs that no official document can be printed with.

The first break documents or make them read differently than they look. A cell that holds one counts as not filled in;
the finding takes its place.
"""

import re
from dataclasses import replace
from typing import Final

from pipeline.files.refusals import refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.reading.raw import Cell, RawForm
from pipeline.strict_yaml import NEVER_TYPED

#: A symbol font's signs were read before, in `fonts`.
FORBIDDEN: Final = NEVER_TYPED
#: Scripts and pictures that Times New Roman, which official documents are set in (HD36 I.4, NĐ30 Phụ lục I), lacks:
#: those of India, Thailand, China, Japan and Korea, and what is drawn in colours. Without a letter a box is printed.
NOT_PRINTED: Final = re.compile(
    "[\u0700-\u10ff\u1100-\u1cff\u2e80-\u2fff\u3001-\ua63f\ua6a0-\ua6ff\ua800-\uab2f\uab70-\ud7ff\uf900-\ufaff"
    "\ufe10-\ufe1f\ufe30-\ufe6f\uff5f-\uffef\U00010000-\U0010ffff"
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e"
    "\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55]"
)
_LOOKED_AT: Final = re.compile(f"{FORBIDDEN.pattern}|{NOT_PRINTED.pattern}")


def without_forbidden(raw: RawForm) -> tuple[RawForm, tuple[Finding, ...]]:
    """The form with every offending cell emptied, and a finding for each that holds what nobody types."""
    findings: list[Finding] = []

    def checked(cell: Cell) -> Cell:
        match = FORBIDDEN.search(cell.value) if isinstance(cell.value, str) else None
        sign = NOT_PRINTED.search(cell.value) if isinstance(cell.value, str) and match is None else None
        if sign is not None:  # told where it stands in a value; a form may well have its title in two languages
            return replace(cell, value=None, findings=(*cell.findings, _not_printed(cell, sign[0])))
        if match is None:
            return cell
        finding = _finding(cell, match[0])
        # the covered parts of a merged cell repeat it
        if cell.anchor:
            findings.append(finding)
        return replace(cell, value=None, findings=(*cell.findings, finding))

    if not any(isinstance(cell.value, str) and _LOOKED_AT.search(cell.value) for cell in raw.cells()):
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


def _not_printed(cell: Cell, sign: str) -> Finding:
    return refusal(
        "text.not-printed",
        say(
            "The sign “{sign}” cannot be printed: the font of official documents (Times New Roman) lacks it.",
            sign=sign,
        ),
        say("Put it into Latin letters, or leave it out."),
        found=cell.text[:100],
        place=cell.place,
    )
