"""`vanthu papers`: signed papers that came back and wait for a person, and what the person decides."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline import messages
from pipeline.app import facts, wording
from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.messages import mark, tr
from pipeline.model import Amendment, Finding, Job, LikelyDocument, Severity, Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.app.papers import Waiting
    from pipeline.workspace import Workspace


@click.group(help=mark("Signed papers that came back and wait for a person."))
def papers() -> None:
    """Group the commands about papers."""


@papers.command("list", help=mark("List the papers that were not taken by themselves, and why."))
@showing.json_option
@click.pass_obj
def list_papers(session: Session, *, as_json: bool) -> None:
    """List what waits."""
    from pipeline.app import papers as kept

    with session.workspace() as workspace:
        listed = kept.waiting(workspace)
    if as_json:
        showing.emit_json([_facts(one) for one in listed])
        return
    if not listed:
        showing.tell(tr("No signed paper waits for a decision."))
        return
    heads = ("#", tr("file"), tr("state"), tr("seems to be"), tr("what is found"))
    rows = [
        (
            str(one.job.id),
            one.job.name,
            wording.state_of(one.job),
            _seems(one),
            " ".join(messages.shown(found.message) for found in one.findings if found.severity is Severity.BLOCK),
        )
        for one in listed
    ]
    showing.emit_table(heads, rows)
    for one in listed:
        if one.likely:
            showing.tell(tr("If it is: {command}", command=_to_match(one)))


def _seems(one: "Waiting") -> str:
    """What a paper seems to be, or may be."""
    if one.document is not None:
        return _named(one.document)
    likely = "; ".join(_as_likely(_named(job), why) for job, why in one.likely)
    return tr("may be {documents}", documents=likely) if likely else "–"


def _as_likely(document: str, why: LikelyDocument) -> str:
    if why.words_percent:
        return tr("{document} ({percent} % of the words read)", document=document, percent=why.words_percent)
    return tr("{document} ({alike} of {pages} pages are alike)", document=document, alike=why.alike, pages=why.pages)


def _named(document: Job) -> str:
    return f"#{document.id} {document.kind} {document.unit}".strip()


def _to_match(one: "Waiting") -> str:
    (document, *_), *_ = one.likely
    return f'vanthu papers match {one.job.id} {document.id} --why "{tr("seen on the paper")}"'


def _reasoned(command: "Callable[..., None]") -> "Callable[..., None]":
    """Add what every decision needs: the paper, the reason, and --json."""
    reason = click.option("--why", required=True, help=mark("The reason, for the record."))
    return click.argument("paper", metavar="PAPER")(reason(showing.json_option(click.pass_obj(command))))


@papers.command(
    help=mark("Take a paper as the signed one of its document, whatever was found."), epilog=showing.DOCUMENTS
)
@_reasoned
def confirm(session: Session, paper: str, why: str, *, as_json: bool) -> None:
    """Confirm one paper."""
    from pipeline.app import papers as kept

    _decide(session, paper, why, kept.confirm, as_json=as_json)


@papers.command(help=mark("Take a paper as the signed one of the document that is named."), epilog=showing.DOCUMENTS)
@_reasoned
@click.argument("document", metavar="DOC")
def match(session: Session, paper: str, document: str, why: str, *, as_json: bool) -> None:
    """Match one paper."""
    from pipeline.app import operations
    from pipeline.app import papers as kept

    def matched(workspace: "Workspace", job: Job, reason: str) -> Job:
        return kept.match(workspace, job, operations.find(workspace, document), reason)

    _decide(session, paper, why, matched, as_json=as_json)


@papers.command(help=mark("Send a paper back with a reason."), epilog=showing.DOCUMENTS)
@_reasoned
def refuse(session: Session, paper: str, why: str, *, as_json: bool) -> None:
    """Refuse one paper."""
    from pipeline.app import papers as kept

    _decide(session, paper, why, kept.refuse, as_json=as_json)


@papers.command(
    help=mark(
        "File a further paper with a document that is filed: a better scan, the right paper, the other original. "
        "What was filed before stays."
    ),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@click.argument("paper", metavar="PAPER...", nargs=-1, required=True)
@click.option("--why", required=True, help=mark("The reason, for the record."))
@click.option(
    "--as",
    "standing",
    type=click.Choice([one.value for one in Standing]),
    default=Standing.RESCAN.value,
    show_default=True,
    help=mark(
        "rescan: a better or complete scan. wrong: what was filed is another paper. original: the paper original "
        "beside the electronic one, or the other way round; both are valid."
    ),
)
@click.option("--yes", is_flag=True, help=mark("Do not ask before a paper is filed that something speaks against."))
@showing.json_option
@click.pass_obj
def replace(session: Session, document: str, paper: str, why: str, standing: str, yes: bool, as_json: bool) -> int:
    """File a further paper; PAPER is a file, or a paper that was returned or is held."""
    from pipeline.app import filed_papers, operations
    from pipeline.app.brought import bring
    from pipeline.app.worker import Worker

    reason = reason_given(why)
    with session.workspace(works=True) as workspace:
        worker = Worker(workspace, session.settings.workers)
        filed = operations.find(workspace, document)
        jobs = [bring(worker, Path(one)) if Path(one).is_file() else operations.find(workspace, one) for one in paper]
        further = filed_papers.looked_at(workspace, jobs, filed)
        against = [one for one in further.findings if one.severity is Severity.BLOCK]
        if against and not yes and not _is_wanted(against):
            showing.tell(tr("Nothing was done."))
            return 130  # as when it is broken off by other means
        decided = filed_papers.file_further(workspace, further, Standing(standing), reason)
        _emit(workspace, [decided, *worker.work_off()], as_json=as_json)
    return 0


def _is_wanted(against: "list[Finding]") -> bool:
    """Ask before a paper is filed that something speaks against; who cannot answer does not want it."""
    for one in against:
        showing.tell(f"- {messages.shown(one.message)}")
    try:
        return showing.agreed(tr("This speaks against the paper. File it all the same?"))
    # no terminal, or Ctrl-D
    except click.Abort:
        return False


@papers.command(
    help=mark("Record that a document corrects, replaces or withdraws one that is filed; both stay as they are."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@click.option("--corrects", metavar="DOC", help=mark("The document that it corrects (đính chính)."))
@click.option("--replaces", metavar="DOC", help=mark("The document that it replaces (thay thế)."))
@click.option("--withdraws", metavar="DOC", help=mark("The document that it withdraws (thu hồi)."))
@click.option("--why", required=True, help=mark("The reason, for the record."))
@showing.json_option
@click.pass_obj
def relate(
    session: Session,
    document: str,
    corrects: str | None,
    replaces: str | None,
    withdraws: str | None,
    why: str,
    as_json: bool,
) -> None:
    """Relate two documents."""
    from pipeline.app import filed_papers, operations
    from pipeline.app.worker import Worker

    said = {Amendment.CORRECTS: corrects, Amendment.REPLACES: replaces, Amendment.WITHDRAWS: withdraws}
    named = [(how, other) for how, other in said.items() if other is not None]
    if len(named) != 1:
        raise click.UsageError(tr("Name one document: --corrects, --replaces or --withdraws."))
    ((how, other),) = named
    reason = reason_given(why)
    with session.workspace(works=True) as workspace:
        found = operations.find(workspace, document)
        related = filed_papers.relate(workspace, found, how, operations.find(workspace, other), reason)
        moved = [related, *Worker(workspace, session.settings.workers).work_off()]
        _emit(workspace, moved, as_json=as_json)


def _emit(workspace: "Workspace", moved: "list[Job]", *, as_json: bool) -> None:
    """Show how the jobs of a decision stand now, each once."""
    from pipeline.status import reasons

    now = list({job.id: job for job in moved}.values())
    if as_json:
        showing.emit_json([facts.job_facts(one) for one in now])
    else:
        showing.emit_jobs(reasons.told(workspace, now))


def _decide(
    session: Session, paper: str, why: str, decide: "Callable[[Workspace, Job, str], Job]", *, as_json: bool
) -> None:
    """Carry out what a person decided; the document goes on at once."""
    from pipeline.app import operations
    from pipeline.app.worker import Worker

    reason = reason_given(why)
    with session.workspace(works=True) as workspace:
        decided = decide(workspace, operations.find(workspace, paper), reason)
        moved = [decided, *Worker(workspace, session.settings.workers).work_off()]
        _emit(workspace, moved, as_json=as_json)


def _facts(waiting: "Waiting") -> dict[str, object]:
    return {
        "job": facts.job_facts(waiting.job),
        "document": facts.job_facts(waiting.document) if waiting.document else None,
        "findings": waiting.findings,
        "likely": [
            {
                "document": facts.job_facts(job),
                "alike": why.alike,
                "pages": why.pages,
                "words_percent": why.words_percent,
            }
            for job, why in waiting.likely
        ],
    }


COMMANDS = (papers,)
