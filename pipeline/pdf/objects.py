"""A reader of PDF objects that builds at once what is written without oddities, and leaves the rest to pypdf.

pypdf takes an object apart letter by letter: two thirds of the time it takes to read a form with hundreds of fields.
Here an object is built by one expression for its tokens if it stands where the table of objects says, and if it
consists of nothing but those tokens. What is built is what pypdf would have built; tests hold the two against each
other, object by object. A damaged, doubtful or merely unusual object is pypdf's to mend or to refuse.
"""

import io
import re
from typing import Final

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    create_string_object,
)

_REFERENCE, _VALUE, _OPENING, _CLOSING, _END = range(2, 7)  # by their last group
#: Each narrower than what pypdf takes: names in ASCII, texts without brackets inside, figures of few digits.
_TOKEN: Final = re.compile(
    rb"""[\t\n\f\r ]*+(?:
        ([0-9]{1,7}+)[ ]([0-9]{1,5}+)[ ]R (?=[\t\n\f\r /<>\[\]])                # 1, 2 a reference
      | (                                                                       # 3 a value
          /[!"\#$&'*+,\-.0-9:;=?@A-Z\\^_`a-z|~]{1,127}+ (?=[\t\n\f\r /<>()\[\]])
        | -?[0-9]{1,10}+ (?=[\t\n\f\r /<>()\[\]])
        | -?[0-9]{0,5}+\.[0-9]{1,12}+ (?=[\t\n\f\r /<>()\[\]])
        | \( [^()\\]*+ (?: \\(?:[0-3][0-7]{2}|[nrtbf()\\]) [^()\\]*+ )*+ \)
        | <(?:[0-9A-Fa-f]{2})*+>
        | (?:true|false|null) (?=[\t\n\f\r /<>()\[\]])
        )
      | (<<|\[)                                                                 # 4
      | (>>|\])                                                                 # 5
      | (endobj (?=[\t\n\f\r ]) | stream\r?\n)                                  # 6
      | (.)                                                                     # 7 anything else
    )""",
    re.VERBOSE | re.DOTALL,
)
_END_OF_STREAM: Final = re.compile(rb"[\t\n\f\r ]*+endstream[\t\n\f\r ]++endobj(?=[\t\n\f\r ])")
_FIGURE: Final = re.compile(rb"[\t\n\f\r ]++([0-9]{1,10}+)[\t\n\f\r ]++endobj(?=[\t\n\f\r ])")
_ESCAPE: Final = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED: Final = {
    **{b"%03o" % code: bytes([code]) for code in range(256)},
    **{bytes([sign]): bytes([code]) for sign, code in zip(b"nrtbf()\\", b"\n\r\t\b\f()\\", strict=True)},
}
_LONGEST_BYTES: Final = 1 << 16  # of an object without its stream: what pypdf limits has more
_LONGEST_STREAM: Final = 75_000_000  # bytes; pypdf's limit
_DEEPEST: Final = 20
_NAMES: Final = {NameObject}


