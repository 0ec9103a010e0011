"""The tree: roots and paths as RFC 9162 defines them, whichever way they are made."""

import functools
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.proof.paths import WIDTH, Tree
from pipeline.proof.standalone import Frontier, leaf_hash, node_hash, root_of_path

#: The eight leaves and the roots of their trees that every implementation of Certificate Transparency is tried with.
LEAVES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243")] + [
    bytes.fromhex("5051525354555657"),
    bytes.fromhex("606162636465666768696a6b6c6d6e6f"),
]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def as_defined(hashes: list[bytes]) -> bytes:
    """The root as RFC 9162, 2.1.1 writes it."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return node_hash(as_defined(hashes[:half]), as_defined(hashes[half:]))


@functools.cache
def grown(count: int) -> tuple[Frontier, Tree, list[bytes]]:
    """A tree of so many leaves, kept in tiles as the ledger keeps it."""
    frontier, kept, leaves = Frontier(), dict[int, list[bytes]](), []
    for number in range(count):
        made = frontier.append(leaf_hash(str(number).encode()))
        leaves.append(made[0])
        for height in range(0, len(made), 8):
            kept.setdefault(height // 8, []).append(made[height])
    return frontier, Tree(lambda level, tile: kept[level][tile * WIDTH : (tile + 1) * WIDTH]), leaves


@pytest.mark.parametrize("size", ROOTS)
def test_the_roots_are_those_every_log_agrees_on(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf_hash(leaf))
    assert frontier.root().hex() == ROOTS[size]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 700])
def test_a_frontier_sums_up_to_the_defined_root(size: int) -> None:
    frontier, _, leaves = grown(size)
    assert frontier.root() == as_defined(leaves)


@given(st.data())
def test_every_leaf_is_proved_in_every_tree_it_stands_in(data: st.DataObject) -> None:
    _, tree, leaves = grown(1100)
    size = data.draw(st.integers(1, 1100))
    index = data.draw(st.integers(0, size - 1))
    root = tree.root(size)
    assert root == as_defined(leaves[:size])
    path = tree.path(index, size)
    assert root_of_path(index, size, leaves[index], path) == root
    other = data.draw(st.integers(0, size - 1).filter(lambda one: size == 1 or one != index))
    assert size == 1 or root_of_path(index, size, leaves[other], path) != root
    assert root_of_path(index, size, leaves[index], [*path, root]) is None
    assert size == 1 or root_of_path(index, size, leaves[index], path[:-1]) != root
