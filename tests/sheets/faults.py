"""What is wrong with a printed paper, as one sees it: text beside its place, columns run together, pages torn."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from tests.sheets.measuring import Block, Box, Sheet

#: Between the texts of two columns.
GUTTER_MM = 2.0
#: A page that holds fewer lines is one nobody would have made.
FEWEST_LINES = 5
_INDENT_MM = 5.0
_LEFT_MM, _RIGHT_MM, _TOP_MM, _BOTTOM_MM = 30.0, 15.0, 20.0, 20.0
#: A letter may reach so far into a margin: the slant of italics, a mark above a capital, a tail under the last line.
_OVERHANG_MM = 0.6
_CLOSING = "VT Nội dung, đoạn cuối"
_NAME = "VT Họ và tên"
_TITLES = ("H1", "VT Trích yếu", "VT Trích yếu công văn", "VT Kèm theo")
#: A line of a title that is shorter than this, and than this part of the longest, holds a word that was left over.
_SHORTEST_LINE, _SHORT_MM = 0.25, 25.0
#: Letters of a cell that is more than a figure or a word or two: such a text begins at the left.
_LONG_CELL, _RAGGED_MM = 60, 3.0
_HEADINGS = ("H1", "H2", "H3", "VT Trích yếu", "VT Kèm theo", "VT Bảng, dòng đầu", "VT Nội dung, lời dẫn")


#: What a line ends with, and what the next begins with.
_TORN = (
    (re.compile("(?:[Ss]ố|[Nn]gày|[Tt]háng|[Nn]ăm|[Đđ]iều|[Kk]hoản)$"), re.compile(r"\d")),
    (re.compile(r"\d$"), re.compile("đồng|điểm|giờ|phút|phiếu|người")),
    # from one hour to another a column may hold a line each
    (re.compile(r"(?<!giờ\d)\d-$|/[A-ZĐ]+-$"), re.compile("[A-ZĐ0-9]")),
    (re.compile("@$"), re.compile("[a-z]")),
    (re.compile("."), re.compile(r"-[A-ZĐa-zđ]")),
)


#: Places and bodies that stay whole.
_NAMES = ("Sài Gòn", "Củ Chi", "Biên phòng", "Thành ủy", "Hồ Chí", "Chí Minh", "Thời gian", "địa điểm")
#: Of a justified text: three and a half times a blank of 14 points, and the room that the letters at its sides leave.
_JUSTIFIED = ("VT Nội dung", "VT Căn cứ", "VT Khoản", "VT Điểm")
_WIDEST_MM = 3.4 * 14 * 0.25 * 25.4 / 72


def faults(sheets: Sequence[Sheet]) -> list[str]:
    """Everything that is wrong with a paper, each with its page."""
    found: list[str] = []
    for sheet in sheets:
        about = (*_beside_margins(sheet), *_run_together(sheet), *_across_rules(sheet), *_on_each_other(sheet))
        about += (*_torn(sheet), *_ragged(sheet))
        found += [f"page {sheet.number}: {one}" for one in about]
    return [*found, *_pages_torn(sheets), *_signatures_torn(sheets)]


def _beside_margins(sheet: Sheet) -> Iterator[str]:
    for block in sheet.blocks:
        box = block.box
        if box.left < _LEFT_MM - _OVERHANG_MM or box.right > sheet.width - _RIGHT_MM + _OVERHANG_MM:
            yield f"beside the margin: {_named(block)}"
        if box.top < _TOP_MM - _OVERHANG_MM or box.bottom > sheet.height - _BOTTOM_MM + _OVERHANG_MM:
            yield f"above or below the margin: {_named(block)}"


def _run_together(sheet: Sheet) -> Iterator[str]:
    for _, row in groupby((one for one in sheet.blocks if one.row), key=lambda one: one.row):
        cells: dict[int, Box] = {}
        for block in row:
            cells[block.cell] = block.box.around(cells.get(block.cell, block.box))
        for (_, left), (at, right) in pairwise(sorted(cells.items())):
            if right.left - left.right < GUTTER_MM:
                text = next(_named(one) for one in sheet.blocks if one.cell == at)
                yield f"{right.left - left.right:.1f} mm between two columns, before {text}"


def _across_rules(sheet: Sheet) -> Iterator[str]:
    upright = [one for one in sheet.rules if one.right - one.left < 1 and one.bottom - one.top > 2]
    lying = [one for one in sheet.rules if one.bottom - one.top < 1 and one.right - one.left > 5]
    for block in sheet.blocks:
        if block.style.startswith("VT Bảng"):
            for letter in block.letters:
                if any(_crosses(letter.left, letter.right, rule.left) and _meet(letter, rule) for rule in upright):
                    yield f"across an upright line: {_named(block)}"
                    break
                if any(_crosses(letter.top, letter.bottom, rule.top) and _meet(letter, rule) for rule in lying):
                    yield f"across a lying line: {_named(block)}"
                    break


def _crosses(first: float, last: float, at: float) -> bool:
    return first + 0.2 < at < last - 0.2


def _meet(one: Box, other: Box) -> bool:
    return (
        _overlap(one.left, one.right, other.left, other.right)
        >= 0
        <= _overlap(one.top, one.bottom, other.top, other.bottom)
    )


def _overlap(first: float, last: float, other_first: float, other_last: float) -> float:
    return min(last, other_last) - max(first, other_first)


def _on_each_other(sheet: Sheet) -> Iterator[str]:
    lines = [(line, block) for block in sheet.blocks for line in block.lines]
    for at, (line, block) in enumerate(lines):
        for other, below in lines[at + 1 :]:
            down = _overlap(line.top, line.bottom, other.top, other.bottom)
            if down > 1 and _overlap(line.left, line.right, other.left, other.right) > 0.5:
                yield f"on each other: {_named(block)}, {_named(below)}"


def _torn(sheet: Sheet) -> Iterator[str]:
    """Numbers, dates and sums of which a line ends in the middle; measured texts have no blanks."""
    for block in sheet.blocks:
        for above, below in pairwise(block.line_texts):
            if any(ends.search(above) and begins.match(below) for ends, begins in _TORN):
                yield f"torn: “…{above[-12:]} / {below[:12]}…” ({block.style.removeprefix('VT ')})"


def torn_names(sheet: Sheet, persons: Sequence[str]) -> Iterator[str]:
    """Names of which a line ends in the middle: of persons not at the half, of places and bodies anywhere."""
    pairs = {tuple(name.split()) for name in _NAMES}
    for name in persons:
        syllables = name.split()
        half = len(syllables) // 2 if len(syllables) > 2 else 0
        pairs |= {pair for at, pair in enumerate(pairwise(syllables), start=1) if at != half}
    for block in sheet.blocks:
        for above, below in pairwise(block.line_texts):
            if any(above.endswith(first) and below.startswith(second) for first, second in pairs):
                yield f"torn: “…{above[-12:]} / {below[:12]}…” ({block.style.removeprefix('VT ')})"


def spread(sheet: Sheet) -> Iterator[str]:
    """Lines of a text whose blanks are as wide as words."""
    for block in sheet.blocks:
        if block.style.startswith(_JUSTIFIED) and block.widest_blank > _WIDEST_MM:
            yield f"blanks of {block.widest_blank:.1f} mm: {_named(block)}"


def _ragged(sheet: Sheet) -> Iterator[str]:
    for block in sheet.blocks:
        lines = block.lines
        widths = [line.right - line.left for line in lines]
        if block.style in _TITLES and min(widths) < min(_SHORT_MM, _SHORTEST_LINE * max(widths)):
            yield f"a word alone on a line: {_named(block)}"
        lefts = [line.left for line in lines]
        if (
            block.style.startswith("VT Bảng")
            and len(block.text) > _LONG_CELL
            and max(lefts) - min(lefts) > _RAGGED_MM
        ):
            yield f"a long text set in the middle: {_named(block)}"
        if block.style == "VT Nơi nhận" and abs(block.box.left - _LEFT_MM) > 1:
            yield f"the recipients begin {block.box.left - _LEFT_MM:.1f} mm from the margin"


def _pages_torn(sheets: Sequence[Sheet]) -> Iterator[str]:
    for sheet in sheets:
        lines = sum(len(block.lines) for block in sheet.blocks)
        if lines < FEWEST_LINES:
            yield f"page {sheet.number}: only {lines} lines"
        if not sheet.blocks:
            continue
        last, first = max(sheet.blocks, key=lambda one: one.box.bottom), sheet.blocks[0]
        if sheet is not sheets[-1] and last.style.startswith(_HEADINGS) and not _is_empty(last, sheets[sheet.number]):
            yield f"page {sheet.number}: a heading alone at its foot: {_named(last)}"
        if sheet is not sheets[-1] and last.text.endswith(":") and _begins(sheets[sheet.number]):
            yield f"page {sheet.number}: what is announced at its foot comes on the next: {_named(last)}"
        goes_on = (
            sheet.number > 1 and first.style.startswith("VT Bảng") and not first.style.startswith("VT Bảng, dòng")
        )
        if goes_on and not any(_TOP_MM < one.top < first.box.top for one in sheet.furniture):
            yield f"page {sheet.number}: a table goes on without its heading"


def _is_empty(heading: Block, following: Sheet) -> bool:
    """Whether an article has no text: the next page begins with another, or with a chapter."""
    return heading.style == "H3" and bool(following.blocks) and following.blocks[0].style in ("H2", "H3")


def _begins(sheet: Sheet) -> bool:
    """Whether a paragraph begins at the head of the page: one that goes on begins at the margin, without indent."""
    return bool(sheet.blocks) and (sheet.blocks[0].row > 0 or sheet.blocks[0].lines[0].left > _LEFT_MM + _INDENT_MM)


def _signatures_torn(sheets: Sequence[Sheet]) -> Iterator[str]:
    blocks = [block for sheet in sheets for block in sheet.blocks]
    closing = [block for block in blocks if block.style == _CLOSING]
    names = [block for block in blocks if block.style == _NAME]
    if not closing or not names:
        yield f"{len(closing)} closing sentences, {len(names)} names under signatures"
        return
    if names[0].page != closing[-1].page:
        yield f"the first signature is on page {names[0].page}, the end of the text on page {closing[-1].page}"
    yield from _signed_alone(blocks, closing[-1])
    for name in names:
        above = [one for one in blocks if one.page == name.page and one.cell == name.cell and one is not name]
        if not any(one.box.bottom < name.box.top for one in above):
            yield f"page {name.page}: no title stands over {_named(name)}"
    signed = {name.page for name in names}
    for block in blocks:
        # a list longer than any signature stands below it, and may go on on the next page
        if block.style == "VT Nơi nhận" and block.page not in signed:
            yield f"page {block.page}: the recipients begin on a page without a signature"


def _signed_alone(blocks: Sequence[Block], closing: Block) -> Iterator[str]:
    """Whether one line of text goes to the next page with the signature, though a paragraph stands before it."""
    before = [one for one in blocks[: blocks.index(closing)] if one.row == 0]
    is_after_text = bool(before) and blocks[blocks.index(closing) - 1] is before[-1]
    if is_after_text and before[-1].page < closing.page and len(closing.lines) < 2:
        yield f"page {closing.page}: one line stands over the signature: {_named(closing)}"


def _named(block: Block) -> str:
    return f"“{block.text[:40]}” ({block.style.removeprefix('VT ')})"
