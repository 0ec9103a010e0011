"""The whole check of one file, and the same in a guarded child for files of others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.layout.check import (
    characters,
    content,
    copies,
    date_line,
    foot,
    head,
    joint,
    number_line,
    page,
    title,
    which_form,
)
from pipeline.layout.check.blocks import Blocks, Facts
from pipeline.layout.check.changes import Change
from pipeline.layout.check.find_blocks import find_blocks
from pipeline.layout.check.findings import Findings
from pipeline.layout.check.lines import printed_lines
from pipeline.layout.check.paragraphs import read_document
from pipeline.layout.check.word_document import Paragraph, WordDocument
from pipeline.layout.profile import Profile, all_profiles
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.ooxml import Package
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


def check(
    docx: bytes | Package | WordDocument, *, profile: Profile | None = None, facts: Facts | None = None
) -> tuple[Finding, ...]:
    """What departs from the official form in a Word file; nothing when it conforms.

    Without `profile` the form is the one in force on the document's own date, of the family its head shows; what is
    no official document (`which_form`) is then told so, and only what holds for every paper is asked of it.
    """
    return examined(docx, profile, facts).findings


def examined(
    docx: bytes | Package | WordDocument, profile: Profile | None = None, facts: Facts | None = None
) -> Checked:
    """As `check`, with the form the document was held against."""
    known = facts or Facts()
    try:
        whole = read_document(docx)
    except Unfit as unfit:
        return Checked("", (unfit.finding,))
    findings = Findings()
    secret = characters.is_secret(whole)
    # no other finding may quote such a paper
    if secret is not None:
        characters.report_secret(findings, secret)
        return Checked("", findings.merged())
    lines, copy = copies.cut_copy(printed_lines(whole))
    found = find_blocks(lines)
    if copy is not None:
        return _judged_copy(findings, whole, lines, copy, profile, known)
    # our own documents, and what somebody names a form for, are judged whatever they look like
    if profile is None and (reason := which_form.why_not(found, lines)) is not None:
        mend = say("Where it is meant to be one, name the form with --profile.")
        findings.tell("form.not-official", reason, mend=mend)
        return _letters_only(findings, whole, known)
    form = profile or which_form.form_of(findings, found, known)
    if form is None:
        return _letters_only(findings, whole, known)
    _judge(findings, whole, found, form, known)
    return Checked(form.id, findings.merged())


def check_letters(docx: bytes | Package | WordDocument) -> tuple[Finding, ...]:
    """What is wrong in a paper of which no official form is asked: its letters, and what was left in it."""
    try:
        whole = read_document(docx)
    except Unfit as unfit:
        return (unfit.finding,)
    findings = Findings()
    secret = characters.is_secret(whole)
    if secret is not None:
        characters.report_secret(findings, secret)
        return findings.merged()
    characters.check_traces(findings, whole)
    return _letters_only(findings, whole, Facts()).findings


def departures(whole: WordDocument, form: Profile, facts: Facts) -> list[Change]:
    """What would put a document right, for `layout/mending`; the trees of `whole` are meant to be changed."""
    findings = Findings()
    lines, copy = copies.cut_copy(printed_lines(whole))
    if copy is not None:
        _judged_copy(findings, whole, lines, copy, form, facts)
    else:
        _judge(findings, whole, find_blocks(lines), form, facts)
    return findings.changes


def _judged_copy(
    findings: Findings,
    whole: WordDocument,
    lines: Sequence[Paragraph],
    copy: copies.Copy,
    profile: Profile | None,
    known: Facts,
) -> Checked:
    """Hold the components of a copy against the form, and tell of the copied paper what departs from its own."""
    copied = find_blocks(lines)
    form = profile or copies.form_of(copy, copied, known)
    if form is None:
        return _letters_only(findings, whole, known)
    _judge_sheets(findings, whole, copied, form)
    own = Findings()
    if which_form.why_not(copied, lines) is None and (its := which_form.form_of(own, copied, known)) is not None:
        _judge_text(own, copied, its, known)
    # word for word: who copies a paper mends nothing in it, and an excerpt lacks parts
    findings.all += [replace(one, severity=Severity.INFO) for one in own.all]
    copies.check_copy(findings, copy, form, known)
    if known.is_final:
        characters.check_leftovers(findings, whole, copied)
        characters.check_traces(findings, whole)
    return Checked(form.id, findings.merged())


def _judge(findings: Findings, whole: WordDocument, found: Blocks, form: Profile, known: Facts) -> None:
    _judge_sheets(findings, whole, found, form)
    _judge_text(findings, found, form, known)
    # a draft may call itself one, and be commented, while it is looked at as one
    if known.is_final:
        characters.check_leftovers(findings, whole, found)
        characters.check_traces(findings, whole)


def _judge_sheets(findings: Findings, whole: WordDocument, found: Blocks, form: Profile) -> None:
    page.check_page(findings, whole, form, found)
    characters.check_fonts(findings, whole, form)
    characters.check_encoding(findings, whole)
    page.check_page_numbers(findings, whole, form)


def _judge_text(findings: Findings, found: Blocks, form: Profile, known: Facts) -> None:
    head.check_head(findings, found, form, known)
    number_line.check_number(findings, found, form, known)
    date_line.check_date(findings, found, form, known)
    title.check_title(findings, found, form)
    content.check_content(findings, found, form)
    foot.check_signatures(findings, found, form)
    foot.check_recipients(findings, found, form)
    joint.check_joint(findings, found, form)
    title.check_appendices(findings, found, form)


def _letters_only(findings: Findings, whole: WordDocument, facts: Facts) -> Checked:
    """Ask of a contract, a form, a certificate, a paper of an older form what holds for every paper."""
    characters.check_encoding(findings, whole)
    if facts.is_final:
        characters.check_placeholders(findings, whole)
    return Checked("", findings.merged())


def check_file(path: str, profile: str, facts: Facts) -> Checked:
    """Check the file at `path`; `profile` is the id of a form, "" for the one in force. Runs in a guarded child."""
    return examined(Path(path).read_bytes(), all_profiles()[profile] if profile else None, facts)


def check_guarded(guard: Guard, path: Path, profile: str = "", facts: Facts | None = None) -> Checked:
    """Check a file of somebody else in a guarded child; a file that breaks its reader is a finding."""
    try:
        return guard.call(_FUNCTION, str(path), profile, facts or Facts(), returns=Checked, about=path.name)
    except GuardRefused as refused:
        return Checked("", (refusals.stopped(is_heavy=refused.is_heavy),))
