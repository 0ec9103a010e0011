"""A file is whole when it ends as its format ends; what has not come yet reads as zeros, or is not there."""

import functools
import io
import struct
import zipfile
from pathlib import Path, PurePosixPath

import docx
import openpyxl
import pytest
from PIL import Image

from pipeline import intake
from pipeline.files import Opened, open_regular
from pipeline.intake.wholeness import End, end_of
from tests.folders import registration
from tests.hostile.makers import small
from tests.sample_pictures import as_jpg, saved

JSON = b'{"kind": "dang-ky", "leader": {"full_name": "a } b", "quote": "\\""}, "targets": [{"due": 1}]}'
CSV = 'Họ tên;Chức vụ\n"Nguyễn; A";"Trưởng\nphòng"\n'.encode()
YAML = registration("CATP").encode()


@functools.cache
def word() -> bytes:
    content = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Đăng ký")
    document.save(content)
    return content.getvalue()


@functools.cache
def workbook() -> bytes:
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    return content.getvalue()


def commented() -> bytes:
    """A zip with the longest comment a zip can have."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a", "b")
        archive.comment = b"x" * 65_535
    return content.getvalue()


def is_whole(folder: Path, name: str, content: bytes) -> bool:
    (folder / name).write_bytes(content)
    (found,) = intake.look(folder)
    return intake.is_whole(folder, found)


PHOTO = as_jpg(Image.effect_noise((60, 60), 40))
WHOLE = {
    "a.docx": word(),
    "a.xlsx": workbook(),
    "a.pdf": small(),
    "a.zip": commented(),
    "a.json": JSON,
    "b.json": b"\xef\xbb\xbf" + JSON + b"\r\n",
    "a.csv": CSV,
    "b.csv": b"\xff\xfe" + CSV.decode().encode("utf-16-le"),
    "a.yaml": YAML,
    "b.yaml": YAML.rstrip(),
    "a.rtf": b"{\\rtf1 {\\b a}" + b" and b" * 20 + b"}",
    "a.png": saved(Image.effect_noise((60, 60), 40), "PNG"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_is_seen_to_be_whole(tmp_path: Path, name: str) -> None:
    assert is_whole(tmp_path, name, WHOLE[name])


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.99])
@pytest.mark.parametrize("name", WHOLE)
def test_a_file_made_at_full_size_is_not_whole_before_its_last_bytes_have_come(
    tmp_path: Path, name: str, share: float
) -> None:
    whole = WHOLE[name]
    come = min(int(len(whole) * share), len(whole) - 8)
    assert not is_whole(tmp_path, name, whole[:come] + bytes(len(whole) - come))


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pdf", "a.zip", "a.json", "b.json", "a.rtf", "a.png"])
def test_a_file_that_is_cut_is_not_whole(tmp_path: Path, name: str) -> None:
    for cut in (0.1, 0.5, 0.95):
        assert not is_whole(tmp_path, name, WHOLE[name][: int(len(WHOLE[name]) * cut)])


def test_parts_that_come_after_the_end_of_a_file_are_waited_for(tmp_path: Path) -> None:
    """Some copies over a network write in no order."""
    for name in ("a.docx", "a.xlsx"):
        whole = WHOLE[name]
        hole = len(whole) // 4
        assert not is_whole(tmp_path, name, whole[:hole] + bytes(2 * hole) + whole[3 * hole :])
        (tmp_path / name).unlink()
    assert not is_whole(tmp_path, "a.yaml", YAML[:40] + bytes(40) + YAML[80:])


@pytest.mark.parametrize("name", ["a.zip", "a.png"])
def test_of_packed_bytes_not_one_block_is_missing(tmp_path: Path, name: str) -> None:
    """Blocks that have not come read as zeros, which packed bytes never are for long."""
    made = io.BytesIO()
    noise = Image.effect_noise((300, 300), 60)
    noise.save(made, "PNG")
    if name == "a.zip":
        packed, made = made.getvalue(), io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("a", packed)
    whole = made.getvalue()
    assert is_whole(tmp_path, name, whole)
    assert not is_whole(tmp_path, name, whole[: 5 * 4096] + bytes(4096) + whole[6 * 4096 :])


@pytest.mark.parametrize(
    ("name", "content", "end"),
    [
        ("a.yaml", b"kind: dang-ky\nheadcount: 1\n", End.UNENDED),
        ("a.yaml", b"kind: dang-ky\nheadcount: 1\n...\n", End.WHOLE),
        ("a.yaml", b"kind: dang-ky\nnote: and so on...\n", End.UNENDED),
        ("a.csv", CSV, End.OPEN),
        ("a.json", JSON, End.WHOLE),
        ("a.pdf", small().replace(b"%%EOF", b"% " + bytes(2 * 4096) + b"%%EOF"), End.OPEN),
    ],
)
def test_what_has_no_end_of_its_own_is_not_said_to_be_whole(
    tmp_path: Path, name: str, content: bytes, end: End
) -> None:
    (tmp_path / name).write_bytes(content)
    with open_regular(tmp_path, name, limit_bytes=1_000_000) as opened:
        assert isinstance(opened, Opened)
        assert end_of(opened, PurePosixPath(name)) is end


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "đơn vị: Đả".encode()[:-1]),
        ("a.csv", b'a;"b\nc;d\n'),
        ("a.json", JSON[:-1]),
        ("b.json", b'{"a": "b'),
        ("a.pdf", small().replace(b"startxref\n", b"startxref\n9")),
        ("rong.yaml", b""),
        ("trang.yaml", b" \n\n"),
        ("anh.jpg", bytes(4096)),
    ],
)
def test_what_cannot_be_the_end_of_a_file_is_none(tmp_path: Path, name: str, content: bytes) -> None:
    assert not is_whole(tmp_path, name, content)


def ole(*, sector: int = 3, shift: int = 9, listed: bytes = b"R\0o\0o\0t\0", cut: int = 0) -> bytes:
    """A file of the old kind whose list of streams stands in one sector, after the header ([MS-CFB] 2.2)."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<H", head, 30, shift)
    struct.pack_into("<I", head, 48, sector)
    content = bytes(head) + b"x" * (sector << 9) + listed.ljust(128, b"\0")
    return content[: len(content) - cut]


