"""What the runs of a Word document show: text, signs, ticks, chosen entries, equations; and what is seen, not read.

The children that a run may have are those of ECMA-376, 17.3.3. Each is read as people see it, or told: nothing that
is printed is passed over in silence.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from pipeline.files.refusals import refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Message, Place, Severity
from pipeline.ooxml.word_fields import Fields, W
from pipeline.ooxml.word_looks import Look, Looks, is_unseen
from pipeline.ooxml.word_text import DRAWINGS, TURNS, shown, text_of
from pipeline.reading.controls import is_box_otherwise, is_day_in_two_ways, is_typed_over
from pipeline.reading.equations import every_letter, linear, raised
from pipeline.reading.fields import computes, has_no_result, is_frozen, shows_itself, sign_of, words_of
from pipeline.reading.fonts import struck_out

_R_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_SHOWN: Final = 60
_FEWEST_LETTERS: Final = 2
_NOTES: Final = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
#: Days and numbers of pages of the oldest kind, which Word makes itself (17.3.3).
_MADE: Final = frozenset(
    {f"{W}pgNum"} | {f"{W}{part}{length}" for part in ("day", "month", "year") for length in ("Short", "Long")}
)
#: Pictures, embedded objects, and what was drawn with a pen.
_PICTURES: Final = ("{*}blip", "{*}imagedata", "{*}contentPart", "{*}OLEObject", "{*}control")

Element = etree._Element
Piece = tuple[str, str]  #: text, and its font


@dataclass
class Runs:
    """Goes from run to run of one story.

    `told` are findings about what was met, each with its place; `drawn` are text boxes, to be read by themselves.
    `text_elsewhere` gives the text of what a drawing or note refers to: a chart, a diagram, a footnote; `bound` what
    Word puts into a content control, None where it puts nothing.
    """

    looks: Looks
    text_elsewhere: Callable[[str, str], str]
    fields: Fields
    bound: Callable[[Element], str | None] = lambda _: None
    told: list[Finding] = field(default_factory=list)
    drawn: list[Element] = field(default_factory=list)
    hidden: Place | None = None
    pictured: list[Finding] = field(
        default_factory=list
    )  #: pictures: told where they stand in a value, as logos do not
    unread_texts: list[str] = field(default_factory=list)  #: what was not read, for the secrecy gate

    def pieces(self, run: Element, paragraph: Look, place: Place) -> Iterator[Piece]:
        """What a run shows, in order."""
        look = self.looks.of_run(run, paragraph)
        if is_unseen(run, look, self.looks):
            self.hidden = self.hidden or (place if _says_something(run) else None)
            self.unread_texts.append(_typed(run))
        elif look.is_struck and _says_something(run):
            self.told.append(struck_out(_typed(run), place))
            self.unread_texts.append(_typed(run))
        else:
            for child in shown(run, self.fields):
                yield from self._shown(child, look, place)

    def equation(self, element: Element, look: Look, place: Place) -> Iterator[Piece]:
        """An equation between the runs of a paragraph."""
        text = linear(element)
        if text is not None:
            yield from look.in_fonts(text)
        else:
            letters = every_letter(element)
            self.unread_texts.append(letters)
            self._unread(say("an equation: “{text}”", text=letters[:_SHOWN] or "…"), place)

    def note_field(self, mark: Element, place: Place) -> None:
        """Tell of a field that begins here, when it computes what it prints or prints its own instruction."""
        begun = self.fields.begun_by(mark)
        if begun is None:
            return
        if shows_itself(begun.name) and not begun.shown and self._sign_of(mark) is None:
            self._unread(say("a field of Word: “{text}”", text=words_of(begun.instruction)[:_SHOWN] or "…"), place)
        if has_no_result(begun.shown):
            self._unread(say("a field of Word: “{text}”", text=begun.shown.strip()[:_SHOWN]), place)
        if not computes(begun.instruction) and not begun.fills_itself:
            return
        message = say("The text here is made by Word itself and may change; it was read as it stands in the file.")
        mend = say("Type the value itself in the place of the field.")
        # one frozen was seen to be what was stored; any other may be made anew by whoever converted the file, and
        # one that stores nothing prints a day all the same
        if is_frozen(begun.instruction) and begun.has_result:
            self.told.append(warning("text.stored", message, mend, place=place))
        else:
            self.told.append(warning("text.computed", message, mend, place=place))

    def note_control(self, control: Element, text: str, place: Place) -> None:
        """Tell of a content control in which Word shows, or keeps, something else than what is stored in it."""
        shown_there = self.bound(control)
        if shown_there is not None and " ".join(shown_there.split()) != " ".join(text.split()):
            self.unread_texts.append(shown_there)
            what = say("a control that Word fills in with “{text}”", text=shown_there.strip()[:_SHOWN])
            self._unread(what, place)
        if is_typed_over(control, text):
            self.unread_texts.append(text)
            self._unread(say("a control that calls itself empty: “{text}”", text=text.strip()[:_SHOWN]), place)
        elif is_box_otherwise(control, text):
            self._unread(say("a box that looks otherwise than it is kept: “{text}”", text=text.strip()), place)
        elif is_day_in_two_ways(control, text):
            self._unread(
                say("a day whose figures the file itself reads otherwise: “{text}”", text=text.strip()), place
            )

    def note_label(self, text: str, place: Place) -> None:
        """Tell of what a list prints before a paragraph and is more than a number or dash."""
        self.unread_texts.append(text)
        self._unread(say("what the list puts before the line: “{text}”", text=text[:_SHOWN]), place)

    def note_turn(self, turn: Element, place: Place) -> None:
        """Tell of letters that are made to run from the right: "59" is seen as 95 (17.3.2.3)."""
        if (
            turn.tag in TURNS
            and turn.get(f"{W}val") == "rtl"
            and (text := "".join(map(str, turn.itertext())).strip())
        ):
            self._unread(say("text turned to run from the right: “{text}”", text=text[:_SHOWN]), place)

    def sign_of(self, mark: Element) -> Iterator[Piece]:
        """The sign that a field stands for which begins here (SYMBOL), with its font."""
        sign = self._sign_of(mark)
        if sign is not None:
            yield sign

    def _sign_of(self, mark: Element) -> Piece | None:
        begun = self.fields.begun_by(mark)
        return sign_of(begun.instruction) if begun is not None and not begun.shown else None

    def _shown(self, child: Element, look: Look, place: Place) -> Iterator[Piece]:
        if child.tag == f"{W}sym":
            yield _sign(child)
        elif child.tag == f"{W}ruby":
            for run in child.iterfind(f"{W}rubyBase/{W}r"):
                yield from self.pieces(run, look, place)
        elif child.tag in _NOTES:
            self._unread_text(_NOTES[str(child.tag)], child.get(f"{W}id", ""), place)
        elif child.tag in DRAWINGS:
            self._drawing(child, place)
        elif child.tag in _MADE:
            self._unread(say("a day or number that Word makes itself"), place)
        else:
            self.note_field(child, place)
            yield from self.sign_of(child)
            if text := text_of(child, self.fields):
                yield from look.in_fonts(self._at_height(text, look, place))

    def _at_height(self, text: str, look: Look, place: Place) -> str:
        """Figures above or below the line as such: 10⁶ is not 106. Letters there ("N°") read as they stand."""
        if not look.raised:
            return text
        written = raised(text.strip(), look.raised)
        if written is not None:
            return text.replace(text.strip(), written)
        if any(letter.isdigit() for letter in text):
            self._unread(say("figures above or below the line: “{text}”", text=text.strip()[:_SHOWN]), place)
        return text

    def _drawing(self, drawing: Element, place: Place) -> None:
        for box in drawing.iter(f"{W}txbxContent"):
            self.drawn.append(box)
            text = " ".join(" ".join(filter(None, (one.text for one in box.iter(f"{W}t")))).split())
            # of lines of the form such as these nobody would be told: they look like numbers of pages
            if text and sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
                self._unread(say("a text box: “{text}”", text=text[:_SHOWN]), place)
        for path in drawing.iter("{urn:schemas-microsoft-com:vml}textpath"):
            self.unread_texts.append(text := path.get("string", ""))
            self._unread(say("a drawing or chart: “{text}”", text=text[:_SHOWN]), place)
        if next(drawing.iter(*_PICTURES), None) is not None:
            self.pictured.append(replace(_unread_here(say("a picture"), place), severity=Severity.WARN))
        for part in drawing.iter("{*}relIds", "{*}chart"):  # a diagram (SmartArt), a chart
            for name in ("dm", "id"):
                if (relation := part.get(f"{_R_ID}{name}")) is not None:
                    self._unread_text("drawing", relation, place)

    def _unread_text(self, holder: str, key: str, place: Place) -> None:
        text = self.text_elsewhere(holder, key)
        if not text:
            return
        self.unread_texts.append(text)
        if holder == "drawing":
            self._unread(say("a drawing or chart: “{text}”", text=text[:_SHOWN]), place)
        else:
            self._unread(say("a note: “{text}”", text=text[:_SHOWN]), place)

    def _unread(self, what: Message, place: Place) -> None:
        self.told.append(_unread_here(what, place))


def _unread_here(what: Message, place: Place) -> Finding:
    return refusal(
        "text.unread",
        say("Something that is printed here could not be read: {what}.", what=what),
        say("Type it as ordinary text in its place."),
        place=place,
    )


def _typed(run: Element) -> str:
    return "".join(text.text or "" for text in run.iter(f"{W}t"))


def _says_something(run: Element) -> bool:
    return bool(_typed(run).strip()) or run.find(f"{W}sym") is not None


def _sign(sign: Element) -> Piece:
    """A sign chosen from a font's table (17.3.3.30); `fonts` knows which it is, and tells when it does not."""
    font, code = sign.get(f"{W}font", ""), sign.get(f"{W}char", "")
    try:
        return chr(int(code, 16)), font
    except (ValueError, OverflowError):
        return "\ufffd", font
