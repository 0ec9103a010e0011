"""Filling a form in in the browser: the form that goes out as a file, judged by the same rules before it is sent.

Every button sends the whole page, and what is typed is saved before anything else is done with it: without
JavaScript, too, nothing is lost. What JavaScript does besides is to send it by itself and to write faults beside
their places.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline import messages
from pipeline.app import begun_forms, wording
from pipeline.app.begun_forms import Judged
from pipeline.blank_forms import Entry, FormPlan, Table
from pipeline.blank_forms.typed import row_count, with_row, without_row
from pipeline.errors import NotAllowedNow, UnknownThing
from pipeline.ledger.begun_forms import BegunForm, BegunForms, Which
from pipeline.messages import NOTHING, tr
from pipeline.model import Finding, Job, PersonRole, Severity, State
from pipeline.status.reasons import Told, told
from pipeline.web.visit import Visit, shown

#: The addresses to which a whole form is sent; and that at which it is saved.
KEEP: Final = "keep-form"
FILLED: Final = frozenset({KEEP, "check-form"})
#: Which keys a phone shows.
_KEYS: Final = {
    **dict.fromkeys(("integer", "money", "year"), "numeric"),
    **dict.fromkeys(("number", "percent"), "decimal"),
    "phone": "tel",
    "email": "email",
}
_LISTED: Final = ("unit_code", "content_code")
#: So that a reader or an ordinary line of a form needs no box of many lines.
_LONG: Final = 200
#: States in which the road has not answered yet.
_ON_ITS_WAY: Final = frozenset({State.RECEIVED, State.READ})


@dataclass(frozen=True)
class Box:
    """One place to fill in: `shape` is "line", "area", "choice", "listed" or "ticks".

    Of a table's cell that names one of many (units, contents) the choices stand once on the page, as `choices_of`;
    how a column is filled in stands in its first row, at `help_id`. `other` is what another window saved.
    """

    name: str
    label: str
    shape: str
    text: str
    keys: str
    choices: tuple[tuple[str, str], ...]
    help: str
    example: str
    is_required: bool
    told: tuple[Finding, ...]
    other: str | None = None
    choices_of: str = ""
    help_id: str = ""

    @property
    def chosen(self) -> str:
        """What is chosen, as it is called; "" where that is what is typed."""
        called = dict(self.choices).get(self.text, "")
        return called if called != self.text else ""

    @property
    def ticked(self) -> frozenset[str]:
        """The codes that are ticked."""
        return frozenset(self.text.splitlines())

    @property
    def is_wrong(self) -> bool:
        """Whether something here keeps the form from being sent."""
        return any(one.severity is Severity.BLOCK for one in self.told)


@dataclass(frozen=True)
class Grid:
    """A table: its rows of boxes, and what is said of it as a whole."""

    name: str
    label: str
    help: str
    is_required: bool
    rows: tuple[tuple[Box, ...], ...]
    may_grow: bool
    told: tuple[Finding, ...]


def fill(visit: Visit) -> Response:
    """Show a form to be filled in, with what was saved of it; with its faults where they are asked for."""
    which = _which(visit)
    if which.unit == "" and _is_of_units(visit, which.kind):
        raise NotAllowedNow(tr("Choose the unit first: the form is filled in with what the year knows of it."))
    plan = begun_forms.form_of(visit.workspace, which)
    form = begun_forms.opened(visit.workspace, visit.person, which, plan)
    ready = begun_forms.judged(visit.workspace, visit.person, plan, form) if visit.asked("kiem") else None
    return _page(visit, plan, form, ready)


def keep(visit: Visit) -> Response:
    """Save what is typed, and do what the button says. Raises NotAllowedNow for a button that is none."""
    which, act = _which(visit), visit.asked("viec")
    plan = begun_forms.form_of(visit.workspace, which)
    kind_of_act, _, about = act.partition(":")
    if kind_of_act not in _ACTS:
        raise NotAllowedNow(tr("Nothing was asked to be done with the form."))
    typed = _typed(visit, plan)
    if kind_of_act == "bo-phieu":
        return _forgotten(visit, plan, BegunForm(which, typed, _version(visit)))
    table, _, row = about.rpartition(".")
    if kind_of_act == "them":
        typed = with_row(plan, typed, about)
    elif kind_of_act == "bot":
        typed = without_row(plan, typed, table, int(row[:6]) if row.isascii() and row.isdigit() else -1)
    try:
        saved = begun_forms.save(visit.workspace, visit.person, plan, which, typed, _version(visit))
    except NotAllowedNow as marked:
        return _page(visit, plan, BegunForm(which, typed, _version(visit)), None, str(marked), 422)
    if saved is None:
        return _by_another_window(visit, plan, BegunForm(which, typed, _version(visit)))
    if kind_of_act == "gui":
        return _sent(visit, plan, saved)
    anchors = {"them": f"#{about}.{_last_row(plan, typed, about)}", "bot": f"#{table}"}
    return visit.go(_address(which, "1" if kind_of_act == "kiem" else "") + anchors.get(kind_of_act, ""))


_ACTS: Final = frozenset({"luu", "kiem", "gui", "them", "bot", "bo-phieu"})


def check(visit: Visit) -> Response:
    """Save what is typed and say what would be found, for who has JavaScript: faults by the names of places."""
    which = _which(visit)
    plan = begun_forms.form_of(visit.workspace, which)
    typed = _typed(visit, plan)
    try:
        saved = begun_forms.save(visit.workspace, visit.person, plan, which, typed, _version(visit))
    except NotAllowedNow as marked:
        return JSONResponse({"said": str(marked), "is_lost": False}, 422)
    if saved is None:
        return JSONResponse({"said": _conflict_text(visit, which), "is_lost": True}, 409)
    ready = begun_forms.judged(visit.workspace, visit.person, plan, saved)
    return JSONResponse(
        {
            "is_lost": False,
            "version": saved.version,
            "saved": _saved_text(saved),
            "said": _count_text(ready),
            "told": {
                name: [[one.severity.value, wording.weight_of(one.severity), *_words(one)] for one in found]
                for name, found in ready.at.items()
            },
        }
    )


def _words(finding: Finding) -> tuple[str, str]:
    """What was found, and how to mend it: what is needed there says more than that it is to be typed otherwise."""
    mend = (
        tr("Needed: {needed}", needed=finding.needed) if finding.needed else messages.shown(finding.mend or NOTHING)
    )
    return messages.shown(finding.message), mend


def _sent(visit: Visit, plan: FormPlan, form: BegunForm) -> Response:
    ready = begun_forms.judged(visit.workspace, visit.person, plan, form)
    # a warning stops nothing; it is to have been seen
    if ready.blocking or ready.warnings != visit.asked("canh-bao"):
        return visit.go(f"{_address(form.which, '1')}#loi")
    begun_forms.send(visit.workspace, visit.person, form, ready)
    return visit.go(_address(form.which))


def _forgotten(visit: Visit, plan: FormPlan, form: BegunForm) -> Response:
    kept = BegunForms(visit.workspace.ledger, visit.person)
    if kept.find(form.which) is not None and not kept.forget(form.which, form.version):
        return _by_another_window(visit, plan, form)
    return visit.go(f"/bieu-mau?{urlencode({'don-vi': form.which.unit})}")


def _by_another_window(visit: Visit, plan: FormPlan, form: BegunForm) -> Response:
    """Show what is typed here, and beside it what another window has saved: nothing is lost, a person decides."""
    text = _conflict_text(visit, form.which)
    there = begun_forms.opened(visit.workspace, visit.person, form.which, plan)
    both = {**dict.fromkeys(there.typed, ""), **form.typed}
    mine = BegunForm(form.which, both, there.version, there.saved_at, there.sent)
    return _page(visit, plan, mine, None, text, 409, there.typed)


def _conflict_text(visit: Visit, which: Which) -> str:
    there = BegunForms(visit.workspace.ledger, visit.person).find(which)
    if there is None or there.saved_at is None:
        return tr("This form was cleared in another window meanwhile. What is typed here is not saved yet: save it.")
    return tr(
        "This form was saved in another window at {time}, after this page was opened. Nothing was saved from here, "
        "nothing is lost: where the two differ, the other window's words stand below the place. Saving now puts what "
        "stands here in place of them.",
        time=wording.moment(there.saved_at),
    )


def _page(
    visit: Visit,
    plan: FormPlan,
    form: BegunForm,
    ready: Judged | None,
    text: str = "",
    status: int = 200,
    other: Mapping[str, str] | None = None,
) -> Response:
    answer = _answer(visit, form)
    sections = [(one, list(_parts(one.parts, form.typed, ready, other))) for one in plan.sections]
    return visit.page(
        "fill.html.j2",
        status,
        plan=plan,
        form=form,
        sections=sections,
        lists=dict(_lists(part for _, parts in sections for part in parts)),
        ready=ready,
        about_all=ready.at.get(begun_forms.WHOLE_FORM, ()) if ready else (),
        count_text=_count_text(ready) if ready else "",
        saved_text=_saved_text(form),
        text=text,
        answer=answer,
        is_on_its_way=form.sent is not None and (answer is None or answer.job.state in _ON_ITS_WAY),
        is_changed=form.sent is not None and form.sent.version != form.version,
        words_of=_words,
        is_box=lambda part: isinstance(part, Box),
    )


def _lists(parts: Iterable[Box | Grid]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The choices that stand once on the page."""
    for part in parts:
        rows = part.rows if isinstance(part, Grid) else ()
        yield from ((box.choices_of, box.choices) for row in rows for box in row if box.choices_of)


