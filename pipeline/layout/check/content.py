"""TT10 to TT12: the text between title and foot: letters, paragraphs, căn cứ, the end."""

import itertools
import re
from collections import Counter
from typing import Final

from pipeline.layout.applying import millimetres, twips
from pipeline.layout.check.blocks import SHORT, Blocks, holds_placeholder, is_heading
from pipeline.layout.check.changes import Letters, Setting, rewording
from pipeline.layout.check.findings import Findings, figure, in_size, mixed, other_families, shortened, sizes_of, span
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Look, Profile
from pipeline.messages import say

_NEAR_PT: Final = 0.25
_SINGLE: Final = 1.15  # a single line of Times New Roman, in sizes
_NO_LIMIT: Final = 100
_NARROW: Final = 0.4  # the mean letter of narrow text, in sizes: Vietnamese prose in Times New Roman has 0.44
_CITED: Final = re.compile(r"\bsố\s+(?P<number>\d[\w./-]*)", re.IGNORECASE)
_DATED: Final = re.compile(r"ngày\s+\d{1,2}(?:/\d{1,2}/\d{4}|\s+tháng\s+\d{1,2}\s+năm\s+\d{4})", re.IGNORECASE)
_LAW: Final = re.compile(r"^\W*căn cứ (?:các )?(?:bộ luật|luật|pháp lệnh|hiến pháp)\b", re.IGNORECASE)
_ISSUED: Final = re.compile(r"\bcủa\s+\S")


def check_content(findings: Findings, found: Blocks, profile: Profile) -> None:
    """TT10, TT11, TT12."""
    _letters(findings, found, profile)
    for para in found.body:
        _paragraph(findings, para, profile)
    _gaps(findings, found.body, profile.styles["VTThan"].before)
    _grounds(findings, found.grounds, profile)
    _end(findings, found, profile)


def _letters(findings: Findings, found: Blocks, profile: Profile) -> None:
    """One size within the range: the size most letters have."""
    look = profile.styles["VTThan"]
    least, most = sizes_of(look)
    letters: Counter[float] = Counter()
    for para in found.body:
        for run in para.visible_runs:
            letters[run.format.size] += len(run.text)
    if not letters:
        return
    # the form gives a range: whichever size of it most letters have is taken for the chosen one
    common = next((size for size, _ in letters.most_common() if least <= size <= most), look.size)
    for para in found.body:
        sizes = {run.format.size for run in para.visible_runs}
        is_apart = is_heading(para)  # "QUYẾT ĐỊNH:", the name of a chapter: a style of its own
        if wrong := sorted(size for size in sizes if not least <= size <= most):
            findings.warn(
                "TT10",
                say("Text in the wrong size of letters."),
                para,
                found=f"{figure(wrong[0])} pt: {shortened(para.stripped)}",
                needed=f"{span(least, most)} pt",
                mend=say("Set the size of these letters to {size} pt.", size=figure(common)),
                change=in_size((run for run in para.visible_runs if run.format.size != common), common),
            )
        elif not is_apart and (other := sorted(sizes - {common})):
            findings.warn(
                "TT10",
                say("Text in another size than the rest; one size is wanted throughout."),
                para,
                found=f"{figure(other[0])} pt: {shortened(para.stripped)}",
                needed=f"{figure(common)} pt",
                mend=say("Set the size of these letters to {size} pt.", size=figure(common)),
                change=in_size((run for run in para.visible_runs if run.format.size != common), common),
            )


def _paragraph(findings: Findings, para: Paragraph, profile: Profile) -> None:
    look = profile.styles["VTThan"]
    # HD05, NĐ30: running text is justified and indented; headings and short centred lines are not
    if not _is_set_apart(para):
        # what takes one line looks the same justified and from the left
        is_left = para.format.align == "left"
        if para.format.align not in ("both", "left") or (is_left and _fills_a_line(para, profile)):
            findings.warn(
                "TT10",
                say("The paragraph is not justified."),
                para,
                mend=say("Justify the paragraph (Ctrl+J)."),
                change=Setting(para, {"jc.val": "both"}),
            )
        # what takes one line begins where its first line does, whichever indent moved it there
        begins = para.format.first + (0 if _fills_a_line(para, profile) else para.format.left)
        _indent(findings, para, begins, look, profile)
    _line(findings, para, look)


