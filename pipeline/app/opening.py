"""Opening a working folder: the workspace with ledger, years, kinds, guarded children.

Whoever stands on `app` (command line, browser, story, benchmarks) gives `pipeline.app.settings.Settings`.
"""

import contextlib
import datetime as dt
import difflib
import functools
import logging
import os
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from pipeline import papers, reading, years
from pipeline.answers import marking
from pipeline.app import obeying, outside_programs, page_pictures
from pipeline.app.kinds_now import KindsNow
from pipeline.app.line import apart_of
from pipeline.app.new_folder import make_store
from pipeline.app.object_stores import copy_of, spool_of
from pipeline.app.office_key import office_key
from pipeline.app.settings import Settings
from pipeline.app.sound_templates import SoundTemplates
from pipeline.app.web_key import web_key
from pipeline.archive.journal import Places, tail_of
from pipeline.archive.standing import refuse_older
from pipeline.config import Config
from pipeline.errors import ConfigError, YearError
from pipeline.files import FolderAway
from pipeline.health.presence import present
from pipeline.kinds import OF_NO_OFFICE
from pipeline.layout import check, mending
from pipeline.ledger import Lease, Ledger
from pipeline.messages import tr
from pipeline.practice import Mail
from pipeline.steps.witnessing import witness
from pipeline.store.trouble import BUSY_SECONDS
from pipeline.tools.guard import Guard, Limits
from pipeline.tools.mail import post_of
from pipeline.tools.soffice import MOST_BY_CLOCK, Converter, Office
from pipeline.workspace import Workspace

log = logging.getLogger(__name__)

MEBIBYTE = 1 << 20
#: An address and nothing else, as the year's file wants them of units.
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
#: How long LibreOffice is waited for until it is ready, and until it has converted a file in an old format.
OFFICE_START_SECONDS = 90
CONVERSION_SECONDS = 30


@contextlib.contextmanager
def open_workspace(
    settings: Settings, *, who: str, works: bool, clock: Callable[[], dt.datetime], mends: bool = False
) -> Iterator[Workspace]:
    """Open everything and close it again; with `mends` also beside an archive that knows more than the ledger.

    Raises ConfigError, YearError, SchemaVersionError, LedgerLost.
    """
    config = settings.config
    # for the whole process: dates on papers are the office's, wherever the machine stands
    os.environ["TZ"] = config.office.timezone
    time.tzset()
    folders = settings.folders
    make_store(folders.var)
    for name, identity in folders.identities.items():
        # what is not there now is waited for: a folder made in its place would be another one
        if not identity.is_known:
            # the spool is no folder for people, wherever it lies
            getattr(folders, name).mkdir(mode=0o700 if name == "spool" else 0o777, parents=True, exist_ok=True)
    # elsewhere it may be a share that is not there now: a folder made in its place would be another one
    if folders.anchors.is_relative_to(settings.root):
        folders.anchors.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        ledger = Ledger.open(config.database_url, clock, who)
        stack.callback(ledger.close)
        places = Places(folders.archive, folders.anchors)
        if not mends:
            refuse_older(ledger.log, places)
        # before anything is recorded: afterwards the new ledger would no longer be empty
        if not mends or not tail_of(places.journal).lines:
            ledger.refuse_lost(folders.archive)
        size = ledger.log.head().size
        # no child is started before it is asked for: a command that only shows costs none
        guard = Guard(
            (
                *(*reading.FUNCTIONS, *papers.GUARDED, *check.FUNCTIONS, *mending.FUNCTIONS, *marking.FUNCTIONS),
                *page_pictures.FUNCTIONS,
            ),
            # one more looks into files for marks of secrecy
            children=settings.workers + apart_of(settings.workers) + 1,
            limits=Limits(
                memory_bytes=config.limits.memory_megabytes * MEBIBYTE,
                cpu_s=config.limits.cpu_seconds,
                wall_s=config.limits.wall_seconds,
            ),
        )
        stack.callback(guard.close)
        # closed in the reverse order: children and LibreOffice end before the ledger they work for
        office = _office(config, folders.var, settings.workers, apart_of(settings.workers)) if works else None
        if office is not None:
            stack.callback(office.close)
        known = _years(config)
        _refuse_strangers(settings.practice.speaks_for_cluster, known)
        workspace = Workspace(
            folders=folders,
            practice=settings.practice,
            ledger=ledger,
            spool=spool_of(folders, settings.spool_url, settings.access),
            years=known,
            loaded=KindsNow(
                folders.templates,
                lambda: settings.practice.words_of(known[config.year]) if config.year in known else OF_NO_OFFICE,
                SoundTemplates(folders.var / "sound-templates.json"),
            ),
            guard=guard,
            office=office,
            converter=Converter(folders.var / "soffice", workers=settings.workers) if works else None,
            tesseract=outside_programs.tesseract(
                config.scans.text, folders.var / "tesseract", timeout_s=config.scans.text_seconds
            )
            if works
            else None,
            sight=outside_programs.sight(config.scans.secrecy, folders.var / "tesseract"),
            mail=_mail(config) if works else None,
            clock=clock,
            # who only looks leases nothing, and must not count as a worker that is there
            lease=Lease(stack.enter_context(present(folders.workers)) if works else "", _lease_seconds(config)),
            copy=copy_of(folders, config.object_store.archive, settings.access),
            mark_key=functools.cache(lambda: office_key(folders.var)),
            obey=obeying.obey,
            link_key=functools.cache(lambda: web_key(folders.var, "link")),
        )
        yield workspace
        # who only looked need not be able to write
        if ledger.log.head().size != size:
            try:
                witness(workspace)
            except FolderAway as away:  # the next who works completes the journal
                log.warning("archive is away", extra={"action": "share.wait", "why": str(away)})


