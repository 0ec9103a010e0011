"""Write the reference pages from the code, so that they cannot drift from it.

python scripts/reference.py            write docs/reference/*.md and the table in docs/configuration.md
python scripts/reference.py --check    name the pages that are not as the code says; exit 1 if there are any
"""

import ast
import importlib
import pkgutil
import sys
import tokenize
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import yaml

import pipeline
from pipeline import config, errors, messages, model
from pipeline.model import states
from pipeline.years import writing
from scripts import findings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTE = "<!-- Written by scripts/reference.py from the code: change it there, then run `make reference`. -->\n"
BEGIN, END = "<!-- keys: written by scripts/reference.py -->", "<!-- end of keys -->"

#: Modules that only run inside another program's interpreter.
ELSEWHERE = {"pipeline.tools.soffice.uno_bridge", "pipeline.tools.uno_bridge"}


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    cells = [tuple(cell.replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *cells)]
    return "\n".join(lines) + "\n"


def _sentence(docstring: str | None) -> str:
    """A docstring's first paragraph on one line."""
    return " ".join((docstring or "").split("\n\n")[0].split())


# ------------------------------------------------------------------------------------------------- command line


def cli_page() -> str:
    """Every command with its help, as the program prints it."""
    from pipeline.cli.entry import vanthu

    parts = [f"# Command line\n\n{NOTE}"]
    for words, command in commands(vanthu, "vanthu"):
        context = click.Context(command, info_name=words, terminal_width=100, max_content_width=100)
        parts.append(f"## `{words}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


def commands(command: click.Command, words: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, each with the words that call it."""
    yield words, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from commands(command.commands[name], f"{words} {name}")


# ------------------------------------------------------------------------------------------------------- settings


def configuration_page() -> str:
    """docs/configuration.md with its table made anew; the prose around it is written by hand."""
    text = (DOCS / "configuration.md").read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    rows = [
        (f"`{key.name}`", key.takes, f"`{key.default}`" if key.default else "must be given", key.description)
        for key in config.all_keys()
    ]
    return f"{head}{BEGIN}\n\n{_table(('key', 'takes', 'default', 'meaning'), rows)}\n{END}{tail}"


# --------------------------------------------------------------------------------------------------------- states


def states_page() -> str:
    """The states of a job, what is done in each, and where a job can go from it."""
    from pipeline.flow import STEPS

    works = {step.state: getattr(step.work, "__name__", "") for step in STEPS}
    meanings = _comments(Path(states.__file__), "State")
    rows = [
        (
            f"`{state.value}`",
            meanings.get(state.name, ""),
            f"`{works[state]}`" if state in works else "rests",
            ", ".join(f"`{other.value}`" for other in model.State if other in model.TRANSITIONS[state]) or "the end",
        )
        for state in model.State
    ]
    return (
        f"# States of a job\n\n{NOTE}\nThe step is a function of `pipeline.steps`, in the order of `flow.STEPS`; a "
        f"job in a state without one rests until people or other jobs do something.\n\n"
        f"{_table(('state', 'meaning', 'step', 'goes on to'), rows)}"
    )


def _comments(file: Path, class_name: str) -> dict[str, str]:
    """The `#:` comments behind the members of a class."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == class_name)
    names = {
        node.lineno: target.id
        for node in body.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    with file.open("rb") as stream:
        return {
            names[token.start[0]]: token.string.removeprefix("#:").strip()
            for token in tokenize.tokenize(stream.readline)
            if token.type == tokenize.COMMENT and token.start[0] in names
        }


# --------------------------------------------------------------------------------------------------------- errors


def error_classes() -> list[type[errors.VanthuError]]:
    """Every class of error, wherever it is defined, by exit code."""
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if module.name not in ELSEWHERE and not {"migrations", "__main__"} & set(module.name.split(".")):
            importlib.import_module(module.name)
    found: list[type[errors.VanthuError]] = []
    waiting: list[type[errors.VanthuError]] = [errors.VanthuError]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting.extend(one.__subclasses__())
    return sorted(set(found), key=lambda one: (one.exit_code, len(one.__mro__), one.__name__))


def errors_page() -> str:
    """Exit codes: of a run that came to its end, and of every class of error."""
    from pipeline.cli.entry import Exit

    meanings = {
        Exit.DONE: "done",
        Exit.BUG: "a bug: anything no class below describes",
        Exit.USAGE: "the command line was not understood",
        Exit.NOT_ALL: "done, but some submissions were returned or held",
        Exit.UNWELL: "`vanthu doctor`: something is to be mended at once",
        Exit.INTERRUPTED: "interrupted; the work goes on at the next run",
    }
    ends = [(str(int(code)), meanings[code]) for code in Exit]
    rows = [
        (str(one.exit_code), f"`{one.__name__}`", _sentence(one.__doc__), "by itself" if one.is_retried else "no")
        for one in error_classes()
        if one is not errors.VanthuError
    ]
    return (
        f"# Exit codes and errors\n\n{NOTE}\n## The end of a run\n\n{_table(('code', 'meaning'), ends)}\n"
        f"## Errors\n\nThe sentence printed with an error says what happened, where, and what to do. A family's own "
        f"code is used where no finer one fits.\n\n{_table(('code', 'class', 'meaning', 'tried again'), rows)}"
    )


# ------------------------------------------------------------------------------------------------------- findings


def rule_rows() -> list[tuple[str, ...]]:
    """The rules of all kinds: kind, id, weight, sentences."""
    rows: list[tuple[str, ...]] = []
    for file in sorted((ROOT / "templates").glob("*/rules.yaml")):
        # the same values by libyaml, in a tenth of the time
        for rule in yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []:
            said = rule["message"]
            rows.append((f"`{file.parent.name}`", f"`{rule['id']}`", rule["severity"], said["vi"], said["en"]))
    return rows


CHECKER = ROOT / "pipeline" / "audit" / "auditing.py"
#: What judges the office's own files: the settings, a year's facts, a kind's folder.
OF_THE_OFFICE = ("strict_yaml/*.py", "config/*.py", "kinds/*.py", "years/*.py", "filling/*.py", "rules/compiling.py")


def findings_page() -> str:
    """What can be found wrong: with a submission, by the rules of a kind, and by `vanthu check`."""
    office = [file for files in OF_THE_OFFICE for file in sorted((ROOT / "pipeline").glob(files))]
    apart = {CHECKER, *office}
    sources = [file for file in sorted((ROOT / "pipeline").rglob("*.py")) if file not in apart]
    head = ("code", "tiếng Việt", "English")
    return (
        f"# Findings\n\n{NOTE}\nWhat an answer to a unit can say. Codes are stable; what stands in braces is filled "
        f"in; where there is no sentence, the form's fields or a rule make it.\n\n"
        f"## Of the program\n\n{_table(head, _finding_rows(findings.all_findings(sources)))}\n"
        f"## Of the rules\n\n`block` returns the form, `warn` and `info` do not (docs/rules.md).\n\n"
        f"{_table(('kind', 'rule', 'weight', 'tiếng Việt', 'English'), rule_rows())}\n"
        f"## Of the office's own files\n\nWhat is wrong with config.yaml, `years/<year>.yaml` or a file of a "
        f"kind; each is printed with its file and line.\n\n"
        f"{_table(head, _finding_rows(findings.all_findings(office)))}\n"
        f"## Of `vanthu check`\n\n{_table(head, _finding_rows(findings.all_findings([CHECKER])))}"
    )


def _finding_rows(found: list[findings.KnownFinding]) -> list[tuple[str, ...]]:
    messages.use("vi")
    rows: list[tuple[str, ...]] = [(f"`{one.code}`", messages.tr_marked(one.msgid), one.msgid) for one in found]
    messages.use("en")
    return rows


# ---------------------------------------------------------------------------------------------------------- years


def year_page() -> str:
    """Every key of a year's file, in both languages."""
    meant = yaml.safe_load(writing.KEYS.read_text(encoding="utf-8"))
    rows = [(f"`{key}`", vietnamese, english) for key, (vietnamese, english) in meant.items()]
    return (
        f"# Tệp năm: years/*.yaml · The facts of a year\n\n{NOTE}\n"
        "`[]`: mỗi mục của một danh sách; `*`: tên tự đặt. · `[]` stands for each of a list, `*` for a name of one's "
        "own.\n\n" + _table(("khóa · key", "nghĩa", "meaning"), rows)
    )


# ------------------------------------------------------------------------------------------------------------ api


def api_page() -> str:
    """Every operation for programs with what it takes, gives and who may; every code of a refusal."""
    from pipeline.web.api.operations import OPERATIONS
    from pipeline.web.api.problem import CODES
    from pipeline.web.rights import RIGHTS, Reach

    reaches = {Reach.ALL: "", Reach.OWN: " (own)", Reach.FILED: " (filed)"}
    rows = [
        (
            f"`{row.method} {row.path}`",
            row.meaning,
            ", ".join(f"`{one.name}`" for one in row.asks),
            f"`{row.takes.__name__}`" if row.takes else "files" if row.takes_files else "",
            f"`{row.gives.__name__}`" if row.gives else "bytes",
            ", ".join(f"{role.value}{reaches[reach]}" for role, reach in RIGHTS[row.right].items()),
        )
        for row in OPERATIONS
    ]
    codes = [(f"`{code}`", str(int(status)), meaning) for code, (status, meaning) in CODES.items()]
    return (
        f"# Operations for programs\n\n{NOTE}\nBelow `/api/v1` ([api.md](../api.md)). Shapes and parameters are "
        f"described in `/api/v1/openapi.json`.\n\n## Operations\n\n"
        f"{_table(('operation', 'meaning', 'asks', 'takes', 'gives', 'roles'), rows)}\n"
        f"## Codes of refusals\n\n{_table(('code', 'status', 'meaning'), codes)}"
    )


# ---------------------------------------------------------------------------------------------------------- pages

PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "configuration.md": configuration_page,
    DOCS / "reference" / "cli.md": cli_page,
    DOCS / "reference" / "states.md": states_page,
    DOCS / "reference" / "errors.md": errors_page,
    DOCS / "reference" / "findings.md": findings_page,
    DOCS / "reference" / "year.md": year_page,
    DOCS / "reference" / "api.md": api_page,
}


def stale() -> list[Path]:
    """The pages that are not as the code says."""
    messages.use("en")
    return [
        path
        for path, page in PAGES.items()
        if not path.exists() or path.read_text(encoding="utf-8").strip() != page().strip()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or check them; returns the exit code."""
    messages.use("en")
    if "--check" in arguments:
        found = stale()
        for path in found:
            print(f"{path.relative_to(ROOT)} is not as the code says: run `make reference`")
        return 1 if found else 0
    for path, page in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
