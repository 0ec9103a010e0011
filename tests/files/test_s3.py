"""A bucket that is away, slow, closed to us, or changes what is sent: one sentence, and nothing is believed."""

import datetime as dt
import ipaddress
import socket
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pipeline.errors import ConfigError, HashMismatch, MissingToolError, UnsafeSetupError
from pipeline.files import s3
from pipeline.files.object_store import NoSuchObject
from pipeline.files.s3 import Access, ObjectStoreAway
from pipeline.files.writing import CannotWrite
from tests.relay import relay
from tests.seaweed import KEY_ID, SECRET, Seaweed

pytestmark = pytest.mark.usefixtures("in_english")

ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
URL = "s3://van-thu/kho"


def at(endpoint: str, seconds: float = 20) -> s3.S3Objects:
    return s3.opened(URL, Access(endpoint, seconds=seconds), ENVIRONMENT)


def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


CALLS: dict[str, Callable[[s3.S3Objects], object]] = {
    "create": lambda store: store.create("a", b"x"),
    "read": lambda store: store.read("a"),
    "look": lambda store: store.look("a"),
    "names": lambda store: store.names(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_store_where_nobody_answers_is_told_with_its_remedy(call: Callable[[s3.S3Objects], object]) -> None:
    with pytest.raises(CannotWrite, match=f"{URL} is away .nobody answers there.*config.yaml") as told:
        call(at(nobody()))
    assert isinstance(told.value, ObjectStoreAway)


@pytest.mark.slow
def test_a_store_that_does_not_answer_in_time_is_away() -> None:
    begun = time.monotonic()
    with relay(0) as silent, pytest.raises(ObjectStoreAway, match="did not answer in time"):
        at(silent.endpoint, seconds=1).read("a")
    assert time.monotonic() - begun < 10


@pytest.mark.slow
def test_a_connection_that_breaks_off_in_the_middle_is_the_same_trouble_every_time(seaweed: Seaweed) -> None:
    url = seaweed.new_url()
    seaweed.opened(url).create("a", b"x" * 3_000_000)
    with relay(seaweed.port, broken_after=100_000) as breaking:
        store = s3.opened(url, Access(breaking.endpoint, seconds=5), seaweed.environment)
        told = set()
        for call in (store.read, lambda name: list(store.pieces(name)), store.read):
            with pytest.raises(ObjectStoreAway) as trouble:
                call("a")
            told.add(str(trouble.value))
    # before anything came back it is told with the time that it took, which is another one every time
    with relay(seaweed.port, back=lambda _: b"", broken_after=1) as breaking:
        store = s3.opened(url, Access(breaking.endpoint, seconds=5), seaweed.environment)
        for _ in range(2):
            with pytest.raises(ObjectStoreAway) as trouble:
                store.create("b", b"x")
            told.add(str(trouble.value))
    assert len(told) == 1
    assert seaweed.opened(url).read("a") == b"x" * 3_000_000


@pytest.mark.slow
@pytest.mark.parametrize("changed", [{"AWS_SECRET_ACCESS_KEY": "x"}, {"AWS_ACCESS_KEY_ID": "x"}], ids=str)
def test_a_store_that_does_not_let_us_in_says_so(seaweed: Seaweed, changed: dict[str, str]) -> None:
    store = s3.opened(URL, Access(), seaweed.environment | changed)
    for call in CALLS.values():
        with pytest.raises(ObjectStoreAway, match="does not let us in with these credentials"):
            call(store)


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_no_empty_bucket(seaweed: Seaweed) -> None:
    store = s3.opened("s3://khong-co/kho", Access(), seaweed.environment)
    for name in ("read", "names"):
        with pytest.raises(ObjectStoreAway, match="no bucket of this name"):
            CALLS[name](store)


def of_our_own(folder: Path, address: str) -> tuple[Path, ssl.SSLContext]:
    """Certificates of an office: the file of its authority, and what a server shows that has one of it."""
    now, keys = dt.datetime.now(dt.UTC), [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in ("co quan", "kho")]
    made = []
    for number, limits in enumerate((x509.BasicConstraints(True, None), x509.BasicConstraints(False, None))):
        builder = (
            x509.CertificateBuilder().subject_name(names[number]).issuer_name(names[0]).serial_number(number + 1)
        )
        builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        builder = builder.public_key(keys[number].public_key()).add_extension(limits, critical=True)
        if number:
            known = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
            builder = builder.add_extension(known, critical=False)
        made.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "authority.pem").write_bytes(made[0])
    (folder / "server.pem").write_bytes(
        made[1] + keys[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    return folder / "authority.pem", context


@pytest.mark.slow
def test_a_store_is_known_by_a_certificate_of_our_own_and_by_no_other(seaweed: Seaweed, tmp_path: Path) -> None:
    authority, context = of_our_own(tmp_path, "127.0.0.1")
    with relay(seaweed.port, tls=context) as closed:
        ours = seaweed.environment | {"AWS_CA_BUNDLE": str(authority)}
        store = s3.opened(url := seaweed.new_url(), Access(closed.endpoint), ours)
        assert store.create("a", b"x" * 300_000) is True
        assert store.read("a") == seaweed.opened(url).read("a")
        with pytest.raises(ObjectStoreAway, match="AWS_CA_BUNDLE"):
            s3.opened(url, Access(closed.endpoint), seaweed.environment).read("a")
    (tmp_path / "other").mkdir()
    with relay(seaweed.port, tls=of_our_own(tmp_path / "other", "127.0.0.2")[1]) as strange:
        others = seaweed.environment | {"AWS_CA_BUNDLE": str(tmp_path / "other" / "authority.pem")}
        with pytest.raises(ObjectStoreAway, match="AWS_CA_BUNDLE"):
            s3.opened(url, Access(strange.endpoint), others).read("a")
    with pytest.raises(ConfigError, match="AWS_CA_BUNDLE"):
        s3.opened(url, Access(), seaweed.environment | {"AWS_CA_BUNDLE": str(tmp_path / "none")})


@pytest.mark.slow
def test_a_byte_that_is_changed_on_its_way_there_is_not_kept(seaweed: Seaweed) -> None:
    with relay(seaweed.port, there=lambda sent: sent.replace(b"so 12", b"so 13")) as changing:
        store = s3.opened(url := seaweed.new_url(), Access(changing.endpoint), seaweed.environment)
        with pytest.raises(CannotWrite):
            store.create("ab/mot", b"cong van so 12")
        assert changing.connections
    with pytest.raises(NoSuchObject):
        seaweed.opened(url).read("ab/mot")


@pytest.mark.slow
def test_a_store_that_keeps_something_else_than_it_was_given_is_found_when_it_is_read_back(seaweed: Seaweed) -> None:
    with relay(seaweed.port, back=lambda sent: sent.replace(b"so 12", b"so 13")) as changing:
        store = s3.opened(seaweed.new_url(), Access(changing.endpoint), seaweed.environment)
        with pytest.raises(HashMismatch):
            store.create("ab/mot", b"cong van so 12")


def credentials(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "khoa-kho"
    file.write_text(text)
    file.chmod(mode)
    return file


LINES = f"[default]\naws_access_key_id = {KEY_ID}\naws_secret_access_key = {SECRET}\n"


@pytest.mark.slow
def test_credentials_may_lie_in_a_file(seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": nobody()}).items():
        monkeypatch.setenv(name, value)  # where the library itself would look
    file = credentials(tmp_path, LINES)
    for access, environment in (
        (Access(seaweed.endpoint, credentials_file=file), {}),
        (Access(seaweed.endpoint), {"AWS_SHARED_CREDENTIALS_FILE": str(file)}),
        # what config.yaml says counts: the environment may be meant for other programs
        (Access(seaweed.endpoint, credentials_file=file), ENVIRONMENT | {"AWS_ENDPOINT_URL_S3": nobody()}),
    ):
        assert s3.opened(seaweed.new_url(), access, environment).create("a", b"x") is True


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_credentials_that_others_may_read_are_refused(tmp_path: Path, mode: int) -> None:
    file = credentials(tmp_path, LINES, mode)
    with pytest.raises(UnsafeSetupError, match="chmod 600"):
        s3.opened(URL, Access(credentials_file=file), {})


@pytest.mark.parametrize(
    "text", ["", SECRET, f"[default]\naws_secret_access_key = {SECRET}\n", f"[default]\n{SECRET}\n"], ids=range(4)
)
def test_a_file_without_credentials_is_told_and_nothing_of_it_shown(tmp_path: Path, text: str) -> None:
    file = credentials(tmp_path, text)
    with pytest.raises(ConfigError, match="aws_access_key_id") as told:
        s3.opened(URL, Access(credentials_file=file), {})
    assert SECRET not in str(told.value)
    assert told.value.__cause__ is None


def test_without_credentials_nothing_is_tried() -> None:
    with pytest.raises(ConfigError, match="AWS_ACCESS_KEY_ID"):
        s3.opened(URL, Access(), {})


@pytest.mark.parametrize("url", ["s3://", "s3:///kho", "s3://ai:mat-khau@kho/x", "gs://kho/x", "s3://kho/x?y=1"])
def test_what_names_no_bucket_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="names no bucket"):
        s3.opened(url, Access(), ENVIRONMENT)


def test_without_obstore_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("obstore", "obstore.store"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingToolError, match=r"vanthu\[s3\]"):
        s3.opened(URL, Access(), ENVIRONMENT)