def _mail(config: Config) -> Mail | None:
    """Whoever takes mails. Raises ConfigError for a server, a sender or a password that cannot be."""
    asked = config.mail
    try:
        password = asked.password_file.read_text("utf-8").strip() if asked.password_file is not None else ""
        post = post_of(asked.server, asked.command, password)
    except OSError as trouble:
        raise ConfigError(
            tr("config.yaml: “mail.password_file” cannot be read: {why}", why=trouble.strerror or str(trouble))
        ) from trouble
    except ValueError as trouble:
        raise ConfigError(
            tr("config.yaml: “mail.server” is no address of a mail server, as smtp://user@host:587 is.")
        ) from trouble
    if post is None:
        return None
    clerk = tuple(re.findall(r"[^\s,;]+", asked.clerk))
    for name, address in (("sender", asked.sender), *(("clerk", one) for one in clerk)):
        if not _ADDRESS.fullmatch(address):
            raise ConfigError(
                tr(
                    "config.yaml: “mail.{name}” is no address, as van-thu@example.vn is: “{said}”.",
                    name=name,
                    said=address,
                )
            )
    return Mail(post, asked.sender, clerk)


def _lease_seconds(config: Config) -> float:
    """How long a step may take before others may think its worker dead: as long as all that it may wait for.

    Reading opens a form in up to four guarded children and has it converted once, and looks at a paper in up to eight
    (wrapped or split, laid over what was issued, in order once more, its digital signatures and what they cover);
    making a PDF starts LibreOffice twice at most, where it gives way and takes several times as long by the clock;
    reading the words of a scan begins no sheet after `papers.MOST_SECONDS`. With the usual settings
    that is eleven and a half minutes; only a lease of another machine is ever waited for so long (see `presence`).
    """
    children = 8 * config.limits.wall_seconds + CONVERSION_SECONDS
    # these are different steps, and each begins a lease of its own (decision 0014)
    words = papers.MOST_SECONDS + config.scans.text_seconds + 2 * config.limits.wall_seconds
    office = 2 * OFFICE_START_SECONDS + MOST_BY_CLOCK * config.rendition.wall_seconds
    # one object that is waited for in vain ends the step
    stores = config.object_store
    store = stores.seconds if stores.spool or stores.archive else 0
    return max(children, words, office) + store + BUSY_SECONDS


def _years(config: Config) -> dict[int, years.Year]:
    """Every year whose file is sound. Raises YearError when the year being served has none or is broken."""
    if not config.year_file.is_file():
        raise YearError(
            tr(
                "{file} is missing: it holds the facts of the current year. Copy last year's and change it.",
                file=str(config.year_file),
            )
        )
    loaded, broken = years.load_all(config.folders.years)
    if config.year not in loaded:
        years.load(config.year_file)  # raises, and tells its problems without those of other years
    # next year's file is half made for weeks, while this year's work goes on
    for trouble in broken:
        log.error("year left out", extra={"action": "year.load", "why": str(trouble)})
    return loaded


def _refuse_strangers(named: Collection[str], known: Mapping[int, years.Year]) -> None:
    """Raise ConfigError for a code of no unit: misspelt it would speak for nobody, and nobody would be told."""
    codes = sorted({unit.code for year in known.values() for unit in year.units})
    for code in sorted(named):
        if code in codes:
            continue
        folded = {one.casefold(): one for one in codes}
        near = difflib.get_close_matches(code.casefold(), folded, n=1)
        if near:
            raise ConfigError(
                tr(
                    "config.yaml: “office.speaks_for_cluster” names “{code}”, which is no unit of any year here. "
                    "Did you mean “{near}”?",
                    code=code,
                    near=folded[near[0]],
                )
            )
        raise ConfigError(
            tr(
                "config.yaml: “office.speaks_for_cluster” names “{code}”, which is no unit of any year here. "
                "Write the codes of units as in the file of the year: {codes}.",
                code=code,
                codes=", ".join(codes),
            )
        )


@contextlib.contextmanager
def opened_office(settings: Settings) -> Iterator[Office | None]:
    """LibreOffice for as long as it is needed; None where it is switched off, or not installed and not insisted upon.

    Raises MissingToolError when the configuration insists on PDF and there is no LibreOffice.
    """
    office = _office(settings.config, settings.folders.var, 1)
    try:
        yield office
    finally:
        if office is not None:
            office.close()


def _office(config: Config, var: Path, workers: int, apart: int = 0) -> Office | None:
    seconds = config.rendition.wall_seconds
    return outside_programs.office(
        config.rendition.pdf, var / "soffice", workers=workers, apart=apart, timeout_s=seconds
    )
