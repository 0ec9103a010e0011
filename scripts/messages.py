"""Compile the catalogues, and compare them with what the program says.

    python scripts/messages.py            compile pipeline/locale/<language>/*.po into one .mo for each language
    python scripts/messages.py --check    say what is untranslated, orphaned or stale; exit 1 if anything is

Vietnamese must be whole; of any other language what is not translated is said in English.

Developer code: Babel is needed here only, the program reads the compiled catalogue with the standard library.
"""

import ast
import gettext
import io
import string
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import click
import jinja2
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import nodes

from pipeline.model import TextTemplate

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "pipeline" / "locale"
VIETNAMESE = LOCALE / "vi"
CLICKS_OWN = "click.po"  #: its ids live in click's source, not in ours

#: The functions of pipeline.messages that take message ids, and how many of their first arguments are ids.
SPEAKERS = {"say": 1, "tr": 1, "in_vietnamese": 1, "mark": 1, "say_count": 2}
CLICK_SPEAKERS = {"_": 1, "ngettext": 2, "_gettext": 1}


#: What a catalogue knows an entry by: the id and its plural ("" where it has none).
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Spoken:
    """One message id in the source, its plural, and the keywords given with it (None: they cannot be read off)."""

    msgid: str
    plural: str
    where: str
    params: frozenset[str] | None

    @property
    def key(self) -> Key:
        """What a catalogue knows it by."""
        return self.msgid, self.plural


@dataclass(frozen=True)
class Unreadable:
    """A call whose message id is not written out."""

    where: str


def _called(call: ast.Call) -> tuple[str, str]:
    """The name called and the module it was taken from ("" when called bare)."""
    if isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Name):
        return call.func.attr, call.func.value.id
    if isinstance(call.func, ast.Name):
        return call.func.id, ""
    return "", ""


def _params(call: ast.Call) -> frozenset[str] | None:
    """The keyword names of a call; None when a ** hides some."""
    if any(keyword.arg is None for keyword in call.keywords):
        return None
    return frozenset(keyword.arg for keyword in call.keywords if keyword.arg is not None)


def _calls(file: Path, speakers: dict[str, int]) -> Iterator[tuple[str, ast.Call]]:
    """Calls of the speakers in one source file: bare (imported by name) or on `messages`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"), str(file))):
        if isinstance(node, ast.Call):
            name, module = _called(node)
            if name in speakers and module in ("", "messages"):
                yield name, node


def spoken(root: Path = ROOT / "pipeline", speakers: dict[str, int] | None = None) -> list[Spoken | Unreadable]:
    """Every message id in the sources under `root`."""
    counts = SPEAKERS if speakers is None else speakers
    found: list[Spoken | Unreadable] = []
    for file in sorted(root.rglob("*.py")):
        if file == ROOT / "pipeline" / "messages.py" and root != file.parent:
            continue
        for name, call in _calls(file, counts):
            where = f"{file}:{call.lineno}"
            params = _params(call)
            if name == "say_count" and params is not None:
                params |= {"count"}
            found.extend(_ids(call, counts[name], where, None if name == "mark" else params))
    if speakers is None:
        found.extend(_in_templates(root, counts))
    return found


def _in_templates(root: Path, counts: dict[str, int]) -> Iterator[Spoken | Unreadable]:
    """What the templates of pages say: the same calls, in the language of Jinja."""
    environment = jinja2.Environment()  # noqa: S701 - nothing is rendered
    for file in sorted(root.rglob("*.j2")):
        for call in environment.parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
            name = call.node.name if isinstance(call.node, nodes.Name) else ""
            if name not in counts:
                continue
            ids = [one.value for one in call.args[: counts[name]] if isinstance(one, nodes.Const)]
            params = frozenset({*(one.key for one in call.kwargs), *(["count"] if name == "say_count" else [])})
            if len(ids) == counts[name]:
                yield Spoken(ids[0], ids[1] if len(ids) > 1 else "", f"{file}:{call.lineno}", params)
            else:
                yield Unreadable(f"{file}:{call.lineno}")


def _ids(call: ast.Call, count: int, where: str, params: frozenset[str] | None) -> Iterator[Spoken | Unreadable]:
    """What the first `count` arguments of a call say: an id, or an id and its plural."""
    ids = [one.value for one in call.args[:count] if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if len(ids) == count:
        yield Spoken(ids[0], ids[1] if count > 1 else "", where, params)
    elif not _passes_on(where):
        yield Unreadable(where)


def _passes_on(where: str) -> bool:
    """Whether the call stands in messages.py itself, which hands ids on from function to function."""
    return where.startswith(str(ROOT / "pipeline" / "messages.py"))


def catalogues(folder: Path = VIETNAMESE) -> dict[str, Catalog]:
    """The .po files of a language's folder by name."""
    found: dict[str, Catalog] = {}
    for file in sorted(folder.glob("*.po")):
        with file.open("rb") as stream:
            found[file.name] = read_po(stream, locale=folder.name, abort_invalid=True)
    return found


def compiled_file(folder: Path) -> Path:
    """The compiled catalogue of a language's folder."""
    return folder / "LC_MESSAGES" / "vanthu.mo"


