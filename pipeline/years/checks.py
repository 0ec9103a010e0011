"""What must hold between the facts of a year (noi-dung.md §4.10, R01-R06), beyond the shape of each.

Every problem has the address of the fact in its place; the file and the line are known to who reads it.
"""

from collections.abc import Iterator
from itertools import chain, combinations

from pipeline import vietnamese
from pipeline.messages import say
from pipeline.model import Address, Finding, Message, Place, Severity
from pipeline.vietnamese import positions
from pipeline.years import signing
from pipeline.years.facts import Period, Unit
from pipeline.years.year import Year


def problems(year: Year) -> Iterator[Finding]:
    """Find every problem of the year's facts."""
    return chain(
        _codes_are_unique(year),
        _names_are_unique(year),
        _names_of_folders(year),
        _roles(year),
        _signatories(year),
        _weights(year),
        _periods(year),
        _references(year),
        _days(year),
        _dossiers(year),
    )


def _problem(code: str, pointer: str, said: Message) -> Finding:
    return Finding(code, Severity.BLOCK, said, Place(Address.of(pointer)))


def _codes_are_unique(year: Year) -> Iterator[Finding]:
    # forms, rules and templates name facts by these codes; of a double one the later would hide the earlier
    groups = {
        "units": [unit.code for unit in year.units],
        "contents": [content.code for content in year.contents],
        "milestones": [milestone.code for milestone in year.milestones],
        "legal_basis": [act.key for act in year.legal_basis],
        "terms": [term.id for term in year.terms],
        "persons": [person.key for person in year.persons],
        "dossiers": [dossier.code for dossier in year.dossiers],
    }
    for group, codes in groups.items():
        for at, code in enumerate(codes):
            if code in codes[:at]:
                yield _problem(
                    "R01",
                    f"/{group}/{at}",
                    say("{code} stands twice under {group}; each may stand once (R01).", code=code, group=group),
                )


#: Names that Windows keeps for devices: on a share no folder can bear them, and every unit has one of its code.
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{at}" for port in ("COM", "LPT") for at in range(10))})


def _names_of_folders(year: Year) -> Iterator[Finding]:
    for at, unit in enumerate(year.units):
        if unit.code in _DEVICES:
            yield _problem(
                "R01",
                f"/units/{at}/code",
                say(
                    "No folder can be called {code} on a computer with Windows; another code is needed.",
                    code=unit.code,
                ),
            )


def _names_are_unique(year: Year) -> Iterator[Finding]:
    # by comparison key: “Quận uỷ 1” and “quận ủy 1” are one name, and a form may spell it either way
    owner: dict[str, Unit] = {}
    for at, unit in enumerate(year.units):
        for name in unit.names():
            other = owner.setdefault(vietnamese.compare_key(name), unit)
            if other is not unit:
                message = say(
                    "“{name}” names both {first} and {second}; a name must mean one unit (R01).",
                    name=name,
                    first=other.code,
                    second=unit.code,
                )
                yield _problem("R01", f"/units/{at}", message)


def _roles(year: Year) -> Iterator[Finding]:
    # `Year.with_role` relies on it, and so do the head of every document and the order of a pledge's signatures
    for role in ("cum_truong", "cum_pho"):
        holders = [unit.code for unit in year.units if unit.role == role]
        if len(holders) != 1:
            found = ", ".join(holders) or "–"
            said = say("Exactly one unit has the role {role}; found: {found} (R02).", role=role, found=found)
            yield _problem("R02", "/units", said)


def _signatories(year: Year) -> Iterator[Finding]:
    for at, unit in enumerate(year.units):
        pointer = f"/units/{at}/signatories"
        if not unit.signatories:
            yield _problem("R03", pointer, say("{unit}: nobody signs; enter who does (R03).", unit=unit.code))
            continue
        # deputies may sign beside their chief; two chiefs of one day would leave open whose name a document prints
        chiefs = [one for one in unit.signatories if not one.is_deputy]
        for first, second in combinations(chiefs, 2):
            if first.period.overlaps(second.period):
                message = say(
                    "{unit}: {first} and {second} both sign on the same days; end one period the day before the "
                    "other begins (R03).",
                    unit=unit.code,
                    first=f"{first.name} ({first.position_full})",
                    second=f"{second.name} ({second.position_full})",
                )
                yield _problem("R03", pointer, message)
        yield from _authorities(pointer, unit)
        # documents are signed on the key days: a gap between two signatories must show before, not on that day
        for milestone in year.milestones:
            if unit.period.holds_on(milestone.due) and unit.signatory(milestone.due) is None:
                message = say(
                    "{unit}: nobody signs on {day} ({milestone}); add a signatory for that day (R03).",
                    unit=unit.code,
                    day=milestone.due.isoformat(),
                    milestone=milestone.code,
                )
                yield _problem("R03", pointer, message)


