"""What a working folder is set to, as faces and the workspace need it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import config as configuration
from pipeline import papers
from pipeline.app.identity.registration import Registration
from pipeline.config import Config
from pipeline.errors import ConfigError, OperatorError
from pipeline.files.s3 import Access
from pipeline.intake import SizeLimits
from pipeline.layout import all_profiles
from pipeline.messages import tr
from pipeline.model import JsonObject
from pipeline.practice import Folders, Practice

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Settings:
    """What a working folder is set to, as far as a face needs it; the rest is for `open_workspace` alone.

    `values` are all keys with their values, for showing; `workers` says how many jobs are advanced side by side;
    `config` is the whole, for those who open the workspace.
    """

    root: Path
    year: int
    year_file: Path
    language: str
    folders: Folders
    practice: Practice
    workers: int
    scan_seconds: float
    quiet_seconds: float
    uses_events: bool
    makes_pdf: str
    reads_scans: str
    values: JsonObject
    config: Config

    @property
    def access(self) -> Access:
        """How object stores are reached."""
        said = self.config.object_store
        return Access(said.endpoint, said.region, said.credentials_file, said.seconds)

    @property
    def spool_url(self) -> str:
        """The object store that keeps the spool; "" where a folder does."""
        return self.config.object_store.spool

    @property
    def proxy(self) -> tuple[str, frozenset[str]]:
        """The header in which a web server says who has come in ("" for none), and from which addresses it may."""
        said = self.config.web
        return said.proxy_user_header.lower(), frozenset(re.findall(r"[^\s,;]+", said.proxy_addresses))

    @property
    def registration(self) -> Registration | None:
        """As what the office is known to an identity provider; None without one. Raises ConfigError."""
        said, address = self.config.oidc, self.config.web.address
        if not said.issuer:
            return None
        for key, value in (("oidc.client_id", said.client_id), ("web.address", address)):
            if not value:
                raise ConfigError(tr("config.yaml: “oidc.issuer” needs “{key}”, which is empty.", key=key))
        file = said.client_secret_file
        try:
            secret = file.read_text("utf-8").strip() if file is not None else ""
        except (OSError, UnicodeError) as trouble:
            why = getattr(trouble, "strerror", None) or str(trouble)
            raise ConfigError(
                tr("config.yaml: “oidc.client_secret_file” cannot be read: {why}", why=why)
            ) from trouble
        return Registration(said.issuer, said.client_id, address, secret, said.claim, said.domain, said.title)

    @property
    def database_url(self) -> str:
        """Where the ledger is kept; it may hold a password, and is never shown."""
        return self.config.database_url


def find_root(start: Path) -> Path:
    """Find the working folder `start` lies in. Raises ConfigError when there is none."""
    # upwards, as git looks for its folder: commands work from any folder below
    for folder in (start, *start.parents):
        if (folder / configuration.FILE_NAME).is_file():
            return folder
    raise ConfigError(
        tr(
            "There is no {file} in {here} or above. Go to a working folder, or make one with `vanthu init DIR`.",
            file=configuration.FILE_NAME,
            here=str(start),
        )
    )


def read_settings(root: Path, environment: Mapping[str, str]) -> Settings:
    """Read what a working folder is set to. Raises ConfigError, UnsafeSetupError."""
    config = configuration.load(root, environment)
    return Settings(
        root=root,
        year=config.year,
        year_file=config.year_file,
        language=config.language,
        folders=_folders(config),
        practice=_practice(config),
        workers=config.rendition.workers or len(os.sched_getaffinity(0)),
        scan_seconds=config.watching.scan_seconds,
        quiet_seconds=config.watching.quiet_seconds,
        uses_events=config.watching.events,
        makes_pdf=config.rendition.pdf,
        reads_scans=config.scans.text,
        values=config.as_values(),
        config=config,
    )


def _folders(config: Config) -> Folders:
    named = config.folders
    return Folders(
        inbox=named.inbox,
        outbox=named.outbox,
        archive=named.archive,
        anchors=named.anchors,
        var=named.var,
        spool=config.spool,
        templates=named.templates,
        years=named.years,
        certificates=named.certificates,
        signed=named.signed,
        incoming=named.incoming,
        outgoing=named.outgoing,
        awaiting=named.awaiting,
        register=named.register_book,
        clerk=named.clerk,
        issued=named.issued,
    )


def _practice(config: Config) -> Practice:
    forced = config.office.form_profile
    if forced != "auto" and forced not in all_profiles():
        known = ", ".join(all_profiles())
        raise OperatorError(
            tr("There is no form profile “{profile}”; known are {known}.", profile=forced, known=known)
        )
    return Practice(
        year=config.year,
        language=config.language,
        number_reset=config.numbering.reset,
        has_one_outgoing_run=config.numbering.outgoing == "all-types",
        forced_profile="" if forced == "auto" else forced,
        signature_style=config.office.signature_style,
        symbol=config.office.symbol,
        contact=config.office.contact,
        speaks_for_cluster=frozenset(re.findall(r"[^\s,;]+", config.office.speaks_for_cluster)),
        limits=SizeLimits(
            config.watching.largest_megabytes * MEGABYTE, config.watching.largest_paper_megabytes * MEGABYTE
        ),
        scan_standard=papers.scan_standard(config.scans.standard, config.scans.min_dpi, config.scans.wanted_dpi),
        makes_text=config.scans.text != "off",
        time_stamp_url=config.proof.time_stamp_url,
        web_address=config.web.address,
        link_days=config.web.link_days,
    )
