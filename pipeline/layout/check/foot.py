"""TT13, TT14: who signs and how; Nơi nhận."""

import re
from typing import Final

from pipeline import vietnamese
from pipeline.layout.check.layout import AUTHORITY, RANK, Blocks, Signature, is_upper
from pipeline.layout.check.telling import E, Telling, W, Wanted, compare, mixed
from pipeline.layout.check.walking import Para
from pipeline.layout.profile import Profile
from pipeline.messages import say

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
_DEPUTY: Final = re.compile(r"PHÓ\b")
_WITH_BODY: Final = re.compile(rf"(?:PHÓ )?(?:{_POSITIONS})\s+(?:{_BODIES})\b")
_KEEPS_NO_FILE: Final = frozenset({"biên bản", "giao ước thi đua"})


def check_signatures(telling: Telling, found: Blocks, profile: Profile) -> None:
    """TT13."""
    if not found.signatures and not found.is_appendix and found.title is not None:
        telling.tell(
            "TT13",
            E,
            say("Nobody signs: no position in capitals with a name under it was found at the end."),
            found.last or found.recipients,
            mend=say("Write position and name of the signer at the lower right."),
        )
    is_joint = len(found.signatures) > 1
    for signature in found.signatures:
        authority, positions = _parts(signature, profile)
        if authority is not None:
            _authority(telling, authority, positions, profile)
        _looks(telling, signature, authority, positions, profile, is_joint=is_joint)
        if not is_joint:
            _body_named(telling, signature, positions, profile)
        _name(telling, signature, profile)


def _parts(signature: Signature, profile: Profile) -> tuple[Para | None, list[Para]]:
    """The line with an authority mark, and the lines of the position."""
    authority = next((line for line in signature.lines if AUTHORITY.match(line.bare)), None)
    return authority, [line for line in signature.lines if line is not authority and is_upper(line.bare)]


def _authority(telling: Telling, authority: Para, positions: list[Para], profile: Profile) -> None:
    words = authority.bare.split()
    mark, whom = words[0], vietnamese.new_tones(" ".join(words[1:]))
    others = {"TM.", "KT.", "TL.", "TUQ."} if profile.family == "party" else {"T/M", "K/T", "T/L"}
    known = {*profile.authority_marks, "Q."}
    if mark not in known:
        if mark in others:
            mixed(telling, profile, say("Mark of authority “{mark}”", mark=mark), authority, _own_mark(mark, profile))
        else:
            telling.tell(
                "TT13",
                E,
                say("“{mark}” is no mark of authority of this form.", mark=mark),
                authority,
                needed=", ".join(profile.authority_marks),
            )
    role = {"T": "on_behalf", "K": "for_head"}.get(mark[:1], "")
    role = "" if mark[1:].strip("./").startswith(("L", "U")) else role
    position = vietnamese.new_tones(positions[0].bare) if positions else ""
    _matrix(telling, authority, role, whom, position)


def _own_mark(mark: str, profile: Profile) -> str:
    letters = re.sub(r"[./]", "", mark)
    return next((each for each in profile.authority_marks if re.sub(r"[./]", "", each) == letters), "")


def _matrix(telling: Telling, authority: Para, role: str, whom: str, position: str) -> None:
    """Who may sign how: for a head only a deputy, on behalf only of a collective, and always with a position."""
    if role and not position:
        telling.tell("TT13", E, say("Under the mark of authority the signer's position is missing."), authority)
    elif role == "for_head" and not _DEPUTY.match(position):
        telling.tell(
            "TT13",
            E,
            say("For a head (K/T, KT.) only a deputy signs."),
            authority,
            found=f"{authority.bare} / {position}",
        )
    elif role == "for_head" and _COLLECTIVE.search(whom) and not _HEAD.match(whom):
        telling.tell("TT13", E, say("Nobody signs K/T for a collective; write T/M."), authority)
    elif role == "on_behalf" and _HEAD.match(whom):
        telling.tell("TT13", E, say("One signs on behalf (T/M, TM.) of a collective, not of a person."), authority)


def _looks(
    telling: Telling,
    signature: Signature,
    authority: Para | None,
    positions: list[Para],
    profile: Profile,
    *,
    is_joint: bool,
) -> None:
    if authority is not None:
        look = profile.styles["VTQuyenHan"]
        compare(telling, Wanted("TT13", W, say("Mark of authority"), look, upper=True), [authority])
    look = profile.styles["VTChucVu"]
    skip = frozenset({"bold"}) if is_joint else frozenset()  # organisations are bold, positions may not be
    headings = {vietnamese.compare_key(profile.texts_[name]) for name in ("minutes_writer", "minutes_chair")}
    plain = [line for line in positions if vietnamese.compare_key(line.bare) not in headings]
    compare(telling, Wanted("TT13", W, say("Position of the signer"), look, skip=skip), plain)
    if signature.name is not None:
        compare(telling, Wanted("TT13", W, say("Name of the signer"), profile.styles["VTHoTen"]), [signature.name])


