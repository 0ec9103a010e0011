"""The formats a form is written in; each writer is imported when it is first wanted."""

from collections.abc import Callable, Mapping
from typing import Final

from pipeline.blank_forms.plan import FormPlan


# openpyxl takes 0.2 s to import, and a command writes one or two of the formats
def _xlsx(plan: FormPlan) -> bytes:
    from pipeline.blank_forms.excel import write_xlsx

    return write_xlsx(plan)


def _docx(plan: FormPlan) -> bytes:
    from pipeline.blank_forms.word import write_word

    return write_word(plan)


def _pdf(plan: FormPlan) -> bytes:
    from pipeline.blank_forms.pdf import write_pdf

    return write_pdf(plan)


def _yaml(plan: FormPlan) -> bytes:
    from pipeline.blank_forms.text import write_yaml

    return write_yaml(plan)


def _json(plan: FormPlan) -> bytes:
    from pipeline.blank_forms.text import write_json

    return write_json(plan)


#: The writer of each format, by its file extension; those for people first.
FORMATS: Final[Mapping[str, Callable[[FormPlan], bytes]]] = {
    "xlsx": _xlsx,
    "docx": _docx,
    "pdf": _pdf,
    "yaml": _yaml,
    "json": _json,
}

#: What is written when nobody says.
USUAL: Final = ("xlsx", "docx", "pdf")
