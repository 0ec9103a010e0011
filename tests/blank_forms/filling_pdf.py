"""Filling in PDF forms with pypdf, as a viewer does: a value into every field of a name."""

import io
from collections.abc import Mapping

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject

from pipeline.blank_forms import Entry, FormPlan, Table, shown
from pipeline.blank_forms.page_layout import has_checkboxes
from pipeline.blank_forms.plan import rows_of
from pipeline.model import Json, JsonObject, value_at


def fill_pdf(content: bytes, plan: FormPlan, values: JsonObject) -> bytes:
    """The form with a value in every field that has one, the others emptied; what the fields look like is left."""
    writer = PdfWriter(io.BytesIO(content))
    typed = fields_of(plan, values)
    for page in writer.pages:
        for one in page.get("/Annots", ()):
            field = one.get_object()
            text = typed.pop(writer._get_qualified_field_name(parent=field) or "", None)
            if text is not None and field["/FT"] == "/Btn":
                field[NameObject("/V")] = field[NameObject("/AS")] = NameObject(text)
            elif text is not None:
                field[NameObject("/V")] = TextStringObject(text.replace("\n", "\r"))
    assert not typed, typed
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def fill_pdf_as_shown(content: bytes, plan: FormPlan, values: JsonObject) -> bytes:
    """The form filled in so that it shows what it holds (slow: pypdf reads the whole font for every field)."""
    writer = PdfWriter(io.BytesIO(content))
    typed = fields_of(plan, values)
    for page in writer.pages:
        # a page at a time: pypdf asks every field of a page for every value
        names = {writer._get_qualified_field_name(parent=one.get_object()) for one in page.get("/Annots", ())}
        own = {name: text for name, text in typed.items() if name in names}
        writer.update_page_form_field_values(page, own, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def has_room(plan: FormPlan, values: JsonObject) -> bool:
    """Whether every row of the values has one in the form: nested items take a row each."""
    tables = [part for part in plan.parts() if isinstance(part, Table)]
    return all(len(_rows(part, values)) <= part.row_count for part in tables)


def _rows(table: Table, values: JsonObject) -> list[Mapping[str, Json]]:
    value = value_at(values, table.address)
    objects = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return list(rows_of(table.columns, table.address, objects))


def fields_of(plan: FormPlan, values: JsonObject) -> dict[str, str]:
    """What stands in each field, by its full name: a choice is its code, a box /Yes or /Off."""
    made: dict[str, str] = {}
    for part in plan.parts():
        value = value_at(values, part.address)
        if isinstance(part, Table):
            rows = _rows(part, values)
            for at in range(part.row_count):
                for column in part.columns:
                    of_cell = rows[at].get(column.name) if at < len(rows) else None
                    made[part.cell_name(at, column)] = _typed(column, of_cell)
        elif has_checkboxes(part):
            chosen = value if isinstance(value, list) else []
            made |= {f"{part.name}={code}": "/Yes" if code in chosen else "/Off" for code, _ in part.choices}
        else:
            made[part.name] = _typed(part, value)
    return made


def _typed(entry: Entry, value: Json) -> str:
    is_choice = bool(entry.choices) and not entry.is_list
    if is_choice and isinstance(value, bool):
        return str(value).lower()
    return str(value) if is_choice and value is not None else shown(entry, value)
