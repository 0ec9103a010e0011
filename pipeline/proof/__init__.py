"""Proof that needs no trust: one Merkle log over register and events, signed heads, and what verifies both alone.

`tree`, `ed25519`, `heads`, `inclusion` and `standalone` need nothing but Python: `program` writes them as one file
into each archive. What is signed with stands in `signing`, what a ledger makes paths of in `paths`.
"""
