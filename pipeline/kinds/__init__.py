"""Document kinds: a folder each (kind.yaml, fields.yaml, rules.yaml, template.docx), loaded as values.

docs/kinds.md says how to add one without code.
"""

from pipeline.kinds.bundle import FILES, BrokenKind, Loaded, load, load_all, pack, unpack
from pipeline.kinds.kind import PERMANENT, Gather, Kind, Signing, Subject

__all__ = [
    "FILES",
    "PERMANENT",
    "BrokenKind",
    "Gather",
    "Kind",
    "Loaded",
    "Signing",
    "Subject",
    "load",
    "load_all",
    "pack",
    "unpack",
]
