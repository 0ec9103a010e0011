"""The views in the outbox are written when what they show has changed, and only then."""

import dataclasses
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.files.identity import MARKER
from pipeline.kinds import Loaded
from pipeline.ledger import Columns, NumberWish
from pipeline.model import Direction, State, TextTemplate
from pipeline.status import refresh, refreshing
from pipeline.status.books import books_of
from pipeline.status.books import written as register_now
from pipeline.workspace import Workspace
from tests.status.office import Office
from tests.status.recorded import put

BOARD = ("tinh-hinh.html", "tinh-hinh.xlsx")
BOOK = "KH-2020-2025.xlsx"
NUMBER = NumberWish("KH/2020-2025", Direction.OUTGOING, TextTemplate.parse("{number}-KH"), 2, Columns("Kế hoạch"))


@pytest.fixture
def views(desk: Office, tmp_path: Path) -> Office:
    """An office whose outbox is empty."""
    folders = dataclasses.replace(desk.workspace.folders, outbox=tmp_path / "outbox", var=tmp_path / "var")
    desk.workspace = dataclasses.replace(desk.workspace, folders=folders)
    return desk


def book_of(office: Office) -> Path:
    """The register's workbook: the clerk's folder for it is named in the configuration."""
    return office.workspace.folders.outbox / office.workspace.folders.register / BOOK


def written(office: Office, change: Callable[[], object] = lambda: None) -> set[str]:
    """Change something, look after the views; gives the names of those that were written anew."""
    outbox = office.workspace.folders.outbox

    def there() -> dict[str, tuple[int, int]]:
        # by the marker the folder is known; it is no view
        found = [path for path in outbox.rglob("*") if path.is_file() and path.name != MARKER]
        return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}

    before = there()
    change()
    assert refresh(office.workspace) == ()
    return {name for name, mark in there().items() if before.get(name) != mark}


def replaced(office: Office, **changes: object) -> Callable[[], None]:
    def change() -> None:
        practice = dataclasses.replace(office.workspace.practice, **changes)  # type: ignore[arg-type]  # any setting
        office.workspace = dataclasses.replace(office.workspace, practice=practice)

    return change


def test_all_views_are_written_once_and_left_alone_while_nothing_changes(views: Office) -> None:
    put(views, State.REGISTERED, "ke-hoach", "", number=NUMBER)
    assert written(views) == {*BOARD, BOOK}
    assert written(views) == set()
    assert book_of(views).is_file()


def test_the_board_follows_events_days_language_facts_and_kinds(views: Office) -> None:
    written(views)
    assert written(views, lambda: put(views, State.RETURNED)) == {*BOARD}
    assert written(views, lambda: views.on("2022-05-31")) == {*BOARD}
    assert written(views, replaced(views, language="en")) == {*BOARD}
    assert "Emulation year 2022" in (views.workspace.folders.outbox / BOARD[0]).read_text(encoding="utf-8")
    assert written(views, lambda: views.of_units("EVNHCMC", "CATP")) == {*BOARD}
    views.on("2023-01-02")
    written(views)
    assert written(views, lambda: views.on("2023-01-03")) == set(), "the year is over"

    def fewer() -> None:
        loaded = Loaded({name: kind for name, kind in views.workspace.loaded().kinds.items() if name != "quy-che"})
        views.workspace = dataclasses.replace(views.workspace, loaded=lambda: loaded)

    assert written(views, fewer) == {*BOARD}


def test_a_program_that_lays_the_board_out_otherwise_writes_it_anew(
    views: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(views)
    monkeypatch.setattr(refreshing, "LAYOUT", refreshing.LAYOUT + 1)
    assert written(views) == {*BOARD}


def test_the_register_s_workbook_follows_the_register_only(views: Office) -> None:
    written(views)
    book = book_of(views)
    assert written(views, lambda: put(views, State.REGISTERED, "ke-hoach", "", number=NUMBER)) == {*BOARD, BOOK}
    assert [row for row in rows_of(book.read_bytes()) if "01-KH" in row]
    assert rows_of(book.read_bytes()) == rows_of(register_now(views.workspace, "xlsx", books_of(views.workspace)))
    book.unlink()
    assert written(views) == {BOOK}
    (views.workspace.folders.var / "register-books.json").unlink()
    assert written(views) == {BOOK}
    assert written(views) == set()


def test_only_the_volume_that_has_changed_is_written_anew(views: Office) -> None:
    put(views, State.REGISTERED, "ke-hoach", "", number=NUMBER)
    written(views)
    other = dataclasses.replace(NUMBER, series="TB/2020-2025")
    assert written(views, lambda: put(views, State.REGISTERED, "quy-che", "", number=other)) == {
        *BOARD,
        "TB-2020-2025.xlsx",
    }
    book_of(views).unlink()
    assert written(views) == {BOOK}


def test_a_volume_that_cannot_be_written_is_named_and_keeps_no_other(views: Office) -> None:
    book_of(views).mkdir(parents=True)
    put(views, State.REGISTERED, "ke-hoach", "", number=NUMBER)
    put(views, State.REGISTERED, "quy-che", "", number=dataclasses.replace(NUMBER, series="TB/2020-2025"))
    assert refresh(views.workspace) == (book_of(views),)
    assert book_of(views).with_name("TB-2020-2025.xlsx").is_file()
    book_of(views).rmdir()
    assert refresh(views.workspace) == ()
    assert book_of(views).is_file()


def test_two_series_that_differ_by_accents_have_two_volumes() -> None:
    names = refreshing.volume_names(["DA/2022", "KH/2022", "ĐA/2022"])
    assert names == {"DA/2022": "DA-2022.xlsx", "KH/2022": "KH-2022.xlsx", "ĐA/2022": "DA-2022-2.xlsx"}


def rows_of(content: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()]


def test_the_register_s_workbook_is_headed_by_the_issuer_of_the_year(views: Office) -> None:
    put(views, State.REGISTERED, "ke-hoach", "", number=NUMBER)
    year = views.workspace.year(2022)
    views.of_units("CATP", cluster=dataclasses.replace(year.cluster, issuer="CỤM THI ĐUA SỐ 9"))
    assert "CỤM THI ĐUA SỐ 9" in [
        row[0] for row in rows_of(register_now(views.workspace, "xlsx", books_of(views.workspace)))
    ]


def test_what_cannot_be_written_is_named_and_tried_again_at_the_next_change(views: Office) -> None:
    workspace: Workspace = views.workspace
    page = workspace.folders.outbox / BOARD[0]
    page.mkdir(parents=True)
    assert refresh(workspace) == (page,)
    assert (workspace.folders.outbox / BOARD[1]).is_file(), "the other one is written"
    assert refresh(workspace) == (), "not tried all the time"
    page.rmdir()
    assert written(views, lambda: views.on("2022-06-01")) == {*BOARD}
