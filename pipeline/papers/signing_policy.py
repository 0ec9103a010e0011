"""Who must have signed a document digitally, in which order, and whether the paper says what was issued.

That every signature is sound does not make a paper signed: cut back to the leader's, a file is as sound as before.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pipeline import vietnamese
from pipeline.messages import joined, say
from pipeline.model import DigitalSignature, Finding, Message, Severity, SignatureCheck
from pipeline.papers.pages import pages_said
from pipeline.papers.seen import Comparison, SeenRevision

PERSON: Final = "person"
ORGANISATION: Final = "organisation"
#: A signer's clock may be as wrong as another time zone makes it.
_ZONES_DIFFER: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Required:
    """Who must sign: the `persons` whose names stand under signatures, and an organisation of one of these names.

    `order` holds PERSON, ORGANISATION or both, as they sign one after the other; with `picture_suffices` a person's
    picture of a signature on the page stands for the person's own digital one.
    """

    persons: tuple[str, ...]
    organisations: tuple[str, ...]
    order: tuple[str, ...] = (PERSON, ORGANISATION)
    picture_suffices: bool = False

    def rank(self, one: DigitalSignature) -> int | None:
        """At which place of the order somebody signs; None for one who need not."""
        key = vietnamese.compare_key(one.signer)
        if any(vietnamese.same_person(one.signer, name) for name in self.persons) and PERSON in self.order:
            return self.order.index(PERSON)
        if key in set(map(vietnamese.compare_key, self.organisations)) and ORGANISATION in self.order:
            return self.order.index(ORGANISATION)
        return None


def policy_findings(
    check: SignatureCheck, required: Required | None, comparison: Comparison | None
) -> Iterator[Finding]:
    """Find who has not signed; `required` is None where nobody has said who must sign this kind digitally."""
    if required is None or not (required.persons or PERSON not in required.order):
        yield Finding(
            "signature.no-policy",
            Severity.BLOCK,
            say("Who must sign this kind of document digitally is not laid down."),
            mend=say("Look who has signed. The operator may lay it down in kind.yaml (signed_digitally)."),
        )
        return
    missing = list(_missing(check, required, comparison))
    if missing:
        yield Finding(
            "signature.missing",
            Severity.BLOCK,
            say("The digital signature is missing of: {names}.", names=joined(missing, "; ")),
            mend=say("Have it signed by all in the signing program, and drop the file that comes out of it."),
        )
    ranks = [rank for one in check.signatures if (rank := required.rank(one)) is not None]
    if ranks != sorted(ranks):
        yield Finding(
            "signature.order",
            Severity.BLOCK,
            say("It was not signed in the order laid down: first the person, then the organisation.")
            if required.order[0] == PERSON
            else say("It was not signed in the order laid down: first the organisation, then the person."),
            mend=say("Have it signed anew in the right order, or a person confirms it."),
        )
    if others := [one.signer or one.field for one in check.signatures if required.rank(one) is None]:
        names = "; ".join(others)
        said = say("Somebody else has signed digitally, too: {names}.", names=names)
        yield Finding("signature.other-signer", Severity.WARN, said)
    if missing and (locking := [one for one in check.signatures if one.permits == "no-changes"]):
        yield _locked(locking[0])


def time_findings(check: SignatureCheck, begun_at: dt.datetime) -> Iterator[Finding]:
    """Find who says to have signed before `begun_at`, when there was nothing yet to make the document of."""
    for one in check.signatures:
        if one.at is None or one.at >= begun_at - _ZONES_DIFFER:
            continue
        yield Finding(
            "signature.before-document",
            Severity.BLOCK,
            say(
                "The digital signature of {signer} says {when}; the document was begun at {begun} only.",
                signer=one.signer or one.field,
                when=f"{one.at.astimezone():%H:%M %d/%m/%Y}",
                begun=f"{begun_at.astimezone():%H:%M %d/%m/%Y}",
            ),
            mend=say("Put the clock of the signing machine right and have it signed anew, or a person confirms it."),
        )


def _locked(one: DigitalSignature) -> Finding:
    return Finding(
        "signature.locked",
        Severity.BLOCK,
        say("{signer} signed so that nobody can sign this file any more.", signer=one.signer or one.field),
        mend=say(
            "Take the file that was sent out, and have it signed again; in the signing program nobody but the last "
            "one to sign chooses “no changes allowed”."
        ),
    )


def _missing(check: SignatureCheck, required: Required, comparison: Comparison | None) -> Iterator[Message | str]:
    if PERSON in required.order:
        signed = [one.signer for one in check.signatures]
        pictured = set(_with_picture(comparison)) if required.picture_suffices else set()
        for name in required.persons:
            if name not in pictured and not any(vietnamese.same_person(name, signer) for signer in signed):
                yield name
    if ORGANISATION in required.order:
        place = required.order.index(ORGANISATION)
        if not any(required.rank(one) == place for one in check.signatures):
            yield say("the organisation")


def _with_picture(comparison: Comparison | None) -> Iterable[str]:
    return (one.name for one in comparison.signatures if one.has_signature) if comparison is not None else ()


def content_findings(revisions: Iterable[SeenRevision] | None) -> Iterator[Finding]:
    """Find where what was signed is not what was issued; None where it could not be held against it at all."""
    seen = list(revisions) if revisions is not None else []
    if not seen or not all(one.was_seen for one in seen):
        yield Finding(
            "signature.not-compared",
            Severity.BLOCK,
            say("What was signed digitally could not be compared with what was sent out for signature."),
            mend=say("Lay the file beside the PDF that was sent out; if it says the same, a person confirms it."),
        )
    other = sorted({page for one in seen for page in (*one.other_words, *one.other_looks)})
    if other:
        yield Finding(
            "signature.other-content",
            Severity.BLOCK,
            say("What was signed digitally is not what was sent out: {pages}.", pages=pages_said(other)),
            mend=say("Lay the file beside the PDF that was sent out, and have that signed."),
        )
    if covered := sorted({page for one in seen for page in one.covered}):
        yield Finding(
            "signature.covers-print",
            Severity.BLOCK,
            say("The box of a digital signature hides printed words: {pages}.", pages=pages_said(covered)),
            mend=say("Look at what is hidden. If it is nothing of weight, a person confirms it."),
        )


def stray_signatures() -> Finding:
    """Say that pages show boxes of signatures of which the file itself knows nothing any more."""
    return Finding(
        "signature.stray",
        Severity.BLOCK,
        say("The file once was signed digitally; the signatures were taken out of it, only their pictures are left."),
        mend=say("Ask for the file as it left the signing program, and drop that, neither opened nor saved anew."),
    )
