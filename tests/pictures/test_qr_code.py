"""QR codes: what is drawn reads back, as another library would have drawn it."""

import io

import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.pictures import qr_code

TEXTS = ("VT-2026-000123 1/4 ABCDEFGH", "https://vanthu.example/l/12-20261231-dGhlIHNpZ25hdHVyZQ", "chu-ky/" * 40)


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_code_is_as_large_as_another_library_draws_it_and_bears_the_level_that_was_asked_for(
    text: str, level: str
) -> None:
    rows = qr_code.modules(text, level)
    assert len(rows) == len(list(segno.make_qr(text, error=level, boost_error=False).matrix))
    (read,) = zxingcpp.read_barcodes(np.array(Image.open(io.BytesIO(qr_code.png(text, level, scale=3))).convert("L")))
    assert (read.text, read.ec_level) == (text, level)


def test_a_blot_is_read_through() -> None:
    picture = np.array(Image.open(io.BytesIO(qr_code.png(TEXTS[0], "Q", scale=4))).convert("L"))
    # Q restores a quarter of a symbol; this is a sixteenth of it, in one blot that leaves the finders alone
    middle, half = picture.shape[0] // 2, picture.shape[0] // 8
    picture[middle - half : middle + half, middle - half : middle + half] = 0
    assert [one.text for one in zxingcpp.read_barcodes(picture)] == [TEXTS[0]]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=80))
def test_whatever_is_said_reads_back(text: str) -> None:
    (read,) = zxingcpp.read_barcodes(np.array(Image.open(io.BytesIO(qr_code.png(text, "M", scale=4))).convert("L")))
    assert read.text == text


def test_the_same_text_gives_the_same_bytes() -> None:
    assert qr_code.png(TEXTS[1], "M", scale=6) == qr_code.png(TEXTS[1], "M", scale=6)


def test_what_a_terminal_shows_reads_back() -> None:
    lines = qr_code.drawn_for_terminal(TEXTS[1], "M").split("\n")
    upper, lower = {"▀": (1, 0), "▄": (0, 1), "█": (1, 1), " ": (0, 0)}, []
    for line in lines:
        lower += [[upper[sign][0] for sign in line], [upper[sign][1] for sign in line]]
    shown = np.kron(np.array(lower, np.uint8) * 255, np.ones((4, 4), np.uint8))
    assert [one.text for one in zxingcpp.read_barcodes(shown, try_invert=False)] == [TEXTS[1]]
