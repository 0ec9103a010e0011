"""A batch: one stretch of a template's bytes with slots, and where each slot stands."""

from collections.abc import Sequence
from typing import NamedTuple


class Site(NamedTuple):
    """Where a value stands.

    `kind` is "text" (in w:t), "raw" (an attribute, a field code), "between" (where no text is shown) or "unknown";
    `run` and `paragraph` are the properties a new run or paragraph there gets (None: not known beforehand); `line`
    is the tag's line.
    """

    kind: str
    run: str | None = None
    paragraph: str | None = None
    line: int = 0


#: What stands in template bytes for the id of a drawing: begin, the template's own id, end.
ID_BEGIN, ID_END = "\x01", "\x02"
#: What keeps the values of a batch apart while they are checked together; no XML text can hold it.
BETWEEN = "\x1f"


class Batch(NamedTuple):
    """`pieces` are the template's bytes, with an empty place for each value in between (at odd indices).

    `form` prints all values at once, `is_plain` tells that every value may stand as plain text, `has_ids` that the
    bytes hold drawing ids to be numbered.
    """

    pieces: tuple[bytes, ...]
    form: str
    sites: tuple[Site, ...]
    is_plain: bool
    has_ids: bool

    @classmethod
    def of(cls, statics: Sequence[str], sites: Sequence[Site]) -> "Batch":
        """The batch of these texts with a value between each two of them."""
        pieces = [b""] * (2 * len(statics) - 1)
        pieces[::2] = [text.encode() for text in statics]
        return cls(
            tuple(pieces),
            BETWEEN.join(["%s"] * len(sites)),
            tuple(sites),
            all(site.kind != "between" for site in sites),
            any(ID_BEGIN in text for text in statics),
        )
