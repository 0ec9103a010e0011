"""TT13, TT14: who signs and how; Nơi nhận."""

import re
from typing import Final, TypeAlias

from pipeline import vietnamese
from pipeline.layout.check.blocks import AUTHORITY, RANK, Blocks, Signature, holds_placeholder, is_upper
from pipeline.layout.check.changes import rewording
from pipeline.layout.check.findings import WARN, Findings, Wanted, compare, mixed, other_families
from pipeline.layout.check.word_document import Paragraph
from pipeline.layout.profile import Profile
from pipeline.messages import say

_GAP: Final = re.compile(r"(?<=[;.,])[ \u00a0]{2,}|\t")
_LEARNED: Final = re.compile(
    r"^(?:GS|PGS|TS|TSKH|ThS|Th\.S|CN|KS|BS|LS|DS|NSND|NSƯT|NGND|NGƯT|AHLĐ|Giáo sư|Phó Giáo sư|Tiến sĩ|Thạc sĩ"
    r"|Cử nhân|Kỹ sư|Luật sư|Bác sĩ)(?:\.|\s)"
)
#: Positions of single persons; what a person cannot sign on behalf of; what may not follow a position.
_POSITIONS: Final = (
    "CHÁNH VĂN PHÒNG|CHỦ NHIỆM|BÍ THƯ|TRƯỞNG BAN|TỔNG GIÁM ĐỐC|GIÁM ĐỐC|CHỦ TỊCH|CỤM TRƯỞNG|TRƯỞNG PHÒNG"
)
_COLLECTIVES: Final = (
    "BAN THƯỜNG VỤ|BAN CHẤP HÀNH|ĐẢNG ỦY|THÀNH ỦY|TỈNH ỦY|CHI ỦY|CHI BỘ|ĐẢNG BỘ|ỦY BAN|HỘI ĐỒNG|BAN CHỈ ĐẠO"
    "|TIỂU BAN|ĐẠI HỘI|ĐOÀN CHỦ TỊCH|BỘ CHÍNH TRỊ|BAN BÍ THƯ|CỤM|TẬP THỂ"
)
_BODIES: Final = "ĐẢNG ỦY|THÀNH ỦY|TỈNH ỦY|TỔNG CÔNG TY|CÔNG TY|CỤM THI ĐUA|VĂN PHÒNG|BAN TỔ CHỨC|ỦY BAN|SỞ|LIÊN ĐOÀN"
_COLLECTIVE: Final = re.compile(_COLLECTIVES)
_HEAD: Final = re.compile(f"(?:{_POSITIONS})")
_DEPUTY: Final = re.compile(r"(?:PHÓ|THỨ TRƯỞNG)\b")
_WITH_BODY: Final = re.compile(rf"(?:PHÓ )?(?:{_POSITIONS})\s+(?:{_BODIES})\b")
_WITHOUT_RECIPIENTS: Final = frozenset({"biên bản", "giao ước thi đua"})


def check_signatures(findings: Findings, found: Blocks, profile: Profile) -> None:
    """TT13."""
    if not found.signatures and not found.is_appendix and found.title is not None:
        findings.block(
            "TT13",
            say("Nobody signs: no position in capitals with a name under it was found at the end."),
            found.last or found.recipients,
            mend=say("Write position and name of the signer at the lower right."),
        )
    is_joint = len(found.signatures) > 1
    for signature in found.signatures:
        authority, positions = _parts(signature, profile)
        if authority is not None:
            _authority(findings, authority, positions, profile)
        _formats(findings, signature, authority, positions, profile, is_joint=is_joint)
        # in a joint paper each title stands with its organisation (HD05 II)
        if not is_joint:
            _body_named(findings, signature, positions, profile)
        _name(findings, signature, profile)


def _parts(signature: Signature, profile: Profile) -> tuple[Paragraph | None, list[Paragraph]]:
    """The line with an authority mark, and the lines of the position."""
    marked = [line for line in signature.lines if AUTHORITY.match(line.stripped)]
    # "TL. …" and under it "KT. …": who signs for the head that was ordered to; the last is the signer's own
    authority = marked[-1] if marked else None
    others = [line for line in signature.lines if all(line is not each for each in marked)]
    return authority, [line for line in others if is_upper(line.stripped)]


