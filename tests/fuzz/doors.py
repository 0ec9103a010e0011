"""The doors: what comes in by each, sound examples made by our own writers, and the answer to given bytes."""

import atexit
import datetime as dt
import functools
import io
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from PIL import Image

from pipeline import config, intake, naming, years
from pipeline.app import numbering, operations, searching
from pipeline.errors import VanthuError
from pipeline.exchange import Attachment, Letter, Organisation, Status, reading, status, writing
from pipeline.files import Opened, open_regular
from pipeline.intake.wholeness import end_of
from pipeline.ledger.findable import Wanted
from pipeline.model import Message, Reading, Severity, Tables
from pipeline.papers.digital_signatures import check_signatures
from pipeline.papers.recognition import recognise_pdf
from pipeline.papers.wrapping import wrap
from pipeline.reading import book_tables, gate, reader, shown_lines
from pipeline.register.old_book import Asked, understood
from pipeline.tools.guarded import adapter
from pipeline.vietnamese.phrases import phrases_of
from pipeline.workspace import Workspace
from tests import folders
from tests.fuzz import law, mutations, smallest
from tests.fuzz.mutations import Mutator
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example

NOON: Final = dt.datetime(2022, 5, 30, 12, 0, tzinfo=dt.UTC)
_MOST_NAME_BYTES: Final = 255


@dataclass(frozen=True)
class Door:
    """One way in."""

    seeds: Callable[[], Iterable[bytes]]
    answer: Callable[[Path, bytes], str]  #: given a folder of its own, says in a word what came of the bytes
    mutator: Mutator = mutations.worded
    most_bytes: int = 1 << 16
    #: makes what the door stands in, once
    before: Callable[[], object] = lambda: None

    def tried(self, folder: Path, content: bytes) -> str:
        """What it answers. Raises Violation."""
        self.before()
        return law.answer(self.answer, folder, content)


def _dropped(folder: Path, content: bytes, name: str) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


# a received form


def _read(suffix: str) -> Callable[[Path, bytes], str]:
    name = f"a.{suffix}"

    def answer(folder: Path, content: bytes) -> str:
        path = _dropped(folder, content, name)
        with open_regular(folder, PurePosixPath(name), limit_bytes=1 << 24) as opened:
            end = end_of(opened, PurePosixPath(name)).value if isinstance(opened, Opened) else "refused"
        look = gate.look(os.fsencode(path).hex(), name)
        made = reader.read(str(path), name, context_of_2022())
        # it goes through a pipe as JSON, and must be the same behind it
        assert adapter(Reading).validate_json(adapter(Reading).dump_json(made)) == made
        assert made.kind or made.is_blocked, "neither read nor refused"
        return f"{end} {look.mark.value} {'read' if made.kind else made.findings[0].code}"

    return answer


def _form(write: Callable[..., bytes], *, is_spelled: bool = True) -> Callable[[], Iterable[bytes]]:
    def seeds() -> Iterable[bytes]:
        context = context_of_2022()
        for kind, name in (("dang-ky", "pass-catp"), ("giao-uoc", "pass-cum4")):
            form = context.form(kind)
            if form is not None and (folders.ROOT / "templates" / kind / "examples" / f"{name}.yaml").exists():
                values = example(kind, name)
                yield write(form, values, writers.plain(context)) if is_spelled else write(form, values)

    return seeds


def _csv() -> Iterable[bytes]:
    context = context_of_2022()
    form = context.form("dang-ky")
    assert form is not None
    rows = [
        f'"{label}";"{text}"'
        for _, label, text in writers.pairs(form.root, example("dang-ky", "pass-catp"), writers.plain(context))
    ]
    yield "\r\n".join([f'"{form.titles[0]}"', *rows, ""]).encode("utf-8-sig")
    yield "\n".join(rows).replace('"', "").replace(";", "\t").encode("utf-16")


# a paper that comes back


def _returned(folder: Path, content: bytes) -> str:
    path = _dropped(folder, content, "scan.pdf")
    made = recognise_pdf(str(path))
    checked = check_signatures(str(path), str(folders.ROOT / "certificates"), NOON)
    said = shown_lines.lines(os.fsencode(path).hex(), "scan.pdf")
    adapter(type(made)).dump_json(made)
    adapter(type(checked)).dump_json(checked)
    return f"{'code' if made.code else 'no code'} {bool(checked.problem)} {bool(said.lines)}"


def _pictured(folder: Path, content: bytes) -> str:
    made = wrap(str(_dropped(folder, content, "scan.jpg")))
    assert made.startswith(b"%PDF-")
    return "wrapped"


