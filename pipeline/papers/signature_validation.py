"""Validation of the digital signatures of a PDF by pyHanko, and the one verdict that each of them gets.

pyHanko's own "bottom line" is not asked: it is true for a file with bytes after its end, and false for a certificate
that ran out although a trusted time-stamp proves the day of signing.
"""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from pyhanko.pdf_utils.decode_limits import DecodeLimits, DecodePurpose
from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from pipeline.model import DigitalSignature, Revocation, SignatureCheck, TimeSource, Verdict
from pipeline.papers.digital_signatures import NOT_READ
from pipeline.papers.revisions import Change, change_between
from pipeline.papers.time_stamps import DOCUMENT_TIME_STAMP, REVOKED, TimeStamps
from pipeline.papers.trust import Trust

_END: Final = b"%%EOF"
_LONGEST: Final = 200
_WHITE: Final = b"\0\t\n\x0c\r "
_MOST_SIGNATURES: Final = 60
#: Clocks differ; a signature of a quarter of an hour later than its receipt is a riddle.
_CLOCKS_DIFFER: Final = dt.timedelta(minutes=15)
_SUB_FILTERS: Final = frozenset({"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"})
#: Certificates for signing of the State's authority have one of these, and not always the first.
_KEY_USAGE: Final = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
_PERMITS: Final = {
    MDPPerm.NO_CHANGES: "no-changes",
    MDPPerm.FILL_FORMS: "form-filling",
    MDPPerm.ANNOTATE: "annotations",
}
_OUT_OF_TIME: Final = frozenset(
    {AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED, AdESIndeterminate.EXPIRED}
)


def validated(content: bytes, trust: Trust, received_at: dt.datetime) -> SignatureCheck:
    """Validate all signatures of a PDF; what cannot be read as one says so in `problem`."""
    whole = _without_tail(content)
    check = SignatureCheck(
        roots=trust.authorities,
        lists=trust.lists,
        unread=tuple(trust.unread),
        appended_bytes=len(content) - len(whole),
    )
    try:
        reader = PdfFileReader(io.BytesIO(whole), strict=False, decode_limits=DecodeLimits.for_untrusted_input())
        validating = _Validating(whole, reader, _with_own(reader, trust), received_at)
        seen = list(validating.signatures())
    except MemoryError:
        raise
    except Exception as error:  # a reader of foreign bytes fails in any way it can
        return replace(check, problem=f"{NOT_READ}: {_said(error)}")
    return replace(check, signatures=tuple(_weighed(seen, content)))


def _without_tail(content: bytes) -> bytes:
    """The file up to its last end mark and what white there is after it; the rest no signature speaks of."""
    end = content.rfind(_END)
    if end < 0:
        return content
    end += len(_END)
    while end < len(content) and content[end] in _WHITE:
        end += 1
    return content[:end]


