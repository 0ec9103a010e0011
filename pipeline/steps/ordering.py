"""Orders of the clerk: a workbook from the clerk's own folder, done row by row, and answered as the same workbook.

Each row is one entry of the workbook's history: what was ordered, why, and the reply. A row that was done is never
done again: not after a crash, and not from another file that still holds it with the same words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline import blank_forms, naming
from pipeline.blank_forms.formats import FORMATS
from pipeline.files import sha256_of
from pipeline.kinds.orders import ORDERS, ROWS
from pipeline.ledger import Outcome, Publication
from pipeline.ledger.chain import canonical
from pipeline.ledger.rows import Event
from pipeline.messages import say, shown_in
from pipeline.model import (
    Address,
    Finding,
    Identity,
    Job,
    Json,
    JsonObject,
    Message,
    Order,
    Reading,
    Reply,
    Role,
    Severity,
    State,
    Task,
    value_at,
)
from pipeline.naming import Answer
from pipeline.steps.answering import answer, folder_unit, returned
from pipeline.vietnamese import compare_key
from pipeline.workspace import Workspace

_TASK: Final = "task"
_REPLY: Final = "reply"
#: The columns that a clerk fills in.
_SAID: Final = (_TASK, "document", "more", "why")


@dataclass(frozen=True)
class _Row:
    """A row of the workbook, counted from 1; `words` are the clerk's, `findings` what keeps it from being done."""

    no: int
    words: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """What two rows have in common that say the same."""
        return sha256_of(canonical({name: compare_key(self.words.get(name, "")) for name in _SAID}).encode())

    def as_values(self, reply: str) -> JsonObject:
        """The row as the form has it, with its reply."""
        said: JsonObject = {name: self.words[name] for name in _SAID if self.words.get(name)}
        return said | {_REPLY: reply}


def ordered(workspace: Workspace, job: Job, made: Reading) -> Outcome:
    """Let orders be carried out that lie in the clerk's folder; from anywhere else they wait for the clerk."""
    identity = Identity(ORDERS.id, folder_unit(workspace, job), workspace.practice.year, str(job.id))
    folders = workspace.folders
    if job.folder != folders.clerk or identity.unit:
        return _held(workspace, job, identity)
    if not _rows(made):
        nothing = Finding(
            "order.nothing",
            Severity.BLOCK,
            say("No order is written in the workbook."),
            mend=say("Write a task in each row, and drop the file again."),
        )
        return returned(workspace, job, (nothing, *made.findings), identity)
    return Outcome(State.ORDERED, identity=identity, artifacts=(workspace.keep_reading(made),))


def _held(workspace: Workspace, job: Job, identity: Identity) -> Outcome:
    said = say(
        "Orders are taken from the folder {folder} only, which belongs to the cluster's clerk. Nothing of this file "
        "was done; the clerk has been told of it.",
        folder=f"{workspace.folders.inbox.name}/{workspace.folders.clerk}",
    )
    note, publication = answer(workspace, job, Answer.NOTICE, unit=identity.unit, kind="", next_step=said)
    why = say("orders that do not lie in the clerk's folder; nothing of them was done")
    return Outcome(
        State.HELD,
        shown_in(why, workspace.practice.language),
        identity=identity,
        artifacts=(note,),
        publications=(publication,),
    )


def obeys(workspace: Workspace, job: Job) -> Outcome:
    """Carry out the first row that has no reply yet; when all have one, answer."""
    made = workspace.reading(job)
    rows = _rows(made)
    replies = {int(str(one.detail["row"])): one for one in workspace.ledger.events(job.id) if "row" in one.detail}
    row = next((one for one in rows if one.no not in replies), None)
    if row is None:
        return _answered(workspace, job, made, {row.no: (row, replies[row.no]) for row in rows})
    reply = _reply(workspace, job, row)
    return Outcome(
        State.ORDERED,
        row.words.get("why", ""),
        detail={
            "row": row.no,
            "order": [row.words.get(name, "") for name in _SAID[:-1]],
            "key": row.key,
            "done": int(reply.is_done),
            "reply": reply.text,
        },
    )


