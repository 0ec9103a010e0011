"""The proof of what was filed: the Merkle tree over register and events, signed heads, inclusion, verifying alone.

`standalone` needs nothing but Python: it is written into each archive as it is, so what is tested here is what runs
there.
"""
