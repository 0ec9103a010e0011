"""JSON read strictly, with the line of every value: no double keys, no NaN, no nesting without end.

The same answer as `pipeline.strict_yaml`, so that both kinds of text are handled alike. Why that cannot read JSON is
told in docs/decisions/0013-json-parser.md.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Final

from pipeline.messages import ENGLISH, say, shown_in
from pipeline.model import Finding, Json, Message, Place, Severity
from pipeline.strict_yaml import MOST_CHARACTERS, MOST_DEPTH, MOST_NODES, Parsed, pointer_of

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS: Final[dict[str, Json]] = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER: Final = 30


class _Broken(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, at: int, said: Message) -> None:
        super().__init__(shown_in(said, ENGLISH))
        self.at, self.said = at, said


def parse(source: bytes) -> Parsed:
    """Read a JSON text in UTF-8. Nothing is raised: what is wrong is in `problems`."""
    if len(source) > MOST_CHARACTERS:
        return Parsed(None, problems=(_problem(1, say("The file is too long for a form.")),), is_whole=False)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source[: error.start].count(b"\n") + 1
        said = say("The text is not UTF-8. Save the file with the encoding UTF-8.")
        return Parsed(None, problems=(_problem(line, said),), is_whole=False)
    reader = _Reader(text)
    try:
        values = reader.value("", 0)
    except _Broken as broken:
        reader.problems.append(_problem(reader.line(broken.at), broken.said))
        return Parsed(None, reader.lines, tuple(reader.problems), is_whole=False)
    if reader.at < len(text):
        reader.problems.append(_problem(reader.line(reader.at), say("Something stands after the end of the form.")))
    return Parsed(values, reader.lines, tuple(reader.problems))


def _problem(line: int, said: Message) -> Finding:
    mend = say("Correct this line, or fill in the form that the cluster sent out.")
    return Finding("file.json", Severity.BLOCK, said, Place(line=line), mend=mend)


@dataclass
class _Reader:
    text: str
    at: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Finding] = field(default_factory=list)
    nodes: int = 0
    _counted: tuple[int, int] = (0, 1)  # an offset and its line

    def line(self, at: int) -> int:
        """The line of an offset; asked for in rising order it costs one pass in all."""
        offset, line = self._counted
        if at < offset:
            offset, line = 0, 1
        self._counted = (at, line + self.text.count("\n", offset, at))
        return self._counted[1]

    def value(self, pointer: str, depth: int) -> Json:
        """The value that begins here, and the space around it."""
        self._space()
        self.nodes += 1
        if depth > MOST_DEPTH:
            raise _Broken(self.at, say("The nesting is deeper than {most} levels.", most=MOST_DEPTH))
        if self.nodes > MOST_NODES:
            raise _Broken(self.at, say("The file holds too many values (at most {most}).", most=MOST_NODES))
        self.lines.setdefault(pointer, self.line(self.at))
        read = self._read(pointer, depth)
        self._space()
        return read

    def _read(self, pointer: str, depth: int) -> Json:
        match self.text[self.at : self.at + 1]:
            case "{":
                return self._object(pointer, depth)
            case "[":
                return self._array(pointer, depth)
            case '"':
                return self._string()
        for word, meaning in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return meaning
        number = _NUMBER.match(self.text, self.at)
        if number is None or len(number[0]) > _LONGEST_NUMBER:
            raise _Broken(self.at, self._wrong())
        self.at = number.end()
        return float(number[0]) if re.search(r"[.eE]", number[0]) else int(number[0])

    def _object(self, pointer: str, depth: int) -> Json:
        read: dict[str, Json] = {}
        self.at += 1
        self._space()
        while not self._takes("}"):
            if read and not self._takes(","):
                raise _Broken(self.at, self._wrong())
            self._space()
            line = self.line(self.at)
            key = self._string()
            self._space()
            if not self._takes(":"):
                raise _Broken(self.at, self._wrong())
            child = pointer + pointer_of(key)
            if key in read:
                said = say(
                    "“{key}” stands here a second time; the first is on line {first}. Keep one.",
                    key=key,
                    first=self.lines.get(child, line),
                )
                self.problems.append(_problem(line, said))
            else:
                # the line of the key, not of what it holds
                self.lines[child] = line
            value = self.value(child, depth + 1)
            read.setdefault(key, value)
        return read

    def _array(self, pointer: str, depth: int) -> Json:
        read: list[Json] = []
        self.at += 1
        self._space()
        while not self._takes("]"):
            if read and not self._takes(","):
                raise _Broken(self.at, self._wrong())
            read.append(self.value(pointer + pointer_of(len(read)), depth + 1))
        return read

    def _string(self) -> str:
        if not self.text.startswith('"', self.at):
            raise _Broken(self.at, self._wrong())
        try:
            # not strict: a control character in a text is told at its place later, not as a broken file
            # (docs/decisions/0013)
            read, self.at = json.decoder.scanstring(self.text, self.at + 1, False)  # type: ignore[attr-defined]
        except json.JSONDecodeError as error:
            raise _Broken(error.pos, self._wrong()) from error
        return str(read)

    def _takes(self, mark: str) -> bool:
        if self.text.startswith(mark, self.at):
            self.at += 1
            return True
        if self.at >= len(self.text):
            raise _Broken(self.at, say("The file ends in the middle of the form."))
        return False

    def _space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _wrong(self) -> Message:
        return say("This is not valid JSON. Check the quotes, commas and brackets here and on the line before.")
