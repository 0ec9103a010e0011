"""How a form lies on paper, for Word and PDF alike: widths of columns, which tables need a page on its side, hints.

Lengths are in millimetres; the page is A4.
"""

from dataclasses import replace
from typing import Final

from pipeline.blank_forms import guides
from pipeline.blank_forms.plan import Entry, FormPlan, Table

LEFT_MM: Final = 20.0
RIGHT_MM: Final = 15.0
TOP_MM: Final = 15.0
BOTTOM_MM: Final = 15.0
SHORT_SIDE_MM: Final = 210.0
LONG_SIDE_MM: Final = 297.0
PORTRAIT_MM: Final = SHORT_SIDE_MM - LEFT_MM - RIGHT_MM  #: room for text across an upright page
LANDSCAPE_MM: Final = LONG_SIDE_MM - LEFT_MM - RIGHT_MM
LABEL_MM: Final = 62.0  #: the labels beside single places
COUNTER_MM: Final = 9.0  #: the column that counts the rows

#: Columns that need what they need: a date, a number; all others share the rest.
_FIRM_MM: Final = {
    "date": 23.0,
    "time": 15.0,
    "year": 15.0,
    "integer": 17.0,
    "number": 17.0,
    "percent": 17.0,
    "money": 27.0,
    "phone": 26.0,
    "flag": 17.0,
}
_WISHED_MM: Final = {"person": 40.0, "email": 40.0}
_WIDEST_MM: Final = 70.0
_LETTER_MM: Final = 2.1  # of a heading in bold, 10 points
_CHOICE_MM: Final = (14.0, 48.0)  # the least and the most for a choice
_LONGEST_EXAMPLE: Final = 60
_LONGEST_HINT: Final = 180  # reading knows a label with its hint up to 300 letters

_TYPED: Final = frozenset({"choice", "unit_code", "content_code", "flag"})


def is_stacked(table: Table) -> bool:
    """Whether the columns stand below each other, as a block of places: a table of one row."""
    return table.row_count == 1 and table.is_fixed


def stacked(table: Table) -> list[Entry]:
    """The columns of a table of one row, as places of their own."""
    values = table.rows[0] if table.rows else {}
    return [replace(column, value=values.get(column.name)) for column in table.columns]


def is_landscape(table: Table) -> bool:
    """Whether a table is too wide for an upright page."""
    return (
        # columns can do with three quarters of what they wish; beyond that the page is turned
        not is_stacked(table) and COUNTER_MM + sum(_wished(column) for column in table.columns) > 1.35 * PORTRAIT_MM
    )


def landscape_sections(plan: FormPlan) -> tuple[bool, ...]:
    """For each section whether its pages lie on their side; what stands between two wide tables lies as they do."""
    wide = [
        any(isinstance(part, Table) and is_landscape(part) for part in section.parts) for section in plan.sections
    ]
    last = max((at for at, is_wide in enumerate(wide) if is_wide), default=-1)
    first = wide.index(True) if last >= 0 else 0
    # one turn to the side and one back: who fills in on paper need not turn it for every section
    return tuple(first <= at <= last for at in range(len(wide)))


def widths_mm(table: Table, *, is_landscape: bool) -> tuple[float, ...]:
    """The widths of the columns, without the one that counts; together they fill the page."""
    width_mm = (LANDSCAPE_MM if is_landscape else PORTRAIT_MM) - COUNTER_MM
    least = [_least(column) for column in table.columns]
    more = [_wished(column) - one for column, one in zip(table.columns, least, strict=True)]
    spare = (width_mm - sum(least)) / (sum(more) or 1)
    if not sum(more) or spare < 0:
        return tuple(one * width_mm / sum(least) for one in least)
    return tuple(one + extra * spare for one, extra in zip(least, more, strict=True))


def hint(entry: Entry) -> str:
    """What helps to fill a place in, in brackets: how, and an example; "" when nothing is said."""
    texts = [entry.help] if entry.help else []
    if entry.example and entry.x_type not in _TYPED and len(entry.example) <= _LONGEST_EXAMPLE:
        texts.append(guides.example(entry.example))
    text = "; ".join(one.rstrip(" .") for one in texts)
    # brackets in brackets would end the hint too early
    text = text.replace("(", "[").replace(")", "]")[:_LONGEST_HINT]
    return f"({text})" if text else ""


def has_checkboxes(entry: Entry) -> bool:
    """Whether a list is a row of boxes to tick: several of a known few."""
    return entry.is_list and bool(entry.choices) and not entry.address.is_pattern


def _least(column: Entry) -> float:
    """What a column cannot do without."""
    firm = _FIRM_MM.get(column.x_type, min(0.55 * _wished(column), 30.0))
    return max(firm, _heading_mm(column))


def _wished(column: Entry) -> float:
    if column.x_type in _FIRM_MM:
        return max(_FIRM_MM[column.x_type], _heading_mm(column))
    if column.x_type in _WISHED_MM:
        return _WISHED_MM[column.x_type]
    if column.choices and not column.is_list:
        least, most = _CHOICE_MM
        return min(max(least, 4.0 + 1.9 * max(len(text) for _, text in column.choices)), most)
    letters = column.max_length or 200
    return _WIDEST_MM if letters > 500 else 55.0 if letters > 200 else 38.0 if letters > 60 else 20.0


def _heading_mm(column: Entry) -> float:
    """Room for the longest word of a heading, and for a placeholder below it."""
    return max(max(map(len, column.label.split()), default=1) * _LETTER_MM + 3.5, 15.0)
