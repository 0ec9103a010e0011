"""TT10 to TT12: the text between title and foot: letters, paragraphs, căn cứ, the end."""

import itertools
import re
from collections import Counter
from typing import Final

from pipeline.layout.applying import twips
from pipeline.layout.check.layout import SHORT, Blocks, is_heading
from pipeline.layout.check.telling import Telling, W, figure, mixed, shortened, sizes_of, span
from pipeline.layout.check.walking import Para
from pipeline.layout.profile import Look, Profile
from pipeline.messages import say

_MM: Final = 25.4 / 1440
_NEAR_PT: Final = 0.25
_SINGLE: Final = 1.15  # a single line of Times New Roman, in sizes
_NO_LIMIT: Final = 100
_CITED: Final = re.compile(r"\bsố\s+(?P<number>\d[\w./-]*)", re.IGNORECASE)
_DATED: Final = re.compile(r"ngày\s+\d{1,2}(?:/\d{1,2}/\d{4}|\s+tháng\s+\d{1,2}\s+năm\s+\d{4})", re.IGNORECASE)
_ISSUED: Final = re.compile(r"\bcủa\s+\S")


def check_content(telling: Telling, found: Blocks, profile: Profile) -> None:
    """TT10, TT11, TT12."""
    _letters(telling, found, profile)
    for para in found.body:
        _paragraph(telling, para, profile)
    _gaps(telling, found.body, profile.styles["VTThan"].before)
    _grounds(telling, found.grounds, profile)
    _end(telling, found, profile)


def _letters(telling: Telling, found: Blocks, profile: Profile) -> None:
    """One size within the range: the size most letters have."""
    look = profile.styles["VTThan"]
    least, most = sizes_of(look)
    letters: Counter[float] = Counter()
    for para in found.body:
        for run in para.inked:
            letters[run.look.size] += len(run.text)
    if not letters:
        return
    common = next((size for size, _ in letters.most_common() if least <= size <= most), look.size)
    for para in found.body:
        sizes = {run.look.size for run in para.inked}
        if wrong := sorted(size for size in sizes if not least <= size <= most):
            telling.tell(
                "TT10",
                W,
                say("Text in the wrong size of letters."),
                para,
                found=f"{figure(wrong[0])} pt: {shortened(para.bare)}",
                needed=f"{span(least, most)} pt",
                mend=say("Set the size of these letters to {size} pt.", size=figure(common)),
            )
        elif other := sorted(sizes - {common}):
            telling.tell(
                "TT10",
                W,
                say("Text in another size than the rest; one size is wanted throughout."),
                para,
                found=f"{figure(other[0])} pt: {shortened(para.bare)}",
                needed=f"{figure(common)} pt",
                mend=say("Set the size of these letters to {size} pt.", size=figure(common)),
            )


def _paragraph(telling: Telling, para: Para, profile: Profile) -> None:
    look = profile.styles["VTThan"]
    if not _is_set_apart(para):
        if para.look.align != "both":
            telling.tell(
                "TT10",
                W,
                say("The paragraph is not justified."),
                para,
                mend=say("Justify the paragraph (Ctrl+J)."),
            )
        _indent(telling, para, look, profile)
    _line(telling, para, look)


def _is_set_apart(para: Para) -> bool:
    """Whether a paragraph is no running text: a heading, or a short centred line that is no sentence."""
    is_short = len(para.bare) <= SHORT and not para.bare.endswith((".", ";", ","))
    return is_heading(para) or (para.look.align == "center" and is_short)


def _indent(telling: Telling, para: Para, look: Look, profile: Profile) -> None:
    least, most = look.firsts_mm or (look.first_mm, look.first_mm)
    near = twips(profile.page.tolerance_mm)
    if not twips(least) - near <= para.look.first <= twips(most) + near:
        telling.tell(
            "TT10",
            W,
            say("The first line of the paragraph is not indented as wanted."),
            para,
            found=f"{figure(round(para.look.first * _MM, 1))} mm: {shortened(para.bare)}",
            needed=f"{span(least, most)} mm",
            mend=say("Paragraph, Special: First line, {figure} mm.", figure=figure(look.first_mm)),
        )


