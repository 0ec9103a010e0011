"""The proof of one entry as a text (C2SP tlog-proof), and as two codes; `standalone.read_proof` reads both."""

import base64
import zlib

from pipeline.proof.signing import note_of
from pipeline.proof.standalone import PROOF, Proof


def text_of(proof: Proof) -> str:
    """Write a proof as tlog-proof has it; the entry stands in it as extra data."""
    return _text(proof, f"extra {base64.b64encode(proof.entry).decode()}\n")


def codes_of(proof: Proof) -> tuple[str, str]:
    """Write path and head, and the entry, as two texts for QR codes; together they are the whole proof."""
    # base32 has only characters of a QR code's alphanumeric mode, and Python reads it without us
    path, entry = (
        base64.b32encode(zlib.compress(part, 9)).decode().rstrip("=") for part in (_text(proof).encode(), proof.entry)
    )
    return f"VTP1:{path}", f"VTE1:{entry}"


def _text(proof: Proof, extra: str = "") -> str:
    hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in proof.path)
    return f"{PROOF}\n{extra}index {proof.index}\n{hashes}\n{note_of(proof.head)}"