def _fills_a_line(para: Paragraph, profile: Profile) -> bool:
    """Whether a paragraph surely takes more than one line: only there is justified text seen on paper."""
    page = profile.page
    width = twips(page.width_mm - page.left_mm - page.right_mm) / 20 - para.format.left / 20 - para.format.first / 20
    return sum(len(run.text) * run.format.size for run in para.runs) * _NARROW > width


def _is_set_apart(para: Paragraph) -> bool:
    """Whether a paragraph is no running text: a heading, or a short centred line that is no sentence."""
    if para.format.align == "center" and para.stripped.startswith("("):
        return True
    is_short = len(para.stripped) <= SHORT and not para.stripped.endswith((".", ";", ","))
    return is_heading(para) or (para.format.align == "center" and is_short)


def _indent(findings: Findings, para: Paragraph, begins: float, look: Look, profile: Profile) -> None:
    least, most = look.firsts_mm or (look.first_mm, look.first_mm)
    near = twips(profile.page.tolerance_mm)
    # a tab before the first word prints as an indent
    if not para.text.startswith("\t") and not any(
        twips(least) - near <= each <= twips(most) + near for each in (begins, para.format.first)
    ):
        findings.warn(
            "TT10",
            say("The first line of the paragraph is not indented as wanted."),
            para,
            found=f"{figure(round(millimetres(para.format.first), 1))} mm: {shortened(para.stripped)}",
            needed=f"{span(least, most)} mm",
            mend=say("Paragraph, Special: First line, {figure} mm.", figure=figure(look.first_mm)),
            change=Setting(
                para,
                {
                    "ind.firstLine": str(twips(look.first_mm)),
                    "ind.hanging": "",
                    "ind.firstLineChars": "",
                    "ind.hangingChars": "",
                },
            ),
        )


def _line(findings: Findings, para: Paragraph, look: Look) -> None:
    figure_, rule = look.spacing
    least, most = look.lines or (figure_, figure_)
    given, shown = para.format.line, para.format.rule
    size = max((run.format.size for run in para.visible_runs), default=look.size)
    # HD36: at least 18 pt; HD05: exactly 18 to 22; NĐ30: single to one and a half
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
        findings.warn(
            "TT10",
            say("Wrong line spacing."),
            para,
            found=f"{told}: {shortened(para.stripped)}",
            needed=needed,
            mend=say("Paragraph, Line spacing: set what is wanted."),
            change=Setting(para, _spacing(look)),
        )


def _spacing(look: Look) -> dict[str, str]:
    amount, rule = look.spacing
    per = 20 if rule == "exact" else 240  # twips, or parts of a line
    return {"spacing.line": f"{amount * per:g}", "spacing.lineRule": "exact" if rule == "exact" else "auto"}


def _gaps(findings: Findings, body: list[Paragraph], least: float) -> None:
    for before, para in itertools.pairwise(body):
        gap = before.format.after + para.format.before
        # HD05, NĐ30: at least 6 pt; headings have room of their own
        neighbours = para.order == before.order + 1 and not (is_heading(para) or is_heading(before))
        if neighbours and gap < least - _NEAR_PT:
            findings.warn(
                "TT10",
                say("Too little room between paragraphs."),
                para,
                found=f"{figure(round(gap, 1))} pt: {shortened(para.stripped)}",
                needed=say("at least {figure} pt", figure=figure(least)),
                mend=say("Paragraph, Spacing Before: {figure} pt.", figure=figure(least)),
                change=Setting(
                    para,
                    {"spacing.before": f"{least * 20:g}", "spacing.beforeAutospacing": "", "spacing.beforeLines": ""},
                ),
            )


