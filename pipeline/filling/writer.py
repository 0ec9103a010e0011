"""Writing one part of a document: checking, escaping and encoding its values between the template's bytes."""

import re
from collections.abc import Sequence
from typing import Final

from markupsafe import escape

from pipeline.filling.batches import BETWEEN, ID_BEGIN, ID_END, Batch, NeedsDocxtpl, Position
from pipeline.filling.budget import Budget
from pipeline.filling.links import Links
from pipeline.filling.printing import text_of
from pipeline.filling.values import Value, composed, illegal

#: Bytes after which text must be looked at: markup, controls, and what may begin U+FFFE or U+FFFF.
_SPECIAL: Final = bytes(set(range(32)) - {ord(BETWEEN)}) + b"&<>\"'\xef"
_SEPARATOR: Final = BETWEEN.encode()
# compiled by `re` when first needed: most documents need none of them, and compiling takes as long as writing one
_ID: Final = f"{ID_BEGIN}([0-9]*){ID_END}".encode()
_BREAKING: Final = "[\n\t\a\f]"
_LEFT_TO_DOCXTPL: Final = "<w:(?:tbl|tr|tc)[ />]|<wp:docPr|[\n\t\a\f\r]"
_PLAIN_TYPES: Final = frozenset({str, int, float, bool})
_VALUES: Final = 200  #: values looked at together
_PIECES: Final = 600  #: pieces gathered before they are put together; some 64 KiB


class Misplaced(Exception):  # noqa: N818 - told to the author as a finding
    """A value that would not be seen where its tag stands.

    `line` is the tag's in its part `member`, `is_markup` tells whether the value is rich text.
    """

    member = ""

    def __init__(self, line: int, is_markup: bool) -> None:
        self.line, self.is_markup = line, is_markup
        super().__init__(f"line {line}")


