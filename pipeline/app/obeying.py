"""Obeying: an order of the clerk, carried out by the operations that the command line uses, and what is said of it.

What a person has to mend is the reply; other trouble is the worker's. An order whose mark stands in the history of
its document was carried out before a crash, and is not carried out twice.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from pipeline.app import blank_forms as forms
from pipeline.app import numbering, operations, papers
from pipeline.app.operations import Again
from pipeline.errors import OperatorError
from pipeline.messages import say, shown_in
from pipeline.model import Finding, Job, Message, Order, Reply, Severity, Task
from pipeline.status import reminding
from pipeline.steps import warnings
from pipeline.vietnamese import parse_date, search_key
from pipeline.workspace import Workspace

_SENTENCES: Final = re.compile(r"(?<=[.;])\s+")
_COMMAND: Final = re.compile(r"`|\bvanthu [a-z]|(?<!\S)--[a-z]")
#: What the history must say why.
NEEDS_REASON: Final = frozenset({Task.ACCEPT, Task.REFUSE, Task.CANCEL, Task.VOID, Task.AGAIN})
#: How a clerk asks for the forms of every unit; so does an empty place.
_EVERYBODY: Final = frozenset({"", "tat ca", "moi don vi", "tat ca don vi", "tat ca cac don vi", "cac don vi"})


def obey(workspace: Workspace, order: Order) -> Reply:
    """Carry out one order. Raises what is no person's fault: StateConflict, TransientError, IntegrityError."""
    if order.task in NEEDS_REASON and not order.why:
        return _said(workspace, say("Not done: write the reason (Lý do) of it."), is_done=False)
    if order.task is not Task.REMIND and not order.document:
        return _said(workspace, say("Not done: write in “Hồ sơ” which document it is about."), is_done=False)
    try:
        if order.task in _DOERS:
            return _DOERS[order.task](workspace, order)
        job = operations.find(workspace, order.document)
        return _done_before(workspace, job, order) or _WITH_A_DOCUMENT[order.task](workspace, order, job)
    except OperatorError as trouble:
        return _said(workspace, say("Not done: {why}", why=_without_commands(str(trouble))), is_done=False)


def _without_commands(told: str) -> str:
    """What an error says to who has no command line: the sentences that name a command or an option left out."""
    sentences = _SENTENCES.split(told)
    return " ".join(one for one in sentences if not _COMMAND.search(one)) or told


def _said(workspace: Workspace, what: Message, *, is_done: bool = True) -> Reply:
    return Reply(shown_in(what, workspace.practice.language), is_done)


def _forms(workspace: Workspace, order: Order) -> Reply:
    workspace.must_be_there("outbox")
    year = workspace.year(workspace.practice.year)
    kind = forms.kind_named(workspace.folders, order.document, workspace.words)
    is_all = search_key(order.more) in _EVERYBODY
    wanted = forms.Order(kind.id, unit="" if is_all else order.more, is_all=is_all and kind.submitted_by == "unit")
    written = forms.forms_of(workspace.folders, workspace.practice, year, wanted, workspace.today())
    count, folder = Counter(one.outcome for one in written), _folder_of(workspace, written)
    parts = [say("{count} forms lie in {folder}.", count=len(written), folder=folder)]
    if kept := count["kept"]:
        parts.append(say("{count} of them were changed by somebody and were left alone.", count=kept))
    return Reply(" ".join(shown_in(one, workspace.practice.language) for one in parts), is_done=True)


def _folder_of(workspace: Workspace, written: list[forms.Written]) -> str:
    outbox = workspace.folders.outbox
    folders = sorted({one.path.parent.relative_to(outbox).as_posix() for one in written})
    if len(folders) == 1:
        return f"{outbox.name}/{folders[0]}"
    unit = shown_in(say("<unit>"), workspace.practice.language)
    return f"{outbox.name}/{unit}/{forms.FOLDER}"


def _remind(workspace: Workspace, order: Order) -> Reply:
    kind = ""
    if order.document:
        kind = forms.kind_named(workspace.folders, order.document, workspace.words).id
    due: dt.date | None = None
    if order.more and (due := parse_date(order.more, year=workspace.practice.year)) is None:
        return _said(workspace, say("Not done: “{said}” is no day.", said=order.more), is_done=False)
    wanted = reminding.reminders(workspace, kind, reminding.letter_day(workspace), due)
    sent = [(one, reminding.send(workspace, one)) for one in wanted if one.earlier is None]
    if not wanted:
        return _said(workspace, say("No letter is needed: nothing is missing."), is_done=False)
    if not sent:
        earlier = next(one.earlier for one in wanted if one.earlier is not None)
        said = say("There is a letter to the same units already: #{id}.", id=earlier.id)
        return _said(workspace, said, is_done=False)
    names = {unit.code: unit.name for unit in workspace.year(workspace.practice.year).units}
    told = "; ".join(f"#{job.id} ({', '.join(names[unit] for unit in one.units)})" for one, job in sent)
    said = say(
        "Letters are being made: {letters}. They will lie in {folder}.",
        letters=told,
        folder=f"{workspace.folders.outbox.name}/{workspace.folders.awaiting}",
    )
    return _said(workspace, said)


