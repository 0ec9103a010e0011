"""Time stamps (RFC 3161) of signed heads, where the office names a service: kept beside the heads, asked for once.

A stamp says that a head, and so every line below it and every paper that these name, existed at its time; a head that
got none is covered by the stamp of any later one. Whom to believe about the time is not judged here: the certificate
of the service stands in the stamp.
"""

import asyncio
import datetime as dt
import hashlib
import logging
import secrets
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.archive.journal import Places
from pipeline.files import write_durably
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.proof.signing import note_of
from pipeline.proof.standalone import ANCHORS, Head, heads_in, heads_of

log = logging.getLogger(__name__)

STAMPS: Final = "tem-thoi-gian"
_SECONDS: Final = 5
_MOST_BYTES: Final = 100_000


@dataclass(frozen=True)
class Stamp:
    """What a stamp says: the moment, and the subject of the certificate that signed it."""

    at: dt.datetime
    by: str


def stamp(note: str, places: Places, url: str) -> bool:
    """Have a signed head stamped and keep the stamp beside the heads; False where the service gives none.

    Asked once for each head: neither filing nor numbering waits for it, and no trouble of the service is ours.
    """
    (head,) = heads_in(note)
    try:
        token = _asked(url, note.encode())
        seen(token, note.encode())
        write_durably(_file(places.anchors, head), token)
    except Exception as trouble:  # whatever a service on the network answers
        log.warning("no time stamp", extra={"action": "witness.stamp", "url": url, "why": str(trouble)})
        return False
    return True


def _file(anchors: Path, head: Head) -> Path:
    return anchors / STAMPS / f"{head.size:012d}.tst"


def _asked(url: str, data: bytes) -> bytes:
    """Ask a service for a token, DER."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps.common_utils import handle_tsp_response

    nonce = secrets.randbits(62)
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(data).digest()}
    query = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True})
    types = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    # the setting takes http and https alone
    request = urllib.request.Request(url, query.dump(), types)  # noqa: S310
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        response = tsp.TimeStampResp.load(answer.read(_MOST_BYTES))
    given = handle_tsp_response(response, None)
    if given["content"]["encap_content_info"]["content"].parsed["nonce"].native != nonce:
        raise ValueError("another nonce")
    token: bytes = given.dump()
    return token


def seen(token: bytes, data: bytes) -> Stamp:
    """Look at a stamp of some bytes. Raises ValueError where it is none of these, or not as it was signed."""
    from asn1crypto import cms
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        imprinted = signed["encap_content_info"]["content"].parsed["message_imprint"]
        digest = hashlib.new(imprinted["hash_algorithm"]["algorithm"].native, data).digest()
        # nothing is fetched, and trust is not asked about: what the stamp brings along leads to itself
        known = ValidationContext(trust_roots=[one.chosen for one in signed["certificates"]], allow_fetching=False)
        told = asyncio.run(validate_tst_signed_data(signed, known, lambda _: digest))
        is_ours = imprinted["hashed_message"].native == digest and told["intact"] and told["valid"]
    except Exception as trouble:  # a file that anybody may have put there
        raise ValueError(str(trouble)) from trouble
    if not is_ours:
        raise ValueError("another imprint or signature")
    return Stamp(told["timestamp"], str(told["signing_cert"].subject.human_friendly))


def stamp_findings(anchors: Iterable[Path]) -> Iterator[Finding]:
    """Say what the stamps beside the heads prove: the oldest and the newest, and each that proves nothing."""
    for folder in (path for path in anchors if (path / STAMPS).is_dir()):
        heads = {_file(folder, head): head for head in heads_of(folder / ANCHORS)}
        good: list[tuple[Head, Stamp]] = []
        for file in sorted((folder / STAMPS).iterdir()):
            try:
                good.append((heads[file], seen(file.read_bytes(), note_of(heads[file]).encode())))
            except (KeyError, ValueError):
                said = say("{file} is no time stamp of a head that stands here.", file=f"{STAMPS}/{file.name}")
                yield Finding("stamp.broken", Severity.BLOCK, said, found=file.name)
        for head, one in dict.fromkeys((good[0], good[-1])) if good else ():
            said = say(
                "Stamped at {at} by {by}: the first {size} lines of the journal, and the papers they name, existed "
                "then. Whether this service is to be believed is not judged here.",
                at=f"{one.at.astimezone():%H:%M %d/%m/%Y}",
                by=one.by,
                size=head.size,
            )
            yield Finding("stamp.holds", Severity.INFO, said, found=str(head.size))
