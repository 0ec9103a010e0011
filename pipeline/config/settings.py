"""The settings of a working folder: frozen sections; each key has its type, its bounds, its default, its sentence."""

import re
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, PrivateAttr
from pydantic_core import PydanticCustomError

from pipeline.config.object_store import ObjectStoreSettings
from pipeline.config.section import Folder, OptionalPath, Section, root_in
from pipeline.config.sign_in import OidcSettings
from pipeline.messages import languages, tr
from pipeline.model import JsonObject

PREFIX: Final = "VANTHU_"
SEPARATOR: Final = "__"  #: between section and key in the name of an environment variable

# Others lack RETURNING or partial unique indexes, on which "one number, once" and "one accepted job" rest.
DATABASES: Final = ("sqlite:///", "postgresql://", "postgresql+psycopg://")


def _one_part(name: str) -> str:
    """Accept the name of a subfolder, no path: what is published lies in the outbox and nowhere else."""
    # with a dot it would be hidden from people, and passed over where it lies in the inbox
    if not name or name.startswith(".") or set(name) & set("/\\"):
        raise ValueError(tr("it must be the name of one subfolder, without “/” and not beginning with a dot"))
    return name


def _known_database(url: str) -> str:
    """Accept a database that the migrations are written for."""
    if url and not url.startswith(DATABASES):
        raise ValueError(tr("it must begin with one of {known}", known=", ".join(DATABASES)))
    return url


def spoken(language: str) -> str:
    """A language whose catalogue is there."""
    if language not in languages():
        known = " or ".join(f"'{code}'" for code in languages())
        # as pydantic tells of a Literal, so that both are said with one sentence
        raise PydanticCustomError("literal_error", "unknown language", {"expected": known})
    return language


Language = Annotated[str, AfterValidator(spoken)]
Subfolder = Annotated[str, AfterValidator(_one_part)]


class Folders(Section):
    """The folders people use and the stores; relative paths count from the folder of config.yaml."""

    inbox: Folder = Field(Path("inbox"), description="Units drop forms and signed PDFs here.")
    outbox: Folder = Field(Path("outbox"), description="Answers, documents to sign and the register are put here.")
    archive: Folder = Field(Path("archive"), description="Signed originals with their sidecars; written once.")
    anchors: Folder = Field(
        Path("moc-so"),
        description="The signed heads of the register are appended here. Best on another disk or share than var: who "
        "holds them can prove what the archive held.",
    )
    # SQLite's write-ahead log needs memory shared by all its processes: no network file system gives that
    var: Folder = Field(
        Path("var"),
        description="The ledger and the spool; not for people. On a local disk, never on a network share.",
    )
    # bytes alone, each written once under its hash: no lock and no memory is shared
    spool: OptionalPath = Field(
        None,
        description="The spool, where several machines work (vanthu worker): on a share that all of them see. Empty: "
        "in var.",
    )
    templates: Folder = Field(Path("templates"), description="One folder per kind of document.")
    years: Folder = Field(Path("years"), description="One file of facts per emulation year.")
    # the office's word on whom it trusts: nothing is fetched, and nothing of the operating system's is used
    certificates: Folder = Field(
        Path("certificates"),
        description="Root and intermediate certificates, CRLs and OCSP responses that digital signatures are checked "
        "against. Without it no digital signature is trusted.",
    )
    signed: Subfolder = Field("da-ky", description="Subfolder of the inbox for signed papers (any place works).")
    incoming: Subfolder = Field(
        "van-ban-den", description="Subfolder of the inbox for papers of others that are to be entered as incoming."
    )
    outgoing: Subfolder = Field(
        "van-ban-di", description="Subfolder of the inbox for outgoing papers that were not made by this program."
    )
    awaiting: Subfolder = Field("cho-ky", description="Subfolder of the outbox: documents waiting for signature.")
    clerk: Subfolder = Field(
        "van-thu",
        description="Subfolder of the outbox: answers to the cluster's own clerk; of the inbox: the clerk's orders.",
    )
    issued: Subfolder = Field(
        "da-ban-hanh", description="Subfolder of each unit's folder in the outbox: copies of issued documents."
    )
    register_book: Subfolder = Field(
        "so-dang-ky", description="Subfolder of the outbox: the volumes of the register."
    )


