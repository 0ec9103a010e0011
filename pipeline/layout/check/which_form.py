"""Whether a paper is judged at all, and by which form: told by what the paper says of itself."""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check import date_line, title
from pipeline.layout.check.blocks import Blocks, Facts, family_of, same_words
from pipeline.layout.check.characters import is_leftover
from pipeline.layout.check.findings import Findings
from pipeline.layout.check.lines import is_typed_rule
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Family, NoFormInForce, Profile, all_profiles, profile_for
from pipeline.messages import say
from pipeline.model import Message

# a law, a decree, a circular: number, year, type; another decree rules their form than that of official papers;
# contracts are numbered so, too: "12/2024/HĐMB"
_NORMATIVE: Final = re.compile(r"\d+\s*/\s*(?:19|20)\d\d\s*/\s*(?!HĐ)[A-ZĐƯ]", re.IGNORECASE)
# after the number: "/QĐ-UBND" in the State's form, "-QĐ/TU" in the Party's
_CODE: Final = re.compile(r"[-–/]\s*([^\W\d_]+)\s*[-–/]")
_PRIVATE: Final = frozenset({"hợp đồng"})  # parties sign it, no body issues it
_MANY_BLANKS: Final = 5  # lines with blanks or placeholders: a paper that was forgotten to be finished has fewer
_YEAR: Final = re.compile(r"\bnăm\s*(?P<year>20\d\d)\b", re.IGNORECASE)
_MONTH: Final = re.compile(r"\btháng\s*(?P<month>\d{1,2})\b", re.IGNORECASE)
_FIGURE: Final = re.compile(r"\d|\bquý\b|\bkỳ\b|\blần\b|\bcông tác\b|\bkết quả\b|\bvề\b", re.IGNORECASE)


def why_not(found: Blocks, lines: Sequence[Paragraph]) -> Message | None:
    """The reason why no official form is asked of a paper, None where one is."""
    if _is_normative(found):
        return say(
            "This is a legal document, or part of one, and no administrative paper: its form is ruled elsewhere; "
            "only its letters and what was left in it were checked."
        )
    if sum(is_leftover(line.text) and not is_typed_rule(line.text) for line in _main(found, lines)) >= _MANY_BLANKS:
        return say(
            "This is a form that is still to be filled in; only its letters and the placeholders in it were checked."
        )
    if not found.is_official:
        return say(
            "This is no official document by the forms known here; only its letters and what was left in it were "
            "checked."
        )
    if not found.is_appendix and not _is_of_listed_type(found, family_of(found)):
        return say(
            "The official forms known here have no such type of document; only its letters and what was left in it "
            "were checked."
        )
    return None


def _main(found: Blocks, lines: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """The paper itself: forms may be annexed to it, or stand behind it in the same file."""
    annexes = [] if found.is_appendix else [each.heading for each in found.appendices]
    ends = [line.order for line in (*annexes, found.second) if line is not None]
    return [line for line in lines if not ends or line.order < min(ends)]


def _is_normative(found: Blocks) -> bool:
    guide = found.appendices[0].guide if found.is_appendix and found.appendices else None
    number = guide if found.is_appendix else found.number
    return number is not None and bool(_NORMATIVE.search(number.text))


def _is_of_listed_type(found: Blocks, family: Family) -> bool:
    """Whether the forms of the family know the type, by its line or by its code; a letter names none."""
    if found.type is None and (found.letter_subject or found.addressee):
        return True
    code = _CODE.search(found.number.text) if found.number is not None else None
    codes = {each for form in _forms(family) for name, each in form.types.items() if name not in _PRIVATE}
    return (code is not None and code[1] in codes) or (found.type is not None and is_listed(found.type, family))


def is_listed(line: Paragraph, family: Family) -> bool:
    """Whether a line names a type the forms of a family list, slips of the pen and a trích yếu behind it allowed."""
    names = {name for form in _forms(family) for name in form.types} - _PRIVATE
    said = vietnamese.compare_key(line.stripped)
    folded = vietnamese.fold(said)
    for name in names:
        key = vietnamese.compare_key(name)
        if said == key or same_words(line.stripped, vietnamese.fold(key)):
            return True
        # "BÁO CÁO TUẦN 02", "KẾ HOẠCH CÔNG TÁC": the trích yếu on the line of the type
        if folded.startswith(f"{vietnamese.fold(key)} ") and _FIGURE.search(said[len(key) :]):
            return True
    return False


def _forms(family: Family) -> list[Profile]:
    return [form for form in all_profiles().values() if form.family == family]


def latest_day(found: Blocks) -> dt.date | None:
    """The last day a paper can bear: its date, or the end of the month or year where the rest is to be written in."""
    whole = date_line.date_of(found) or title.guide_date(found)
    if whole is not None or found.date is None:
        return whole
    text = found.date.text
    year, month = _YEAR.search(text), _MONTH.search(text)
    if year is None:
        return None
    number = int(month["month"]) if month is not None and 1 <= int(month["month"]) <= 12 else 12
    return dt.date(int(year["year"]), number, calendar.monthrange(int(year["year"]), number)[1])


def form_of(findings: Findings, found: Blocks, facts: Facts) -> Profile | None:
    """The form in force on the paper's own day; None, and that said, where none known here was."""
    # its own date; an appendix has that of the paper it belongs to
    on = latest_day(found) or facts.on or facts.today or dt.date.today()
    try:
        return profile_for(on, family_of(found))
    except NoFormInForce:
        # a paper of 2014 is not judged by the form of 2020
        findings.tell(
            "form.unknown",
            say(
                "No official form known here was in force on the document's date; only its letters and what was left "
                "in it were checked."
            ),
            found.date,
            mend=say("Check the date, or name the form with --profile."),
        )
        return None