class Writer:
    """One part of one document being written. `write` is what the generated code calls, batch by batch."""

    def __init__(self, batches: Sequence[Batch], budget: Budget, links: Links, first_id: int) -> None:
        self._batches = batches
        self._budget = budget
        self._links = links
        self._number = -1
        self._waiting: list[Value] = []
        self._pieces: list[bytes] = []
        self._done = bytearray()
        self._next_id = first_id
        self._used_ids: set[str] = set()

    def write(self, number: int, values: tuple[Value, ...]) -> None:
        """Write batch `number` with these values in its slots.

        Batches of one number that follow each other (the rows of a table) are checked and written together.
        """
        if number != self._number:
            self._settle()
            self._number = number
            # without values nothing counts its turns: written each time it comes
            if not values:
                self._settle()
        self._waiting += values
        if len(self._waiting) > _VALUES:
            self._settle()
            self._number = number

    def _settle(self) -> None:
        """Write what is waiting."""
        if self._number < 0:
            return
        first, last, ring, positions, is_plain, has_ids = self._batches[self._number]
        self._number = -1
        if not positions:
            filled = [first]
        elif self._waiting:
            values, self._waiting = self._waiting, []
            filled = [*ring * (len(values) // len(positions)), last]
            filled[0] = first
            filled[1::2] = (is_plain and _plainly(values)) or [
                self._slot(value, positions[index % len(positions)]) for index, value in enumerate(values)
            ]
        else:
            return
        if has_ids:
            filled = [re.sub(_ID, self._id, b"".join(filled))]
        self._pieces += filled
        if len(self._pieces) > _PIECES:
            self._flush()

    def raw(self, content: bytes) -> None:
        """Write bytes as they are."""
        self._settle()
        self._pieces.append(content)

    def finish(self) -> bytearray:
        """The part."""
        self._flush()
        return self._done

    def _flush(self) -> None:
        self._settle()
        content = b"".join(self._pieces)
        self._pieces.clear()
        # bytes are paid for as well: a long text in a loop is few steps and much paper
        self._budget.spend(len(content) >> 6)
        self._done += content

    def _slot(self, value: Value, position: Position) -> bytes:
        """One value as it stands in the XML."""
        if hasattr(value, "__html__"):
            return self._markup(value, position)
        text = text_of(value)
        if position.kind == "between" and text.strip():
            raise Misplaced(position.line, is_markup=False)
        return _broken(str(escape(text)), position).encode()

    def _markup(self, value: Value, position: Position) -> bytes:
        """XML made by docxtpl's classes or by a macro."""
        if getattr(value, "tpl", None) is not None:
            # its parts must be added to the package, with relationships
            raise NeedsDocxtpl("a picture or subdocument")
        xml = composed(str.__str__(value.__html__()))  # Markup itself would escape what is put into it
        # a filter that cuts (`truncate`) may end in the middle of "&amp;"
        if "&" in xml and not _is_balanced(xml):
            raise NeedsDocxtpl("a filter has spoilt what was escaped")
        if "<" not in xml:
            if illegal()(xml.replace("\a", "").replace("\f", "")):
                raise NeedsDocxtpl("an illegal character")
            if position.kind == "between" and xml.strip():
                raise Misplaced(position.line, is_markup=False)
            return _broken(xml, position).encode()
        if position.kind == "text":
            # rich text in a plain tag: the author has left out the r, and Word would show nothing
            if xml.startswith("<w:r>"):
                raise Misplaced(position.line, is_markup=True)
            raise NeedsDocxtpl("XML within a text")
        if re.search(_LEFT_TO_DOCXTPL, xml) or illegal()(xml) or not _is_balanced(xml):
            raise NeedsDocxtpl("XML that must be seen as a whole")
        return self._links.kept(xml).encode()

    def _id(self, found: re.Match[bytes]) -> bytes:
        """The id of a drawing: the template's own where it says one and it is not used yet, else the next."""
        said = found.group(1).decode()
        # a picture in a loop comes with one id again and again, and must have its own each time
        if not said or said in self._used_ids:
            self._next_id += 1
            said = str(self._next_id)
        self._used_ids.add(said)
        return said.encode()


def _plainly(values: list[Value]) -> list[bytes] | None:
    """All values as bytes when each may stand as it is, else None."""
    try:
        # all at once: nothing special in any of them is the usual case, and costs one look
        joined = BETWEEN.join(values)
    except TypeError:
        if not _PLAIN_TYPES.issuperset(value.__class__ for value in values):
            return None
        joined = BETWEEN.join(map(str, values))
    encoded = joined.encode()
    if len(encoded.translate(None, _SPECIAL)) != len(encoded):
        return None
    # a value that holds the separator itself makes one part too many: looked at alone, it is refused
    parts = encoded.split(_SEPARATOR)
    return parts if len(parts) == len(values) else None


def _broken(text: str, position: Position) -> str:
    """Escaped text with its line breaks and tabs as docxtpl's `resolve_listing` would make them at this position."""
    if not re.search(_BREAKING, text) or position.kind == "raw":
        return text
    run, paragraph = position.run, position.paragraph
    if position.kind != "text" or run is None:
        raise NeedsDocxtpl("line breaks where the run is not known beforehand")
    begin = f'<w:r>{run}<w:t xml:space="preserve">'
    text = text.replace("\t", f"</w:t></w:r><w:r>{run}<w:tab/></w:r>{begin}")
    if "\a" in text or "\f" in text:
        if paragraph is None:
            raise NeedsDocxtpl("paragraph breaks where the paragraph is not known beforehand")
        text = text.replace("\a", f"</w:t></w:r></w:p><w:p>{paragraph}{begin}")
        text = text.replace(
            "\f", f'</w:t></w:r></w:p><w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p>{paragraph}{begin}'
        )
    return text.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')


def _is_balanced(xml: str) -> bool:
    """Whether every element opened in a fragment is closed in it."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    try:
        parser.Parse(f"<x>{xml}</x>".encode(), True)
    except (expat.ExpatError, UnicodeEncodeError):
        return False
    return True
