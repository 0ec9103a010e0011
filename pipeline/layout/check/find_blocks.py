"""Which paragraph is what: the blocks of an official document told by their text and where they stand.

Nothing is taken from the names of styles, so that papers typed elsewhere are understood as well as ours. What is not
there is None or empty.
"""

from collections.abc import Sequence

from pipeline.layout.check.blocks import GROUND, SHORT, Appendix, Blocks, at
from pipeline.layout.check.find_foot import cut_appendices, read_appendices, read_foot
from pipeline.layout.check.find_head import ADDRESSEE, after_head, read_head, read_title
from pipeline.layout.check.word_document import Paragraph


def find_blocks(body: Sequence[Paragraph]) -> Blocks:
    """Recognise the blocks of a body."""
    found = Blocks()
    main, tail = cut_appendices(body, found)
    inked = [para for para in main if para.stripped]
    if not inked:
        return found
    # an appendix has no head: title and guide line stand where others have type and trích yếu
    if found.is_appendix:
        read_appendices(tail, found)
        rest = _after_appendix_title(main, found.appendices[0])
    else:
        read_head(main, found)
        rest = read_title(main, after_head(main, found), found)
    end = read_foot(main, rest, found)
    found.body = [para for para in main[rest:end] if para.cell is None and para.stripped]
    _content(found)
    if end > rest:
        last = next((para for para in reversed(main[rest:end]) if para.stripped), None)
        # a table at the end: no full stop can be wanted of it
        found.last = last if last is not None and last.cell is None else None
    if not found.is_appendix:
        read_appendices(tail, found)
    return found


def _after_appendix_title(main: Sequence[Paragraph], appendix: Appendix) -> int:
    last = appendix.mark or appendix.guide or appendix.heading
    return at(main, last) + 1


def _content(found: Blocks) -> None:
    """Tell addressee lines and căn cứ from the body."""
    rest = list(found.body)
    # HD05, NĐ30: addressees stand before the căn cứ
    while rest and (
        ADDRESSEE.match(rest[0].stripped) or (found.addressee and (_is_item(rest[0]) or _is_centred(rest[0])))
    ):
        found.addressee.append(rest.pop(0))
    start = next((index for index, para in enumerate(rest[:6]) if GROUND.match(para.stripped)), None)
    if start is not None:
        end = start
        while end < len(rest) and GROUND.match(rest[end].stripped):
            end += 1
        # "Căn cứ …, Ủy ban nhân dân có ý kiến như sau:" is a sentence of the text
        while end > start and _is_sentence(rest[end - 1], is_letter=found.type is None):
            end -= 1
        found.grounds = rest[start:end]
        rest = rest[:start] + rest[end:]
    found.body = rest


def _is_sentence(para: Paragraph, *, is_letter: bool) -> bool:
    # in a letter only what ends as an item of a list is a căn cứ: the rest is running text
    return para.stripped.endswith(":") or (is_letter and not para.stripped.endswith((";", ",")))


def _is_centred(para: Paragraph) -> bool:
    return para.format.align == "center" and len(para.stripped) < SHORT


def _is_item(para: Paragraph) -> bool:
    return para.stripped.startswith(("-", "–", "+")) and len(para.stripped) < SHORT * 2
