"""How one office works, as its configuration says: where things lie, what its papers are, who takes its mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import Identity
from pipeline.intake import SizeLimits
from pipeline.layout import all_profiles
from pipeline.papers import ScanStandard
from pipeline.proof.standalone import FOLDER as JOURNAL
from pipeline.tools.mail import Post
from pipeline.years import Year


@dataclass(frozen=True)
class Folders:
    """The folders of one working folder, absolute; the last seven are names within the inbox and the outbox."""

    inbox: Path
    outbox: Path
    archive: Path
    anchors: Path
    var: Path
    spool: Path
    templates: Path
    years: Path
    certificates: Path
    signed: str
    incoming: str
    outgoing: str
    awaiting: str
    register: str
    clerk: str
    issued: str

    @property
    def identities(self) -> Mapping[str, Identity]:
        """What the folders are known by that may lie on a share, by their names in config.yaml."""
        # in the archive beside the journal: all else that lies there is filed, and what is not is told of
        marked = {"inbox": self.inbox, "outbox": self.outbox, "archive": self.archive / JOURNAL}
        if self.is_spool_apart:
            marked["spool"] = self.spool
        return {
            name: Identity(folder, self.var / "folders" / f"{name}.json", self.var) for name, folder in marked.items()
        }

    @property
    def is_spool_apart(self) -> bool:
        """Whether the spool lies outside the store, as it does where several machines share it."""
        return not self.spool.is_relative_to(self.var)

    @property
    def workers(self) -> Path:
        """Where the workers of this machine show that they are there."""
        return self.var / "workers"


@dataclass(frozen=True)
class Practice:
    """The office's settings that steps need, as its configuration says."""

    year: int
    language: str
    #: "auto" where the official form of a document says when its numbers begin again
    number_reset: str
    #: whether all types of outgoing documents are numbered in one run
    has_one_outgoing_run: bool
    forced_profile: str
    signature_style: str
    symbol: str
    contact: str
    #: codes of the units whose folders may hold the cluster's own documents, too
    speaks_for_cluster: frozenset[str]
    limits: SizeLimits
    scan_standard: ScanStandard
    #: whether copies of scans are made in which words can be searched
    makes_text: bool
    #: the service that stamps the register's heads; "" for none
    time_stamp_url: str = ""
    #: where people reach the office in the browser, and how many days a link to a document is good; "" for no links
    web_address: str = ""
    link_days: int = 30

    @property
    def form_family(self) -> str:
        """Whose papers the office writes, those of the Party or of the State."""
        return all_profiles()[self.forced_profile].family if self.forced_profile else "party"

    def words_of(self, year: Year) -> Mapping[str, str]:
        """Give the words that the files of kinds leave to the office, in a year."""
        return year.words(self.form_family)


@dataclass(frozen=True)
class Mail:
    """Whoever takes mails, who they are from, and the addresses of the cluster's clerk."""

    post: Post
    sender: str
    clerk: tuple[str, ...]
