"""TT19: what is written under a paper to make a copy of it (sao y, sao lục, trích sao).

A copy says so at its end, under a line across the page: how it was copied, by which body, its own number, place and
date, who signs it and who gets it (NĐ30 Phụ lục I, Phần II; HD36 II.3). It has no head of its own, and nothing of the
copied paper is its fault: that is told as hints. What the components are called and how they look is the profile's
`copies`; a form that has them in a stamp names the labels of its rows.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline import vietnamese
from pipeline.layout.applying import w
from pipeline.layout.check import date_line, foot, head
from pipeline.layout.check.blocks import (
    DATE,
    MARK,
    NUMBER,
    SHORT,
    TYPED_HEAD,
    Blocks,
    Facts,
    family_of,
    is_head_title,
    is_line,
    is_upper,
    same_words,
)
from pipeline.layout.check.find_foot import read_foot
from pipeline.layout.check.findings import BLOCK, WARN, Findings, Wanted, compare
from pipeline.layout.check.lines import columns, halves
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Copies, NoFormInForce, Profile, all_profiles, profile_for
from pipeline.messages import say

#: The components stand at the end: a word further up is one of the text.
_REACH: Final = 60
#: Lines of a typed head above the one that says how the paper was copied: a superior and a long name.
_ABOVE: Final = 3
_SIGNS: Final = 2  # of number, date and name: one of them may be missing
_FIGURES: Final = re.compile(r"\d+")


@dataclass(frozen=True)
class Copy:
    """The components of a copy. `labelled` are the rows of a stamp by the part they hold, and what each says."""

    heading: Paragraph
    blocks: Blocks
    is_parted: bool  #: whether a line parts them from the copied paper
    has_head: bool  #: whether there is a title of a head among them
    labelled: Mapping[str, tuple[Paragraph, str]]


def cut_copy(lines: Sequence[Paragraph]) -> tuple[Sequence[Paragraph], Copy | None]:
    """The copied paper, and the components of the copy under it."""
    for index in range(len(lines) - 1, max(-1, len(lines) - _REACH), -1):
        # few lines have it in any form: the others are not looked at
        if "sao" in lines[index].text.lower() and any(map(_is_heading, halves(lines[index]))):
            start = _start(lines, index)
            copy = _read(lines, start)
            if copy is not None:
                return lines[:start], copy
    return lines, None


def form_of(copy: Copy, copied: Blocks, facts: Facts) -> Profile | None:
    """The form in force on the copy's own day, of the system its number or else the copied paper speaks for."""
    on = date_line.date_of(copy.blocks) or facts.on or facts.today
    family = _family(copy, copied)
    if on is None:
        return [each for each in all_profiles().values() if each.family == family][-1]
    try:
        return profile_for(on, family)
    except NoFormInForce:
        return None


def check_copy(findings: Findings, copy: Copy, profile: Profile, facts: Facts) -> None:
    """TT19; what is as in any paper is TT06, TT08, TT13 and TT14."""
    _heading(findings, copy, profile)
    if not copy.is_parted:
        findings.warn(
            "TT19",
            say("No line parts the copy's own components from the copied paper."),
            copy.heading,
            mend=say("Draw a solid line across the page under the copied paper."),
        )
    if copy.has_head:
        findings.block(
            "TT19",
            say("A copy has no head of its own: it only names who copied it."),
            copy.heading,
            mend=say("Leave the title of the head out."),
        )
    if profile.copies.labels:
        _labels(findings, copy, profile)
    _name(findings, copy, profile)
    _number(findings, copy, profile)
    date_line.check_date(findings, copy.blocks, profile, facts)
    if copy.blocks.signatures:
        foot.check_signatures(findings, copy.blocks, profile)
    else:
        findings.block("TT19", say("Nobody signs the copy."), copy.heading)
    # in a stamp the recipients are one of its rows
    if "recipients" not in profile.copies.labels:
        foot.check_recipients(findings, copy.blocks, profile)


# --- finding -----------------------------------------------------------------------------------------------------


def _headings() -> list[str]:
    return [vietnamese.fold(text).lower() for each in all_profiles().values() for text in each.copies.headings]


def _is_heading(text: str) -> bool:
    return len(text) < SHORT and any(same_words(text, wanted) for wanted in _headings())


def _start(lines: Sequence[Paragraph], index: int) -> int:
    """Where the components begin: with the table of the heading, or with the names that are typed above it."""
    cell = lines[index].cell
    if cell is not None:
        return next(at for at, line in enumerate(lines) if line.cell is not None and line.cell[0] == cell[0])
    start = index
    while start > max(0, index - _ABOVE) and lines[start - 1].cell is None and is_upper(lines[start - 1].stripped):
        start -= 1
    return start


