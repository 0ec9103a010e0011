"""Forms written as text, YAML and JSON, a value to a line; the line is noted."""

import json
from dataclasses import dataclass, field

import yaml

from benchmarks.answers.papers import Blank, Habit, Paper, Speller, Typed
from pipeline.model import Field, Json, JsonObject, Place
from pipeline.reading import KindForm


def as_yaml(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """A YAML text."""
    writer = _Yaml(spell, [f"kind: {form.kind}"])
    writer.group(form.root, values, "", "")
    writer.paper.content = ("\n".join(writer.lines) + "\n").encode()
    return writer.paper


@dataclass
class _Yaml:
    """The lines written so far."""

    spell: Speller
    lines: list[str]
    paper: Paper = field(default_factory=lambda: Paper("yaml"))

    def group(self, node: Field, values: JsonObject, pointer: str, indent: str) -> None:
        for child in node.children:
            if child.name in values:
                self.value(child, values[child.name], f"{pointer}/{child.name}", f"{indent}{child.name}:")

    def value(self, node: Field, value: Json, pointer: str, head: str) -> None:
        indent = head[: len(head) - len(head.lstrip())]
        self.paper.spots[pointer] = Place(line=len(self.lines) + 1)
        if isinstance(value, dict):
            self.lines.append(head)
            self.group(node, value, pointer, f"{indent}  ")
        elif isinstance(value, list):
            self.lines.append(head if value else f"{head} []")
            for at, item in enumerate(value):
                self.item(node, item, f"{pointer}/{at}", indent)
        else:
            self.lines.append(f"{head} {self.scalar(node, value)}".rstrip())

    def item(self, node: Field, item: Json, pointer: str, indent: str) -> None:
        before = len(self.lines)
        self.paper.spots[pointer] = Place(line=before + 1)
        if not isinstance(item, dict):
            self.lines.append(f"{indent}  - {self.scalar(node, item)}")
            return
        self.group(node, item, pointer, f"{indent}    ")
        self.lines[before : before + 1] = [
            f"{indent}  - {line.lstrip()}" for line in self.lines[before:][:1] or ["{}"]
        ]

    def scalar(self, node: Field, value: Json) -> str:
        return "" if isinstance(value, Blank) and not value else _scalar(self.spell(node, value), value)


def _scalar(text: str, value: Json) -> str:
    """A value as somebody types it into a YAML file: quotes only where there is no other way."""
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float) and text == str(value):
        return text
    if "\n" in text or text != text.strip():
        return json.dumps(text, ensure_ascii=False)
    made = yaml.safe_dump(text, allow_unicode=True, width=100_000).removesuffix("...\n").strip()
    # a fault is typed without quotes, unless it would be no text then
    return (
        text if isinstance(value, Typed) and made == f"'{text}'" and text[0].isalnum() and ": " not in text else made
    )


def as_json(form: KindForm, values: JsonObject, spell: Speller, habit: Habit) -> Paper:
    """A JSON text, a value to a line."""
    paper = Paper("json")
    lines: list[str] = ["{", f' "kind": {json.dumps(form.kind)},']

    def write(node: Field, value: Json, pointer: str, head: str, indent: str) -> None:
        paper.spots[pointer] = Place(line=len(lines) + 1)
        if isinstance(value, dict):
            children = [child for child in node.children if child.name in value]
            lines.append(f"{indent}{head}{{")
            for child in children:
                name = json.dumps(child.name)
                write(child, value[child.name], f"{pointer}/{child.name}", f"{name}: ", f"{indent} ")
            _close(lines, f"{indent}}},")
        elif isinstance(value, list):
            lines.append(f"{indent}{head}[")
            for at, item in enumerate(value):
                write(node, item, f"{pointer}/{at}", "", f"{indent} ")
            _close(lines, f"{indent}],")
        else:
            text = spell(node, value)
            is_plain = isinstance(value, bool) or (isinstance(value, int | float) and text == str(value))
            lines.append(f"{indent}{head}{json.dumps(value if is_plain else text, ensure_ascii=False)},")

    for child in form.root.children:
        if child.name in values:
            write(child, values[child.name], f"/{child.name}", f"{json.dumps(child.name)}: ", " ")
    _close(lines, "}")
    paper.content = "\n".join(lines).encode()
    return paper


def _close(lines: list[str], end: str) -> None:
    lines[-1] = lines[-1].removesuffix(",")
    lines.append(end)
