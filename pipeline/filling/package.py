"""A Word file as a zip of members that are mostly deflated already: the same members always give the same bytes."""

import struct
from collections.abc import Iterable
from typing import Final, NamedTuple

import deflate

#: libdeflate's levels. Its output is the same on every processor; isal's depends on the processor's instructions, and
#: zlib's on whose zlib the system has.
_FAST: Final = 1
_WELL: Final = 10
_DOS_DATE: Final = 0x21  #: 1980-01-01, the first day a zip can tell
BODY: Final = "word/document.xml"  #: the part that is the document itself
# bit 11 of a zip's flags: the name is UTF-8
_UTF8: Final = 0x800
_STORED, _DEFLATED = 0, 8
_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5HI")
_OFFSET: Final = struct.Struct("<I")
_END: Final = struct.Struct("<4s4H2IH")


class Member(NamedTuple):
    """One file of the zip: `content` is as it lies there (deflated unless `is_stored`), `size` its size in full."""

    name: str
    content: bytes
    crc: int
    size: int
    is_stored: bool = False


def deflated(name: str, content: bytes) -> Member:
    """A member made once and copied often: deflated well."""
    member = deflated_fast(name, content, _WELL)
    return member if len(member.content) < len(content) else stored(name, content)


def deflated_fast(name: str, content: bytes | bytearray, level: int = _FAST) -> Member:
    """A member made for one document only."""
    return Member(name, bytes(deflate.deflate_compress(content, level)), deflate.crc32(content), len(content))


def stored(name: str, content: bytes) -> Member:
    """A member that deflating would not make smaller (a picture)."""
    return Member(name, content, deflate.crc32(content), len(content), is_stored=True)


def inflated(member: Member) -> bytes:
    """What a member holds."""
    return member.content if member.is_stored else bytes(deflate.deflate_decompress(member.content, member.size))


def is_picture(name: str) -> bool:
    """Whether a member is a picture, which deflating would not make smaller."""
    return name.endswith((".png", ".jpg", ".jpeg", ".gif"))


class ZipEntry(NamedTuple):
    """A member as it lies in the zip: `local` is its header, name and content; `entry` its line in the directory up
    to the offset, and `name` what follows the offset.
    """

    local: bytes
    entry: bytes
    name: bytes


def zip_entry(member: Member) -> ZipEntry:
    """A member with its headers."""
    name = member.name.encode()
    flags = 0 if member.name.isascii() else _UTF8
    method = _STORED if member.is_stored else _DEFLATED
    common = (flags, method, 0, _DOS_DATE, member.crc, len(member.content), member.size, len(name), 0)
    return ZipEntry(
        _LOCAL.pack(b"PK\3\4", 20, *common) + name + member.content,
        # made by version 2.0 on Unix (3), a regular file of mode 600
        _CENTRAL.pack(b"PK\1\2", 0x314, 20, *common, 0, 0, 0, 0o100600 << 16),
        name,
    )


def packed(entries: Iterable[ZipEntry]) -> bytes:
    """The zip file of these members, in their order, without times."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for local, entry, name in entries:
        pieces.append(local)
        directory += (entry, _OFFSET.pack(offset), name)
        offset += len(local)
    # no zip64: a Word file comes nowhere near 65,535 parts or 4 GiB
    count = len(pieces)
    pieces += directory
    pieces.append(_END.pack(b"PK\5\6", 0, 0, count, count, sum(map(len, directory)), offset, 0))
    return b"".join(pieces)
