"""Filling in Word forms as Word does: into the content controls, one after the other, by their tags."""

import copy
import io
from typing import Any, Final

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.blank_forms import Entry, FormPlan, Table, shown
from pipeline.blank_forms.page_layout import has_checkboxes
from pipeline.blank_forms.plan import Row, rows_of
from pipeline.model import Json, JsonObject, value_at

_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_W15: Final = "{http://schemas.microsoft.com/office/word/2012/wordml}"


def fill_docx(content: bytes, plan: FormPlan, values: JsonObject) -> bytes:
    """The form with a value in every control; where a table has too few rows, rows are added as Word adds them."""
    document = docx.Document(io.BytesIO(content))
    body = document.element.body
    for part in plan.parts():
        if isinstance(part, Table):
            for _ in range(part.row_count, len(_rows(part, values))):
                _add_row(body, f"{part.name}.{part.columns[0].name}")
    controls = controls_of(body)
    for part in plan.parts():
        if isinstance(part, Table):
            rows = _rows(part, values)
            for column in part.columns:
                for at, control in enumerate(controls[f"{part.name}.{column.name}"]):
                    _fill(control, column, rows[at].get(column.name) if at < len(rows) else None)
        elif has_checkboxes(part):
            chosen = value_at(values, part.address) or []
            assert isinstance(chosen, list)
            for code, _ in part.choices:
                _tick(controls[f"{part.name}={code}"][0], is_on=code in chosen)
        else:
            _fill(controls[part.name][0], part, value_at(values, part.address))
    return saved(document)


def controls_of(body: Any) -> dict[str, list[Any]]:
    """The content controls by their tags, in the order of the form."""
    found: dict[str, list[Any]] = {}
    for tag in body.iter(qn("w:tag")):
        found.setdefault(tag.get(qn("w:val")), []).append(tag.getparent().getparent())
    return found


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _rows(table: Table, values: JsonObject) -> list[Row]:
    value = value_at(values, table.address)
    objects = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return list(rows_of(table.columns, table.address, objects))


def _add_row(body: Any, tag: str) -> None:
    """One more row of a repeating section, empty, as the plus sign at its last row makes it."""
    last = [one for one in body.iter(qn("w:tag")) if one.get(qn("w:val")) == tag][-1]
    item = next(
        one
        for one in last.iterancestors(qn("w:sdt"))
        if one.find(f"{qn('w:sdtPr')}/{_W15}repeatingSectionItem") is not None
    )
    item.addnext(copy.deepcopy(item))


def _fill(control: Any, entry: Entry, value: Json) -> None:
    text = "" if value is None else shown(entry, value)
    properties = control.find(qn("w:sdtPr"))
    date = properties.find(qn("w:date"))
    if date is not None:
        date.attrib.pop(qn("w:fullDate"), None)
        if isinstance(value, str):
            date.set(qn("w:fullDate"), f"{value}T00:00:00Z")
    placeholder = properties.find(qn("w:showingPlcHdr"))
    if placeholder is not None:
        properties.remove(placeholder)
    if not text:
        properties.insert(0, OxmlElement("w:showingPlcHdr"))
    _type_in(control.find(qn("w:sdtContent")), text or "Nhấn vào đây để nhập văn bản.")


def _type_in(content: Any, text: str) -> None:
    """A text in the place of what stands there; in a control around paragraphs Enter begins a new one."""
    lines = text.split("\n")
    paragraphs = list(content.iter(qn("w:p")))
    if not paragraphs:
        for run in list(content):
            content.remove(run)
        assert len(lines) == 1, text
        content.append(_run(text))
        return
    for more in paragraphs[1:]:
        more.getparent().remove(more)
    paragraph = paragraphs[0]
    for line in lines:
        for run in paragraph.findall(qn("w:r")):
            paragraph.remove(run)
        paragraph.append(_run(line))
        if line is not lines[-1]:
            following = copy.deepcopy(paragraph)
            paragraph.addnext(following)
            paragraph = following


def _run(text: str) -> Any:
    run, written = OxmlElement("w:r"), OxmlElement("w:t")
    written.text = text
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(written)
    return run


def _tick(control: Any, *, is_on: bool) -> None:
    control.find(f"{qn('w:sdtPr')}/{_W14}checkbox/{_W14}checked").set(f"{_W14}val", str(int(is_on)))
    next(control.iter(qn("w:t"))).text = "☒" if is_on else "☐"


def as_the_form_takes_it(plan: FormPlan, values: JsonObject) -> JsonObject:
    """The values as far as the form has room: no more rows than it allows, ticks in the order of the boxes."""
    made = copy.deepcopy(values)
    for part in plan.parts():
        holder, name = value_at(made, part.address.parent), part.address.name
        chosen = value_at(made, part.address)
        if not isinstance(holder, dict) or not isinstance(chosen, list):
            continue
        if isinstance(part, Table):
            holder[name] = chosen[: part.row_count] if part.is_fixed else chosen
        elif has_checkboxes(part):
            holder[name] = [code for code, _ in part.choices if code in chosen]
    return made
