"""What is said of each digital signature: its verdict in words, and what the clerk can do."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from pipeline.messages import say
from pipeline.model import DigitalSignature, Finding, Message, Severity, SignatureCheck, TimeSource, Verdict
from pipeline.papers.digital_signatures import NO_LIBRARY

_Told: TypeAlias = tuple[str, Message, Message]
_LOOK: Final = say("Ask whoever signed whether it is theirs. If it is, a person confirms the paper with the reason.")
_ANEW: Final = say("Ask for the file as it left the signing program, and drop that, neither opened nor saved anew.")


def signature_findings(check: SignatureCheck) -> Iterator[Finding]:
    """Say what is known of each signature; all but sound ones are for a person."""
    if check.problem:
        yield _unchecked(check)
    for one in check.signatures:
        if one.verdict is Verdict.VALID:
            yield _sound(one)
        elif one.verdict is Verdict.ARCHIVE_DATA_ADDED:
            added = say(
                "The digital signature of {signer} is sound; after it nothing but proofs for keeping was added.",
                signer=_name(one),
            )
            yield Finding("signature.archive-data", Severity.WARN, added)
        else:
            code, message, mend = _told(one)
            yield Finding(code, Severity.BLOCK, message, found=one.problem, mend=mend)


def _unchecked(check: SignatureCheck) -> Finding:
    if check.problem == NO_LIBRARY:
        why = say("The digital signatures were not checked: the program's part for it (pyHanko) is not installed.")
        mend = say("The operator installs it; then the paper is dropped again, or a person confirms it.")
        return Finding("signature.no-library", Severity.BLOCK, why, mend=mend)
    return Finding(
        "signature.not-read",
        Severity.BLOCK,
        say("The digital signatures could not be checked: the file is built so that they cannot be read."),
        found=check.problem,
        mend=_ANEW,
    )


def _sound(one: DigitalSignature) -> Finding:
    """Say of a sound signature when it was made, and who says so."""
    at = one.at.astimezone() if one.at is not None else None
    when = f"{at:%H:%M %d/%m/%Y}" if at is not None else "–"
    signer = _name(one)
    if one.time_source is TimeSource.TOKEN:
        said = say(
            "Digital signature of {signer}: sound. Signed at {when}, proved by a time-stamp.",
            signer=signer,
            when=when,
        )
        return Finding("A06", Severity.INFO, said)
    if one.time_source is TimeSource.CLAIMED:
        said = say(
            "Digital signature of {signer}: sound. Signed at {when} by the clock of the signer's machine.",
            signer=signer,
            when=when,
        )
        return Finding("A06", Severity.INFO, said)
    return Finding(
        "A06",
        Severity.INFO,
        say(
            "Digital signature of {signer}: sound. When it was signed is not said; it was here at {when}.",
            signer=signer,
            when=when,
        ),
    )


def _name(one: DigitalSignature) -> str:
    return one.signer or one.field


def _told(one: DigitalSignature) -> _Told:
    signer = _name(one)
    for table in (_of_the_file(signer), _of_the_certificate(signer), _of_the_time(signer)):
        if one.verdict in table:
            return table[one.verdict]
    return (
        "signature.not-checked",
        say(
            "The digital signature of {signer} was not checked: it is of a sort that is not known here.",
            signer=signer,
        ),
        _LOOK,
    )


def _of_the_file(signer: str) -> dict[Verdict, _Told]:
    """What was done to the file."""
    return {
        Verdict.ALTERED: (
            "signature.altered",
            say("The content that {signer} signed digitally was changed afterwards.", signer=signer),
            _ANEW,
        ),
        Verdict.SAVED_ANEW: (
            "signature.saved-anew",
            say(
                "Another program has saved the file anew; the digital signature of {signer} is broken.", signer=signer
            ),
            _ANEW,
        ),
        Verdict.NO_SIGNATURE: (
            "signature.none",
            say("What stands in the place of a digital signature ({signer}) is none.", signer=signer),
            _ANEW,
        ),
        Verdict.CHANGED_AFTER: (
            "signature.changed-after",
            say("After {signer} had signed digitally, the text of the pages was changed.", signer=signer),
            _ANEW,
        ),
        Verdict.SHADOW: (
            "signature.shadow",
            say(
                "After {signer} had signed digitally, something on the pages was covered or uncovered, while the "
                "text in the file stayed.",
                signer=signer,
            ),
            _ANEW,
        ),
        Verdict.SUSPICIOUS: (
            "signature.suspicious",
            say(
                "After {signer} had signed digitally, another program wrote into the file in a way that is not known "
                "here. On the pages no change is seen.",
                signer=signer,
            ),
            say("Look at the file in the signing program. If the signature is sound there, a person confirms it."),
        ),
        Verdict.NOT_PERMITTED: (
            "signature.not-permitted",
            say("The digital signature of {signer} forbids what was added to the file after it.", signer=signer),
            _LOOK,
        ),
        Verdict.BYTES_APPENDED: (
            "signature.bytes-appended",
            say(
                "After the end of what {signer} signed digitally there is something that nobody signed.",
                signer=signer,
            ),
            _ANEW,
        ),
        Verdict.ALLOWED_CHANGE: (
            "signature.allowed-change",
            say(
                "After {signer} had signed digitally, as the last one, a box of the form was filled in. Signatures "
                "allow that; nobody has signed it.",
                signer=signer,
            ),
            _LOOK,
        ),
    }


def _of_the_certificate(signer: str) -> dict[Verdict, _Told]:
    """Why the signer's certificate is not trusted."""
    roots = say(
        "If the authority is one to trust, the operator puts its root certificate into the folder of certificates; "
        "then the paper is taken again (vanthu reprocess)."
    )
    lists = say(
        "The operator fetches the authority's newest list into the folder of certificates; then the paper is taken "
        "again (vanthu reprocess). Or a person confirms it."
    )
    return {
        Verdict.UNKNOWN_ROOT: (
            "signature.unknown-root",
            say(
                "Who vouches for the digital signature of {signer} is not among those the office trusts.",
                signer=signer,
            ),
            roots,
        ),
        Verdict.NOT_FOR_SIGNING: (
            "signature.not-for-signing",
            say("The certificate of {signer}, or one above it, is not made for signing documents.", signer=signer),
            _LOOK,
        ),
        Verdict.REVOKED: (
            "signature.revoked",
            say("The certificate of {signer} was revoked.", signer=signer),
            say("Have it signed anew with a certificate that holds."),
        ),
        Verdict.LIST_NOT_AVAILABLE: (
            "signature.list-not-available",
            say(
                "Whether the certificate of {signer} was revoked is not known: no list of its authority for that day "
                "is in the folder of certificates.",
                signer=signer,
            ),
            lists,
        ),
    }


def _of_the_time(signer: str) -> dict[Verdict, _Told]:
    """What is wrong with the time."""
    anew = say("Have it signed anew with a certificate that holds, or a person confirms it.")
    return {
        Verdict.EXPIRED: ("signature.expired", say("The certificate of {signer} had run out.", signer=signer), anew),
        Verdict.EXPIRED_SINCE: (
            "signature.expired-since",
            say(
                "The certificate of {signer} has run out. The signature says it was made before; no time-stamp "
                "proves that.",
                signer=signer,
            ),
            anew,
        ),
        Verdict.NOT_YET_VALID: (
            "signature.not-yet-valid",
            say("The certificate of {signer} did not hold yet.", signer=signer),
            anew,
        ),
        Verdict.TIME_DOUBTFUL: (
            "signature.time-doubtful",
            say(
                "The time that the digital signature of {signer} says cannot be: it is not within the certificate's, "
                "or after the file was received.",
                signer=signer,
            ),
            _LOOK,
        ),
    }