def _body_named(telling: Telling, signature: Signature, positions: list[Para], profile: Profile) -> None:
    """No organisation after the title, but in the “kiêm” block of a body without a seal."""
    text = vietnamese.new_tones(" ".join(line.bare for line in positions))
    is_kiem = any(
        vietnamese.compare_key(line.bare) == vietnamese.compare_key(profile.texts_["concurrently"])
        or " KIÊM " in f" {line.bare.upper()} "
        for line in signature.lines
    )
    if _WITH_BODY.match(text) and not is_kiem and profile.family == "party":
        telling.tell(
            "TT13",
            E,
            say("The organisation's name does not stand after the signer's title."),
            positions[0],
            found=text,
            mend=say("Leave the organisation's name out; the head of the document names it."),
        )


def _name(telling: Telling, signature: Signature, profile: Profile) -> None:
    name = signature.name
    if name is None:
        telling.tell("TT13", E, say("The signer's name is missing."), signature.lines[-1])
        return
    if _LEARNED.match(name.bare) or (profile.family == "party" and RANK.match(name.bare)):
        telling.tell(
            "TT13",
            E,
            say("No degree, rank or title of honour stands before the signer's name."),
            name,
            mend=say("Leave it out."),
        )
    elif is_upper(name.bare):
        telling.tell("TT13", W, say("The signer's name is not written in capitals."), name, needed=name.bare.title())


# --- recipients --------------------------------------------------------------------------------------------------


def check_recipients(telling: Telling, found: Blocks, profile: Profile) -> None:
    """TT14."""
    label, lines = found.recipients, found.recipient_lines
    if label is None:
        _missing(telling, found, profile)
        return
    text = profile.texts_["recipients_label"]
    if label.bare != text:
        telling.tell("TT14", W, say("The heading of Nơi nhận is written otherwise."), label, needed=text)
    look = profile.styles["VTNoiNhan"]
    if _is_of_other_family(label, profile):
        mixed(telling, profile, say("Look of “Nơi nhận”"), label)
    else:
        compare(telling, Wanted("TT14", W, say("Heading of Nơi nhận"), look), [label])
    if not lines:
        telling.tell("TT14", W, say("Nobody is named under Nơi nhận."), label)
    small = profile.styles["VTNoiNhanMuc"]
    compare(telling, Wanted("TT14", W, say("List of recipients"), small), lines)
    for line in lines:
        _line(telling, line, profile, is_last=line is lines[-1])


def _missing(telling: Telling, found: Blocks, profile: Profile) -> None:
    key = vietnamese.compare_key(found.type.bare) if found.type is not None else "công văn"
    is_listed = any(key == vietnamese.compare_key(name) for name in profile.types) or found.type is None
    if found.signatures and not found.is_appendix and is_listed and key not in _KEEPS_NO_FILE:
        telling.tell(
            "TT14",
            W,
            say("There is no list of recipients (Nơi nhận)."),
            found.signatures[0].lines[0],
            mend=say("Add it at the lower left."),
        )


def _is_of_other_family(label: Para, profile: Profile) -> bool:
    looks = [run.look for run in label.inked]
    if profile.family == "party":
        return bool(looks) and all(look.bold and look.italic for look in looks)
    return bool(looks) and all(look.underline and not look.bold for look in looks)


def _line(telling: Telling, line: Para, profile: Profile, *, is_last: bool) -> None:
    start, end, last, copy = (
        profile.texts_[name] for name in ("recipient_start", "recipient_end", "recipient_last", "file_copy")
    )
    text = line.bare
    if not text.startswith(start):
        telling.tell(
            "TT14", W, say("A recipient begins otherwise than the form prescribes."), line, needed=f"{start}…"
        )
    wanted = last if is_last else end
    if not text.endswith(wanted):
        telling.tell("TT14", W, say("A recipient ends with the wrong sign."), line, needed=wanted)
    bare = text.lstrip("-–+ ")
    if re.match(r"lưu\b", bare, re.IGNORECASE):
        has_colon = bool(re.match(r"lưu\s*:", bare, re.IGNORECASE))
        if has_colon != (":" in copy):
            mixed(telling, profile, say("Line of the file copy"), line, f"{start}{copy}…")
        elif not bare.startswith(copy.split(",")[0].rstrip()):
            telling.tell("TT14", W, say("The file copy is written otherwise."), line, needed=f"{start}{copy}…")
        elif not is_last:
            telling.tell("TT14", W, say("The file copy stands last."), line)
