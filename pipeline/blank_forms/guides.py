"""The sentences that every form prints, whatever its kind: for whom and what year it is, and how it is filled in.

They stand on one page so that reading can be told of them (`standing_lines`): who reads a form that came back must
know what the form itself says from what its unit wrote (decision 0020).
"""

from typing import Final

from pipeline.blank_forms.plan import FormPlan
from pipeline.blank_forms.planning import SHEET
from pipeline.messages import in_vietnamese

_ANY: Final = "…"


def number() -> str:
    """The head of the column that counts the rows."""
    return in_vietnamese("No.")


def example(text: str) -> str:
    """An example within a hint."""
    return in_vietnamese("for example {example}", example=text)


def foot_line(marker: str, year: int | str) -> str:
    """What stands at the foot of every page: which form it is."""
    return in_vietnamese("Form {marker} for the emulation year {year}", marker=marker, year=year)


def year_line(year: int | str) -> str:
    """The line below the title of a form on paper."""
    # "năm 2022" right in the title would fill in the year of a form left empty
    return in_vietnamese("form for the emulation year {year}", year=year)


def line_below_title(plan: FormPlan) -> str:
    """The line below the title on a sheet."""
    year = in_vietnamese("Year {year}", year=str(plan.year))
    return " - ".join(part for part in (year, plan.cluster, plan.unit_name) if part)


def how_in_word() -> str:
    """How a form in Word is filled in."""
    return in_vietnamese("Fill in the grey places; those marked * are required. Save and send this very file back.")


def how_in_pdf() -> str:
    """How a form in PDF is filled in."""
    return in_vietnamese("Fill in the fields; those marked * are required. Save and send this very file back.")


def how_on_a_sheet() -> str:
    """How a sheet is filled in, on the sheet itself."""
    return in_vietnamese("Fill in the yellow cells; an asterisk marks what must be there.")


def how_in_a_workbook(sheets: str, year: str) -> tuple[str, ...]:
    """How a workbook is filled in, on a sheet of its own; no line may look like a label with its value."""
    return (
        in_vietnamese(
            "Fill in the yellow cells on these sheets ({sheets}). An asterisk marks what must be there.",
            sheets=sheets,
        ),
        in_vietnamese(
            "Point at a label to see what is meant, with an example; choose from the list where there is one."
        ),
        in_vietnamese(
            "Write dates as day/month/year (27/5/{year}) and amounts of money in đồng, as on paper.", year=year
        ),
        in_vietnamese("A list has one item in each yellow cell. Rows of a table that are not needed stay empty."),
        in_vietnamese("When a table has too few rows, insert one in its middle, or go on below it."),
        in_vietnamese(
            "Save the file as .xlsx and drop it into your unit's folder in the inbox. Any file name will do."
        ),
    )


def how_in_orders() -> tuple[str, ...]:
    """How the order workbook is filled in."""
    return (
        in_vietnamese("This workbook gives orders to the program, one in each row of the sheet YeuCau."),
        in_vietnamese(
            "Choose the task from the list. In “Hồ sơ” write which document it is about, as people call it."
        ),
        in_vietnamese(
            "Save the file as .xlsx and copy it into the clerk's folder of the inbox (inbox/van-thu as a rule). The "
            "same workbook comes back into the clerk's folder of the outbox with a reply in each row."
        ),
        in_vietnamese("A wrong row is told of in its reply; the other rows are done."),
        in_vietnamese(
            "A row that was done is not done again when the workbook is dropped with more rows; for a second time "
            "write another reason."
        ),
        in_vietnamese("Make forms - document, the kind; more, the unit, empty for all units."),
        in_vietnamese("Remind - document, the kind, empty for all that is late; more, the day to answer by."),
        in_vietnamese("Ask for a number - document, the one that is being signed."),
        in_vietnamese(
            "Accept - document, the one with the warning, and more, the rule; or the signed paper that waits, and "
            "more, the document it belongs to when its code was not read. A reason is needed."
        ),
        in_vietnamese("Send a signed paper back - document, the paper that waits. A reason is needed."),
        in_vietnamese("Cancel a document, void a number, do again - document. A reason is needed."),
    )


def placeholders() -> dict[str, str]:
    """What stands in an empty place of a form in Word, by what is wanted: a day, one of several, a list, a text."""
    return {
        "day": in_vietnamese("[choose a day]"),
        "choice": in_vietnamese("[choose]"),
        "list": in_vietnamese("[fill in, one on each line]"),
        "text": in_vietnamese("[fill in]"),
    }


def standing_lines() -> tuple[str, ...]:
    """All of them, with "…" in the place of what differs from form to form."""
    lines = (number(), example(_ANY), foot_line(_ANY, _ANY), year_line(_ANY), how_in_word(), how_in_pdf())
    how = (how_on_a_sheet(), *how_in_a_workbook(_ANY, _ANY), *how_in_orders())
    return (*lines, *how, *placeholders().values(), SHEET)
