"""Document kinds: a folder each (kind.yaml, fields.yaml, rules.yaml, template.docx), loaded as values.

docs/kinds.md says how to add one without code.
"""

from pipeline.kinds.bundle import FILES, BrokenKind, Loaded, load, load_all, pack, unpack
from pipeline.kinds.kind import PERMANENT, Gather, Kind, Signing, Subject
from pipeline.kinds.wording import OF_NO_OFFICE

__all__ = [
    "FILES",
    "OF_NO_OFFICE",
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
