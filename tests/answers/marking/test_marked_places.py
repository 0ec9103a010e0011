"""Every fault is marked where it is, in every format, and nothing else is; mending the marked places is enough."""

import json
import random
from collections.abc import Callable

import pytest

from pipeline.model import Address, JsonObject
from pipeline.reading import KindForm, ReadingContext
from tests.answers.marking.conftest import Mark, Read
from tests.answers.marking.opened import OPENERS
from tests.reading import writers
from tests.reading.conftest import example
from tests.reading.test_formats import FORMS, WRITERS
from tests.reading.test_planted_faults import FAULTS, leaves, speller, with_fault
from tests.said import vi


def as_yaml(form: KindForm, values: JsonObject, _: writers.Speller) -> bytes:
    return writers.as_yaml(form, json.loads(json.dumps(values)))


Write = Callable[[KindForm, JsonObject, writers.Speller], bytes]
STYLES: dict[str, Write] = {**WRITERS, "yaml": as_yaml}


@pytest.mark.sweep
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("count", [1, 5])
def test_planted_faults_are_marked_and_mending_them_is_enough(
    read: Read, mark: Mark, context: ReadingContext, style: str, count: int
) -> None:
    chance = random.Random(f"marked/{style}/{count}")
    kind, name = chance.choice(FORMS)
    form, values = context.form(kind), example(kind, name)
    assert form is not None
    choices = leaves(form.root, values)
    faulty, dropped = values, f"bieu-mau.{style.rpartition('.')[2]}"
    for node, at in chance.sample(choices, min(len(choices), count)):
        faulty = with_fault(faulty, at, chance.choice(FAULTS[node.value_type])[0])
    write = STYLES[style]
    good, sent = write(form, values, speller(context)), write(form, faulty, speller(context))
    found = read(sent, dropped)
    assert found.findings

    made = mark(sent, dropped, found)

    assert made is not None
    opener = OPENERS[made.extension]
    copy, right = opener(made.content), opener(good)
    wrong = {key for key, value in copy.values.items() if value != right.values.get(key)}
    assert set(copy.words) == wrong
    assert copy.coloured == wrong
    said = "\n".join(copy.words.values())
    assert [one.code for one in found.findings if vi(one.message) not in said] == []
    again = read(made.content, dropped)
    assert again.values == found.values
    assert [one.code for one in again.findings] == [one.code for one in found.findings]
    mended = read(copy.mended({key: right.values[key] for key in wrong}), dropped)
    assert mended.values == values
    assert mended.findings == read(good, dropped).findings


@pytest.mark.sweep
@pytest.mark.parametrize("style", ["named.xlsx", "table.docx", "controls.docx", "pdf", "yaml", "json"])
def test_the_same_faults_give_the_same_bytes_and_a_copy_marked_again_has_no_old_marks(
    read: Read, mark: Mark, context: ReadingContext, style: str
) -> None:
    form, values = context.form("dang-ky"), example("dang-ky", "pass-evnhcmc")
    assert form is not None
    dropped = f"dk.{style.rpartition('.')[2]}"
    write: Write = STYLES.get(style, lambda form, values, _: writers.as_json(form, values))
    one = with_fault(values, Address.of("/headcount"), "vài")
    two = with_fault(one, Address.of("/targets/2/due"), "tuần sau")
    sent, less = write(form, two, speller(context)), write(form, one, speller(context))
    found = read(sent, dropped)
    made = mark(sent, dropped, found)
    assert made is not None
    assert mark(sent, dropped, found) == made
    if made.extension == "html":
        return
    opener = OPENERS[made.extension]
    right = opener(less)
    changed = {key: value for key, value in right.values.items() if opener(made.content).values[key] != value}
    half = opener(made.content).mended(changed)

    again = mark(half, dropped, read(half, dropped))

    assert again is not None
    assert len(opener(again.content).words) == 1
    assert opener(again.content).coloured == set(opener(again.content).words)