def _with_own(reader: PdfFileReader, trust: Trust) -> Trust:
    """The office's trust with the certificates, CRLs and OCSP responses that a paper brings (PAdES B-LT)."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
        crls = [one.get_object().read_data(DecodePurpose.CRL) for one in store.crls]
        ocsps = [one.get_object().read_data(DecodePurpose.OCSP_RESPONSE) for one in store.ocsps]
        return trust.with_more(store.load_certs(), crls, ocsps)
    except NoDSSFoundError:
        return trust
    except (PdfError, ValueError, TypeError, KeyError, AttributeError):
        # what a paper brings along is its own affair; without it less is known, never more
        return trust


@dataclass(frozen=True)
class _Validating:
    """One file while its signatures are validated."""

    content: bytes
    reader: PdfFileReader
    trust: Trust
    received_at: dt.datetime

    def signatures(self) -> Iterator[DigitalSignature]:
        """Every filled field of a signature, one after another, those of document time-stamps aside."""
        for at, (name, value, field) in enumerate(enumerate_sig_fields(self.reader, filled_status=True)):
            if at >= _MOST_SIGNATURES:
                raise ValueError(f"more than {_MOST_SIGNATURES} signatures")
            dictionary = value.get_object()
            if not isinstance(dictionary, DictionaryObject):
                yield DigitalSignature(str(name), Verdict.NO_SIGNATURE)
            elif dictionary.get("/SubFilter") != DOCUMENT_TIME_STAMP:
                yield self._one(str(name), field, str(dictionary.get("/SubFilter", "")))

    def _one(self, name: str, field: DictionaryObject, sub_filter: str) -> DigitalSignature:
        known = DigitalSignature(name, Verdict.NO_SIGNATURE, sub_filter=sub_filter.removeprefix("/"))
        if sub_filter not in _SUB_FILTERS:
            return replace(known, verdict=Verdict.NOT_CHECKED, problem=f"SubFilter {sub_filter}")
        try:
            embedded = EmbeddedPdfSignature(self.reader, field, name)
            known = _with_certificate(known, embedded)
            return self._judged(known, embedded)
        except MemoryError:
            raise
        except SignatureValidationError as error:
            verdict = Verdict.NOT_FOR_SIGNING if _is_about_algorithms(error) else Verdict.NO_SIGNATURE
            return replace(known, verdict=verdict, problem=_said(error))
        except Exception as error:  # what stands in the signature is foreign, too
            return replace(known, problem=_said(error))

    def _judged(self, known: DigitalSignature, embedded: EmbeddedPdfSignature) -> DigitalSignature:
        status = self._status(embedded, self.received_at)
        known = replace(
            known,
            coverage=_word(status.coverage),
            changes=_word(status.modification_level),
            permits=_PERMITS[level] if (level := embedded.docmdp_level) else "",
        )
        if not status.intact:
            is_in_place = self._is_in_place(embedded) and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
            return replace(known, verdict=Verdict.ALTERED if is_in_place else Verdict.SAVED_ANEW)
        if not status.valid:
            return known
        stamps = TimeStamps(self.reader, self.trust, self.received_at)
        token_at = stamps.proved_at(embedded, status.timestamp_validity, known.ends_at)
        known = _timed(known, token_at, self.received_at)
        if (changed := self._changed(known, embedded, status)) is not None:
            doubt = str(status.diff_result)[:_LONGEST] if status.modification_level == ModificationLevel.OTHER else ""
            return replace(known, verdict=changed, problem=doubt)
        if token_at is not None:
            # pyHanko does not use the time-stamp by itself: asked again as of the time it proves
            status = self._status(embedded, token_at, is_past=True)
        if status.trusted:
            return self._looked_up(known, embedded)
        return replace(
            known, verdict=_distrust(status.trust_problem_indic, known, embedded, token_at or self.received_at)
        )

    def _looked_up(self, known: DigitalSignature, embedded: EmbeddedPdfSignature) -> DigitalSignature:
        """Ask the lists about a certificate that is trusted so far."""
        if self.trust.has_lists:
            moment = known.token_at or self.received_at
            status = self._status(embedded, moment, asks_lists=True, is_past=known.token_at is not None)
            if status.trusted:
                verdict = (
                    Verdict.VALID if _is_time_likely(known, embedded, self.received_at) else Verdict.TIME_DOUBTFUL
                )
                return replace(known, verdict=verdict, revocation=Revocation.GOOD)
            if status.revoked or status.trust_problem_indic in REVOKED:
                return replace(known, verdict=Verdict.REVOKED, revocation=Revocation.REVOKED)
        return replace(known, verdict=Verdict.LIST_NOT_AVAILABLE, revocation=Revocation.NOT_AVAILABLE)

    def _changed(
        self, known: DigitalSignature, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus
    ) -> Verdict | None:
        """What was done to the file after this signature that it does not allow; None when nothing was."""
        if not self._is_in_place(embedded) or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
            return Verdict.SUSPICIOUS
        if status.modification_level == ModificationLevel.OTHER:
            # another program's way of writing may seem suspicious, too: what the pages show decides
            found = change_between(self.content[: known.ends_at], self.content)
            return {Change.TEXT: Verdict.CHANGED_AFTER, Change.PICTURE: Verdict.SHADOW}.get(found, Verdict.SUSPICIOUS)
        return None if status.docmdp_ok else Verdict.NOT_PERMITTED

    def _status(
        self, embedded: EmbeddedPdfSignature, moment: dt.datetime, *, asks_lists: bool = False, is_past: bool = False
    ) -> PdfSignatureStatus:
        # one that was validated remembers what it found
        anew = EmbeddedPdfSignature(self.reader, embedded.sig_field, embedded.fq_name)
        return validate_pdf_signature(
            anew,
            self.trust.context(moment, asks_lists=asks_lists, is_past=is_past),
            self.trust.context(self.received_at, asks_lists=False, is_past=False),
            key_usage_settings=_KEY_USAGE,
        )

    def _is_in_place(self, embedded: EmbeddedPdfSignature) -> bool:
        """Whether all but the signature itself is signed: what is left out is its own value, and nothing else."""
        if len(embedded.byte_range) != 4:
            return False
        start, length, rest, more = (int(number) for number in embedded.byte_range)
        left_out = self.content[length:rest].strip(_WHITE)
        is_value = left_out[:1] == b"<" and left_out[-1:] == b">"
        if start != 0 or not is_value or rest + more > len(self.content):
            return False
        digits = left_out[1:-1].translate(None, _WHITE)
        return digits.lower() == embedded.pkcs7_content.hex().encode()


def _with_certificate(known: DigitalSignature, embedded: EmbeddedPdfSignature) -> DigitalSignature:
    certificate = embedded.signer_cert
    subject: dict[str, Any] = certificate.subject.native
    numbers = [int(number) for number in embedded.byte_range]
    return replace(
        known,
        signer=_text(subject.get("common_name")),
        organisation=_text(subject.get("organization_name")),
        serial=f"{certificate.serial_number:x}",
        issuer=_text(certificate.issuer.native.get("common_name")),
        sha256=certificate.sha256.hex(),
        claimed_at=_aware(embedded.self_reported_timestamp),
        ends_at=numbers[2] + numbers[3] if len(numbers) == 4 else 0,
    )


def _timed(known: DigitalSignature, token_at: dt.datetime | None, received_at: dt.datetime) -> DigitalSignature:
    """State the time of signing, and where it is from: a trusted token, else the claim, else the receipt."""
    if token_at is not None:
        return replace(known, at=token_at, token_at=token_at, time_source=TimeSource.TOKEN)
    if known.claimed_at is not None:
        return replace(known, at=known.claimed_at, time_source=TimeSource.CLAIMED)
    return replace(known, at=received_at, time_source=TimeSource.RECEIPT)


def _is_time_likely(known: DigitalSignature, embedded: EmbeddedPdfSignature, received_at: dt.datetime) -> bool:
    """Whether what the signer's clock said can be: while the certificate held, and not after the file was here."""
    claimed = known.claimed_at
    if claimed is None:
        return True
    return _held_at(embedded, claimed) and claimed <= received_at + _CLOCKS_DIFFER


