"""A batch: one stretch of a template's bytes with slots, and what each slot is in the XML."""

from collections.abc import Sequence
from typing import NamedTuple


class Position(NamedTuple):
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
#: control characters, which XML 1.0 cannot hold: no text of a template can be taken for them
ID_BEGIN, ID_END = "\x01", "\x02"
#: What keeps the values of a batch apart while they are checked together; no XML text can hold it.
BETWEEN = "\x1f"


class NeedsDocxtpl(Exception):  # noqa: N818 - a turn of the road, not an error
    """A part, or one document, cannot be written from the compiled form; docxtpl itself can. The text says why."""


class Batch(NamedTuple):
    """`first` is what stands before the first value, `last` after the last; `ring` is one turn of what stands
    between the values when the batch comes several times in a row: `last + first`, an empty place, the bytes after
    the first value, an empty place, and so on.

    `is_plain` tells that every value may stand as plain text, `has_ids` that the bytes hold drawing ids to be
    numbered.
    """

    first: bytes
    last: bytes
    ring: tuple[bytes, ...]
    positions: tuple[Position, ...]
    is_plain: bool
    has_ids: bool

    @classmethod
    def of(cls, statics: Sequence[str], positions: Sequence[Position]) -> "Batch":
        """The batch of these texts with a value between each two of them."""
        encoded = [text.encode() for text in statics]
        first, last = encoded[0], encoded[-1] if positions else b""
        ring = [b""] * (2 * len(positions))
        ring[::2] = [last + first, *encoded[1:-1]] if positions else []
        return cls(
            first,
            last,
            tuple(ring),
            tuple(positions),
            all(position.kind != "between" for position in positions),
            any(ID_BEGIN in text for text in statics),
        )
