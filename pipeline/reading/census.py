"""What of a form's text was used for nothing: no value, no label, none of the lines that the form itself prints.

Nobody reads it but who wrote it, so it is told (decision 0020). Of a form written freely, the short lines above its
title and from its signatures on are the paper's and not the form's; of these only sentences below are told.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from pipeline.messages import say
from pipeline.model import Finding, Place, Severity
from pipeline.reading import kinds
from pipeline.reading.context import KindForm, ReadingContext
from pipeline.reading.found import Found
from pipeline.reading.raw import Cell, Line, RawForm
from pipeline.reading.values import is_empty
from pipeline.vietnamese import clean, search_key, shortened

_WORD: Final = re.compile(r"\w+")
_BELOW_TITLE: Final = 3  # lines: the title itself, and what it is about
_LONGEST_OF_PAPER: Final = 90  # letters of a line of a letterhead, of a list of recipients
_NAMED, _SHOWN = 3, 60  # lines that are named, and letters of each
#: What begins the end of an official paper: recipients, "on behalf of", the signer's office, where to sign.
_CLOSING: Final = re.compile(
    r"nơi nhận|(?:tm|kt|tl|tuq|q)\s*\.|thủ trưởng|đại diện|người (?:lập|ký|đăng ký|báo cáo)|\(?ký(?:,| tên| và| ghi)",
    re.IGNORECASE,
)
#: Words of a sentence, which neither a name, a title, a date, a list of recipients nor a place to sign has.
_SENTENCE_WORD: Final = (
    "(?:chưa|sẽ|đã|xin|nếu|vì|còn|được|bị|do|nên|nhưng|đề nghị|bổ sung|điều chỉnh|ghi chú|lưu ý"
    "|không (?:có|được|còn|phải|thể|kịp|đủ|đồng ý))"
)
#: Small inside a line: capitals there are of a name.
_OF_A_SENTENCE: Final = re.compile(rf"(?:^(?i:{_SENTENCE_WORD})|(?<=\s){_SENTENCE_WORD})(?=[\s,.;:]|$)")
_NO_REMARK: Final = re.compile(r"\s*[-–—•+*(\[]|.*\bngày\b.*\btháng\b", re.IGNORECASE)
_SHORTEST_REMARK: Final = 4  # words
#: Numbers, a single letter, the number of a page, the version of a form (behind its kind at the foot of every page).
_OF_ITSELF: Final = re.compile(
    r"[\W\d_]*|[\W_]*\w[\W_]*|(?:trang|page)[\W\d_]*(?:of|tren|/)?[\W\d_]*|\s*[0-9a-f]{8}\s*"
)


def unused(raw: RawForm, found: Found, context: ReadingContext) -> list[Finding]:
    """What nothing was made of: one finding about columns that the form does not have, one about every other text."""
    told = []
    if cells := found.unused:
        some, count = _named(cells)
        message = say("The form has no such column; what stands there is not used: {texts}.", texts=some)
        if count:
            message = say(
                "The form has no such column; what stands there is not used: {texts} and {count} more.",
                texts=some,
                count=count,
            )
        mend = say("What the cluster must know belongs into a column of the form.")
        told.append(Finding("form.column-unknown", Severity.INFO, message, cells[0].place, mend=mend))
    if cells := [] if raw.tree else list(_unused(raw, found, context)):
        some, count = _named(cells)
        message = say("The form has no place for this; it is not used: {texts}.", texts=some)
        if count:
            message = say(
                "The form has no place for this; it is not used: {texts} and {count} more.", texts=some, count=count
            )
        mend = say("If the cluster must know it, write it into a place of the form.")
        told.append(Finding("form.text-unused", Severity.INFO, message, cells[0].place, mend=mend))
    return told


def nothing_found(raw: RawForm, form: KindForm) -> Finding:
    """Neither a value nor a label of the form is in the file: that is told once, with how the file begins."""
    mend = say("Fill in the form that the cluster sent out, and change none of its labels.")
    if raw.pictures:
        mend = say("Fill in the form that the cluster sent out; what stands in a picture is not read.")
    return Finding(
        "form.nothing-found",
        Severity.BLOCK,
        say("The file calls itself “{title}”, but no place of that form is found in it.", title=form.title),
        found=kinds.says(raw),
        mend=mend,
    )


def _named(cells: list[Cell]) -> tuple[str, int]:
    """The first few texts, and how many more there are."""
    texts = "; ".join(f"“{shortened(clean(cell.text), _SHOWN)}”" for cell in cells[:_NAMED])
    return texts, max(len(cells) - _NAMED, 0)


def _unused(raw: RawForm, found: Found, context: ReadingContext) -> Iterator[Cell]:
    used = {_spot(place) for cell in found.cells.values() for place in (cell.place, *cell.line_places)}
    used |= {_spot(cell.place) for cell in (*raw.named.values(), *found.unused, *found.heads)}
    own = _own_words(found.form, context, raw.marker)
    lines = list(_lines(raw))
    start, end = _of_the_form(lines, raw, found.form, used)
    told = {one.place.sheet for one in found.findings} - {""}  # a sheet already told of
    margins = [_Written(_spot(cell.place), cell.text, cell) for cell in raw.margins]
    # no form of ours has a value there: a label with one is somebody's
    # "Số cán bộ: 31" and further on "Số cán bộ: 99": a number by itself would be no remark
    again = {_spot(cell.place) for _, cell in found.again}
    left = []
    # above the title and from the signatures on a paper has short lines only: a sentence there is somebody's remark
    around = [*lines[:start], *lines[end:]]
    apart = [line for line in around if len(clean(line.text)) > _LONGEST_OF_PAPER]
    # without any value nobody knows where the form ends
    apart += [line for line in lines[end:] if end and line not in apart and _is_remark(clean(line.text))]
    for line in (*lines[start:end], *apart, *margins):
        cell = line.cell.holding(line.text)
        if line.spot in used or is_empty(cell) or cell.place.sheet in told or _is_label(cell, found):
            continue
        is_said = line.spot in again or (line in margins and found.is_label(line.text.partition(":")[0]))
        key = _key(line.text)
        if is_said or not own.says(key):
            left.append((key, cell))
    if left:
        # what is said again, as on a sheet that was copied, is not told again
        said = {_key(line.text) for line in lines if line.spot in used}
        said |= {_key(line.text) for line in around if len(line.text) <= _LONGEST_OF_PAPER and line not in apart}
        yield from (cell for key, cell in left if key not in said)


#: Where something stands, whatever it is called there.
_Spot: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class _Written:
    """One line of a cell or paragraph."""

    spot: _Spot
    text: str
    cell: Cell


def _is_remark(text: str) -> bool:
    """Whether a short line below the signature words is a sentence; names and titles have no verbs."""
    is_short = len(text.split()) < _SHORTEST_REMARK
    return not is_short and not _NO_REMARK.match(text) and _OF_A_SENTENCE.search(text) is not None


def _spot(place: Place) -> _Spot:
    at = (place.sheet, place.cell, place.table, place.row, place.column)
    return (*at, place.paragraph, place.page, place.line, place.part)


def _is_label(cell: Cell, found: Found) -> bool:
    """Whether it says no more than a label; a label with a value that was not used is told."""
    label, _, value = clean(cell.text).partition(":")
    return found.is_label(clean(cell.text)) or (found.is_label(label) and is_empty(cell.holding(value)))


def _lines(raw: RawForm) -> Iterator[_Written]:
    """Every line of text, in the order of the form."""
    for block in raw.blocks:
        cells = (block.cell,) if isinstance(block, Line) else (cell for row in block.rows for cell in row)
        for cell in cells:
            if cell.anchor:
                spot = _spot(cell.place)
                yield from (_Written(spot, text, cell) for text in cell.text.split("\n") if text.strip())


def _of_the_form(lines: list[_Written], raw: RawForm, form: KindForm, used: set[_Spot]) -> tuple[int, int]:
    """From where to where the lines are the form's: below its title, or its first value, and above the signatures."""
    places = [at for at, line in enumerate(lines) if line.spot in used]
    if not places:
        return 0, 0
    title = kinds.title_lines(raw, form)[:1]
    titled = next((at for at, line in enumerate(lines) if title == [clean(line.text)]), None)
    start = places[0] if titled is None else titled + _BELOW_TITLE
    after = range(places[-1] + 1, len(lines))
    return start, next((at for at in after if _CLOSING.match(clean(lines[at].text))), len(lines))


