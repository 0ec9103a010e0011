"""TT07: number and symbol; what is of the other system is TT05."""

import re
from dataclasses import replace
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.blocks import Blocks, Facts, holds_placeholder, own_text
from pipeline.layout.check.changes import rewording
from pipeline.layout.check.findings import WARN, Findings, Wanted, compare, mixed, other_families
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Profile
from pipeline.messages import say

# before numbering there is a blank to write in instead of figures
_PARTS: Final = {
    "number": r"(?P<number> 0[1-9]| [1-9]\d+|[\s\u00a0]{2,})",
    "type": r"(?P<type>[^\W_]+)",
    "issuer": r"(?P<issuer>[^\s/]+)",
}
_DOTTED: Final = re.compile(r"[.…_]{2,}")
_NUMBER_PARTS: Final = re.compile(
    r"^\s*số\s*(?P<colon>[:：]?)[\s\u00a0]*(?P<number>\d*)[\s\u00a0]*(?P<mark>[-–/])", re.IGNORECASE
)
_LETTER: Final = "công văn"


def check_number(findings: Findings, found: Blocks, profile: Profile, facts: Facts) -> None:
    """TT07: number and symbol; what is of the other system is TT05."""
    if found.is_appendix:
        return
    para = found.number
    if para is None:
        if facts.prints_number and _has_number(found, profile):
            findings.block(
                "TT07",
                say("There is no line with number and symbol."),
                found.type,
                needed=profile.number_line(None, _type_code(found, profile), facts.symbol or "…"),
            )
        return
    text = own_text(para, re.compile(r"^số\b", re.IGNORECASE))
    if (parts := parsed(text, profile)) is not None:
        _check_parts(findings, found, para, parts, profile, facts)
    elif not _DOTTED.search(text) and not holds_placeholder(text):  # they are told as such (TT15)
        _misshaped(findings, found, para, text, profile, facts)
    compare(findings, Wanted("TT07", WARN, say("Number and symbol"), profile.styles["VTSo"]), [para])


def _has_number(found: Blocks, profile: Profile) -> bool:
    if found.type is None:
        return bool(found.letter_subject)
    # whether a pledge is numbered the office has not said
    return vietnamese.compare_key(found.type.stripped) in {
        vietnamese.compare_key(name) for name in profile.types if "giao ước" not in name
    }


def _type_code(found: Blocks, profile: Profile) -> str:
    key = vietnamese.compare_key(found.type.stripped if found.type is not None else _LETTER)
    return next((code for name, code in profile.types.items() if vietnamese.compare_key(name) == key), "")


def parsed(text: str, profile: Profile) -> tuple[str, str, str] | None:
    """Number ("" when blank), type and issuer of a well-formed line."""
    before, *others = profile.shapes.number_line.literals
    # the space before the number belongs to it: of a blank for the number every space may be a no-break one
    shape = replace(profile.shapes.number_line, literals=(before.removesuffix(" "), *others))
    match = re.fullmatch(shape.as_pattern(_PARTS), text)
    return None if match is None else (match["number"].strip(), match["type"], match["issuer"])


def _check_parts(
    findings: Findings, found: Blocks, para: Paragraph, parts: tuple[str, str, str], profile: Profile, facts: Facts
) -> None:
    number, code, issuer = parts
    wanted = _type_code(found, profile)
    # NĐ30 has no abbreviation for a letter: "05/BNV-VP" names body and unit
    is_state_letter = found.type is None and not wanted
    others = {each for other in other_families(profile) for each in other.types.values()}
    if code not in profile.types.values() and not is_state_letter:
        # what some offices write beside the form's own list, and its shape of the line admits, is nobody's fault
        if re.match(profile.number_regex, _again(("01", code, issuer), profile)):
            pass
        elif code in others:
            mixed(findings, profile, say("Abbreviation “{code}” of the type", code=code), para, wanted or None)
        else:
            findings.block(
                "TT07",
                say("“{code}” is no abbreviation of a type of document.", code=code),
                para,
                needed=wanted or None,
            )
    elif is_state_letter and code == "CV":
        mixed(findings, profile, say("Abbreviation “{code}” of the type", code=code), para)
    elif wanted and code != wanted:
        findings.block(
            "TT07",
            say("The abbreviation in the number does not belong to the type of the document."),
            para,
            needed=wanted,
        )
    elif not is_state_letter and number and not re.match(profile.number_regex, f"{_again(parts, profile)}"):
        findings.block("TT07", say("Number and symbol are not written as the form prescribes."), para)
    # a letter of the State names the unit behind the body: its symbol is not the body's alone
    if facts.symbol and not is_state_letter and issuer != facts.symbol:
        findings.block("TT07", say("The symbol is not that of the issuing body."), para, needed=facts.symbol)


def _again(parts: tuple[str, str, str], profile: Profile) -> str:
    number, code, issuer = parts
    return profile.shapes.number_line.filled({"number": number, "type": code, "issuer": issuer})


def _misshaped(findings: Findings, found: Blocks, para: Paragraph, text: str, profile: Profile, facts: Facts) -> None:
    parts = _NUMBER_PARTS.match(text)
    before, after = profile.shapes.number_line.literals[:2]  # around the number, which every form writes first
    colon, mark = ":" in before, after[:1]
    symbol = facts.symbol or re.split(r"[/\-–]", text)[-1].strip() or "…"
    needed = profile.number_line(None, _type_code(found, profile) or "…", symbol)
    if parts is not None and parts["number"]:
        needed = profile.number_line(int(parts["number"]), _type_code(found, profile) or "…", symbol)
    # an en dash is what Word makes of a hyphen, not the other system's stroke
    is_foreign = parts is not None and (bool(parts["colon"]) != colon or parts["mark"] not in (mark, "–"))
    if is_foreign:
        mixed(findings, profile, say("Number and symbol"), para, needed, rewording(para, needed))
    else:
        findings.block(
            "TT07",
            say("Number and symbol are not written as the form prescribes."),
            para,
            needed=needed,
            mend=say("Under 10 one leading zero; no blanks within the symbol."),
            change=rewording(para, needed),
        )
