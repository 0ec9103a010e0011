"""The settings of an object store: where it is, and how this machine is let in."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from pipeline.config.section import OptionalPath, Section
from pipeline.messages import tr

#: A bucket as all stores allow it, and a prefix of plain parts.
_BUCKET: Final = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/(?!\.{1,2}(/|$))[A-Za-z0-9._-]+)*/?")


def _bucket(url: str) -> str:
    """Accept a bucket with or without a prefix."""
    if url and not _BUCKET.fullmatch(url):
        raise ValueError(tr("it must name a bucket, as s3://bucket/prefix does"))
    return url.rstrip("/")


def _server(url: str) -> str:
    """Accept the address of a server, without a password in it."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc):
        raise ValueError(tr("it must be the address of a server, as https://s3.example.vn:8333 is"))
    return url.rstrip("/")


class ObjectStoreSettings(Section):
    """An S3-compatible store that many machines share; nothing is kept there unless a bucket is named."""

    spool: Annotated[str, AfterValidator(_bucket)] = Field(
        "",
        description="The spool in an S3-compatible store: s3://bucket/prefix. `var/spool` then holds copies. Empty: "
        "`folders.spool`.",
    )
    archive: Annotated[str, AfterValidator(_bucket)] = Field(
        "",
        description="A copy of the archive in an S3-compatible store, brought up to date after each round of work: "
        "s3://bucket/prefix. Empty: none.",
    )
    endpoint: Annotated[str, AfterValidator(_server)] = Field(
        "",
        description="Address of the store: https://s3.example.vn:8333 (http:// where the network is trusted). Empty: "
        "`AWS_ENDPOINT_URL`, else AWS.",
    )
    region: str = Field("", max_length=40, description="Region of the store. Empty: `AWS_REGION`, else us-east-1.")
    # no password in a file that is shown, copied and sent to whoever helps
    credentials_file: OptionalPath = Field(
        None,
        description="File with `aws_access_key_id` and `aws_secret_access_key`, which nobody else may read. Empty: "
        "the environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, or `AWS_SHARED_CREDENTIALS_FILE`).",
    )
    seconds: int = Field(60, ge=1, le=3600, description="How long one object may take on its way.")
