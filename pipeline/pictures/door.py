"""The door for picture files: JPG, PNG, TIFF of one or many pages, HEIC where its library is installed.

What a file is, its first bytes say. Only headers are looked at here: a picture of absurd size is refused before a
pixel of it is unpacked.
"""

import contextlib
import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image

from pipeline.files import refusals
from pipeline.files.pictures import HEAD_BYTES, picture_format
from pipeline.files.refusals import Unfit, refusal
from pipeline.messages import say
from pipeline.model import Finding, Message, Place
from pipeline.pictures.limits import LIMITS

# its wheel holds x265, which is under the GPL: whoever wants it installs it (decision 0023)
with contextlib.suppress(ImportError):
    import pillow_heif.HeifImagePlugin  # noqa: F401 - makes the format known to Pillow

#: The code of the finding that a photo of a telephone cannot be opened here.
NO_HEIC: Final = "picture.heic"
#: How Pillow calls each format; MPO is a JPEG that has more pictures behind it.
_PILLOW: Final = {"jpg": ("JPEG", "MPO"), "png": ("PNG",), "tif": ("TIFF",), "heic": ("HEIF",)}
#: What Pillow raises for files that are not what they should be.
BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    struct.error,
)


@dataclass(frozen=True)
class Picture:
    """A picture file that passed the door: its format ("jpg", "png", "tif", "heic"), its bytes, its pages' sizes."""

    format: str
    content: bytes
    sizes: tuple[tuple[int, int], ...]  #: of each page, in pixels, as they are stored

    def frames(self) -> Iterator[Image.Image]:
        """Each page, opened and not yet unpacked; valid until the next one. Raises what `BROKEN` names."""
        with open_as(self.format, self.content) as picture:
            for number in range(len(self.sizes)):
                picture.seek(number)
                yield picture


def opened(content: bytes) -> Picture:
    """Open and look through a picture file. Raises Unfit; running out of memory is left to the guard."""
    format_ = picture_format(content[:HEAD_BYTES])
    if not format_:
        raise Unfit(refusals.damaged())
    if format_ == "heic" and "HEIF" not in Image.OPEN:
        raise Unfit(_heic())
    try:
        with _unwarned():
            sizes = tuple(_sizes(format_, content))
    except Image.DecompressionBombError as error:
        raise Unfit(
            _too_large(say("The picture has more pages, or more points or bytes a page, than are taken."))
        ) from error
    except BROKEN as error:
        raise Unfit(refusals.damaged()) from error
    if len(content) > len(sizes) * LIMITS.page_bytes:
        raise Unfit(_too_large(say("The file has more than {most} MB a page.", most=LIMITS.page_bytes // 1_000_000)))
    return Picture(format_, content, sizes)


def open_as(format_: str, content: bytes) -> Image.Image:
    """Open a picture by its headers. Raises what `BROKEN` names."""
    with _unwarned():
        return Image.open(io.BytesIO(content), formats=_PILLOW[format_])


@contextlib.contextmanager
def _unwarned() -> Iterator[None]:
    """Pillow warns of sizes that are refused here anyway, and of metadata that nobody needs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _sizes(format_: str, content: bytes) -> Iterator[tuple[int, int]]:
    with open_as(format_, content) as picture:
        if format_ == "png" and getattr(picture, "is_animated", False):
            raise Unfit(_animated())
        number = 0
        while number <= LIMITS.pages:
            try:
                picture.seek(number)
            except EOFError:
                return
            yield _checked(picture.size, number + 1)
            # behind the first picture of a photo there may be its thumbnail or its brightness: no pages
            if format_ != "tif":
                return
            number += 1
        raise Unfit(_too_large(say("The file has more than {most} pages.", most=LIMITS.pages)))


def _checked(size: tuple[int, int], page: int) -> tuple[int, int]:
    across, down = size
    if across * down > LIMITS.pixels:
        said = say(
            "Page {page} is {across} × {down} points large; at most {most} million points are taken.",
            page=page,
            across=across,
            down=down,
            most=LIMITS.pixels // 1_000_000,
        )
        raise Unfit(_too_large(said, page))
    return size


def _too_large(said: Message, page: int = 0) -> Finding:
    mend = say("Scan it anew at 300 dpi, or let the telephone take a smaller photo, and drop that file.")
    return refusal("picture.too-large", said, mend, place=Place(page=page) if page else None)


def _animated() -> Finding:
    return refusal(
        "picture.animated",
        say("The file is a moving picture, no photo or scan of a paper."),
        say("Photograph or scan each page anew as JPG, PNG or PDF, and drop that file."),
    )


def _heic() -> Finding:
    return refusal(
        NO_HEIC,
        say("The photo is in the format HEIC of some telephones, which cannot be read here."),
        say("Open the photo on the telephone or computer, save it as JPG or PDF, and drop that file."),
    )
