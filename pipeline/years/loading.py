"""Reading years/<year>.yaml: the facts as values, or every problem of the file at once."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from pipeline import vietnamese
from pipeline.errors import YearError
from pipeline.messages import say, tr
from pipeline.strict_yaml import declared
from pipeline.years import checks
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
from pipeline.years.year import Year

#: The shape of years/<year>.yaml.
SCHEMA: Final = Path(__file__).with_name("year.schema.yaml")


def load(path: Path) -> Year:
    """Read the year in the file `path`. Raises YearError with every problem of the file, each with its line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise YearError(
            tr(
                "The year's file {path} cannot be read ({reason}). Copy the file of another year and mend its facts.",
                path=str(path),
                reason=error.strerror or "",
            )
        ) from error
    read = declared.read(content, str(path), SCHEMA)
    if read.problems:  # the facts cannot be compared before their shape is right
        raise YearError(declared.listed(read.problems))
    year = _year(read.table)
    problems = [*map(read.placed, checks.problems(year))]
    # the usual slip when last year's file is copied
    if path.stem.isdigit() and int(path.stem) != year.year:
        message = say("The year here is {year}, but the file is named {name}.", year=year.year, name=path.name)
        problems.append(read.problem("facts.year", "/year", message))
    if problems:
        raise YearError(declared.listed(problems))
    return year


def load_all(folder: Path) -> tuple[dict[int, Year], tuple[YearError, ...]]:
    """Read every year under `folder` by its number; give the errors of those that are broken beside them.

    A broken file of another year must not stop the work of this one.
    """
    years: dict[int, Year] = {}
    broken: list[YearError] = []
    # in the order of the years, so that what is broken is told in the same order everywhere
    for path in sorted(folder.glob("*.yaml")):
        try:
            year = load(path)
        except YearError as error:
            broken.append(error)
        else:
            years[year.year] = year
    return years, tuple(broken)


# year.schema.yaml has checked every key and type below, so the table is not checked again.
_Table = Mapping[str, Any]


def _year(table: _Table) -> Year:
    return Year(
        year=table["year"],
        cluster=_cluster(table["cluster"]),
        theme=_text(table.get("theme", "")),
        activity_mode=table["activity_mode"],
        units=tuple(_unit(one) for one in table["units"]),
        # 12.5 arrives as text: the strict reader makes numbers of whole ones only, and the schema allows both
        contents=tuple(
            Content(one["code"], _text(one["title"]), float(one["weight"])) for one in table.get("contents", [])
        ),
        milestones=tuple(_milestone(one) for one in table["milestones"]),
        windows={name: _period(one) for name, one in table["windows"].items()},
        holidays=tuple(Holiday(_period(one), _text(one.get("name", ""))) for one in table["holidays"]),
        legal_basis=tuple(_act(one) for one in table.get("legal_basis", [])),
        thresholds=_thresholds(table["thresholds"]),
        terms=tuple(Term(one["id"], _text(one["name"]), _period(one)) for one in table.get("terms", [])),
        persons=tuple(
            Person(one["key"], _text(one["name"]), _text(one["position_full"]), one.get("unit", ""))
            for one in table.get("persons", [])
        ),
        recipients={key: _text(line) for key, line in table["recipients"].items()},
        fonds=_fonds(table["fonds"]) if "fonds" in table else None,
        dossiers=tuple(_dossier(one) for one in table.get("dossiers", [])),
        axis=_axis(table["axis"]) if "axis" in table else None,
        is_example=table.get("example", False),
    )


def _text(text: str) -> str:
    # the file is typed by people: names are compared and printed, so Unicode tổ hợp must not get past here
    return vietnamese.clean(text)


def _period(table: _Table) -> Period:
    begins, ends = table.get("from"), table.get("to")
    return Period(
        dt.date.fromisoformat(begins) if begins else dt.date.min,
        dt.date.fromisoformat(ends) if ends else None,
    )


