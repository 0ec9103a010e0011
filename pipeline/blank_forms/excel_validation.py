"""What Excel says while somebody types: drop-downs, limits, and a word of help. Reading checks everything again.

A slip that no reader could make sense of is stopped; where people write the same thing in several ways (a date, a
number, a telephone number) Excel only asks whether it is meant.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, TypeAlias

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.blank_forms.excel_styles import hint
from pipeline.blank_forms.plan import Entry
from pipeline.messages import in_vietnamese

_Style: TypeAlias = Literal["stop", "warning"]

_MOST: Final = 10**12
_LONGEST_TITLE: Final = 32  # Excel refuses a file with longer ones
# of an error message; the prompts keep to it, too
_LONGEST_TEXT: Final = 225
# openpyxl cuts what is longer, in silence
_LONGEST_CELL: Final = 32_767

# separators taken out: cells are text, and people write 1.500.000 and 98,5 as on paper
_NUMBER: Final = 'ISNUMBER(-SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({0},",",""),".",""),"%",""))'

#: What must hold of a cell, {0}: the first of an area; Excel moves it along.
_FORMULAS: Final[Mapping[str, str]] = {
    "number": _NUMBER,
    "percent": _NUMBER,
    "money": _NUMBER,
    # a day of Excel's own, or a text with two strokes: which day is meant, reading decides
    "date": 'OR(ISNUMBER({0}),AND(LEN({0})>=8,LEN({0})<=10,LEN({0})-LEN(SUBSTITUTE({0},"/",""))=2))',
    "phone": 'AND(LEFT({0},1)="0",LEN(SUBSTITUTE(SUBSTITUTE({0}," ",""),".",""))>=10)',
    "email": 'ISNUMBER(FIND("@",{0}))',
}


class Checks:
    """The data validations of one sheet; `list_of` gives the name of a list of choices."""

    def __init__(self, sheet: Worksheet, list_of: Callable[[tuple[str, ...]], str]) -> None:
        self.sheet = sheet
        self.list_of = list_of

    def add(self, entry: Entry, area: str, *, is_cell: bool = False) -> None:
        """Check what is typed into an area ("C5", "C5:C14"); `is_cell`: a list stands in one cell."""
        first = area.partition(":")[0]
        # a list in one cell: no check of a single value fits its lines
        check = DataValidation() if is_cell and entry.is_list else self._check(entry, first)
        text = hint(entry)
        if text:
            check.promptTitle, check.prompt = entry.label[:_LONGEST_TITLE], text[:_LONGEST_TEXT]
            check.showInputMessage = True
        if check.type is None and not text:
            return
        # what is missing is told when the form comes back, not while somebody is still filling it in
        check.allowBlank = True
        check.add(area)
        self.sheet.add_data_validation(check)

    def _check(self, entry: Entry, first: str) -> DataValidation:
        if entry.x_type in _FORMULAS:
            formula = _FORMULAS[entry.x_type].format(first)
            return _with_error(DataValidation(type="custom", formula1=formula), "warning", _question(entry.x_type))
        match entry.x_type:
            case "choice" | "flag":
                return self._list(entry, "stop", in_vietnamese("Choose one of the values in the list."))
            case "unit_code" | "content_code":
                return self._list(entry, "warning", in_vietnamese("This is not in the list. Keep it all the same?"))
            case "year":
                return _whole(2000, 2100, in_vietnamese("Write a year of four figures."))
            case "integer":
                least, most = int(entry.minimum or 0), int(entry.maximum or _MOST)
                return _whole(
                    least, most, in_vietnamese("Write a whole number from {least} up, figures only.", least=least)
                )
        return _length(entry)

    def _list(self, entry: Entry, style: _Style, error: str) -> DataValidation:
        name = self.list_of(tuple(label for _, label in entry.choices))
        return _with_error(DataValidation(type="list", formula1=name), style, error)


def _whole(least: int, most: int, error: str) -> DataValidation:
    check = DataValidation(type="whole", operator="between", formula1=str(least), formula2=str(most))
    return _with_error(check, "stop", error)


def _length(entry: Entry) -> DataValidation:
    most = min(entry.max_length or _LONGEST_CELL, _LONGEST_CELL)
    check = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(most))
    return _with_error(check, "stop", in_vietnamese("At most {most} characters.", most=most))


def _with_error(check: DataValidation, style: _Style, error: str) -> DataValidation:
    check.errorStyle, check.showErrorMessage = style, True
    check.errorTitle, check.error = in_vietnamese("Please look again"), error[:_LONGEST_TEXT]
    return check


def _question(x_type: str) -> str:
    match x_type:
        case "date":
            return in_vietnamese("Write the day as day/month/year. Keep it all the same?")
        case "phone":
            return in_vietnamese("A telephone number has 10 figures and begins with 0. Keep it all the same?")
        case "email":
            return in_vietnamese("An e-mail address has the sign @. Keep it all the same?")
    return in_vietnamese("Figures only, such as 98,5 or 15.000.000. Keep it all the same?")
