"""TT05 to TT08: the head of a document, and that it is of one system only (Party or State)."""

import datetime as dt
import re
from typing import Final

from pipeline import vietnamese
from pipeline.form.checking.facts import Facts
from pipeline.form.checking.recognising import Blocks, same_words
from pipeline.form.checking.telling import E, Telling, W, Wanted, compare
from pipeline.form.checking.walking import Para
from pipeline.form.profile import Line, Profile, all_profiles
from pipeline.messages import say
from pipeline.model import Said

_BLANK: Final = r"[\s\u00a0]{2,}"
_DOTTED: Final = re.compile(r"[.…_]{2,}")
_NUMBER_PARTS: Final = re.compile(
    r"^\s*số\s*(?P<colon>[:：]?)[\s\u00a0]*(?P<number>\d*)[\s\u00a0]*(?P<mark>[-–/])", re.IGNORECASE
)
_DATE_PARTS: Final = re.compile(
    r"^(?P<place>.*?)[\s,]*\bngày\s*(?P<day>\d{1,2})\s*tháng\s*(?P<month>\d{1,2})\s*năm\s*(?P<year>\d{4})\s*[.,]?$",
    re.IGNORECASE,
)
_LETTER: Final = "công văn"


def own_text(para: Para, pattern: re.Pattern[str]) -> str:
    """The piece of a line (divided by tabs) that matches, the whole line when none does."""
    for piece in re.split(r"[\t\n]", para.text):
        if pattern.search(piece.strip()):
            return piece.strip()
    return para.bare


def other_families(profile: Profile) -> list[Profile]:
    """The forms of the other system."""
    return [each for each in all_profiles().values() if each.family != profile.family]


def mixed(telling: Telling, profile: Profile, what: Said, para: Para, needed: Said | str | None = None) -> None:
    """TT05: something of the other system."""
    sentence = (
        say("{what}: this is the State form in a Party document.", what=what)
        if profile.family == "party"
        else say("{what}: this is the Party form in a State document.", what=what)
    )
    telling.tell(
        "TT05", E, sentence, para, needed=needed, mend=say("Write it as the form of this document prescribes.")
    )


# --- names -------------------------------------------------------------------------------------------------------


def check_head(telling: Telling, found: Blocks, profile: Profile, facts: Facts) -> None:
    """TT05, TT06: title, motto, the names of superior and issuing body, the marks under them."""
    if found.is_appendix:
        return
    own, other = (
        found.titles.get(profile.family),
        next((para for family, para in found.titles.items() if family != profile.family), None),
    )
    if other is not None:
        mixed(telling, profile, say("Title of the head"), other, profile.texts_["head_title"])
    _title(telling, found, own, profile, is_missing=own is None and other is None)
    _motto(telling, found, profile)
    _names(telling, found, profile, facts)
    _issuer_mark(telling, found, profile)


def _title(telling: Telling, found: Blocks, own: Para | None, profile: Profile, *, is_missing: bool) -> None:
    wanted = profile.texts_["head_title"]
    if is_missing:
        telling.tell(
            "TT06",
            E,
            say("The head has no title."),
            needed=wanted,
            mend=say("Write the title at the top right of the first page."),
        )
    if own is None:
        return
    folded = vietnamese.fold(wanted).lower()
    pieces = [piece.strip() for piece in re.split(r"[\t\n]", own.text) if same_words(piece, folded)]
    if not any(vietnamese.new_tones(piece) == vietnamese.new_tones(wanted) for piece in pieces):
        telling.tell(
            "TT06", E, say("The title of the head is misspelt."), own, needed=wanted, mend=say("Write it exactly so.")
        )
    compare(
        telling,
        Wanted("TT06", E, say("Title of the head"), profile.styles["VTTieuDe"], skip=frozenset({"underline"})),
        [own],
    )
    above_rule = found.motto if profile.texts_["head_motto"] and found.motto is not None else own
    if not found.rules and not any(run.look.underline for run in above_rule.inked):
        telling.tell(
            "TT06",
            E,
            say("There is no line under the title of the head."),
            above_rule,
            mend=say("Draw a solid line under it, as long as the text."),
        )


def _motto(telling: Telling, found: Blocks, profile: Profile) -> None:
    wanted = profile.texts_["head_motto"]
    if found.motto is not None and not wanted:
        mixed(telling, profile, say("Motto of the State"), found.motto)
    elif wanted and found.motto is None and found.title is not None:
        telling.tell("TT06", E, say("The motto under the title is missing."), found.title, needed=wanted)
    elif wanted and found.motto is not None:
        if not any(piece.strip() == wanted for piece in re.split(r"[\t\n]", found.motto.text)):
            telling.tell(
                "TT06",
                E,
                say("The motto under the title is misspelt."),
                found.motto,
                needed=wanted,
                mend=say("Write it exactly so."),
            )
        look = profile.styles["VTTieuNgu"]
        compare(telling, Wanted("TT06", E, say("Motto"), look, skip=frozenset({"underline"})), [found.motto])