def placeholders(template: str, file: str = "") -> set[str]:
    """The names between braces; ValueError for a broken template. What click says is a format, ours never is."""
    if file == CLICKS_OWN:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    return set(TextTemplate.parse(template).names)


def _entries(parts: dict[str, Catalog]) -> Iterator[tuple[str, Message]]:
    """Every entry with the name of its file, headers and fuzzy entries left out."""
    for name, part in parts.items():
        for message in part:
            if message.id and not message.fuzzy:
                yield name, message


def compiled(parts: dict[str, Catalog]) -> bytes:
    """The bytes of the .mo: the same for the same entries, whoever compiles it and when."""
    stream = io.BytesIO()
    write_mo(stream, _Merged(parts))
    return stream.getvalue()


class _Merged(Catalog):
    """All .po files of a language as one; its header says nothing of the day or the version of the compiler."""

    def __init__(self, parts: dict[str, Catalog]) -> None:
        super().__init__(locale=next(iter(parts.values())).locale, charset="utf-8")
        for _, message in _entries(parts):
            if message.string:
                self.add(message.id, message.string)

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale)),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", self.plural_forms),
        ]

    mime_headers = property(_get_mime_headers)


def _key(message: Message) -> Key:
    return (message.id, "") if isinstance(message.id, str) else (message.id[0], message.id[1])


def _mismatches(name: str, message: Message) -> Iterator[str]:
    """Placeholders that differ between an id and its translation."""
    singular, plural = _key(message)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    wanted = placeholders(plural or singular, name)
    for text in strings:
        have = placeholders(text, name)
        if not text:
            yield f"{name}: “{singular}” has no translation"
        # a form for one may leave the count out, and a language with one form for all too
        elif have != wanted and not (plural and have < wanted):
            yield f"{name}: “{singular}”: placeholders {sorted(have)} differ from {sorted(wanted)}"


def problems(
    parts: dict[str, Catalog], sources: Iterable[Spoken | Unreadable], *, is_whole: bool = True
) -> list[str]:
    """Everything wrong between sources and .po files; what is not translated only where all must be (`is_whole`)."""
    found: list[str] = []
    owners: dict[Key, str] = {}
    strings: dict[Key, object] = {}
    for name, message in _entries(parts):
        key = _key(message)
        if is_whole or message.string:
            found.extend(_mismatches(name, message))
        if strings.setdefault(key, message.string) != message.string:
            found.append(f"{name}: “{key[0]}” is translated otherwise in {owners[key]}")
        owners.setdefault(key, name)
    said: set[Key] = set()
    for item in sources:
        if isinstance(item, Unreadable):
            found.append(f"{item.where}: the message id is not written out (use a literal, or `mark` it where it is)")
            continue
        said.add(item.key)
        if is_whole and item.key not in owners:
            found.append(f"{item.where}: “{item.msgid}” is not translated")
        if item.params is not None and placeholders(item.plural or item.msgid) != item.params:
            found.append(f"{item.where}: “{item.msgid}” is given {sorted(item.params)}")
    return [*found, *_unsaid(owners, said)]


def _unsaid(owners: Mapping[Key, str], said: Container[Key]) -> Iterator[str]:
    """Entries that nobody says, neither we nor click."""
    clicks = {one.key for one in spoken(Path(click.__file__).parent, CLICK_SPEAKERS) if isinstance(one, Spoken)}
    for key, name in owners.items():
        if name == CLICKS_OWN and key not in clicks | {("required", "")}:
            yield f"{name}: “{key[0]}” is not said by click"
        elif name != CLICKS_OWN and key not in said:
            yield f"{name}: “{key[0]}” is said nowhere"


def is_stale(folder: Path = VIETNAMESE) -> bool:
    """Whether the compiled catalogue of a language differs from its .po files."""
    if not compiled_file(folder).exists():
        return True
    with compiled_file(folder).open("rb") as stream:
        have = gettext.GNUTranslations(stream)
    want = gettext.GNUTranslations(io.BytesIO(compiled(catalogues(folder))))
    return bool(have.__dict__["_catalog"] != want.__dict__["_catalog"])


def compile_into(folder: Path) -> int:
    """Compile the .po files of a language's folder; returns how many entries they have."""
    parts = catalogues(folder)
    compiled_file(folder).parent.mkdir(parents=True, exist_ok=True)
    compiled_file(folder).write_bytes(compiled(parts))
    return sum(1 for _ in _entries(parts))


def main(arguments: list[str]) -> int:
    """Compile, or check; returns the exit code."""
    languages = sorted(folder for folder in LOCALE.iterdir() if any(folder.glob("*.po")))
    if "--check" in arguments:
        found: list[str] = []
        for folder in languages:
            found += problems(catalogues(folder), spoken(), is_whole=folder == VIETNAMESE)
            if is_stale(folder):
                found.append(f"{compiled_file(folder).relative_to(ROOT)} is stale: run `make messages`")
        print(*found, sep="\n")
        return 1 if found else 0
    for folder in languages:
        print(f"{compiled_file(folder).relative_to(ROOT)}: {compile_into(folder)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
