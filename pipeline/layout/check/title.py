"""TT09, TT16: name of the type, trích yếu and the mark under it; appendices."""

import datetime as dt
import re
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.blocks import Appendix, Blocks, own_text
from pipeline.layout.check.changes import SHORT_RULE, RuleUnder, Wording
from pipeline.layout.check.date_line import date_of
from pipeline.layout.check.findings import WARN, Findings, Wanted, compare, mixed, other_families
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Line, Profile
from pipeline.messages import say

_DAY: Final = re.compile(r"(ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}|\d{1,2}/\d{1,2}/\d{4})")
_HYPHENS: Final = re.compile(r"^[-–—_]{2,}$")


def check_title(findings: Findings, found: Blocks, profile: Profile) -> None:
    """TT09."""
    if found.is_appendix:
        return
    # a công văn has no name of its type: its trích yếu stands under the number
    if found.letter_subject and found.type is None:
        _letter(findings, found.letter_subject, profile)
        return
    if found.type is None:
        if not found.addressee:
            findings.warn("TT09", say("The name of the type of document was not found under the head."))
        return
    # HD05 II: on a line of its own, centred, in capitals
    look = profile.styles["VTTenLoai"]
    compare(findings, Wanted("TT09", WARN, say("Name of the type"), look, upper=True, centred=True), [found.type])
    if not found.subject:
        findings.warn("TT09", say("There is no trích yếu under the name of the type."), found.type)
        return
    compare(
        findings,
        Wanted(
            "TT09", WARN, say("Trích yếu"), profile.styles["VTTrichYeu"], centred=True, skip=frozenset({"underline"})
        ),
        found.subject,
    )
    first = found.subject[0]
    # HD05: a small letter; NĐ30: "Về …"
    if not profile.shapes.subject_capital and _begins_with_capital_word(first.stripped):
        findings.warn(
            "TT09", say("The trích yếu begins with a small letter."), first, needed=profile.subject(first.stripped)
        )
    elif profile.shapes.subject_capital and first.stripped[:1].islower():
        findings.warn(
            "TT09", say("The trích yếu begins with a capital letter."), first, needed=profile.subject(first.stripped)
        )
    _mark(findings, found, profile)


#: Words a trích yếu begins with that are no names: with any other word a capital may be right.
_PLAIN: Final = frozenset({
    "về", "kết", "triển", "tổ", "thực", "tổng", "sơ", "hoạt", "công", "đánh", "đề", "tình", "phối", "báo", "ban",
    "xây", "kiểm", "tăng", "phân", "chương", "tuyên", "nâng", "rút", "tiếp", "quy", "khen", "chấn", "quản", "sử",
    "đăng", "phát", "góp", "giao", "mời", "chuẩn", "bổ", "thông", "năm", "nhiệm",
})  # fmt: skip


def _begins_with_capital_word(text: str) -> bool:
    words = text.split()
    return bool(words) and words[0][:1].isupper() and words[0].lower() in _PLAIN


def _letter(findings: Findings, paras: list[Paragraph], profile: Profile) -> None:
    # "về việc" in the Party form, "V/v" in the State's
    start = profile.texts_["letter_subject_start"]
    text = paras[0].stripped
    if not text.startswith(start.strip()):
        others = (other.texts_["letter_subject_start"].strip() for other in other_families(profile))
        theirs = next((each for each in others if text.lower().startswith(each.lower())), None)
        if theirs is not None:
            mixed(findings, profile, say("“{start}” before the trích yếu", start=theirs), paras[0], start)
        else:
            findings.warn("TT09", say("The trích yếu of a letter begins otherwise."), paras[0], needed=start)
    compare(findings, Wanted("TT09", WARN, say("Trích yếu of a letter"), profile.styles["VTTrichYeuCV"]), paras)


