"""Webhooks: programs elsewhere are told that a document has come somewhere; what it is they ask for by their token.

Each message is signed as the Standard Webhooks specification says: HMAC-SHA256 over id, time and body. At least once:
how far an address was told is kept after it has answered, and what was not answered is sent again under the same id.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import logging
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pipeline.app.web_key import web_key
from pipeline.errors import ConfigError, UnknownThing, VanthuError
from pipeline.ledger.rows import Event
from pipeline.ledger.webhooks import Webhook, Webhooks
from pipeline.messages import tr
from pipeline.model import Job, State
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)

#: Where a document rests: what is passed through on the way is nobody's business.
STATES: Final = (
    *(State.WAITING, State.RETURNED, State.HELD, State.DELIVERED, State.NUMBERED, State.PARTLY_SIGNED),
    *(State.ARCHIVED, State.MATCHED, State.SUPERSEDED, State.CANCELLED),
)
_AT_ONCE: Final = 50
_SECONDS: Final = 5.0
_FIRST_PAUSE_SECONDS: Final = 5.0
_LONGEST_PAUSE_SECONDS: Final = 900.0
#: How often it is looked whether anything has happened.
LOOK_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Made:
    """A webhook, and the secret by which whoever is told knows that it was the office."""

    webhook: Webhook
    secret: str


def add(workspace: Workspace, url: str, unit: str = "") -> Made:
    """Let an address be told. Raises ConfigError for what is none, UnknownThing for a unit that is none."""
    parts = _parts(url)
    if parts is None or parts.username or parts.password or parts.fragment:
        raise ConfigError(
            tr("“{url}” is no address that can be told: https://host/path, without name and password.", url=url)
        )
    codes = {one.code.casefold(): one.code for year in workspace.years.values() for one in year.units}
    if unit and unit.casefold() not in codes:
        raise UnknownThing(tr("“{unit}” is no unit. Known: {codes}.", unit=unit, codes=", ".join(codes.values())))
    made = Webhooks(workspace.ledger).add(url, codes[unit.casefold()] if unit else "")
    return Made(made, secret_of(workspace, made))


def _parts(url: str) -> SplitResult | None:
    with contextlib.suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and (parts.port is None or parts.port):
            return parts if url.isascii() and url.isprintable() and " " not in url else None
    return None


def secret_of(workspace: Workspace, webhook: Webhook) -> str:
    """The secret of a webhook, as the specification writes it."""
    key = web_key(workspace.folders.var, f"webhook:{webhook.salt}")
    return f"whsec_{base64.b64encode(key).decode()}"


def signed(secret: str, message: str, at: int, body: bytes) -> str:
    """The signature of a message (its id) that is sent at a moment (seconds since 1970)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


class NotTold(Exception):  # noqa: N818 - names a state of the world
    """An address did not take a message."""


class Teller:
    """Tells every address what is new to it; one that is in trouble waits longer each time, and keeps no other."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._webhooks = Webhooks(workspace.ledger)
        self._pauses: dict[int, tuple[float, float]] = {}  #: by webhook: the pause, and until when (monotonic)
        self._seen: dict[
            int, int
        ] = {}  #: by webhook: the newest event of which it is known that nothing is to be told

    def tell_new(self) -> None:
        """Tell every address that is not paused."""
        for one in self._webhooks.every():
            pause, until = self._pauses.get(one.id, (0.0, 0.0))
            if time.monotonic() < until:
                continue
            try:
                self._tell(one)
                self._pauses.pop(one.id, None)
            except NotTold as trouble:
                pause = min(max(pause * 2, _FIRST_PAUSE_SECONDS), _LONGEST_PAUSE_SECONDS)
                self._pauses[one.id] = pause, time.monotonic() + pause
                log.warning("not told", extra={"action": "webhook.send", "webhook": one.id, "why": str(trouble)})
                self._webhooks.failed(one.id, str(trouble))

    def _tell(self, one: Webhook) -> None:
        ledger = self._workspace.ledger
        # before the events are asked for: what comes meanwhile is looked at again
        head, _ = ledger.events_head()
        last = max(one.position, self._seen.get(one.id, 0))
        events = ledger.events_after(last, STATES, (), most=_AT_ONCE) if head > last else []
        for event in events:
            job = ledger.job(event.job_id)
            if one.unit in {"", job.unit, job.folder}:
                _send(one, secret_of(self._workspace, one), event, self._body(event, job), self._now())
                self._webhooks.told(one.id, event.id)
            self._seen[one.id] = event.id
        if len(events) < _AT_ONCE:
            self._seen[one.id] = max(head, self._seen.get(one.id, 0))

    def _now(self) -> int:
        return int(self._workspace.clock().timestamp())

    def _body(self, event: Event, job: Job) -> bytes:
        said = {
            "type": event.action,
            "timestamp": event.at.isoformat(),
            "data": {
                "event": event.id,
                "state": event.to_state,
                "document": job.id,
                "kind": job.kind,
                "unit": job.unit,
                "year": job.year,
                "href": f"/api/v1/documents/{job.id}",
            },
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _send(one: Webhook, secret: str, event: Event, body: bytes, at: int) -> None:
    """Send one message. Raises NotTold for whatever is no answer of success; no redirect is followed."""
    # the same for the same event, however often it is sent
    message = f"msg_{event.hash[:32]}"
    headers = {
        "content-type": "application/json",
        "user-agent": "vanthu",
        "webhook-id": message,
        "webhook-timestamp": str(at),
        "webhook-signature": signed(secret, message, at, body),
    }
    parts = urlsplit(one.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as trouble:
        raise NotTold(str(trouble) or type(trouble).__name__) from trouble
    finally:
        connection.close()
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise NotTold(f"HTTP {status}")


class Telling:
    """Tells from a thread of its own for the length of a block."""

    def __init__(self, workspace: Workspace) -> None:
        self._teller = Teller(workspace)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="webhooks", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(_SECONDS * 2)

    def _go_on(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            try:
                self._teller.tell_new()
            except VanthuError as trouble:  # the store is away: the next look may find it
                log.warning("not told", extra={"action": "webhook.wait", "why": str(trouble)})
            except Exception:  # pages are shown whether or not anybody is told
                log.exception("not told", extra={"action": "webhook.fail"})
