"""Heads are signed as C2SP writes them, and the program that stands alone agrees about every signature."""

import base64
import hashlib
from pathlib import Path

import pytest

from pipeline.errors import UnsafeSetupError
from pipeline.proof import signing, standalone
from pipeline.proof.signing import Signer, short_of
from pipeline.proof.standalone import Head, heads_in, keys_in

#: RFC 8032, 7.1: public key, message, signature of the tests 1 to 3.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465"
            "5141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb0"
            "0d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc0"
            "27beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize("verifier", [standalone.is_signed_by, signing.is_signed_by])
@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_signatures_of_the_rfc_hold_and_changed_ones_do_not(
    verifier: standalone.Verifier, public: str, message: str, signature: str
) -> None:
    key, said, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verifier(key, said, signed)
    assert not verifier(key, said + b"!", signed)
    for at in (0, 31, 32, 63):
        assert not verifier(key, said, signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :])
    assert not verifier(bytes(32), said, signed)
    assert not verifier(key, said, signed[:-1])
    # the order of the group added once: the same point, and yet another signature
    more = int.from_bytes(signed[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not verifier(key, said, signed[:32] + more.to_bytes(32, "little"))


def test_a_head_is_a_note_that_is_read_back_from_either_shape(tmp_path: Path) -> None:
    signer = Signer(tmp_path)
    note = signer.sign(12, hashlib.sha256(b"x").digest())
    origin, size, root, empty, signature, end = note.split("\n")
    assert (origin, size, empty, end) == (signer.name, "12", "", "")
    assert signature.startswith(f"— {signer.name} ")
    assert base64.b64decode(root) == hashlib.sha256(b"x").digest()
    (head,) = heads_in(f"rubbish\n\n{note}")
    assert heads_in(f"Mốc sổ: {short_of(head)}") == [head]
    # as a receipt has it that keeps numbers on one line with what stands before them
    assert heads_in(f"Mốc sổ: {short_of(head)}".replace(" · ", "\u00a0·\u00a0")) == [head]
    keys = keys_in(signer.verifier_key)
    assert head.is_genuine(keys)
    assert head.is_genuine(keys, signing.is_signed_by)
    for other in (
        Head(head.origin, 13, head.root, head.signature),
        Head("somebody", head.size, head.root, head.signature),
        Head(head.origin, head.size, bytes(32), head.signature),
        Head(head.origin, head.size, head.root, bytes(68)),
    ):
        assert not other.is_genuine(keys)


def test_the_key_is_made_once_and_for_nobody_else(tmp_path: Path) -> None:
    name = Signer(tmp_path).name
    assert Signer(tmp_path).name == name
    (key,) = tmp_path.glob("*.key")
    assert key.stat().st_mode & 0o077 == 0
    key.chmod(0o600)
    key.write_text("no key")
    with pytest.raises(UnsafeSetupError):
        Signer(tmp_path)
