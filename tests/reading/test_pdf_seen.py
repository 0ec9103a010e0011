"""What people see on the pages of a PDF form is a value of it, is its own print, or is told; never silence."""

import io
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.pdfgen import canvas

from pipeline.blank_forms.pdf import write_pdf
from pipeline.model import Address, Reading
from pipeline.pdf.shown import PRINTED
from tests.blank_forms.conftest import blank
from tests.blank_forms.filling_pdf import fill_pdf_as_shown
from tests.pdf.test_opening import locked
from tests.reading.conftest import Read

LEADER = "Đặng Thị Thuỳ Nhiên"
SUBJECT = "triển khai kế hoạch thi đua năm 2022"


@pytest.fixture(scope="module")
def filled() -> bytes:
    """A form of ours, some of it filled in as a viewer does."""
    form = blank("giay-moi")
    return fill_pdf_as_shown(write_pdf(form), form, {"subject": SUBJECT, "invited": ["CATP"]})


class Form:
    """A form that somebody changes with a program of theirs."""

    def __init__(self, content: bytes) -> None:
        self.writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
        self.page = self.writer.pages[0]

    def field(self, name: str) -> Any:
        return next(
            found
            for page in self.writer.pages
            for one in page["/Annots"]  # type: ignore[attr-defined]
            if self.writer._get_qualified_field_name(parent=(found := one.get_object())) == name
        )

    def annotate(self, subtype: str, box: tuple[float, ...], text: str = "", **more: Any) -> None:
        """Put an annotation onto the first page."""
        note = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Annot"),
                NameObject("/Subtype"): NameObject(f"/{subtype}"),
                NameObject("/Rect"): ArrayObject(map(FloatObject, box)),
                NameObject("/F"): NumberObject(4),
                NameObject("/Contents"): TextStringObject(text),
                **{NameObject(f"/{key}"): value for key, value in more.items()},
            }
        )
        self.page["/Annots"].append(self.writer._add_object(note))  # type: ignore[attr-defined]

    def print_over(self, x: float, y: float, text: str) -> None:
        """Write onto the first page, as PDF editors do: its own content, no annotation."""
        out = io.BytesIO()
        over = canvas.Canvas(out, pagesize=(float(self.page.mediabox.width), float(self.page.mediabox.height)))
        over.drawString(x, y, text)
        over.save()
        self.page.merge_page(pypdf.PdfReader(out).pages[0])

    @property
    def content(self) -> bytes:
        out = io.BytesIO()
        self.writer.write(out)
        return out.getvalue()


def box_of(field: DictionaryObject) -> tuple[float, ...]:
    return tuple(float(edge) for edge in field["/Rect"])  # type: ignore[attr-defined]


def told(reading: Reading) -> list[tuple[str, str, str, int]]:
    """Code, field, what was found, page."""
    return [(one.code, str(one.place.pointer), one.found, one.place.page) for one in reading.findings]


def test_of_what_a_viewer_filled_in_nothing_is_told(read: Read, filled: bytes) -> None:
    reading = read(filled, "a.pdf")
    assert (reading.values, reading.findings) == ({"subject": SUBJECT, "invited": ["CATP"]}, ())
    assert read(locked(filled, user=""), "a.pdf") == reading


# Values in all their places and letters


def _on_the_place(form: Form) -> None:
    field = form.field("venue")
    place = form.writer._add_object(DictionaryObject())
    for key in ("/Rect", "/Subtype", "/Type", "/F", "/P"):
        place.get_object()[NameObject(key)] = field.pop(key)  # type: ignore[index]
    at = next(at for at, one in enumerate(form.page["/Annots"]) if one.get_object() is field)  # type: ignore[arg-type, var-annotated]
    place.get_object()[NameObject("/V")] = TextStringObject(HALL)  # type: ignore[index]
    place.get_object()[NameObject("/Parent")] = form.page["/Annots"][at]  # type: ignore[index]
    field[NameObject("/Kids")] = ArrayObject([place])
    form.page["/Annots"][at] = place  # type: ignore[index]
    del field["/V"], field["/AP"]


def _holding(value: Any) -> Callable[[Form], None]:
    def change(form: Form) -> None:
        field = form.field("venue")
        field[NameObject("/V")] = form.writer._add_object(value) if isinstance(value, DecodedStreamObject) else value
        del field["/AP"]

    return change


def _stream(data: bytes) -> DecodedStreamObject:
    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream


def _string(data: bytes) -> TextStringObject:
    text = TextStringObject(data.decode("latin-1"))
    text._original_bytes = data
    return text


