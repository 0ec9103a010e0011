"""PDF forms: filled in with pypdf or typed into PDFium they read back equal, and show what they hold."""

import functools
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import assume, given, settings
from PIL import ImageChops
from pypdf import PdfReader

from pipeline.blank_forms import pdf_fonts
from pipeline.blank_forms.pdf import write_pdf
from pipeline.model import JsonObject
from pipeline.pdf.shown import PRINTED
from tests.blank_forms.conftest import KINDS, blank, came_back, known
from tests.blank_forms.filling_pdf import fill_pdf, fill_pdf_as_shown, has_room
from tests.blank_forms.filling_word import as_the_form_takes_it
from tests.blank_forms.values import values_of
from tests.rules.samples import kind

_MARKED_LETTERS = "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA)))


@functools.cache
def empty(name: str) -> bytes:
    """The form of a kind with nothing filled in."""
    return write_pdf(blank(name))


def widgets(content: bytes) -> Iterator[tuple[int, str, Any]]:
    """(page, full name, dictionary) of every field that people see."""
    reader = PdfReader(io.BytesIO(content))
    for number, page in enumerate(reader.pages):
        for annotation in page.get("/Annots", ()):
            field = annotation.get_object()
            name = reader._get_qualified_field_name(parent=field)
            if name not in {"kind", PRINTED}:
                yield number, str(name), field


@pytest.mark.sweep
@pytest.mark.parametrize("examples", [1, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", KINDS)
def test_a_form_filled_in_reads_back_equal(name: str, examples: int) -> None:
    form = blank(name)

    @settings(max_examples=examples)
    @given(values_of(kind(name)))
    def reads_back(values: Any) -> None:
        wanted = as_the_form_takes_it(form, values)
        assume(has_room(form, wanted))
        with tempfile.TemporaryDirectory() as folder:
            reading = came_back(fill_pdf(empty(name), form, wanted), "x.pdf", Path(folder))
        assert reading.values == wanted
        assert reading.kind == name
        assert reading.findings == ()

    reads_back()


@pytest.mark.sweep
def test_of_a_form_left_empty_nothing_is_read(kind_id: str, tmp_path: Path) -> None:
    reading = came_back(empty(kind_id), "x.pdf", tmp_path)
    assert (reading.kind, reading.values, reading.findings) == (kind_id, {}, ())


def test_what_the_year_knows_is_read_and_shown_by_its_name(tmp_path: Path) -> None:
    content = write_pdf(known("dang-ky", "CATP"))
    reading = came_back(content, "x.pdf", tmp_path)
    assert (reading.unit, reading.values["emulation_year"]) == ("CATP", 2022)
    unit = next(field for _, name, field in widgets(content) if name == "unit_code")
    assert unit["/V"] == "CATP"
    assert pdf_fonts.encoded("CATP - Công an").encode() in unit["/AP"]["/N"].get_data()


@pytest.mark.sweep
def test_a_form_is_the_same_bytes_every_time(kind_id: str) -> None:
    assert write_pdf(blank(kind_id)) == empty(kind_id)


@pytest.mark.sweep
def test_fields_lie_on_their_page_beside_each_other(kind_id: str) -> None:
    content = empty(kind_id)
    pages = PdfReader(io.BytesIO(content)).pages
    boxes: dict[int, list[list[float]]] = {}
    for number, name, field in widgets(content):
        left, bottom, right, top = box = [float(edge) for edge in field["/Rect"]]
        assert 0 < left < right < pages[number].mediabox.width, name
        assert 0 < bottom < top < pages[number].mediabox.height, name
        assert top - bottom >= 9, name
        for other in boxes.setdefault(number, []):
            apart = right <= other[0] or other[2] <= left or top <= other[1] or other[3] <= bottom
            assert apart, name
        boxes[number].append(box)


def test_a_field_says_what_it_is_what_it_takes_and_looks_like_no_other() -> None:
    fields = {name: field for _, name, field in widgets(empty("dang-ky"))}
    assert fields["leader.full_name"]["/TU"] == "Người ký"
    assert fields["targets.2.due"]["/TU"] == "Thời gian hoàn thành, dòng 3"
    assert fields["leader.full_name"]["/Ff"] & 2  # required
    assert not fields["leader.authorization"]["/Ff"] & 2
    assert fields["targets.0.measures"]["/Ff"] & (1 << 12)  # several lines
    assert fields["leader.full_name"]["/MaxLen"] == 50
    assert ["CATP", "CATP - Công an TP.HCM"] in [list(pair) for pair in fields["unit_code"]["/Opt"]]
    looks = [field["/AP"].raw_get("/N").idnum for field in fields.values() if field["/FT"] != "/Btn"]
    assert len(set(looks)) == len(looks)


def test_every_vietnamese_letter_can_be_shown() -> None:
    assert len(pdf_fonts.encoded(_MARKED_LETTERS)) == 4 * len(_MARKED_LETTERS)


def test_what_is_filled_in_is_shown_in_its_field(tmp_path: Path) -> None:
    form = blank("giay-moi")
    values: JsonObject = {"subject": "Đặng Thị Thuỳ Nhiên, Ữ Ợ Ẵ", "invited": ["CATP"]}
    filled = fill_pdf_as_shown(empty("giay-moi"), form, values)
    assert came_back(filled, "x.pdf", tmp_path).values == values

    shown = {name for name in ("subject", "venue", "invited=CATP", "invited=KNH") if _is_inked(filled, name)}
    assert shown == {"subject", "invited=CATP"}


def _is_inked(filled: bytes, name: str) -> bool:
    """Whether PDFium draws something in a field that it did not draw in the empty form."""
    number, box = next((number, field["/Rect"]) for number, one, field in widgets(filled) if one == name)
    pictures = []
    for content in (empty("giay-moi"), filled):
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
        picture = document[number].render(scale=2).to_pil().convert("L")
        left, bottom, right, top = (float(edge) * 2 for edge in box)
        pictures.append(
            picture.crop((int(left), picture.height - int(top), int(right), picture.height - int(bottom)))
        )
    return ImageChops.difference(*pictures).getbbox() is not None


def test_what_is_typed_into_a_viewer_is_read(tmp_path: Path) -> None:
    content = empty("dang-ky")
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    form = document.formenv
    typed = {"leader.full_name": "Đặng Thị Thuỳ Nhiên", "leader.position": "Phó Chánh Văn phòng Đảng ủy"}
    for number, name, field in widgets(content):
        if name in typed or name == "titles_collective=co_thi_dua":
            page = document[number]
            left, bottom, right, top = (float(edge) for edge in field["/Rect"])
            middle = (left + right) / 2, (bottom + top) / 2
            pdfium.FORM_OnLButtonDown(form, page, 0, *middle)
            pdfium.FORM_OnLButtonUp(form, page, 0, *middle)
            for letter in typed.get(name, ""):
                pdfium.FORM_OnChar(form, page, ord(letter), 0)
            pdfium.FORM_ForceToKillFocus(form)
    document.save(tmp_path / "typed.pdf")

    reading = came_back((tmp_path / "typed.pdf").read_bytes(), "x.pdf", tmp_path)

    assert reading.values == {
        "leader": {"full_name": typed["leader.full_name"], "position": typed["leader.position"]},
        "titles_collective": ["co_thi_dua"],
    }
