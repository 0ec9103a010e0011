"""Mail: one message handed to a server (SMTP), or to a program that reads it (sendmail).

A message that was handed over is believed sent; whether anybody reads it nobody knows.
"""

import shlex
import smtplib
import ssl
import subprocess
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

_SECONDS: Final = 20
#: smtp: STARTTLS is asked for, and without it nothing is sent; smtps: TLS from the first byte; smtp+plain: neither.
_PORTS: Final = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class NotSent(Exception):  # noqa: N818 - names a state of the world
    """A message was not taken; `is_final` when it never will be, so that others need not wait for it."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


class Post(Protocol):
    """Whoever takes messages."""

    def send(self, message: EmailMessage) -> None:
        """Hand a message over. Raises NotSent."""


@dataclass(frozen=True)
class Server:
    """A mail server, reached as `scheme` says (`_PORTS`)."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    def send(self, message: EmailMessage) -> None:
        """Hand a message to the server. Raises NotSent."""
        try:
            with self._connected() as server:
                if self.scheme == "smtp":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                refused = server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            # final only when each of them is: 450 is a grey list, say
            codes = [code for code, _ in error.recipients.values()]
            raise NotSent(str(error), is_final=all(code >= 500 for code in codes)) from error
        except smtplib.SMTPDataError as error:
            raise NotSent(str(error), is_final=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(str(error) or type(error).__name__) from error
        if refused:
            raise NotSent(str(refused), is_final=True)

    def _connected(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=_SECONDS)


@dataclass(frozen=True)
class Program:
    """A program that reads a message, as sendmail does: its words."""

    words: tuple[str, ...]

    def send(self, message: EmailMessage) -> None:
        """Give a message to the program on its standard input. Raises NotSent."""
        try:
            done = subprocess.run(
                self.words, input=bytes(message), timeout=_SECONDS, capture_output=True, check=False
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NotSent(str(error)) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip()
            raise NotSent(f"{self.words[0]}: {said or done.returncode}")


def post_of(server: str, command: str, password: str) -> Post | None:
    """Make what takes messages of "smtp://user@host:587" or of a command line; None where neither is given.

    Raises ValueError for what is no such address.
    """
    if command:
        return Program(tuple(shlex.split(command)))
    if not server:
        return None
    asked = urlsplit(server)
    if asked.scheme not in _PORTS or not asked.hostname or asked.password or asked.path.strip("/"):
        raise ValueError(server)
    return Server(
        asked.scheme, asked.hostname, asked.port or _PORTS[asked.scheme], unquote(asked.username or ""), password
    )