def _own_words(form: KindForm, context: ReadingContext, marker: str) -> "_OwnWords":
    """What the form itself says: its title, sheets, labels, hints, examples and choices; what every form says."""
    named = (name for unit in context.units for name in unit.names)
    contents = (content.title for content in context.contents)
    return _own_words_of((marker, *_of_kind(form), *named, *contents, *context.standing))


def _of_kind(form: KindForm) -> Iterator[str]:
    yield from (form.title, *form.titles, form.kind)
    for node in form.root.walk():
        for one in (node, node.item) if node.item is not None else (node,):
            yield from (*one.labels, one.help, one.example, one.sheet)
            yield from (name for names in one.choices.values() for name in names)


@dataclass(frozen=True)
class _OwnWords:
    """Phrases of a form, by their keys."""

    phrases: frozenset[str]
    any_of_them: re.Pattern[str]

    def says(self, key: str) -> bool:
        """Whether a line has no word that is not the form's own, numbers and single letters aside."""
        return key in self.phrases or _OF_ITSELF.fullmatch(self.any_of_them.sub("", key)) is not None


@functools.lru_cache(maxsize=32)
def _own_words_of(texts: tuple[str, ...]) -> _OwnWords:
    """Of these texts; "…" stands for what differs from form to form."""
    phrases = frozenset(_key(piece) for text in texts for piece in text.split("…")) - {""}
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return _OwnWords(phrases, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"))


def _key(text: str) -> str:
    return " ".join(_WORD.findall(search_key(clean(text))))
