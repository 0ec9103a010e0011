"""One year as a value, and the questions asked of it.

The order of `Year.units` is the official one of the cluster's decision, the head unit first; documents print it.
"""

import datetime as dt
import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline import vietnamese
from pipeline.model import JsonObject
from pipeline.years import shapes
from pipeline.years.facts import (
    Act,
    Axis,
    Cluster,
    Content,
    Dossier,
    Fonds,
    Holiday,
    Milestone,
    Period,
    Person,
    Signatory,
    Term,
    Thresholds,
    Unit,
)

#: Of so many days the values are remembered.
_DAYS_KEPT: Final = 64


@dataclass(frozen=True)
class Year:
    """Everything a document or a rule may ask about one emulation year."""

    year: int
    cluster: Cluster
    theme: str
    activity_mode: str
    units: tuple[Unit, ...]
    contents: tuple[Content, ...]
    milestones: tuple[Milestone, ...]
    windows: Mapping[str, Period]
    holidays: tuple[Holiday, ...]
    legal_basis: tuple[Act, ...]
    thresholds: Thresholds
    terms: tuple[Term, ...]
    persons: tuple[Person, ...]
    recipients: Mapping[str, str]
    fonds: Fonds | None = None
    dossiers: tuple[Dossier, ...] = ()
    axis: Axis | None = None
    is_example: bool = False  #: its facts are invented: what bears the mark of that may be printed

    def unit(self, code: str) -> Unit | None:
        """Give the unit of that code."""
        return next((unit for unit in self.units if unit.code == code), None)

    def unit_named(self, text: str) -> Unit | None:
        """Give the unit of that code, name, signing organisation or alias, however it was typed."""
        return self._names.get(vietnamese.compare_key(text))

    def content(self, code: str) -> Content | None:
        """Give the content of that code."""
        return next((content for content in self.contents if content.code == code), None)

    def milestone(self, code: str) -> Milestone | None:
        """Give the milestone of that code."""
        return next((milestone for milestone in self.milestones if milestone.code == code), None)

    def members(self, on: dt.date) -> tuple[Unit, ...]:
        """Give the units that belong to the cluster on that day, in their official order."""
        # never sorted: units stand in the order of the cluster's decision, not of the alphabet (the-thuc.md §12.4)
        return tuple(unit for unit in self.units if unit.period.holds_on(on))

    def with_role(self, role: str) -> Unit:
        """Give the unit of the role cum_truong or cum_pho; the loader has made sure there is one (R02)."""
        return next(unit for unit in self.units if unit.role == role)

    def signatory(self, unit: Unit | str, on: dt.date) -> Signatory | None:
        """Give the person who signs for a unit (or its code) on that day."""
        found = self.unit(unit) if isinstance(unit, str) else unit
        return found.signatory(on) if found else None

    def acts_in_force(self, on: dt.date) -> tuple[Act, ...]:
        """Give the acts of the legal basis in force on that day."""
        return tuple(act for act in self.legal_basis if act.period.holds_on(on))

    def term(self, on: dt.date) -> Term | None:
        """Give the Party term that day lies in: numbers of Party documents begin again with it (HD05 II.3.1.1)."""
        # at most one: overlapping terms are refused when the file is read
        return next((term for term in self.terms if term.period.holds_on(on)), None)

    def dossier(self, code: str) -> Dossier | None:
        """Give the entry of that code in the year's list of dossiers."""
        return next((dossier for dossier in self.dossiers if dossier.code == code), None)

    def is_working_day(self, on: dt.date) -> bool:
        """Tell whether people work on that day."""
        return on.weekday() < 5 and not any(holiday.period.holds_on(on) for holiday in self.holidays)

    def words(self, form: str = "party") -> Mapping[str, str]:
        """Give the words that a kind's files leave to the office, by the names they have there («cluster.name»).

        `form` says whose papers it writes: party, state.
        """
        head, deputy, *others = (self.with_role("cum_truong"), self.with_role("cum_pho"), *self.units)
        member = next((unit for unit in others if unit.role == "thanh_vien"), deputy)
        cluster = self.cluster
        return {
            "form": form,
            "year": str(self.year),
            "last_year": str(self.year - 1),
            "cluster.name": cluster.name,
            "cluster.group": cluster.group,
            "cluster.level": cluster.level,
            "cluster.head_title": cluster.head_title,
            "cluster.deputy_title": cluster.deputy_title,
            "cluster.symbol": cluster.symbol,
            "cluster.parent": cluster.parent,
            "head_unit": head.code,
            "head_name": head.name,
            "head_org": head.org,
            "head_signer": self._signer(head),
            "head_position": self._position(head),
            "deputy_unit": deputy.code,
            "deputy_signer": self._signer(deputy),
            "deputy_position": self._position(deputy),
            "member_unit": member.code,
        }

    def _signer(self, unit: Unit) -> str:
        signs = self.signatory(unit, self._first_day())
        return signs.name if signs else unit.name

    def _position(self, unit: Unit) -> str:
        signs = self.signatory(unit, self._first_day())
        return signs.position_full if signs else "Thủ trưởng đơn vị"

    def as_values(self, on: dt.date | None = None) -> JsonObject:
        """Give the year as plain values for templates and rules, as of the day `on` (docs/kinds.md lists them).

        Without `on`, who signs and what is in force is that of the first milestone. The same for every document of
        that day: nobody changes it.
        """
        day = on or self._first_day()
        if day not in self._as_of:
            # a document may be of any day, and `watch` runs for months
            if len(self._as_of) >= _DAYS_KEPT:
                self._as_of.clear()
            self._as_of[day] = self._values(day)
        return self._as_of[day]

    @functools.cached_property
    def _as_of(self) -> dict[dt.date, JsonObject]:
        return {}

    def _values(self, day: dt.date) -> JsonObject:
        members = self.members(day)
        return {
            "year": self.year,
            "theme": self.theme,
            "activity_mode": self.activity_mode,
            "cluster": shapes.cluster(self.cluster),
            "head_unit": self.with_role("cum_truong").code,
            "deputy_unit": self.with_role("cum_pho").code,
            "signer": shapes.signer(self.with_role("cum_truong"), day),
            "units": [shapes.unit(unit, day) for unit in members],
            # former members too: a document of March names who was a member in March
            "unit": {unit.code: shapes.unit(unit, day) for unit in self.units},
            "member_codes": [unit.code for unit in members],
            "parties": [shapes.party(unit, day) for unit in members],
            # each party keeps an original of the pledge, the superior its own
            "originals": len(members) + self.thresholds.vptu_originals,
            "last_day": dt.date(self.year, 12, 31).isoformat(),
            "contents": [shapes.content(content) for content in self.contents],
            "content": {content.code: shapes.content(content) for content in self.contents},
            "milestones": [shapes.milestone(milestone) for milestone in self.milestones],
            "milestone": {milestone.code: shapes.milestone(milestone) for milestone in self.milestones},
            "report_deadlines": [shapes.deadline(milestone) for milestone in self.milestones if milestone.is_report],
            "windows": {name: shapes.period(window) for name, window in self.windows.items()},
            "holidays": [shapes.holiday(holiday) for holiday in self.holidays],
            "legal_basis": [shapes.act(act, day) for act in self.legal_basis],
            # an act that came later is no basis of an earlier paper: the law of 2022 is none for papers of May 2022
            "citations": shapes.citations(self.acts_in_force(day)),
            "thresholds": shapes.thresholds(self.thresholds),
            "terms": [shapes.term(term) for term in self.terms],
            "persons": {person.key: shapes.person(person) for person in self.persons},
            "recipients": dict(self.recipients),
        }

    def members_as_values(self, on: dt.date | None = None) -> JsonObject:
        """The member units on that day by code, in their official order, each as `as_values` gives it."""
        day = on or self._first_day()
        return {unit.code: shapes.unit(unit, day) for unit in self.members(day)}

    def _first_day(self) -> dt.date:
        # a day on which the year's facts hold for certain; today may lie before or after the whole year
        return min(milestone.due for milestone in self.milestones)

    @functools.cached_property
    def digest(self) -> str:
        """A hash over all facts: another one means that something was changed in the year's file."""
        return hashlib.sha256(repr(self).encode()).hexdigest()

    @functools.cached_property
    def _names(self) -> Mapping[str, Unit]:
        # unambiguous: R01 refuses a name of two units
        return {vietnamese.compare_key(text): unit for unit in self.units for text in unit.names()}
