"""Who asked for it is told by mail to look into the folder: once, by a real mail server; nothing waits for it."""

import datetime as dt
import email
import email.policy
import ipaddress
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline.app import mailing
from pipeline.app.away import Absence
from pipeline.app.watching import Rhythm, serve_once
from pipeline.app.worker import Worker
from pipeline.errors import ConfigError
from pipeline.model import Job, State
from tests.folders import Clock, drop, opened, registration, run, working_folder

NOW = Rhythm(1, 0)
HERE = ipaddress.ip_address("127.0.0.1")
UNIT, CLERK = "van-thu@catp.example.vn", "cum@example.vn"


class Box:
    """What a mail server takes; `answer` is what it says to each recipient, 250 to take it."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer = "250 OK"
        self.tries = 0

    async def handle_RCPT(  # noqa: N802 - the library's name and parameters
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.tries += 1
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(read, EmailMessage)
        self.taken.append(read)
        return "250 taken"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[Controller]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def office(folder: Path, **mail: object) -> Path:
    """A working folder in which CATP and the clerk have asked for mails."""
    working_folder(folder)
    config = folder / "config.yaml"
    settings = yaml.safe_load(config.read_text("utf-8"))
    asked = {"sender": "vanthu@cum4.example.vn", "clerk": CLERK} | mail
    config.write_text(yaml.safe_dump(settings | {"mail": asked}), encoding="utf-8")
    year = folder / "years" / "2022.yaml"
    text = year.read_text("utf-8")
    year.write_text(text.replace("  - code: CATP\n", f"  - code: CATP\n    mail: [{UNIT}]\n"), encoding="utf-8")
    return folder


def served(folder: Path, server: Controller, **mail: object) -> Path:
    return office(folder, server=f"smtp+plain://127.0.0.1:{server.port}", **mail)


def return_a_form(folder: Path) -> Job:
    """Let a worker that knows of mails return CATP's form; gives its job."""
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
        (job,) = serve_once(worker, NOW)
        return job


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_unit_that_asked_for_it_is_told_that_its_form_is_returned_and_where_to_look(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    folder = served(tmp_path / "office", server)
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
        drop(folder, "knh.yaml", registration("KNH", activities=[]), "KNH")
        serve_once(worker, NOW)
    (told,) = box.taken
    assert (told["To"], told["From"]) == (UNIT, "vanthu@cum4.example.vn")
    assert told["Subject"] == "[vanthu] Trả lại: dk.yaml (#1)"
    assert "CATP/dk.phieu-tra-lai.hs1.docx" in text_of(told)
    assert told["Auto-Submitted"] == "auto-generated"


def test_nobody_is_told_of_years_gone_by_when_mails_are_switched_on(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    folder = served(tmp_path / "office", server)
    drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
    config = folder / "config.yaml"
    mails = config.read_text("utf-8")
    config.write_text(yaml.safe_dump(yaml.safe_load(mails) | {"mail": {}}), encoding="utf-8")
    with opened(folder) as workspace:
        serve_once(Worker(workspace), NOW)
    config.write_text(mails, encoding="utf-8")
    with opened(folder) as workspace:
        for _ in range(2):
            serve_once(Worker(workspace), NOW)
    assert not box.taken


def test_each_event_is_told_of_once_however_often_the_program_starts(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    folder = served(tmp_path / "office", server)
    for round_ in range(3):
        with opened(folder) as workspace:
            serve_once(Worker(workspace), NOW)
            if round_ == 0:
                drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
                serve_once(Worker(workspace), NOW)
    assert len(box.taken) == 1


def test_a_server_that_is_down_holds_nothing_up_and_gets_the_same_message_later(
    tmp_path: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_FIRST_PAUSE_SECONDS", 0.05)
    port = free_port()
    folder = office(tmp_path / "office", server=f"smtp+plain://127.0.0.1:{port}")
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
        (job,) = serve_once(worker, NOW)
        assert job.state is State.RETURNED
        controller = Controller(box, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            until = time.monotonic() + 20
            while not box.taken and time.monotonic() < until:
                worker.settle()
        finally:
            controller.stop()
    assert [one["To"] for one in box.taken] == [UNIT]


def test_after_trouble_the_server_is_left_alone_for_a_while(tmp_path: Path, server: Controller, box: Box) -> None:
    box.answer = "450 later"
    folder = served(tmp_path / "office", server)
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
        serve_once(worker, NOW)
        for _ in range(5):
            worker.settle()
    assert box.tries == 1


def test_an_address_that_is_refused_for_good_does_not_keep_the_others_from_their_mail(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    box.answer = "550 no such box"
    folder = served(tmp_path / "office", server)
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "dk.yaml", registration("CATP", activities=[]), "CATP")
        serve_once(worker, NOW)
        box.answer = "250 OK"
        drop(folder, "dk2.yaml", registration("CATP", activities=[], headcount=25), "CATP")
        serve_once(worker, NOW)
        (refused,) = (one for one in workspace.ledger.remarks((mailing.SENT,)) if "refused" in one.detail)
    assert "550" in str(refused.detail["refused"])
    assert [one["Subject"] for one in box.taken] == ["[vanthu] Trả lại: dk2.yaml (#2)"]


def test_the_clerk_is_told_of_what_is_held_and_of_a_file_that_is_not_taken_without_its_name(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    folder = served(tmp_path / "office", server)
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "Kế hoạch bí mật.zip", b"PK\x03\x04" + bytes(40) + b"PK\x05\x06" + bytes(18), "CATP")
        serve_once(worker, NOW)
    (told,) = box.taken
    assert {UNIT, CLERK} == set(str(told["To"]).split(", "))
    assert "sự cố số" in str(told["Subject"])
    assert "Kế hoạch" not in str(told["Subject"]) + text_of(told)


def test_an_inbox_that_is_away_is_told_to_the_clerk_after_a_while_whatever_the_clock_says(
    tmp_path: Path, server: Controller, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    with opened(served(tmp_path / "office", server), clock) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        absence = Absence(workspace.ledger)
        absence.begin()
        absence.begin()
        clock.now += dt.timedelta(days=1)
        worker.settle()
        assert not box.taken
        monkeypatch.setattr(mailing, "_AWAY_SECONDS", 0.0)
        clock.now -= dt.timedelta(days=400)
        worker.settle()
        worker.settle()
    (told,) = box.taken
    assert (told["To"], told["Subject"]) == (CLERK, "[vanthu] Không vào được thư mục nhận")


def test_an_inbox_that_is_back_already_is_no_news(
    tmp_path: Path, server: Controller, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_AWAY_SECONDS", 0.0)
    with opened(served(tmp_path / "office", server)) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        absence = Absence(workspace.ledger)
        absence.begin()
        absence.end()
        worker.settle()
    assert not box.taken


def test_a_fault_in_a_mail_stops_no_document(
    tmp_path: Path, server: Controller, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(mailing, "letter_of", fails)
    folder = served(tmp_path / "office", server)
    assert return_a_form(folder).state is State.RETURNED
    assert not box.taken


def test_of_those_who_did_not_ask_nothing_is_recorded(tmp_path: Path, server: Controller, box: Box) -> None:
    folder = served(tmp_path / "office", server)
    with opened(folder) as workspace:
        worker = Worker(workspace)
        serve_once(worker, NOW)
        drop(folder, "knh.yaml", registration("KNH", activities=[]), "KNH")
        serve_once(worker, NOW)
        assert workspace.ledger.remarks((mailing.SENT,)) == []
    assert not box.taken


def test_a_program_may_take_the_mails(tmp_path: Path) -> None:
    kept = tmp_path / "kept.eml"
    script = tmp_path / "sendmail.py"
    script.write_text(f"import sys; open({str(kept)!r}, 'wb').write(sys.stdin.buffer.read())", encoding="utf-8")
    folder = office(tmp_path / "office", command=f"{sys.executable} {script}")
    return_a_form(folder)
    read = email.message_from_bytes(kept.read_bytes(), policy=email.policy.default)
    assert read["Subject"] == "[vanthu] Trả lại: dk.yaml (#1)"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file; it is its own root."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(HERE)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "mail.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_server_that_asks_for_a_password_gets_the_one_in_its_file_under_tls_and_it_is_shown_nowhere(
    tmp_path: Path,
    box: Box,
    certificate: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given: list[bytes] = []

    def known(_server: SMTP, _session: Session, _envelope: Envelope, _way: str, said: LoginPassword) -> AuthResult:
        given.append(said.password)
        return AuthResult(success=said.password == b"mat khau")

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    port = free_port()
    asked: dict[str, Any] = {
        "authenticator": known,
        "auth_required": True,
        "require_starttls": True,
        "tls_context": tls,
    }
    controller = Controller(box, hostname="127.0.0.1", port=port, **asked)
    controller.start()
    try:
        secret = {"password_file": "mat-khau.txt"}
        folder = office(tmp_path / "office", server=f"smtp://vanthu@127.0.0.1:{port}", **secret)
        (folder / "mat-khau.txt").write_text("mat khau\n", encoding="utf-8")
        return_a_form(folder)
    finally:
        controller.stop()
    assert (given, len(box.taken)) == ([b"mat khau"], 1)
    run("-C", str(folder), "config", "show")
    assert "mat khau" not in capsys.readouterr().out


def test_to_a_server_without_tls_nothing_is_sent_unless_the_setting_says_so(
    tmp_path: Path, server: Controller, box: Box
) -> None:
    folder = office(tmp_path / "office", server=f"smtp://127.0.0.1:{server.port}")
    return_a_form(folder)
    assert (box.tries, box.taken) == (0, [])


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        ({"server": "mail.example.vn"}, "mail.server"),
        ({"server": "smtp://user:secret@mail.example.vn"}, "mail.server"),
        ({"server": "smtp://mail.example.vn", "sender": ""}, "mail.sender"),
        ({"server": "smtp://mail.example.vn", "clerk": "Văn thư <a@example.vn>"}, "mail.clerk"),
        ({"server": "smtp://mail.example.vn", "password_file": "nowhere"}, "mail.password_file"),
    ],
)
def test_a_setting_that_cannot_be_is_told_before_anything_is_taken(
    tmp_path: Path, mail: dict[str, str], said: str
) -> None:
    with pytest.raises(ConfigError, match=said), opened(office(tmp_path / "office", **mail)):
        pass