def _mark(findings: Findings, found: Blocks, profile: Profile) -> None:
    mark, wanted = found.mark, profile.shapes.subject_mark
    last = found.subject[-1]
    # HD05: five hyphens; NĐ30: a line of a third to a half
    if isinstance(wanted, Line):
        if mark is not None and _HYPHENS.match(mark.stripped):
            mixed(findings, profile, say("Hyphens under the trích yếu"), mark)
        elif (
            mark is None
            and not any(line.is_ruled for line in found.subject)
            and not any(run.format.underline for run in last.visible_runs)
        ):
            findings.warn(
                "TT09",
                say("There is no line under the trích yếu."),
                last,
                mend=say("Draw a solid line of a third to a half of the text's length."),
                change=RuleUnder(last, SHORT_RULE),
            )
    elif mark is None or mark.stripped != wanted:
        findings.warn(
            "TT09",
            say("The mark under the trích yếu is missing or not five hyphens."),
            mark or last,
            found="" if mark is None else mark.stripped or "───",
            needed=wanted,
            mend=say("Type five hyphens; if Word makes a line of them, undo it at once (Ctrl+Z)."),
            change=Wording(mark, wanted) if mark is not None and mark.stripped else None,
        )


# --- appendices --------------------------------------------------------------------------------------------------


def check_appendices(findings: Findings, found: Blocks, profile: Profile) -> None:
    """TT16."""
    # Arabic in the Party form, Roman in the State's
    own = profile.shapes.appendix_numbers
    for place, appendix in enumerate(found.appendices, start=1):
        numeral = appendix.numeral
        kind = "arabic" if numeral.isdigit() else "roman"
        wanted = profile.appendix_number(place)
        if numeral and kind != own:
            mixed(
                findings,
                profile,
                say("Number of the appendix"),
                appendix.heading,
                f"{profile.shapes.appendix} {wanted}",
            )
        elif len(found.appendices) > 1 and numeral != wanted:
            findings.block(
                "TT16",
                say("Several appendices are numbered in their order."),
                appendix.heading,
                needed=f"{profile.shapes.appendix} {wanted}",
            )
        look = profile.styles["VTPhuLuc"]
        compare(
            findings, Wanted("TT16", WARN, say("Heading of the appendix"), look, centred=True), [appendix.heading]
        )
        _guide(findings, found, appendix, profile)
    if found.appendices and not found.is_appendix and found.body:
        _mentioned(findings, found)


def _guide(findings: Findings, found: Blocks, appendix: Appendix, profile: Profile) -> None:
    guide = appendix.guide
    if guide is None:
        findings.block(
            "TT16",
            say("The appendix does not say what it belongs to."),
            appendix.heading,
            needed="(Kèm theo …)",
            mend=say("Write under its title, in brackets, type, number and date of the document."),
        )
        return
    # as HD05 writes it over its own appendices, and NĐ30 Mẫu 1.3 over a regulation
    if not guide.stripped.startswith(profile.shapes.guide_begins) or not guide.stripped.endswith(")"):
        findings.block(
            "TT16", say("The line saying what the appendix belongs to is not complete."), guide, needed="(Kèm theo …)"
        )
        return
    # a paper that is itself an appendix bears no number to compare with
    if found.is_appendix:
        return
    if found.number is not None:
        number = re.sub(
            r"^số\s*:?", "", own_text(found.number, re.compile("^số", re.IGNORECASE)), flags=re.IGNORECASE
        )
        if _tight(number) not in _tight(guide.stripped):
            findings.block(
                "TT16",
                say("The appendix names another number than the document bears."),
                guide,
                needed=number.strip(),
            )
    on = date_of(found)
    # the blanks of a date may be ones at which no line is broken
    said = _tight(guide.stripped)
    if on is not None and not any(_tight(one) in said for one in (profile.guide_date(on), profile.long_date(on))):
        findings.block(
            "TT16",
            say("The appendix names another date than the document bears."),
            guide,
            needed=profile.guide_date(on),
        )


def guide_date(found: Blocks) -> dt.date | None:
    """The day named in the guide line of a paper that is an appendix: that of the document it belongs to."""
    guide = found.appendices[0].guide if found.is_appendix and found.appendices else None
    match = None if guide is None else _DAY.search(guide.stripped)
    if match is None:
        return None
    return vietnamese.parse_date(match[1])


def _tight(text: str) -> str:
    return re.sub(r"[\s\u00a0]+", "", text)


def _mentioned(findings: Findings, found: Blocks) -> None:
    if not any(re.search(r"phụ lục|danh sách|biểu|kèm theo", para.stripped, re.IGNORECASE) for para in found.body):
        findings.warn(
            "TT16",
            say("The document does not mention its appendix."),
            found.appendices[0].heading,
            mend=say("Mention the appendix in the text."),
        )
