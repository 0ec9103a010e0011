"""TT06, TT07, TT13 of a paper that several bodies issue: all are named, all stand in the number, all sign.

HD05 II.2.1.5, II.2.2.3 and II.2.9: the lead first, a hyphen between names and between symbols; each title with its
body. What a form says of it is the profile's `joint`.
"""

import re
from collections.abc import Sequence
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check import number_line
from pipeline.layout.check.blocks import Blocks, Signature, own_text
from pipeline.layout.check.findings import Findings
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Profile
from pipeline.messages import say

#: How the name of a body begins: "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI" is one body.
_BODY: Final = re.compile(
    r"(?:BAN|BỘ|CHI CỤC|CÔNG AN|CỤC|ĐẢNG (?:ỦY|UỶ)|ĐOÀN|HỘI|LIÊN ĐOÀN|PHÒNG|SỞ|TỈNH (?:ỦY|UỶ)|THÀNH (?:ỦY|UỶ)"
    r"|TỔNG CÔNG TY|TRƯỜNG|(?:ỦY|UỶ) BAN|VĂN PHÒNG|VIỆN)\s+\S"
)
_HYPHENS: Final = re.compile(r"\s+[-–]\s+")
_OTHERS: Final = re.compile(r"\s*[,;/&]\s*|\s+VÀ\s+")
_NUMBER: Final = re.compile(r"^số\b", re.IGNORECASE)


def check_joint(findings: Findings, found: Blocks, profile: Profile) -> None:
    """The rules of a paper of several bodies; nothing where one issues it."""
    bodies, is_hyphened = _bodies(found, profile)
    if len(bodies) < 2 or found.is_appendix:
        return
    if not is_hyphened:
        findings.warn(
            "TT06",
            say("Between the names of several bodies stands a hyphen."),
            found.names[-1],
            needed=profile.joint.between.join(bodies),
        )
    _symbols(findings, found, bodies, profile)
    _signers(findings, found, bodies, profile)


def _bodies(found: Blocks, profile: Profile) -> tuple[list[str], bool]:
    """The bodies that issue a paper, in order, and whether they are parted as the forms want it."""
    columns: dict[int, list[Paragraph]] = {}
    for line in found.names:
        columns.setdefault(line.cell[2] if line.cell is not None else 0, []).append(line)
    if len(columns) > 1:
        return [_own(lines) for _, lines in sorted(columns.items())], True
    name = _own(found.names)
    hyphened = _HYPHENS.split(name)
    if len(hyphened) > 1 and all(map(_BODY.match, hyphened)):
        return hyphened, True
    others = _OTHERS.split(name)
    # "VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN" is one body, with one symbol and one who signs
    is_joint = len(others) > 1 and all(map(_BODY.match, others)) and len(found.signatures) > 1
    return (others, False) if is_joint and len(_symbols_of(found, profile)) > 1 else ([name], True)


def _own(names: Sequence[Paragraph]) -> str:
    """The name without that of the superior over it, which is not in bold."""
    bold = [line for line in names if line.visible_runs and all(run.format.bold for run in line.visible_runs)]
    return vietnamese.clean(" ".join(line.stripped for line in bold or names))


def _symbols_of(found: Blocks, profile: Profile) -> list[str]:
    """The symbols in a well-formed number: "SNV" and "SYT" of "05/KH-SNV-SYT"."""
    # a letter of the State has its own symbols there: body and office
    if found.number is None or found.type is None:
        return []
    parts = number_line.parsed(own_text(found.number, _NUMBER), profile)
    return [] if parts is None else parts[2].split("-")


def _symbols(findings: Findings, found: Blocks, bodies: Sequence[str], profile: Profile) -> None:
    symbols = _symbols_of(found, profile)
    if found.number is None or not symbols:
        return
    if len(symbols) < len(bodies):
        findings.block(
            "TT07",
            say("The symbol of a paper of several bodies names each of them."),
            found.number,
            mend=say("Write the lead's symbol first, then the others', with hyphens."),
        )
        return
    wanted = [_initials(body) for body in bodies]
    if symbols != wanted and sorted(symbols) == sorted(wanted):
        findings.block(
            "TT07",
            say("The symbols stand in another order than the bodies: the lead's is the first."),
            found.number,
            needed="-".join(wanted),
        )


def _initials(body: str) -> str:
    return "".join(word[0] for word in body.upper().split() if word[0].isalnum())


def _signers(findings: Findings, found: Blocks, bodies: Sequence[str], profile: Profile) -> None:
    if not found.signatures:
        return
    if len(found.signatures) < len(bodies):
        findings.block(
            "TT13",
            say("Each of the bodies that issue a paper signs it."),
            found.signatures[-1].lines[0],
            mend=say("Add who signs for the others, each title with its body."),
        )
        return
    for signature in found.signatures:
        if not any(_names(signature, body) for body in bodies):
            findings.warn(
                "TT13",
                say("In a paper of several bodies each title stands with its body."),
                signature.lines[0],
            )
    first = next((each for each in found.signatures if _names(each, bodies[0])), None)
    if first is not None and profile.joint.is_lead_right and not _is_rightmost(first, found.signatures):
        findings.warn("TT13", say("The lead of several bodies signs at the right."), first.lines[0])


def _names(signature: Signature, body: str) -> bool:
    said = vietnamese.new_tones(" ".join(line.stripped for line in signature.lines).upper())
    return vietnamese.new_tones(body.upper()) in said


def _is_rightmost(signature: Signature, all_of_them: Sequence[Signature]) -> bool:
    here = signature.lines[0].cell
    if here is None:
        return True
    columns = [each.lines[0].cell[2] for each in all_of_them if each.lines[0].cell is not None]
    return here[2] == max(columns)