def _answer(visit: Visit, form: BegunForm) -> Told | None:
    """The document that came of what was sent."""
    job: Job | None = begun_forms.answer_of(visit.workspace, form.sent) if form.sent else None
    return told(visit.workspace, [job])[0] if job is not None else None


def _parts(
    parts: Iterable[Entry | Table], typed: Mapping[str, str], ready: Judged | None, other: Mapping[str, str] | None
) -> Iterator[Box | Grid]:
    for part in parts:
        if isinstance(part, Entry):
            yield _box(part, part.name, typed, ready, other)
            continue
        rows = tuple(
            tuple(_box(column, part.cell_name(row, column), typed, ready, other) for column in part.columns)
            for row in range(row_count(part, typed))
        )
        may_grow = not part.is_fixed or len(rows) < part.row_count
        found = ready.at.get(part.name, ()) if ready else ()
        yield Grid(part.name, part.label, part.help, part.is_required, rows, may_grow, found)


def _box(
    entry: Entry, name: str, typed: Mapping[str, str], ready: Judged | None, other: Mapping[str, str] | None
) -> Box:
    text = typed.get(name, "")
    there = other.get(name, "") if other is not None else text
    is_of_row = name != entry.address.field_name
    is_first = not is_of_row or name == _first(entry)
    shape = "line"
    if entry.choices and entry.is_list and not is_of_row:
        shape = "ticks"
    elif entry.choices and not entry.is_list:
        # ten units in ten rows of three columns would be a page of its own
        shape = "listed" if is_of_row and entry.x_type in _LISTED else "choice"
    # in a cell a list is written side by side, and a line break would be another row
    elif (entry.is_list and not is_of_row) or (entry.max_length > _LONG and not entry.keeps_lines):
        shape = "area"
    return Box(
        name=name,
        label=entry.label,
        shape=shape,
        text=text,
        keys=_KEYS.get(entry.x_type, ""),
        choices=entry.choices if shape == "listed" else _choices(entry, text) if shape != "line" else (),
        choices_of=entry.x_type if shape == "listed" else "",
        help=entry.help if is_first else "",
        help_id=f"{name if is_first else _first(entry)}:giup" if entry.help else "",
        example=entry.example if is_first else "",
        is_required=entry.is_required,
        told=ready.at.get(name, ()) if ready else (),
        other=there if there != text else None,
    )


