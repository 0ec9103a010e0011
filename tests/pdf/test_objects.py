"""Objects of a PDF that are built at once are those that pypdf builds; what is odd is left to pypdf, whole."""

import io
import logging
import random
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NullObject,
    StreamObject,
    TextStringObject,
)

from pipeline.blank_forms.pdf import write_pdf
from pipeline.pdf.objects import Reader
from tests.blank_forms.conftest import blank
from tests.blank_forms.filling_pdf import fill_pdf_as_shown
from tests.papers.test_hostile_papers import CATALOGUE, ONE_PAGE, _objects
from tests.pdf.test_opening import locked

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/X 4 0 R>>"


def holding(letters: bytes) -> bytes:
    """A PDF whose object 4 is these letters; 5 is the figure 3."""
    return _objects(CATALOGUE, ONE_PAGE, PAGE, letters, b"3")


def seen(thing: Any) -> object:
    """All that is known of an object, so that two can be held against each other."""
    sort = type(thing).__name__
    match thing:
        case IndirectObject():
            return sort, thing.idnum, thing.generation
        case DictionaryObject():
            pairs = [(seen(key), seen(value)) for key, value in dict.items(thing)]
            return sort, pairs, thing._data if isinstance(thing, StreamObject) else None, _number(thing)
        case ArrayObject():
            return sort, [seen(one) for one in list.__iter__(thing)], _number(thing)
        case TextStringObject():
            marks = thing.autodetect_utf16, thing.autodetect_pdfdocencoding, thing.utf16_bom
            return sort, str(thing), thing._original_bytes, marks
        case FloatObject():
            return sort, float(thing)
        case NullObject() | None:
            return sort
    return sort, repr(thing), _number(thing)


def _number(thing: Any) -> object:
    reference = thing.__dict__.get("indirect_reference")
    return None if reference is None else (reference.idnum, reference.generation)


def objects(reader: pypdf.PdfReader, numbers: list[tuple[int, int]]) -> Iterator[object]:
    for generation, number in numbers:
        try:
            yield seen(reader.get_object(IndirectObject(number, generation, reader)))
        except Exception as error:  # what pypdf raises must be raised
            yield type(error)


def differing(content: bytes) -> list[tuple[object, object]]:
    """The objects that the two readers see differently."""
    theirs, ours = pypdf.PdfReader(io.BytesIO(content)), Reader(content)
    numbers = [(generation, number) for generation, entries in theirs.xref.items() for number in entries]
    pairs = zip(objects(theirs, numbers), objects(ours, numbers), strict=True)
    return [(one, other) for one, other in pairs if one != other]


def is_built(content: bytes, number: int = 4) -> bool:
    """Whether an object is built at once."""
    reader = Reader(content)
    start = reader._start_of(IndirectObject(number, 0, reader))
    return start is not None and reader._built(start) is not None


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    logger = logging.getLogger("pypdf")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)


@pytest.fixture(scope="module")
def form() -> bytes:
    """A form of ours with values in it."""
    plan = blank("giay-moi")
    return fill_pdf_as_shown(write_pdf(plan), plan, {"subject": "triển khai (kế hoạch) thi đua", "invited": ["CATP"]})


