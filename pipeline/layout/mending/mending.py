"""The whole mending of one file, and the same in a guarded child for files of others."""

import datetime as dt
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from lxml import etree

from pipeline.files import refusals
from pipeline.files.refusals import Unfit
from pipeline.layout.check import Facts, check_guarded
from pipeline.layout.check.changes import (
    Change,
    Composed,
    Letters,
    PageNumbers,
    RuleUnder,
    Setting,
    Sheet,
    Wording,
)
from pipeline.layout.check.checking import departures
from pipeline.layout.check.paragraphs import read_package, word_file
from pipeline.layout.check.word_document import Run, WordDocument
from pipeline.layout.mending.cutting import Cuts
from pipeline.layout.mending.ink import Ink
from pipeline.layout.mending.page_numbers import write_page_numbers
from pipeline.layout.mending.writing import (
    write_composed,
    write_letters,
    write_rule,
    write_setting,
    write_sheet,
    write_wording,
)
from pipeline.layout.profile import Profile, all_profiles
from pipeline.model import Finding
from pipeline.ooxml import packed
from pipeline.tools.guard import Guard, GuardRefused

_FUNCTION: Final = "pipeline.layout.mending.mending:mend_file"
FUNCTIONS: Final = (_FUNCTION,)
#: What is mended in one round may show what was hidden before; after so many nothing new appears.
_ROUNDS: Final = 4


@dataclass(frozen=True)
class Mended:
    """A mended file: its bytes, what was found before and is found no longer, and what is left for a person.

    `profile` is the id of the form; "" and no bytes where the file was refused or is no official document.
    """

    content: bytes
    profile: str
    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]


def mend(
    content: bytes,
    form: Profile,
    *,
    on: dt.datetime,
    facts: Facts | None = None,
    is_tracked: bool = False,
) -> bytes:
    """Mend a Word file as far as no word of it is touched; the same bytes when there is nothing to mend.

    `on` is the time that tracked changes bear. Raises Unfit.
    """
    # first of all: the rules count the letters that are seen, and changes speak of those of the file
    content = _composed(content, Ink(on, is_tracked))
    # what is tracked is not accepted yet: looked at again it would be changed again
    for _ in range(1 if is_tracked else _ROUNDS):
        made = _once(content, form, facts or Facts(), Ink(on, is_tracked))
        if made == content:
            break
        content = made
    return content


def _composed(content: bytes, ink: Ink) -> bytes:
    """The file with every letter in one piece; the same bytes when all are."""
    whole = read_package(replace(word_file(content), _trees={}))
    parted = [each for each in whole.everything if not unicodedata.is_normalized("NFC", each.text)]
    return _written(whole, ink, [Composed(each.runs) for each in parted]) if parted else content


def _once(content: bytes, form: Profile, facts: Facts, ink: Ink) -> bytes:
    """One round: every change that the rules ask for, written into fresh trees."""
    # the trees of a package that is kept are everybody's: a fresh one is changed
    whole = read_package(replace(word_file(content), _trees={}))
    changes = departures(whole, form, facts)
    return _written(whole, ink, changes) if changes else content


def _written(whole: WordDocument, ink: Ink, changes: Sequence[Change]) -> bytes:
    """The file with these changes made in its trees."""
    parts = whole.package.all_parts()
    _write(ink, whole, parts, changes)
    margins = (part for section in whole.sections for part in (*section.headers.values(), *section.footers.values()))
    notes = (part for kind in ("/footnotes", "/endnotes") for part in whole.package.related(whole.package.main, kind))
    for name in {whole.package.main, *margins, *notes}:
        tree = whole.package.tree(name)
        if tree is not None:
            parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return packed(parts)


def _write(ink: Ink, whole: WordDocument, parts: dict[str, bytes], changes: Sequence[Change]) -> None:
    cuts = Cuts(run for change in changes for run in _runs_of(change))
    # wordings last: they take runs away of which other changes speak
    for change in sorted(changes, key=lambda each: isinstance(each, Wording)):
        match change:
            case Letters():
                write_letters(ink, cuts, change)
            case Setting():
                write_setting(ink, change)
            case Composed():
                write_composed(cuts, change)
            case Wording():
                write_wording(ink, cuts, change)
            case RuleUnder():
                write_rule(ink, whole, change)
            case Sheet() | PageNumbers():
                _write_pages(ink, whole, parts, change)


def _write_pages(ink: Ink, whole: WordDocument, parts: dict[str, bytes], change: Sheet | PageNumbers) -> None:
    if isinstance(change, Sheet):
        write_sheet(ink, whole, change)
    else:
        write_page_numbers(ink, whole, parts, change)


def _runs_of(change: Change) -> tuple[Run, ...]:
    match change:
        case Letters() | Composed():
            return change.runs
        case Wording():
            return change.line.runs
    return ()


def mend_file(path: str, profile: str, facts: Facts, on: str, is_tracked: bool) -> bytes:
    """Mend the file at `path` by the form with the id `profile`. Runs in a guarded child. Raises Unfit."""
    form, time = all_profiles()[profile], dt.datetime.fromisoformat(on)
    return mend(Path(path).read_bytes(), form, on=time, facts=facts, is_tracked=is_tracked)


def mend_guarded(
    guard: Guard,
    path: Path,
    *,
    on: dt.datetime,
    profile: str = "",
    facts: Facts | None = None,
    is_tracked: bool = False,
) -> Mended:
    """Mend a file of somebody else in a guarded child, and look at it before and afterwards.

    What is mended is told by the file as it is when every change is accepted. Raises GuardFault for a bug of ours.
    """
    known = facts or Facts()
    before = check_guarded(guard, path, profile, known)
    if not before.profile:
        return Mended(b"", "", (), before.findings)
    asked = (str(path), before.profile, known, on.isoformat())
    try:
        content = plain = guard.call(_FUNCTION, *asked, False, returns=bytes)
        if is_tracked:
            content = guard.call(_FUNCTION, *asked, True, returns=bytes)
    except GuardRefused as refused:
        return Mended(b"", "", (), (refusals.stopped(is_heavy=refused.is_heavy),))
    except Unfit as unfit:
        return Mended(b"", "", (), (unfit.finding,))
    with tempfile.NamedTemporaryFile(suffix=".docx") as file:
        file.write(plain)
        file.flush()
        after = check_guarded(guard, Path(file.name), before.profile, known)
    left = {_key(one) for one in after.findings}
    return Mended(
        content, before.profile, tuple(one for one in before.findings if _key(one) not in left), after.findings
    )


def _key(finding: Finding) -> tuple[object, ...]:
    # not by its message: that says in how many other places the same is found
    return finding.code, finding.needed, finding.mend
