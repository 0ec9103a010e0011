"""TT01, TT04: paper, margins, page numbers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.layout.applying import millimetres, twips, w
from pipeline.layout.check.blocks import Blocks
from pipeline.layout.check.changes import Letters, PageNumbers, Setting, Sheet
from pipeline.layout.check.findings import Findings, figure, in_size, sizes_of, span
from pipeline.layout.check.formatting import number
from pipeline.layout.check.word_document import Paragraph, Section, WordDocument
from pipeline.layout.profile import Page, Profile
from pipeline.messages import say, verbatim
from pipeline.model import Message, Place

_SIDES: Final = ("top", "bottom", "left", "right")
_ONE_PAGE: Final = 1100  # letters which surely fit one page with head and foot
_PERHAPS_ONE_PAGE: Final = 3500  # letters that can fit one page at all: the count of another program may be stale
_EXTENDED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_PAGE_FIELD: Final = re.compile(r"^PAGE\b", re.IGNORECASE)


def check_page(findings: Findings, whole: WordDocument, profile: Profile, found: Blocks) -> None:
    """TT01 in every section; from `found.second` on the file holds another paper, perhaps a contract."""
    second = found.second
    annexed = min((each.heading.section for each in found.appendices), default=len(whole.sections))
    if not whole.sections:
        findings.block("TT01", say("The document says nothing of its paper: no section, no size."), Place())
    judged = whole.sections if second is None else whole.sections[: max(1, second.section)]
    for index, section in enumerate(judged, start=1):
        # sections of paragraphs count from 0: an annex in the section of the paper itself lies on its sheets
        is_annex = index > annexed and (index > 1 or found.is_appendix)
        _paper(findings, section, index, profile.page, is_annex=is_annex)


def _paper(findings: Findings, section: Section, index: int, page: Page, *, is_annex: bool) -> None:
    size, margins = section.mark.find(w("pgSz")), section.mark.find(w("pgMar"))
    place = _place(index)
    # either way round: a page with tables may lie on its side
    width, height = (0.0, 0.0) if size is None else (number(size.get(w(side), ""), 0) for side in ("w", "h"))
    is_wide = width > height
    sizes = ((page.width_mm, page.height_mm), *(page.annex_sizes_mm if is_annex else ()))
    if not any(_is_of_size(width, height, size, page) for size in sizes):
        findings.block(
            "TT01",
            say("Section {index}: the paper is not A4.", index=index),
            place,
            found=f"{figure(round(millimetres(width)))} × {figure(round(millimetres(height)))} mm",
            needed=f"{figure(page.width_mm)} × {figure(page.height_mm)} mm",
            mend=say("Layout, Size: choose A4."),
            change=Sheet(index, _size(page, is_wide=is_wide)),
        )
    given = {side: 0.0 if margins is None else number(margins.get(w(side), ""), 0) for side in _SIDES}
    # room for binding is added to the margin where the sheet is bound
    gutter = 0.0 if margins is None else number(margins.get(w("gutter"), ""), 0)
    given["left"] += gutter
    if is_wide and _fits_turned(given, page):
        return
    for side in _SIDES:
        if not _fits(given[side], side, page):
            least, most = _allowed(side, page)
            findings.block(
                "TT01",
                say("Section {index}: wrong {side} margin.", index=index, side=_side(side)),
                place,
                found=f"{figure(round(millimetres(given[side]), 1))} mm",
                needed=f"{span(least, most)} mm",
                mend=say("Layout, Margins, Custom Margins: {figure} mm.", figure=figure(getattr(page, f"{side}_mm"))),
                change=Sheet(index, _margin(side, page, has_gutter=side == "left" and gutter > 0)),
            )


def _margin(side: str, page: Page, *, has_gutter: bool) -> dict[str, str]:
    right = {f"pgMar.{side}": str(twips(getattr(page, f"{side}_mm")))}
    return right | {"pgMar.gutter": "0"} if has_gutter else right


def _is_of_size(width: float, height: float, size: tuple[float, float], page: Page) -> bool:
    near = twips(page.tolerance_mm)
    return abs(min(width, height) - twips(size[0])) <= near and abs(max(width, height) - twips(size[1])) <= near


def _size(page: Page, *, is_wide: bool) -> dict[str, str]:
    sides = (str(twips(page.width_mm)), str(twips(page.height_mm)))
    width, height = reversed(sides) if is_wide else sides
    return {"pgSz.w": width, "pgSz.h": height}


def _fits_turned(given: dict[str, float], page: Page) -> bool:
    """Whether the margins of a sheet on its side will do: which of them is bound, no form says."""
    near = twips(page.tolerance_mm)
    least = min(_allowed(side, page)[0] for side in _SIDES)
    most = max(_allowed(side, page)[1] for side in _SIDES if side != "left")
    bound = [side for side in _SIDES if _fits(given[side], "left", page)]
    others = [given[side] for side in _SIDES if side not in bound]
    return len(bound) == 1 and all(twips(least) - near <= each <= twips(most) + near for each in others)


def _side(side: str) -> Message:
    return {
        "top": say("top"),
        "bottom": say("bottom"),
        "left": say("left"),
        "right": say("right"),
    }[side]


def _allowed(side: str, page: Page) -> tuple[float, float]:
    figure_mm: float = getattr(page, f"{side}_mm")
    allowed: tuple[float, float] | None = getattr(page, f"{side}_allowed_mm")
    return allowed or (figure_mm, figure_mm)


def _fits(given: float, side: str, page: Page) -> bool:
    least, most = _allowed(side, page)
    near = twips(page.tolerance_mm)
    return twips(least) - near <= given <= twips(most) + near


def _place(index: int) -> Place:
    return Place(part="" if index == 1 else f"section {index}")


# --- page numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Spot:
    """Where a form wants the page number, and how that is said."""

    edge: Literal["header", "footer"]
    align: Literal["center", "right"]
    missing: Message
    needed: Message
    insert: Message
    amiss: Message
    move: Message

    def parts(self, section: Section) -> Mapping[str, str]:
        """The parts of a section in which it is looked for, by their type."""
        return section.headers if self.edge == "header" else section.footers


def _spot(profile: Profile) -> _Spot:
    if profile.page.numbers_at == "top-center":
        return _Spot(
            "header",
            "center",
            say("The pages carry no number at the top."),
            say("Arabic figures, centred, in the header"),
            say("Insert, Page Number, Top of Page, in the middle."),
            say("The page number is not centred."),
            say("Centre the paragraph."),
        )
    return _Spot(
        "footer",
        "right",
        say("The pages carry no number at the foot."),
        say("Arabic figures, at the right, in the footer"),
        say("Insert, Page Number, Bottom of Page, at the right."),
        say("The page number does not stand at the right."),
        say("Align the paragraph to the right."),
    )


def check_page_numbers(findings: Findings, whole: WordDocument, profile: Profile) -> None:
    """TT04: a page number on following pages where the form wants it, none on the first."""
    # the first page bears no number: of a single page nothing can be wrong
    if not whole.sections or _is_one_page(whole):
        return
    by_part: dict[str, list[Paragraph]] = {}
    for para in whole.aside:
        by_part.setdefault(para.place.part, []).append(para)
    spot = _spot(profile)
    numbered = [_numbered(spot.parts(section).get("default", ""), by_part) for section in whole.sections]
    if not any(numbered):
        # one finding for the paper: which of its sections may go without, no form says
        findings.warn(
            "TT04",
            spot.missing,
            needed=spot.needed,
            mend=spot.insert,
            change=PageNumbers(spot.edge, spot.align, profile.font, profile.styles["VTSoTrang"].size),
        )
        return
    for number_line in filter(None, numbered):
        _number_look(findings, number_line, profile, spot)
    _first_page(findings, whole.sections[0], numbered[0], by_part, spot)
    for index, section in enumerate(whole.sections, start=1):
        if numbered[index - 1] is not None:
            _distance(findings, section, index, profile)


def _is_one_page(whole: WordDocument) -> bool:
    # Word writes into the file how many pages it counted when it last stored it
    tree = whole.package.tree("docProps/app.xml")
    counted = "" if tree is None else (tree.findtext(f"{_EXTENDED}Pages") or "").strip()
    letters = sum(len(para.stripped) for para in whole.body)
    return len(whole.sections) == 1 and letters < (_PERHAPS_ONE_PAGE if counted == "1" else _ONE_PAGE)


def _first_page(
    findings: Findings,
    section: Section,
    default: Paragraph | None,
    by_part: dict[str, list[Paragraph]],
    spot: _Spot,
) -> None:
    # the first page of the paper, not of each of its sections: a landscape page in the middle bears its number
    if default is not None and not section.has_own_first:
        findings.warn(
            "TT04",
            say("The first page shows its number."),
            default,
            mend=say("Open the header and tick “Different First Page”."),
            change=PageNumbers(spot.edge, spot.align, is_only_first=True),
        )
    elif section.has_own_first and (first := _numbered(spot.parts(section).get("first", ""), by_part)) is not None:
        findings.warn(
            "TT04",
            say("The first page shows its number."),
            first,
            mend=say("Delete the number from the header of the first page."),
        )


def _numbered(part: str, by_part: dict[str, list[Paragraph]]) -> Paragraph | None:
    paras = by_part.get(part.rpartition("/")[2].removesuffix(".xml"), []) if part else []
    return next((para for para in paras if any(_PAGE_FIELD.match(field) for field in para.fields)), None)


def _number_look(findings: Findings, para: Paragraph, profile: Profile, spot: _Spot) -> None:
    look = profile.styles["VTSoTrang"]
    least, most = sizes_of(look)
    wrong = [run.format.size for run in para.visible_runs if not least <= run.format.size <= most]
    if wrong:
        findings.warn(
            "TT04",
            say("The page number has the wrong size."),
            para,
            found=f"{figure(wrong[0])} pt",
            needed=f"{span(least, most)} pt",
            mend=say("Set the page number to {size} pt.", size=figure(look.size)),
            change=in_size(para.visible_runs, look.size),
        )
    if para.format.align != spot.align:
        findings.warn("TT04", spot.amiss, para, mend=spot.move, change=Setting(para, {"jc.val": spot.align}))
    if any(run.format.bold or run.format.italic for run in para.visible_runs):
        findings.warn(
            "TT04",
            say("The page number must be upright, neither bold nor italic."),
            para,
            mend=say("Take bold and italics off the page number."),
            change=Letters(para.visible_runs, {"b": "0", "i": "0"}),
        )


def _distance(findings: Findings, section: Section, index: int, profile: Profile) -> None:
    margins = section.mark.find(w("pgMar"))
    given = 0.0 if margins is None else number(margins.get(w("header"), ""), 0)
    # the Party form says 10 mm from the edge; NĐ30 says only "in the top margin"
    if profile.page.is_header_bound and abs(given - twips(profile.page.header_mm)) > twips(profile.page.tolerance_mm):
        findings.warn(
            "TT04",
            say("Section {index}: the header does not begin where the form says.", index=index),
            _place(index),
            found=f"{figure(round(millimetres(given), 1))} mm",
            needed=verbatim(f"{figure(profile.page.header_mm)} mm"),
            mend=say("Header & Footer, Header from Top: {figure} mm.", figure=figure(profile.page.header_mm)),
            change=Sheet(index, {"pgMar.header": str(twips(profile.page.header_mm))}),
        )