PLAIN = [
    b"<</A/B/C 1/D -2.5/E .5/F true/G null/H 1 0 R/I[1 0 R 0 1 0 R 7]>>",
    b"<</T(a\\(b\\)\\\\c\\n\\057\\377)/U(\xfe\xff\x1e\xbf\0a)/V()/W<FEFF1EBF>/X<>/Y(\0a)>>",
    b"<</V#C3#A2n/A#20B/Name/A#/Long 1234567890>>",
    b"<</Length 3>>\nstream\nabc\nendstream",
    b"<</Length 3/Filter/FlateDecode>>stream\r\nabcendstream",
    b"<</Length 5 0 R>>\nstream\nabc\nendstream",
    b"[<</A[[]<<>>]>>(x)/Y]",
]
ODD = [
    b"<</A 1/A 2>>",  # which of two
    b"<</A>>",
    b"<</A 1/B>>",
    b"<<(A) 1>>",
    b"<<<<>> 1>>",
    b"<</A 1 0  R>>",
    b"<</A 1 0 Rx>>",
    b"[1 0 Rtrue]",
    b"<<\x0b/A 1>>",
    b"<</A 1 % a remark\n/B 2>>",
    b"<</A(x(y)z)>>",
    *(b"<</A(%b)>>" % text for text in (b"\\1", b"\\12", b"\\\n", b"\\400", b"\\x")),
    *(b"<</A<%b>>>" % digits for digits in (b"4", b"4 1", b"4x")),
    *(b"<</A %b>>" % value for value in (b"5.", b"+3", b"1e5", b"--2", b"12345678901", b"trueish", b"nul")),
    b"<</\xe1\xba\xbf 1>>",
    b"<</A [1>>",
    b"<</A 1]",
    b"<</A 1>> 2",
    b"<</Length 2>>\nstream\nabc\nendstream",
    b"<</Length 4 0 R>>\nstream\nabc\nendstream",
    b"<</Length -1>>\nstream\nabc\nendstream",
    b"<</Length 9999>>\nstream\nabc\nendstream",
    b"<<>>\nstream\nabc\nendstream",
    b"<</Length 3>>stream abc\nendstream",
    b"[1]\nstream\nabc\nendstream",
    b"<</A\0 1>>",
    b"<</A\x0b1>>",
    b"[" * 40 + b"]" * 40,
    b"3",
    b"(x)",
    b"/Name",
    b"null",
    b"1 0 R",
    b"",
]


@pytest.mark.parametrize("letters", PLAIN)
def test_a_plain_object_is_built_at_once_as_pypdf_builds_it(letters: bytes) -> None:
    content = holding(letters)
    assert is_built(content)
    assert not differing(content)


@pytest.mark.parametrize("letters", ODD)
def test_an_odd_object_is_left_to_pypdf(letters: bytes) -> None:
    content = holding(letters)
    assert not is_built(content)
    assert not differing(content)


#: What may make an object odd, or another one.
SCRAPS = [
    *b"( ) < > << >> [ ] / % \\ 0 9 - + . R obj endobj endstream null true #41 # \\053 \\8 { } e () <>".split(),
    *(b"\xc3", b"\xff"),
    *(
        b"99999999",
        b" ",
        b"  ",
        b"\n",
        b"\r",
        b"\0",
        b"\x0b",
        b" 0 R",
        b"1 0 R ",
        b"stream\n",
        b"/Length 5 0 R",
        b"/A/A",
    ),
]