def _cluster(table: _Table) -> Cluster:
    return Cluster(
        name=_text(table["name"]),
        full_name=_text(table["full_name"]),
        symbol=_text(table["symbol"]),
        # codes are not cleaned: the schema lets plain letters through and nothing else
        slug=table["slug"],
        parent=_text(table["parent"]),
        parent_lines=tuple(_text(line) for line in table["parent_lines"]),
        issuer=_text(table["issuer"]),
        head_title=_text(table["head_title"]),
        places={profile: _text(place) for profile, place in table["places"].items()},
        group=(group := _text(table.get("group", "")) or _text(table["name"]).partition(" ")[0]),
        deputy_title=_text(table.get("deputy_title", "")) or f"{group} phó",
        level=_text(table.get("level", "")) or f"cấp {group.lower()}",
    )


def _unit(table: _Table) -> Unit:
    return Unit(
        code=table["code"],
        name=_text(table["name"]),
        org=_text(table["org"]),
        role=table["role"],
        type=table["type"],
        aliases=tuple(_text(alias) for alias in table.get("aliases", [])),
        # without lines of its own it writes under its name
        head_lines=tuple(_text(line) for line in table.get("head_lines", ()) or (vietnamese.upper(table["org"]),)),
        signatories=tuple(_signatory(one) for one in table["signatories"]),
        place=_text(table.get("place", "")),
        mail=tuple(table.get("mail", [])),
        period=_period(table),
    )


def _signatory(table: _Table) -> Signatory:
    return Signatory(
        name=_text(table["name"]),
        position_full=_text(table["position_full"]),
        position_sign=_text(table["position_sign"]),
        period=_period(table),
        is_deputy=table.get("deputy", False),
        authority=table.get("authority", ""),
        for_whom=_text(table.get("for_whom", "")),
    )


def _milestone(table: _Table) -> Milestone:
    return Milestone(
        code=table["code"],
        task=_text(table["task"]),
        owner=_text(table["owner"]),
        due=dt.date.fromisoformat(table["due"]),
        is_report=table.get("report", False),
    )


def _act(table: _Table) -> Act:
    return Act(
        key=table["key"],
        citation=_text(table["citation"]),
        period=_period(table),
        marks=tuple(_text(mark) for mark in table["marks"]),
        kinds=tuple(table["kinds"]),
    )


def _fonds(table: _Table) -> Fonds:
    return Fonds(
        organisation=table["organisation"],
        fonds=table["fonds"],
        inventory=table["inventory"],
        fonds_name=_text(table["fonds_name"]),
        inventory_name=_text(table.get("inventory_name", "")),
    )


def _axis(table: _Table) -> Axis:
    return Axis(
        organisation=table["organisation"],
        email=table.get("email", ""),
        telephone=table.get("telephone", ""),
        address=_text(table.get("address", "")),
        partners={one["organisation"]: _text(one["name"]) for one in table["partners"]},
    )


def _dossier(table: _Table) -> Dossier:
    kept = table.get("retention")
    return Dossier(
        code=_text(table["code"]),
        title=_text(table["title"]),
        kinds=tuple(table["kinds"]),
        number=table["number"],
        period=Period(dt.date.fromisoformat(table["opens"]), dt.date.fromisoformat(table["closes"])),
        retention_years=0 if kept == "permanent" else kept,
        sheet_sides=table.get("sheet_sides", 1),
        keywords=tuple(_text(one) for one in table.get("keywords", [])),
    )


def _thresholds(table: _Table) -> Thresholds:
    return Thresholds(
        quorum=Fraction(table["quorum"]),  # "2/3", as the regulations write it
        pass_share=Fraction(table["pass"]),
        pass_base=table["pass_base"],
        secret_ballot=Fraction(table["secret_ballot"]),
        # decimals are texts in the file, as weights are
        scoring_max=float(table["scoring_max"]),
        bonus_cap=float(table["bonus_cap"]),
        score_step=float(table["score_step"]),
        activities_per_unit=table["activities_per_unit"],
        similar_titles=float(table["similar_titles"]),
        percent_tolerance=float(table["percent_tolerance"]),
        sum_tolerance=float(table["sum_tolerance"]),
        vptu_originals=table["vptu_originals"],
        meetings_per_year=table["meetings_per_year"],
        meeting_minutes_min=table["meeting_minutes_min"],
        meeting_minutes_max=table["meeting_minutes_max"],
        reminder_working_days=table["reminder_working_days"],
    )
