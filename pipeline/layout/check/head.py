"""TT05, TT06: the title of the head, the names of superior and issuing body, the marks under them."""

import re

from pipeline import vietnamese
from pipeline.layout.check.blocks import Blocks, Facts, is_typed_half, same_words
from pipeline.layout.check.changes import SHORT_RULE, Letters, RuleUnder, rewording
from pipeline.layout.check.findings import BLOCK, Findings, Wanted, compare, mixed
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Line, Profile
from pipeline.messages import say


def check_head(findings: Findings, found: Blocks, profile: Profile, facts: Facts) -> None:
    """TT05, TT06: title, motto, the names of superior and issuing body, the marks under them."""
    if found.is_appendix:
        return
    own, other = (
        found.titles.get(profile.family),
        next((para for family, para in found.titles.items() if family != profile.family), None),
    )
    if other is not None:
        mixed(findings, profile, say("Title of the head"), other, profile.texts_["head_title"])
    _title(findings, found, own, profile, is_missing=own is None and other is None)
    _motto(findings, found, profile)
    _names(findings, found, profile, facts)
    check_issuer_mark(findings, found, profile)


def _title(findings: Findings, found: Blocks, own: Paragraph | None, profile: Profile, *, is_missing: bool) -> None:
    wanted = profile.texts_["head_title"]
    if is_missing:
        findings.block(
            "TT06",
            say("The head has no title."),
            needed=wanted,
            mend=say("Write the title at the top right of the first page."),
        )
    if own is None:
        return
    folded = vietnamese.fold(wanted).lower()
    pieces = [piece.strip() for piece in re.split(r"[\t\n]", own.text) if same_words(piece, folded)]
    # "uỷ" and "ủy" are both right: HD05 itself prints both
    if not any(vietnamese.new_tones(piece) == vietnamese.new_tones(wanted) for piece in pieces):
        findings.block(
            "TT06",
            say("The title of the head is misspelt."),
            own,
            needed=wanted,
            mend=say("Write it exactly so."),
            change=rewording(own, wanted) or _capitals(own, wanted),
        )
    # its line may be typed as an underline
    compare(
        findings,
        Wanted("TT06", BLOCK, say("Title of the head"), profile.styles["VTTieuDe"], skip=frozenset({"underline"})),
        [own],
    )
    # HD05: a line as long as the title; NĐ30: as long as the motto under it
    above_rule = found.motto if profile.texts_["head_motto"] and found.motto is not None else own
    if is_typed_half(own):
        return
    if not found.rules and not any(run.format.underline for run in above_rule.visible_runs):
        findings.block(
            "TT06",
            say("There is no line under the title of the head."),
            above_rule,
            mend=say("Draw a solid line under it, as long as the text."),
            change=RuleUnder(above_rule, 1.0),
        )


def _capitals(line: Paragraph, wanted: str) -> Letters | None:
    return Letters(line.visible_runs, {"caps": "1"}) if line.stripped.upper() == wanted else None


def _motto(findings: Findings, found: Blocks, profile: Profile) -> None:
    wanted = profile.texts_["head_motto"]
    if found.motto is not None and not wanted:
        mixed(findings, profile, say("Motto of the State"), found.motto)
    elif wanted and found.motto is None and found.title is not None:
        findings.block("TT06", say("The motto under the title is missing."), found.title, needed=wanted)
    elif wanted and found.motto is not None:
        said = [vietnamese.clean(piece) for piece in re.split(r"[\t\n]", found.motto.text)]
        if any(_with_hyphens(piece) == wanted for piece in said):
            if wanted not in said:
                findings.warn(
                    "TT06",
                    say("Hyphens, with a blank on either side, stand in the motto."),
                    found.motto,
                    needed=wanted,
                    change=rewording(found.motto, wanted),
                )
        else:
            findings.block(
                "TT06",
                say("The motto under the title is misspelt."),
                found.motto,
                needed=wanted,
                mend=say("Write it exactly so."),
                change=rewording(found.motto, wanted),
            )
        look = profile.styles["VTTieuNgu"]
        compare(findings, Wanted("TT06", BLOCK, say("Motto"), look, skip=frozenset({"underline"})), [found.motto])


def _with_hyphens(text: str) -> str:
    return re.sub(r"\s*[-–—]\s*", " - ", text)


def _names(findings: Findings, found: Blocks, profile: Profile, facts: Facts) -> None:
    if not found.names:
        findings.block(
            "TT06",
            say("The issuing body is not named at the top left."),
            mend=say("Write the superior's name and, in bold under it, the issuing body's."),
        )
        return
    parents, issuer = _split_names(found.names, facts)
    said = " ".join(para.stripped for para in issuer)
    if facts.issuer and vietnamese.compare_key(said) != vietnamese.compare_key(facts.issuer):
        findings.block("TT06", say("The issuing body is named otherwise."), issuer[0], needed=facts.issuer.upper())
    # NĐ30 draws a line under the issuing body: it may be typed as an underline
    skip = frozenset({"underline"})
    over, own = profile.styles["VTCapTren"], profile.styles["VTCoQuan"]
    compare(findings, Wanted("TT06", BLOCK, say("Name of the superior body"), over, upper=True, skip=skip), parents)
    compare(findings, Wanted("TT06", BLOCK, say("Name of the issuing body"), own, upper=True, skip=skip), issuer)


def _split_names(names: list[Paragraph], facts: Facts) -> tuple[list[Paragraph], list[Paragraph]]:
    """The superior's lines, and the issuing body's: those whose text is known to be its own, else the bold ones."""
    wanted = vietnamese.compare_key(facts.issuer)
    for count in range(1, len(names) + 1):
        if wanted and vietnamese.compare_key(" ".join(para.stripped for para in names[-count:])) == wanted:
            return names[:-count], names[-count:]
    # the superior in plain letters, the issuing body in bold below (HD05 Phụ lục 2, rows 2a and 2b)
    count = 0
    while count < len(names) and all(run.format.bold for run in names[-1 - count].visible_runs):
        count += 1
    count = max(1, count)
    return names[:-count], names[-count:]


def _is_ruled_below(found: Blocks) -> bool:
    """Whether a line may be drawn under the names: a shape is printed where it was pulled to."""
    number = [found.number] if found.number is not None else []
    return any(para.is_ruled or is_typed_half(para) for para in (*found.names, *number))


def check_issuer_mark(findings: Findings, found: Blocks, profile: Profile) -> None:
    """TT06: what stands under the name of a body, in a head or under a paper that it copied."""
    mark, wanted = found.issuer_mark, profile.shapes.issuer_mark
    is_star = mark is not None and mark.stripped == "*"
    if not found.names:
        return
    # HD05: an asterisk; NĐ30: a line of a third to a half of the name
    if isinstance(wanted, Line):
        if is_star and mark is not None:
            mixed(findings, profile, say("Asterisk under the issuing body's name"), mark)
        elif mark is None and not _is_ruled_below(found):
            findings.block(
                "TT06",
                say("There is no line under the issuing body's name."),
                found.names[-1],
                mend=say("Draw a solid line of a third to a half of the name's length."),
                change=RuleUnder(found.names[-1], SHORT_RULE),
            )
    elif mark is None or mark.stripped != wanted:
        findings.block(
            "TT06",
            say("The mark under the issuing body's name is missing or another one."),
            mark or found.names[-1],
            needed=wanted,
            change=rewording(mark, wanted) if mark is not None and mark.stripped else None,
            mend=say("Write it on a line of its own."),
        )
