"""The entry: the group of all commands, the options before them, and where exceptions become exit codes."""

import enum
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from pipeline import messages
from pipeline.cli import (
    backing_up,
    browser,
    checking,
    database,
    dossier,
    exchange,
    first_day,
    folders,
    form,
    forms,
    health,
    incidents,
    jobs,
    kinds,
    linking,
    papers,
    people,
    programs,
    proving,
    register,
    reminding,
    replaying,
    searching,
    setting,
    showing,
    stats,
    status,
    work,
)
from pipeline.cli.session import Session
from pipeline.errors import VanthuError
from pipeline.messages import mark, tr


class Exit(enum.IntEnum):
    """What the command line answers with; errors have their own codes (docs/reference/errors.md)."""

    DONE = 0
    BUG = 1
    USAGE = 2
    NOT_ALL = 3  #: done, but some submissions were returned or held
    UNWELL = 4  #: `doctor`: something stops or endangers the work
    INTERRUPTED = 130


@click.group(
    help=mark("vanthu: make for official documents. Drop a form into inbox/, read the answer in outbox/."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "-C", "--root", type=click.Path(path_type=Path, file_okay=False, exists=True), help=mark("The working folder.")
)
@click.option("--lang", type=click.Choice(messages.languages()), help=mark("Language; also VANTHU_LANG."))
@click.option("-v", "--verbose", is_flag=True, help=mark("Log more on stderr."))
@click.version_option(package_name="vanthu", prog_name="vanthu", message="%(prog)s %(version)s")
@click.pass_context
def vanthu(context: click.Context, root: Path | None, lang: str | None, *, verbose: bool) -> None:
    """Set up what all commands share; `lang` was looked at before the command line was parsed."""
    from pipeline import logs

    # what happened is told by the commands themselves; the log is for whoever looks for a cause
    logs.set_up(level="info" if verbose else "error")
    # nothing is opened yet: `--help`, `init` and `form check` need no working folder
    context.obj = Session(root_option=root, language_option=lang)


for _commands in (
    first_day,
    setting,
    work,
    status,
    searching,
    jobs,
    replaying,
    papers,
    reminding,
    register,
    dossier,
    exchange,
    incidents,
    folders,
    checking,
    backing_up,
    database,
    proving,
    health,
    stats,
    kinds,
    forms,
    form,
    linking,
    browser,
    people,
    programs,
):
    for _command in _commands.COMMANDS:
        vanthu.add_command(_command)


def _accept_language(command: click.Command) -> None:
    """Let --lang be given after any command too: `_language` has seen it wherever it is."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _accept_language(inner)
    else:
        choice = click.Choice(messages.languages())
        # hidden: shown with the group's options, it need not stand in the help of every command
        command.params.append(
            click.Option(["--lang"], type=choice, expose_value=False, hidden=True, callback=_remember)
        )


def _remember(context: click.Context, _option: click.Parameter, language: str | None) -> None:
    if language is not None and isinstance(context.obj, Session):
        context.obj.language_option = language


_accept_language(vanthu)


def main(args: list[str] | None = None) -> NoReturn:
    """Run a command line and exit with its code."""
    words = sys.argv[1:] if args is None else args
    # before click is asked: its own messages come from the environment that this sets
    messages.use(_language(words))
    _translate(vanthu)
    try:
        # click would turn every exception into exit code 1 and print it in English
        code = vanthu.main(words, prog_name="vanthu", standalone_mode=False)
    except VanthuError as trouble:
        showing.tell(f"{tr('Error')}: {trouble}")
        if trouble.wants_traceback:
            showing.tell(traceback.format_exc())
        sys.exit(trouble.exit_code)
    except click.Abort:
        showing.tell(tr("Interrupted; nothing is lost, the work goes on at the next run."))
        sys.exit(Exit.INTERRUPTED)
    except click.ClickException as trouble:
        trouble.show()
        sys.exit(trouble.exit_code)
    except SystemExit:
        # click ends by itself, as if it had failed, when the reader of our output has seen enough (`| head`)
        sys.exit(Exit.DONE)
    except Exception:  # whatever is left is our own bug, and people are told so
        showing.tell(traceback.format_exc())
        showing.tell(tr("This is a bug in vanthu; please report it with the lines above. No document is lost by it."))
        sys.exit(Exit.BUG)
    sys.exit(code if isinstance(code, int) else Exit.DONE)


def _language(words: list[str]) -> str:
    """Find the language before parsing, because the parser has messages too: --lang, VANTHU_LANG, else Vietnamese."""
    for position, word in enumerate(words):
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang="))
        if word == "--lang" and position + 1 < len(words):
            return _known(words[position + 1])
    return _known(os.environ.get("VANTHU_LANG", ""))


def _known(language: str) -> str:
    # a language nobody speaks is refused by the parser, which needs some language to say so
    return language if language in messages.languages() else messages.VIETNAMESE


def _translate(command: click.Command) -> None:
    """Put the help of a command and of all below it into the language in use.

    The decorators run when the modules are imported, before the language is known: they can only mark their texts.
    """
    command.help = messages.tr_marked(command.help or "")
    command.epilog = messages.tr_marked(command.epilog or "") or None
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = messages.tr_marked(parameter.help or "")
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _translate(inner)
