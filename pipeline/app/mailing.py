"""Mailing: people who asked for it are told by mail to look into their folders.

What was told stands in the ledger: an event (`mail.sent`) names the event that was told of, and to whom. So each is
told of once, also after a crash; a message that was handed over just before one may come twice, under the same
Message-ID, of which mail programs show one. A mail names a file, a number and a folder, and nothing of what is in it.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final

from pipeline import messages
from pipeline.app import wording
from pipeline.app.away import AWAY, BACK
from pipeline.errors import UnknownThing, VanthuError
from pipeline.ledger.rows import Event
from pipeline.messages import say
from pipeline.model import Job, Message, State
from pipeline.practice import Mail
from pipeline.steps import incidents, links
from pipeline.tools.mail import NotSent, Post
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)

SENT: Final = "mail.sent"
#: Whoever switches mails on is not told of years gone by.
BEGUN: Final = "mail.begun"
STATES: Final = (State.RETURNED, State.HELD, State.PARTLY_SIGNED)
_INCIDENTS: Final = (incidents.MARKED, incidents.UNSEEN, incidents.UNFINISHED, incidents.LYING)
#: A share that is away for a moment is no news.
_AWAY_SECONDS: Final = 60.0
_AT_ONCE: Final = 100
_FIRST_PAUSE_SECONDS: Final = 30.0
_LONGEST_PAUSE_SECONDS: Final = 900.0


@dataclass(frozen=True)
class Letter:
    """What is told of one event: to whom (units by code, "" the cluster's clerk), in one line, and at length.

    `link` is where it is read in the browser, "" where no address is configured.
    """

    units: tuple[str, ...]
    subject: Message
    body: Message
    link: str = ""


class Mailer:
    """Tells of what is new. After trouble with the post it pauses, longer each time; nothing else waits for it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._pause = 0.0
        self._not_before = 0.0
        self._last = 0  #: the newest event of which nothing more is to be told
        self._away = (0, 0.0)  #: the event of an absence, and since when (monotonic) it is known here

    def send_new(self) -> None:
        """Tell of every event since the last that was told of; what could not be told is told later."""
        mail = self._workspace.mail
        if mail is None or time.monotonic() < self._not_before:
            return
        try:
            self._tell(mail)
            self._pause = 0.0
        except NotSent as trouble:
            log.warning("not sent", extra={"action": "mail.send", "why": str(trouble)})
            self._wait()
        except VanthuError:
            raise
        except Exception as trouble:  # documents are processed whether or not anybody is told by mail
            log.exception("not sent", extra={"action": "mail.send", "why": str(trouble)})
            self._wait()

    def _wait(self) -> None:
        self._pause = min(max(self._pause * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
        self._not_before = time.monotonic() + self._pause

    def _tell(self, mail: Mail) -> None:
        for event in self._new():
            if event.action == AWAY and not self._is_news(event):
                return
            letter = letter_of(self._workspace, event)
            addresses = tuple(dict.fromkeys(self._addresses(mail, letter))) if letter is not None else ()
            if letter is not None and addresses:
                refused = _refused(mail.post, self._written(mail, event, letter, addresses))
                detail: dict[str, str | int | list[str]] = {"event": event.id, "to": list(addresses)}
                self._workspace.ledger.remark_once(SENT, detail | ({"refused": refused} if refused else {}))
            self._last = event.id

    def _new(self) -> list[Event]:
        ledger = self._workspace.ledger
        # asked each time: another process may have told meanwhile
        told = ledger.newest_remark((SENT, BEGUN))
        if told is None:
            ledger.remark_once(BEGUN, {})
            return []
        last = max(self._last, int(str(told.detail.get("event", told.id))))
        return ledger.events_after(last, STATES, (*_INCIDENTS, AWAY), most=_AT_ONCE)

    def _is_news(self, event: Event) -> bool:
        """Whether the inbox has been away for long; not by the clock, which may be set back."""
        if self._away[0] != event.id:
            self._away = (event.id, time.monotonic())
        return time.monotonic() - self._away[1] >= _AWAY_SECONDS

    def _written(self, mail: Mail, event: Event, letter: Letter, addresses: tuple[str, ...]) -> EmailMessage:
        language = self._workspace.practice.language
        written = EmailMessage()
        written["From"], written["To"] = mail.sender, ", ".join(addresses)
        written["Subject"] = " ".join(f"[vanthu] {messages.shown_in(letter.subject, language)}".split())
        written["Date"] = event.at
        # the same for the same event, whoever sends it, and whenever
        written["Message-ID"] = f"<{event.hash[:40]}@{mail.sender.rpartition('@')[2]}>"
        written["Auto-Submitted"] = "auto-generated"
        end = say("This mail was sent by a program; nobody reads answers to it.")
        at = (say("To be read and taken here: {link}", link=letter.link),) if letter.link else ()
        written.set_content("\n\n".join(messages.shown_in(one, language) for one in (letter.body, *at, end)) + "\n")
        return written

    def _addresses(self, mail: Mail, letter: Letter) -> Iterator[str]:
        for unit in letter.units:
            yield from self._workspace.mail_of(unit) if unit else mail.clerk


def _refused(post: Post, written: EmailMessage) -> str:
    """Hand a mail over; gives why it was refused for good, "" when it was taken. Raises NotSent."""
    try:
        post.send(written)
    except NotSent as trouble:
        if not trouble.is_final:
            raise
        log.warning("refused", extra={"action": "mail.send", "why": str(trouble)})
        return str(trouble)
    return ""


def letter_of(workspace: Workspace, event: Event) -> Letter | None:
    """What is told of an event; None of what is over."""
    if event.action == AWAY:
        if any(one.id > event.id for one in workspace.ledger.remarks((BACK,))):
            return None
        return Letter(
            ("",),
            say("The inbox is away"),
            say(
                "Since {moment} the inbox cannot be looked into: its disk or share is away. Nothing is lost; what is "
                "dropped is taken when it is back.",
                moment=wording.moment(event.at),
            ),
        )
    if event.action in _INCIDENTS:
        return _of_incident(event)
    try:
        job = workspace.ledger.job(event.job_id)
    except UnknownThing:
        return None
    return _of_job(workspace, job, event)


def _of_incident(event: Event) -> Letter:
    unit = str(event.detail.get("unit", ""))
    # no name: nobody has looked into it
    body = say(
        "A file that was dropped into the folder {folder} is not taken. The notice in the outbox says why, and what "
        "to do.",
        folder=f"inbox/{unit}",
    )
    subject = say("A file in the inbox is not taken (incident {number})", number=event.id)
    return Letter(tuple(dict.fromkeys((unit, ""))), subject, body)


def _of_job(workspace: Workspace, job: Job, event: Event) -> Letter | None:
    if job.state.value != event.to_state:
        return None  # it has gone on since
    paths = sorted(workspace.ledger.standing(job.id, is_pending_counted=True))
    where = ", ".join(path for path in paths if not job.unit or path.startswith(f"{job.unit}/")) or "–"
    # whoever is written to as a unit has no account; the clerk decides there, and has
    link, address = links.link_to(workspace, job.id), workspace.practice.web_address
    named: dict[str, str | int] = {"name": job.name, "job": job.id, "where": where}
    if job.state is State.RETURNED:
        return Letter(
            (job.unit,) if job.unit else ("",),
            say("Returned: {name} (#{job})", **named),
            say(
                "“{name}” (#{job}) is returned to be mended. What to do stands in the outbox: {where}",
                **named,
            ),
            link.url if link else "",
        )
    if job.state is State.PARTLY_SIGNED:
        return Letter(
            tuple(dict.fromkeys((job.unit, ""))),
            say("Signatures are missing: {name} (#{job})", **named),
            say(
                "On the paper of “{name}” (#{job}) not all have signed yet. Who lacks stands in the outbox: {where}",
                **named,
            ),
            link.url if link else "",
        )
    return Letter(
        ("",),
        say("To decide: {name} (#{job})", **named),
        say("“{name}” (#{job}) waits for a person to decide: vanthu why {job}", name=job.name, job=job.id),
        f"{address}/ho-so/{job.id}" if address else "",
    )
