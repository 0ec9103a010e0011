"""What the office trusts: root certificates, intermediate ones, CRLs and OCSP responses, as files in its folder.

A certificate that issued itself is a root, any other an intermediate one, which by itself makes nobody trusted.
Nothing is ever fetched: what does not lie in the folder or in the paper is not known. Needs pyHanko's libraries, so
it is imported in the guarded child alone, when a signed file is met.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from asn1crypto import pem
from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate
from pyhanko_certvalidator import ValidationContext

from pipeline.model import Authority

#: A list of the revoked of a large authority has some megabytes; the folder is the office's own.
_MOST_BYTES: Final = 32 * 1024 * 1024
_MOST_FILES: Final = 1000


@dataclass
class Trust:
    """What was read of the folder; `unread` are the names of files that are none of what belongs there."""

    roots: list[Certificate] = field(default_factory=list)
    between: list[Certificate] = field(default_factory=list)
    crls: list[CertificateList] = field(default_factory=list)
    ocsps: list[OCSPResponse] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def has_lists(self) -> bool:
        """Whether there is anything by which a certificate may be seen to be revoked."""
        return bool(self.crls or self.ocsps)

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """The roots, each once."""
        named = {one.sha256.hex(): str(one.subject.human_friendly) for one in self.roots}
        return tuple(Authority(name, sha256) for sha256, name in sorted(named.items()))

    @property
    def lists(self) -> tuple[str, ...]:
        """The sha256 of each CRL and OCSP response."""
        return tuple(sorted({hashlib.sha256(one.dump()).hexdigest() for one in (*self.crls, *self.ocsps)}))

    def with_more(
        self, certificates: Iterable[Certificate], crls: Iterable[bytes], ocsps: Iterable[bytes]
    ) -> "Trust":
        """The same with what a paper brings itself (DER); its certificates are never roots."""
        return Trust(
            self.roots,
            [*self.between, *certificates],
            [*self.crls, *map(CertificateList.load, crls)],
            [*self.ocsps, *map(OCSPResponse.load, ocsps)],
        )

    def context(self, moment: dt.datetime, *, asks_lists: bool, is_past: bool) -> ValidationContext:
        """What pyHanko validates against, as of `moment`; `is_past` where a time-stamp proves the moment.

        With `asks_lists` a certificate that no list speaks of is not trusted.
        """
        return ValidationContext(
            # an empty list trusts nobody; None would be whatever the operating system trusts
            trust_roots=list(self.roots),
            other_certs=list(self.between),
            crls=self.crls if asks_lists else [],
            ocsps=self.ocsps if asks_lists else [],
            # "hard-fail" does not look at a certificate without addresses of lists, revoked or not
            revocation_mode="require" if asks_lists else "soft-fail",
            # a list of today says of a moment in the past what was revoked by then
            retroactive_revinfo=is_past,
            allow_fetching=False,
            moment=moment,
        )


def read_trust(folder: Path) -> Trust:
    """Read the office's folder; one that is not there trusts nobody."""
    trust = Trust()
    if not folder.is_dir():
        return trust
    for path in sorted(folder.iterdir())[:_MOST_FILES]:
        if path.name.startswith(".") or not path.is_file():
            continue
        if path.stat().st_size > _MOST_BYTES or not _all_known(trust, path.read_bytes()):
            trust.unread.append(path.name)
    return trust


def _ders(content: bytes) -> Iterator[bytes]:
    """The binary values in a file, PEM or DER."""
    if not pem.detect(content):
        yield content
        return
    try:
        yield from (der for _, _, der in pem.unarmor(content, multiple=True))
    except ValueError:
        yield b""


def _all_known(trust: Trust, content: bytes) -> bool:
    """Put all values of a file where they belong; whether each was one that belongs here."""
    known = [_sorted_in(trust, der) for der in _ders(content)]
    return all(known)


def _sorted_in(trust: Trust, der: bytes) -> bool:
    """Put a value where it belongs; whether it was one that belongs here."""
    # each kind of value is read as far as makes sure that it is one: asn1crypto reads nothing before it is asked
    try:
        certificate = Certificate.load(der, strict=True)
        is_root = certificate.self_signed in {"yes", "maybe"}
        (trust.roots if is_root and certificate.not_valid_after else trust.between).append(certificate)
    except (ValueError, TypeError, KeyError):
        pass
    else:
        return True
    try:
        crl = CertificateList.load(der, strict=True)
        if crl["tbs_cert_list"]["issuer"].native is not None:
            trust.crls.append(crl)
            return True
    except (ValueError, TypeError, KeyError):
        pass
    try:
        response = OCSPResponse.load(der, strict=True)
        is_answer = bool(response["response_status"].native == "successful")
    except (ValueError, TypeError, KeyError):
        return False
    if is_answer:
        trust.ocsps.append(response)
    return is_answer
