"""YAML as people write it in our files: a small strict part of the language, every problem with its line.

Plain text stays text: `1.10`, `012`, `no`, `12:30`, `2022-02-30` mean what is written; only `true`, `false`, `null`
(or nothing, or `~`) and whole numbers without leading zeros get another type. Anchors, aliases, tags, double keys,
several documents in one file and nesting deeper than 20 are problems. The text is read event by event, so that no
input can exhaust the stack, and all problems are found in one pass (but a broken syntax ends the reading there).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from pipeline.messages import say
from pipeline.model import Address, Finding, Json, Message, Place, Severity

# many times what any file of the office needs; what is larger is a mistake, or an attack
MOST_DEPTH: Final = 20
# Controls but tab and line ends, directional overrides, halves of surrogate pairs, non-characters, and the sign that
# stands for a character lost in decoding: what it was, nobody can see any more. And the private area of the basic
# plane and those beyond: what it shows is known to one font alone. Tags and marks of annotations show nothing and say
# something.
#: Characters that no keyboard writes: they break documents or make them read differently than they look.
NEVER_TYPED: Final = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\uf8ff\\ufdd0-\\ufdef"
    "\\ufff9-\\ufffb\\ufffd-\\uffff\\U000e0000-\\U000e00ff\\U000f0000-\\U0010ffff]"
)
MOST_CHARACTERS: Final = 2_000_000
MOST_NODES: Final = 200_000

# no leading zeros: 012 is a code or a telephone number; 18 figures fit the 64 bits that rules reckon in
_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
# not yes, no, on, off, which YAML 1.1 takes for truth values: people mean the words
_COMMENT: Final = re.compile(r"[ \t]*(#[^\r\n]*)")
_WORDS: Final[Mapping[str, Json]] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True)
class Parsed:
    """The values of a YAML text, and the line of each: `lines["/office/symbol"]`, from 1, of the key or list item.

    With problems the values may be incomplete and serve only to find more problems; they are not `is_whole` where the
    reading ended before the text did. `comments` are what stands behind a value on its line, from the “#” on.
    """

    values: Json
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    is_whole: bool = True

    def line_of(self, pointer: str) -> int:
        """The line of a JSON pointer, or of the nearest thing around it that is written; 1 when nothing is."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


def pointer_of(*parts: str | int) -> str:
    """The JSON pointer (RFC 6901) of a path: ("targets", 3) -> "/targets/3"."""
    return str(Address(parts))


def parse(source: bytes | str, file: str = "") -> Parsed:
    """Read a YAML text (bytes are UTF-8, a BOM is allowed), called `file` in the places of its problems.

    Nothing is raised: what is wrong is in `problems`.
    """
    builder = _Builder(file)
    text = _decoded(source, builder)
    if text is None:
        return Parsed(None, problems=tuple(builder.problems), is_whole=False)
    builder.text = text
    is_whole = False
    try:
        # events, not nodes: values are made here, so that neither a resolver nor a tag has a say in them
        is_whole = all(builder.take(event) for event in yaml.parse(text, Loader=yaml.CLoader))
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        builder.problem("yaml.syntax", mark.line + 1 if mark else 1, _broken())
    except yaml.YAMLError as trouble:  # a character YAML does not allow: the place is an offset
        line = _line_at(text, getattr(trouble, "position", 0))
        builder.problem("yaml.syntax", line, _broken())
    builder.drop_doubles()
    return Parsed(builder.root, builder.lines, tuple(builder.problems), builder.comments, is_whole)


def _decoded(source: bytes | str, builder: "_Builder") -> str | None:
    """The text, or None and a problem where it cannot be text."""
    if len(source) > MOST_CHARACTERS:
        said = say("The file is too long for a YAML file (at most {most} characters).", most=MOST_CHARACTERS)
        builder.problem("yaml.size", 1, said)
        return None
    if isinstance(source, str):
        return source
    try:
        # editors on Windows may put a BOM before the text
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = source[: trouble.start].count(b"\n") + 1
        builder.problem("yaml.encoding", line, say("The text is not UTF-8. Save the file with the encoding UTF-8."))
        return None


def _broken() -> Message:
    # what the parser says of it is English, and tells a clerk no more than the line does
    return say(
        "This is not valid YAML. Check the indent (spaces, no tabs), the colon and the quotes, here and on the line "
        "before."
    )


def _line_at(text: str, offset: int) -> int:
    return text[:offset].count("\n") + 1


@dataclass
class _Open:
    """A list or mapping being filled."""

    value: list[Json] | dict[str, Json]
    pointer: str
    key: str | None = None  #: of a mapping: the key whose value comes next


