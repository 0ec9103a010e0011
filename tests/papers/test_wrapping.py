"""Photos and scanned pictures become a PDF without losing a point; what cannot be kept is refused with words."""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from benchmarks.processor import processor_seconds
from pipeline import papers
from pipeline.model import Finding, Recognition
from pipeline.papers import codes
from pipeline.tools.guard import Guard
from tests.papers.test_hostile_papers import _objects
from tests.said import vi
from tests.sample_papers import signed_paper
from tests.sample_pictures import as_jpg, as_tiff, pictures_of, saved

OURS = codes.new_code("wrapped")
A4 = (210, 297)
LYING = Image.Transpose.ROTATE_90


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(papers.GUARDED) as guard:
        yield guard


@pytest.fixture(scope="module")
def sheets() -> list[Image.Image]:
    return pictures_of(signed_paper(OURS, OURS, OURS))


def turned(value: int) -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = value
    return notes


def wrapped(guard: Guard, folder: Path, content: bytes) -> bytes | Finding:
    path = folder / "dropped"
    path.write_bytes(content)
    return papers.wrapped(guard, path)


def seen(guard: Guard, folder: Path, content: bytes) -> tuple[Recognition, list[tuple[int, int]]]:
    """What is recognised in the PDF made of a picture, and how large its pages are, in millimetres."""
    made = wrapped(guard, folder, content)
    assert isinstance(made, bytes), made
    path = folder / "made"
    path.write_bytes(made)
    with pypdfium2.PdfDocument(made) as document:
        sizes = [tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in document]
    return papers.recognise(guard, path), [(across, down) for across, down in sizes]


