"""Whether a PDF says what its Word document says: every printed paragraph once, and nothing besides.

The PDF is what is signed; LibreOffice made it, and may have computed a field, dropped a box or drawn an empty square
for a letter that no font has. Compared is the text without spaces, line breaks and capitals, for these are the
printer's; of the rest every letter counts.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, TypeAlias

from lxml import etree

from pipeline.ooxml import parts_of_ours
from pipeline.ooxml.word_fields import Fields, W
from pipeline.ooxml.word_looks import Look, Looks
from pipeline.ooxml.word_text import MC, content, inline, shown, text_of

_FALLBACK: Final = f"{MC}Fallback"
_SIDES: Final = re.compile(r"word/(?:header|footer)[0-9]*\.xml")
_NOT_PRINTED: Final = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff\x00-\x1f\ufffe]+")
_HYPHENS: Final = str.maketrans({"\u2010": "-", "\u2011": "-"})
_WORDS: Final = re.compile(r"[^\s/–-]+|[/–-]")  # where lines may be broken
_TAKEN, _PAGE_BREAK = "\x00", "\x01"
# where the letters begin that a font without Vietnamese does not have: after ASCII, after ă đ, at ạ ế
_LENT: Final = (0x1E00, 0x180, 0x80)
_UNMISTAKABLE: Final = 8  # letters
_SHOWN: Final = 60
# what no paragraph says: one number of a list with its sign, bullets, leaders; a day or a sum has more figures
_LIST_NUMBER: Final = r"[\W_]*(?:\d{1,3}|[a-zđ]{1,2}|[ivxlc]{1,6})?[.):]?[\W_]*"

Element = etree._Element
Paragraph: TypeAlias = tuple[str, ...]  #: its words, as they are compared


def differences(draft: bytes, pages: Sequence[str]) -> Iterator[str]:
    """Say what the pages of a PDF lack of their Word document, and what they have besides it."""
    parts = parts_of_ours(draft)
    said = _Printed(parts)
    known = _number_of(parts.get("word/numbering.xml", b""))
    text = _PAGE_BREAK.join(_bare(page) for page in pages)
    text = _without_sides(said.repeated, ["".join(one) for one in said.once], text, len(pages))
    # what a few letters say stands in many words, and in pieces of what goes over a page: where one order of looking
    # mistakes the one for the other, the next may not; if one accounts for every letter, the PDF says it
    tried: list[list[str]] = []
    for at_once in (1, _UNMISTAKABLE):
        tried.append(list(_differences(said, known, text, len(pages), at_once)))
        if not tried[-1]:
            return
    yield from min(tried, key=len)


def _differences(said: "_Printed", known: re.Pattern[str], text: str, pages: int, at_once: int) -> Iterator[str]:
    """The differences when the longest paragraphs are looked for first; `at_once` 1: those of few letters at last."""
    missing: list[Paragraph] = []
    for letters in range(_UNMISTAKABLE, 0, -at_once):
        lost, text = _without_all(_of_letters(said.once, letters, at_once), text)
        missing += lost
        text = _without_repeated(_of_letters(said.repeated, letters, at_once), text, pages)
    missing, text = _in_two_fonts(missing, text)
    yield from (f"the PDF does not print “{' '.join(paragraph)[:_SHOWN]}”" for paragraph in missing)
    text = _without_repeated(said.repeated, text, pages)
    for left in re.split(f"[{_TAKEN}{_PAGE_BREAK}]", text):
        if left and not known.fullmatch(left) and not _is_of_page(left, pages):
            yield f"the PDF prints “{left[:_SHOWN]}”, which the Word document does not say"


def _of_letters(paragraphs: list[Paragraph], most: int, at_once: int) -> list[Paragraph]:
    """Those of `most` letters, or of up to `at_once` fewer; what cannot be mistaken is of one sort."""
    return [one for one in paragraphs if most - at_once < min(_length(one), _UNMISTAKABLE) <= most]


def _without_all(paragraphs: list[Paragraph], text: str) -> tuple[list[Paragraph], str]:
    """The paragraphs that are not in the text, and the text without the others; the longest are given first."""
    broken: list[Paragraph] = []
    # long ones first: a short one may stand inside a long one, never the other way round
    for paragraph in paragraphs:
        whole = "".join(paragraph)
        at = text.find(whole)
        if at >= 0:
            text = text[:at] + _TAKEN + text[at + len(whole) :]
        else:
            broken.append(paragraph)
    missing: list[Paragraph] = []
    for paragraph in broken:
        found = _without(paragraph, text)
        if found is None:
            missing.append(paragraph)
        else:
            text = found
    return missing, text


def _without_repeated(repeated: list[Paragraph], text: str, pages: int) -> str:
    """The text without what may stand on every page, wherever it does."""
    for _ in range(pages):
        for paragraph in repeated:
            text = _without(paragraph, text) or text
    return text


def _without_sides(repeated: list[Paragraph], printed: list[str], text: str, pages: int) -> str:
    """The text without what heads and feet say on every page, before a cell that says "1" is found in a code."""
    for paragraph in repeated:
        whole = "".join(paragraph)
        if len(whole) >= _UNMISTAKABLE and not any(whole in one for one in printed):
            text = text.replace(whole, _TAKEN, pages)
    return text


def _without(paragraph: Paragraph, text: str) -> str | None:
    """The text without a paragraph that may lie in pieces: over pages, or line by line beside another cell."""
    words, after = list(paragraph), 0
    while words:
        count, at = _most_words(words, text, 0)
        if not count:
            return None
        # it goes on further down: the same word above is another paragraph's
        further, below = _most_words(words, text, after)
        if further == count:
            at = below
        text = text[:at] + _TAKEN + text[at + _length(words[:count]) :]
        words, after = words[count:], at + len(_TAKEN)
    return text


def _in_two_fonts(missing: list[Paragraph], text: str) -> tuple[list[Paragraph], str]:
    """Without paragraphs whose accented letters another font lends: LibreOffice writes these by themselves.

    The font's own letters are still in their order; of the lent ones there must be as many of each. Either all that
    is missing is explained so, or nothing is.
    """
    for first_lent in _LENT if missing else ():
        own = _only(text, is_lent=False, first_lent=first_lent)
        lent = Counter(_only(text, is_lent=True, first_lent=first_lent))
        for paragraph in missing:
            whole = "".join(paragraph)
            mine = _only(whole, is_lent=False, first_lent=first_lent)
            if mine not in own:
                break
            own = own.replace(mine, _TAKEN, 1)
            lent.subtract(_only(whole, is_lent=True, first_lent=first_lent))
        else:
            if min(lent.values(), default=0) >= 0:
                return [], own + _TAKEN + "".join(lent.elements())
    return missing, text


def _only(text: str, *, is_lent: bool, first_lent: int) -> str:
    """The letters from one on, or those before it with the signs for what was taken."""
    return "".join(sign for sign in text if (ord(sign) >= first_lent) == is_lent)


def _length(paragraph: Sequence[str]) -> int:
    return sum(map(len, paragraph))


def _most_words(words: list[str], text: str, start: int) -> tuple[int, int]:
    """How many of the words stand in a row from `start` on, and where first: if so many do, fewer do, too."""
    low, high, first = 0, len(words), start
    while low < high:
        middle = (low + high + 1) // 2
        # more words in a row begin where fewer do, or later
        at = text.find("".join(words[:middle]), first)
        low, high, first = (middle, high, at) if at >= 0 else (low, middle - 1, first)
    return low, first


@functools.lru_cache(maxsize=8192)
def _bare_word(word: str) -> str:
    return _bare(word)


def _bare(text: str) -> str:
    """The letters of a text as they are compared: composed, small, with nothing between them."""
    return _NOT_PRINTED.sub("", unicodedata.normalize("NFKC", text).translate(_HYPHENS)).casefold()


def _root(xml: bytes) -> Element:
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


class _Printed:
    """What one Word document prints, the longest paragraphs first, without what the pages decide.

    `repeated` may stand on several pages: headers and footers, and the first rows of tables that go on.
    """

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._looks = Looks(_root(parts["word/styles.xml"]) if "word/styles.xml" in parts else None)
        body = _root(parts["word/document.xml"])
        fields = Fields(body)
        heads = [row for row in body.iter(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]
        sides = [_root(xml) for name, xml in parts.items() if _SIDES.fullmatch(name)]
        repeated = [self._paragraphs(side, Fields(side)) for side in sides]
        repeated += [self._paragraphs(head, fields) for head in heads]
        self.once = sorted(self._paragraphs(body, fields), key=_length, reverse=True)
        self.repeated = sorted(chain(*repeated), key=_length, reverse=True)

    def _paragraphs(self, holder: Element, fields: Fields) -> Iterator[Paragraph]:
        """The words that each paragraph prints; those of a text box are paragraphs of their own."""
        for paragraph in holder.iter(f"{W}p"):
            if not any(above.tag == _FALLBACK for above in paragraph.iterancestors()):
                look = self._looks.of_paragraph(paragraph)
                pieces = "".join(self._texts(paragraph, look, fields)).split(_PAGE_BREAK)
                for piece in pieces:
                    if words := tuple(word for part in _WORDS.findall(piece) if (word := _bare_word(part))):
                        yield words

    def _texts(self, holder: Element, look: Look, fields: Fields) -> Iterator[str]:
        """The letters of a paragraph; a sign of its own where the pages decide."""
        for child in inline(holder):
            if child.tag == f"{W}sdt":
                yield from self._texts(content(child), look, fields)
            elif child.tag == f"{W}r" and not self._looks.of_run(child, look).is_hidden:
                for one in shown(child, fields):
                    yield from _letters(one, fields)
            else:
                yield from _letters(child, fields)


def _letters(child: Element, fields: Fields) -> Iterator[str]:
    begun = fields.begun_by(child)
    if begun is not None and begun.follows_pages:
        yield _PAGE_BREAK
    elif begun is not None and begun.is_box:
        return  # LibreOffice draws it with lines: no letter is in the PDF
    elif not any(one.follows_pages for one in fields.around(child)):
        yield text_of(child, fields)


def _is_of_page(left: str, pages: int) -> bool:
    """Whether it can be the number of a page, or of a page and of all: "2", "2/5"."""
    found = re.fullmatch(r"[\W_]*(\d{1,4})(?:/(\d{1,4}))?[\W_]*", left)
    return found is not None and all(1 <= int(number) <= pages for number in found.groups() if number)


def _number_of(numbering: bytes) -> re.Pattern[str]:
    """What lists print before their paragraphs ("Điều %1."), and numbers of pages."""
    shapes = {_LIST_NUMBER}
    if numbering:
        for level in _root(numbering).iter(f"{W}lvlText"):
            words = re.split(r"%[1-9]", level.get(f"{W}val", ""))
            shapes.add("[0-9a-zđ]{1,8}".join(re.escape(_bare(word)) for word in words))
    return re.compile("|".join(f"(?:{shape})" for shape in sorted(shapes)))
