"""The parts of a year as frozen values."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pipeline import vietnamese


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included; `ends` is None while the last day is not known."""

    # the first day of all where none is known: nobody need look up since when a holder has been in office
    begins: dt.date = dt.date.min
    ends: dt.date | None = None

    def holds_on(self, on: dt.date) -> bool:
        """Tell whether `on` lies inside."""
        # both ends included, as official texts mean "from … to …"; so a follower begins on the day after
        return self.begins <= on and (self.ends is None or on <= self.ends)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether some day lies in both."""
        return (other.ends is None or self.begins <= other.ends) and (self.ends is None or other.begins <= self.ends)


@dataclass(frozen=True)
class Cluster:
    """The cluster that issues: its names, its symbol in document numbers, the lines of its head."""

    name: str
    full_name: str
    symbol: str
    slug: str  #: the symbol in ASCII, for file names; given, not folded: CTĐ4 and CTD4 would fold to one
    parent: str
    parent_lines: tuple[str, ...]
    issuer: str
    head_title: str
    places: Mapping[str, str]  #: place name by form profile
    group: str = ""  #: what it is, in one word: Cụm, Khối
    deputy_title: str = ""
    level: str = ""  #: of what is done together: cấp cụm

    def place_in(self, profile: str) -> str:
        """The place as an official form writes it; in full where the year does not say it for that form."""
        return self.places.get(profile) or max(self.places.values(), key=len, default="")


@dataclass(frozen=True)
class Signatory:
    """A person who signs for a unit, while the period holds (R04: names and positions change within a year).

    `position_full` is for lists and minutes, `position_sign` for the signature cell (no organisation in it).
    `authority` is how the person signs (`pipeline.years.signing`), "" where the file does not say it.
    """

    name: str
    position_full: str
    position_sign: str
    period: Period
    is_deputy: bool = False
    authority: str = ""
    for_whom: str = ""  #: whom the mark of authority names: the head, or a collective


@dataclass(frozen=True)
class Unit:
    """A member unit: `name` in running text, `org` the organisation that signs."""

    code: str
    name: str
    org: str
    role: str  #: cum_truong, cum_pho or thanh_vien
    type: str
    aliases: tuple[str, ...]
    head_lines: tuple[str, ...]  #: the lines of the head of its own papers, its own name last
    signatories: tuple[Signatory, ...]
    place: str = ""  #: the seat from which its own papers are dated; "" where it is that of the cluster
    mail: tuple[str, ...] = ()  #: addresses to which it wants to be told that an answer lies in its folder
    period: Period = Period()

    def names(self) -> Iterator[str]:
        """Give every text that names the unit."""
        # the organisation too: it is what a unit signs as, so forms come with it (noi-dung.md §3.3)
        yield from (self.code, self.name, self.org)
        yield from self.aliases

    def signatory(self, on: dt.date) -> Signatory | None:
        """Give the person who signs for the unit on that day, deputies aside."""
        # at most one: the loader refuses overlapping periods (R03)
        return next((one for one in self.signatories if not one.is_deputy and one.period.holds_on(on)), None)

    def signatory_named(self, name: str, on: dt.date) -> Signatory | None:
        """Give the signatory (deputies included) of that name on that day."""
        # tone marks placed the old and the new way are one name (the-thuc.md §12.2); Hà and Hạ stay two
        key = vietnamese.compare_key(name)
        held = (one for one in self.signatories if one.period.holds_on(on))
        return next((one for one in held if vietnamese.compare_key(one.name) == key), None)


@dataclass(frozen=True)
class Content:
    """One of the year's contents of emulation, with its weight in the score."""

    code: str
    title: str
    weight: float


@dataclass(frozen=True)
class Milestone:
    """A step of the year and the day it is due."""

    code: str
    task: str
    owner: str
    due: dt.date
    is_report: bool = False


@dataclass(frozen=True)
class Holiday:
    """Weekdays on which nobody works."""

    period: Period
    name: str


@dataclass(frozen=True)
class Act:
    """An act a document may cite; `marks` are texts by which a typed citation is recognised (F11)."""

    key: str
    citation: str
    period: Period
    marks: tuple[str, ...]
    kinds: tuple[str, ...]  #: the kinds that print it as căn cứ


@dataclass(frozen=True)
class Term:
    """A term of the Party committee: number series of Party documents run within it."""

    id: str
    name: str
    period: Period


@dataclass(frozen=True)
class Person:
    """Somebody who is no signatory: the secretary, a guest."""

    key: str
    name: str
    position_full: str
    unit: str


@dataclass(frozen=True)
class Thresholds:
    """The figures of noi-dung.md that no office has confirmed: assumed, to be set per year."""

    # exact: whether a quorum of two thirds is reached must not depend on rounding
    quorum: Fraction  #: of the members, present (BB03)
    pass_share: Fraction  #: more than this passes (BB06)
    pass_base: str  #: of whom the share is taken: without its base it says nothing (QC03)
    secret_ballot: Fraction  #: at least this share, for nominations (BB06, noi-dung.md §3.4)
    scoring_max: float  #: the sum of weights, and of the criteria (KH02, BD01, QC05)
    bonus_cap: float  #: on top of scoring_max, so a total may exceed it (BD03)
    score_step: float  #: scores are multiples of it (BD02)
    activities_per_unit: int  #: one, as the founding conference decided (noi-dung.md §0.1 G7; DK02)
    similar_titles: float  #: from this likeness on two units may have registered one activity (DK07)
    percent_tolerance: float  #: percentages are typed rounded to one decimal (F16)
    sum_tolerance: float
    vptu_originals: int  #: of the pledge, beside one for each party (GU08)
    meetings_per_year: int
    meeting_minutes_min: int
    meeting_minutes_max: int  #: outside of the two a time is most likely mistyped (BB09)
    reminder_working_days: int  #: before a deadline a letter is offered, and so long it gives to answer


@dataclass(frozen=True)
class Fonds:
    """Where the year's dossiers are kept: codes of the organisation, the fonds and the inventory, and names.

    They stand in the names of what is handed over ("A38-011-07-0123", the-thuc.md §10.2).
    """

    organisation: str  #: mã định danh cơ quan
    fonds: str  #: mã phông
    inventory: str  #: số mục lục
    fonds_name: str
    inventory_name: str


@dataclass(frozen=True)
class Dossier:
    """An entry of the year's list of dossiers (danh mục hồ sơ): the documents of some kinds, from day to day.

    `number` is its unit of preservation (đơn vị bảo quản); `retention_years` is None where the longest of its kinds
    counts, 0 for good; `sheet_sides` is 2 where its papers are printed on both sides.
    """

    code: str
    title: str
    kinds: tuple[str, ...]
    number: int
    period: Period
    retention_years: int | None
    sheet_sides: int
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """The office on the axis between offices (trục liên thông): its identifier, and those it writes to, by theirs."""

    organisation: str
    email: str
    telephone: str
    address: str
    partners: Mapping[str, str]