# --- căn cứ ------------------------------------------------------------------------------------------------------


def _grounds(findings: Findings, grounds: list[Paragraph], profile: Profile) -> None:
    start, end, last = (profile.texts_[f"ground_{name}"] for name in ("start", "end", "last"))
    look = profile.styles["VTCanCu"]
    for para in grounds:
        _ground_start(findings, para, start, profile)
        # the last ends in "," by HD36 and in "." by HD05 and NĐ30; the others in ";"
        wanted = last if para is grounds[-1] else end
        if not para.stripped.endswith(wanted) and not holds_placeholder(para.stripped[-20:]):
            findings.warn(
                "TT11",
                say("A căn cứ ends with the wrong sign."),
                para,
                found=para.stripped[-20:],
                needed=wanted,
                change=rewording(para, para.stripped.rstrip(" .;,/") + wanted),
            )
        _citation(findings, para)
        italic = [run.format.italic for run in para.visible_runs]
        upright = Letters(para.visible_runs, {"i": "0"})
        # italics are the State's since 2020, upright the Party's
        if any(italic) and not look.italic and any(one.styles["VTCanCu"].italic for one in other_families(profile)):
            mixed(findings, profile, say("Căn cứ in italics"), para, change=upright)
        elif any(italic) and not look.italic:
            findings.warn("TT11", say("The căn cứ are written upright."), para, change=upright)
        elif not all(italic) and look.italic:
            findings.warn(
                "TT11",
                say("The căn cứ are written in italics."),
                para,
                mend=say("Set the line in italics (Ctrl+I)."),
                change=Letters(para.visible_runs, {"i": "1"}),
            )


def _ground_start(findings: Findings, para: Paragraph, start: str, profile: Profile) -> None:
    if start and not para.stripped.startswith(start):
        findings.warn(
            "TT11",
            say("A căn cứ begins otherwise than the form prescribes."),
            para,
            needed=f"{start}Căn cứ …",
            change=rewording(para, start + para.stripped.lstrip("-–+•* ")),
        )
    elif not start and para.stripped.startswith(("-", "–")):
        change = rewording(para, para.stripped.lstrip("-–+•* "))
        mixed(findings, profile, say("Dash before the căn cứ"), para, change=change)


def _citation(findings: Findings, para: Paragraph) -> None:
    # HD05 II: cited first with type, number, symbol, date, body and trích yếu
    # NĐ30 Phụ lục I: of laws and ordinances neither number nor body is named
    if _LAW.match(para.stripped) or holds_placeholder(para.text):
        return
    if _CITED.search(para.stripped) and not (_DATED.search(para.stripped) and _ISSUED.search(para.stripped)):
        findings.warn(
            "TT11",
            say("A citation is not complete."),
            para,
            needed=say("type, number, symbol, date, issuing body, trích yếu"),
        )


# --- end ---------------------------------------------------------------------------------------------------------


def _end(findings: Findings, found: Blocks, profile: Profile) -> None:
    last, wanted = found.last, profile.texts_["content_end"]
    if last is None:
        return
    # the Party form ends with the full stop alone, the State's with "./."
    ends = {other.texts_["content_end"] for other in other_families(profile)}
    if any(end != wanted and end.endswith(wanted) and last.stripped.endswith(end) for end in ends):
        change = rewording(last, last.stripped.rstrip(" .;,/") + wanted)
        mixed(findings, profile, say("End of the text"), last, wanted, change)
    elif not last.stripped.endswith(wanted) and not holds_placeholder(last.stripped[-20:]):
        findings.warn(
            "TT12",
            say("The text does not end as the form prescribes."),
            last,
            found=last.stripped[-20:],
            needed=wanted,
            change=rewording(last, last.stripped.rstrip(" .;,/") + wanted),
        )
