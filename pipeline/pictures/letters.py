"""What is written in a picture file beside its pixels: titles, comments, what a camera or a program noted.

For the secrecy gate. What is painted is looked at elsewhere (`reading.painted`, decision 0019).
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from typing import Final

from PIL import Image

from pipeline.files import refusals
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding
from pipeline.pictures.door import BROKEN, NO_HEIC, Picture, open_as, opened

#: Where notes hang in a picture that Pillow does not unpack by itself: EXIF's own folder, and what stands in GPS.
_FOLDERS: Final = (0x8769, 0x8825, 0xA005)
#: What ends a line in bytes that hold text among other things.
_BREAKS: Final = re.compile("[\x00-\x1f\x7f\ufffd]+")
_MARKUP: Final = re.compile(r"<[^<>]*>")
_SHORTEST: Final = 3
#: What stands before a comment of a camera (EXIF 2.32, 4.6.6 UserComment).
_ENCODING_OF_COMMENT: Final = re.compile(rb"^(?:ASCII|JIS|UNICODE)\0+")
#: Profiles of colours: no letters that anybody wrote into a paper.
_NO_TEXT: Final = frozenset({"icc_profile"})
#: What another file begins with that hangs behind a picture's end.
_OTHER_FILES: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf'\x1c",
)
#: A marker of JPEG: in packed pixels 255 is followed by 0, or by the number of a restart.
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_END_OF_IMAGE: Final = 0xD9
_ALONE: Final = frozenset({0x01, 0xD8})
_END_OF_PNG: Final = b"IEND\xaeB`\x82"


def letters(content: bytes) -> Iterator[str]:
    """The lines written in a picture file. Raises Unfit for one that was not seen to its end."""
    try:
        picture = opened(content)
    except Unfit as unfit:
        if unfit.finding.code != NO_HEIC:
            raise
        # its notes stand unpacked in it; the letters in its bytes are looked at, as those of an old Word file are
        yield from _loose(content)
        return
    try:
        for value in _values(picture):
            yield from _lines(value)
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error
    behind = _behind(picture)
    yield from _loose(behind)
    if any(start in behind for start in _OTHER_FILES):
        raise Unfit(_hidden())


def _values(picture: Picture) -> Iterator[object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of notes that break off
        for frame in picture.frames():
            yield from (value for name, value in frame.info.items() if name not in _NO_TEXT)
            # the segments of a JPG, also those that Pillow gives no name
            yield from (segment for _, segment in getattr(frame, "applist", ()))
            yield getattr(frame, "tag_v2", {})
            notes = frame.getexif()
            yield notes
            yield from (notes.get_ifd(folder) for folder in _FOLDERS)
        yield from _behind_the_pixels(picture)


def _behind_the_pixels(picture: Picture) -> Iterator[object]:
    """Notes of a PNG may follow its pixels; Pillow reads them when it has unpacked these."""
    if picture.format == "png":
        with open_as(picture.format, picture.content) as whole:
            whole.load()
            yield getattr(whole, "text", {})
            yield from (value for name, value in whole.info.items() if name not in _NO_TEXT)


def _lines(value: object) -> Iterator[str]:
    """The lines of a note, whatever Pillow gives it as; bytes are read as all encodings that programs use."""
    if isinstance(value, str):
        yield from _pieces(value)
        # notes of a TIFF are ASCII by the rule, and given as if they were
        yield from _pieces(value.encode("latin-1", errors="ignore").decode("utf-8", errors="replace"))
    elif isinstance(value, bytes):
        note = _ENCODING_OF_COMMENT.sub(b"", value)
        for encoding in ("utf-8", "cp1252", "utf-16-le", "utf-16-be"):
            yield from _pieces(note.decode(encoding, errors="replace"))
        yield from _pieces(note[1:].decode("utf-16-le", errors="replace"))
    elif isinstance(value, Mapping | Image.Exif):
        for one in value.values():
            yield from _lines(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _lines(one)


def _pieces(text: str) -> Iterator[str]:
    for one in (text, _MARKUP.sub("\n", text)):
        yield from (piece for piece in _BREAKS.split(one) if len(piece) >= _SHORTEST)


def _loose(content: bytes) -> Iterator[str]:
    """The letters in bytes of any kind; these may be a film of some seconds: in two ways of writing, not in all."""
    for encoding in ("utf-8", "utf-16-le"):
        yield from _pieces(content.decode(encoding, errors="replace"))


def _behind(picture: Picture) -> bytes:
    """What follows the end of the picture in its file: another picture, a film, or what somebody put there."""
    content = picture.content
    if picture.format == "png":
        at = content.find(_END_OF_PNG)
        return content[at + len(_END_OF_PNG) :] if at >= 0 else b""
    return content[_end_of_jpg(content) :] if picture.format == "jpg" else b""


def _end_of_jpg(content: bytes) -> int:
    """Where the first picture of a JPEG ends (ITU T.81 B.1.1); a segment may hold a thumbnail with its own end."""
    at = 2
    while (marker := _MARKER.search(content, at)) is not None:
        at, sign = marker.end(), marker[0][1]
        if sign == _END_OF_IMAGE:
            return at
        if sign not in _ALONE:
            at += int.from_bytes(content[at : at + 2])
    return len(content)


def _hidden() -> Finding:
    return refusal(
        "file.embedded-object",
        say("Behind the picture hangs another file."),
        say("Open the picture, save it under a new name and drop that file."),
    )
