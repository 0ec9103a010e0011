"""What is no sound Word file is a finding, never a crash."""

import io
import random
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from pipeline.layout import all_profiles
from pipeline.layout.applying import parts_of
from pipeline.layout.check import FUNCTIONS, check, check_guarded
from pipeline.ooxml import packed
from pipeline.tools.guard import Guard
from tests.hostile.makers import WORD, ole
from tests.layout.check.papers import clean

ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="urn:x">&a;</w:document>'


def _paper() -> bytes:
    return clean("ke-hoach", "dang-hd36")


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _workbook() -> bytes:
    target = io.BytesIO()
    Workbook().save(target)
    return target.getvalue()


def _with(name: str, content: bytes) -> bytes:
    return packed({**parts_of(_paper()), name: content})


UNSOUND = {
    "empty": (b"", "file.empty"),
    "text": (b"KE HOACH", "file.unreadable"),
    "pdf": (b"%PDF-1.7 ...", "file.unreadable"),
    "protected": (ole("EncryptionInfo", "EncryptedPackage"), "I04"),
    "old Word": (ole("WordDocument", stream=WORD), "I01"),
    "a zip of something": (_zip(a=b"1"), "I01"),
    "a workbook": (_workbook(), "file.unreadable"),
    "an open tag": (_with("word/document.xml", b"<w:document"), "file.damaged"),
    "an entity": (_with("word/document.xml", ENTITY), "file.tampered"),
    "damaged styles": (_with("word/styles.xml", b"\xff\xfe\x00"), "file.damaged"),
    "cut in the middle": (_paper()[: len(_paper()) // 2], "file.damaged"),
}


@pytest.mark.parametrize(("content", "code"), UNSOUND.values(), ids=UNSOUND.keys())
def test_what_is_no_word_file_is_told_in_one_clear_finding(content: bytes, code: str) -> None:
    found = check(content)
    assert [one.code for one in found] == [code]
    assert found[0].mend is not None


def test_an_empty_document_gets_findings() -> None:
    empty = (
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
    )
    content = _with("word/document.xml", empty)
    assert [one.code for one in check(content)] == ["form.not-official"]
    asked = check(content, profile=all_profiles()["nd30"])
    assert {"TT01", "TT06", "TT08"} <= {one.code for one in asked}


def test_a_document_without_styles_lists_and_settings_is_checked_by_words_defaults() -> None:
    kept = {
        name: part for name, part in parts_of(_paper()).items() if "styles" not in name and "numbering" not in name
    }
    assert "TT10" in {one.code for one in check(packed(kept))}


def test_styles_based_on_each_other_in_a_circle_end() -> None:
    parts = parts_of(_paper())
    old = b'<w:name w:val="VT N\xe1\xbb\x99i dung"/><w:basedOn w:val="Normal"/>'
    assert old in parts["word/styles.xml"]
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(old, old.replace(b'"Normal"', b'"VTThan"'))
    check(packed(parts))


def test_damaged_bytes_never_crash_the_check() -> None:
    dice = random.Random(20221122)
    parts = parts_of(_paper())
    for _ in range(40):
        name = dice.choice(["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/header1.xml"])
        spoilt = bytearray(parts[name])
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(spoilt))
            spoilt[at : at + dice.randint(0, 30)] = dice.randbytes(dice.randint(0, 8))
        check(packed({**parts, name: bytes(spoilt)}))


@pytest.mark.slow
def test_words_swapped_in_the_xml_never_crash_the_check() -> None:
    """Well-formed and senseless: attributes and tags in the wrong places."""
    dice = random.Random(7)
    parts = parts_of(_paper())
    words = [
        b"w:val",
        b"w:p",
        b"w:r",
        b"w:tbl",
        b"w:tc",
        b"w:sectPr",
        b"w:pgMar",
        b"w:jc",
        b"center",
        b"14",
        b"28",
        b"true",
    ]
    for _ in range(25):
        name = dice.choice(["word/document.xml", "word/styles.xml"])
        old, new = dice.sample(words, 2)
        check(packed({**parts, name: parts[name].replace(old + b"=", new + b"=").replace(b'"' + old, b'"' + new)}))
        check(
            packed(
                {
                    **parts,
                    name: parts[name].replace(b"<" + old + b">", b"<" + new + b">").replace(b"</" + old, b"</" + new),
                }
            )
        )


@pytest.mark.slow
def test_a_file_of_others_is_checked_in_a_guarded_child(tmp_path: Path) -> None:
    path = tmp_path / "van ban.docx"
    path.write_bytes(_paper())
    with Guard(FUNCTIONS) as guard:
        sound = check_guarded(guard, path)
        assert (sound.profile, sound.findings) == ("dang-hd36", ())
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b" " * (200 << 20))
        path.write_bytes(bomb.getvalue())
        assert [one.code for one in check_guarded(guard, path).findings] == ["file.too-heavy"]
