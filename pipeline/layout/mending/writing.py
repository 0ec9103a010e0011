"""Each kind of change written into the trees of a file."""

import copy
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Final

from lxml import etree

from pipeline.layout.applying import twips, w
from pipeline.layout.check.changes import Composed, Letters, RuleUnder, Setting, Sheet, Wording
from pipeline.layout.check.formatting import number
from pipeline.layout.check.word_document import Paragraph, WordDocument
from pipeline.layout.mending.cutting import XML_SPACE, Cuts, letters_of, split
from pipeline.layout.mending.ink import Ink
from pipeline.ooxml.package import Element

_SLOTS: Final = ("ascii", "hAnsi", "eastAsia", "cs")
_THEMES: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")
#: The same for letters of complex scripts, which Word asks about a few Vietnamese fonts.
_TWINS: Final = {"sz": "szCs", "b": "bCs", "i": "iCs"}
#: Marks that Vietnamese letters are put together with.
_MARKS: Final = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
#: The mean width of a letter, in sizes: bold capitals are wide.
_CAPITAL: Final = 0.72
_SMALL: Final = 0.48


def write_letters(ink: Ink, cuts: Cuts, change: Letters) -> None:
    """Another look of letters."""
    for run in change.runs:
        for piece in cuts.of(run):
            properties = ink.properties(piece, "rPr")
            for tag, value in change.values.items():
                if tag == "font":
                    fonts = dict.fromkeys(_SLOTS, value) | dict.fromkeys(_THEMES, "")
                    ink.set(properties, "rFonts", fonts)
                    continue
                ink.set(properties, tag, {"val": value})
                if tag in _TWINS:
                    ink.set(properties, _TWINS[tag], {"val": value})


def write_setting(ink: Ink, change: Setting) -> None:
    """Another setting of a paragraph; half of one has none of its own."""
    element = change.line.element
    if element is None or change.line.is_half:
        return
    properties = ink.properties(element, "pPr")
    for tag, values in _by_tag(change.values).items():
        ink.set(properties, tag, values)


def write_sheet(ink: Ink, whole: WordDocument, change: Sheet) -> None:
    """Other paper or margins of a section."""
    mark = whole.sections[change.section - 1].mark
    ink.touched(mark)
    for tag, values in _by_tag(change.values).items():
        ink.set(mark, tag, values)
        if tag == "pgSz" and "w" in values:
            is_wide = int(values["w"]) > int(values["h"])
            ink.set(mark, tag, {"orient": "landscape" if is_wide else ""})


