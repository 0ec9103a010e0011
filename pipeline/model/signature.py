"""What is known of the digital signatures of a PDF: on both sides of the guard, in the ledger and in sidecars."""

import datetime as dt
import enum
from dataclasses import dataclass


class Verdict(enum.StrEnum):
    """What is known of one digital signature. Only `VALID` and `ARCHIVE_DATA_ADDED` count as signed."""

    VALID = "valid"
    ARCHIVE_DATA_ADDED = "archive-data-added"  #: valid; after it only proofs and time-stamps were added (PAdES LTA)
    ALLOWED_CHANGE = "allowed-change"  #: after the last signature a field was filled in, which signatures allow
    SUSPICIOUS = "suspicious"  #: something was changed after signing; the pages look the same, or nobody could look
    CHANGED_AFTER = "changed-after"  #: the pages say something else than when they were signed
    SHADOW = "shadow"  #: the pages say the same and show something else: hidden content was uncovered, or covered
    BYTES_APPENDED = "bytes-appended"  #: after the end of the signed file there are bytes that are no PDF
    ALTERED = "altered"  #: the signed bytes are not those that were signed
    SAVED_ANEW = "saved-anew"  #: another program wrote the whole file anew: the signature fits no place in it
    NO_SIGNATURE = "no-signature"  #: what stands in the place of the signature is none, or not of its certificate
    NOT_PERMITTED = "not-permitted"  #: after it something was added that this signature forbids
    UNKNOWN_ROOT = "unknown-root"  #: the certificate does not lead to a root of the office
    NOT_FOR_SIGNING = "not-for-signing"  #: the certificate, one above it or the algorithm may not be used so
    EXPIRED = "expired"
    EXPIRED_SINCE = "expired-since"  #: by its own claim signed in time; no trusted time-stamp proves it
    NOT_YET_VALID = "not-yet-valid"
    TIME_DOUBTFUL = "time-doubtful"  #: the claimed time is not within the certificate's, or after the receipt
    REVOKED = "revoked"
    LIST_NOT_AVAILABLE = "list-not-available"  #: no CRL or OCSP response of the day is there for its certificate
    NOT_CHECKED = "not-checked"  #: nothing could be looked at


#: Verdicts that count as signed.
SIGNED = frozenset({Verdict.VALID, Verdict.ARCHIVE_DATA_ADDED})


class TimeSource(enum.StrEnum):
    """Where the time of a signature comes from, the best first."""

    TOKEN = "token"  # noqa: S105 - a time-stamp token (RFC 3161) of an authority the office trusts
    CLAIMED = "claimed"  #: the signer's own clock
    RECEIPT = "receipt"  #: when the file was received


class Revocation(enum.StrEnum):
    """Whether a certificate was found on the lists of revoked ones."""

    GOOD = "good"
    REVOKED = "revoked"
    NOT_AVAILABLE = "not-available"  #: no list of its issuer for that day
    NOT_CHECKED = "not-checked"  #: not come so far


@dataclass(frozen=True)
class DigitalSignature:
    """One digital signature: whose, when, and what is known of it.

    `ends_at` is the end of the signed bytes; `coverage` and `changes` are the words of ISO 32000-2 as pyHanko gives
    them ("entire-file", "form-filling"); `permits` is what a certifying signature lets others do ("no-changes"), ""
    for one that certifies nothing; `sha256` is that of the signer's certificate.
    """

    field: str
    verdict: Verdict
    signer: str = ""
    organisation: str = ""
    serial: str = ""
    issuer: str = ""
    sha256: str = ""
    at: dt.datetime | None = None
    time_source: TimeSource = TimeSource.RECEIPT
    claimed_at: dt.datetime | None = None
    token_at: dt.datetime | None = None
    revocation: Revocation = Revocation.NOT_CHECKED
    sub_filter: str = ""
    coverage: str = ""
    changes: str = ""
    permits: str = ""
    ends_at: int = 0
    problem: str = ""

    @property
    def is_signed(self) -> bool:
        """Whether it counts as signed."""
        return self.verdict in SIGNED


@dataclass(frozen=True)
class Authority:
    """A root certificate that the office trusted when a paper was checked."""

    name: str
    sha256: str


@dataclass(frozen=True)
class SignatureCheck:
    """The digital signatures of a file in the order of signing, and what they were checked against.

    `problem` says why nothing could be checked, "" when it could; `lists` are the sha256 of the CRLs and OCSP
    responses of the office, `unread` the names of files in its folder that are none of these.
    """

    signatures: tuple[DigitalSignature, ...] = ()
    roots: tuple[Authority, ...] = ()
    lists: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    appended_bytes: int = 0
    problem: str = ""
