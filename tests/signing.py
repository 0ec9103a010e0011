"""Digital signatures for tests: an authority with its own certificates and lists, and PDFs signed by its people.

Everything is made on the spot (P-256) by `cryptography` and pyHanko, as of days that the test names.
"""

import asyncio
import datetime as dt
import functools
import hashlib
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from asn1crypto.crl import CertificateList
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, timestamps
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

#: The day papers are received on in tests (`tests.folders.MAY`), and days before it.
RECEIVED = dt.datetime(2022, 5, 30, 2, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PADES = fields.SigSeedSubFilter.PADES
ADOBE = fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED
NO_CHANGES = fields.MDPPerm.NO_CHANGES
FORM_FILLING = fields.MDPPerm.FILL_FORMS


@dataclass(frozen=True)
class Holder:
    """Who holds a certificate, with the key to it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def name(self) -> str:
        """The common name."""
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @functools.cached_property
    def signer(self) -> SimpleSigner:
        """What pyHanko signs with."""
        return SimpleSigner(
            signing_cert=_converted(self.certificate),
            signing_key=_key(self.key),
            cert_registry=SimpleCertificateStore.from_certs([_converted(one) for one in self.chain]),
        )


@dataclass
class Authority:
    """A root that issues certificates, lists of the revoked and time-stamps."""

    name: str = "Cơ quan chứng thực thử"
    root: Holder = field(init=False)

    def __post_init__(self) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        self.root = Holder(_issued(self.name, key, None, RECEIVED - 3000 * DAY, RECEIVED + 3000 * DAY), key)

    def under(self, name: str) -> "Authority":
        """An authority whose certificate this one has issued."""
        other = Authority(name)
        key = other.root.key
        issued = _issued(name, key, self.root, RECEIVED - 2000 * DAY, RECEIVED + 2000 * DAY, is_authority=True)
        other.root = Holder(issued, key, (self.root.certificate,))
        return other

    def issue(
        self,
        name: str,
        *,
        since: dt.datetime = RECEIVED - 300 * DAY,
        until: dt.datetime = RECEIVED + 300 * DAY,
        answers: bool = False,
        signs: bool = True,
        commits: bool = True,
    ) -> Holder:
        """A certificate for signing documents; not so without `signs`, and without `commits` for no more than that.

        With `answers` it says where its authority answers about it (OCSP).
        """
        key = ec.generate_private_key(ec.SECP256R1())
        made = _issued(name, key, self.root, since, until, answers=answers, signs=signs, commits=commits)
        return Holder(made, key, (self.root.certificate, *self.root.chain))

    @functools.cached_property
    def stamps(self) -> Holder:
        """Who makes its time-stamps."""
        key = _stamping_key()
        since, until = RECEIVED - 2000 * DAY, RECEIVED + 2000 * DAY
        return Holder(_issued("TSA thử", key, self.root, since, until, stamps=True), key, (self.root.certificate,))

    def stamper(self, at: dt.datetime) -> timestamps.DummyTimeStamper:
        """A time-stamping authority whose clock stands at `at`."""
        return timestamps.DummyTimeStamper(
            _converted(self.stamps.certificate),
            _key(self.stamps.key),
            SimpleCertificateStore.from_certs([_converted(self.root.certificate)]),
            fixed_dt=at,
        )

    def crl(
        self, *revoked: Holder, on: dt.datetime = RECEIVED - 100 * DAY, of: dt.datetime = RECEIVED - DAY
    ) -> bytes:
        """The list of the revoked (PEM) of the day `of`, good for a week; all of `revoked` were so from `on`."""
        made = x509.CertificateRevocationListBuilder().issuer_name(self.root.certificate.subject)
        made = made.last_update(of).next_update(of + 7 * DAY)
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
            made = made.add_revoked_certificate(entry.revocation_date(on).build())
        return made.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.PEM)

    def ocsp(self, holder: Holder, *, revoked_on: dt.datetime | None = None) -> bytes:
        """What the authority answers about a certificate (DER) the day before RECEIVED."""
        made = ocsp.OCSPResponseBuilder().add_response(
            cert=holder.certificate,
            issuer=self.root.certificate,
            algorithm=hashes.SHA1(),  # noqa: S303 - what the names of certificates in OCSP are made with
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked_on else ocsp.OCSPCertStatus.GOOD,
            this_update=RECEIVED - DAY,
            next_update=RECEIVED + 6 * DAY,
            revocation_time=revoked_on,
            revocation_reason=None,
        )
        made = made.responder_id(ocsp.OCSPResponderEncoding.NAME, self.root.certificate)
        made = made.certificates([self.root.certificate])
        return made.sign(self.root.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def trusted_in(self, folder: Path, *revoked: Holder, crl: bytes | None = None) -> Path:
        """A folder of certificates with this root and its list."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "root.pem").write_bytes(self.root.certificate.public_bytes(Encoding.PEM))
        (folder / "root.crl").write_bytes(crl if crl is not None else self.crl(*revoked))
        return folder


class _SignerAt(PdfSigner):
    """Signs as of a moment."""

    at: dt.datetime | None = None

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at or session.system_time
        return session


def signed(
    pdf: bytes,
    by: Holder,
    *,
    at: dt.datetime = RECEIVED - 2 * DAY,
    kind: fields.SigSeedSubFilter = ADOBE,
    stamper: timestamps.TimeStamper | None = None,
    certifies: fields.MDPPerm | None = None,
    box: tuple[int, int, int, int] = (380, 30, 520, 70),
    looks: bytes = b"",
) -> bytes:
    """The PDF with one more digital signature, added at its end; `looks` are the operators that draw its box."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    name = f"Signature{by.certificate.serial_number % 10**9}"
    facts = PdfSignatureMetadata(field_name=name, md_algorithm="sha256", subfilter=kind)
    if certifies is not None:
        facts = PdfSignatureMetadata(
            field_name=name, md_algorithm="sha256", subfilter=kind, certify=True, docmdp_permissions=certifies
        )
    style = StaticStampStyle(border_width=0, background=RawContent(looks), background_opacity=1)
    signer = _SignerAt(
        facts,
        by.signer,
        timestamper=stamper,
        stamp_style=style if looks else None,
        new_field_spec=fields.SigFieldSpec(name, on_page=-1, box=box),
    )
    signer.at = at
    content = io.BytesIO()
    signer.sign_pdf(writer, output=content)
    return content.getvalue()


def stamped(pdf: bytes, stamper: timestamps.TimeStamper) -> bytes:
    """The PDF with a time-stamp of the whole document (PAdES B-LTA), added at its end."""
    content = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    PdfTimeStamper(stamper).timestamp_pdf(writer, "sha256", output=content)
    return content.getvalue()


def with_lists(pdf: bytes, *crls: bytes) -> bytes:
    """The signed PDF with lists of the revoked (PEM) that it brings along, added at its end."""
    content = io.BytesIO(pdf)
    lists = [CertificateList.load(x509.load_pem_x509_crl(one).public_bytes(Encoding.DER)) for one in crls]
    DocumentSecurityStore.add_dss(content, None, crls=lists, strict=False, force_write=True)
    return content.getvalue()


def signed_around(pdf: bytes, by: Holder, shift: int) -> bytes:
    """The PDF with a signature that leaves `shift` bytes before itself unsigned, as no honest program signs."""
    whole = signed(pdf, by)
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]", whole)
    assert found is not None
    _, length, rest, more = map(int, found.groups())
    moved = f"/ByteRange [0 {length - shift} {rest - shift} {more + shift}]".encode()
    whole = whole[: found.start()] + moved.ljust(len(found.group())) + whole[found.end() :]
    digest = hashlib.sha256(whole[: length - shift] + whole[rest - shift :]).digest()
    facts = PdfCMSSignedAttributes(signing_time=RECEIVED - 2 * DAY)
    made = asyncio.run(by.signer.async_sign(digest, "sha256", signed_attr_settings=facts))
    value: bytes = made.dump().hex().encode()
    room = rest - length - 2
    return whole[: length + 1] + value.ljust(room, b"0") + whole[length + 1 + room :]


def drawn_on(pdf: bytes, drawing: str, page: int = 0) -> bytes:
    """The PDF with operators drawn over a page, added at its end."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F9"): writer.add_object(font)})
    stream = writer.add_object(StreamObject(stream_data=drawing.encode()))
    writer.add_stream_to_page(page, stream, resources=DictionaryObject({NameObject("/Font"): fonts}))
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def written(text: str, *, x: int = 90, y: int = 420) -> str:
    """The operators that write a word over a white box."""
    return f"q 1 1 1 rg {x - 10} {y - 20} 400 60 re f Q BT /F9 18 Tf {x} {y} Td ({text}) Tj ET"


