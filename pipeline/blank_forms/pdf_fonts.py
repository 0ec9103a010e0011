"""The letters of our PDF forms (`pipeline.pdf.serif`), as text is measured in them and as fields have them.

The regular cut goes whole into every form, so that what people type can be shown in it; the others as far as they are
used.
"""

import functools
from collections.abc import Mapping
from typing import Final

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    TextStringObject,
)
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFontFile

from pipeline.pdf.serif import FILES, FOLDER, REGULAR

#: What Vietnamese forms are written with: Latin with all its marks, punctuation, signs.
_TYPED: Final = (range(0x20, 0x250), range(0x300, 0x370), range(0x1E00, 0x1F00), range(0x2000, 0x2300))
_CHARACTERS_AT_ONCE: Final = 100  # the most that one list of a /ToUnicode may have
_TO_UNICODE: Final = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{characters}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


def lines_of(text: str, size: float, width: float) -> list[str]:
    """The lines that a text takes in a width, in points."""
    return [piece for line in text.split("\n") for piece in simpleSplit(line, REGULAR, size, width) or [""]]


def width_of(text: str, size: float) -> float:
    """How wide a text is, in points."""
    return float(pdfmetrics.stringWidth(text, REGULAR, size))


def encoded(text: str) -> str:
    """A text as the hexadecimal codes of the font in a form; letters it lacks are left out."""
    glyphs = _regular().charToGlyph
    return "".join(f"{glyphs[ord(letter)]:04X}" for letter in text if ord(letter) in glyphs)


def embedded(writer: PdfWriter) -> IndirectObject:
    """The whole regular cut as a font of a PDF, for fields that are yet to be filled in."""
    face = _regular()
    name = NameObject(f"/{FILES[REGULAR].removesuffix('.ttf').replace('-Regular', '')}")
    descriptor = writer._add_object(_descriptor(writer, face, name))
    system = {"/Registry": TextStringObject("Adobe"), "/Ordering": TextStringObject("Identity")}
    inner = dictionary(
        {
            "/Type": NameObject("/Font"),
            "/Subtype": NameObject("/CIDFontType2"),
            "/BaseFont": name,
            "/CIDSystemInfo": dictionary({**system, "/Supplement": NumberObject(0)}),
            "/CIDToGIDMap": NameObject("/Identity"),
            "/DW": NumberObject(round(face.defaultWidth)),
            "/W": _widths(face),
            "/FontDescriptor": descriptor,
        }
    )
    return writer._add_object(
        dictionary(
            {
                "/Type": NameObject("/Font"),
                "/Subtype": NameObject("/Type0"),
                "/BaseFont": name,
                "/Encoding": NameObject("/Identity-H"),
                "/DescendantFonts": ArrayObject([writer._add_object(inner)]),
                "/ToUnicode": writer._add_object(_stream(_to_unicode(face).encode())),
            }
        )
    )


@functools.cache
def _regular() -> TTFontFile:
    return TTFontFile(str(FOLDER / FILES[REGULAR]))


def _descriptor(writer: PdfWriter, face: TTFontFile, name: NameObject) -> DictionaryObject:
    content = (FOLDER / FILES[REGULAR]).read_bytes()
    file = _stream(content)
    # a TrueType font file must say its full length
    file[NameObject("/Length1")] = NumberObject(len(content))
    numbers = {
        "/Flags": 32,  # not a font of symbols
        "/ItalicAngle": 0,
        "/Ascent": round(face.ascent),
        "/Descent": round(face.descent),
        "/CapHeight": round(face.capHeight),
        "/StemV": 80,
    }
    return dictionary(
        {
            "/Type": NameObject("/FontDescriptor"),
            "/FontName": name,
            **{key: NumberObject(number) for key, number in numbers.items()},
            "/FontBBox": ArrayObject([NumberObject(round(edge)) for edge in face.bbox]),
            "/FontFile2": writer._add_object(file),
        }
    )


def _typed(face: TTFontFile) -> list[tuple[int, int]]:
    """Characters that people may type, with their glyphs, in order."""
    return [(code, face.charToGlyph[code]) for codes in _TYPED for code in codes if code in face.charToGlyph]


def _widths(face: TTFontFile) -> ArrayObject:
    by_glyph = {glyph: face.charWidths.get(code, face.defaultWidth) for code, glyph in _typed(face)}
    widths = ArrayObject()
    for glyph in sorted(by_glyph):
        widths.append(NumberObject(glyph))
        widths.append(ArrayObject([NumberObject(round(by_glyph[glyph]))]))
    return widths


def _to_unicode(face: TTFontFile) -> str:
    codes: dict[int, int] = {}
    for code, glyph in _typed(face):
        # several characters may share a glyph: the first is what is copied out of the form
        codes.setdefault(glyph, code)
    pairs = [
        f"<{glyph:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for glyph, code in sorted(codes.items())
    ]
    lists = [pairs[at : at + _CHARACTERS_AT_ONCE] for at in range(0, len(pairs), _CHARACTERS_AT_ONCE)]
    characters = "\n".join("\n".join((f"{len(one)} beginbfchar", *one, "endbfchar")) for one in lists)
    return _TO_UNICODE.format(characters=characters)


def dictionary(entries: Mapping[str, object]) -> DictionaryObject:
    """A dictionary of a PDF, its keys as names."""
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def _stream(content: bytes) -> DictionaryObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream.flate_encode()