HALL = "Hội trường A"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(_on_the_place, id="on the place only"),
        pytest.param(_holding(_stream(b"\xfe\xff" + HALL.encode("utf-16-be"))), id="stream, UTF-16"),
        pytest.param(_holding(_stream(b"\xef\xbb\xbf" + HALL.encode())), id="stream, UTF-8"),
        pytest.param(_holding(_stream(HALL.encode())), id="stream, UTF-8 without its mark"),
        pytest.param(_holding(TextStringObject(f"\x1bvi\x1b{HALL}")), id="language"),
        pytest.param(_holding(TextStringObject("\x1bviVN\x1bHội \x1ben\x1btrường A")), id="languages"),
    ],
)
def test_a_value_is_read_wherever_and_however_it_is_written(
    read: Read, filled: bytes, change: Callable[[Form], None]
) -> None:
    form = Form(filled)
    change(form)
    reading = read(form.content, "a.pdf")
    assert (reading.values.get("venue"), reading.findings) == (HALL, ())


def test_a_form_that_another_program_hung_below_a_field_of_its_own_is_read(read: Read, filled: bytes) -> None:
    form = Form(filled)
    tree = form.writer.root_object["/AcroForm"]
    above = form.writer._add_object(
        DictionaryObject({NameObject("/T"): TextStringObject("Form 1"), NameObject("/Kids"): tree["/Fields"]})  # type: ignore[index]
    )
    tree[NameObject("/Fields")] = ArrayObject([above])  # type: ignore[index]
    reading = read(form.content, "a.pdf")
    assert (reading.kind, reading.values.get("subject"), reading.findings) == ("giay-moi", SUBJECT, ())


def test_two_forms_in_one_file_are_told(read: Read, filled: bytes) -> None:
    writer = pypdf.PdfWriter()
    for name in ("a", "b"):
        reader = pypdf.PdfReader(io.BytesIO(filled))
        reader.add_form_topname(name)
        writer.append(reader)
    out = io.BytesIO()
    writer.write(out)
    assert "pdf.two-forms" in {code for code, *_ in told(read(out.getvalue(), "a.pdf"))}


def test_a_ring_of_fields_is_gone_through_once(read: Read, filled: bytes) -> None:
    form = Form(filled)
    group = form.writer.root_object["/AcroForm"]["/Fields"][-1]  # type: ignore[index]
    group.get_object()[NameObject("/Kids")] = ArrayObject([group])
    group.get_object()[NameObject("/T")] = TextStringObject("ring")
    assert read(form.content, "a.pdf").values["subject"] == SUBJECT


# What is seen and is no value


def test_a_text_typed_over_an_empty_field_is_told_there(read: Read, filled: bytes) -> None:
    form = Form(filled)
    left, bottom, *_ = box_of(form.field("venue"))
    form.annotate("FreeText", (left + 5, bottom + 1, left + 100, bottom + 12), HALL)
    assert told(read(form.content, "a.pdf")) == [("pdf.text-over-form", "/venue", HALL, 1)]


def test_a_text_printed_over_an_empty_field_is_told_there(read: Read, filled: bytes) -> None:
    form = Form(filled)
    left, bottom, *_ = box_of(form.field("venue"))
    form.print_over(left + 5, bottom + 4, "Hall A")
    assert told(read(form.content, "a.pdf")) == [("pdf.text-over-form", "/venue", "Hall A", 1)]


def test_a_text_anywhere_else_is_told_with_its_page(read: Read, filled: bytes) -> None:
    form = Form(filled)
    form.annotate("FreeText", (10, 5, 100, 15), "ghi thêm")
    form.print_over(10, 20, "Hall A")
    reading = read(form.content, "a.pdf")
    assert told(reading) == [("pdf.text-over-form", "", "ghi thêm", 1), ("pdf.text-over-form", "", "Hall A", 1)]
    assert reading.values["subject"] == SUBJECT


def test_on_a_form_that_notes_no_words_a_text_over_a_field_is_told_all_the_same(read: Read, filled: bytes) -> None:
    form = Form(filled)
    form.field(PRINTED)[NameObject("/V")] = TextStringObject("")
    left, bottom, *_ = box_of(form.field("venue"))
    form.print_over(left + 5, bottom + 4, "Hall A")
    assert told(read(form.content, "a.pdf")) == [("pdf.text-over-form", "/venue", "Hall A", 1)]


