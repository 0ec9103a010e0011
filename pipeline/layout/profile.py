"""A profile: everything one official form prescribes, as data (`profiles/*.yaml`).

The form in force is chosen by the document's own date; the office may force one. A profile gives the fixed texts
templates use (`Profile.texts`), the shapes of numbers and dates, and the looks `apply` puts into a template.
"""

import datetime as dt
import functools
from collections.abc import Mapping
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pipeline import strict_yaml
from pipeline.errors import OperatorError
from pipeline.layout.styles import PARAGRAPHS
from pipeline.layout.typesetting import width_mm
from pipeline.messages import ENGLISH, shown_in
from pipeline.model import JsonObject, TemplateFault, TextTemplate

#: The system of forms a profile belongs to: "party", "state", or whatever the files of profiles name.
Family = str
#: When numbers begin again: with the term of the Party committee (HD05 II.3.1.1), or on 01 January (NĐ30 Điều 15).
NumberCycle = Literal["term", "calendar-year"]

#: Every .yaml in it is a profile.
FOLDER = resources.files(__package__) / "profiles"
_EN_SPACE = "\u2002"
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


class FormError(OperatorError):
    """A profile or template file cannot be used, or there is no profile of that name."""

    exit_code = 24


class NoFormInForce(FormError):  # noqa: N818 - names a state of the world, as pipeline.errors does
    """No official form we know was in force on the document's date."""

    exit_code = 25


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Validity(_Part):
    """First and last day (included) on which documents take this form; no last day while it is in force."""

    from_: dt.date = Field(alias="from")
    to: dt.date | None = None

    def covers(self, on: dt.date) -> bool:
        """Whether a document dated `on` takes this form."""
        return self.from_ <= on and (self.to is None or on <= self.to)


class Page(_Part):
    """Paper and margins in millimetres; `*_allowed_mm` is the range when the form gives one."""

    width_mm: float
    height_mm: float
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    header_mm: float
    footer_mm: float
    tolerance_mm: float
    is_header_bound: bool  #: whether the form says how far from the edge the page number stands
    numbers_at: Literal["top-center", "bottom-right"]
    annex_sizes_mm: tuple[tuple[float, float], ...] = ()  #: other sheets an annex may lie on, the short side first
    top_allowed_mm: tuple[float, float] | None = None
    bottom_allowed_mm: tuple[float, float] | None = None
    left_allowed_mm: tuple[float, float] | None = None
    right_allowed_mm: tuple[float, float] | None = None


class Columns(_Part):
    """Widths of the columns of the head (names | title, number | date) and of the foot, in millimetres."""

    names_mm: tuple[float, float]
    dates_mm: tuple[float, float]
    foot_mm: tuple[float, float]


class Line(_Part):
    """A drawn line as long as this share of the text above it (from, to)."""

    share: tuple[float, float]


def _names(*known: str) -> BeforeValidator:
    """A text of a profile in which these names, and no others, are filled in."""

    def parsed(source: object) -> TextTemplate:
        try:
            # a name nobody fills is a fault of the profile when it is read, not of a document when it is made
            # (decision 0017)
            return TextTemplate.parse(str(source), known)
        except TemplateFault as fault:
            names = ", ".join(f"{{{name}}}" for name in known)
            raise ValueError(f"“{fault.piece}” cannot stand in “{source}”; known are {names}") from fault

    return BeforeValidator(parsed)


class Shapes(_Part):
    """How numbers, dates, headings and marks are written."""

    number_line: Annotated[TextTemplate, _names("number", "type", "issuer")]
    reference: Annotated[TextTemplate, _names("number", "type", "issuer")]
    blank_number: str
    place_date: Annotated[TextTemplate, _names("place", "date")]
    date_long: Annotated[TextTemplate, _names("day", "month", "year")]
    date_short: Annotated[TextTemplate, _names("day", "month", "year")]
    padded_months: int
    guide_line: Annotated[TextTemplate, _names("type", "reference", "date", "issuer")]
    appendix: str
    appendix_numbers: Literal["arabic", "roman"]
    section: str
    minutes_have_date: bool
    subject_capital: bool
    issuer_mark: str | Line
    subject_mark: str | Line
    guide_begins: tuple[str, ...]  #: how the line that says what an appendix belongs to may begin
    guide_date: Literal["short", "long"]
    letter_office: str  #: in the number of a công văn, instead of the type: the office that wrote it; "" for the type


class Signing(_Part):
    """What a form says of signatures beside their look."""

    is_title_bare: bool  #: the name of the body does not stand after the title, unless two titles are joined
    is_rank_left_out: bool  #: neither does a military rank stand before the name
    is_in_charge_for_head: bool  #: a deputy who leads while no head is appointed signs for the head
    has_both_titles: bool  #: of a body without a seal: its title stands over that in the host, not joined to it


