"""Trusted time-stamps (RFC 3161): when a signature was there at the latest, on the word of a trusted authority.

A stamp stands in the signature itself, or is one of the whole document that was added later (PAdES B-LTA).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import DocumentTimestampStatus, SignatureCoverageLevel, TimestampSignatureStatus

from pipeline.papers.trust import Trust

#: What the field of a document's time-stamp says it is.
DOCUMENT_TIME_STAMP: Final = "/ETSI.RFC3161"
#: Why a certificate is not trusted: it, or one above it, was revoked.
REVOKED: Final = frozenset(
    {AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}
)
_MOST_FIELDS: Final = 60


@dataclass(frozen=True)
class TimeStamps:
    """The time-stamps of one file."""

    reader: PdfFileReader
    trust: Trust
    received_at: dt.datetime

    def proved_at(
        self, embedded: EmbeddedPdfSignature, token: TimestampSignatureStatus | None, ends_at: int
    ) -> dt.datetime | None:
        """The earliest time that a trusted stamp proves a signature to have been there, None where none does.

        `token` is what pyHanko found of the stamp in the signature, `ends_at` the end of what the signature covers.
        """
        proved = [at for end, at in self._of_document() if end > ends_at]
        if token is not None and _is_sound(token) and not self._is_token_revoked(embedded):
            proved.append(token.timestamp)
        return min(proved, default=None)

    def _of_document(self) -> Iterator[tuple[int, dt.datetime]]:
        """For each trusted stamp of the document, the end of what it covers, and its time."""
        for at, (name, value, field) in enumerate(enumerate_sig_fields(self.reader, filled_status=True)):
            dictionary = value.get_object()
            is_stamp = (
                isinstance(dictionary, DictionaryObject) and dictionary.get("/SubFilter") == DOCUMENT_TIME_STAMP
            )
            if at < _MOST_FIELDS and is_stamp:
                yield from self._of_field(str(name), field)

    def _of_field(self, name: str, field: DictionaryObject) -> Iterator[tuple[int, dt.datetime]]:
        try:
            found = [self._stamp(name, field, asks_lists=asks) for asks in (False, True)]
        except MemoryError:
            raise
        except Exception:  # a stamp that cannot be read proves nothing
            return
        (embedded, stamp), (_, asked) = found
        is_whole = stamp.coverage is not None and stamp.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        if is_whole and _is_sound(stamp) and not (self.trust.has_lists and _is_revoked(asked)):
            yield int(embedded.byte_range[2]) + int(embedded.byte_range[3]), stamp.timestamp

    def _stamp(
        self, name: str, field: DictionaryObject, *, asks_lists: bool
    ) -> tuple[EmbeddedPdfSignature, DocumentTimestampStatus]:
        embedded = EmbeddedPdfSignature(self.reader, field, name)
        context = self.trust.context(self.received_at, asks_lists=asks_lists and self.trust.has_lists, is_past=False)
        return embedded, validate_pdf_timestamp(embedded, context, skip_diff=True)

    def _is_token_revoked(self, embedded: EmbeddedPdfSignature) -> bool:
        """Whether the authority whose stamp stands in a signature is on the lists."""
        if not self.trust.has_lists:
            return False
        asked = validate_pdf_signature(
            EmbeddedPdfSignature(self.reader, embedded.sig_field, embedded.fq_name),
            self.trust.context(self.received_at, asks_lists=False, is_past=False),
            self.trust.context(self.received_at, asks_lists=True, is_past=False),
            skip_diff=True,
        ).timestamp_validity
        return asked is not None and _is_revoked(asked)


def _is_sound(stamp: TimestampSignatureStatus) -> bool:
    return stamp.intact and stamp.valid and stamp.trusted


def _is_revoked(stamp: TimestampSignatureStatus) -> bool:
    return stamp.revoked or stamp.trust_problem_indic in REVOKED