def _number(workspace: Workspace, order: Order) -> Reply:
    job = operations.find(workspace, order.document)
    told = numbering.preview(workspace, job)
    job = numbering.next_number(workspace, job, order.reason)
    facts: dict[str, str | int] = {"number": job.number, "id": job.id}
    said = (
        say("Number {number} (#{id}); it stands on the document already.", **facts)
        if numbering.is_printed(workspace, job)
        else say("Number {number} (#{id}). Write it on the paper, then scan it and drop the scan.", **facts)
    )
    parts = [said, *([told.warning] if told.warning is not None else [])]
    return Reply(" ".join(shown_in(one, workspace.practice.language) for one in parts), is_done=True)


def _accept(workspace: Workspace, order: Order, job: Job) -> Reply:
    """Take a signed paper that waits, or accept a warning: which of them it is the document tells."""
    if job.state in papers.WAITING and papers.is_paper(workspace, job):
        if order.more:
            document = operations.find(workspace, order.more)
            papers.match(workspace, job, document, order.reason)
            return _said(workspace, say("Paper #{id} is taken for #{document}.", id=job.id, document=document.id))
        papers.confirm(workspace, job, order.reason)
        return _said(workspace, say("Paper #{id} is taken.", id=job.id))
    rule = _rule_meant(workspace, job, order.more)
    if not rule:
        codes = sorted({one.code for one in _open(workspace, job)})
        said = (
            say("Not done: #{id} has several warnings ({rules}); write in “Ghi thêm” which is accepted.",
                id=job.id, rules=", ".join(codes))
            if codes
            else say("Not done: #{id} has no warning that is still open.", id=job.id)
        )  # fmt: skip
        return _said(workspace, said, is_done=False)
    accepted = operations.accept(workspace, job, rule, order.reason)
    if not accepted.now:
        return _said(workspace, say("{rule} of #{id} was accepted before.", rule=rule, id=job.id))
    said = say("{count} warnings {rule} of #{id} accepted.", count=len(accepted.now), rule=rule, id=job.id)
    return _said(workspace, said)


def _open(workspace: Workspace, job: Job) -> tuple[Finding, ...]:
    return warnings.open_warnings(workspace, [job]).get(job.id, ())


def _rule_meant(workspace: Workspace, job: Job, said: str) -> str:
    """The rule that is named, spelled as its findings have it; the only one that is open where none is named."""
    if not said:
        codes = {one.code for one in _open(workspace, job)}
        return next(iter(codes)) if len(codes) == 1 else ""
    known = {one.code.casefold(): one.code for one in workspace.findings(job) if one.severity is not Severity.INFO}
    return known.get(said.casefold(), said)


def _refuse(workspace: Workspace, order: Order, job: Job) -> Reply:
    papers.refuse(workspace, job, order.reason)
    return _said(workspace, say("Paper #{id} is sent back with your reason.", id=job.id))


def _cancel(workspace: Workspace, order: Order, job: Job) -> Reply:
    operations.cancel(workspace, job, order.reason)
    if job.number:
        said = say("#{id} is cancelled; its number {number} is void.", id=job.id, number=job.number)
        return _said(workspace, said)
    return _said(workspace, say("#{id} is cancelled.", id=job.id))


def _void(workspace: Workspace, order: Order, job: Job) -> Reply:
    numbering.void_number(workspace, job, order.reason)
    return _said(workspace, say("Number {number} is void; it stays in the register.", number=job.number))


def _again(workspace: Workspace, order: Order, job: Job) -> Reply:
    planned = operations.plan(workspace, job)
    operations.reprocess(workspace, planned, order.reason)
    if planned.again is Again.AS_REVISION:
        said = say("#{id} is withdrawn; a new version is being made. Copies already printed do not count.", id=job.id)
        return _said(workspace, said)
    return _said(workspace, say("#{id} is being processed again.", id=job.id))


def _done_before(workspace: Workspace, job: Job, order: Order) -> Reply | None:
    """Tell of an order that was carried out, and whose reply a crash kept from being recorded."""
    if job.id == order.job:
        return _said(workspace, say("Not done: that is the file of these orders itself."), is_done=False)
    if any(order.mark in event.why for event in workspace.ledger.events(job.id)):
        return _said(workspace, say("Done with #{id}.", id=job.id))
    return None


_DOERS: Final[Mapping[Task, Callable[[Workspace, Order], Reply]]] = {
    Task.FORMS: _forms,
    Task.REMIND: _remind,
    Task.NUMBER: _number,
}
#: What is done to a document, and not a second time.
_WITH_A_DOCUMENT: Final[Mapping[Task, Callable[[Workspace, Order, Job], Reply]]] = {
    Task.ACCEPT: _accept,
    Task.REFUSE: _refuse,
    Task.CANCEL: _cancel,
    Task.VOID: _void,
    Task.AGAIN: _again,
}
