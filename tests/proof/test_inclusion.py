"""The proof of one entry: small, quick to check, and broken by any change."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.proof.inclusion import codes_of, text_of
from pipeline.proof.signing import Signer
from pipeline.proof.standalone import Head, Proof, heads_in, keys_in, leaf_hash, read_proof, root_of_path
from tests.proof.test_tree import grown

ENTRY = ("0" * 64 + "\n" + '{"act":"file","facts":"{\\"path\\":\\"KH/1.pdf\\"}"}').encode()


def proof_of(folder: Path, index: int, size: int) -> tuple[Proof, list[bytes]]:
    """A proof whose path has the length it has in a log of that size; the hashes beside it are arbitrary."""
    signer = Signer(folder)
    path: list[bytes] = []
    leaf = leaf_hash(ENTRY)
    while root_of_path(index, size, leaf, path) is None:
        path.append(bytes([len(path)]) * 32)
    root = root_of_path(index, size, leaf, path) or b""
    note = signer.sign(size, root)
    return Proof(ENTRY, index, tuple(path), heads_in(note)[0]), keys_in(signer.verifier_key)


def test_an_entry_of_a_million_is_proved_from_less_than_a_kilobyte_in_an_instant(tmp_path: Path) -> None:
    proof, keys = proof_of(tmp_path, 123_456, 1_000_000)
    path_and_head, entry = codes_of(proof)
    assert len(path_and_head.partition(":")[2]) * 5 / 8 <= 1000
    began = time.process_time()
    read = read_proof(f"{path_and_head}\n{entry}\n")
    assert read is not None
    assert read.holds(keys)
    assert time.process_time() - began < 0.05
    assert read == replace(proof, head=read.head)
    assert (read.head.size, read.head.root) == (1_000_000, proof.head.root)
    assert read_proof(text_of(proof)) == proof


def test_a_proof_breaks_with_every_part_of_it(tmp_path: Path) -> None:
    proof, keys = proof_of(tmp_path, 5, 11)
    assert proof.holds(keys)
    (tmp_path / "other").mkdir()
    for other in (
        replace(proof, entry=proof.entry.replace(b"KH/1", b"KH/2")),
        replace(proof, index=6),
        replace(proof, path=proof.path[:-1]),
        replace(proof, path=(*proof.path, bytes(32))),
        replace(proof, head=replace(proof.head, size=12)),
        replace(proof, head=Head(proof.head.origin, 11, bytes(32), proof.head.signature)),
    ):
        assert not other.holds(keys)
    assert not proof.holds(keys_in(Signer(tmp_path / "other").verifier_key))
    assert not proof.holds([])


def test_the_path_of_a_grown_log_is_a_proof(tmp_path: Path) -> None:
    frontier, tree, leaves = grown(700)
    signer = Signer(tmp_path)
    (head,) = heads_in(signer.sign(700, frontier.root()))
    path = tuple(tree.path(300, 700))
    assert Proof(b"300", 300, path, head).holds(keys_in(signer.verifier_key))
    assert not Proof(b"301", 300, path, head).holds(keys_in(signer.verifier_key))
    assert leaves[300] != leaves[301]


@pytest.mark.parametrize("text", ["", "VTP1:", "c2sp.org/tlog-proof@v1\nextra x\nindex 3\n\n", "VTP1:QED8WEX0"])
def test_what_is_no_whole_proof_is_none(text: str) -> None:
    assert read_proof(text) is None