def _read(lines: Sequence[Paragraph], start: int) -> Copy | None:
    """The components that begin there; None where it stands nearly alone."""
    above, rest = _head(lines[start:])
    heading = next(line for line in above if _is_heading(line.stripped))
    labelled = _labelled(above)
    found = Blocks()
    for line in above:
        text = line.stripped
        if found.number is None and NUMBER.match(text) and len(text) < SHORT:
            found.number = line
        elif found.date is None and DATE.search(text) and len(text) < SHORT and ":" not in text:
            found.date = line
    if "date" in labelled:
        found.date = _of_value(*labelled["date"])
    if "number" in labelled:
        found.number = _of_value(*labelled["number"])
    if "issuer" in labelled:
        found.names = [_of_value(*labelled["issuer"])]
    else:
        found.names = _names(above, heading, found)
        found.issuer_mark = _mark(above, heading, found)
    # "SAO Y BẢN CHÍNH" over a day alone is how a contract is certified: no body copies it
    if sum(map(bool, (found.number, found.date, found.names))) < _SIGNS:
        return None
    foot_lines = [*above, *rest]
    read_foot(foot_lines, 0 if labelled else len(above), found)
    return Copy(
        heading, found, _is_parted(lines, start), any(is_head_title(line.stripped) for line in above), labelled
    )


