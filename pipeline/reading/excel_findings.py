"""What is told of the cells of a workbook that are not read as they stand, one sentence for each cause."""

from pipeline.files.refusals import refusal, warning
from pipeline.messages import say
from pipeline.model import Finding, Place


def hidden_sheet(sheet: str) -> Finding:
    """A hidden sheet that holds something."""
    return warning(
        "cell.hidden",
        say("The sheet “{sheet}” is hidden; it was not read.", sheet=sheet),
        say("Show the sheet, check it, and delete it if it does not belong to the form."),
        place=Place(sheet=sheet),
    )


def hidden_by_condition(place: Place, found: str) -> Finding:
    """A cell that a conditional format hides or crosses out."""
    return warning(
        "cell.unseen",
        say("A conditional format hides or crosses out what stands in this cell; it was not read."),
        say("Take the conditional format away, or delete what it hides."),
        place=place,
        found=found,
    )


def only_signs(place: Place, found: str) -> Finding:
    """A number for which its column is too narrow."""
    return warning(
        "cell.shown-otherwise",
        say("The column is too narrow for this number: Excel shows “####”; it was read as it is kept."),
        say("Make the column wider, so that the number is seen."),
        place=place,
        found=found,
    )


def made_anew(place: Place) -> Finding:
    """A formula whose result depends on the day, the hour or chance."""
    return warning(
        "text.computed",
        say("This cell makes its value anew whenever the file is opened; it was read as it stands in the file."),
        say("Type the value itself in the place of the formula."),
        place=place,
    )


def may_be_unseen(place: Place, found: str) -> Finding:
    """A cell that a conditional format hides where something holds that is not worked out here."""
    return warning(
        "cell.shown-otherwise",
        say("A conditional format may hide what stands in this cell; it was read as it is kept."),
        say("Take the conditional format away and look whether the cell says what it should."),
        place=place,
        found=found,
    )


def cannot_be_seen(place: Place, found: str) -> Finding:
    """A cell whose look leaves nothing to be seen."""
    return warning(
        "cell.unseen",
        say("What stands in this cell cannot be seen (white letters, or a format without digits); not read."),
        say("Give the text an ordinary colour and format, or delete it."),
        place=place,
        found=found,
    )


def formula_error(error: str, place: Place) -> Finding:
    """A formula that went wrong."""
    message = say("The formula in this cell gives the error {error}.", error=error)
    return refusal("cell.formula-error", message, say("Type the value itself."), found=error, place=place)


def hidden_cell(place: Place, found: str) -> Finding:
    """A cell in a hidden row or column."""
    return warning(
        "cell.hidden",
        say("This cell lies in a hidden row or column; it was not read."),
        say("Show all rows and columns, check them, and delete what does not belong to the form."),
        place=place,
        found=found,
    )


def formula_without_result(place: Place) -> Finding:
    """A formula that was never calculated."""
    return refusal(
        "cell.formula-empty",
        say("This cell holds a formula without a result."),
        say("Type the value itself, or open the file in Excel and save it."),
        place=place,
    )
