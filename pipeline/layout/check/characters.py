"""TT02, TT03, TT15, TT17, TT18: letters, fonts, and what must not be left in a document."""

import re
import unicodedata
from typing import Final

from pipeline import vietnamese
from pipeline.layout.applying import w
from pipeline.layout.check.blocks import PLACEHOLDER, Blocks
from pipeline.layout.check.changes import Composed, Letters
from pipeline.layout.check.findings import BLOCK, WARN, Findings, shortened
from pipeline.layout.check.formatting import SLOTS
from pipeline.layout.check.lines import is_typed_rule
from pipeline.layout.check.word_document import Paragraph, Run, WordDocument
from pipeline.layout.profile import Profile
from pipeline.messages import say
from pipeline.model import Place
from pipeline.ooxml.own_marks import AUTHOR
from pipeline.ooxml.package import Element
from pipeline.vietnamese.legacy import encoding_of_font, from_tcvn3, looks_tcvn3
from pipeline.vietnamese.secrecy import is_mark

_BLACK: Final = ("", "auto", "000000")
_WHITE: Final = "FFFFFF"
_TIMES: Final = "Times New Roman"
_TIMES_POSTSCRIPT: Final = "TimesNewRoman"  # the same font by the name other programs write
# points; letters nobody can read count as hidden
_TINY: Final = 4.0
# letters of TCVN3 that no Unicode text has within a word, or before one
_OLD_SIGN: Final = re.compile(r"[^\W\d_][µ¶·¸¹©ª«¬¨¾»¼½]|[§®](?=[^\W\d_])")
_FEWEST_OLD: Final = 2
#: Letters that no old encoding has: a text with one is Unicode, whatever its font is called.
_UNICODE_ONLY: Final = re.compile(r"[\u0110\u0111\u0102\u0103\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
_EDGES: Final = ("header", "footer")
_DOTS: Final = re.compile(r"\.{4,}|…{2,}|_{4,}|(?:\. ){4,}")
_PARTS: Final = re.compile(r"[\t\n]| {4,}")
_URGENT: Final = re.compile(r"^\W*(?:hỏa tốc|hoả tốc|thượng khẩn|khẩn)\b", re.IGNORECASE)
#: How a paper says that it is not yet one, in a header or across its pages.
_DRAFT: Final = ("dự thảo", "bản thảo", "bản nháp", "draft")
_SHORT: Final = 40  # letters
#: Fields that print the day or time of opening, saving or printing.
_OF_TODAY: Final = re.compile(r"(?:DATE|TIME|SAVEDATE|PRINTDATE)\b", re.IGNORECASE)
_EAST: Final = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
# which letters are drawn in the first, second and third of the four fonts of a run
_BASIC: Final = re.compile(r"[^\s\u0080-\U0010ffff]")
_HIGH: Final = re.compile(rf"[^\s\x00-\x7f{_EAST}]")
_EAST_ASIAN: Final = re.compile(f"[{_EAST}]")
# the fonts of Word's own bullets and boxes
_PICTOGRAPH: Final = ("Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings")
_CHANGES: Final = frozenset(
    w(tag)
    for tag in (
        "ins",
        "del",
        "moveFrom",
        "moveTo",
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "trPrChange",
    )
)
_ANCHORS: Final = (w("commentReference"), w("commentRangeStart"))
_CORE: Final = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"


def is_secret(whole: WordDocument) -> Paragraph | None:
    """The first paragraph that is a mark of secrecy (TT17), which stops everything else."""
    return next((para for para in whole.everything if _is_secret(para)), None)


def _is_secret(para: Paragraph) -> bool:
    if "TT17" not in para.found_sound:
        para.found_sound["TT17"] = not (para.stripped and is_mark(para.stripped))
    return not para.found_sound["TT17"]


def report_secret(findings: Findings, para: Paragraph) -> None:
    """TT17."""
    findings.block(
        "TT17",
        say("The document bears a mark of secrecy. It must not be worked on here; nothing else was checked."),
        para,
        mend=say("Take the file from this machine and hand it over by the rules for secret papers."),
    )


# --- one paragraph after the other -------------------------------------------------------------------------------


def _odd(whole: WordDocument, font: str = "") -> list[Paragraph]:
    """The paragraphs about which there may be something to say, each asked alone; `font` is the form's, "" for any.

    Paragraphs of our templates come with every document: of one that was found sound nothing is asked again.
    """
    return [para for para in whole.everything if not _is_sound(para, font)]


def _is_sound(para: Paragraph, font: str) -> bool:
    asked = f"letters {font}"
    if asked not in para.found_sound:
        para.found_sound[asked] = _is_found_sound(para, font)
    return para.found_sound[asked]


def _is_found_sound(para: Paragraph, font: str) -> bool:
    alone = Findings()
    if font:
        _used_fonts(alone, para, font)
    _colours(alone, para)
    _encoding(alone, para)
    _placeholder(alone, para)
    _leftover(alone, para, is_rule=False)
    _hidden(alone, para)
    return not alone.all and not (font and any(_unused(run, font) for run in para.visible_runs))


# --- fonts -------------------------------------------------------------------------------------------------------


def check_fonts(findings: Findings, whole: WordDocument, profile: Profile) -> None:
    """TT02: one font everywhere, black. A slot a text does not use is only worth a warning."""
    for para in _odd(whole, profile.font if profile.is_font_bound else ""):
        if profile.is_font_bound:
            _used_fonts(findings, para, profile.font)
        _colours(findings, para)
    if profile.is_font_bound:
        _unused_fonts(findings, whole, profile.font)


def _used_fonts(findings: Findings, para: Paragraph, font: str) -> None:
    wrong = {
        name
        for run in para.visible_runs
        for name in _used(run)
        if not _is_font(name, font) and not _is_old(run, name)
    }
    if wrong:
        # a page number in another font is seen, and no paper is sent back for it
        is_at_edge = para.place.part.startswith(_EDGES) and not para.is_boxed
        findings.add(
            "TT02",
            WARN if is_at_edge else BLOCK,
            say("Letters in a font other than {font}.", font=font),
            para,
            found=f"{', '.join(sorted(wrong))}: {shortened(para.stripped)}",
            needed=font,
            mend=say("Select the text and choose the font {font}.", font=font),
            change=Letters(tuple(run for run in para.visible_runs if _used(run) & wrong), {"font": font}),
        )


def _is_font(name: str, font: str) -> bool:
    return name in ("", font) or name in _PICTOGRAPH or (font == _TIMES and name.startswith(_TIMES_POSTSCRIPT))


def _used(run: Run) -> set[str]:
    """The fonts the letters of a run are drawn in."""
    slots = zip((_BASIC, _HIGH, _EAST_ASIAN), run.format.fonts, strict=False)
    return {font for letters, font in slots if letters.search(run.text)}


def _unused_fonts(findings: Findings, whole: WordDocument, font: str) -> None:
    for para in _odd(whole, font):
        if para.place.part:
            continue
        for run in para.visible_runs:
            if wrong := _unused(run, font):
                findings.tell(
                    "TT02",
                    say("Another font stands behind {font} for letters that do not occur (yet).", font=font),
                    para,
                    found=", ".join(f"{slot}: {name}" for slot, name in sorted(wrong.items())),
                    needed=font,
                    mend=say("Set {font} for the style Normal, for complex scripts too.", font=font),
                    change=Letters(tuple(run for each in whole.body for run in each.visible_runs), {"font": font}),
                )
                return


def _unused(run: Run, font: str) -> dict[str, str]:
    """The other fonts behind a run that draw none of its letters, by their slots."""
    others = dict(zip(SLOTS, run.format.fonts, strict=True))
    wrong = {slot: name for slot, name in others.items() if not _is_font(name, font) and name not in _used(run)}
    return {slot: name for slot, name in wrong.items() if encoding_of_font(name) is None}


def _colours(findings: Findings, para: Paragraph) -> None:
    wrong = {run.format.color for run in para.visible_runs} - {*_BLACK, _WHITE}
    # NĐ30 Phụ lục I: the mark of urgency is bright red
    if wrong and not _URGENT.match(para.stripped):
        findings.warn(
            "TT02",
            say("Letters that are not black."),
            para,
            found=f"#{', #'.join(sorted(wrong))}: {shortened(para.stripped)}",
            needed=say("black"),
            mend=say("Set the colour of the letters to black (Automatic)."),
            change=Letters(tuple(run for run in para.visible_runs if run.format.color in wrong), {"color": "auto"}),
        )


def check_encoding(findings: Findings, whole: WordDocument) -> None:
    """TT03: Vietnamese in Unicode, composed (NFC); no text in one of the old encodings."""
    for para in _odd(whole):
        _encoding(findings, para)


def _encoding(findings: Findings, para: Paragraph) -> None:
    old = sorted({name for run in para.visible_runs for name in _used(run) if _is_old(run, name)})
    # the name of the font is the better sign of an old encoding; the letters are asked as well
    if old or _is_in_tcvn3(para.text):
        findings.block(
            "TT03",
            say("Text in an old encoding (TCVN3, VNI), not in Unicode."),
            para,
            found=f"{', '.join(old)}: {shortened(para.stripped)}" if old else "",
            needed=say("Unicode (TCVN 6909:2001)"),
            mend=say("Convert the text to Unicode (UniKey, Ctrl+Shift+F6) and read it through."),
        )
    # TCVN 6909 is composed Unicode: two spellings of a word would be two words to every search
    elif not unicodedata.is_normalized("NFC", para.text):
        findings.tell(
            "TT03",
            say("Vietnamese letters put together from parts (“Unicode tổ hợp”)."),
            para,
            needed=say("composed Unicode (“Unicode dựng sẵn”)"),
            mend=say("Convert the text to composed Unicode (UniKey, Ctrl+Shift+F6)."),
            change=Composed(para.runs),
        )


def _is_old(run: Run, font: str) -> bool:
    """Whether the letters of a run mean others than they are: drawn in an old font, and none of them Unicode's."""
    # figures and letters without accents are the same in every encoding
    return (
        encoding_of_font(font) is not None
        and any(char >= "\u0080" and char.isprintable() and not char.isspace() for char in run.text)
        and not _UNICODE_ONLY.search(run.text)
    )


def _is_in_tcvn3(text: str) -> bool:
    # § ¶ ® © beside a figure or a name, and the marks around an unfilled merge field, are letters of TCVN3, too
    words = PLACEHOLDER.sub(" ", text)
    return bool(_OLD_SIGN.search(words)) and looks_tcvn3(words) and _old_letters(words) >= _FEWEST_OLD


def _old_letters(text: str) -> int:
    return sum(from_tcvn3(letter) != letter for letter in text)


# --- leftovers ---------------------------------------------------------------------------------------------------


def is_leftover(text: str) -> bool:
    """Whether a text holds a placeholder or a dotted blank."""
    return bool(PLACEHOLDER.search(text) or _DOTS.search(text))


def check_leftovers(findings: Findings, whole: WordDocument, blocks: Blocks) -> None:
    """TT15: nothing of the work on it may be left in a document that is issued."""
    # "Dự thảo" in a header, too: it must be gone before the paper is issued
    drafts: list[Paragraph | None] = [para for para in whole.aside if _is_draft(para.stripped)]
    drafts += [None for words in _watermarks(whole) if _is_draft(words)]
    for para in [*([blocks.draft] if blocks.draft else []), *drafts]:
        findings.block(
            "TT15",
            say("The document still calls itself a draft."),
            para,
            mend=say("Delete this line before the document is issued."),
        )
    check_placeholders(findings, whole)
    # typed underscores under the head and under the trích yếu are their rules, no blanks
    rules = {line.order for line in blocks.drawn}
    for para in _odd(whole):
        is_rule = para.order in rules and all(
            map(is_typed_rule, filter(None, map(str.strip, _PARTS.split(para.text))))
        )
        # alone in the middle of its line: drawn under a head, too
        is_rule = is_rule or (para.format.align == "center" and is_typed_rule(para.text))
        _leftover(findings, para, is_rule=is_rule)


def _is_draft(text: str) -> bool:
    return vietnamese.compare_key(text.strip()).startswith(_DRAFT) and len(text) < _SHORT


def _watermarks(whole: WordDocument) -> list[str]:
    """The words drawn across the pages; Word keeps them in the headers."""
    parts = {part for section in whole.sections for part in section.headers.values()}
    trees = (tree for name in sorted(parts) if (tree := whole.package.tree(name)) is not None)
    return [path.get("string", "") for tree in trees for path in tree.iter("{urn:schemas-microsoft-com:vml}textpath")]


def _leftover(findings: Findings, para: Paragraph, *, is_rule: bool) -> None:
    if _DOTS.search(para.text) and not para.fields and not is_rule:
        findings.block("TT15", say("A dotted blank was left in."), para, mend=say("Fill it in or delete it."))
    if marked := [run for run in para.visible_runs if run.format.highlight]:
        findings.block(
            "TT15",
            say("Highlighted text."),
            para,
            found=shortened("".join(run.text for run in marked)),
            mend=say("Settle what was marked, then take the highlighting off."),
        )
    if struck := [run for run in para.visible_runs if run.format.struck]:
        findings.block(
            "TT15",
            say("Crossed-out text."),
            para,
            found=shortened("".join(run.text for run in struck)),
            mend=say("Delete what no longer holds, and take the line off what does."),
        )
    if any(_OF_TODAY.match(field) for field in para.fields):
        findings.warn(
            "TT15",
            say("A date that Word makes anew each time the document is opened or printed."),
            para,
            mend=say("Click into the date and press Ctrl+Shift+F9: it then stays as it is."),
        )


def check_placeholders(findings: Findings, whole: WordDocument) -> None:
    """TT15: no code of a template and no merge field that was never filled."""
    for para in _odd(whole):
        _placeholder(findings, para)


def _placeholder(findings: Findings, para: Paragraph) -> None:
    if PLACEHOLDER.search(para.text):
        findings.block(
            "TT15", say("A placeholder of the template was left in."), para, mend=say("Fill it in or delete it.")
        )


def check_traces(findings: Findings, whole: WordDocument) -> None:
    """TT18: tracked changes, comments, hidden text, names of those who worked on it."""
    placed = 0
    changes = sum(1 for tree in _text_parts(whole) for _ in tree.iter(*_CHANGES))
    for para in whole.everything if changes else _odd(whole):
        _hidden(findings, para)
        if changes and para.element is not None and not para.is_boxed:
            placed += _changed(findings, para, para.element)
    # a tracked row or section stands in no paragraph
    if changes and not placed:
        _report_changes(findings, None, str(changes))
    _comments(findings, whole)
    _authors(findings, whole)


def _text_parts(whole: WordDocument) -> list[Element]:
    names = [name for name in whole.package.parts if name.startswith("word/") and not name.endswith(".rels")]
    return [tree for name in names if (tree := whole.package.tree(name)) is not None]


def _changed(findings: Findings, para: Paragraph, element: Element) -> int:
    changed = list(element.iter(*_CHANGES))
    if changed:
        text = "".join(node.text or "" for each in changed for node in each.iter(w("t"), w("delText")))
        _report_changes(findings, para, shortened(text))
    return len(changed)


def _report_changes(findings: Findings, para: Paragraph | None, found: str) -> None:
    findings.block(
        "TT18",
        say("Tracked changes were left in."),
        para,
        found=found,
        mend=say("Review, Accept All Changes, and stop tracking."),
    )


def _comments(findings: Findings, whole: WordDocument) -> None:
    written = [one for tree in _text_parts(whole) for one in tree.iter(w("comment"))]
    count = sum(1 for one in written if one.get(w("author")) != AUTHOR)  # a marked copy's are not the unit's
    if not count:
        return
    anchored = (
        para
        for para in whole.everything
        if para.element is not None and next(para.element.iter(*_ANCHORS), None) is not None
    )
    findings.block(
        "TT18",
        say("Comments were left in: {count}.", count=count),
        next(anchored, None),
        mend=say("Review, Delete, Delete All Comments in Document."),
    )


def _hidden(findings: Findings, para: Paragraph) -> None:
    hidden = [
        run
        for run in para.visible_runs
        if run.format.hidden or run.format.color.upper() == _WHITE or run.format.size < _TINY
    ]
    if hidden:
        findings.block(
            "TT18",
            say("Hidden text: it is in the file and not on paper."),
            para,
            found=shortened("".join(run.text for run in hidden)),
            mend=say("Show it (Home, ¶), and delete it or make it visible."),
        )


def _authors(findings: Findings, whole: WordDocument) -> None:
    package = whole.package
    names = package.related("", "/core-properties") or [name for name in package.parts if name.endswith("core.xml")]
    for name in names:
        tree = package.tree(name)
        if tree is None:
            continue
        people = {(tree.findtext(tag) or "").strip() for tag in (f"{_DC}creator", f"{_CORE}lastModifiedBy")} - {""}
        if people:
            findings.tell(
                "TT18",
                say("The file's properties name those who worked on it."),
                Place(part=name.rpartition("/")[2].removesuffix(".xml")),
                found=shortened(", ".join(sorted(people))),
                mend=say("File, Info, Inspect Document: remove personal information."),
            )