def _head(lines: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """The lines of heading, names, number and date; and the rest. Typed with tabs, they get the cells of a table."""
    if lines[0].cell is not None:
        table = lines[0].cell[0]
        end = next((at for at, line in enumerate(lines) if line.cell is None or line.cell[0] != table), len(lines))
        return list(lines[:end]), list(lines[end:])
    end = 0
    for at, line in enumerate(lines):
        if line.cell is not None or (
            at > 0 and not line.stripped and not is_line(line) and DATE.search(_before(lines, at))
        ):
            break
        end = at + 1
    return columns(lines[:end], TYPED_HEAD), list(lines[end:])


def _before(lines: Sequence[Paragraph], at: int) -> str:
    return " ".join(line.stripped for line in lines[:at])


def _labelled(above: Sequence[Paragraph]) -> dict[str, tuple[Paragraph, str]]:
    """The rows of a stamp: "Cơ quan sao: …"."""
    known = {_key(label): part for each in all_profiles().values() for part, label in each.copies.labels.items()}
    found: dict[str, tuple[Paragraph, str]] = {}
    for line in above:
        label, colon, value = line.stripped.partition(":")
        part = known.get(_key(label)) if colon else None
        if part is not None:
            found.setdefault(part, (line, value.strip()))
    return found


def _key(label: str) -> str:
    return re.sub(r"[^a-z ]", "", vietnamese.fold(vietnamese.clean(label)).lower()).strip()


def _of_value(line: Paragraph, value: str) -> Paragraph:
    """A row of a stamp as the component it holds: without its label, and without a look of its own."""
    return replace(line, text=value, runs=(), is_part=True)


def _names(above: Sequence[Paragraph], heading: Paragraph, found: Blocks) -> list[Paragraph]:
    column = heading.cell[2] if heading.cell is not None else 0
    return [
        line
        for line in above
        if line.cell is not None
        and line.cell[2] < column
        and any(char.isalpha() for char in line.stripped)
        and line is not found.number
        and line is not found.date
    ]


def _mark(above: Sequence[Paragraph], heading: Paragraph, found: Blocks) -> Paragraph | None:
    column = heading.cell[2] if heading.cell is not None else 0
    left = [line for line in above if line.cell is not None and line.cell[2] < column]
    return next(
        (
            line
            for line in left
            if line is not found.number and (is_line(line) or (line.stripped and MARK.match(line.text)))
        ),
        None,
    )


def _is_parted(lines: Sequence[Paragraph], start: int) -> bool:
    """Whether a line is drawn across the page before the components: a rule, a border, the edge of their table."""
    before = [line for line in lines[max(0, start - 2) : start] if line.cell is None]
    return any(is_line(line) for line in before) or _has_upper_edge(lines[start])


def _has_upper_edge(line: Paragraph) -> bool:
    table = None if line.element is None else next(line.element.iterancestors("{*}tbl"), None)
    edges = [] if table is None else list(table.iterfind("./{*}tblPr/{*}tblBorders/{*}top"))
    edges += [] if table is None else list(table.iterfind("./{*}tr[1]/{*}tc/{*}tcPr/{*}tcBorders/{*}top"))
    return any(edge.get(w("val")) not in ("nil", "none") for edge in edges)


def _family(copy: Copy, copied: Blocks) -> str:
    mark = copy.blocks.issuer_mark.stripped if copy.blocks.issuer_mark is not None else ""
    known = all_profiles().values()
    for said in (
        {each.family for each in known if _is_of(copy.heading, each.copies)},
        # an asterisk under the name
        {each.family for each in known if mark and each.shapes.issuer_mark == mark},
    ):
        if len(said) == 1:
            return said.pop()
    return family_of(copy.blocks if copy.blocks.number is not None else copied)


def _is_of(heading: Paragraph, copies: Copies) -> bool:
    key = vietnamese.compare_key(heading.stripped)
    return any(vietnamese.compare_key(text) == key for text in copies.headings)


# --- judging -----------------------------------------------------------------------------------------------------


def _heading(findings: Findings, copy: Copy, profile: Profile) -> None:
    if not _is_of(copy.heading, profile.copies):
        findings.block(
            "TT19",
            say("How the paper was copied is said otherwise than the form prescribes."),
            copy.heading,
            needed=" / ".join(profile.copies.headings),
        )
    look = profile.copies.heading
    compare(findings, Wanted("TT19", WARN, say("Heading of the copy"), look, upper=True), [copy.heading])


def _labels(findings: Findings, copy: Copy, profile: Profile) -> None:
    for part, label in profile.copies.labels.items():
        if part not in copy.labelled or not copy.labelled[part][1]:
            findings.block("TT19", say("The stamp of the copy has no row “{label}”.", label=label), copy.heading)
    if "kind" in copy.labelled and (said := copy.labelled["kind"][1]):
        known = {vietnamese.compare_key(kind) for kind in profile.copies.kinds}
        if vietnamese.compare_key(said.strip(" .;")) not in known:
            findings.block(
                "TT19",
                say("How the paper was copied is said otherwise than the form prescribes."),
                copy.labelled["kind"][0],
                needed=" / ".join(profile.copies.kinds),
            )


def _name(findings: Findings, copy: Copy, profile: Profile) -> None:
    names = copy.blocks.names
    if profile.copies.labels:
        return
    if not names:
        findings.block(
            "TT19",
            say("The body that copied the paper is not named at the left."),
            copy.heading,
            mend=say("Write its name in capitals, in bold."),
        )
        return
    # a superior may stand over it, in plain letters
    compare(
        findings,
        Wanted(
            "TT19",
            BLOCK,
            say("Name of the body that copied the paper"),
            profile.styles["VTCoQuan"],
            upper=True,
            skip=frozenset({"underline"}),
        ),
        names[-1:],
    )
    head.check_issuer_mark(findings, copy.blocks, profile)


def _number(findings: Findings, copy: Copy, profile: Profile) -> None:
    line = copy.blocks.number
    wanted = _wanted_number(copy, profile)
    if line is None:
        findings.block("TT19", say("The copy has no number of its own."), copy.heading, needed=wanted)
        return
    said = vietnamese.clean(line.stripped)
    code = _code(copy, profile)
    shapes = [_pattern(shape, code) for shape in profile.copies.number_lines]
    if not any(re.fullmatch(shape, said) for shape in shapes):
        findings.block(
            "TT19",
            say("Number and symbol of the copy are not written as the form prescribes."),
            line,
            needed=wanted,
            mend=say("Under 10 one leading zero; no blanks within the symbol."),
        )
    if not profile.copies.labels:
        compare(findings, Wanted("TT19", WARN, say("Number and symbol of the copy"), profile.styles["VTSo"]), [line])


def _code(copy: Copy, profile: Profile) -> str:
    key = vietnamese.compare_key(copy.heading.stripped)
    return next((code for text, code in profile.copies.headings.items() if vietnamese.compare_key(text) == key), "")


def _pattern(shape: str, code: str) -> str:
    """A shape of the number line as an expression; any abbreviation will do where none is known."""
    # a blank for the number is filled in when it is known
    parts = {"number": r"(?:0[1-9]|[1-9]\d+|[\s\u00a0.…_]*)", "type": re.escape(code) or r"\w+", "issuer": r"[^\s/]+"}
    pattern = re.escape(shape)
    for name, part in parts.items():
        pattern = pattern.replace(re.escape(f"{{{name}}}"), part)
    return pattern


def _wanted_number(copy: Copy, profile: Profile) -> str:
    line = copy.blocks.number
    figures = _FIGURES.search(line.stripped) if line is not None else None
    number = profile.number(int(figures[0])) if figures is not None else "…"
    code = _code(copy, profile) or next(iter(profile.copies.headings.values()))
    shape = profile.copies.number_lines[0]
    symbol = re.split(r"[/\-–]", line.stripped)[-1].strip() if line is not None else "…"
    return shape.replace("{number}", number).replace("{type}", code).replace("{issuer}", symbol)