@dataclass
class _Builder:
    """Builds the values from events, without recursion."""

    file: str
    root: Json = None
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    text: str = ""
    _stack: list[_Open] = field(default_factory=list)
    _documents: int = 0
    _nodes: int = 0
    _doubles: list[tuple[dict[str, Json], str]] = field(default_factory=list)

    def problem(self, code: str, line: int, said: Message) -> None:
        self.problems.append(Finding(code, Severity.BLOCK, said, Place(line=line, file=self.file)))

    def drop_doubles(self) -> None:
        """Forget what stood under a key given a second time."""
        for mapping, key in self._doubles:
            mapping.pop(key, None)
        # lines of what was put aside would send people to the copy that does not count
        for pointer in [pointer for pointer in self.lines if "\0" in pointer]:
            del self.lines[pointer]
            self.comments.pop(pointer, None)

    def take(self, event: yaml.Event) -> bool:
        """Use one event; False ends the reading."""
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.DocumentStartEvent():
                return self._document(line)
            case yaml.AliasEvent():
                self.problem(
                    "yaml.reference",
                    line,
                    say("“*{name}” refers to another place; write the value out.", name=event.anchor or ""),
                )
                # a value stands in for it, so that what follows is still read and told of
                return self._node(line, None)
            case yaml.ScalarEvent():
                self._refuse_marks(event, line)
                return self._scalar(event, line)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_marks(event, line)
                return self._open({} if isinstance(event, yaml.MappingStartEvent) else [], line)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._stack.pop()
        return True

    def _document(self, line: int) -> bool:
        self._documents += 1
        if self._documents > 1:
            self.problem(
                "yaml.documents", line, say("A second document begins here (“---”). One file holds one document.")
            )
        return self._documents == 1

    def _refuse_marks(self, event: yaml.NodeEvent, line: int) -> None:
        """Anchors and tags: they make a text mean something other than what stands there."""
        if event.anchor is not None:
            self.problem(
                "yaml.reference",
                line,
                say(
                    "“&{name}” names this place for later; write values out where they are needed.", name=event.anchor
                ),
            )
        if (tag := getattr(event, "tag", None)) is not None:
            self.problem("yaml.tag", line, say("The tag “{tag}” is not allowed; write the plain value.", tag=tag))

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> bool:
        if self._wants_key():
            return self._take_key(event.value, line)
        # in quotes it is text, whatever it looks like
        is_put = self._node(line, event.value if event.style else _typed(event.value))
        # a text in lines ("|") may hold the sign itself
        end = event.end_mark.index if event.end_mark and event.style not in {"|", ">"} else len(self.text)
        if comment := _COMMENT.match(self.text, end):
            self.comments[self._last] = comment[1]
        return is_put

    def _open(self, value: list[Json] | dict[str, Json], line: int) -> bool:
        if self._wants_key():
            self.problem("yaml.key", line, say("A key must be plain text, not a list or a group."))
            return False
        if len(self._stack) >= MOST_DEPTH:
            self.problem("yaml.depth", line, say("The nesting is deeper than {most} levels.", most=MOST_DEPTH))
            return False
        going_on = self._node(line, value)
        self._stack.append(_Open(value, self._last))
        return going_on

    def _wants_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].key is None

    def _take_key(self, key: str, line: int) -> bool:
        """The next key of the mapping on top; a double key keeps the first value and is a problem."""
        top = self._stack[-1]
        pointer = top.pointer + pointer_of(key)
        if isinstance(top.value, dict) and key in top.value:
            first = self.lines.get(pointer, line)
            self.problem(
                "yaml.double",
                line,
                say(
                    "“{key}” stands here a second time; the first is on line {first}. Keep one.", key=key, first=first
                ),
            )
            key = f"{key}\0{len(self._doubles)}"  # put aside, so that its inside is read for problems, too
            self._doubles.append((top.value, key))
        else:
            self.lines[pointer] = line
            if not key.strip():
                self.problem("yaml.key", line, say("A key is missing before the colon."))
        top.key = key
        return True

    _last: str = ""  #: the pointer of the node put last

    def _node(self, line: int, value: Json) -> bool:
        """Put a value where it belongs."""
        self._nodes += 1
        if self._nodes > MOST_NODES:
            self.problem("yaml.size", line, say("The file holds too many values (at most {most}).", most=MOST_NODES))
            return False
        if self._wants_key():  # an alias as a key
            return self._take_key("*", line)
        if not self._stack:
            self.root, self._last = value, ""
            self.lines[""] = line
            return True
        top = self._stack[-1]
        if isinstance(top.value, dict):
            key = top.key or ""
            top.value[key], top.key = value, None
            self._last = top.pointer + pointer_of(key)
        else:
            top.value.append(value)
            self._last = top.pointer + pointer_of(len(top.value) - 1)
            self.lines[self._last] = line
        return True


def _typed(plain: str) -> Json:
    """An unquoted scalar: one of five words, a whole number, or the text itself."""
    if plain in _WORDS:
        return _WORDS[plain]
    return int(plain) if _WHOLE.fullmatch(plain) else plain


def scalars(values: Json, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Every plain value with its pointer, in the order written."""
    waiting: list[tuple[str, Json]] = [(pointer, values)]
    while waiting:
        at, value = waiting.pop()
        match value:
            case dict():
                waiting.extend((at + pointer_of(key), inner) for key, inner in reversed(value.items()))
            case list():
                waiting.extend((at + pointer_of(index), value[index]) for index in range(len(value) - 1, -1, -1))
            case _:
                yield at, value
