"""Changes of files that keep what holds them together, so that what lies within is reached.

A byte changed in a packed office file is stopped by a checksum, one inserted into a PDF by its table of places: so a
zip is taken apart, one of its parts changed, and packed again; a PDF's objects are changed, its table written anew.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random
from typing import Final

#: Changes bytes of no structure, to at most so many.
Mutate = Callable[[bytes, int], bytes]
Mutator = Callable[[bytes, int, Random, Mutate], bytes]

_TAG: Final = re.compile(rb"<[^<>?]+>")
_QUOTED: Final = re.compile(rb'"[^"]*"')
_TEXT: Final = re.compile(rb">([^<>]+)<")
_OBJECT: Final = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TOKEN: Final = re.compile(rb"/[A-Za-z0-9#]+|-?\d+(?:\.\d+)?|<<|>>|\[|\]|\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>")
_ODD: Final = (
    *(b"", b"0", b"-1", b"1", b"x", b"99999999", b"99999999999999999999", b"1e999", b"NaN", b"A1:B", b"XFD1048576"),
    *(b"/", b"..", b"\xef\xbf\xbf", "\u202e".encode(), "\u0300".encode(), "²".encode(), "۵".encode(), b"\t\n "),
    *(b"true", b"2022-02-30", b"30/02/2022", b"9" * 5000, b"_x0000_", b"&#1;", b"&amp;", b"{{ 7*7 }}", b"=1+1"),
)
_ODD_OF_PDF: Final = (
    *(
        b"0",
        b"-1",
        b"2147483648",
        b"99999999999",
        b"1e30",
        b"null",
        b"[]",
        b"<<>>",
        b"()",
        b"<FEFF>",
        b"true",
        b"1 0 R",
    ),
    *(b"2 0 R", b"9 0 R", b"/Kids", b"/Parent", b"/FlateDecode", b"/Page", b"[0 0 0 0]", b"/X", b"0.0000001"),
)


def _spliced(content: bytes, at: "re.Match[bytes]", new: bytes, group: int = 0) -> bytes:
    return content[: at.start(group)] + new + content[at.end(group) :]


def marked_up(xml: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    """XML with a tag left out, doubled or moved, a value or a text exchanged; now and then only bytes changed."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        tags, texts = list(_TAG.finditer(xml)), list(_TEXT.finditer(xml))
        what = chance.randrange(8)
        if what == 0 or not tags:
            xml = mutate(xml, most)
        elif what == 1 and texts:
            xml = _spliced(xml, chance.choice(texts), chance.choice(_ODD), 1)
        elif what == 2 and texts:
            one = chance.choice(texts)
            xml = _spliced(xml, one, mutate(one[1], len(one[1]) + 64).replace(b"<", b""), 1)
        elif what == 3:
            one, other = chance.choice(tags), chance.choice(tags)
            begin, end = sorted((one.start(), other.end()))
            piece = xml[begin:end][:4096]
            xml = xml[: other.start()] + piece + xml[other.start() :]
        elif what == 4:
            one, other = chance.choice(tags), chance.choice(tags)
            begin, end = sorted((one.start(), other.end()))
            xml = xml[:begin] + xml[min(end, begin + 4096) :]
        else:
            tag = chance.choice(tags)
            values = list(_QUOTED.finditer(tag[0]))
            new = chance.choice((b"", tag[0] * 2, chance.choice(tags)[0]))
            if values and chance.random() < 0.7:
                new = _spliced(tag[0], chance.choice(values), b'"' + chance.choice(_ODD) + b'"')
            xml = _spliced(xml, tag, new)
    return xml[:most]