def _authority(findings: Findings, authority: Paragraph, positions: list[Paragraph], profile: Profile) -> None:
    words = re.sub(r"^(\w+\.)(?=\w)", r"\1 ", authority.stripped).split()
    mark, whom = words[0], vietnamese.new_tones(" ".join(words[1:]))
    known = {*profile.authority_marks, "Q."}
    # the slash is the Party's, the dot the State's
    others = {each for other in other_families(profile) for each in other.authority_marks} - known
    if mark not in known:
        if mark in others:
            own = _own_mark(mark, profile)
            change = rewording(authority, " ".join((own, *words[1:])))
            mixed(findings, profile, say("Mark of authority “{mark}”", mark=mark), authority, own, change)
        else:
            findings.block(
                "TT13",
                say("“{mark}” is no mark of authority of this form.", mark=mark),
                authority,
                needed=", ".join(profile.authority_marks),
            )
    role = {"T": "on_behalf", "K": "for_head"}.get(mark[:1], "")
    # by order (T/L, TL.) and by authorisation (TUQ.): who may sign so is not told by the position
    role = "" if mark[1:].strip("./").startswith(("L", "U")) else role
    position = vietnamese.new_tones(positions[0].stripped) if positions else ""
    _authority_matrix(findings, authority, role, whom, position)


def _own_mark(mark: str, profile: Profile) -> str:
    letters = re.sub(r"[./]", "", mark)
    return next((each for each in profile.authority_marks if re.sub(r"[./]", "", each) == letters), "")


def _authority_matrix(findings: Findings, authority: Paragraph, role: str, whom: str, position: str) -> None:
    """Who may sign how: for a head only a deputy, on behalf only of a collective, and always with a position."""
    # the authority matrix of HD05, the same in NĐ30 but for the marks
    if role and not position:
        findings.block("TT13", say("Under the mark of authority the signer's position is missing."), authority)
    elif role == "for_head" and not _DEPUTY.match(position):
        findings.block(
            "TT13",
            say("For a head (K/T, KT.) only a deputy signs."),
            authority,
            found=f"{authority.stripped} / {position}",
        )
    elif role == "for_head" and _COLLECTIVE.search(whom) and not _HEAD.match(whom):
        findings.block("TT13", say("Nobody signs K/T for a collective; write T/M."), authority)
    elif role == "on_behalf" and _HEAD.match(whom):
        findings.block("TT13", say("One signs on behalf (T/M, TM.) of a collective, not of a person."), authority)


def _formats(
    findings: Findings,
    signature: Signature,
    authority: Paragraph | None,
    positions: list[Paragraph],
    profile: Profile,
    *,
    is_joint: bool,
) -> None:
    if authority is not None:
        look = profile.styles["VTQuyenHan"]
        compare(findings, Wanted("TT13", WARN, say("Mark of authority"), look, upper=True), [authority])
    spoken = [line for line in signature.lines if line is not authority and _is_in_small_letters(line)]
    if spoken and not positions:
        findings.warn(
            "TT13",
            say("The position of the signer is written in capitals."),
            spoken[0],
            needed=spoken[0].stripped.upper(),
        )
    look = profile.styles["VTChucVu"]
    skip = frozenset({"bold"}) if is_joint else frozenset()  # organisations are bold, positions may not be
    # over the names of minutes: in bold, as an authority is (decision 0008)
    headings = {vietnamese.compare_key(profile.texts_[name]) for name in ("minutes_writer", "minutes_chair")}
    plain = [line for line in positions if vietnamese.compare_key(line.stripped) not in headings]
    # a warning only: many offices print a title signed directly in bold, and the text of HD05 does not decide it
    compare(findings, Wanted("TT13", WARN, say("Position of the signer"), look, skip=skip), plain)
    if signature.name is not None:
        compare(
            findings, Wanted("TT13", WARN, say("Name of the signer"), profile.styles["VTHoTen"]), [signature.name]
        )


def _is_in_small_letters(line: Paragraph) -> bool:
    return not is_upper(line.stripped) and not line.stripped.startswith("(") and not holds_placeholder(line.text)


def _body_named(findings: Findings, signature: Signature, positions: list[Paragraph], profile: Profile) -> None:
    """No organisation after the title, but in the “kiêm” block of a body without a seal."""
    # "uỷ" and "ủy" name the same body
    text = vietnamese.new_tones(" ".join(line.stripped for line in positions))
    is_kiem = any(
        vietnamese.compare_key(line.stripped) == vietnamese.compare_key(profile.texts_["concurrently"])
        or " KIÊM " in f" {line.stripped.upper()} "
        for line in signature.lines
    )
    if _WITH_BODY.match(text) and not is_kiem and profile.signing.is_title_bare:
        findings.block(
            "TT13",
            say("The organisation's name does not stand after the signer's title."),
            positions[0],
            found=text,
            mend=say("Leave the organisation's name out; the head of the document names it."),
        )


def _name(findings: Findings, signature: Signature, profile: Profile) -> None:
    name = signature.name
    if name is None:
        findings.block("TT13", say("The signer's name is missing."), signature.lines[-1])
        return
    # HD05 II: neither degree nor rank nor title of honour before the name
    if _LEARNED.match(name.stripped) or (profile.signing.is_rank_left_out and RANK.match(name.stripped)):
        findings.block(
            "TT13",
            say("No degree, rank or title of honour stands before the signer's name."),
            name,
            mend=say("Leave it out."),
        )
    # in ordinary letters in every form (HD05 Phụ lục 2, row 7b; NĐ30 Phụ lục I, 7)
    elif is_upper(name.stripped):
        findings.warn(
            "TT13", say("The signer's name is not written in capitals."), name, needed=name.stripped.title()
        )