def damaged(content: bytes, chance: random.Random, places: list[int]) -> bytes:
    """The content with some letters changed; every object stays where it is."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        at = chance.choice(places)
        scrap = chance.choice(SCRAPS)
        made[at : at + len(scrap)] = scrap
    return bytes(made[: len(content)])


@pytest.mark.parametrize("seed", range(3))
def test_damaged_objects_are_what_pypdf_makes_of_them(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(100):
        content = holding(chance.choice(PLAIN))
        first = content.index(b"4 0 obj") + 8
        assert not differing(damaged(content, chance, [*range(first, content.index(b"endobj", first) + 8)]))


def test_every_object_of_a_form_is_built_at_once_and_as_pypdf_builds_it(form: bytes) -> None:
    reader = Reader(form)
    figures = [number for number in reader.xref[0] if not is_built(form, number)]
    assert not differing(form)
    assert len(reader.xref[0]) > 100
    assert all(isinstance(reader.get_object(number), int) for number in figures)


def test_a_damaged_form_is_what_pypdf_makes_of_it(form: bytes) -> None:
    chance = random.Random(0)
    places = [at for at in range(len(form)) if form[at : at + 1] in b"/<>[]()\n "]
    for _ in range(3):
        assert not differing(damaged(damaged(form, chance, places), chance, places))


def test_an_object_that_was_changed_later_is_the_later_one() -> None:
    content = holding(b"<</A(before)>>")
    table = len(content) + len(b"4 0 obj\n<</A(after)>>\nendobj\n")
    first = content.rindex(b"xref\n", 0, content.rindex(b"startxref"))
    later = b"4 0 obj\n<</A(after)>>\nendobj\nxref\n4 1\n%010d 00000 n \n" % len(content)
    later += b"trailer <</Size 6/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (first, table)
    assert "after" in str(Reader(content + later).get_object(IndirectObject(4, 0, None)))
    assert not differing(content + later)


def test_an_object_that_was_packed_later_is_the_later_one() -> None:
    content = holding(b"<</A(before)>>")
    first = content.rindex(b"xref\n", 0, content.rindex(b"startxref"))
    packed = b"4 0 <</A(after)>>"
    pack = b"6 0 obj\n<</Type/ObjStm/N 1/First 4/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (len(packed), packed)
    entries = b"\x02\0\x06\0" + b"".join(b"\x01%b\0" % at.to_bytes(2) for at in (len(content), len(content + pack)))
    table = b"7 0 obj\n<</Type/XRef/W[1 2 1]/Index[4 1 6 2]/Size 8/Root 1 0 R/Prev %d/Length 12>>\nstream\n" % first
    later = pack + table + entries + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(content + pack)
    assert "after" in str(Reader(content + later).get_object(4))
    assert not differing(content + later)


def test_an_object_that_was_given_up_later_is_nothing() -> None:
    content = holding(b"<</A(before)>>")
    content = content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))]
    places = [0, *(content.index(b"%d 0 obj" % number) for number in range(1, 6)), len(content)]
    entries = b"\0\0\0\0" + b"".join(b"\x01%b\0" % at.to_bytes(2) for at in places[1:])
    content += (
        b"6 0 obj\n<</Type/XRef/W[1 2 1]/Size 7/Root 1 0 R/Length 28>>\nstream\n%b\nendstream\nendobj\n" % entries
    )
    later = b"xref\n4 1\n0000000000 00000 f \ntrailer <</Size 7/Root 1 0 R/Prev %d>>\n" % places[-1]
    later += b"startxref\n%d\n%%%%EOF\n" % len(content)
    assert "before" not in str(Reader(content + later).get_object(IndirectObject(4, 0, None)))
    assert not differing(content + later)


def test_an_object_that_is_not_where_the_table_says_is_pypdfs_to_find() -> None:
    content = holding(b"<</A 1>>")
    table = content.rindex(b"xref\n", 0, content.rindex(b"startxref"))
    third, fourth = (content[table:].splitlines()[2 + number] for number in (3, 4))
    exchanged = third.join(fourth.join(part.split(third)) for part in content.split(fourth))
    for odd in (
        exchanged,
        content.replace(fourth, fourth.replace(b" n", b" f")),  # given up
        content.replace(b"4 0 obj", b"6 0 obj"),
        content.replace(b"4 0 obj", b"4 1 obj"),
        content.replace(b"4 0 obj", b" 4 0 ob"),
    ):
        assert odd != content
        assert not differing(odd)


def test_a_stream_of_less_than_nothing_is_pypdfs_to_mend() -> None:
    for size in range(1, 120):
        body = (
            b"<</Length 3>>\nstream\nabc\nendstream\nendobj\n5 0 obj\n<</Length -%d>>\nstream\nabc\nendstream" % size
        )
        content = holding(body)
        at = content.index(b"5 0 obj")
        assert not differing(content.replace(b"%010d" % content.rindex(b"5 0 obj"), b"%010d" % at))


def test_what_is_encrypted_is_pypdfs_to_decrypt() -> None:
    content = locked(holding(b"<</A(some text)>>"), user="")
    assert b"some text" not in content
    assert not differing(content)


def test_an_object_without_end_is_pypdfs_to_limit() -> None:
    assert is_built(holding(b"[%b]" % (b"1 " * 30_000)))
    assert not is_built(holding(b"[%b]" % (b"1 " * 40_000)))
