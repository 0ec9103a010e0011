"""From config.yaml and the environment to settings, or to a list of everything that is wrong."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from pipeline import strict_yaml
from pipeline.config.keys import sections
from pipeline.config.safety import refuse_unsafe
from pipeline.config.settings import PREFIX, SEPARATOR, Config
from pipeline.errors import ConfigError
from pipeline.messages import place, say, shown, tr
from pipeline.model import Finding, Json, JsonObject, Message, Place, Severity

FILE_NAME: Final = "config.yaml"

#: A variable people know from other programs, beside VANTHU_LANGUAGE.
_SHORT: Final[Mapping[str, str]] = {"VANTHU_LANG": "language"}


def load(root: Path, env: Mapping[str, str]) -> Config:
    """Read the settings of the working folder `root`, overridden by the VANTHU_* variables of `env`.

    Raises ConfigError (all problems at once, each with its place) and UnsafeSetupError.
    """
    root = root.absolute()
    source = _Source(_parsed(root), _overrides(env))
    problems = list(source.problems())
    settings: Config | None = None
    # a file that is not wholly readable is validated all the same: every problem is told in one go
    try:
        settings = Config.model_validate(source.values(), context={"root": root})
    except ValidationError as trouble:
        problems += [_finding(error, source.place(error["loc"])) for error in trouble.errors()]
    if problems or settings is None:
        lines = [f"  {shown(place(one.place))}: {shown(one.message)}" for one in sorted(problems, key=_order)]
        raise ConfigError("\n".join([tr("The settings cannot be used:"), *lines]))
    refuse_unsafe(settings)
    return settings


def _parsed(root: Path) -> strict_yaml.Parsed:
    file = root / FILE_NAME
    try:
        return strict_yaml.parse(file.read_bytes(), FILE_NAME)
    except FileNotFoundError as trouble:
        raise ConfigError(
            tr(
                "“{folder}” is no working folder: it has no {file}. Go to a working folder, name one with --root, "
                "or make one with `vanthu init`.",
                folder=str(root),
                file=FILE_NAME,
            )
        ) from trouble
    except OSError as trouble:
        raise ConfigError(
            tr("“{file}” cannot be read ({reason}).", file=str(file), reason=trouble.strerror or "")
        ) from trouble


def _order(problem: Finding) -> tuple[bool, int, str, str]:
    """The lines of the file first, then the variables by their names."""
    at = problem.place
    return (at.line == 0, at.line, at.file, shown(problem.message))


@dataclass(frozen=True)
class _Override:
    """A variable of the environment and the key it sets; `key` is () when nobody knows the key."""

    variable: str
    key: tuple[str, ...]
    value: str


def _overrides(env: Mapping[str, str]) -> list[_Override]:
    """List the variables that set keys, and misspelt ones that seem meant to.

    Others that begin with VANTHU_ may be anybody's (a deployment's own), and are left alone.
    """
    known = _variables()
    found: list[_Override] = []
    # sorted: of VANTHU_LANG and VANTHU_LANGUAGE the longer one is applied last and counts
    for variable in sorted(name for name in env if name.startswith(PREFIX)):
        if variable in known:
            found.append(_Override(variable, known[variable], env[variable]))
        # 0.85 is one or two slips in a name of this length
        elif SEPARATOR in variable or _nearest(variable, known, cutoff=0.85):
            found.append(_Override(variable, (), env[variable]))
    return found


def _variables() -> dict[str, tuple[str, ...]]:
    """Give every variable that sets a key, with that key."""
    found: dict[str, tuple[str, ...]] = {variable: (key,) for variable, key in _SHORT.items()}
    for section, names in sections().items():
        for name in names:
            if section:
                found[f"{PREFIX}{section}{SEPARATOR}{name}".upper()] = (section, name)
            elif name not in sections():
                found[f"{PREFIX}{name}".upper()] = (name,)
    return found


@dataclass(frozen=True)
class _Source:
    """What was written where: the values of the file, overridden by those of the environment."""

    parsed: strict_yaml.Parsed
    overrides: list[_Override]

    def values(self) -> JsonObject:
        """Give the values to validate; a key or section left empty means its default."""
        given = self.parsed.values if isinstance(self.parsed.values, dict) else {}
        values: JsonObject = {key: _without_empty(value) for key, value in given.items() if value is not None}
        for override in self.overrides:
            match override.key:
                case (name,):
                    values[name] = override.value
                case (section, name):
                    # a section that is no group stays as it is: its form is a problem of its own
                    inner = values.setdefault(section, {})
                    if isinstance(inner, dict):
                        inner[name] = override.value
        return values

    def problems(self) -> Iterator[Finding]:
        """List what is wrong with the file and the variables themselves, before any value is looked at."""
        yield from self.parsed.problems
        if not self.parsed.problems and not isinstance(self.parsed.values, dict | None):
            said = say("The file must hold lines of the form “key: value”.")
            yield Finding("setting.form", Severity.BLOCK, said, Place(file=FILE_NAME, line=1))
        for override in self.overrides:
            if not override.key:
                said = _unknown(override.variable, _variables())
                yield Finding("setting.unknown", Severity.BLOCK, said, _variable(override.variable))

    def place(self, loc: tuple[int | str, ...]) -> Place:
        """Tell where the value of a key was source."""
        # a variable overrides the file: the mistake is in the variable, even where the file has the key too
        for override in self.overrides:
            if override.key and override.key == loc[: len(override.key)]:
                return _variable(override.variable)
        return Place(file=FILE_NAME, line=self.parsed.line_of(strict_yaml.pointer_of(*loc)))


def _variable(name: str) -> Place:
    """A variable of the environment: the name stands where a file's name would."""
    return Place(file=name)