def _authorities(pointer: str, unit: Unit) -> Iterator[Finding]:
    for at, one in enumerate(unit.signatories):
        is_for_head = one.authority in signing.FOR_THE_HEAD
        # the form of Party and State alike: only a deputy signs for a head (TT13)
        if is_for_head and not positions.is_deputy(one.position_sign):
            message = say(
                "{unit}: only a deputy signs for the head, and {name} is {position}; enter another authority.",
                unit=unit.code,
                name=one.name,
                position=one.position_sign,
            )
        elif (is_for_head and not (one.for_whom or positions.head_over(one.position_sign))) or (
            one.authority in signing.GIVEN_BY_SOMEBODY and not one.for_whom
        ):
            message = say(
                "{unit}: {name} signs for somebody, on somebody's behalf or by somebody's order; enter whose "
                "(for_whom).",
                unit=unit.code,
                name=one.name,
            )
        else:
            continue
        yield _problem("R03", f"{pointer}/{at}", message)


def _weights(year: Year) -> Iterator[Finding]:
    # one scale for plan and scoring table (KH02, BD01): weights and criteria must come to the same sum
    # before the conference there are none yet
    if not year.contents:
        return
    total = sum(content.weight for content in year.contents)
    wanted = year.thresholds.scoring_max
    if abs(total - wanted) > year.thresholds.sum_tolerance:  # weights are typed with decimals
        message = say(
            "The weights add up to {total}, not to scoring_max {wanted} (R05).",
            total=f"{total:g}",
            wanted=f"{wanted:g}",
        )
        yield _problem("R05", "/contents", message)


def _periods(year: Year) -> Iterator[Finding]:
    for pointer, period in _all_periods(year):
        if period.ends and period.ends < period.begins:
            message = say(
                "The last day ({ends}) lies before the first ({begins}).",
                ends=period.ends.isoformat(),
                begins=period.begins.isoformat(),
            )
            yield _problem("facts.period", pointer, message)
    # on a day of two terms a document would belong to two runs of numbers (HD05 II.3.1.1)
    for first, second in combinations(year.terms, 2):
        if first.period.overlaps(second.period):
            message = say(
                "The terms {first} and {second} overlap; a day lies in one.", first=first.id, second=second.id
            )
            yield _problem("facts.terms", "/terms", message)


def _all_periods(year: Year) -> Iterator[tuple[str, Period]]:
    yield from ((f"/windows/{name}", window) for name, window in year.windows.items())
    yield from ((f"/holidays/{at}", holiday.period) for at, holiday in enumerate(year.holidays))
    yield from ((f"/legal_basis/{at}", act.period) for at, act in enumerate(year.legal_basis))
    yield from ((f"/terms/{at}", term.period) for at, term in enumerate(year.terms))
    yield from ((f"/dossiers/{at}", dossier.period) for at, dossier in enumerate(year.dossiers))
    for at, unit in enumerate(year.units):
        yield f"/units/{at}", unit.period
        for number, one in enumerate(unit.signatories):
            yield f"/units/{at}/signatories/{number}", one.period


def _references(year: Year) -> Iterator[Finding]:
    codes = {unit.code for unit in year.units}
    for at, person in enumerate(year.persons):
        # no unit is allowed: a guest of the cluster belongs to none
        if person.unit and person.unit not in codes:
            said = say("{person}: there is no unit {unit}.", person=person.key, unit=person.unit)
            yield _problem("facts.person", f"/persons/{at}", said)


def _days(year: Year) -> Iterator[Finding]:
    # without holidays every rule about working days, and every reminder's deadline, would be silently wrong
    if not year.holidays:
        yield _problem("R06", "/holidays", say("The weekdays on which nobody works are missing (R06)."))
    for at, milestone in enumerate(year.milestones):
        # dates of a document lie in its emulation year and on working days (F02, F04); rules compare with this one
        if milestone.due.year != year.year or not year.is_working_day(milestone.due):
            message = say(
                "{milestone} is due on {day}: not a working day of {year}.",
                milestone=milestone.code,
                day=milestone.due.isoformat(),
                year=year.year,
            )
            yield _problem("facts.milestone", f"/milestones/{at}", message)


def _dossiers(year: Year) -> Iterator[Finding]:
    if year.dossiers and year.fonds is None:
        yield _problem("facts.dossiers", "/dossiers", say("Where the dossiers are kept is missing: fonds."))
    # a document lies in one dossier, and a unit of preservation is one
    for name, all_of in (
        ("kinds", [dossier.kinds for dossier in year.dossiers]),
        ("number", [(str(dossier.number),) for dossier in year.dossiers]),
    ):
        known: set[str] = set()
        for at, of in enumerate(all_of):
            for one in sorted(known.intersection(of)):
                said = say("{what} is named by two dossiers; it belongs to one.", what=one)
                yield _problem("facts.dossiers", f"/dossiers/{at}/{name}", said)
            known.update(of)