def _pictures() -> Iterable[bytes]:
    picture = Image.new("L", (64, 90), 255)
    picture.paste(0, (10, 10, 40, 20))
    for format_, mode in (
        ("JPEG", "L"),
        ("JPEG", "RGB"),
        ("PNG", "P"),
        ("PNG", "RGBA"),
        ("TIFF", "1"),
        ("TIFF", "RGB"),
    ):
        made = io.BytesIO()
        picture.convert(mode).save(made, format_, dpi=(200, 200))
        yield made.getvalue()


# what a person says on the command line


@functools.cache
def _office() -> Workspace:
    """An office with two documents, one of them numbered; open as long as the process lives."""
    from pipeline.app.watching import Rhythm, serve_once
    from pipeline.app.worker import Worker

    lent = tempfile.TemporaryDirectory()
    atexit.register(lent.cleanup)
    root = folders.working_folder(Path(lent.name) / "office")
    for unit in ("CATP", "KNH"):
        folders.drop(root, f"dang-ky-{unit}.yaml", folders.registration(unit), unit)
    workspace = folders.opened(root).__enter__()
    serve_once(Worker(workspace), Rhythm(0.2, 0.0))
    numbering.next_number(workspace, workspace.ledger.job(1))
    return workspace


def _asked(_folder: Path, content: bytes) -> str:
    text = content.decode("utf-8", "surrogateescape")
    said, _, series = text.partition("\n")
    found = []
    for ask in (
        lambda: operations.find(_office(), said, series),
        lambda: numbering.find_numbers(_office(), said, series),
        lambda: searching.find(_office(), Wanted(phrases_of((said, series))), 5),
    ):
        try:
            found.append("found" if ask() else "nothing")
        except VanthuError as refused:
            found.append(type(refused).__name__)
    return " ".join(found)


def _orders() -> Iterable[bytes]:
    for said in (
        "1",
        "#2",
        "01",
        "dang-ky-CATP.yaml",
        "CTD4_2022_DK_CATP_v1_hs1.docx",
        "thi đua\nĐẾN/2022",
        '"công an" đăng*',
    ):
        yield said.encode()


# an old book


class _Runs:
    def of(self, symbol: str, type_name: str, on: dt.date | None) -> str | Message:
        return f"{type_name or 'CV'}/{on.year if on else 2022}"

    def named(self, said: str) -> str | Message:
        return said


def _booked(folder: Path, content: bytes) -> str:
    answers = []
    for suffix in ("xlsx",) if content.startswith(b"PK") else ("csv",):
        name = f"so.{suffix}"
        made = book_tables.tables(os.fsencode(_dropped(folder, content, name)).hex(), name)
        made = adapter(Tables).validate_json(adapter(Tables).dump_json(made))
        if made.is_marked or any(one.severity is Severity.BLOCK for one in made.findings):
            answers.append("refused")
            continue
        book = understood(made.tables, Asked(), _Runs())
        answers.append(f"{len(book.lines) > 0} {len(book.findings) > 0}")
    return " ".join(answers)


_HEADS: Final = ("Số, ký hiệu", "Ngày tháng văn bản", "Tên loại và trích yếu", "Người ký", "Nơi nhận", "Ghi chú")
_ROWS: Final = (
    ("01-KH/CTĐ4", "27/05/2022", "Kế hoạch tổ chức hoạt động thi đua", "Đặng Thị Thuỳ Nhiên", "Các đơn vị", ""),
    ("02-CV/CTĐ4", "30/05/2022", "Công văn đôn đốc", "Đặng Thị Thuỳ Nhiên", "Công an TP", "đã hủy"),
    ("03a-BC/CTĐ4", "1.6.2022", "Báo cáo sơ kết", "Đặng Thị Thuỳ Nhiên", "", "bổ sung"),
)


