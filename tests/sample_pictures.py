"""Papers as pictures: what a telephone or a scanner set to JPG, PNG or TIFF makes of the pages of a PDF."""

import io
from collections.abc import Sequence

import pypdfium2
from PIL import Image


def pictures_of(pdf: bytes, dpi: int = 150) -> list[Image.Image]:
    """Each page in colour."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def as_jpg(picture: Image.Image, dpi: int = 150, **how: object) -> bytes:
    return saved(picture, "JPEG", dpi=(dpi, dpi), **{"quality": 85} | how)


def as_tiff(pictures: Sequence[Image.Image], dpi: int = 150, **how: object) -> bytes:
    first, *rest = pictures
    return saved(first, "TIFF", dpi=(dpi, dpi), save_all=True, append_images=rest, **how)


def saved(picture: Image.Image, format_: str, **how: object) -> bytes:
    content = io.BytesIO()
    picture.save(content, format_, **how)
    return content.getvalue()


def telephone_photo(note: str) -> bytes:
    """The frame of a HEIC file with a note in it; the picture itself is missing."""
    boxes = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"\0\0\0\x0cmeta\0\0\0\0"
    return (
        b"".join(boxes) + b"\0<x:xmpmeta><dc:title>" + note.encode() + b"</dc:title></x:xmpmeta>\0" + bytes(9) + b"\1"
    )
