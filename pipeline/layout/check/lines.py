"""The lines of a paper as they are printed: what the rules read, however the file makes them.

One block may be typed as several lines of one paragraph (Shift+Enter); the two halves of a head or a foot may be set
apart by a table, by tabs or by spaces; a rule may be drawn as a border, as a shape or with underscores. On paper it
is the same, so the rules see the same: a line each, the halves of a head or a foot as cells of a table, a rule as
something drawn.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.blocks import (
    APPENDIX,
    DATE,
    MARK,
    NUMBER,
    SHORT,
    TYPED_FOOT,
    TYPED_HEAD,
    is_head_title,
    is_known_type,
    is_upper,
)
from pipeline.layout.check.word_document import Paragraph, Run, WordDocument

#: What parts the halves of a typed line: a tab, or more spaces than a typist puts between two words.
_GAP: Final = re.compile(r"[ \u00a0]*\t[\s\u00a0]*|[ \u00a0]{4,}")
#: Typed signs that print as one unbroken line; more of them are a blank to be filled in.
_TYPED_RULE: Final = re.compile(r"^[\s\u00a0]*(?:_{3,60}|—{3,30}|[\u2500-\u257f]{3,40})[\s\u00a0]*$")
#: Blanks and joiners without width, the mark of the order of bytes.
_UNSEEN: Final = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SEEN: Final = re.compile("[^\u200b-\u200d\u2060\ufeff]+")
_NO_BREAK_HYPHEN: Final = "\u2011"
_RECIPIENTS: Final = re.compile(r"^noi nhan\s*:?$")
#: What stands that far from the margin stands in the right half (twips; 60 mm).
_RIGHT_HALF: Final = 3400
_HEAD_LINES: Final = 14
_FOOT_LINES: Final = 24


def printed_lines(whole: WordDocument) -> list[Paragraph]:
    """The lines of a body: its paragraphs, those that print as several lines or halves taken apart."""
    lines = [line for para in whole.body for line in _broken(para)]
    boxed = [line for para in whole.aside if para.is_boxed for line in _broken(para)]
    lines = _with_foot(_with_head(lines) or _with_boxed_head(lines, boxed) or lines)
    return _with_whole_titles([_with_drawn_rule(line) for line in _with_foot_in_rows(lines)])


def is_typed_rule(text: str) -> bool:
    """Tell whether a line consists of signs that print as one unbroken line."""
    return bool(_TYPED_RULE.match(text))


def joined(lines: Sequence[Paragraph]) -> Paragraph:
    """One line of several that say one thing; it stands where the first does."""
    first = lines[0]
    if len(lines) == 1:
        return first
    runs: list[Run] = []
    for line in lines:
        if runs:
            runs.append(replace(runs[-1], text=" ", element=None))
        runs += line.runs
    text = " ".join(line.stripped for line in lines)
    return replace(
        first, text=text, runs=tuple(runs), is_part=True, is_half=True, is_ruled=any(line.is_ruled for line in lines)
    )


def whole_items(lines: Sequence[Paragraph], *, begins: tuple[str, ...], ends: str) -> list[Paragraph]:
    """The items of a list of which one may be typed on several lines.

    A line goes on where the one before it does when it begins with none of `begins` and the one before does not end
    with a sign of `ends`.
    """
    items: list[list[Paragraph]] = []
    for line in lines:
        goes_on = items and not line.stripped.startswith(begins) and not items[-1][-1].stripped.endswith(tuple(ends))
        if goes_on:
            items[-1].append(line)
        else:
            items.append([line])
    return [joined(item) for item in items]


# --- several lines in one paragraph ------------------------------------------------------------------------------


def _broken(para: Paragraph) -> Iterator[Paragraph]:
    """The lines of a paragraph typed with Shift+Enter; running text that has such a break stays whole."""
    para = _in_capitals(_in_whole_letters(_without_unseen(para)))
    pieces = para.text.split("\n")
    if len(pieces) == 1 or (para.cell is None and any(len(piece.strip()) > SHORT for piece in pieces)):
        yield para
        return
    at = 0
    for count, piece in enumerate(pieces):
        line = _cut(para, at, at + len(piece))
        is_first, is_last = count == 0, count == len(pieces) - 1
        form = replace(
            para.format,
            before=para.format.before if is_first else 0.0,
            after=para.format.after if is_last else 0.0,
        )
        # a rule or a border is drawn under the last of them, and a list numbers the first
        yield replace(line, format=form, is_ruled=para.is_ruled and is_last, number=para.number if is_first else "")
        at += len(piece) + 1


def _without_unseen(para: Paragraph) -> Paragraph:
    """The paragraph without the signs that have no width, which nobody sees on paper."""
    if not _UNSEEN.search(para.text):
        return para
    runs = tuple(
        replace(run, text=piece[0], start=run.start + piece.start())
        for run in para.runs
        for piece in _SEEN.finditer(run.text)
    )
    return replace(para, runs=runs, text="".join(run.text for run in runs))


def _in_whole_letters(para: Paragraph) -> Paragraph:
    """The letters as they look: one that is put together from parts is one, as is a hyphen that keeps its line."""
    if unicodedata.is_normalized("NFC", para.text) and _NO_BREAK_HYPHEN not in para.text:
        return para
    runs: list[Run] = []
    for run in para.runs:
        letters = run.text
        # a mark may stand in another run than its letter
        while runs and letters and unicodedata.combining(letters[0]):
            runs[-1] = replace(runs[-1], text=runs[-1].text + letters[0])
            letters = letters[1:]
        runs.append(replace(run, text=letters))
    made = (unicodedata.normalize("NFC", run.text).replace(_NO_BREAK_HYPHEN, "-") for run in runs)
    runs = [replace(run, text=text) for run, text in zip(runs, made, strict=True)]
    return replace(para, runs=tuple(runs), text="".join(run.text for run in runs))


def _in_capitals(para: Paragraph) -> Paragraph:
    """The letters as they are printed: those that the look makes capitals are capitals."""
    if not any(run.format.caps for run in para.runs):
        return para
    # letter for letter, so that the text keeps its length ("ß" would become two)
    runs = tuple(
        replace(run, text="".join(each.upper()[:1] for each in run.text)) if run.format.caps else run
        for run in para.runs
    )
    return replace(para, runs=runs, text="".join(run.text for run in runs))


def _cut(para: Paragraph, start: int, end: int) -> Paragraph:
    """The part of a paragraph between two letters, with the formats of its runs."""
    runs, at = [], 0
    for run in para.runs:
        first = max(0, start - at)
        text = run.text[first : max(0, end - at)]
        if text:
            runs.append(replace(run, text=text, start=run.start + first))
        at += len(run.text)
    return replace(para, text=para.text[start:end], runs=tuple(runs), is_part=True)


# --- the halves of a head and of a foot --------------------------------------------------------------------------


def _with_head(lines: list[Paragraph]) -> list[Paragraph]:
    """Give a head whose halves are set apart by tabs, spaces or indents the cells of a table; [] where none is."""
    end, is_titled, inked = 0, False, 0
    for index, line in enumerate(lines):
        if line.cell is not None or inked > _HEAD_LINES or is_known_type(line.stripped):
            break
        inked += bool(line.stripped)
        left, right = ("" if half is None else half.stripped for half in _cut_in_two(line))
        is_titled = is_titled or is_head_title(right)
        # what stands in the middle of the sheet is below the head
        if is_titled and left and not right and line.format.align == "center":
            break
        # the halves need not end on one line: names, their mark, number and symbol may stand below the date
        goes_on = is_titled and bool(left) and bool(is_upper(left) or MARK.match(left) or NUMBER.match(left))
        if is_head_title(right) or DATE.search(right) or goes_on:
            end = index + 1
    return [*columns(lines[:end], TYPED_HEAD), *lines[end:]] if is_titled else []


def _with_boxed_head(lines: list[Paragraph], boxed: Sequence[Paragraph]) -> list[Paragraph]:
    """The same for a head of text boxes: that of the title is the right half, the others are the left one."""
    inked = [line for line in lines if line.stripped][:_HEAD_LINES]
    titled = next((line.box for line in boxed if is_head_title(line.stripped)), 0)
    if not titled or not inked or any(is_head_title(line.stripped) for line in inked):
        return []
    head = [line for line in boxed if line.order <= inked[-1].order]
    return [*(replace(line, cell=(TYPED_HEAD, 1, 2 if line.box == titled else 1)) for line in head), *lines]


def _with_foot(lines: list[Paragraph]) -> list[Paragraph]:
    """The same for a foot where Nơi nhận and the signer stand beside each other without a table."""
    start = next(
        (
            index
            for index in range(len(lines) - 1, -1, -1)
            if lines[index].cell is None and _RECIPIENTS.match(_folded(halves(lines[index])[0]))
        ),
        None,
    )
    if start is None or not is_upper(halves(lines[start])[1]):
        return _with_two_signers(lines, len(lines) if start is None else start)
    end = start
    while end < len(lines) and end - start < _FOOT_LINES:
        if lines[end].cell is not None or APPENDIX.match(lines[end].stripped):
            break
        end += 1
    return [*lines[:start], *columns(lines[start:end], TYPED_FOOT), *lines[end:]]


def _with_two_signers(lines: list[Paragraph], end: int) -> list[Paragraph]:
    """The same for minutes: two positions on one line, and under them two names on one line."""
    near = range(max(0, end - _FOOT_LINES), end)
    both = [index for index in near if lines[index].cell is None and all(halves(lines[index]))]
    last = both[-1] + 1 if both else 0
    for start in both[:-1]:
        if all(map(is_upper, halves(lines[start]))):
            return [*lines[:start], *columns(lines[start:last], TYPED_FOOT), *lines[last:]]
    return lines


def _with_foot_in_rows(lines: list[Paragraph]) -> list[Paragraph]:
    """Give a foot that has a row for each of its lines one cell for each of its halves."""
    labels = [line.cell for line in lines if line.cell is not None and _RECIPIENTS.match(_folded(line.stripped))]
    cell = labels[-1] if labels else None
    if cell is None or any(
        line.cell == cell and not _RECIPIENTS.match(_folded(line.stripped)) for line in lines if line.stripped
    ):
        return lines
    foot = [index for index, line in enumerate(lines) if line.cell is not None and line.cell[0] == cell[0]]
    halves = sorted((lines[index] for index in foot), key=lambda line: line.cell[2] if line.cell is not None else 0)
    whole = [replace(line, cell=(cell[0], 1, line.cell[2])) for line in halves if line.cell is not None]
    return [*lines[: foot[0]], *whole, *lines[foot[-1] + 1 :]]


def _folded(text: str) -> str:
    return vietnamese.fold(vietnamese.clean(text)).lower().strip()


def columns(lines: Sequence[Paragraph], table: int) -> list[Paragraph]:
    """The halves of typed lines as two cells: first all of the left, then all of the right, as a table has them."""
    columns: tuple[list[Paragraph], list[Paragraph]] = ([], [])
    is_both = False
    for line in lines:
        left, right = _cut_in_two(line)
        if not line.stripped:
            # a rule that is drawn: under both halves, where the line above has both
            sides = columns if is_both else columns[:1]
            for side in sides:
                side.append(line)
            continue
        is_both = bool(left and right)
        if left is not None:
            columns[0].append(left)
        if right is not None:
            columns[1].append(right)
    return [replace(line, cell=(table, 1, number)) for number, side in enumerate(columns, start=1) for line in side]


def _gap(text: str) -> re.Match[str] | None:
    """What parts the halves of a line; blanks before its first word only when nothing else does."""
    begins = len(text) - len(text.lstrip(" \u00a0"))
    return _GAP.search(text.rstrip(), begins) or _GAP.search(text)


def _cut_in_two(line: Paragraph) -> tuple[Paragraph | None, Paragraph | None]:
    gap = _gap(line.text)
    if gap is None:
        is_right = line.format.left >= _RIGHT_HALF or line.format.align == "right"
        return (None, line) if is_right else (line, None)
    halves = (_cut(line, 0, gap.start()), _cut(line, gap.end(), len(line.text)))
    left, right = (replace(half, is_half=True) if half.stripped else None for half in halves)
    return left, right


def halves(line: Paragraph) -> tuple[str, str]:
    """The texts of the two halves; what is not parted is all left."""
    gap = _gap(line.text)
    return (line.stripped, "") if gap is None else (line.text[: gap.start()].strip(), line.text[gap.end() :].strip())


# --- rules and titles --------------------------------------------------------------------------------------------


def _with_drawn_rule(line: Paragraph) -> Paragraph:
    return replace(line, text="", runs=(), is_ruled=True) if is_typed_rule(line.text) else line


def _with_whole_titles(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """Put a title of the head together that is typed on two lines."""
    whole: list[Paragraph] = []
    for line in lines:
        before = whole[-1] if whole else None
        if (
            before is not None
            and before.cell == line.cell
            and is_upper(line.stripped)
            and not is_head_title(before.stripped)
            and is_head_title(f"{before.stripped} {line.stripped}")
        ):
            whole[-1] = joined((before, line))
        else:
            whole.append(line)
    return whole
