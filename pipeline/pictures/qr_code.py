"""QR codes, drawn by the library that also reads them; segno, which draws the same, took fifteen times as long.

The smallest version that holds the text at the wanted level of error correction, as ISO/IEC 18004 has them. What is
drawn here (codes of pages, links, signatures in base 64) is ASCII: of other letters readers guess the character set.
"""

import io
from itertools import zip_longest
from typing import Final

import numpy as np
import zxingcpp
from PIL import Image
from zxingcpp import BarcodeFormat

#: How many light modules stand around a code on a page: two are read by telephones, and take less room than four.
_QUIET: Final = 2
_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def modules(text: str, level: str) -> tuple[tuple[bool, ...], ...]:
    """Give the modules of a code row by row, True for dark, without quiet zone; `level` is L, M, Q or H."""
    code = zxingcpp.create_barcode(text, BarcodeFormat.QRCode, ec_level=level)
    picture = np.asarray(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    return tuple(tuple(row) for row in (picture == 0).tolist())


def png(text: str, level: str, scale: int) -> bytes:
    """Draw a code as a picture with its quiet zone, `scale` pixels a module."""
    rows = modules(text, level)
    side = len(rows) + 2 * _QUIET
    picture = Image.new("1", (side, side), 1)
    picture.putdata([0 if dark else 1 for row in _with_quiet_zone(rows) for dark in row])
    out = io.BytesIO()
    picture.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def drawn_for_terminal(text: str, level: str) -> str:
    """Draw a code as lines of text, two rows of modules a line, light on a dark terminal."""
    rows = _with_quiet_zone(modules(text, level))
    pairs = zip_longest(rows[::2], rows[1::2], fillvalue=(True,) * len(rows))
    # on a dark terminal what is drawn shines: the light modules are
    return "\n".join("".join(_HALVES[not a, not b] for a, b in zip(*pair, strict=True)) for pair in pairs)


def _with_quiet_zone(rows: tuple[tuple[bool, ...], ...]) -> list[tuple[bool, ...]]:
    light, side = (False,) * _QUIET, len(rows) + 2 * _QUIET
    empty = (False,) * side
    return [*[empty] * _QUIET, *[(*light, *row, *light) for row in rows], *[empty] * _QUIET]