def _reply(workspace: Workspace, job: Job, row: _Row) -> Reply:
    language = workspace.practice.language
    if row.findings:
        told = [part for one in row.findings for part in (one.message, one.mend) if part is not None]
        return Reply(" ".join(shown_in(one, language) for one in told), is_done=False)
    if _TASK not in row.words:
        return Reply(shown_in(say("Not done: choose a task (Việc)."), language), is_done=False)
    if (before := _before(workspace, row)) is not None:
        event, at = before
        said = say(
            "Done already on {day} (file #{job}, row {row}); not done a second time. If it is to be done again, "
            "write another reason.",
            day=f"{event.at.astimezone():%d/%m/%Y}",
            job=at,
            row=int(str(event.detail["row"])),
        )
        return Reply(shown_in(said, language), is_done=False)
    mark = shown_in(say("(order hs{job}, row {row})", job=job.id, row=row.no), language)
    order = Order(
        Task(row.words[_TASK]),
        row.words.get("document", ""),
        row.words.get("more", ""),
        row.words.get("why", ""),
        job.id,
        mark,
    )
    return workspace.obey(workspace, order)


def _before(workspace: Workspace, row: _Row) -> tuple[Event, int] | None:
    """The row of any order workbook of the year that said the same and was done."""
    for job in workspace.ledger.of_kind(ORDERS.id, workspace.practice.year, State):
        for event in workspace.ledger.events(job.id):
            if event.detail.get("key") == row.key and event.detail.get("done"):
                return event, job.id
    return None


def _answered(workspace: Workspace, job: Job, made: Reading, replies: Mapping[int, tuple[_Row, Event]]) -> Outcome:
    """Give the workbook back with a reply in each row; what else was found in it is told in a notice beside it."""
    rows = [row.as_values(str(event.detail["reply"])) for row, event in replies.values()]
    name = naming.answer_name(job.name, Answer.REPLY, job=job.id, extension="xlsx")
    kept = workspace.keep(Role.MARKED, workbook(workspace, rows), name)
    artifacts, publications = [kept], [Publication(f"{workspace.folders.clerk}/{name}", kept.sha256)]
    if other := tuple(one for one in made.findings if _row_of(one) == 0):
        told = say("Each order has its reply in {name}.", name=name)
        note, publication = answer(workspace, job, Answer.NOTICE, unit="", kind="", findings=other, next_step=told)
        artifacts.append(note)
        publications.append(publication)
    done = sum(int(str(event.detail["done"])) for _, event in replies.values())
    why: Message = say("{done} of {count} orders done", done=done, count=len(replies))
    return Outcome(
        State.ANSWERED,
        shown_in(why, workspace.practice.language),
        artifacts=(*artifacts,),
        publications=(*publications,),
    )


def workbook(workspace: Workspace, rows: Sequence[JsonObject] = ()) -> bytes:
    """The order workbook of the current year, with these rows; with room for more."""
    year = workspace.year(workspace.practice.year)
    values: JsonObject = {ROWS.name: list(rows)} if rows else {}
    plan = blank_forms.plan(ORDERS, year, on=workspace.today(), values=values)
    return FORMATS["xlsx"](replace(plan, guide=blank_forms.how_in_orders()))


def _rows(made: Reading) -> tuple[_Row, ...]:
    """The rows in which a clerk wrote anything; a reply alone is what the program wrote."""
    found = value_at(made.values, ROWS)
    return tuple(_made(made, found)) if isinstance(found, list) else ()


def _made(made: Reading, found: Sequence[Json]) -> Iterator[_Row]:
    for at, values in enumerate(found):
        told = {
            str(one.place.pointer[-1]): one
            for one in made.findings
            if _row_of(one) == at + 1 and one.severity is Severity.BLOCK and one.place.pointer[-1] != _REPLY
        }
        said = values if isinstance(values, dict) else {}
        words = {name: " ".join(str(said[name]).split()) for name in _SAID if said.get(name)}
        # what could not be read stands in the answer as it was written
        words = {name: one.found for name, one in told.items() if one.found and name in _SAID} | words
        if words:
            yield _Row(at + 1, words, tuple(told.values()))


def _row_of(finding: Finding) -> int:
    """The row that a finding is about, from 1; 0 when it is about no single one."""
    pointer = finding.place.pointer
    way = pointer.below(ROWS) if pointer.is_inside(ROWS) and len(pointer) > len(ROWS) else Address()
    return way[0] + 1 if way and isinstance(way[0], int) else 0