def _names(telling: Telling, found: Blocks, profile: Profile, facts: Facts) -> None:
    if not found.names:
        telling.tell(
            "TT06",
            E,
            say("The issuing body is not named at the top left."),
            mend=say("Write the superior's name and, in bold under it, the issuing body's."),
        )
        return
    parents, issuer = _split_names(found.names, facts)
    said = " ".join(para.bare for para in issuer)
    if facts.issuer and vietnamese.compare_key(said) != vietnamese.compare_key(facts.issuer):
        telling.tell("TT06", E, say("The issuing body is named otherwise."), issuer[0], needed=facts.issuer.upper())
    skip = frozenset({"underline"})
    over, own = profile.styles["VTCapTren"], profile.styles["VTCoQuan"]
    compare(telling, Wanted("TT06", E, say("Name of the superior body"), over, upper=True, skip=skip), parents)
    compare(telling, Wanted("TT06", E, say("Name of the issuing body"), own, upper=True, skip=skip), issuer)


def _split_names(names: list[Para], facts: Facts) -> tuple[list[Para], list[Para]]:
    """The superior's lines, and the issuing body's: those whose text is known to be its own, else the bold ones."""
    wanted = vietnamese.compare_key(facts.issuer)
    for count in range(1, len(names) + 1):
        if wanted and vietnamese.compare_key(" ".join(para.bare for para in names[-count:])) == wanted:
            return names[:-count], names[-count:]
    count = 0
    while count < len(names) and all(run.look.bold for run in names[-1 - count].inked):
        count += 1
    count = max(1, count)
    return names[:-count], names[-count:]


def _issuer_mark(telling: Telling, found: Blocks, profile: Profile) -> None:
    mark, wanted = found.issuer_mark, profile.shapes.issuer_mark
    is_star = mark is not None and mark.bare == "*"
    if not found.names:
        return
    if isinstance(wanted, Line):
        if is_star and mark is not None:
            mixed(telling, profile, say("Asterisk under the issuing body's name"), mark)
        elif mark is None and not any(para.is_ruled for para in found.names):
            telling.tell(
                "TT06",
                E,
                say("There is no line under the issuing body's name."),
                found.names[-1],
                mend=say("Draw a solid line of a third to a half of the name's length."),
            )
    elif mark is None or mark.bare != wanted:
        telling.tell(
            "TT06",
            E,
            say("The mark under the issuing body's name is missing or another one."),
            mark or found.names[-1],
            needed=wanted,
            mend=say("Write it on a line of its own."),
        )


# --- number ------------------------------------------------------------------------------------------------------


def check_number(telling: Telling, found: Blocks, profile: Profile, facts: Facts) -> None:
    """TT07: number and symbol; what is of the other system is TT05."""
    if found.is_appendix:
        return
    para = found.number
    if para is None:
        if facts.prints_number and _has_number(found, profile):
            telling.tell(
                "TT07",
                E,
                say("There is no line with number and symbol."),
                found.type,
                needed=profile.number_line(None, _type_code(found, profile), facts.symbol or "…"),
            )
        return
    text = own_text(para, re.compile(r"^số\b", re.IGNORECASE))
    if (parts := _parsed(text, profile)) is not None:
        _check_parts(telling, found, para, parts, profile, facts)
    elif not _DOTTED.search(text):  # a dotted blank is told as such (TT15)
        _misshaped(telling, found, para, text, profile, facts)
    compare(telling, Wanted("TT07", W, say("Number and symbol"), profile.styles["VTSo"]), [para])


def _has_number(found: Blocks, profile: Profile) -> bool:
    if found.type is None:
        return bool(found.letter_subject)
    return vietnamese.compare_key(found.type.bare) in {
        vietnamese.compare_key(name) for name in profile.types if "giao ước" not in name
    }


def _type_code(found: Blocks, profile: Profile) -> str:
    key = vietnamese.compare_key(found.type.bare if found.type is not None else _LETTER)
    return next((code for name, code in profile.types.items() if vietnamese.compare_key(name) == key), "")


def _parsed(text: str, profile: Profile) -> tuple[str, str, str] | None:
    """Number ("" when blank), type and issuer of a well-formed line."""
    shape = re.escape(profile.shapes.number_line).replace(r"\{", "{").replace(r"\}", "}")
    shape = shape.replace(r"\ {number}", f"(?P<number> 0[1-9]| [1-9]\\d+|{_BLANK})")
    shape = shape.replace("{type}", r"(?P<type>[^\W_]+)").replace("{issuer}", r"(?P<issuer>[^\s/]+)")
    match = re.fullmatch(shape, text)
    return None if match is None else (match["number"].strip(), match["type"], match["issuer"])


