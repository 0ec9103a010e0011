"""What picture a file is, by its first bytes; and which files may be papers, whose size is limited by page."""

from typing import Final

#: As many first bytes as tell one picture from another.
HEAD_BYTES: Final = 16
#: What telephones write: the brands of ISO 23008-12 under which a still picture in HEVC is stored.
_HEIC: Final = (b"ftypheic", b"ftypheix", b"ftypheim", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
#: TIFF, in both orders of bytes, and its form for large files.
_TIFF: Final = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_PDF: Final = b"%PDF-"


def picture_format(head: bytes) -> str:
    """Tell "jpg", "png", "tif" or "heic" by the first bytes of a file; "" for everything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(_TIFF):
        return "tif"
    return "heic" if head[4:12] in _HEIC else ""


def is_paper(head: bytes) -> bool:
    """Tell whether a file may be a paper that came back, a PDF or a picture, by its first bytes."""
    return head.startswith(_PDF) or bool(picture_format(head))