class Look(_Part):
    """What one named style looks like: size and spacing in points, lengths in millimetres.

    `sizes`, `lines` and `firsts_mm` are the ranges the form allows (else only the figure itself); `line` is
    "18 exact" (points) or "1.15 times"; `rule_mm` draws a line of that length above the (empty) paragraph.
    """

    size: float
    sizes: tuple[float, float] | None = None
    bold: bool = False
    italic: bool = False
    underline: bool = False
    align: Literal["left", "center", "right", "both"] = "left"
    first_mm: float = 0
    firsts_mm: tuple[float, float] | None = None
    left_mm: float = 0
    right_mm: float = 0
    hanging_mm: float = 0
    before: float = 0
    after: float = 0
    line: str = "1 times"
    lines: tuple[float, float] | None = None
    keep_next: bool = False
    keep_lines: bool = False
    rule_mm: float = 0

    @property
    def spacing(self) -> tuple[float, Literal["exact", "times"]]:
        """The line spacing as a number of points ("exact") or of lines ("times")."""
        figure, rule = self.line.split()
        return float(figure), "exact" if rule == "exact" else "times"


class Copies(_Part):
    """What is written under a paper that is copied.

    `headings` say how it was copied, each with the abbreviation in the copy's number; `heading` is their look.
    `number_lines` are the shapes of that number ({number}, {type}, {issuer}), the first the form's own. A form that
    has the components in a stamp gives the `labels` of its rows by their parts, and the `kinds` one of them names.
    """

    headings: Mapping[str, str]
    heading: Look
    number_lines: tuple[str, ...]
    labels: Mapping[Literal["issuer", "number", "kind", "date", "recipients"], str] = {}
    kinds: tuple[str, ...] = ()


class Joint(_Part):
    """How several bodies issue one paper."""

    between: str  #: what parts their names in the head
    is_lead_right: bool  #: whether the lead signs at the right of the others


class Profile(_Part):
    """One official form with its validity."""

    id: str
    title: str
    family: Family
    called: Mapping[str, str]  #: papers of the family, by language: {"vi": "văn bản của Đảng", "en": "Party"}
    is_presumed: bool = False  #: a paper whose head does not say so is taken for one of this family
    valid: Validity
    font: str
    is_font_bound: bool = True  #: False where the form takes any Vietnamese face
    language: str
    sources: Mapping[str, str]
    page: Page
    head: Columns
    texts_: Mapping[str, str] = Field(alias="texts")
    shapes: Shapes
    signing: Signing
    number_regex: str
    number_cycle: NumberCycle
    authority_marks: tuple[str, ...]
    types: Mapping[str, str]
    joint: Joint
    copies: Copies
    styles: Mapping[str, Look]

    @model_validator(mode="after")
    def _every_style_has_a_look(self) -> Self:
        if missing := sorted(PARAGRAPHS.keys() - self.styles.keys()):
            raise ValueError(f"no look for the styles {', '.join(missing)}")
        if unknown := sorted(self.styles.keys() - PARAGRAPHS.keys()):
            raise ValueError(f"unknown styles {', '.join(unknown)}")
        return self

    def texts(self) -> JsonObject:
        """The fixed texts templates use through `{{ form.… }}` (docs/template-names.md lists them)."""
        return {
            "id": self.id,
            "family": self.family,
            "appendix_heading": self.shapes.appendix,
            "appendix_mark": self.subject_mark(["DANH SÁCH ĐÍNH KÈM"]),
            **self.texts_,
        }

    def number(self, number: int | None) -> str:
        """`01`, `12`; blank before numbering."""
        # one leading zero below 10 and never more (HD05, NĐ30)
        return self.shapes.blank_number if number is None else f"{number:02d}"

    def number_line(self, number: int | None, type_code: str, issuer: str) -> str:
        """`Số 01-KH/CTĐ4` (Party), `Số: 01/KH-CTĐ4` (State)."""
        return self.shapes.number_line.filled({"number": self.number(number), "type": type_code, "issuer": issuer})

    def reference(self, number: int | None, type_code: str, issuer: str) -> str:
        """`01-KH/CTĐ4`: number and symbol as they are cited."""
        return self.shapes.reference.filled({"number": self.number(number), "type": type_code, "issuer": issuer})

    def long_date(self, on: dt.date) -> str:
        """`ngày 05 tháng 6 năm 2022`: days under 10 and months 1 and 2 take a leading zero."""
        return self.shapes.date_long.filled(self._parts(on))

    def short_date(self, on: dt.date) -> str:
        """`05/6/2022`, with the same rule of zeros."""
        return self.shapes.date_short.filled(self._parts(on))

    def place_date(self, place: str, date: str) -> str:
        """`TP. Hồ Chí Minh, ngày 05 tháng 6 năm 2022`."""
        return self.shapes.place_date.filled({"place": place, "date": date})

    def guide_date(self, on: dt.date) -> str:
        """The date as an appendix's guide line gives it: short in Party form, in words in State form."""
        is_short = self.shapes.guide_date == "short"
        return self.short_date(on) if is_short else self.long_date(on).removeprefix("ngày ")

    def appendix_number(self, number: int) -> str:
        """`2` (Party), `II` (State)."""
        is_roman = self.shapes.appendix_numbers == "roman" and number < len(_ROMAN)
        return _ROMAN[number] if is_roman else str(number)

    def _parts(self, on: dt.date) -> Mapping[str, str]:
        month = f"{on.month:02d}" if on.month <= self.shapes.padded_months else str(on.month)
        return {"day": f"{on.day:02d}", "month": month, "year": str(on.year)}

    def subject(self, text: str) -> str:
        """The trích yếu with its first letter as the form writes it."""
        # only the first letter: names within the trích yếu keep theirs
        first = text[:1].upper() if self.shapes.subject_capital else text[:1].lower()
        return first + text[1:]

    def issuer_mark(self, lines: list[str]) -> str:
        """What stands under the issuing body's name: `*`, or a line of 1/3 to 1/2 of its length."""
        return self._mark(self.shapes.issuer_mark, lines, "VTCoQuan", "VTDauCoQuan")

    def subject_mark(self, lines: list[str]) -> str:
        """What stands under the trích yếu: `-----`, or a line of 1/3 to 1/2 of its length."""
        return self._mark(self.shapes.subject_mark, lines, "VTTrichYeu", "VTDauTrichYeu")

    def _mark(self, mark: str | Line, lines: list[str], above: str, own: str) -> str:
        if isinstance(mark, str):
            return mark
        look = self.styles[above]
        length = max(width_mm(line, look.size, "bold" if look.bold else "regular") for line in lines)
        # Underlined spaces: a solid line a clerk can lengthen in Word, where a shape would stay behind. Not no-break
        # ones: LibreOffice draws each by itself, and on the screen their line shows the seams
        space = width_mm(_EN_SPACE, self.styles[own].size)
        # the middle of the range: NĐ30 wants a third to a half
        return _EN_SPACE * max(1, round(length * sum(mark.share) / 2 / space))


