"""TT08: place and date."""

import datetime as dt
import re
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.blocks import Blocks, Facts, holds_placeholder, own_text
from pipeline.layout.check.changes import rewording
from pipeline.layout.check.findings import WARN, Findings, Wanted, compare
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Profile
from pipeline.messages import say

_DATE_PARTS: Final = re.compile(
    r"^(?P<place>.*?)[\s,]*\bngày\s*(?P<day>\d{1,2})\s*tháng\s*(?P<month>\d{1,2})\s*năm\s*(?P<year>\d{4})\s*[.,]?$",
    re.IGNORECASE,
)
#: A date with a blank for the day, and perhaps for the month and the year: spaces or dots.
_BLANK: Final = re.compile(
    r"\bngày[\s\u00a0.…_/]*tháng[\s\u00a0.…_/]*(?:\d{1,2})?[\s\u00a0.…_/]*năm[\s\u00a0.…_/]*(?:\d{2,4})?[\s\u00a0.…_/]*$",
    re.IGNORECASE,
)


def date_of(found: Blocks) -> dt.date | None:
    """The document's own date, None when its line cannot be read."""
    if found.date is None:
        return None
    match = _DATE_PARTS.match(own_text(found.date, _DATE_PARTS))
    return None if match is None else _real(match)


def _real(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def check_date(findings: Findings, found: Blocks, profile: Profile, facts: Facts) -> None:
    """TT08: place and date."""
    # an appendix bears no date of its own, only that of its document in the guide line
    if found.is_appendix:
        return
    para = found.date
    if para is None:
        is_minutes = found.type is not None and vietnamese.compare_key(found.type.stripped) == "biên bản"
        # NĐ30 Mẫu 1.9: minutes have no such line
        if not is_minutes or profile.shapes.minutes_have_date:
            findings.block(
                "TT08",
                say("There is no line with place and date."),
                found.number or found.title,
                needed=profile.place_date("…", profile.long_date(facts.on) if facts.on else "ngày … tháng … năm …"),
            )
        return
    match = _DATE_PARTS.match(own_text(para, _DATE_PARTS))
    if holds_placeholder(para.text):
        pass  # told as such (TT15)
    elif match is None and _BLANK.search(para.text):
        # it is written in by hand, or by the clerk, on the day of signing
        findings.tell("TT08", say("The date is still to be written in."), para)
    elif match is None:
        findings.block(
            "TT08",
            say("The date is not complete or not in figures."),
            para,
            mend=say("Write the day, the month and the year in figures."),
        )
    else:
        _check_day(findings, para, match, profile, facts)
    compare(findings, Wanted("TT08", WARN, say("Place and date"), profile.styles["VTNgay"]), [para])


def _check_day(findings: Findings, para: Paragraph, match: re.Match[str], profile: Profile, facts: Facts) -> None:
    on = _real(match)
    if on is None:
        findings.block("TT08", say("There is no such day in the calendar."), para)
        return
    needed = profile.place_date(match["place"].strip(), profile.long_date(on))
    # a no-break space keeps a date on one line: no fault
    if own_text(para, _DATE_PARTS).replace("\u00a0", " ") != needed or not match["place"].strip():
        findings.block(
            "TT08",
            say("Place and date are not written as the form prescribes."),
            para,
            needed=needed,
            mend=say("A comma after the place; a leading zero for days under 10 and for months 1 and 2 only."),
            change=rewording(para, needed),
        )
    if facts.on is not None and on != facts.on:
        findings.block(
            "TT08", say("The date is not the day of the document."), para, needed=profile.long_date(facts.on)
        )
    elif facts.today is not None and on > facts.today:
        findings.block("TT08", say("The date lies in the future."), para, needed=profile.long_date(facts.today))