def repacked(content: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    """A zip with one of its parts changed; what is no zip any more is changed byte by byte."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as source:
            parts = [(one.filename, source.read(one)) for one in source.infolist() if one.file_size < 1 << 20]
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
        struct.error,
    ):
        return mutate(content, most)
    if not parts or chance.random() < 0.03:
        return mutate(content, most)
    at = chance.randrange(len(parts))
    name, part = parts[at]
    is_marked_up = part.lstrip()[:1] == b"<" or part.startswith(b"\xef\xbb\xbf<")
    what = chance.random()
    if what < 0.02:
        del parts[at]
    elif what < 0.04:
        parts[at] = name, chance.choice(parts)[1]
    else:
        parts[at] = name, (marked_up if is_marked_up else plainly)(part, len(part) + 4096, chance, mutate)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for one, inner in parts:
            target.writestr(zipfile.ZipInfo(one), inner, zipfile.ZIP_DEFLATED)
    return made.getvalue() if made.tell() <= most else content


def plainly(content: bytes, most: int, _chance: Random, mutate: Mutate) -> bytes:
    """Bytes changed, whatever they are."""
    return mutate(content, most)


def in_objects(content: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    """A PDF with one of its objects changed and its table of places written anew."""
    objects = {int(one[1]): one[2] for one in _OBJECT.finditer(content)}
    trailer = re.search(rb"trailer\s*(<<.*?>>)\s*startxref", content, re.DOTALL)
    if not objects or trailer is None or max(objects) > 10_000 or chance.random() < 0.1:
        return mutate(content, most)
    for _ in range(chance.choice((1, 1, 2, 4))):
        number = chance.choice(list(objects))
        objects[number] = _another_object(objects, number, chance, mutate)
    made = io.BytesIO()
    made.write(content[: content.find(b"\n") + 1] or b"%PDF-1.7\n")
    places = {}
    for number, body in objects.items():
        places[number] = made.tell()
        made.write(b"%d 0 obj%sendobj\n" % (number, body))
    start = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (max(objects) + 1))
    for number in range(1, max(objects) + 1):
        made.write(b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n")
    made.write(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (trailer[1], start))
    return made.getvalue()[:most]


def _another_object(objects: dict[int, bytes], number: int, chance: Random, mutate: Mutate) -> bytes:
    body = objects[number]
    stream = _STREAM.search(body)
    what = chance.random()
    if stream is not None and what < 0.4:
        inner = stream[1]
        is_packed = b"/FlateDecode" in body[: stream.start()] and b"/ASCII85" not in body[: stream.start()]
        try:
            inner = zlib.decompress(inner) if is_packed else inner
        except zlib.error:
            is_packed = False
        new = _tokens(inner, chance) if chance.random() < 0.6 else mutate(inner, len(inner) + 256)
        return _spliced(body, stream, zlib.compress(new, 1) if is_packed else new, 1)
    if what < 0.5:
        return objects[chance.choice(list(objects))]
    if what < 0.6:
        return body.replace(b"%d 0 R" % chance.choice(list(objects)), b"%d 0 R" % chance.choice(list(objects)), 1)
    head = body if stream is None else body[: stream.start()]
    return _tokens(head, chance) + body[len(head) :]


def _tokens(text: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 3))):
        tokens = list(_TOKEN.finditer(text))
        if not tokens:
            break
        new = chance.choice(_ODD_OF_PDF) if chance.random() < 0.5 else chance.choice(tokens)[0]
        text = _spliced(text, chance.choice(tokens), chance.choice((new, new, b"", new + b" " + new)))
    return text


_WORD: Final = re.compile(rb"[^\s:,;\"\[\]{}]+")


def worded(text: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    """A text with words exchanged, lines moved or doubled; half of the time only bytes changed."""
    if chance.random() < 0.4:
        return mutate(text, most)
    for _ in range(chance.choice((1, 1, 2, 4))):
        words, lines = list(_WORD.finditer(text)), text.splitlines(keepends=True)
        if not words or (lines and chance.random() < 0.3):
            at = chance.randrange(len(lines)) if lines else 0
            lines[at : at + chance.choice((0, 1, 2))] = lines[chance.randrange(len(lines)) :][:2] if lines else []
            text = b"".join(lines)
            continue
        new = chance.choice(_ODD) if chance.random() < 0.5 else chance.choice(words)[0]
        text = _spliced(text, chance.choice(words), new)
    return text[:most]


def repacked_or_worded(content: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    """A workbook, or the same book as text."""
    return (repacked if content.startswith(b"PK") else worded)(content, most, chance, mutate)


def blindly(chance: Random) -> Mutate:
    """Change bytes where nothing tells which changes are worth keeping."""

    def mutate(content: bytes, most: int) -> bytes:
        out = bytearray(content or b"x")
        for _ in range(chance.choice((1, 2, 6))):
            at, length = chance.randrange(len(out)), chance.randrange(1, 40)
            what = chance.randrange(4)
            if what == 0:
                out[at] = chance.randrange(256)
            elif what == 1:
                del out[at : at + length]
            elif what == 2:
                out[at:at] = out[at : at + length]
            else:
                out[at : at + 2] = chance.choice(_ODD)
            out = out or bytearray(b"x")
        return bytes(out[:most])

    return mutate
