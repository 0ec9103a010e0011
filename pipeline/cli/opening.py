"""Opens the house a configuration describes: ledger, spool, years, kinds, guarded children, LibreOffice."""

import contextlib
import datetime as dt
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline import filling, kinds, marking, messages, reading, signed, years
from pipeline.config import Config
from pipeline.declared import Problem
from pipeline.errors import MissingToolError, YearError
from pipeline.files import Spool
from pipeline.filling import TemplateError
from pipeline.form import checking
from pipeline.house import Folders, House, Practice
from pipeline.kinds import BrokenKind, Kind, Loaded
from pipeline.ledger import Ledger
from pipeline.messages import tr
from pipeline.tools.guard import Guard, Limits
from pipeline.tools.soffice import Converter, Office

MEGABYTE = 1_000_000
MEBIBYTE = 1 << 20


@contextlib.contextmanager
def open_house(config: Config, *, who: str, works: bool, clock: Callable[[], dt.datetime]) -> Iterator[House]:
    """Open everything and close it again. Raises ConfigError, YearError, SchemaVersionError."""
    os.environ["TZ"] = config.office.timezone
    time.tzset()
    folders = folders_of(config)
    for folder in (folders.inbox, folders.outbox, folders.archive, folders.var):
        folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        ledger = Ledger.open(config.database_url, clock, who)
        stack.callback(ledger.close)
        ledger.refuse_lost(folders.archive)
        guard = Guard(
            (*reading.FUNCTIONS, *signed.GUARDED, *checking.FUNCTIONS, *marking.FUNCTIONS),
            children=workers(config),
            limits=Limits(
                memory_bytes=config.limits.memory_megabytes * MEBIBYTE,
                cpu_s=config.limits.cpu_seconds,
                wall_s=config.limits.wall_seconds,
            ),
        )
        stack.callback(guard.close)
        office = open_office(config, folders.var) if works else None
        if office is not None:
            stack.callback(office.close)
        yield House(
            folders=folders,
            practice=practice_of(config),
            ledger=ledger,
            spool=Spool(folders.var / "spool"),
            years=load_years(config),
            loaded=KindsNow(folders.templates),
            guard=guard,
            office=office,
            converter=Converter(folders.var / "soffice", workers=workers(config)) if works else None,
            clock=clock,
        )


def workers(config: Config) -> int:
    """How many jobs are advanced side by side."""
    return max(1, config.rendition.workers)


def folders_of(config: Config) -> Folders:
    """The folders as the house knows them."""
    named = config.folders
    return Folders(
        inbox=named.inbox,
        outbox=named.outbox,
        archive=named.archive,
        var=named.var,
        templates=named.templates,
        signed=named.signed,
        awaiting=named.awaiting,
        register_book=named.register_book,
        clerk=named.clerk,
    )


def practice_of(config: Config) -> Practice:
    """How this office does things."""
    forced = config.office.form_profile
    return Practice(
        year=config.year,
        language=config.language,
        number_reset=config.numbering.reset,
        forced_profile="" if forced == "auto" else forced,
        signature_style=config.office.signature_style,
        symbol=config.office.symbol,
        contact=config.office.contact,
        limit_bytes=config.watching.largest_megabytes * MEGABYTE,
        sharpness=signed.Sharpness(config.scans.min_dpi, config.scans.wanted_dpi),
    )


def load_years(config: Config) -> dict[int, years.Year]:
    """Every year there is a file of. Raises YearError when the year being served has none or is broken."""
    if not config.year_file.is_file():
        raise YearError(
            tr(
                "{file} is missing: it holds the facts of the year being served. Copy last year's and change it.",
                file=str(config.year_file),
            )
        )
    loaded = [years.load(path) for path in sorted(config.folders.years.glob("*.yaml"))]
    return {year.year: year for year in loaded}


def open_office(config: Config, var: Path) -> Office | None:
    """LibreOffice, warm; None where it is switched off, or not installed and not insisted upon.

    Raises MissingToolError when the configuration insists on PDF and there is no LibreOffice.
    """
    if config.rendition.pdf == "off":
        return None
    office = Office(var / "soffice", workers=workers(config), timeout_s=config.rendition.wall_seconds)
    if office.available():
        return office
    if config.rendition.pdf == "on":
        raise MissingToolError(
            tr(
                "rendition.pdf is “on” in config.yaml, but LibreOffice is not installed. Install it with: {command}",
                command="apt-get install libreoffice-writer-nogui python3-uno fonts-liberation2",
            )
        )
    return None


#: The templates are looked at for changes at most so often.
KINDS_LOOK_SECONDS = 1.0


class KindsNow:
    """The kinds as their folders are now: read again when a file of theirs has changed."""

    def __init__(self, templates: Path) -> None:
        self.templates = templates
        self._lock = threading.Lock()
        self._looked_at = -math.inf
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._loaded = Loaded({})

    def __call__(self) -> Loaded:
        """Give the kinds."""
        with self._lock:
            if time.monotonic() - self._looked_at >= KINDS_LOOK_SECONDS:
                self._look()
                self._looked_at = time.monotonic()
            return self._loaded

    def _look(self) -> None:
        seen = tuple(
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            for path in sorted(self.templates.glob("*/*"))
            if path.is_file()
        )
        if seen != self._seen:
            self._loaded, self._seen = with_sound_templates(kinds.load_all(self.templates), self.templates), seen


def with_sound_templates(loaded: Loaded, templates: Path) -> Loaded:
    """Move the kinds whose template cannot be compiled to the broken ones, before any unit has to do with them."""
    sound: dict[str, Kind] = {}
    broken = list(loaded.broken)
    for kind in loaded.kinds.values():
        try:
            filling.compile_template(kind.template)
        except TemplateError as trouble:
            file = f"{templates.name}/{kind.id}/template.docx"
            problems = [Problem(file, 0, messages.verbatim(str(problem))) for problem in trouble.problems]
            broken.append(BrokenKind(kind.id, problems))
        else:
            sound[kind.id] = kind
    return Loaded(sound, tuple(broken))