# --- recipients --------------------------------------------------------------------------------------------------


def check_recipients(findings: Findings, found: Blocks, profile: Profile) -> None:
    """TT14."""
    label, lines = found.recipients, found.recipient_lines
    if label is None:
        _missing(findings, found, profile)
        return
    text = profile.texts_["recipients_label"]
    if vietnamese.clean(label.text) != text:
        change = rewording(label, text)
        findings.warn("TT14", say("The heading of Nơi nhận is written otherwise."), label, needed=text, change=change)
    look = profile.styles["VTNoiNhan"]
    if _is_of_other_family(label, profile):
        mixed(findings, profile, say("Look of “Nơi nhận”"), label)
    else:
        compare(findings, Wanted("TT14", WARN, say("Heading of Nơi nhận"), look), [label])
    if not lines:
        findings.warn("TT14", say("Nobody is named under Nơi nhận."), label)
    small = profile.styles["VTNoiNhanMuc"]
    compare(findings, Wanted("TT14", WARN, say("List of recipients"), small), lines)
    for line in lines:
        _line(findings, line, profile, is_last=line is lines[-1])


def _missing(findings: Findings, found: Blocks, profile: Profile) -> None:
    key = vietnamese.compare_key(found.type.stripped) if found.type is not None else "công văn"
    is_listed = any(key == vietnamese.compare_key(name) for name in profile.types) or found.type is None
    if found.signatures and not found.is_appendix and is_listed and key not in _WITHOUT_RECIPIENTS:
        findings.warn(
            "TT14",
            say("There is no list of recipients (Nơi nhận)."),
            found.signatures[0].lines[0],
            mend=say("Add it at the lower left."),
        )


def _is_of_other_family(label: Paragraph, profile: Profile) -> bool:
    seen = [(one.bold, one.italic, bool(one.underline)) for one in (run.format for run in label.visible_runs)]
    own = _face(profile)
    # "Nơi nhận": underlined in the Party form, bold italic in the State's
    theirs = [face for face in map(_face, other_families(profile)) if face != own]
    return bool(seen) and any(all(_shows(one, face, own) for one in seen) for face in theirs)


_Face: TypeAlias = tuple[bool, bool, bool]  # bold, italic, underlined


def _face(profile: Profile) -> _Face:
    look = profile.styles["VTNoiNhan"]
    return look.bold, look.italic, look.underline


def _shows(seen: _Face, theirs: _Face, own: _Face) -> bool:
    """Whether letters have all of the other look, and not all of the form's own beside it."""
    has_theirs = all(one for one, wanted in zip(seen, theirs, strict=True) if wanted)
    return has_theirs and not all(one for one, wanted in zip(seen, own, strict=True) if wanted)


def _line(findings: Findings, line: Paragraph, profile: Profile, *, is_last: bool) -> None:
    start, end, last, copy = (
        profile.texts_[name] for name in ("recipient_start", "recipient_end", "recipient_last", "file_copy")
    )
    # a brace and what stands beside it say why some of them are sent the paper
    text = vietnamese.clean(_GAP.split(line.stripped)[0])
    if holds_placeholder(text):
        return
    is_whole = text == vietnamese.clean(line.stripped)  # a line with a brace is not written anew
    if not text.startswith(start.rstrip()) and not line.number:
        findings.warn(
            "TT14",
            say("A recipient begins otherwise than the form prescribes."),
            line,
            needed=f"{start}…",
            change=rewording(line, start + text.lstrip("-–+•* ")) if is_whole else None,
        )
    wanted = last if is_last else end
    if not text.endswith(wanted):
        change = rewording(line, text.rstrip(" .;,/") + wanted) if is_whole else None
        findings.warn("TT14", say("A recipient ends with the wrong sign."), line, needed=wanted, change=change)
    bare = text.lstrip("-–+ ")
    if re.match(r"lưu\b", bare, re.IGNORECASE):
        # "Lưu: VT, …" in the State form, "Lưu Văn phòng …" in the Party's
        # "VT" and the colon are the State's, "Văn phòng" without one the Party's; anything else is a slip
        is_foreign = bool(re.match(r"lưu\s*:\s*VT" if ":" not in copy else r"lưu\s+văn phòng", bare, re.IGNORECASE))
        if is_foreign:
            mixed(findings, profile, say("Line of the file copy"), line, f"{start}{copy}…")
        elif not bare.startswith(copy.split(",")[0].rstrip()):
            findings.warn("TT14", say("The file copy is written otherwise."), line, needed=f"{start}{copy}…")
        elif not is_last:
            findings.warn("TT14", say("The file copy stands last."), line)
