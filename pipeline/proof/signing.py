"""Signed heads: notes as C2SP has them (tlog-checkpoint, signed-note), signed with the office's own Ed25519 key.

The private key lies with the ledger, the public one in the archive and with the heads. Whoever has the private key
can sign another book, but cannot take back the heads that lie elsewhere: two of them that do not agree tell of him.
"""

import base64
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.files.secret_key import secret_key
from pipeline.messages import say
from pipeline.proof.standalone import Head

FILE_NAME: Final = "khoa-moc.key"


class Signer:
    """Signs heads with the key kept in `var`, which is made when there is none.

    Raises UnsafeSetupError when the file is no key, CannotWrite when it cannot be made.
    """

    def __init__(self, var: Path) -> None:
        # here, not above: a command that signs nothing does not load it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(_seed(var))
        self.public = self._key.public_key().public_bytes_raw()
        self.name = f"vanthu-{hashlib.sha256(self.public).hexdigest()[:8]}"

    @property
    def verifier_key(self) -> str:
        """The public key as C2SP's signed-note writes it: "name+id+base64"."""
        public = base64.b64encode(b"\x01" + self.public).decode()
        return f"{self.name}+{self._id.hex()}+{public}"

    @property
    def _id(self) -> bytes:
        """The four bytes by which signatures name their key (signed-note)."""
        return hashlib.sha256(f"{self.name}\n\x01".encode() + self.public).digest()[:4]

    def sign(self, size: int, root: bytes) -> str:
        """Give the signed note of a head, ending in a line feed."""
        head = Head(self.name, size, root, b"")
        return note_of(replace(head, signature=self._id + self._key.sign(head.body)))


def is_signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature is by a public key: as `standalone.is_signed_by`, a hundred times as fast."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def note_of(head: Head) -> str:
    """Write a head as a signed note."""
    return f"{head.body.decode()}\n— {head.origin} {base64.b64encode(head.signature).decode()}\n"


def short_of(head: Head) -> str:
    """Write a head on one line, as receipts and pages of the register carry it."""
    signature, root = base64.b64encode(head.signature).decode(), base64.b64encode(head.root).decode()
    return f"{head.origin} · {head.size} · {root} · {signature}"


def _seed(var: Path) -> bytes:
    path = var / FILE_NAME
    lost = say(
        "“{path}” is not the key it was, or cannot be read. Bring it back from the backup: with it the heads "
        "of the register are signed.",
        path=str(path),
    )
    return secret_key(path, lost)
