"""Text with its fonts made one Unicode text; what was converted from an old encoding is told, before and after."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from pipeline.files.refusals import warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.vietnamese.legacy import encoding_of_font, to_unicode

_SHOWN = 60
_CODE = "I11"
_MOST = 3  # single warnings; a form typed in an old font throughout gets one for all


def unicode_text(pieces: Iterable[tuple[str, str]], place: Place) -> tuple[str, tuple[Finding, ...]]:
    """The text of (text, font) pieces. Pieces of one font are joined first: a VNI letter may lie across two runs."""
    text, findings = "", []
    # Word cuts a text into runs anywhere, also within a letter that VNI writes with two signs
    for font, group in groupby(pieces, key=lambda piece: piece[1]):
        before = "".join(piece[0] for piece in group)
        after = to_unicode(before, font)
        encoding = encoding_of_font(font)
        # figures and plain letters are the same in the old encodings
        if encoding is not None and before.strip() and after != before:
            findings.append(
                warning(
                    _CODE,
                    say(
                        "The text is in the old font {font} ({encoding}); it was read as “{after}”.",
                        font=font,
                        encoding=encoding.value,
                        after=after.strip()[:_SHOWN],
                    ),
                    say("Check the reading; type the form in a Unicode font (Times New Roman)."),
                    found=before.strip()[:_SHOWN],
                    place=place,
                )
            )
        text += after
    return text, tuple(findings)


def gathered(findings: list[Finding]) -> list[Finding]:
    """The findings with many conversions of one file put into one, at the place of the first."""
    converted = [finding for finding in findings if finding.code == _CODE]
    if len(converted) <= _MOST:
        return findings
    first = converted[0]
    message = say(
        "{count} texts are in an old font or encoding; they were read as Unicode. The first: {first}",
        count=len(converted),
        first=first.message,
    )
    return [
        replace(finding, message=message) if finding is first else finding
        for finding in findings
        if finding is first or finding.code != _CODE
    ]
