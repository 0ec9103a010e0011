"""A deterministic simulator: one seed is one history of the whole office, and any seed replays byte for byte.

docs/simulation.md says how it works and what it does not model.
"""
