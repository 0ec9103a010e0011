"""Proof that needs no trust: one Merkle log over register and events, signed heads, and what verifies both alone.

`standalone` is also written into each archive, and imports nothing of ours. What is signed with stands in `signing`.
"""

from pipeline.proof.standalone import Fault, Frontier, Head, leaf_hash, node_hash, root_of_path

__all__ = ["Fault", "Frontier", "Head", "leaf_hash", "node_hash", "root_of_path"]