def _first(column: Entry) -> str:
    """The name of a column's cell in the first row."""
    return column.address.at_row(0).field_name


def _choices(entry: Entry, text: str) -> tuple[tuple[str, str], ...]:
    """The choices, and what was saved and is none any more: it is shown as it is, and told as a fault."""
    known = {code for code, _ in entry.choices}
    return (*entry.choices, *((one, one) for one in text.splitlines() if one not in known))


def _typed(visit: Visit, plan: FormPlan) -> dict[str, str]:
    """What the page says, by the names of places; line ends and composed letters as they are everywhere else."""
    said: dict[str, list[str]] = {}
    for name, value in visit.form.multi_items():
        if isinstance(value, str):
            plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
            said.setdefault(name, []).append(plain.strip())
    # of boxes that are ticked a page says nothing where none is
    ticked = {part.name: "" for part in plan.parts() if isinstance(part, Entry) and part.is_list and part.choices}
    return ticked | {name: "\n".join(filter(None, values)) for name, values in said.items()}


def _version(visit: Visit) -> int:
    said = visit.asked("lan")
    return int(said[:9]) if said.isascii() and said.isdigit() else 0


def _last_row(plan: FormPlan, typed: Mapping[str, str], table: str) -> int:
    found = next((part for part in plan.parts() if isinstance(part, Table) and part.name == table), None)
    return row_count(found, typed) - 1 if found is not None else 0


def kept_while_out(request: Request, form: FormData) -> Response:
    """What a page shows whose person is out meanwhile: all that was typed, to be sent once more after coming in.

    Nothing of it is looked at or kept before somebody is known.
    """
    typed = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return shown("kept.html.j2", 401, typed=typed, path=request.url.path)


def _which(visit: Visit) -> Which:
    """Which form is meant; a unit fills in its own. Raises UnknownThing."""
    kind = visit.request.path_params["kind"]
    is_unit = visit.person.role is PersonRole.UNIT
    is_of_units = _is_of_units(visit, kind)
    if is_unit and not is_of_units:
        raise UnknownThing(tr("There is no such page."))
    unit = visit.person.unit if is_unit else visit.asked("don-vi")
    return Which(kind, unit if is_of_units else "", visit.workspace.practice.year)


def _is_of_units(visit: Visit, kind: str) -> bool:
    known = visit.workspace.loaded().kinds.get(kind)
    if known is None:
        raise UnknownThing(tr("There is no such page."))
    return known.submitted_by == "unit"


def _address(which: Which, checked: str = "") -> str:
    said = {name: value for name, value in (("don-vi", which.unit), ("kiem", checked)) if value}
    return f"/bieu-mau/{which.kind}/dien" + (f"?{urlencode(said)}" if said else "")


def _saved_text(form: BegunForm) -> str:
    return tr("Saved {time}", time=wording.moment(form.saved_at)) if form.saved_at else tr("Nothing is saved yet.")


def _count_text(ready: Judged) -> str:
    if ready.blocking:
        said = messages.say_count("{count} place to mend before it is sent", "{count} places to mend", ready.blocking)
        return messages.shown(said)
    if ready.warnings:
        return tr("Nothing to mend; look at the warnings.")
    return tr("Nothing to mend: it can be sent.")
