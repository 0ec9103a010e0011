"""Each limit of the door for Word and Excel files: what just keeps it passes, what is one beyond is refused."""

import io
import random
import zipfile
from collections.abc import Callable

import pytest

from pipeline.files.refusals import Unfit
from pipeline.ooxml import LIMITS, opened, packed

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCUMENT = f'<Override PartName="/word/document.xml" ContentType="{OFFICE}.wordprocessingml.document.main+xml"/>'
BOOK = f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.spreadsheetml.sheet.main+xml"/>'


def package(parts: dict[str, bytes], main: str = DOCUMENT) -> bytes:
    return packed({"[Content_Types].xml": f"<Types>{main}</Types>".encode(), **parts})


def sheet(inside: str) -> bytes:
    return package({"xl/worksheets/sheet1.xml": f"<worksheet>{inside}</worksheet>".encode()}, BOOK)


def cell(ref: str) -> bytes:
    return sheet(f'<sheetData><row><c r="{ref}"><v>1</v></c></row></sheetData>')


def merged(*refs: str) -> bytes:
    areas = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return sheet(f"<sheetData/><mergeCells>{areas}</mergeCells>")


def nested(depth: int) -> bytes:
    return package({"word/document.xml": b"<a>" * depth + b"<instrText/>" + b"</a>" * depth})


def elements(count: int, word: bytes = b"") -> bytes:
    # is_plain counts "<": two for an element that has an end; a word that is watched lets each be looked at
    return package({"word/document.xml": b"<a>" + b"<b></b>" * count + word + b"</a>"})


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


Made = Callable[[], bytes]
KEPT: dict[str, Made] = {
    "parts": lambda: package({f"word/media/{at}.png": b"x" for at in range(LIMITS.parts - 1)}),
    "ratio": lambda: package({"word/media/a.png": bytes(1 << 20)}),
    "depth": lambda: nested(LIMITS.depth - 1),
    "rows": lambda: cell(f"A{LIMITS.rows}"),
    "columns": lambda: cell(f"OJ{1}"),
    "area": lambda: merged(f"A1:A{LIMITS.area}"),
}
BROKEN: dict[str, Made] = {
    "parts": lambda: package({f"word/media/{at}.png": b"x" for at in range(LIMITS.parts)}),
    "ratio": lambda: package({"word/media/a.png": bytes((1 << 20) + 1)}),
    "bytes": lambda: package({f"word/media/{at}.png": noise(1 << 16) * 256 for at in range(7)}),
    "XML of one part": lambda: package({"word/document.xml": b"<a>" + noise(1 << 16).hex().encode() * 200 + b"</a>"}),
    "elements": lambda: elements(LIMITS.elements),
    "watched elements": lambda: elements(LIMITS.elements, b"<instrText/>"),
    "depth": lambda: nested(LIMITS.depth),
    "rows": lambda: cell(f"A{LIMITS.rows + 1}"),
    "columns": lambda: cell(f"OK{1}"),
    "area": lambda: merged(f"A1:A{LIMITS.area}", "B1:B1"),
}


@pytest.mark.parametrize("made", KEPT.values(), ids=KEPT.keys())
def test_what_just_keeps_a_limit_passes(made: Made) -> None:
    assert opened(made()).format in {"docx", "xlsx"}


@pytest.mark.parametrize("made", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_beyond_a_limit_is_too_heavy(made: Made) -> None:
    content = made()
    with pytest.raises(Unfit) as refused:
        opened(content)
    assert refused.value.finding.code == "file.too-heavy"


def test_the_parts_of_a_package_are_all_there_pictures_too() -> None:
    content = package({"word/document.xml": b"<a/>", "word/media/a.png": b"\x89PNG", "word/empty.xml": b"<x/>"})

    made = opened(content)

    assert set(made.all_parts()) == set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    assert made.all_parts()["word/media/a.png"] == b"\x89PNG"
    assert "word/media/a.png" not in made.parts


def test_relationships_are_followed_from_the_part_that_has_them() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    )
    tie = '<Relationship Id="{}" Type="{}/{}" Target="{}"{}/>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    made = opened(
        package(
            {
                "_rels/.rels": relations.format(
                    tie.format("r1", kind, "officeDocument", "word/document.xml", "")
                ).encode(),
                "word/document.xml": b"<a/>",
                "word/_rels/document.xml.rels": relations.format(
                    tie.format("r1", kind, "styles", "styles.xml", "")
                    + tie.format("r2", kind, "header", "/word/header1.xml", "")
                    + tie.format("r3", kind, "numbering", "../word/lost.xml", "")
                    + tie.format("r4", kind, "hyperlink", "http://x", ' TargetMode="External"')
                ).encode(),
                "word/styles.xml": b"<b/>",
                "word/header1.xml": b"<c/>",
            }
        )
    )

    assert made.main == "word/document.xml"
    assert made.related(made.main, "/styles") == ("word/styles.xml",)
    assert made.related(made.main, "/header") == ("word/header1.xml",)
    assert made.related(made.main, "/numbering") == ()
    assert "r4" not in made.relations(made.main)
