"""The whole check of one file, and the same in a guarded child for files of others."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.layout.check import characters, content, date_line, foot, head, number_line, page, title
from pipeline.layout.check.facts import Facts
from pipeline.layout.check.layout import Blocks, family_of
from pipeline.layout.check.recognising import recognised
from pipeline.layout.check.telling import E, Telling
from pipeline.layout.check.walking import walked
from pipeline.layout.profile import NoFormInForce, Profile, all_profiles, profile_for
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.tools.guard import Guard, GuardRefused

_FUNCTION: Final = "pipeline.layout.check.checking:check_file"

#: What a guard must be started with to check files.
FUNCTIONS: Final = (_FUNCTION,)


@dataclass(frozen=True)
class Checked:
    """What a check found; `profile` is the id of the form it was held against ("" when it came to none)."""

    profile: str
    findings: tuple[Finding, ...]

    @property
    def is_blocked(self) -> bool:
        """Whether anything found keeps the document from being issued."""
        return any(finding.severity is Severity.BLOCK for finding in self.findings)


def check(docx: bytes, *, profile: Profile | None = None, facts: Facts | None = None) -> tuple[Finding, ...]:
    """What departs from the official form in a Word file; nothing when it conforms.

    Without `profile` the form is the one in force on the document's own date, of the family its head shows.
    """
    return examined(docx, profile, facts).findings


def examined(docx: bytes, profile: Profile | None = None, facts: Facts | None = None) -> Checked:
    """As `check`, with the form the document was held against."""
    known = facts or Facts()
    try:
        whole = walked(docx)
    except Unfit as unfit:
        return Checked("", (unfit.finding,))
    telling = Telling()
    secret = characters.is_secret(whole)
    if secret is not None:
        characters.tell_secret(telling, secret)
        return Checked("", telling.gathered())
    found = recognised(whole.body)
    form = profile or _form_of(telling, found, known)
    page.check_page(telling, whole, form)
    characters.check_fonts(telling, whole, form)
    characters.check_encoding(telling, whole)
    page.check_page_numbers(telling, whole, form)
    head.check_head(telling, found, form, known)
    number_line.check_number(telling, found, form, known)
    date_line.check_date(telling, found, form, known)
    title.check_title(telling, found, form)
    content.check_content(telling, found, form)
    foot.check_signatures(telling, found, form)
    foot.check_recipients(telling, found, form)
    title.check_appendices(telling, found, form)
    if known.is_final:
        characters.check_leftovers(telling, whole, found)
        characters.check_traces(telling, whole)
    return Checked(form.id, telling.gathered())


def _form_of(telling: Telling, found: Blocks, facts: Facts) -> Profile:
    family = family_of(found, None)
    on = date_line.date_of(found) or title.guide_date(found) or facts.on or facts.today or dt.date.today()
    try:
        return profile_for(on, family)
    except NoFormInForce:
        telling.tell(
            "form.unknown",
            E,
            say("No official form known here was in force on the document's date."),
            found.date,
            mend=say("Check the date, or name the form with --profile."),
        )
        return next(each for each in all_profiles().values() if each.family == family)


def check_file(path: str, profile: str, facts: Facts) -> Checked:
    """Check the file at `path`; `profile` is the id of a form, "" for the one in force. Runs in a guarded child."""
    return examined(Path(path).read_bytes(), all_profiles()[profile] if profile else None, facts)


def check_guarded(guard: Guard, path: Path, profile: str = "", facts: Facts | None = None) -> Checked:
    """Check a file of somebody else in a guarded child; a file that breaks its reader is a finding."""
    try:
        return guard.call(_FUNCTION, str(path), profile, facts or Facts(), returns=Checked, about=path.name)
    except GuardRefused as refused:
        return Checked("", (refusals.stopped(is_heavy=refused.is_heavy),))