class Office(Section):
    """The office's choices where the official texts leave one."""

    symbol: str = Field("", max_length=20, description="Symbol of the issuer on documents; empty: the year's (CTĐ4).")
    timezone: str = Field(
        "Asia/Ho_Chi_Minh", description="Time zone of dates and times, for people and in documents."
    )
    contact: str = Field("", max_length=200, description="Whom to ask, printed on answers to units.")
    # noi-dung I07: a plan in a unit's folder is the unit's word, unless that unit may speak for the cluster
    speaks_for_cluster: str = Field(
        "",
        max_length=200,
        description="Codes of units (with commas) in whose folders the cluster's own documents may be dropped, too.",
    )
    # HD36 was in force until HD05: a document takes the form of its own date, also when it is entered later
    form_profile: str = Field(
        "auto",
        pattern="^[a-z0-9-]+$",
        description="Form of outgoing documents; auto: by kind and by the document's own date; else the name of a "
        "profile (dang-hd36, dang-hd05, nd30).",
    )
    # HD05 gives “kiêm” for bodies without a seal of their own (the-thuc 2.9); some offices keep to T/M
    signature_style: Literal["kiem", "tm"] = Field(
        "kiem", description="Signature block of a cluster without a seal: “kiêm” or “T/M”."
    )


class Proof(Section):
    """How the register's heads are witnessed."""

    time_stamp_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        max_length=500,
        description="A service of time stamps (RFC 3161) for the signed heads of the register; empty: none. Nothing "
        "waits for it.",
    )


class Watching(Section):
    """How the inbox is watched."""

    # events are lost, and a share sends none: this look is what nothing escapes (decision 0003)
    scan_seconds: float = Field(5, ge=0.2, le=3600, description="A full look at the inbox every so many seconds.")
    # Windows Explorer makes a file at its full size before it copies the bytes: at rest is not yet whole
    quiet_seconds: float = Field(
        2, ge=0, le=600, description="A file is taken after it has not changed for so long; 10–15 on a network share."
    )
    # the limit of noi-dung.md I03
    largest_megabytes: int = Field(25, ge=1, le=100, description="Larger forms are refused (1 MB = 1,000,000 bytes).")
    # a page of A4 in colour at 300 dpi without loss has up to 26 MB; at 140 MB the guarded reader ran out of memory
    largest_paper_megabytes: int = Field(
        100, ge=1, le=100, description="Larger PDF files and pictures are refused; a scan may have many pages."
    )
    events: bool = Field(
        True, description="Look at once when the file system reports a change; a network share reports none."
    )


class Limits(Section):
    """What the guarded reader of foreign files may use before it is stopped."""

    # the defaults were measured on real forms and on a collection of files built to harm
    memory_megabytes: int = Field(
        1024, ge=256, le=65536, description="Memory of the guarded reader (1 MB = 2^20 bytes)."
    )
    wall_seconds: float = Field(30, ge=1, le=3600, description="Time by the clock for a file, more for a large one.")
    cpu_seconds: int = Field(20, ge=1, le=3600, description="Computing time for a file, more for a large one.")


class RenditionSettings(Section):
    """The PDF beside each Word document."""

    # the Word file can be printed as well; without the PDF a count of pages cannot be compared (A04)
    pdf: Literal["auto", "on", "off"] = Field(
        "auto", description="auto: where LibreOffice is installed; on: its absence is an error; off: Word only."
    )
    # each has a profile of its own: two conversions on one profile fail (docs/decisions/0007)
    workers: int = Field(
        0,
        ge=0,
        le=64,
        description="How many jobs are worked on side by side, each with a LibreOffice; 0: as many as cores.",
    )
    # LibreOffice takes more than its share on long tables: 2,000 rows were measured at 24 s
    wall_seconds: float = Field(120, ge=5, le=3600, description="Time by the clock for one document.")


class Database(Section):
    """Where the ledger is kept."""

    url: Annotated[str, AfterValidator(_known_database)] = Field(
        "", description="SQLAlchemy URL of a PostgreSQL or SQLite database; empty: `vanthu.sqlite` in the var folder."
    )


class Numbering(Section):
    """How number series run."""

    # HD05 II.3.1.1: 01 per type and term of the Party committee; NĐ30 Điều 15: 01 January to 31 December
    reset: Literal["auto", "term", "calendar-year", "emulation-year"] = Field(
        "auto",
        description="When numbers begin again at 01: auto as the official form of the document says (party term by "
        "HD05, calendar year by NĐ 30), or always with the party term, the calendar year, the emulation year.",
    )
    # NĐ30 Điều 15: the head of the agency decides whether types have a run each; HD05 II.3.1.1: each type its own
    outgoing: Literal["each-type", "all-types"] = Field(
        "each-type", description="Whether each type of outgoing documents has a run of numbers, or all have one."
    )


