"""Every way a form is written here, by the name of its format."""

from collections.abc import Callable

from benchmarks.answers import own
from benchmarks.answers.papers import Habit, Paper, Speller, as_docx, as_pdf, as_xlsx
from benchmarks.answers.texts import as_json, as_yaml
from pipeline.model import JsonObject
from pipeline.reading import KindForm

STYLES: dict[str, Callable[[KindForm, JsonObject, Speller, Habit], Paper]] = {
    "xlsx": as_xlsx,
    "docx": as_docx,
    "pdf": as_pdf,
    "yaml": as_yaml,
    "json": as_json,
}
HABITS: dict[str, tuple[Habit, ...]] = {
    "xlsx": (Habit(), Habit(one_sheet=True), Habit(blank_rows=True)),
    "docx": (Habit(), Habit(in_table=True)),
    "pdf": (Habit(),),
    "yaml": (Habit(),),
    "json": (Habit(),),
}
#: Our own forms, where they are other than what anybody would write: typed into, place by place.
OWN: dict[str, Callable[[KindForm, JsonObject, Speller, Habit], Paper]] = {
    "xlsx": own.xlsx,
    "docx": own.docx_,
    "pdf": own.pdf,
}
