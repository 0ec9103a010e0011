"""The examples beside each kind, read and judged as a submission is: through the reader of YAML forms."""

import copy
import datetime as dt
import functools
import re
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from pipeline import strict_yaml, years
from pipeline.kinds import Kind, Loaded
from pipeline.model import Finding, Json, JsonObject, Reading
from pipeline.reading import ReadingContext
from pipeline.reading.reader import read
from pipeline.validation import validate
from pipeline.workspace import reading_context
from pipeline.years import Year
from tests.folders import shipped_kinds
from tests.kinds.state_office import form_in_the_states_words, state_kinds, state_year

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
TODAY = dt.date(2022, 6, 3)


@functools.cache
def loaded(family: str = "party") -> Loaded:
    return shipped_kinds() if family == "party" else state_kinds()


@functools.cache
def year(family: str = "party") -> Year:
    return years.load(ROOT / "years" / "2022.yaml") if family == "party" else state_year()


@functools.cache
def context(family: str = "party") -> ReadingContext:
    return reading_context(loaded(family).kinds.values(), year(family))


@dataclass(frozen=True)
class Example:
    """One example: its form as a person typed it, what it is compared with, the codes it must get."""

    kind: str
    name: str
    form: JsonObject
    expect: tuple[str, ...]
    others: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    register: tuple[Json, ...] = ()
    family: str = "party"

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def example(kind: str, name: str, family: str = "party") -> Example:
    """An example as the Party's office has it, or as the State's would."""
    one = _example(kind, name)
    if family == "party":
        return one
    form, register = form_in_the_states_words(one.form), form_in_the_states_words(list(one.register))
    assert isinstance(form, dict)
    assert isinstance(register, list)
    return replace(one, form=form, register=tuple(register), family=family)


def _example(kind: str, name: str) -> Example:
    parsed = strict_yaml.parse((TEMPLATES / kind / "examples" / f"{name}.yaml").read_bytes())
    assert not parsed.problems, parsed.problems
    table = parsed.values
    assert isinstance(table, dict)
    unknown = table.keys() - {"form", "base", "change", "expect", "accepted", "gathered", "register"}
    assert not unknown, f"{kind}/{name}: {unknown}"
    form = table.get("form")
    if form is None:
        form = copy.deepcopy(_example(kind, str(table["base"])).form)
    assert isinstance(form, dict)
    changes = table.get("change", {})
    assert isinstance(changes, dict)
    for pointer, value in changes.items():
        _put(form, pointer, value)
    expect = table.get("expect", [])
    assert isinstance(expect, list)
    others = {key: table[key] for key in ("accepted", "gathered") if key in table}
    register = table.get("register", [])
    assert isinstance(register, list)
    return Example(kind, name, form, tuple(str(code) for code in expect), others, tuple(register))  # type: ignore[arg-type]


def _put(form: JsonObject, pointer: str, value: Json) -> None:
    *way, last = pointer.split("/")[1:]
    here: Json = form
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here[part]  # type: ignore[index]
    match here:
        case list() if value is None:
            del here[int(last)]
        case list():
            here[int(last)] = value
        case dict() if value is None:
            del here[last]
        case dict():
            here[last] = value


@functools.cache
def every() -> list[Example]:
    paths = sorted(TEMPLATES.glob("*/examples/*.yaml"))
    return [example(path.parent.parent.name, path.stem) for path in paths]


def reading_of(one: Example) -> Reading:
    """What is read from the example as a YAML form."""
    text = yaml.safe_dump({"kind": one.kind, **one.form}, allow_unicode=True, sort_keys=False)
    text = re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", text)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.yaml"
        path.write_text(text, encoding="utf-8")
        return read(str(path), path.name, context(one.family))


def completed(reading: Reading, family: str = "party") -> Reading:
    kind = kind_named(reading.kind, family)
    facts = year(family).as_values(kind.date_of(reading.values))
    return replace(reading, values=kind.completed(reading.values, facts))


def kind_named(name: str, family: str = "party") -> Kind:
    return loaded(family).kinds[name]


def findings_of(one: Example) -> tuple[Finding, ...]:
    """Everything that is found wrong with the example, by the reader and by the rules."""
    reading = completed(reading_of(one), one.family)
    return (*reading.findings, *judged(reading, one.others, one.register, one.family))


def judged(
    reading: Reading,
    others: dict[str, dict[str, list[str]]] | None = None,
    register: tuple[Json, ...] = (),
    family: str = "party",
) -> tuple[Finding, ...]:
    def values(which: str) -> JsonObject:
        named = (others or {}).get(which, {})
        shapes: JsonObject = {name.replace("-", "_"): [] for name in loaded(family).kinds}
        for kind, names in named.items():
            forms = [reading_of(example(kind, name, family)) for name in names]
            shapes[kind.replace("-", "_")] = [completed(one, family).values for one in forms]
        return shapes

    return validate(
        reading,
        kind_named(reading.kind, family),
        year(family),
        today=TODAY,
        gathered=values("gathered"),
        accepted=values("accepted"),
        register=register,
    )