@functools.cache
def all_profiles() -> Mapping[str, Profile]:
    """Every profile by its id, oldest first within a family. Raises FormError when a file is broken."""
    files = sorted(
        (entry for entry in FOLDER.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name
    )
    found = [_parse(entry.name, entry.read_text(encoding="utf-8")) for entry in files]
    return {profile.id: profile for profile in sorted(found, key=lambda profile: profile.valid.from_)}


def _parse(name: str, text: str) -> Profile:
    parsed = strict_yaml.parse(text)
    faults = [f"{name}:{problem.place.line}: {shown_in(problem.message, ENGLISH)}" for problem in parsed.problems]
    if not faults:
        try:
            return Profile.model_validate(parsed.values)
        except ValidationError as error:
            for one in error.errors():
                key = ".".join(str(part) for part in one["loc"])
                line = parsed.line_of(strict_yaml.pointer_of(*one["loc"]))
                faults.append(f"{name}:{line}: {key}: {one['msg']}")
    raise FormError("A form profile cannot be used. Mend the file or install vanthu again.\n" + "\n".join(faults))


def profile_for(on: dt.date, family: str, forced: str = "") -> Profile:
    """The form a document dated `on` takes; `forced` (a profile id) wins over the date.

    Raises FormError for an unknown id or family, NoFormInForce when no form of the family covers the date.
    """
    known = all_profiles()
    if forced:
        if forced not in known:
            raise FormError(f"There is no form profile “{forced}”; known are {', '.join(known)}.")
        return known[forced]
    of_family = [profile for profile in known.values() if profile.family == family]
    if not of_family:
        families = sorted({profile.family for profile in known.values()})
        raise FormError(f"There is no form family “{family}”; known are {' and '.join(families)}.")
    # by the document's own date: a paper of 2022 must not be held against the form of 2026; a newer form takes the
    # place of one that names no last day
    for profile in reversed(of_family):
        if profile.valid.covers(on):
            return profile
    raise NoFormInForce(
        f"No {family} form we know was in force on {on.isoformat()}; the earliest begins on "
        f"{of_family[0].valid.from_.isoformat()}. Check the document's date, or force a form in config.yaml."
    )