def _line(telling: Telling, para: Para, look: Look) -> None:
    figure_, rule = look.spacing
    least, most = look.lines or (figure_, figure_)
    given, shown = para.look.line, para.look.rule
    size = max((run.look.size for run in para.inked), default=look.size)
    if rule == "exact":
        is_open = most >= _NO_LIMIT  # "at least": any way of reaching it will do
        points = given * size * _SINGLE if shown == "auto" else given
        is_right = least - _NEAR_PT <= points <= most + _NEAR_PT and (shown == "exact" or is_open)
        needed = (
            say("at least {figure} pt", figure=figure(least))
            if is_open
            else say("exactly {span} pt", span=span(least, most))
        )
    else:
        lines = given if shown == "auto" else given / (size * _SINGLE)
        is_right = least - 0.02 <= lines <= most + 0.02
        needed = say("{span} lines", span=span(least, most))
    if not is_right:
        told = f"{figure(round(given, 2))} {'' if shown == 'auto' else 'pt '}({shown})"
        telling.tell(
            "TT10",
            W,
            say("Wrong line spacing."),
            para,
            found=f"{told}: {shortened(para.bare)}",
            needed=needed,
            mend=say("Paragraph, Line spacing: set what is wanted."),
        )


def _gaps(telling: Telling, body: list[Para], least: float) -> None:
    for before, para in itertools.pairwise(body):
        gap = before.look.after + para.look.before
        neighbours = para.order == before.order + 1 and not (is_heading(para) or is_heading(before))
        if neighbours and gap < least - _NEAR_PT:
            telling.tell(
                "TT10",
                W,
                say("Too little room between paragraphs."),
                para,
                found=f"{figure(round(gap, 1))} pt: {shortened(para.bare)}",
                needed=say("at least {figure} pt", figure=figure(least)),
                mend=say("Paragraph, Spacing Before: {figure} pt.", figure=figure(least)),
            )


# --- căn cứ ------------------------------------------------------------------------------------------------------


def _grounds(telling: Telling, grounds: list[Para], profile: Profile) -> None:
    start, end, last = (profile.texts_[f"ground_{name}"] for name in ("start", "end", "last"))
    look = profile.styles["VTCanCu"]
    for para in grounds:
        _ground_start(telling, para, start, profile)
        wanted = last if para is grounds[-1] else end
        if not para.bare.endswith(wanted):
            telling.tell(
                "TT11",
                W,
                say("A căn cứ ends with the wrong sign."),
                para,
                found=para.bare[-20:],
                needed=wanted,
            )
        _citation(telling, para)
        italic = [run.look.italic for run in para.inked]
        if any(italic) and not look.italic:
            mixed(telling, profile, say("Căn cứ in italics"), para)
        elif not all(italic) and look.italic:
            telling.tell(
                "TT11",
                W,
                say("The căn cứ are written in italics."),
                para,
                mend=say("Set the line in italics (Ctrl+I)."),
            )


def _ground_start(telling: Telling, para: Para, start: str, profile: Profile) -> None:
    if start and not para.bare.startswith(start):
        telling.tell(
            "TT11",
            W,
            say("A căn cứ begins otherwise than the form prescribes."),
            para,
            needed=f"{start}Căn cứ …",
        )
    elif not start and para.bare.startswith(("-", "–")):
        mixed(telling, profile, say("Dash before the căn cứ"), para)


def _citation(telling: Telling, para: Para) -> None:
    if _CITED.search(para.bare) and not (_DATED.search(para.bare) and _ISSUED.search(para.bare)):
        telling.tell(
            "TT11",
            W,
            say("A citation is not complete."),
            para,
            needed=say("type, number, symbol, date, issuing body, trích yếu"),
        )


# --- end ---------------------------------------------------------------------------------------------------------


def _end(telling: Telling, found: Blocks, profile: Profile) -> None:
    last, wanted = found.last, profile.texts_["content_end"]
    if last is None:
        return
    if profile.family == "party" and last.bare.endswith("./."):
        mixed(telling, profile, say("End of the text"), last, wanted)
    elif not last.bare.endswith(wanted):
        telling.tell(
            "TT12",
            W,
            say("The text does not end as the form prescribes."),
            last,
            found=last.bare[-20:],
            needed=wanted,
        )