@pytest.mark.parametrize(
    ("subtype", "text", "more", "codes"),
    [
        ("Text", "xem lại", {}, ["I06"]),
        ("Highlight", "xem lại", {}, ["I06"]),
        ("Highlight", "", {}, []),
        ("Stamp", "", {}, ["pdf.drawn-over"]),
        ("Ink", "", {}, ["pdf.drawn-over"]),
        ("StrikeOut", "", {}, ["pdf.drawn-over"]),
        ("FreeText", "ẩn", {"F": NumberObject(2)}, ["pdf.hidden-text"]),
        ("FreeText", "ẩn", {"F": NumberObject(32)}, ["pdf.hidden-text"]),
        ("FreeText", "", {}, []),
        # our own note in a form that we sent back
        ("FreeText", "Chưa điền", {"T": TextStringObject("vanthu")}, []),
        ("Link", "", {}, []),
    ],
)
def test_what_lies_on_the_page_is_told_by_what_it_is(
    read: Read, filled: bytes, subtype: str, text: str, more: dict[str, Any], codes: list[str]
) -> None:
    form = Form(filled)
    form.annotate(subtype, (10, 5, 100, 15), text, **more)
    assert [code for code, *_ in told(read(form.content, "a.pdf"))] == codes


def _layer_off(form: Form) -> Any:
    layer = form.writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/OCG")}))
    layers = ArrayObject([layer])
    form.writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): layers, NameObject("/D"): DictionaryObject({NameObject("/OFF"): layers})}
    )
    return layer


def _on_a_layer(form: Form) -> None:
    form.field("subject")[NameObject("/OC")] = _layer_off(form)


def _on_a_set_of_layers(form: Form) -> None:
    of = DictionaryObject({NameObject("/Type"): NameObject("/OCMD"), NameObject("/OCGs"): _layer_off(form)})
    form.field("subject")[NameObject("/OC")] = form.writer._add_object(of)


def _beside_the_page(form: Form) -> None:
    form.field("subject")[NameObject("/Rect")] = ArrayObject(map(FloatObject, (-500, -500, -300, -480)))


def _cut_off(form: Form) -> None:
    below = box_of(form.field("subject"))[1] - 20
    form.page[NameObject("/CropBox")] = ArrayObject(map(FloatObject, (0, 0, 595, below)))


def _as_a_password(form: Form) -> None:
    form.field("subject")[NameObject("/Ff")] = NumberObject(1 << 13)


def _drawn(change: Callable[[bytes], bytes]) -> Callable[[Form], None]:
    def redraw(form: Form) -> None:
        look = form.field("subject")["/AP"]
        before = look["/N"].get_object()
        after = _stream(change(before.get_data()))
        for key in set(before) - {"/Length", "/Filter", "/DecodeParms"}:
            after[NameObject(key)] = before.raw_get(key)
        look[NameObject("/N")] = form.writer._add_object(after)

    return redraw


OUT_OF_SIGHT = {
    "on a layer that is not shown": _on_a_layer,
    "on a set of such layers": _on_a_set_of_layers,
    "beside the page": _beside_the_page,
    "cut off the page": _cut_off,
    "as a password": _as_a_password,
    "in white": _drawn(lambda look: look.replace(b" 0 g", b" 1 g")),
    "in letters that are not painted": _drawn(lambda look: look.replace(b"BT", b"BT 3 Tr")),
    "in specks": _drawn(lambda look: look.replace(b" 12 Tf", b" 0.3 Tf")),
    "cut down to nothing": _drawn(lambda look: b"0 0 0.1 0.1 re W n " + look),
    "far away": _drawn(lambda look: b"1 0 0 1 5000 5000 cm " + look),
}


@pytest.mark.parametrize("how", OUT_OF_SIGHT)
def test_a_value_out_of_sight_is_none(read: Read, filled: bytes, how: str) -> None:
    form = Form(filled)
    OUT_OF_SIGHT[how](form)
    reading = read(form.content, "a.pdf")
    assert told(reading) == [("pdf.hidden-value", "/subject", SUBJECT, 1)]
    assert "subject" not in reading.values


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_value_on_a_turned_page_is_read(read: Read, filled: bytes, turn: int) -> None:
    form = Form(filled)
    form.page[NameObject("/Rotate")] = NumberObject(turn)
    reading = read(form.content, "a.pdf")
    assert (reading.values["subject"], reading.findings) == (SUBJECT, ())


