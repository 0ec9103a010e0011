"""The check of our own documents: none is delivered that breaks the official form."""

from collections.abc import Iterable, Iterator

from pipeline import messages, vietnamese
from pipeline.errors import KindError
from pipeline.layout.check.blocks import Facts
from pipeline.layout.check.characters import is_leftover
from pipeline.layout.check.checking import check, check_letters
from pipeline.layout.check.findings import shortened
from pipeline.layout.check.paragraphs import read_document
from pipeline.layout.check.word_document import WordDocument
from pipeline.layout.profile import Profile
from pipeline.messages import tr
from pipeline.model import Finding, Json, Severity
from pipeline.ooxml import Package
from pipeline.vietnamese.fictional import is_fictional


class NotConforming(KindError):  # noqa: N818 - names a state of the world
    """A document we made breaks the official form: its template, a fact of the year or the form is at fault."""


def own_document(package: Package) -> WordDocument:
    """Walk through a document that was made here, once for all that is asked of it. Raises Unfit."""
    return read_document(package, is_ours=True)


def own_faults(
    content: bytes | Package | WordDocument, profile: Profile | None, facts: Facts, doc: Json
) -> list[Finding]:
    """What departs from an official form in a document we made of the form's values `doc`.

    Without `profile` none is asked of it (a kind with `form: none`): only its letters and what was left in it are
    looked at.
    """
    found = check_letters(content) if profile is None else check(content, profile=profile, facts=facts)
    return without_form_text(found, doc)


def require_conforming(
    content: bytes | Package | WordDocument, profile: Profile | None, facts: Facts, doc: Json
) -> None:
    """Raise NotConforming when a document made of the form's values `doc` must not be delivered (`own_faults`)."""
    found = own_faults(content, profile, facts, doc)
    # warnings do not hold a document: they may be matters of taste
    wrong = [finding for finding in found if finding.severity is Severity.BLOCK]
    if wrong:
        raise NotConforming(
            tr(
                "The document does not conform to the official form: {findings}. The template or a fact of the year "
                "is at fault; mend it, then `vanthu reprocess`.",
                findings="; ".join(_in_words(finding) for finding in wrong),
            )
        )


def require_real(content: bytes | Package | WordDocument) -> None:
    """Raise NotConforming when a document made of real facts bears sample data that is marked as invented."""
    invented = [para for para in read_document(content).everything if is_fictional(para.text)]
    if invented:
        raise NotConforming(
            tr(
                "The document would print invented sample data: “{text}”. Write what is so in the year's file, then "
                "`vanthu reprocess`.",
                text=shortened(invented[0].stripped),
            )
        )


def without_form_text(found: Iterable[Finding], doc: Json) -> list[Finding]:
    """Leave out what is found about words the form itself brought: those are judged when the form is read."""
    # a unit's own words are judged when its form is read: they hold no document of ours
    typed = tuple(_texts(doc))
    return [finding for finding in found if not _was_typed(finding, typed)]


def in_one_line(finding: Finding) -> str:
    """A finding in one line, its code first, in the language in use: for who makes templates."""
    return f"{finding.code} {_in_words(finding)}"


def _in_words(finding: Finding) -> str:
    """A finding in one line, in the language in use."""
    where = messages.shown(messages.place(finding.place))
    needed = f" ({tr('needed')}: {messages.shown(finding.needed)})" if finding.needed else ""
    found = f" “{finding.found}”" if finding.found else ""
    return f"{where}{': ' if where else ''}{messages.shown(finding.message)}{found}{needed}"


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _was_typed(finding: Finding, typed: tuple[str, ...]) -> bool:
    # a comment beside a unit's words, or a tracked change of them, is the template's, not the unit's
    if finding.code == "TT18":
        return False
    if finding.code == "TT15":
        return any(is_leftover(text) for text in typed)
    key = vietnamese.compare_key(finding.found)
    return len(key) > 1 and any(key == vietnamese.compare_key(text) for text in typed)
