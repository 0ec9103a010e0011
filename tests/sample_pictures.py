"""Papers as pictures: what a telephone or a scanner set to JPG, PNG or TIFF makes of the pages of a PDF."""

import io
from collections.abc import Sequence

import numpy as np
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


def photo_of(sheet: Image.Image, *, fill: float = 0.9, narrower: float = 0.0, degrees: float = 0.0) -> Image.Image:
    """A sheet as a telephone sees it: on a brown table, in a picture of 3:4 of which it fills so much of the height.

    Its upper edge is `narrower` than the lower one by a share: it was taken from below; `degrees` is how far it is
    turned, anti-clockwise.
    """
    across, down = 2250, 3000
    high, turn = down * fill, np.radians(-degrees)
    wide = high * sheet.width / sheet.height
    half = wide * (1 - narrower) / 2
    corners = np.array([(-half, -high / 2), (half, -high / 2), (wide / 2, high / 2), (-wide / 2, high / 2)])
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    seen = turned + np.array((across / 2, down / 2))
    own = [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)]
    rows = []
    for (x, y), (u, v) in zip(seen.tolist(), own, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
    lies = np.linalg.solve(np.array(rows, float), np.array(own, float).ravel()).tolist()
    size, how = (across, down), (Image.Transform.PERSPECTIVE, lies, Image.Resampling.BILINEAR)
    photo = Image.new("RGB", size, (120, 90, 60))
    photo.paste(sheet.transform(size, *how), (0, 0), Image.new("L", sheet.size, 255).transform(size, *how))
    return photo
