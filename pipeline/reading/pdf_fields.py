"""The fields of a PDF form: their full names, what they hold, and their places on the pages (ISO 32000-1, 12.7).

A field may have several places ("widgets"); most have one, and then both are one dictionary. What a field has not it
has from the one above it, and some programs write a value to the place and not to the field.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
    create_string_object,
)

from pipeline.pdf import Pdf
from pipeline.pdf.shown import Box

_INHERITED: Final = ("/FT", "/V", "/Ff", "/Opt", "/RV")
_HIDDEN: Final = 2 | 32  # of an annotation: Hidden, NoView (12.5.3)
_DEEPEST: Final = 50  # levels of a field's name
# 7.9.2.2: the language of what follows stands in a text between two escapes ("vi", "viVN")
_LANGUAGE: Final = re.compile("\x1b[A-Za-z-]{2,8}\x1b")
_LETTERS: Final = re.compile(rb"[)>\]]\s*(?:Tj|TJ|['\"])")
_SHOWS: Final = re.compile(rb"\b(?:Tj|TJ|Do|BI)\b|[)>\]]\s*['\"]")


@dataclass(frozen=True)
class Widget:
    """One place of a field: its page (from 1, 0 when it lies on none), its box, and how it looks.

    `look` is None for a place that has no look of its own: viewers draw what the field holds. It tells whether the
    look shows anything. `state` is the look a box to tick has on, "" for other fields.
    """

    page: int
    box: Box
    is_hidden: bool
    look: bool | None
    state: str = ""

    @property
    def is_seen(self) -> bool:
        """Whether people see this place."""
        left, bottom, right, top = self.box
        return self.page > 0 and not self.is_hidden and right - left >= 1 and top - bottom >= 1


@dataclass(frozen=True)
class PdfField:
    """A field with its name in full.

    `values` are the different ones that the field and its places hold, one as a rule; `rich` is its text with styles
    as XHTML, which viewers show in its place, and `options` what is shown for each code of a list to choose from.
    """

    name: str
    kind: str
    label: str
    flags: int
    values: tuple[str, ...]
    rich: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    widgets: tuple[Widget, ...] = ()

    @property
    def page(self) -> int:
        """The first page it lies on, from 1."""
        return min((widget.page for widget in self.widgets if widget.page), default=1)


def text_of(value: object) -> str:
    """A text of a PDF, given as a string, as a stream (12.7.4.3, table 228) or as a list of lines."""
    value = value.get_object() if isinstance(value, PdfObject) else value
    if value is None or isinstance(value, NullObject):
        return ""
    if isinstance(value, ArrayObject):
        return "\n".join(text_of(item) for item in list.__iter__(value))
    if isinstance(value, StreamObject):
        value = _decoded(value.get_data())
    elif isinstance(value, ByteStringObject):
        value = _decoded(bytes(value))
    text = str(value)
    if "\x1b" in text:
        text = _LANGUAGE.sub("", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _decoded(data: bytes) -> str:
    """Letters as PDF knows them: UTF-16 or UTF-8 with their mark at the beginning, else PDFDocEncoding."""
    # programs that forget the mark write UTF-8; a text of the other encoding is hardly ever one of UTF-8, too
    try:
        if not data.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE, b"\0")):
            return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    made = create_string_object(data)
    return made if isinstance(made, str) else data.decode("latin-1")


def fields_of(pdf: Pdf) -> list[PdfField]:
    """The fields that end a branch of the tree, in its order, but those for signatures."""
    tree = _Tree(pdf)
    return list(tree.fields())


class _Tree:
    """The tree of fields, and the pages its places lie on."""

    def __init__(self, pdf: Pdf) -> None:
        root = dictionary_at(pdf.reader.trailer, "/Root")
        self.top = array_at(dictionary_at(root, "/AcroForm"), "/Fields")
        self.layers_off = layers_off(root)
        self.room: dict[int, Box] = {}
        self.page_of: dict[int, int] = {}
        self.on_pages: list[PdfObject] = []
        for number, page in enumerate(pdf.pages, start=1):
            self.room[number] = room_of(page)
            if page.indirect_reference is not None:
                self.page_of[page.indirect_reference.idnum] = number
            for annotation in array_at(page, "/Annots"):
                if isinstance(annotation, IndirectObject):
                    self.page_of.setdefault(annotation.idnum, number)
                self.on_pages.append(annotation)
        self.seen: set[int] = set()
        self.shows: dict[tuple[bytes, str, str], bool] = {}

    def fields(self) -> Iterator[PdfField]:
        """Every field of the tree, then those on the pages that a program left out of it as it put pages together."""
        for top in self.top:
            yield from self._below(top)
        # without any tree it is no form any more, whatever is left of its fields: what they show can be years old
        for annotation in self.on_pages if self.top else ():
            found = annotation.get_object()
            if isinstance(found, DictionaryObject) and found.get("/Subtype") == "/Widget":
                yield from self._below(_root_of(annotation))

    def _below(self, top: PdfObject) -> Iterator[PdfField]:
        waiting: list[tuple[PdfObject, str, Mapping[str, PdfObject]]] = [(top, "", {})]
        while waiting:
            reference, prefix, above = waiting.pop()
            found = reference.get_object()
            if not isinstance(found, DictionaryObject) or self._was_seen(reference):
                continue
            name = ".".join(part for part in (prefix, text_of(found.get("/T"))) if part)
            own = {**above, **{key: found.raw_get(key) for key in _INHERITED if key in found}}
            kids = array_at(found, "/Kids")
            # kids with a name are fields of their own, those without are places of this one on the pages
            below = [kid for kid in kids if "/T" in (kid.get_object() or {})]  # type: ignore[operator]
            waiting.extend((kid, name, own) for kid in reversed(below))
            if not below and name and own.get("/FT") != "/Sig":
                yield self._field(name, own, reference, kids)

    def _was_seen(self, reference: object) -> bool:
        """Note a field; a ring of fields ends where it began."""
        if not isinstance(reference, IndirectObject):
            return False
        was_seen = reference.idnum in self.seen
        self.seen.add(reference.idnum)
        return was_seen

    def _field(
        self, name: str, own: Mapping[str, PdfObject], reference: PdfObject, kids: Sequence[PdfObject]
    ) -> PdfField:
        found = _as_dictionary(reference)
        places = [(kid, _as_dictionary(kid)) for kid in kids] or [(reference, found)]
        for kid in kids:
            self._was_seen(kid)
        # a value at the place counts where the field has none, and is told where it has another
        written = [own.get("/V"), *(place.get("/V") for _, place in places)]
        values = dict.fromkeys(filter(None, map(text_of, written)))
        return PdfField(
            name,
            str(own.get("/FT", "")),
            text_of(found.get("/TU")) or next(filter(None, (text_of(place.get("/TU")) for _, place in places)), ""),
            _number(own.get("/Ff")),
            tuple(values),
            text_of(own.get("/RV")),
            dict(_options(own.get("/Opt"))),
            tuple(
                self._widget((kid, reference, place.raw_get("/P") if "/P" in place else None), place)
                for kid, place in places
            ),
        )

    def _widget(self, references: Iterable[object], place: DictionaryObject) -> Widget:
        """A place, on the page that names it or its field, or that it names itself."""
        numbers = [one.idnum for one in references if isinstance(one, IndirectObject)]
        number = next(filter(None, (self.page_of.get(one, 0) for one in numbers)), 0)
        state = place.get("/AS")
        box = box_of(place)
        is_out = number > 0 and is_outside(box, self.room[number])
        is_gone = bool(flags_of(place) & _HIDDEN) or is_out or is_off(place, self.layers_off)
        return Widget(number, box, is_gone, self._look(place), str(state or ""))

    def _look(self, place: DictionaryObject) -> bool | None:
        """Whether the look of a place shows anything; None when it has no look."""
        look = dictionary_at(place, "/AP").get("/N")
        look = look.get_object() if look is not None else None
        if not isinstance(look, StreamObject):
            return None
        # fields of one size that are empty, or hold the same, have the same look
        packed = (look._data, str(look.get("/Filter")), str(look.get("/DecodeParms")))
        if packed not in self.shows:
            self.shows[packed] = _SHOWS.search(look.get_data()) is not None
        return self.shows[packed]


def room_of(page: DictionaryObject) -> Box:
    """The part of a page that is shown: its own or inherited crop box, or else its media box (14.11.2)."""
    for key in ("/CropBox", "/MediaBox"):
        holder: DictionaryObject | None = page
        for _ in range(_DEEPEST):
            if holder is None:
                break
            if key in holder:
                return box_of(DictionaryObject({NameObject("/Rect"): holder.raw_get(key)}))
            above = holder.get("/Parent")
            above = above.get_object() if above is not None else None
            holder = above if isinstance(above, DictionaryObject) else None
    return 0.0, 0.0, 0.0, 0.0


def is_outside(box: Box, room: Box) -> bool:
    """Whether nothing of a box is within the part of its page that is shown."""
    if room[2] - room[0] < 1:
        return False
    return box[2] <= room[0] or box[0] >= room[2] or box[3] <= room[1] or box[1] >= room[3]


def layers_off(root: DictionaryObject) -> frozenset[int]:
    """The layers (optional content, 8.11) that are not shown when the file is opened, by their numbers."""
    layers = dictionary_at(root, "/OCProperties")
    usual = dictionary_at(layers, "/D")

    def numbers(holder: DictionaryObject, key: str) -> set[int]:
        return {one.idnum for one in array_at(holder, key) if isinstance(one, IndirectObject)}

    off = numbers(layers, "/OCGs") if usual.get("/BaseState") == "/OFF" else set()
    return frozenset((off - numbers(usual, "/ON")) | numbers(usual, "/OFF"))


def is_off(annotation: DictionaryObject, off: frozenset[int]) -> bool:
    """Whether an annotation lies on layers none of which is shown."""
    if not off or "/OC" not in annotation:
        return False
    reference = annotation.raw_get("/OC")
    found = _as_dictionary(reference)
    if found.get("/Type") != "/OCMD":
        return isinstance(reference, IndirectObject) and reference.idnum in off
    several: list[PdfObject] = array_at(found, "/OCGs") or ([found.raw_get("/OCGs")] if "/OCGs" in found else [])
    numbers = [one.idnum for one in several if isinstance(one, IndirectObject)]
    return bool(numbers) and all(number in off for number in numbers)


def shows_letters(annotation: DictionaryObject) -> bool:
    """Whether the look of an annotation has letters of its own, however deep in forms."""
    waiting, seen = [dictionary_at(annotation, "/AP").get("/N")], 0
    while waiting and seen < _DEEPEST:
        look = waiting.pop()
        look = look.get_object() if look is not None else None
        seen += 1
        if isinstance(look, StreamObject):
            if _LETTERS.search(look.get_data()):
                return True
            waiting += dictionary_at(dictionary_at(look, "/Resources"), "/XObject").values()
    return False


def flags_of(annotation: DictionaryObject) -> int:
    """The flags of an annotation."""
    return _number(annotation.get("/F"))


def _number(value: object) -> int:
    value = value.get_object() if isinstance(value, PdfObject) else value
    return int(value) if isinstance(value, int) else 0


def is_hidden(annotation: DictionaryObject) -> bool:
    """Whether an annotation is kept off the screen."""
    return bool(flags_of(annotation) & _HIDDEN)


def box_of(annotation: DictionaryObject) -> Box:
    """The box of an annotation, all 0 when it has none."""
    corners = [edge.get_object() for edge in array_at(annotation, "/Rect")]
    if len(corners) != 4 or not all(isinstance(edge, int | float) for edge in corners):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = (float(edge) for edge in corners)  # type: ignore[arg-type]
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def dictionary_at(holder: DictionaryObject, key: str) -> DictionaryObject:
    """The dictionary at a key, an empty one when there is none."""
    found = holder.get(key)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def array_at(holder: DictionaryObject, key: str) -> list[PdfObject]:
    """The members of an array, references unresolved."""
    found = holder.get(key)
    found = found.get_object() if found is not None else None
    return list(list.__iter__(found)) if isinstance(found, ArrayObject) else []


def _as_dictionary(thing: PdfObject) -> DictionaryObject:
    found = thing.get_object()
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _root_of(reference: PdfObject) -> PdfObject:
    """The field at the top of the branch that a place hangs on."""
    for _ in range(_DEEPEST):
        above = _as_dictionary(reference)
        if "/Parent" not in above:
            break
        reference = above.raw_get("/Parent")
    return reference


def _options(found: PdfObject | None) -> Iterator[tuple[str, str]]:
    found = found.get_object() if found is not None else None
    for option in list.__iter__(found) if isinstance(found, ArrayObject) else ():
        pair = option.get_object()
        if isinstance(pair, ArrayObject) and len(pair) == 2:
            yield text_of(pair[0]), text_of(pair[1])
