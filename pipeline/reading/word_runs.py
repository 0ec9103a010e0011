"""What the runs of a Word document show: text, signs, ticks, chosen entries, equations; and what is seen, not read.

The children that a run may have are those of ECMA-376, 17.3.3. Each is read as people see it, or told: nothing that
is printed is passed over in silence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from pipeline.files.refusals import refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Message, Place
from pipeline.reading.equations import every_letter, linear
from pipeline.reading.fields import computes, is_frozen
from pipeline.reading.fonts import struck_out
from pipeline.reading.word_looks import Look, Looks, is_unseen

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_R_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHOWN: Final = 60
_BREAKS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES: Final = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}

Element = etree._Element
Piece = tuple[str, str]  #: text, and its font


@dataclass
class _Field:
    """A field under way: its instruction first, then the result that was stored."""

    is_instruction: bool = True
    is_form: bool = False  #: a tick or a chosen entry of an old form, said where it begins
    instruction: str = ""


@dataclass
class Runs:
    """Goes from run to run of one story; fields reach over runs and paragraphs.

    `told` are findings about what was met, each with its place; `drawn` are text boxes, to be read by themselves.
    `text_of` gives the text of what a drawing or note refers to: a chart, a diagram, a footnote.
    """

    looks: Looks
    text_of: Callable[[str, str], str]
    matched: frozenset[Element]  #: the beginnings of fields that have an end
    told: list[Finding] = field(default_factory=list)
    drawn: list[Element] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    hidden: Place | None = None
    unread_texts: list[str] = field(default_factory=list)  #: what was not read, for the secrecy gate

    def pieces(self, run: Element, paragraph: Look, place: Place) -> Iterator[Piece]:
        """What a run shows, in order."""
        look = self.looks.of_run(run, paragraph)
        if is_unseen(run, look, self.looks):
            self.hidden = self.hidden or (place if _says_something(run) else None)
            self._pass_over(run)
            return
        if look.is_struck and _says_something(run):
            self.told.append(struck_out("".join(text.text or "" for text in run.iter(f"{_W}t")), place))
            self._pass_over(run)
            return
        for child in run:
            yield from self._child(child, look, place)

    def equation(self, element: Element, look: Look, place: Place) -> Iterator[Piece]:
        """An equation between the runs of a paragraph."""
        text = linear(element)
        if text is not None:
            yield text, look.font
        elif letters := every_letter(element):
            self.unread_texts.append(letters)
            self._unread(say("an equation: “{text}”", text=letters[:_SHOWN]), place)

    def _child(self, child: Element, look: Look, place: Place) -> Iterator[Piece]:
        name = str(child.tag).removeprefix(_W)
        if name == "fldChar":
            yield from self._field_sign(child, look, place)
        elif name == "instrText":
            if self.fields:
                self.fields[-1].instruction += child.text or ""
        elif not any(one.is_instruction or one.is_form for one in self.fields):
            # the parts of an instruction, fields within it too, are not shown
            yield from self._shown(child, name, look, place)

    def _shown(self, child: Element, name: str, look: Look, place: Place) -> Iterator[Piece]:
        if name == "t":
            yield child.text or "", look.font
        elif name in _BREAKS:
            yield _BREAKS[name], look.font
        elif name == "sym":
            yield _sign(child)
        elif name == "ruby":
            for run in child.iterfind(f"{_W}rubyBase/{_W}r"):
                yield from self.pieces(run, look, place)
        elif name in _NOTES:
            self._unread_text(_NOTES[name], child.get(f"{_W}id", ""), place)
        elif name in {"drawing", "pict", "object"} or child.tag == f"{_MC}AlternateContent":
            self._drawing(child, place)

    def _field_sign(self, sign: Element, look: Look, place: Place) -> Iterator[Piece]:
        kind = sign.get(f"{_W}fldCharType")
        if kind == "begin":
            if sign in self.matched:
                form = _of_old_form(sign)
                self.fields.append(_Field(is_form=form is not None))
                if form and not any(one.is_instruction for one in self.fields[:-1]):
                    yield form, look.font
        elif kind == "separate" and self.fields:
            self.fields[-1].is_instruction = False
            if computes(self.fields[-1].instruction):
                self._computed(place, is_frozen=is_frozen(self.fields[-1].instruction))
        elif kind == "end" and self.fields:
            ended = self.fields.pop()
            if ended.is_instruction and computes(ended.instruction):  # nothing is stored, and yet Word prints a day
                self._computed(place, is_frozen=False)

    def _pass_over(self, run: Element) -> None:
        """A run that is not read: the gate sees it, and fields begin and end in it, too."""
        self.unread_texts.append("".join(text.text or "" for text in run.iter(f"{_W}t")))
        for sign in run.iterchildren(f"{_W}fldChar", f"{_W}instrText"):
            for _ in self._child(sign, Look(), Place()):
                pass

    def _drawing(self, drawing: Element, place: Place) -> None:
        drawn = drawing[0] if drawing.tag == f"{_MC}AlternateContent" and len(drawing) else drawing
        self.drawn.extend(drawn.iter(f"{_W}txbxContent"))
        for part in drawn.iter("{*}relIds", "{*}chart"):  # a diagram (SmartArt), a chart
            for name in ("dm", "id"):
                if (relation := part.get(f"{_R_ID}{name}")) is not None:
                    self._unread_text("drawing", relation, place)

    def _unread_text(self, holder: str, key: str, place: Place) -> None:
        text = self.text_of(holder, key)
        if not text:
            return
        self.unread_texts.append(text)
        if holder == "drawing":
            self._unread(say("a drawing or chart: “{text}”", text=text[:_SHOWN]), place)
        else:
            self._unread(say("a note: “{text}”", text=text[:_SHOWN]), place)

    def _unread(self, what: Message, place: Place) -> None:
        self.told.append(
            refusal(
                "text.unread",
                say("Something that is printed here could not be read: {what}.", what=what),
                say("Type it as ordinary text in its place."),
                place=place,
            )
        )

    def _computed(self, place: Place, *, is_frozen: bool) -> None:
        message = say("The text here is made by Word itself and may change; it was read as it stands in the file.")
        mend = say("Type the value itself in the place of the field.")
        if is_frozen:  # seen to be what was stored; of any other, whoever converted the file may have made it anew
            self.told.append(warning("text.stored", message, mend, place=place))
        else:
            self.told.append(warning("text.computed", message, mend, place=place))


def matched_fields(body: Element) -> frozenset[Element]:
    """The beginnings of fields that end somewhere: one without an end would swallow all text after it."""
    open_, matched = list[Element](), set[Element]()
    for sign in body.iter(f"{_W}fldChar"):
        kind = sign.get(f"{_W}fldCharType")
        if kind == "begin":
            open_.append(sign)
        elif kind == "end" and open_:
            matched.add(open_.pop())
    return frozenset(matched)


def _sign(sign: Element) -> Piece:
    """A sign chosen from a font's table (17.3.3.30); `fonts` knows which it is, and tells when it does not."""
    font, code = sign.get(f"{_W}font", ""), sign.get(f"{_W}char", "")
    try:
        return chr(int(code, 16)), font
    except (ValueError, OverflowError):
        return "\ufffd", font


def _of_old_form(begin: Element) -> str | None:
    """What a tick box or list of the old kind shows (ECMA-376, 17.16.6–28); None for any other field."""
    box = begin.find(f"{_W}ffData/{_W}checkBox")
    if box is not None:
        own, usual = box.find(f"{_W}checked"), box.find(f"{_W}default")
        said = own if own is not None else usual
        return "☒" if said is not None and said.get(f"{_W}val", "1") not in {"0", "false", "off"} else "☐"
    choice = begin.find(f"{_W}ffData/{_W}ddList")
    if choice is None:
        return None
    entries = [entry.get(f"{_W}val", "") for entry in choice.iterfind(f"{_W}listEntry")]
    said = next((one for name in ("result", "default") if (one := choice.find(f"{_W}{name}")) is not None), None)
    text = said.get(f"{_W}val", "0") if said is not None else "0"
    return entries[int(text)] if text.isascii() and text.isdigit() and int(text) < len(entries) else ""


def _says_something(run: Element) -> bool:
    return any((text.text or "").strip() for text in run.iter(f"{_W}t")) or run.find(f"{_W}sym") is not None