KINDS: dict[str, Callable[[list[Image.Image]], bytes]] = {
    "jpg of a scanner": lambda sheets: as_jpg(sheets[0]),
    "jpg of a telephone": lambda sheets: as_jpg(sheets[0], dpi=72),
    "jpg that says nothing": lambda sheets: saved(sheets[0], "JPEG"),
    "jpg lying on its side": lambda sheets: as_jpg(sheets[0].transpose(LYING), exif=turned(6)),
    "jpg in printing colours": lambda sheets: saved(sheets[0].convert("CMYK"), "JPEG"),
    "jpg in grey": lambda sheets: as_jpg(sheets[0].convert("L")),
    "png": lambda sheets: saved(sheets[0], "PNG"),
    "png with glass": lambda sheets: saved(sheets[0].convert("RGBA"), "PNG"),
    "png in few colours": lambda sheets: saved(sheets[0].convert("P"), "PNG"),
    "tiff": lambda sheets: as_tiff(sheets[:1], compression="tiff_lzw"),
    "tiff lying on its side": lambda sheets: as_tiff([sheets[0].transpose(LYING)], tiffinfo={274: 6}),
    "tiff of a fax": lambda sheets: as_tiff([sheets[0].convert("1")], compression="group4"),
    "tiff in printing colours": lambda sheets: as_tiff([sheets[0].convert("CMYK")]),
    "tiff holding a jpg": lambda sheets: as_tiff(sheets[:1], compression="jpeg"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_our_paper_is_recognised_upright_on_a4_in_every_kind_of_picture(
    guard: Guard, tmp_path: Path, sheets: list[Image.Image], kind: str
) -> None:
    found, sizes = seen(guard, tmp_path, KINDS[kind](sheets))
    assert (found.code, found.pages, sizes) == (OURS, 1, [A4])
    assert not [one for one in found.findings if "Rotated" in str(one.message)]


def test_a_jpg_stands_in_the_pdf_byte_for_byte(guard: Guard, tmp_path: Path, sheets: list[Image.Image]) -> None:
    photo = as_jpg(sheets[0], comment=b"a")
    made = wrapped(guard, tmp_path, photo)
    assert isinstance(made, bytes)
    assert photo in made


@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_not_a_point_of_a_lossless_picture_is_changed(guard: Guard, tmp_path: Path, mode: str) -> None:
    chance = np.random.default_rng(3).integers(0, 256, (120, 90, 3)).astype(np.uint8)
    picture = Image.fromarray(chance).convert(mode)
    for content in (saved(picture, "PNG"), as_tiff([picture], compression="tiff_deflate")):
        made = wrapped(guard, tmp_path, content)
        assert isinstance(made, bytes)
        with pypdfium2.PdfDocument(made) as document:
            (shown,) = document[0].get_objects()
            held = shown.get_bitmap().to_pil()
        assert held.convert(mode).tobytes() == picture.tobytes()


def test_each_page_of_a_tiff_is_a_page_and_the_same_picture_gives_the_same_bytes(
    guard: Guard, tmp_path: Path, sheets: list[Image.Image]
) -> None:
    content = as_tiff(sheets, compression="tiff_lzw")
    found, sizes = seen(guard, tmp_path, content)
    assert (found.code, found.pages, found.unread_pages, sizes) == (OURS, 3, (), [A4] * 3)
    assert wrapped(guard, tmp_path, content) == wrapped(guard, tmp_path, content)


def test_a_small_sheet_keeps_the_size_it_was_scanned_at(guard: Guard, tmp_path: Path) -> None:
    _, sizes = seen(guard, tmp_path, as_jpg(Image.new("RGB", (874, 1240), "white")))
    assert sizes == [(148, 210)]


def _png(across: int, down: int, pixels: bytes = b"", bits: int = 8) -> bytes:
    """A PNG by hand, whose head may say what its pixels do not hold."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", across, down, bits, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _endless_tiff() -> bytes:
    """A TIFF whose only page is followed by itself."""
    tags = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8)]
    tags += [(277, 3, 1, 1), (278, 3, 1, 8), (279, 4, 1, 64)]
    at = 8 + 64
    listed = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<I", at) + bytes(64) + listed + struct.pack("<I", at)


def _interlaced() -> bytes:
    content = bytearray(_png(2, 2, zlib.compress(bytes(30)), bits=16))
    content[28] = 1
    content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    return bytes(content)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a few bytes that claim a field of points": (lambda: _png(50_000, 50_000), "picture.too-large"),
    "a bomb of one colour": (lambda: saved(Image.new("1", (9000, 7000)), "PNG"), "picture.too-large"),
    "more pixels than the head says": (lambda: _png(10, 10, zlib.compress(bytes(50_000_000))), ""),
    "fewer pixels than the head says": (lambda: _png(500, 500, zlib.compress(bytes(10))), "file.damaged"),
    "no pixels at all": (lambda: _png(10, 10), "file.damaged"),
    "a cut jpg": (lambda: as_jpg(Image.effect_noise((800, 600), 40))[:9000], "file.damaged"),
    "a cut tiff": (lambda: as_tiff([Image.effect_noise((800, 600), 40)])[:9000], "file.damaged"),
    "a moving png": (
        lambda: saved(Image.new("L", (9, 9)), "PNG", save_all=True, append_images=[Image.new("L", (9, 9), 9)]),
        "picture.animated",
    ),
    "a tiff without end": (_endless_tiff, ""),
    "401 pages": (lambda: as_tiff([Image.new("1", (8, 8))] * 401), "picture.too-large"),
    "16 bits a colour, interlaced": (_interlaced, "picture.rare"),
    "a page of 70 MB": (lambda: as_jpg(Image.new("L", (9, 9))) + bytes(70_000_000), "picture.too-large"),
    "a pdf called a picture": (lambda: b"\xff\xd8\xff" + _objects(b"<<>>"), "file.damaged"),
    "nothing but a head": (lambda: b"\xff\xd8\xff\xe0", "file.damaged"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_picture_gets_its_verdict_and_the_next_is_none_the_worse(
    guard: Guard, tmp_path: Path, kind: str
) -> None:
    make, verdict = HOSTILE[kind]
    content = make()
    began = processor_seconds()
    made = wrapped(guard, tmp_path, content)
    assert processor_seconds() - began < 5
    assert (made.code if isinstance(made, Finding) else "") == verdict
    if isinstance(made, Finding):
        assert vi(made.message) and made.mend is not None
    assert isinstance(wrapped(guard, tmp_path, as_jpg(Image.new("L", (9, 9)))), bytes)


def test_damaged_pictures_are_refused_or_wrapped_and_nothing_else(guard: Guard, tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    whole = [
        as_jpg(Image.effect_noise((90, 120), 40)),
        saved(Image.effect_noise((90, 120), 40), "PNG"),
        as_tiff([Image.effect_noise((90, 120), 40)] * 3, compression="tiff_lzw"),
    ]
    for at in range(60):
        damaged = bytearray(whole[at % 3])
        for _ in range(int(chance.choice([1, 5, 40]))):
            damaged[int(chance.integers(4, len(damaged)))] = int(chance.integers(256))
        made = wrapped(guard, tmp_path, bytes(damaged))
        assert isinstance(made, bytes) or made.code in {"file.damaged", "picture.rare", "picture.too-large"}, made
