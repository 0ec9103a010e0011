"""Text with its fonts made one Unicode text; what was converted from an old encoding is told, before and after."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from pipeline.files.refusals import refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Place
from pipeline.vietnamese import shortened
from pipeline.vietnamese.legacy import encoding_of_font, to_unicode
from pipeline.vietnamese.symbol_fonts import as_signs

STRUCK_OUT = "text.struck-out"
UNKNOWN_SIGN = "text.unknown-sign"
_SHOWN = 60
#: The code of a warning that text was in an old font.
OLD_FONT = "I11"
_MOST = 3  # single warnings; a form typed in an old font throughout gets one for all


def unicode_text(pieces: Iterable[tuple[str, str]], place: Place) -> tuple[str, tuple[Finding, ...]]:
    """The text of (text, font) pieces. Pieces of one font are joined first: a VNI letter may lie across two runs."""
    text, findings = "", []
    # Word cuts a text into runs anywhere, also within a letter that VNI writes with two signs
    for font, group in groupby(pieces, key=lambda piece: piece[1]):
        before = "".join(piece[0] for piece in group)
        after, lost = as_signs(to_unicode(before, font), font)
        if lost:
            findings.append(_unknown_sign(font, place))
        encoding = encoding_of_font(font)
        # figures and plain letters are the same in the old encodings
        if encoding is not None and before.strip() and after != before:
            findings.append(
                warning(
                    OLD_FONT,
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


def _unknown_sign(font: str, place: Place) -> Finding:
    """A sign of a picture font that no other font has: nothing else can be printed in its place."""
    return refusal(
        UNKNOWN_SIGN,
        say("A sign of the font “{font}” could not be read.", font=font),
        say("Type it as an ordinary character, or put it into words."),
        place=place,
    )


def struck_out(text: str, place: Place) -> Finding:
    """Text that somebody crossed out: a value no longer."""
    return warning(
        STRUCK_OUT,
        say("Text that is crossed out was not read: “{text}”.", text=shortened(" ".join(text.split()), _SHOWN)),
        say("Delete the crossed-out text, or take the line through it away."),
        place=place,
    )


def gathered(findings: list[Finding]) -> list[Finding]:
    """The findings with many conversions of one file put into one, at the place of the first."""
    converted = [finding for finding in findings if finding.code == OLD_FONT]
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
        if finding is first or finding.code != OLD_FONT
    ]