class Scans(Section):
    """What is required of scanned papers."""

    # NĐ30 Phụ lục I and TT 05/2025/TT-BNV; HD40-HD/VPTW, whose tool refuses what is packed with loss
    standard: Literal["custom", "party", "state"] = Field(
        "custom",
        description="party (HD40): 300 dpi, 600 below A4, packed without loss; state (NĐ30): 200 dpi; custom: "
        "`min_dpi` and `wanted_dpi` alone. Of standard and figures the stricter counts; what a scan lacks is a "
        "warning.",
    )
    min_dpi: int = Field(200, ge=72, le=1200, description="Scans below this many dots per inch get a warning.")
    wanted_dpi: int = Field(300, ge=72, le=1200, description="What the advice to scan again names.")
    # a copy is derived and lies beside the paper: what came back is never written into
    text: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Copies of scans in which words can be searched; auto: where tesseract with Vietnamese is "
        "installed; on: its absence is an error; off: none.",
    )
    # the-thuc.md §9.3: marks are looked for on this machine, in memory; signed papers are scans, and must come in
    secrecy: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Marks of secrecy on scans, photos and pictures in Word and Excel files; auto: read where "
        "tesseract with Vietnamese is installed, else let in, and said; on: what cannot be read is not let in; off: "
        "not looked for.",
    )
    text_seconds: float = Field(60, ge=5, le=240, description="Time by the clock for reading one scanned page.")


class MailSettings(Section):
    """Mails that tell people to look into their folders: none, unless a server or a command is named."""

    server: str = Field(
        "",
        description="Mail server: smtp://user@host:587 (STARTTLS), smtps://user@host:465, or smtp+plain://host:25 "
        "where the network is trusted.",
    )
    # no password in a file that is shown, copied and sent to whoever helps
    password_file: OptionalPath = Field(
        None, description="File with the password of the mail server, which nobody else may read."
    )

    command: str = Field(
        "", description="Instead of a server, a program that reads each mail: /usr/sbin/sendmail -t -i."
    )
    sender: str = Field("", description="Address that mails are from.")
    clerk: str = Field("", description="Addresses (with commas) of the cluster's clerk; units: in the year's file.")


class WebSettings(Section):
    """The office in the browser as others reach it."""

    address: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#@]+(/[^\s?#@]*[^\s?#@/])?)?$",
        max_length=200,
        description="Where people reach it: https://van-thu.example.vn. Answers and mails then carry a link to their "
        "document, which needs no account. Empty: no links.",
    )
    link_days: int = Field(30, ge=1, le=366, description="A link is good for so many days.")
    # who may set it is who: from any other address it is not looked at
    proxy_user_header: str = Field(
        "",
        pattern="^[A-Za-z][A-Za-z0-9-]*$|^$",
        max_length=60,
        description="Header in which a web server before it says who has come in there (X-Remote-User): the name of "
        "an account. Empty: people come in by their passwords.",
    )
    proxy_addresses: str = Field(
        "127.0.0.1",
        max_length=500,
        description="Addresses (with commas) of that web server; from all others the header is not looked at.",
    )


class Config(Section):
    """A working folder's settings."""

    _root: Path = PrivateAttr(default=Path())

    language: Language = Field("vi", description="Language of answers and of the command line.")
    year: int = Field(ge=2000, le=2999, description="The current emulation year: years/<year>.yaml.")
    # an empty mapping, validated: so defaults pass through the same validators as written values (absolute folders)
    folders: Folders = Field(default_factory=dict, validate_default=True)
    office: Office = Field(default_factory=dict, validate_default=True)
    proof: Proof = Field(default_factory=dict, validate_default=True)
    watching: Watching = Field(default_factory=dict, validate_default=True)
    limits: Limits = Field(default_factory=dict, validate_default=True)
    rendition: RenditionSettings = Field(default_factory=dict, validate_default=True)
    database: Database = Field(default_factory=dict, validate_default=True)
    object_store: ObjectStoreSettings = Field(default_factory=dict, validate_default=True)
    numbering: Numbering = Field(default_factory=dict, validate_default=True)
    scans: Scans = Field(default_factory=dict, validate_default=True)
    mail: MailSettings = Field(default_factory=dict, validate_default=True)
    web: WebSettings = Field(default_factory=dict, validate_default=True)
    oidc: OidcSettings = Field(default_factory=dict, validate_default=True)

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401 - pydantic's signature
        """Remember the folder the settings belong to."""
        self._root = root_in(context)

    @property
    def root(self) -> Path:
        """The folder of config.yaml."""
        return self._root

    @property
    def spool(self) -> Path:
        """Where the spool lies."""
        return self.folders.spool or self.folders.var / "spool"

    @property
    def year_file(self) -> Path:
        """The file of the current year."""
        return self.folders.years / f"{self.year}.yaml"

    @property
    def database_url(self) -> str:
        """The ledger's database, the default filled in and a relative SQLite path counted from the working folder."""
        if not self.database.url:
            return f"sqlite:///{self.folders.var / 'vanthu.sqlite'}"
        if (path := self.database.url.removeprefix("sqlite:///")) != self.database.url:
            return f"sqlite:///{self._root / path}"
        return self.database.url

    def as_values(self) -> JsonObject:
        """Give every key with its value, for showing: a password in the database's URL is masked."""
        values: JsonObject = self.model_dump(mode="json")
        # shown on screens and pasted into e-mails: no password in it
        values["database"] = {"url": re.sub(r"(://[^:/@]*):[^@/]*@", r"\1:***@", self.database_url)}
        return values
