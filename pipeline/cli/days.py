"""Days on the command line."""

import datetime as dt

import click

from pipeline.messages import tr


class Day(click.ParamType[dt.date]):
    """A day as people here write it: 31/5/2022, or 2022-05-31."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read the day, or say what is expected."""
        from pipeline.vietnamese import parse_date

        day = parse_date(str(value))  # as forms are read: 5/6 is the fifth of June here too
        if day is None:
            self.fail(tr("“{said}” is not a date; write it as 31/5/2022.", said=str(value)), param, ctx)
        return day
