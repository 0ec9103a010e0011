"""Compile the Vietnamese catalogues, and compare them with what the program says.

    python scripts/messages.py            compile pipeline/locale/vi/*.po into one .mo
    python scripts/messages.py --check    say what is untranslated, orphaned or stale; exit 1 if anything is

Developer code: Babel is needed here only, the program reads the compiled catalogue with the standard library.
"""

import ast
import gettext
import io
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "pipeline" / "locale" / "vi"
COMPILED = CATALOGUES / "LC_MESSAGES" / "vanthu.mo"
CLICKS_OWN = "click.po"  #: its ids live in click's source, not in ours

#: The functions of pipeline.messages that take message ids, and how many of their first arguments are ids.
SPEAKERS = {"say": 1, "tr": 1, "mark": 1, "say_count": 2}
CLICK_SPEAKERS = {"_": 1, "ngettext": 2, "_gettext": 1}


@dataclass(frozen=True)
class Spoken:
    """One message id in the source, and the keywords given with it (None: they cannot be read off)."""

    msgid: str
    where: str
    params: frozenset[str] | None


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
    return found


def _ids(call: ast.Call, count: int, where: str, params: frozenset[str] | None) -> Iterator[Spoken | Unreadable]:
    """The ids among the first `count` arguments of a call."""
    for argument in call.args[:count]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield Spoken(argument.value, where, params)
        elif not _passes_on(where):
            yield Unreadable(where)


def _passes_on(where: str) -> bool:
    """Whether the call stands in messages.py itself, which hands ids on from function to function."""
    return where.startswith(str(ROOT / "pipeline" / "messages.py"))


def catalogues() -> dict[str, Catalog]:
    """The .po files by name."""
    found: dict[str, Catalog] = {}
    for file in sorted(CATALOGUES.glob("*.po")):
        with file.open("rb") as stream:
            found[file.name] = read_po(stream, locale="vi", abort_invalid=True)
    return found


def placeholders(template: str) -> set[str]:
    """The names between braces; ValueError for a broken template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def _entries(parts: dict[str, Catalog]) -> Iterator[tuple[str, Message]]:
    """Every entry with the name of its file, headers and fuzzy entries left out."""
    for name, part in parts.items():
        for message in part:
            if message.id and not message.fuzzy:
                yield name, message


def merged(parts: dict[str, Catalog]) -> Catalog:
    """All .po files as one catalogue."""
    whole = Catalog(locale="vi", charset="utf-8")
    for _, message in _entries(parts):
        if message.string:
            whole.add(message.id, message.string)
    return whole


def compiled(parts: dict[str, Catalog]) -> bytes:
    """The bytes of the .mo: the same for the same entries, whoever compiles it and when."""
    stream = io.BytesIO()
    write_mo(stream, _Plain(merged(parts)))
    return stream.getvalue()


class _Plain(Catalog):
    """A catalogue whose header says nothing of the day or the version of the compiler."""

    def __init__(self, whole: Catalog) -> None:
        super().__init__(locale="vi", charset="utf-8")
        for message in whole:
            if message.id:
                self.add(message.id, message.string)

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", "vi"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
        ]

    mime_headers = property(_get_mime_headers)


def _is_plural(message: Message) -> bool:
    """Vietnamese has one form: it may leave the count out where English cannot."""
    return not isinstance(message.id, str)


def _first_id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _mismatches(name: str, message: Message) -> Iterator[str]:
    """Placeholders that differ between an id and its translation."""
    singular = _first_id(message)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    wanted = placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    for text in strings:
        if not text:
            yield f"{name}: “{singular}” has no translation"
        elif placeholders(text) != wanted and not (
            len(strings) == 1 and placeholders(text) < wanted and _is_plural(message)
        ):
            yield f"{name}: “{singular}”: placeholders {sorted(placeholders(text))} differ from {sorted(wanted)}"


def problems(parts: dict[str, Catalog], sources: Iterable[Spoken | Unreadable]) -> list[str]:
    """Everything wrong between the sources and the .po files."""
    found: list[str] = []
    owners: dict[str, str] = {}
    strings: dict[str, object] = {}
    for name, message in _entries(parts):
        found.extend(_mismatches(name, message))
        key = _first_id(message)
        if strings.setdefault(key, message.string) != message.string:
            found.append(f"{name}: “{key}” is translated otherwise in {owners[key]}")
        owners.setdefault(key, name)
    said: set[str] = set()
    for item in sources:
        if isinstance(item, Unreadable):
            found.append(f"{item.where}: the message id is not written out (use a literal, or `mark` it where it is)")
            continue
        said.add(item.msgid)
        if item.msgid not in owners:
            found.append(f"{item.where}: “{item.msgid}” is not translated")
        if item.params is not None and placeholders(item.msgid) != item.params:
            found.append(f"{item.where}: “{item.msgid}” is given {sorted(item.params)}")
    clicks = {one.msgid for one in spoken(Path(click.__file__).parent, CLICK_SPEAKERS) if isinstance(one, Spoken)}
    for key, name in owners.items():
        if name == CLICKS_OWN and key not in clicks | {"required"}:
            found.append(f"{name}: “{key}” is not said by click")
        elif name != CLICKS_OWN and key not in said:
            found.append(f"{name}: “{key}” is said nowhere")
    return found


def is_stale(parts: dict[str, Catalog]) -> bool:
    """Whether the compiled catalogue differs from the .po files."""
    if not COMPILED.exists():
        return True
    with COMPILED.open("rb") as stream:
        have = gettext.GNUTranslations(stream)
    want = gettext.GNUTranslations(io.BytesIO(compiled(parts)))
    return bool(have.__dict__["_catalog"] != want.__dict__["_catalog"])


def main(arguments: list[str]) -> int:
    """Compile, or check; returns the exit code."""
    parts = catalogues()
    if "--check" in arguments:
        found = problems(parts, spoken())
        if is_stale(parts):
            found.append(f"{COMPILED.relative_to(ROOT)} is stale: run `make messages`")
        print(*found, sep="\n")
        return 1 if found else 0
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    COMPILED.write_bytes(compiled(parts))
    print(f"{COMPILED.relative_to(ROOT)}: {sum(1 for _ in _entries(parts))} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
