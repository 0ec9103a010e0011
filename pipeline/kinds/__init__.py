"""Document kinds: a folder each (kind.yaml, fields.yaml, rules.yaml, template.docx), loaded as values.

docs/kinds.md says how to add one without code.
"""

from pipeline.kinds.bundle import FILES, BrokenKind, Loaded, load, load_all, pack, unpack
from pipeline.kinds.fields import GROUP, LIST, TABLE, VALUE, Field, FieldTree
from pipeline.kinds.kind import PERMANENT, Gather, Kind, Signing, Subject, value_at

__all__ = [
    "FILES",
    "GROUP",
    "LIST",
    "PERMANENT",
    "TABLE",
    "VALUE",
    "BrokenKind",
    "Field",
    "FieldTree",
    "Gather",
    "Kind",
    "Loaded",
    "Signing",
    "Subject",
    "load",
    "load_all",
    "pack",
    "unpack",
    "value_at",
]