def _by_tag(values: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name, value in values.items():
        tag, _, attribute = name.partition(".")
        found[tag][attribute] = value
    return found


def write_composed(cuts: Cuts, change: Composed) -> None:
    """Composed letters: they look as before, so nothing is tracked."""
    before: Element | None = None
    for text in (text for run in change.runs for piece in cuts.of(run) for text in piece.iter(w("t"))):
        letters = text.text or ""
        # a mark may stand in another run than its letter
        marks = letters[: len(letters) - len(letters.lstrip(_MARKS))]
        if marks and before is not None:
            before.text = unicodedata.normalize("NFC", (before.text or "") + marks)
            letters = letters[len(marks) :]
        text.text = unicodedata.normalize("NFC", letters)
        before = text


# --- words that stay, with other signs ---------------------------------------------------------------------------


def write_wording(ink: Ink, cuts: Cuts, change: Wording) -> None:
    """Other signs around the words of a line; each new sign takes the look of the letter before it."""
    pieces = [piece for run in change.line.runs for piece in cuts.of(run)]
    old = "".join(map(letters_of, pieces))
    if not pieces or old.strip() != change.line.stripped:
        return  # a field or a drawing stands among them: where its letters are is not known
    steps = SequenceMatcher(None, old, change.text, autojunk=False).get_opcodes()
    # from the end, so that the places of what comes before stay true
    for kind, start, end, first, last in reversed(steps):
        if kind != "equal":
            _replace(ink, pieces, start, end, change.text[first:last])


def _replace(ink: Ink, pieces: list[Element], start: int, end: int, text: str) -> None:
    first, last = _cut_at(pieces, start), _cut_at(pieces, end)
    if text:
        like = pieces[max(0, first - 1)]
        new = ink.insert(_run_like(like, text))
        if first:
            # behind a mark of an earlier change, if it stands in one
            _outer(like).addnext(new)
        else:
            _outer(like).addprevious(new)
    for piece in pieces[first:last]:
        ink.delete(piece)
    del pieces[first:last]


def _cut_at(pieces: list[Element], place: int) -> int:
    """Make a piece begin at a letter; gives its index."""
    begins = 0
    for index, piece in enumerate(pieces):
        length = len(letters_of(piece))
        if place == begins:
            return index
        if place < begins + length:
            pieces[index : index + 1] = split(piece, place - begins)
            return index + 1
        begins += length
    return len(pieces)


def _outer(run: Element) -> Element:
    parent = run.getparent()
    return parent if parent is not None and parent.tag in (w("ins"), w("del")) else run


def _run_like(like: Element, text: str) -> Element:
    run = etree.Element(w("r"))
    looks = like.find(w("rPr"))
    if looks is not None:
        run.append(copy.deepcopy(looks))
    holder = etree.SubElement(run, w("t"))
    holder.text = text
    holder.set(XML_SPACE, "preserve")
    return run


# --- rules ------------------------------------------------------------------------------------------------------


def write_rule(ink: Ink, whole: WordDocument, change: RuleUnder) -> None:
    """A paragraph with a border above it, as wide as the rule is long, under a line."""
    element = change.line.element
    if element is None or change.line.is_part or _is_rule(element.getnext()):
        return
    room = _room(whole, change.line, element)
    side = max(0, round((room - _width(change.line) * change.share) / 2))
    rule = etree.Element(w("p"))
    properties = etree.SubElement(rule, w("pPr"))
    border = etree.SubElement(etree.SubElement(properties, w("pBdr")), w("top"))
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        border.set(w(name), value)
    ink.set(properties, "spacing", {"before": "0", "after": "0", "line": "60", "lineRule": "exact"})
    ink.set(properties, "ind", {"left": str(side), "right": str(side), "firstLine": "0"})
    ink.set(properties, "jc", {"val": "center"})
    if ink.is_tracked:
        etree.SubElement(properties, w("rPr")).append(ink.marked("ins"))
    element.addnext(rule)


def _is_rule(element: Element | None) -> bool:
    """Whether a paragraph is a rule already: where the checker sees none all the same, a second one helps nobody."""
    return element is not None and element.find(f"{w('pPr')}/{w('pBdr')}") is not None


def _width(line: Paragraph) -> float:
    """About how wide the letters of a line are, in twips."""
    wide = sum(
        (_CAPITAL if char.isupper() else _SMALL) * run.format.size for run in line.runs for char in run.text.strip()
    )
    return wide * 20


def _room(whole: WordDocument, line: Paragraph, element: Element) -> float:
    """The width that a paragraph has, in twips."""
    cell = next(element.iterancestors(w("tc")), None)
    width = None if cell is None else cell.find(f"{w('tcPr')}/{w('tcW')}")
    if width is not None and width.get(w("type"), "dxa") == "dxa":
        return number(width.get(w("w"), ""), 0)
    mark = whole.sections[min(line.section, len(whole.sections) - 1)].mark
    size, margins = mark.find(w("pgSz")), mark.find(w("pgMar"))
    text: float = twips(165)
    if size is not None and margins is not None:
        sides = sum(number(margins.get(w(side), ""), 0) for side in ("left", "right"))
        text = number(size.get(w("w"), ""), 0) - sides
    return text / 2 if cell is not None else text
