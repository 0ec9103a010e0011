"""What kind.yaml points at: fields of the form, names in the sentences of its subject; all of it must be there."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pipeline.messages import say
from pipeline.model import GROUP, Address, Field, Finding, FormTree, Message, TemplateFault, TextTemplate, value_at
from pipeline.rules import is_year_name
from pipeline.strict_yaml import declared, pointer_of
from pipeline.strict_yaml.declared import Declared

#: The places of a letter that `vanthu remind` fills in, besides its date and its variant.
REMINDER_FIELDS: Final = tuple(map(Address.of, ("/addressees", "/reminded_units", "/due")))

#: When a document gets its number: with its signed paper, or when it is made.
NUMBERED_AT: Final = ("filing", "filling")
SIGNING_GROUPS: Final = ("left", "right", "witness")

#: kind.yaml after its own schema has vouched for every key and type.
Table = Mapping[str, Any]


def reference_problems(source: Declared, tree: FormTree) -> Iterator[Finding]:
    """Pointers and names in kind.yaml that mean nothing in the form."""
    table: Table = source.table
    yield from _pointer_problems(source, tree, "/date_field", "date")
    if "variant" in table:
        yield from _pointer_problems(source, tree, "/variant", "choice")
    if "round" in table:
        yield from _pointer_problems(source, tree, "/round", "integer", may_be_empty=True)
    if "reminds" in table:
        yield from _reminding_problems(source, tree)
    yield from _number_problems(source)
    for name in SIGNING_GROUPS:
        if name in table["signing"]:
            yield from _pointer_problems(source, tree, f"/signing/{name}", GROUP)
    yield from _recipient_problems(source, tree)
    sentences = sentences_of(table["subject"])
    if "" not in sentences:
        yield from _pointer_problems(source, tree, "/subject/by", "choice")
        choice = tree.at(Address.of(table["subject"]["by"]))
        for code in choice.choices if choice else ():
            if code not in sentences:
                yield source.problem("kind.subject", "/subject/of", say("“{key}” is missing.", key=code))
    for code, sentence in sentences.items():
        at = f"/subject/of{pointer_of(code)}" if code else "/subject"
        yield from (source.problem("kind.subject", at, problem) for problem in _template_problems(tree, sentence))


def _recipient_problems(source: Declared, tree: FormTree) -> Iterator[Finding]:
    """A pointer among the recipients names a person of the form."""
    table: Table = source.table
    for index, key in enumerate(table["recipients"]):
        if key.startswith("/"):
            yield from _pointer_problems(source, tree, f"/recipients/{index}", GROUP)


def _number_problems(source: Declared) -> Iterator[Finding]:
    """A number that nobody prints has no reason to be given before its paper is there."""
    table: Table = source.table
    is_printed = table["register"] == "outgoing" and table.get("number_printed", True)
    if table.get("number_at") == "filling" and not is_printed:
        said = say("“number_at: filling” needs a number that is printed: only outgoing documents bear one.")
        yield source.problem("kind.number-at", "/number_at", said)


def _reminding_problems(source: Declared, tree: FormTree) -> Iterator[Finding]:
    """A letter that reminds must have the places that `vanthu remind` fills in, and a choice for each purpose."""
    for address in REMINDER_FIELDS:
        if tree.at(address) is None:
            yield source.problem("kind.reminds", "/reminds", declared.unknown(str(address), map(_spelled, tree)))
    table: Table = source.table
    choice = tree.at(Address.of(table.get("variant", "")))
    for kind, purpose in table["reminds"]["of"].items():
        if choice is None or purpose not in choice.choices:
            choices = list(choice.choices) if choice else []
            yield source.problem("kind.reminds", f"/reminds/of/{kind}", declared.unknown(purpose, choices))


def _pointer_problems(
    source: Declared, tree: FormTree, at: str, wanted: str, *, may_be_empty: bool = False
) -> Iterator[Finding]:
    """A pointer that does not lead to a required field of the wanted type (a group may be left out)."""
    pointer = str(value_at(source.table, Address.of(at)))
    one = tree.at(Address.of(pointer))
    if one is None:
        yield source.problem("kind.field", at, declared.unknown(pointer, map(_spelled, tree)))
    elif wanted not in {one.x_type, one.shape}:
        yield source.problem(
            "kind.field", at, say("{pointer} is no field of the type {wanted}.", pointer=pointer, wanted=wanted)
        )
    elif wanted != GROUP and not one.is_required and not may_be_empty:
        yield source.problem(
            "kind.field", at, say("{pointer} must be a required field of the form.", pointer=pointer)
        )


def _spelled(one: Field) -> str:
    return str(one.address)


def _template_problems(tree: FormTree, sentence: str) -> Iterator[Message]:
    """What stands in braces in a sentence of the subject and is no name of the form or the year."""
    try:
        template = TextTemplate.parse(sentence)
    except TemplateFault as fault:
        if fault.piece in ("{", "}"):
            yield say("A brace stands alone in “{sentence}”. For the brace itself write it twice.", sentence=sentence)
        else:
            yield _unknown_name(fault.piece)
        return
    for name in template.names:
        root, _, path = name.partition(".")
        is_known = is_year_name(path) if root == "year" else tree.at(Address.of_dotted(path)) is not None
        if root not in ("doc", "year") or not is_known:
            yield _unknown_name(f"{{{name}}}")


def _unknown_name(piece: str) -> Message:
    return say("“{name}” is not known; write {{year.…}} or {{doc.…}}.", name=piece)


def sentences_of(subject: str | Table) -> Mapping[str, str]:
    """The sentences of a subject as written, by the code of the choice; "" where there is one for all."""
    return {"": subject} if isinstance(subject, str) else subject["of"]