def _without_empty(value: Json) -> Json:
    return {key: inner for key, inner in value.items() if inner is not None} if isinstance(value, dict) else value


def _nearest(word: str, known: Mapping[str, object] | tuple[str, ...], cutoff: float = 0.6) -> str:
    """Give the known word nearest to `word`, or ""."""
    close = difflib.get_close_matches(word.casefold(), {name.casefold(): name for name in known}, n=1, cutoff=cutoff)
    return next((name for name in known if close and name.casefold() == close[0]), "")


def _unknown(word: str, known: Mapping[str, object] | tuple[str, ...]) -> Message:
    """Make the sentence for an unknown word."""
    if near := _nearest(word, known):
        return say("“{key}” is not known. Did you mean “{near}”?", key=word, near=near)
    return say("“{key}” is not known. Known here: {known}.", key=word, known=", ".join(known))


def _unknown_key(loc: tuple[int | str, ...]) -> Message:
    """Make the sentence for an unknown key, which may belong to another section."""
    *section, key = map(str, loc)
    here = sections()[section[0] if section else ""]
    # the usual slip: a key that exists, indented under another section
    if not _nearest(key, here):
        for other, names in sections().items():
            if other and key in names:
                return say("“{key}” belongs under “{section}”.", key=key, section=other)
    return _unknown(key, here)


def _finding(error: Any, where: Place) -> Finding:  # noqa: ANN401 - pydantic's ErrorDetails, a TypedDict of anything
    """Turn one problem that pydantic found into a finding."""
    code, said = _sentence(error)
    return Finding(code, Severity.BLOCK, said, where)


def _sentence(error: Any) -> tuple[str, Message]:  # noqa: ANN401 - pydantic's ErrorDetails, a TypedDict of anything
    """Give the code and the sentence of one problem that pydantic found."""
    key, found, context = ".".join(map(str, error["loc"])), error["input"], error.get("ctx", {})
    match str(error["type"]):
        case "extra_forbidden":
            return "setting.unknown", _unknown_key(error["loc"])
        case "missing":
            return "setting.missing", say("“{key}” is missing.", key=key)
        case "literal_error":
            return "setting.value", say(
                "“{key}” is “{found}”; it must be one of {known}.",
                key=key,
                found=str(found),
                known=", ".join(re.findall(r"'([^']*)'", context["expected"])),  # from "'vi' or 'en'"
            )
        case "greater_than_equal":
            return "setting.value", say(
                "“{key}” is {found}; it must be at least {limit}.", key=key, found=found, limit=f"{context['ge']:g}"
            )
        case "less_than_equal":
            return "setting.value", say(
                "“{key}” is {found}; it may be at most {limit}.", key=key, found=found, limit=f"{context['le']:g}"
            )
        case "string_too_long":
            return "setting.value", say(
                "“{key}” is longer than {limit} characters.", key=key, limit=context["max_length"]
            )
        # our own validators: their words are already in the language in use
        case "value_error":
            return "setting.value", say(
                "“{key}” is “{found}”: {problem}.", key=key, found=str(found), problem=str(context["error"])
            )
        case kind:
            return "setting.value", say(
                "“{key}” must be {wanted}, not “{found}”.", key=key, wanted=_wanted(kind), found=str(found)
            )


def _wanted(kind: str) -> Message:
    """Name what was expected, by pydantic's error type."""
    match kind.partition("_")[0]:
        case "int":
            return say("a whole number")
        case "float" | "finite":
            return say("a number")
        case "bool":
            return say("true or false")
        case "model" | "dict":
            return say("a group of keys, on indented lines below it")
        case _:
            return say("plain text")
