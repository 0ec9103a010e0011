"""A bucket of an S3-compatible store, by URL: s3://bucket/prefix (library obstore, an extra).

What is put bears `If-None-Match: *`, so that nothing is written over, whoever else puts; its SHA-256 goes with it,
which good stores verify; and it is read back, because not all do.
"""

import configparser
import contextlib
import datetime as dt
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pipeline.errors import ConfigError, HashMismatch, MissingToolError, UnsafeSetupError
from pipeline.files.identity import FolderAway
from pipeline.files.object_store import PIECE_BYTES, NoSuchObject, Seen
from pipeline.messages import tr

if TYPE_CHECKING:
    import obstore.store
    from obstore.store import ClientConfig, RetryConfig, S3Config

SCHEME: Final = "s3://"
#: A store that does not even take a connection for so long is away.
_CONNECT_SECONDS: Final = 5
#: What failed on its way is tried again so often; afterwards the work waits, as for a share.
_RETRIES: Final = 2
_KEY_ID: Final = "aws_access_key_id"
_SECRET: Final = "aws_secret_access_key"  # noqa: S105 - the name of a key in a file
_TOKEN: Final = "aws_session_token"  # noqa: S105 - the name of a key in a file


_NO_BUCKET: Final = "NoSuchBucket"
#: What stores answer to wrong or insufficient credentials; to a question about one object alone they give a number.
_CLOSED: Final = frozenset(
    {"AccessDenied", "ExpiredToken", "InvalidAccessKeyId", "InvalidToken", "SignatureDoesNotMatch", "401", "403"}
)


class ObjectStoreAway(FolderAway):
    """An object store does not answer, or does not let us in."""


@dataclass(frozen=True)
class Access:
    """How an object store is reached; what is left empty the environment says, by the names that all programs use.

    `seconds` is how long one object may take.
    """

    endpoint: str = ""
    region: str = ""
    credentials_file: Path | None = None
    seconds: float = 60


@dataclass(frozen=True)
class _Credentials:
    key_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class S3Objects:
    """A prefix of a bucket as an object store."""

    where: str
    _store: "obstore.store.S3Store" = field(repr=False)

    def make(self) -> None:
        """Nothing is to be made: a bucket is made by whoever runs the store."""

    def create(self, name: str, content: bytes) -> bool:
        """Put an object unless its name is taken, and read back what is there now."""
        import obstore
        from obstore.exceptions import AlreadyExistsError

        is_new = True
        with self._telling(name):
            try:
                obstore.put(self._store, name, content, mode="create", use_multipart=False)
            except AlreadyExistsError:
                is_new = False
        try:
            kept = self.read(name)
        except NoSuchObject as trouble:
            raise self._away(tr("what was put there is not there")) from trouble
        if kept != content:
            raise HashMismatch(
                tr(
                    "“{path}” already holds something else than what is to be written. Nothing was replaced: compare "
                    "it with the ledger (`vanthu check`).",
                    path=f"{self.where}/{name}",
                )
            )
        return is_new

    def read(self, name: str) -> bytes:
        """Get an object."""
        import obstore

        with self._telling(name):
            return bytes(obstore.get(self._store, name).bytes())

    def pieces(self, name: str) -> Iterator[bytes]:
        """Get an object piece by piece."""
        import obstore

        with self._telling(name):
            for piece in obstore.get(self._store, name).stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)

    def look(self, name: str) -> Seen | None:
        """Ask for an object's head."""
        import obstore

        try:
            with self._telling(name):
                found = obstore.head(self._store, name)
        except NoSuchObject:
            return None
        return Seen(found["size"], found["last_modified"].timestamp())

    def names(self, below: str = "") -> list[str]:
        """List a prefix."""
        import obstore

        with self._telling(below):
            listed = obstore.list(self._store, prefix=below or None)
            return sorted(one["path"] for batch in listed for one in batch)

    def alone(self) -> contextlib.AbstractContextManager[None]:
        """No bucket knows a lock: what is put with `create` needs none."""
        return contextlib.nullcontext()

    @contextlib.contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        """Turn what the library raises into a sentence that names the store."""
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError as trouble:
            if _code(trouble) == _NO_BUCKET:
                raise self._away(_reason(trouble)) from trouble
            raise NoSuchObject(name) from trouble
        except (BaseError, OSError) as trouble:
            raise self._away(_reason(trouble)) from trouble

    def _away(self, reason: str) -> ObjectStoreAway:
        return ObjectStoreAway(
            tr(
                "The object store {url} is away ({reason}): nothing is read or written there. Bring it back, or mend "
                "object_store in config.yaml; the work goes on by itself then.",
                url=self.where,
                reason=reason,
            ),
            self.where,
        )


