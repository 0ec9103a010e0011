"""The register as it stands: one row per number, and its workbook in the outbox kept up to date."""

from dataclasses import dataclass

from pipeline.files import sha256_of, write_durably
from pipeline.ledger.chain import canonical
from pipeline.ledger.rows import Entry
from pipeline.messages import say, shown_in
from pipeline.model import JsonObject
from pipeline.register.book import Volume, register_workbook
from pipeline.workspace import Workspace

WORKBOOK = "so-dang-ky.xlsx"


@dataclass(frozen=True)
class Row:
    """One number of the register: who holds it, what for, and whether it was given up."""

    series: str
    no: int
    number: str
    job_id: int
    booked: Entry
    void: Entry | None = None
    filed: Entry | None = None

    @property
    def status(self) -> str:
        """Say "void", "filed", or "booked" for a number whose paper has not come back yet."""
        return "void" if self.void else "filed" if self.filed else "booked"

    def fact(self, name: str) -> str:
        """Give one column of the register as text."""
        return str(self.booked.facts.get(name, ""))


def rows(workspace: Workspace, series: str = "") -> list[Row]:
    """Read the register, in the order of series and number."""
    acts: dict[tuple[str, int], dict[str, Entry]] = {}
    for entry in workspace.ledger.entries(series):
        acts.setdefault((entry.series, entry.no), {})[entry.act] = entry
    return [
        Row(
            key,
            no,
            str(of["number"].facts["number"]),
            of["number"].job_id,
            of["number"],
            of.get("void"),
            of.get("file"),
        )
        for (key, no), of in acts.items()
    ]


def is_incoming(row: Row) -> bool:
    """Tell whether a row belongs to the register of incoming papers."""
    return bool(row.booked.facts.get("author"))


def columns(row: Row, language: str) -> tuple[str, ...]:
    """Give the ten official columns of one row (NĐ30 Phụ lục IV)."""
    void = say("Void: {why}", why=row.void.why if row.void else "")
    remark = shown_in(void, language) if row.void else row.fact("remark")
    on = _day(row.fact("document_on"))
    kept = (row.fact("sent_on"), row.fact("receipt"), remark)
    if is_incoming(row):
        arrived = f"{row.booked.at.astimezone():%d/%m/%Y}"
        return (arrived, str(row.no), row.fact("author"), "", on, row.fact("title"), row.fact("recipients"), *kept)
    people = (row.fact("signer"), row.fact("recipients"), row.fact("kept_by"), row.fact("copies"))
    return (row.number, on, row.fact("title"), *people, *kept)


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


def volumes(workspace: Workspace) -> list[Volume]:
    """Lay the register out as printable volumes, one for each series."""
    cluster = workspace.year(workspace.practice.year).cluster
    by_series: dict[str, list[Row]] = {}
    for row in rows(workspace):
        by_series.setdefault(row.series, []).append(row)
    return [
        Volume(
            series=series,
            title="SỔ ĐĂNG KÝ VĂN BẢN ĐẾN" if is_incoming(of[0]) else "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
            issuer=cluster.issuer,
            period=f"Từ số {of[0].no:02d} đến số {of[-1].no:02d}",
            is_incoming=is_incoming(of[0]),
            rows=tuple(columns(row, workspace.practice.language) for row in of),
            void_rows=frozenset(position for position, row in enumerate(of) if row.void),
        )
        for series, of in by_series.items()
    ]


def refresh(workspace: Workspace) -> bool:
    """Write the workbook anew when the register has changed since it was written; True when it was."""
    path = workspace.folders.outbox / workspace.folders.register_book / WORKBOOK
    mark = workspace.folders.var / "register-book.sha256"
    heads: JsonObject = {series.key: series.head for series in workspace.ledger.series()}
    digest = sha256_of(canonical(heads).encode())
    if path.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == digest:
        return False
    write_durably(path, register_workbook(volumes(workspace)))
    write_durably(mark, digest.encode())
    return True
