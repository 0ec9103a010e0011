"""What is written in a picture beside its pixels passes the secrecy gate like every text."""

import io
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.reading import Look, Mark, look_guarded
from tests.folders import shared_guard
from tests.hostile import makers
from tests.sample_pictures import as_jpg, as_tiff, saved, telephone_photo

SHEET = Image.new("RGB", (620, 877), "white")
MARK = "TỐI MẬT"


def looked(folder: Path, content: bytes, name: str = "a.jpg") -> Look:
    path = folder / "dropped"
    path.write_bytes(content)
    return look_guarded(shared_guard(), path, name)


def exif(tag: int, value: object) -> Image.Exif:
    notes = Image.Exif()
    notes[tag] = value
    return notes


def user_comment() -> bytes:
    notes = Image.Exif()
    notes.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + MARK.encode("utf-16-le")
    return as_jpg(SHEET, exif=notes)


def png(title: str, *, is_packed: bool, is_behind: bool = False) -> bytes:
    info = PngInfo()
    info.add_itxt("Title", title, zip=is_packed)
    content = saved(SHEET, "PNG", pnginfo=info)
    if not is_behind:
        return content
    begin = content.index(b"iTXt") - 4
    end = begin + 12 + int.from_bytes(content[begin : begin + 4])
    rest = content[:begin] + content[end:]
    return rest[:-12] + content[begin:end] + rest[-12:]


MARKED: dict[str, Callable[[], bytes]] = {
    "comment": lambda: as_jpg(SHEET, comment=MARK.encode()),
    "title": lambda: as_jpg(SHEET, exif=exif(0x010E, MARK.encode())),
    "title of Windows": lambda: as_jpg(SHEET, exif=exif(0x9C9B, (MARK + "\0").encode("utf-16-le"))),
    "comment of a camera": user_comment,
    "XMP": lambda: as_jpg(SHEET, xmp=f"<x:xmpmeta><dc:title>{MARK}</dc:title></x:xmpmeta>".encode()),
    "text of a PNG": lambda: png(MARK, is_packed=False),
    "packed text of a PNG": lambda: png(MARK, is_packed=True),
    "text behind the pixels of a PNG": lambda: png(MARK, is_packed=True, is_behind=True),
    "tag of a TIFF": lambda: as_tiff([SHEET, SHEET], tiffinfo={270: MARK.encode()}),
    "behind the end of a JPG": lambda: as_jpg(SHEET) + f"\n{MARK}\n".encode(),
    "behind the end of a PNG": lambda: saved(SHEET, "PNG") + f"\n{MARK}\n".encode(),
    "photo of a telephone": lambda: telephone_photo(MARK),
}


#: Where the library is installed such a photo is opened, and one that has no picture is damaged.
NO_HEIC = pytest.mark.skipif(find_spec("pillow_heif") is not None, reason="HEIC can be opened here")


@pytest.mark.parametrize("where", [pytest.param(one, marks=NO_HEIC if "telephone" in one else ()) for one in MARKED])
def test_a_mark_is_seen_wherever_it_is_written_in_a_picture(tmp_path: Path, where: str) -> None:
    assert looked(tmp_path, MARKED[where]()).mark is Mark.MARKED


@pytest.mark.parametrize(
    "content",
    [
        lambda: as_jpg(SHEET, comment="Bí mật nhà nước phải được giữ gìn".encode()),
        lambda: saved(SHEET, "PNG"),
        lambda: as_tiff([SHEET, SHEET]),
        pytest.param(lambda: telephone_photo("Bản đăng ký"), marks=NO_HEIC),
        # some seconds of film, as telephones put behind a photo
        lambda: as_jpg(SHEET) + b"\0\0\0\x18ftypmp42" + bytes(range(1, 256)) * 400,
    ],
    ids=["jpg", "png", "tiff", "heic", "with a film"],
)
def test_a_picture_without_a_mark_is_let_in(tmp_path: Path, content: Callable[[], bytes]) -> None:
    found = looked(tmp_path, content())
    assert (found.mark, found.why) == (Mark.NONE, "")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (lambda: as_jpg(SHEET)[:400], "file.damaged"),
        (lambda: as_jpg(SHEET) + makers.odf({"a.txt": b"a"}), "file.embedded-object"),
        (
            lambda: saved(SHEET, "PNG", save_all=True, append_images=[Image.new("RGB", SHEET.size)]),
            "picture.animated",
        ),
        (lambda: saved(Image.new("1", (8000, 8000)), "PNG"), "picture.too-large"),
    ],
    ids=["cut", "zip behind it", "moving", "huge"],
)
def test_a_picture_that_was_not_seen_to_its_end_stays(tmp_path: Path, content: Callable[[], bytes], why: str) -> None:
    found = looked(tmp_path, content())
    assert (found.mark, found.why) == (Mark.UNSEEN, why)


def test_a_mark_in_the_name_is_enough(tmp_path: Path) -> None:
    assert looked(tmp_path, as_jpg(SHEET), "Công văn (MẬT).jpg").mark is Mark.MARKED


def test_no_picture_is_opened_by_its_name(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("RGB", (10, 10)).save(content, "GIF")
    found = looked(tmp_path, content.getvalue(), "a.jpg")
    assert (found.mark, found.why) == (Mark.UNSEEN, "I01")
