"""The printed blocks of a document: head and number, signatures, recipients; plain facts in, texts out.

The finer points of the form are decided here and in the profile, so that a template only says where a block stands
(docs/template-names.md lists the names). Nothing here knows a year, a kind or a form's values.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.layout.profile import Profile
from pipeline.layout.styles import GUTTER_MM
from pipeline.layout.typesetting import balanced, held_together, width_mm, wrapped
from pipeline.model import Json, JsonObject
from pipeline.vietnamese import positions, title_in

_TITLE_ROOM_MM = 163.0
_SIDE_MM = 0.4
# a longer trích yếu fills its lines by itself, and the check of the form looks for the mark under it no further
_SUBJECT_LINES = 6
# half of the text block of an upright page in every form, 210 - 30 - 15, without the gutters of its column
_GRID_COLUMN_MM = 165.0 / 2 - 2 * GUTTER_MM
# higher than any signature: a longer list beside it would carry the signature to a page of its own
_LIST_MM = 100.0


@dataclass(frozen=True)
class DocumentFacts:
    """What a document's head, title and properties are made of.

    `parent_lines` and `issuer` are written as they stand in the year's file; `number` is None before numbering;
    `is_numbered` is False for a paper which prints no number at all; `attached_to` is what an appendix belongs to
    ("Kế hoạch số 01-KH/CTĐ4, ngày 27/5/2022"); `appendix_number` is 0 when there is only one.
    """

    code: str
    title: str
    type_code: str
    subject: str
    symbol: str
    on: dt.date
    place: str
    parent_lines: tuple[str, ...]
    issuer: str
    issuer_name: str = ""
    number: int | None = None
    is_numbered: bool = True
    is_minutes: bool = False
    grounds: tuple[str, ...] = ()
    attached_to: str = ""
    appendix_number: int = 0
    revision: int = 1

    @property
    def title_and_subject(self) -> str:
        """How the document is cited: "Kế hoạch tổ chức các hoạt động …"."""
        return f"{self.title} {self.subject[:1].lower()}{self.subject[1:]}"


def document(profile: Profile, facts: DocumentFacts) -> JsonObject:
    """The values of `document`."""
    # small in the Party form, capital in the State's (HD05; NĐ30)
    subject = profile.subject(_end_bare(facts.subject))
    reference = profile.reference(facts.number, facts.type_code, facts.symbol)
    room_mm = profile.head.names_mm[0] - _SIDE_MM
    issuer_lines = _fitting(profile, facts.issuer.upper(), "VTCoQuan", room_mm)
    parent_lines = [
        line for text in facts.parent_lines for line in _fitting(profile, text.upper(), "VTCapTren", room_mm)
    ]
    # NĐ30 Mẫu 1.9: minutes bear no place and date; the Party form wants them on every type
    prints_date = profile.shapes.minutes_have_date or not facts.is_minutes
    place_date = profile.place_date(facts.place, profile.long_date(facts.on))
    # broken by us: left to the page, the name of the body is torn and two syllables stand on a line of their own
    subject_lines = _fitting(profile, subject, "VTTrichYeu", _TITLE_ROOM_MM)
    # it stands below the number, whose column may be another than the names' and begin further in (HD36)
    letter_room_mm = profile.head.dates_mm[0] - profile.styles["VTTrichYeuCV"].left_mm - _SIDE_MM
    about = f"{profile.texts_['letter_subject_start']}{subject[:1].lower()}{subject[1:]}"
    return {
        "code": facts.code,
        "type_name": facts.title.upper(),
        "type": facts.type_code,
        "subject": subject,
        "subject_printed": "\n".join(subject_lines) if len(subject_lines) <= _SUBJECT_LINES else subject,
        "letter_subject": "\n".join(_fitting(profile, about, "VTTrichYeuCV", letter_room_mm)),
        "subject_mark": profile.subject_mark(subject_lines),
        "title": facts.title_and_subject,
        "parent_lines": _json(parent_lines),
        "issuer_lines": _json(issuer_lines),
        "issuer_mark": profile.issuer_mark(issuer_lines),
        "number": "" if facts.number is None else profile.number(facts.number),
        "number_line": profile.number_line(facts.number, facts.type_code, facts.symbol) if facts.is_numbered else "",
        "reference": reference if facts.is_numbered else "",
        "date": facts.on.isoformat(),
        "place": facts.place,
        "place_date": place_date if prints_date else "",
        "grounds": _json(_ground(text) for text in facts.grounds),
        "guide_line": _guide_line(profile, facts),
        "own_guide_line": _own_guide_line(profile, facts, reference),
        "appendix": _appendix(profile, facts.appendix_number),
        "revision": facts.revision,
    }


def _guide_line(profile: Profile, facts: DocumentFacts) -> str:
    """What an appendix belongs to; whose that is is added where nobody said it and its symbol is the body's.

    The page breaks it, upright or lying, where it is longer than a line; names are not torn by that.
    """
    belongs_to = _end_bare(facts.attached_to)
    if not belongs_to:
        return ""
    is_ours = f"/{facts.symbol}" in belongs_to or f"-{facts.symbol}" in belongs_to
    whose = f" của {facts.issuer_name or facts.issuer}" if is_ours and " của " not in belongs_to else ""
    line = f"(Kèm theo {belongs_to}{whose})"
    is_long = width_mm(line, profile.styles["VTPhuLucKem"].size, "italic") > _TITLE_ROOM_MM
    return held_together(line) if is_long else line


def _own_guide_line(profile: Profile, facts: DocumentFacts, reference: str) -> str:
    line = profile.shapes.guide_line.filled(
        {
            "type": facts.title,
            "reference": reference,
            "date": profile.guide_date(facts.on),
            "issuer": facts.issuer_name or facts.issuer,
        }
    )
    if width_mm(line, profile.styles["VTPhuLucKem"].size, "italic") <= _TITLE_ROOM_MM:
        return line
    # not `balanced`: the blanks in which a number will be written stay
    return "\ncủa ".join(line.rsplit(" của ", 1))


def _appendix(profile: Profile, number: int) -> str:
    return f"{profile.shapes.appendix} {profile.appendix_number(number)}" if number else profile.shapes.appendix


def _ground(text: str) -> str:
    bare = _end_bare(text).removeprefix("-").strip()
    # people write the word or leave it out; dash and punctuation are the form's
    rest = bare[len("căn cứ") :].strip() if bare.casefold().startswith("căn cứ") else bare
    return f"Căn cứ {rest}"


def _end_bare(text: str) -> str:
    return text.strip().rstrip(" .,;")


def _fitting(profile: Profile, text: str, style: str, room_mm: float) -> list[str]:
    """A text in a named style, broken evenly where it is too long for the room."""
    look = profile.styles[style]
    return balanced(text, room_mm, look.size, "bold" if look.bold else "italic" if look.italic else "regular")


def _json(lines: Iterable[str]) -> list[Json]:
    return list(lines)


# --- signatures --------------------------------------------------------------------------------------------------


def block(titles: Sequence[str], name: str, *, authority: str = "", organisation: Sequence[str] = ()) -> JsonObject:
    """One signature as a template sees it."""
    return {
        "authority": authority,
        "organisation": _json(organisation),
        "titles": _json(titles),
        "name": name,
    }


@dataclass(frozen=True)
class ClusterSigner:
    """Who signs for a body that has no seal of its own.

    `position` and `organisation` are those of the signer's own office, `role` the title in the body ("Cụm trưởng"),
    `body` the body's name ("Cụm thi đua số 4").
    """

    name: str
    position: str
    organisation: str
    role: str
    body: str


def cluster_signer(profile: Profile, signer: ClusterSigner, style: str = "kiem") -> JsonObject:
    """The block at the right of a cluster's paper: "kiêm" (HD05) or "tm" on demand.

    A State body without a seal prints the title in it and, with the host's seal, the office in the host (3.5).
    """
    own = _titles(profile, title_in(signer.position, signer.organisation))
    role = signer.role.upper()
    # on demand only: a cluster has no committee on whose behalf to sign
    if style == "tm":
        return block([role, *own], signer.name, authority=f"{profile.texts_['on_behalf']} {signer.body.upper()}")
    # NĐ30: with the seal of the host both titles, that of the body first
    if profile.signing.has_both_titles:
        return block([role, *own], signer.name)
    # HD05: here the organisation may stand with the title, and a deputy writes neither K/T nor T/M
    whole = _titles(profile, f"{signer.role} {signer.body}")
    return block([*own, profile.texts_["concurrently"], *whole], signer.name)


def unit_signer(
    profile: Profile, position: str, name: str, *, parent: str = "", mark: str = "", for_whom: str = ""
) -> JsonObject:
    """The block of a unit's own paper, the title without the name of the organisation (HD05).

    `parent` is the body above the unit as the head prints it: "Chánh Văn phòng Đảng ủy" under ĐẢNG ỦY CÔNG AN signs
    as CHÁNH VĂN PHÒNG. `mark` is what the form calls the authority by which the person signs ("for_head"), `for_whom`
    whom it names; "" where the head signs.
    """
    title = positions.title_under(position, parent)
    if mark == "in_charge":
        mark = "for_head" if profile.signing.is_in_charge_for_head else ""
    if mark == "acting":
        return block(_titles(profile, f"{profile.texts_[mark]} {title}"), name)
    words = f"{profile.texts_[mark]} {positions.title_under(for_whom, parent)}" if mark and for_whom else ""
    return block(_titles(profile, title), name, authority="\n".join(_titles(profile, words, "VTQuyenHan")))


def minutes_signers(profile: Profile, writer: str, chair: str) -> tuple[JsonObject, JsonObject]:
    """Left and right block of minutes."""
    # as an authority, in bold: HD05 gives the two texts and no style (decision 0008)
    return (
        block((), writer, authority=profile.texts_["minutes_writer"]),
        block((), chair, authority=profile.texts_["minutes_chair"]),
    )


@dataclass(frozen=True)
class Party:
    """One who signs a joint paper."""

    organisation: str
    position: str
    name: str


def grid(profile: Profile, parties: Sequence[Party]) -> list[Json]:
    """The rows of a signature grid, each of two blocks: the lead first, at the right, the second at its left.

    HD05 II.2 (joint papers): the lead agency signs at the right, others at the left, further ones below. Those stand
    row by row, from left to right; a place that is left over is an empty block.
    """
    blocks = [(*_grid_lines(profile, party), party.name) for party in parties]
    nobody: tuple[list[str], list[str], str] = ([], [], "")
    lead, second, *others = [*blocks, *[nobody] * (2 - len(blocks))]
    others += [nobody] * (len(others) % 2)
    cells = [second, lead, *others]
    return [_grid_row(cells[start : start + 2]) for start in range(0, len(cells), 2)]


def _grid_row(cells: Sequence[tuple[list[str], list[str], str]]) -> list[Json]:
    """One row, every block with as many lines as the longest, so that the names stand level."""
    most = max(len(organisation) + len(titles) for organisation, titles, _ in cells)
    return [
        block(titles + [""] * (most - len(organisation) - len(titles)), name, organisation=organisation)
        for organisation, titles, name in cells
    ]


def witness(profile: Profile, organisation: str, position: str, name: str) -> JsonObject:
    """The block of the body that witnesses a joint paper."""
    whole = [f"CHỨNG KIẾN CỦA {organisation.upper()}"]
    return block(_fitting(profile, position.upper(), "VTChucVu", 120), name, organisation=whole)


def _grid_lines(profile: Profile, party: Party) -> tuple[list[str], list[str]]:
    return (
        _fitting(profile, f"ĐẠI DIỆN {party.organisation.upper()}", "VTDonViKy", _GRID_COLUMN_MM),
        _fitting(profile, party.position.upper(), "VTChucVu", _GRID_COLUMN_MM),
    )


def _titles(profile: Profile, text: str, style: str = "VTChucVu") -> list[str]:
    return _fitting(profile, text.upper(), style, profile.head.foot_mm[1] - _SIDE_MM)


# --- recipients --------------------------------------------------------------------------------------------------


def recipients(profile: Profile, lines: Sequence[str], kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The lines of Nơi nhận without dash and punctuation; the "Lưu" lines go last, written as the form wants.

    Where none of them says who keeps a copy, those of `kept` that do are taken over (HD05 2.10, NĐ30 II.9b).
    """
    if not any(map(_is_file_copy, lines)):
        lines = [*lines, *filter(_is_file_copy, kept)]
    bare = [_end_bare(line).removeprefix("-").strip() for line in lines if line.strip()]
    # HD05, NĐ30: who keeps a copy comes last, wherever people typed it
    sent = [line for line in bare if not _is_file_copy(line)]
    kept = [
        # "Lưu: VT, …" is the State's pattern, "Lưu Văn phòng …" the Party's; people type either
        profile.texts_["file_copy"] + line[len("Lưu") :].strip(" :").removeprefix("VT,").strip()
        for line in bare
        if _is_file_copy(line)
    ]
    return (*sent, *kept)


def person_sent_to(profile: Profile, name: str) -> str:
    """The line of Nơi nhận of a person whom a paper charges with something (0056: comrades, or names alone)."""
    return f"{profile.texts_['person_charged']}{name} (để thực hiện)" if name else ""


def stand_below(profile: Profile, lines: Sequence[str]) -> bool:
    """Whether the lines of Nơi nhận are too many to stand beside the signature: then they stand below it."""
    look = profile.styles["VTNoiNhanMuc"]
    room_mm = profile.head.foot_mm[0] - look.hanging_mm
    figure, rule = look.spacing
    line_mm = (figure if rule == "exact" else figure * look.size * 1.15) * 25.4 / 72
    count = sum(len(wrapped(f"- {line};", room_mm, look.size)) for line in lines)
    return count * line_mm > _LIST_MM


def _is_file_copy(line: str) -> bool:
    return line.lstrip("- ").split(" ", maxsplit=1)[0].rstrip(".,;:").casefold() == "lưu"