class Reader(PdfReader):
    """pypdf's reader of a PDF in memory, not strict, with a shorter way to plain objects."""

    def __init__(self, content: bytes) -> None:
        self._plain = b""  # while the tables are read
        self._values = _Values()
        super().__init__(io.BytesIO(content), strict=False)
        # what is encrypted is no plain object
        self._plain = b"" if self.is_encrypted else content

    def get_object(self, indirect_reference: int | IndirectObject) -> PdfObject | None:
        """The object that a reference leads to. Raises what pypdf raises."""
        if self._plain and isinstance(indirect_reference, IndirectObject):
            key = (indirect_reference.generation, indirect_reference.idnum)
            if key in self.resolved_objects:
                return self.resolved_objects[key]
            start = self._start_of(indirect_reference)
            if start is not None and (built := self._built(start)) is not None:
                return self.cache_indirect_object(*key, built)
        return super().get_object(indirect_reference)

    def _start_of(self, reference: IndirectObject) -> int | None:
        """Behind the head of an object; None where none stands where the table says."""
        number, generation = reference.idnum, reference.generation
        start = self.xref.get(generation, {}).get(number)
        is_packed = generation == 0 and number in self.xref_objStm
        if start is None or is_packed or self.xref_free_entry.get(generation, {}).get(number, False):
            return None
        head = b"%d %d obj" % (number, generation)
        return start + len(head) if self._plain.startswith(head, start) else None

    def _built(self, start: int) -> PdfObject | None:
        """A dictionary, a list or a stream from its letters; None where they are not plain."""
        values, things, around = self._values, list[PdfObject](), list[tuple[list[PdfObject], bytes]]()
        for token in _TOKEN.finditer(self._plain, start, start + _LONGEST_BYTES):
            kind = token.lastindex
            if kind == _VALUE:
                things.append(values[token[_VALUE]])
            elif kind == _REFERENCE:
                things.append(IndirectObject(int(token[1]), int(token[_REFERENCE]), self))
            elif kind == _OPENING:
                around.append((things, token[_OPENING]))
                things = []
            elif kind == _CLOSING and 0 < len(around) <= _DEEPEST:
                inner = things
                things, opening = around.pop()
                made = _holder(inner, opening + token[_CLOSING])
                if made is None:
                    return None
                things.append(made)
            else:
                # a value alone is pypdf's: values are shared, and an object is told its number
                is_whole = kind == _END and not around and len(things) == 1 and isinstance(things[0], list | dict)
                return self._ended(things[0], token) if is_whole else None
        return None

    def _ended(self, made: PdfObject, end: re.Match[bytes]) -> PdfObject | None:
        """An object at its end, or with the stream that begins there."""
        if end[_END] == b"endobj":
            return made
        if not isinstance(made, DictionaryObject):
            return None
        first, size = end.end(), self._size(made.get("/Length"))
        if size is None or size > _LONGEST_STREAM or not _END_OF_STREAM.match(self._plain, first + size):
            return None
        # pypdf's own way of handing the letters of a stream over
        data = dict[str, object](made) | {"__streamdata__": self._plain[first : first + size]}
        return StreamObject.initialize_from_dictionary(data)

    def _size(self, length: PdfObject | None) -> int | None:
        """The length of a stream: a figure, or an object that is no more than one."""
        if isinstance(length, IndirectObject):
            start = self._start_of(length)
            found = _FIGURE.match(self._plain, start) if start is not None else None
            return int(found[1]) if found else None
        return int(length) if isinstance(length, NumberObject) and length >= 0 else None


class _Values(dict[bytes, PdfObject]):
    """Names, figures and texts by their letters: of one file, what is written alike is one value."""

    def __missing__(self, letters: bytes) -> PdfObject:
        made = self[letters] = _value(letters)
        return made


def _value(letters: bytes) -> PdfObject:
    match letters[:1]:
        case b"/":
            is_escaped = b"#" in letters
            return (
                NameObject.read_from_stream(io.BytesIO(letters), None) if is_escaped else NameObject(letters.decode())
            )
        case b"(":
            return create_string_object(_ESCAPE.sub(lambda escape: _ESCAPED[escape[1]], letters[1:-1]))
        case b"<":
            return create_string_object(bytes.fromhex(letters[1:-1].decode("ascii")))
        case b"t" | b"f":
            return BooleanObject(letters == b"true")
        case b"n":
            return NullObject()
    return FloatObject(letters) if b"." in letters else NumberObject(letters)


def _holder(things: list[PdfObject], brackets: bytes) -> ArrayObject | DictionaryObject | None:
    """A list of things, or a dictionary of them; None for one that is odd."""
    if brackets == b"[]":
        return ArrayObject(things)
    keys = things[::2]
    if brackets != b"<<>>" or not {*map(type, keys)} <= _NAMES:
        return None
    made = DictionaryObject()
    dict.update(made, zip(keys, things[1::2], strict=False))
    # which is meant of two of one name is pypdf's to say
    return made if 2 * len(made) == len(things) else None