def _held_at(embedded: EmbeddedPdfSignature, moment: dt.datetime) -> bool:
    certificate = embedded.signer_cert
    held: bool = certificate.not_valid_before <= moment <= certificate.not_valid_after
    return held


def _distrust(
    problem: AdESSubIndic | None, known: DigitalSignature, embedded: EmbeddedPdfSignature, moment: dt.datetime
) -> Verdict:
    """Why a certificate is not trusted at a moment."""
    if problem in REVOKED:
        return Verdict.REVOKED
    if problem in _OUT_OF_TIME:
        was_in_time = known.claimed_at is not None and _held_at(embedded, known.claimed_at)
        return Verdict.EXPIRED_SINCE if was_in_time else Verdict.EXPIRED
    if embedded.signer_cert.not_valid_before > moment:
        return Verdict.NOT_YET_VALID
    if problem is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return Verdict.UNKNOWN_ROOT
    return Verdict.NOT_FOR_SIGNING


def _weighed(seen: list[DigitalSignature], content: bytes) -> Iterator[DigitalSignature]:
    """The signatures in the order of signing; what came after the last one is told with it."""
    ordered = sorted(seen, key=lambda one: one.ends_at)
    for one in ordered:
        if one is not ordered[-1] or one.verdict is not Verdict.VALID:
            yield one
        elif _has_tail(one, content):
            yield replace(one, verdict=Verdict.BYTES_APPENDED)
        elif one.changes == _word(ModificationLevel.NONE):
            yield one
        elif one.changes == _word(ModificationLevel.LTA_UPDATES):
            yield replace(one, verdict=Verdict.ARCHIVE_DATA_ADDED)
        else:
            yield replace(one, verdict=Verdict.ALLOWED_CHANGE)


def _has_tail(last: DigitalSignature, content: bytes) -> bool:
    """Whether there is something after the last revision, or after the signature where that is the last one."""
    after = content[last.ends_at :] if last.changes == _word(ModificationLevel.NONE) else content
    return bool(content[len(_without_tail(content)) :] or (after is not content and after.strip(_WHITE)))


def _is_about_algorithms(error: SignatureValidationError) -> bool:
    return error.ades_subindication in {
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
        AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    }


def _word(level: SignatureCoverageLevel | ModificationLevel | None) -> str:
    return level.name.lower().replace("_", "-") if level is not None else ""


def _text(value: object) -> str:
    """A name of a certificate; where it has several, the first."""
    first = value[0] if isinstance(value, list) and value else value
    return str(first)[:_LONGEST] if first is not None else ""


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment is not None and moment.tzinfo is None else moment


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST]