def opened(url: str, access: Access, environment: Mapping[str, str]) -> S3Objects:
    """Open a bucket; nothing is asked of it yet.

    Raises ConfigError for what is no URL of one and without credentials, UnsafeSetupError when others may read them,
    MissingToolError without obstore.
    """
    parts = urlsplit(url)
    if not url.startswith(SCHEME) or not parts.netloc or parts.query or "@" in parts.netloc:
        raise ConfigError(tr("“{url}” names no bucket, as s3://bucket/prefix does.", url=url))
    try:
        from obstore.store import S3Store
    except ImportError as trouble:
        raise MissingToolError(
            tr("Object stores need obstore, which is not installed: pip install 'vanthu[s3]'")
        ) from trouble
    known = _credentials(access, environment)
    endpoint = access.endpoint or environment.get("AWS_ENDPOINT_URL_S3") or environment.get("AWS_ENDPOINT_URL", "")
    region = access.region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "us-east-1")
    config: S3Config = {
        "region": region,
        "access_key_id": known.key_id,
        "secret_access_key": known.secret,
        "virtual_hosted_style_request": False,
        "checksum_algorithm": "SHA256",
        "conditional_put": "etag",
    }
    if endpoint:
        # both, for the second would be taken from the environment, where it may mean another store
        config |= {"endpoint": endpoint, "aws_endpoint_url_s3": endpoint}
    if known.token:
        config["session_token"] = known.token
    client: ClientConfig = {
        # who writes http:// says that the network is trusted
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": dt.timedelta(seconds=_CONNECT_SECONDS),
        "timeout": dt.timedelta(seconds=access.seconds),
    }
    if file := environment.get("AWS_CA_BUNDLE"):
        client["root_certificate"] = _certificates(file)
    retry: RetryConfig = {"max_retries": _RETRIES, "retry_timeout": dt.timedelta(seconds=access.seconds)}
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options=client,
        retry_config=retry,
    )
    return S3Objects(url.rstrip("/"), store)


def _certificates(file: str) -> bytes:
    """The certificates that a store of one's own is known by, beside those of the system."""
    try:
        return Path(file).read_bytes()
    except OSError as trouble:
        raise ConfigError(tr("The certificates {file} (AWS_CA_BUNDLE) cannot be read.", file=file)) from trouble


def _credentials(access: Access, environment: Mapping[str, str]) -> _Credentials:
    """Find the credentials: the file that is named, else the environment, else the file that it names."""
    key_id, secret = environment.get(_KEY_ID.upper(), ""), environment.get(_SECRET.upper(), "")
    if access.credentials_file is None and key_id and secret:
        return _Credentials(key_id, secret, environment.get(_TOKEN.upper(), ""))
    named = environment.get("AWS_SHARED_CREDENTIALS_FILE", "")
    file = access.credentials_file or (Path(named) if named else None)
    if file is None:
        raise ConfigError(
            tr(
                "The object store has no credentials: name a file with them in config.yaml "
                "(object_store.credentials_file), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
            )
        )
    return _credentials_in(file)


def _credentials_in(file: Path) -> _Credentials:
    """Read a file of credentials as all programs for S3 write it; its section `default`, else the first."""
    said = configparser.ConfigParser(interpolation=None)
    try:
        # who reads it can take every paper of the office away
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UnsafeSetupError(
                tr("Others may read the credentials of the object store: chmod 600 {file}", file=str(file))
            )
        said.read_string(file.read_text("utf-8"))
        section = said["default"] if "default" in said else said[said.sections()[0]]
        return _Credentials(section[_KEY_ID], section[_SECRET], section.get(_TOKEN, ""))
    except (OSError, ValueError, configparser.Error, LookupError) as trouble:
        # never what is in it
        why = trouble.strerror or "" if isinstance(trouble, OSError) else type(trouble).__name__
        raise ConfigError(
            tr(
                "{file} is no file of credentials ({why}). It has a line [default], and below it "
                "aws_access_key_id = … and aws_secret_access_key = ….",
                file=str(file),
                why=why,
            )
        ) from None


def _code(trouble: Exception) -> str:
    """Give what the store calls its answer, "" where it gave none."""
    said = str(trouble)
    found = re.search(r"<Code>([A-Za-z]{1,60})</Code>", said) or re.search(r"\b([45]\d\d) [A-Z]", said)
    return found[1] if found else ""


def _reason(trouble: Exception) -> str:
    """Say in the office's words what people can do something about; the rest as the store names it."""
    said, code = str(trouble), _code(trouble)
    if code == _NO_BUCKET:
        return tr("it has no bucket of this name")
    if code in _CLOSED:
        return tr("it does not let us in with these credentials: {code}", code=code)
    if "TimedOut" in said or "kind: Timeout" in said:
        return tr("it did not answer in time")
    # also a connection that did not come about, for the library
    if "InvalidCertificate" in said:
        return tr("its certificate is not trusted, or not its own; AWS_CA_BUNDLE names certificates of your own")
    if "kind: Connect" in said:
        return tr("nobody answers there")
    # never with the time it took: what is told is compared, so that it is told once
    return code or (tr("the connection broke off") if "HTTP error" in said else type(trouble).__name__)
