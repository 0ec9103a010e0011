"""Word and Excel files: one door, one table of limits, one value that is handed to whoever needs a part.

opened(content) -> Package        raises files.refusals.Unfit: what the secrecy gate, reading, the check of the
                                  official form, marking and the laying out of templates all look at
loose_parts(content)              what can be unpacked of a file that is refused, for the secrecy gate alone
packed(parts) -> bytes            the same parts always give the same bytes
"""

from pipeline.ooxml.limits import LIMITS, Limits
from pipeline.ooxml.loose import loose_parts
from pipeline.ooxml.package import (
    Package,
    Relation,
    only_cells,
    opened,
    opened_ours,
    packed,
    parts_of_ours,
    template_type,
)

__all__ = [
    "LIMITS",
    "Limits",
    "Package",
    "Relation",
    "loose_parts",
    "only_cells",
    "opened",
    "opened_ours",
    "packed",
    "parts_of_ours",
    "template_type",
]