@pytest.mark.parametrize("subtype", ["FreeText", "Widget", "Link", "Text", "Highlight"])
def test_letters_drawn_for_what_says_nothing_of_itself_are_told(read: Read, filled: bytes, subtype: str) -> None:
    form = Form(filled)
    look = _stream(b"BT /F 12 Tf 2 2 Td (95%) Tj ET")
    look[NameObject("/Subtype")] = NameObject("/Form")
    look[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, 90, 12)))
    form.annotate(subtype, (10, 5, 100, 17), AP=DictionaryObject({NameObject("/N"): form.writer._add_object(look)}))
    assert told(read(form.content, "a.pdf")) == [("pdf.text-over-form", "", "", 1)]


@pytest.mark.parametrize("flag", [2, 32])
def test_a_value_that_nobody_sees_is_none(read: Read, filled: bytes, flag: int) -> None:
    form = Form(filled)
    form.field("subject")[NameObject("/F")] = NumberObject(flag)
    reading = read(form.content, "a.pdf")
    assert told(reading) == [("pdf.hidden-value", "/subject", SUBJECT, 1)]
    assert "subject" not in reading.values


def test_a_value_changed_behind_its_look_is_told(read: Read, filled: bytes) -> None:
    form = Form(filled)
    form.field("subject")[NameObject("/V")] = TextStringObject("tổng kết")
    assert told(read(form.content, "a.pdf")) == [("pdf.other-look", "/subject", SUBJECT, 1)]


def test_a_look_without_a_value_is_told(read: Read, filled: bytes) -> None:
    form = Form(filled)
    form.field("subject")[NameObject("/V")] = TextStringObject("")
    assert told(read(form.content, "a.pdf")) == [("pdf.other-look", "/subject", SUBJECT, 1)]


def test_looks_say_nothing_where_the_form_asks_to_be_drawn_anew(read: Read, filled: bytes) -> None:
    form = Form(filled)
    form.field("subject")[NameObject("/V")] = TextStringObject("tổng kết")
    form.writer.root_object["/AcroForm"][NameObject("/NeedAppearances")] = BooleanObject(True)  # type: ignore[index]
    reading = read(form.content, "a.pdf")
    assert (reading.values["subject"], reading.findings) == ("tổng kết", ())


def test_a_box_ticked_for_programs_only_is_told(read: Read, filled: bytes) -> None:
    form = Form(filled)
    form.field("invited=CATP")[NameObject("/AS")] = NameObject("/Off")
    assert [(code, field) for code, field, *_ in told(read(form.content, "a.pdf"))] == [
        ("pdf.other-look", "/invited/0")
    ]


@pytest.mark.parametrize(
    ("rich", "codes"),
    [
        (f"<body><p>{SUBJECT}</p></body>", []),
        ("<body><p>tổng kết</p></body>", ["pdf.other-look"]),
        (f'<body><p style="text-decoration:line-through">{SUBJECT}</p></body>', ["pdf.struck-out"]),
    ],
)
def test_a_text_with_styles_is_held_against_the_value(read: Read, filled: bytes, rich: str, codes: list[str]) -> None:
    form = Form(filled)
    field = form.field("subject")
    field[NameObject("/RV")] = TextStringObject(rich)
    field[NameObject("/Ff")] = NumberObject(int(field["/Ff"]) | 1 << 25)
    assert [code for code, *_ in told(read(form.content, "a.pdf"))] == codes


def test_a_field_that_somebody_added_is_told(read: Read, filled: bytes) -> None:
    form = Form(filled)
    more = {
        "FT": NameObject("/Tx"),
        "T": TextStringObject("Text1"),
        "V": TextStringObject("ghi thêm"),
    }
    form.annotate("Widget", (10, 5, 100, 15), **more)
    form.writer.root_object["/AcroForm"]["/Fields"].append(form.page["/Annots"][-1])  # type: ignore[index]
    assert told(read(form.content, "a.pdf")) == [("pdf.field-unknown", "", "ghi thêm", 1)]


def test_places_of_one_field_that_hold_different_values_are_told(read: Read, filled: bytes) -> None:
    form = Form(filled)
    field = form.field("venue")
    _on_the_place(form)
    field[NameObject("/V")] = TextStringObject("Hội trường B")
    reading = read(form.content, "a.pdf")
    assert [(one.code, one.place.pointer) for one in reading.findings] == [("pdf.other-look", Address.of("/venue"))]


# One cause, one finding


def test_a_form_without_its_fields_gets_one_answer(read: Read, filled: bytes) -> None:
    form = Form(filled)
    del form.writer.root_object["/AcroForm"]
    reading = read(form.content, "giay-moi.pdf")
    assert ([one.code for one in reading.findings], reading.kind, reading.values) == (["pdf.no-form"], "", {})