def _check_parts(
    telling: Telling, found: Blocks, para: Para, parts: tuple[str, str, str], profile: Profile, facts: Facts
) -> None:
    number, code, issuer = parts
    wanted = _type_code(found, profile)
    is_state_letter = found.type is None and not wanted
    others = {each for other in other_families(profile) for each in other.types.values()}
    if code not in profile.types.values() and not is_state_letter:
        if code in others:
            mixed(telling, profile, say("Abbreviation “{code}” of the type", code=code), para, wanted or None)
        else:
            telling.tell(
                "TT07",
                E,
                say("“{code}” is no abbreviation of a type of document.", code=code),
                para,
                needed=wanted or None,
            )
    elif is_state_letter and code == "CV":
        mixed(telling, profile, say("Abbreviation “{code}” of the type", code=code), para)
    elif wanted and code != wanted:
        telling.tell(
            "TT07",
            E,
            say("The abbreviation in the number does not belong to the type of the document."),
            para,
            needed=wanted,
        )
    elif not is_state_letter and number and not re.match(profile.number_regex, f"{_again(parts, profile)}"):
        telling.tell("TT07", E, say("Number and symbol are not written as the form prescribes."), para)
    if facts.symbol and not is_state_letter and issuer != facts.symbol:
        telling.tell("TT07", E, say("The symbol is not that of the issuing body."), para, needed=facts.symbol)


def _again(parts: tuple[str, str, str], profile: Profile) -> str:
    number, code, issuer = parts
    return profile.shapes.number_line.format(number=number, type=code, issuer=issuer)


def _misshaped(telling: Telling, found: Blocks, para: Para, text: str, profile: Profile, facts: Facts) -> None:
    parts = _NUMBER_PARTS.match(text)
    shape = profile.shapes.number_line
    colon, mark = ":" in shape, shape.partition("{number}")[2][:1]
    symbol = facts.symbol or re.split(r"[/\-–]", text)[-1].strip() or "…"
    needed = profile.number_line(None, _type_code(found, profile) or "…", symbol)
    if parts is not None and parts["number"]:
        needed = profile.number_line(int(parts["number"]), _type_code(found, profile) or "…", symbol)
    is_foreign = parts is not None and (bool(parts["colon"]) != colon or parts["mark"] not in (mark, "–"))
    if is_foreign:
        mixed(telling, profile, say("Number and symbol"), para, needed)
    else:
        telling.tell(
            "TT07",
            E,
            say("Number and symbol are not written as the form prescribes."),
            para,
            needed=needed,
            mend=say("Under 10 one leading zero; no blanks within the symbol."),
        )


# --- date --------------------------------------------------------------------------------------------------------


def date_of(found: Blocks) -> dt.date | None:
    """The document's own date, None when its line cannot be read."""
    if found.date is None:
        return None
    match = _DATE_PARTS.match(own_text(found.date, _DATE_PARTS))
    return None if match is None else _real(match)


def _real(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def check_date(telling: Telling, found: Blocks, profile: Profile, facts: Facts) -> None:
    """TT08: place and date."""
    if found.is_appendix:
        return
    para = found.date
    if para is None:
        is_minutes = found.type is not None and vietnamese.compare_key(found.type.bare) == "biên bản"
        if not is_minutes or profile.shapes.minutes_have_date:
            telling.tell(
                "TT08",
                E,
                say("There is no line with place and date."),
                found.number or found.title,
                needed=profile.shapes.place_date.format(
                    place="…", date=profile.long_date(facts.on) if facts.on else "ngày … tháng … năm …"
                ),
            )
        return
    match = _DATE_PARTS.match(own_text(para, _DATE_PARTS))
    if match is None:
        telling.tell(
            "TT08",
            E,
            say("The date is not complete or not in figures."),
            para,
            mend=say("Write the day, the month and the year in figures."),
        )
    else:
        _check_day(telling, para, match, profile, facts)
    compare(telling, Wanted("TT08", W, say("Place and date"), profile.styles["VTNgay"]), [para])


def _check_day(telling: Telling, para: Para, match: re.Match[str], profile: Profile, facts: Facts) -> None:
    on = _real(match)
    if on is None:
        telling.tell("TT08", E, say("There is no such day in the calendar."), para)
        return
    needed = profile.shapes.place_date.format(place=match["place"].strip(), date=profile.long_date(on))
    if own_text(para, _DATE_PARTS).replace("\u00a0", " ") != needed or not match["place"].strip():
        telling.tell(
            "TT08",
            E,
            say("Place and date are not written as the form prescribes."),
            para,
            needed=needed,
            mend=say("A comma after the place; a leading zero for days under 10 and for months 1 and 2 only."),
        )
    if facts.on is not None and on != facts.on:
        telling.tell(
            "TT08", E, say("The date is not the day of the document."), para, needed=profile.long_date(facts.on)
        )
    elif facts.today is not None and on > facts.today:
        telling.tell("TT08", E, say("The date lies in the future."), para, needed=profile.long_date(facts.today))
