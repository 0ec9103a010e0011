"""The year in figures: charts and tables of the same numbers, which the command line shows, too."""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from pipeline.app import wording
from pipeline.app.statistics import Statistics, years_of
from pipeline.web.visit import Visit

#: The chart of days, in units of its own: so wide is a day, so high the day on which most came.
_DAY_WIDTH: Final = 3
_HEIGHT: Final = 120


@dataclass(frozen=True)
class Bar:
    """One day of the chart: where it stands, how high it is, and what is said of it."""

    x: int
    height: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Files by day: bars, and where each month begins; `most` is what the highest bar stands for."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    months: tuple[tuple[int, int], ...]
    most: int


def figures(visit: Visit) -> Response:
    """Show a calendar year."""
    years, said = years_of(visit.workspace), visit.asked("nam")
    is_year = said.isascii() and said.isdigit() and int(said[:6]) in years
    made = visit.office.statistics(int(said) if is_year else visit.workspace.practice.year)
    return visit.page(
        "figures.html.j2",
        made=made,
        years=years,
        chart=_chart(made),
        figures_of=wording.figures_of,
        lasted=wording.lasted,
    )


def _chart(made: Statistics) -> Chart:
    first = dt.date(made.year, 1, 1)
    length = 366 if calendar.isleap(made.year) else 365
    most = max((count for _, count in made.days), default=0)
    return Chart(
        length * _DAY_WIDTH,
        _HEIGHT,
        tuple(
            Bar((day - first).days * _DAY_WIDTH, round(_HEIGHT * count / most, 1), f"{wording.day(day)}: {count}")
            for day, count in made.days
        ),
        tuple((month, (dt.date(made.year, month, 1) - first).days * _DAY_WIDTH) for month in range(1, 13)),
        most,
    )