@functools.cache
def _stamping_key() -> rsa.RSAPrivateKey:
    """The key of every time-stamping authority here: pyHanko's own one for tests knows no other sort."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _issued(
    name: str,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    issuer: Holder | None,
    since: dt.datetime,
    until: dt.datetime,
    *,
    is_authority: bool = False,
    stamps: bool = False,
    answers: bool = False,
    signs: bool = True,
    commits: bool = True,
) -> x509.Certificate:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cơ quan thử"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )
    made = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    made = made.issuer_name(issuer.certificate.subject if issuer else subject)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(since).not_valid_after(until)
    is_authority = is_authority or issuer is None
    if is_authority:
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    usage = dict.fromkeys(("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    made = made.add_extension(
        x509.KeyUsage(
            digital_signature=signs,
            content_commitment=signs and commits and not is_authority,
            key_encipherment=not signs,
            key_cert_sign=is_authority,
            crl_sign=is_authority,
            **usage,
        ),
        critical=True,
    )
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if answers:
        place = x509.UniformResourceIdentifier("http://ocsp.example.vn")
        where = x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)])
        made = made.add_extension(where, critical=False)
    return made.sign(issuer.key if issuer else key, hashes.SHA256())


def _converted(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(Encoding.DER))


def _key(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> PrivateKeyInfo:
    return PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