def zip64() -> bytes:
    """A zip that says its list of parts stands where only a zip64 can say."""
    whole = bytearray(WHOLE["a.docx"])
    struct.pack_into("<I", whole, whole.rindex(b"PK\x05\x06") + 16, 0xFFFFFFFF)
    return bytes(whole)


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (ole(), True),
        (ole(sector=0), True),
        (ole(listed=b""), False),
        (ole(cut=1), False),
        (ole()[:75], False),
        # damaged rather than cut: the reader says so
        (ole(shift=6, cut=100), True),
        (ole(shift=17, cut=100), True),
        (ole(shift=7, sector=11), True),
        (ole(shift=16, cut=100), False),
    ],
)
def test_a_file_of_the_old_kind_is_whole_when_its_list_of_streams_is_there(
    tmp_path: Path, content: bytes, seen: bool
) -> None:
    assert is_whole(tmp_path, "a.doc", content) is seen


def test_a_zip_larger_than_any_form_is_whole_by_its_end(tmp_path: Path) -> None:
    assert is_whole(tmp_path, "a.zip", zip64())


@pytest.mark.parametrize(
    ("tail", "seen"), [(b"\xff\xd9", True), (b"\xff\xd9" + bytes(511), True), (bytes(512), False)]
)
def test_what_we_do_not_read_is_whole_unless_it_ends_in_zeros(tmp_path: Path, tail: bytes, seen: bool) -> None:
    assert is_whole(tmp_path, "anh.jpg", b"\xff\xd8\xff" + b"x" * 900 + tail) is seen


@pytest.mark.parametrize(
    ("content", "end"),
    [
        (PHOTO, End.WHOLE),
        (PHOTO[:-2], End.OPEN),
        # a film of a telephone hangs behind the photo
        (PHOTO + b"ftypmp42" * 900, End.OPEN),
        (PHOTO[:-600] + bytes(600), End.CUT),
    ],
    ids=["whole", "cut", "with a film", "made at full size"],
)
def test_a_photo_without_its_end_may_be_whole_and_is_taken_late(tmp_path: Path, content: bytes, end: End) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    with open_regular(tmp_path, PurePosixPath("a.jpg"), limit_bytes=len(content)) as opened:
        assert isinstance(opened, Opened)
        assert end_of(opened, PurePosixPath("a.jpg")) is end


@pytest.mark.parametrize(("zeros", "seen"), [(3, True), (4, False)])
def test_four_zeros_in_a_row_are_bytes_that_have_not_come(tmp_path: Path, zeros: int, seen: bool) -> None:
    assert is_whole(tmp_path, "a.yaml", b"kind: dang-ky" + bytes(zeros) + b"\n") is seen