def _books() -> Iterable[bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2022",), _HEADS, *_ROWS):
        sheet.append(row)
    yield writers.saved(book)
    yield "\r\n".join(";".join(row) for row in (_HEADS, *_ROWS)).encode("utf-8-sig")


# a message of the axis


def _message(_folder: Path, content: bytes) -> str:
    came = reading.read(content)
    if isinstance(came, Letter):
        for one in came.attachments:
            assert PurePosixPath(one.name).name == one.name not in {"", ".", ".."}, (
                f"a name that is a path: {one.name!r}"
            )
    return type(came).__name__


def _messages() -> Iterable[bytes]:
    letter = Letter(
        sender=Organisation("A38.04", "Cụm thi đua số 4", "Văn phòng", "TP.HCM", "a@example.vn", "028", ""),
        recipients=(Organisation("A38", "Văn phòng Thành ủy"),),
        document_id="A38.04,2022/05/27,01,KH/CTĐ4",
        code_number="01",
        code_notation="KH/CTĐ4",
        place="TP.HCM",
        promulgated_on=dt.date(2022, 5, 27),
        type_name="Kế hoạch",
        subject="Kế hoạch",
        signer="A",
        signer_position="B",
        pages=3,
        due_on=dt.date(2022, 6, 1),
        attachments=(Attachment("a.pdf", b"%PDF-1.7 signed", "application/pdf"), Attachment("b.docx", b"PK not one")),
    )
    yield writing.written(letter, NOON)
    yield status(Status(letter.document_id, letter.sender, "03", "Đã tiếp nhận", "2022/05/30 12:00:00"))


# settings


def _set(folder: Path, content: bytes) -> str:
    _dropped(folder, content, "config.yaml")
    config.load(folder, {})
    return "loaded"


def _year(folder: Path, content: bytes) -> str:
    return str(years.load(_dropped(folder, content, "2022.yaml")).year == 2022)


def _shipped(*names: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [(folders.ROOT / name).read_bytes() for name in names]


# names of files and folders


def _named(folder: Path, content: bytes) -> str:
    """A file of any name, in a folder of any name: seen, answered under names of ours, and nothing elsewhere."""
    inbox = folder / "inbox"
    parts = [part for part in content.split(b"/")[:3] if part not in {b"", b".", b".."} and b"\0" not in part]
    parts = [part[:_MOST_NAME_BYTES] for part in parts] or [b"x"]
    path = os.path.join(os.fsencode(inbox), *parts)  # noqa: PTH118 - names of any bytes
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"kind: dang-ky\n...\n")
    try:
        found = intake.look(inbox)
        for one in found:
            intake.refusal(inbox, one, limit_bytes=1000)
            _answered(one.name.name, one.shown_name)
        return f"{len(found)} {'ignored' if not found else 'seen'}"
    finally:
        while path != os.fsencode(inbox):
            (os.rmdir if os.path.isdir(path) else os.unlink)(path)  # noqa: PTH112
            path = os.path.dirname(path)  # noqa: PTH120


def _answered(name: str, shown: str) -> None:
    made = [
        naming.answer_name(shown, naming.Answer.RECEIPT, job=1, extension="docx"),
        naming.answer_name(name, naming.Answer.MARKED, job=99_999_999, extension="xlsx"),
        naming.notice_name(shown),
        naming.safe(name),
        naming.unit_folder(naming.token(shown)),
        naming.slug(shown),
        naming.display(name),
    ]
    for one in made[:-1]:
        assert "/" not in one and "\0" not in one, f"a name that is a path: {one!r}"
        assert one not in {"", ".", ".."}, f"no name: {one!r}"
        assert len(one.encode()) <= _MOST_NAME_BYTES, f"a name too long for a disk: {one!r}"
    for one in (name, *made):
        naming.parse(one)
        naming.AnswerName.parse(one)
        naming.ArchiveName.parse(one)
        naming.is_same_file(one, shown)
        naming.key(one)


def _names() -> Iterable[bytes]:
    for name in (
        *(
            "CATP/Đăng ký thi đua.docx",
            "a.tar.gz",
            "CON.xlsx",
            "~$x.docx",
            ".x.tmp",
            "a" * 255,
            "x.bien-nhan.hs1.docx",
        ),
        *(
            "CTD4_2022_DK_CATP_v1_hs1.docx",
            "2022-05-27_KH_0001_CTD4_hoat-dong.pdf",
            "da-ky/scan (1).pdf",
            "e\u0301.pdf",
            "\u202etxt.exe",
        ),
    ):
        yield name.encode()


DOORS: Final[dict[str, Door]] = {
    "docx": Door(smallest.word_forms, _read("docx"), mutations.repacked, 1 << 18),
    "xlsx": Door(_form(writers.as_xlsx), _read("xlsx"), mutations.repacked, 1 << 18),
    "pdf": Door(smallest.pdf_forms, _read("pdf"), mutations.in_objects, 1 << 18),
    "yaml": Door(_form(writers.as_yaml, is_spelled=False), _read("yaml")),
    "json": Door(_form(writers.as_json, is_spelled=False), _read("json")),
    "csv": Door(_csv, _read("csv")),
    "paper": Door(smallest.papers, _returned, mutations.in_objects, 1 << 18),
    "picture": Door(_pictures, _pictured, mutations.plainly),
    "order": Door(_orders, _asked, most_bytes=8192, before=_office),
    "book": Door(_books, _booked, mutations.repacked_or_worded, 1 << 18),
    "message": Door(_messages, _message, mutations.marked_up),
    "settings": Door(_shipped("config.yaml"), _set),
    "year": Door(_shipped("years/2022.yaml"), _year),
    "name": Door(_names, _named, most_bytes=1024),
}
