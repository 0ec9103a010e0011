"""Working folders for tests: the shipped templates and years, a quiet inbox, and forms that pass."""

import atexit
import contextlib
import dataclasses
import datetime as dt
import functools
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import kinds, papers, reading, years
from pipeline.answers import marking
from pipeline.app import operations, page_pictures
from pipeline.app.opening import open_workspace
from pipeline.app.settings import read_settings
from pipeline.cli.entry import main
from pipeline.files.identity import MARKER
from pipeline.kinds import Kind, Loaded
from pipeline.layout import check, mending
from pipeline.ledger import Ledger
from pipeline.proof.standalone import FOLDER
from pipeline.steps import incidents
from pipeline.tools.guard import Guard
from pipeline.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
MAY = dt.datetime(2022, 5, 30, 2, 0, tzinfo=dt.UTC)
UNITS = ("EVNHCMC", "CATP", "BTLTP", "BDBPTP", "SAWACO", "SATRA", "DHQG", "KDCD", "KNH", "KCXCN")


@functools.cache
def shipped_words() -> Mapping[str, str]:
    """Give the words that the kinds of the repository leave to the example's office."""
    return years.load(ROOT / "years" / "2022.yaml").words()


@functools.cache
def shipped_kinds() -> Loaded:
    """Load the kinds of the repository, once for all tests of a process."""
    return kinds.load_all(ROOT / "templates", shipped_words())


def working_folder(folder: Path, *, pdf: str = "off", text: str = "off", secrecy: str = "off") -> Path:
    """Make a working folder whose inbox is taken at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("templates", "years"):  # the examples, six files of seven, are read where they lie
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("examples"))
    settings = {
        "year": 2022,
        "watching": {"quiet_seconds": 0, "scan_seconds": 0.2},
        "rendition": {"pdf": pdf, "workers": 1},
        "scans": {"text": text, "secrecy": secrecy},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (folder / "inbox").mkdir()
    return folder


#: Kinds by the digest of their bundle, compiled once for all tests of a process.
_KINDS: dict[str, Kind] = {}


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: dt.datetime = MAY) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now


@contextlib.contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[Workspace]:
    """Open a working folder as the entry does, but with guarded children and compiled kinds that all tests share.

    A folder that was never opened gets an empty ledger that was made once: a hundred statements that make its tables
    are tried in tests/store, and would take a tenth of the whole run here.
    """
    ledger = folder / "var" / "vanthu.sqlite"
    if not ledger.exists():
        ledger.parent.mkdir(exist_ok=True)
        ledger.write_bytes(empty_ledger())
    with open_workspace(read_settings(folder, {}), who="test", works=True, clock=clock or Clock()) as workspace:
        yield dataclasses.replace(workspace, guard=shared_guard(), _kinds=_KINDS)


@functools.cache
def empty_ledger() -> bytes:
    """The file of a ledger without any row, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        Ledger.open(f"sqlite:///{path}", Clock(), "test").close()
        return path.read_bytes()


@functools.cache
def shared_guard() -> Guard:
    """Give the guarded children of this test process."""
    guard = Guard(
        (
            *(*reading.FUNCTIONS, *papers.GUARDED, *check.FUNCTIONS, *mending.FUNCTIONS, *marking.FUNCTIONS),
            *page_pictures.FUNCTIONS,
        ),
        children=2,
    )
    atexit.register(guard.close)
    return guard


def filed_files(folder: Path) -> list[Path]:
    """What is filed in the archive of a working folder, without the journal."""
    paths = (folder / "archive").rglob("*")
    return [path for path in paths if path.is_file() and path.parent.name != FOLDER]


def waiting(folder: Path) -> list[Path]:
    """What lies in the inbox of a working folder, hidden or not, but the marker by which it is known."""
    return [path for path in (folder / "inbox").rglob("*") if path.is_file() and path.name != MARKER]


def run(*words: str) -> int:
    """Run a command line in this process; gives its exit code."""
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


def let_in(workspace: Workspace) -> int:
    """Let in what the secrecy gate could not look into, as a person does who has looked; gives how many."""
    stopped = [one for one in incidents.standing(workspace) if one.sort == incidents.UNSEEN]
    for incident in stopped:
        operations.admit(workspace, incident.number, "đã xem")
    return len(stopped)


def drop(folder: Path, name: str, content: str | bytes, unit: str = "") -> Path:
    """Put a file into the inbox as a copy program does: whole, at once."""
    target = folder / "inbox" / unit / name
    target.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else content
    hidden = target.with_name(f".{target.name}.tmp")
    hidden.write_bytes(data)
    hidden.replace(target)
    return target


@functools.cache
def _year() -> dict[str, Any]:
    """Read the example year, once for all tests of a process."""
    loaded: dict[str, Any] = yaml.load((ROOT / "years" / "2022.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def registration(unit: str, **changes: object) -> str:
    """Write a unit's registration that passes, as YAML; `changes` replace its fields."""
    year = _year()
    member = next(one for one in year["units"] if one["code"] == unit)
    number = UNITS.index(unit)
    form: dict[str, object] = {
        "kind": "dang-ky",
        "unit_code": unit,
        "emulation_year": 2022,
        "submit_date": "2022-05-27",
        "headcount": 24,
        "leader": {
            "full_name": member["signatories"][0]["name"],
            "position": member["signatories"][0]["position_full"],
        },
        "focal_point": {"name": "Hồ Thị Kim Duyệt", "phone": f"09000000{number:02d}", "email": "daumoi@example.vn"},
        "targets": [
            {
                "content_code": f"ND{content}",
                "target_text": "100% hồ sơ xử lý đúng hạn",
                "measure_unit": "%",
                "target_value": 100,
                # with these words the paper takes three pages
                "measures": "Phân công theo dõi hằng tuần; đôn đốc, kiểm tra, báo cáo hằng tháng; "
                "sơ kết, rút kinh nghiệm hằng quý",
                "due": "2022-10-27",
            }
            for content in range(1, 9)
        ],
        "activities": [
            {
                "title": ACTIVITIES[number],
                "content_code": f"ND{number % 8 + 1}",
                "planned_date": f"2022-07-{4 + number:02d}" if number < 5 else f"2022-08-{3 + number:02d}",
                "venue": "Hội trường A",
                "participants_est": 60,
                "budget_est": 15_000_000,
            }
        ],
    }
    return yaml.safe_dump(form | changes, allow_unicode=True, sort_keys=False)


ACTIVITIES = (
    "Hội thảo chuyển đổi số, ký số và xử lý văn bản trên môi trường mạng",
    "Tọa đàm bảo vệ bí mật nhà nước trong văn thư điện tử",
    "Về nguồn, giáo dục truyền thống tại Củ Chi",
    "Thăm, tặng quà gia đình chính sách xã đảo Thạnh An",
    "Hội thi nghiệp vụ văn thư - lưu trữ",
    "Hội thao giao lưu cầu lông, bóng bàn",
    "Tập huấn kỹ năng tham mưu, tổng hợp",
    "Nâng cao chất lượng soạn thảo văn bản của Đảng",
    "Chuyên đề quản lý tài chính, tài sản đảng",
    "Hội thi học tập và làm theo Bác",
)


def pledge(**changes: object) -> str:
    """Write the cluster's form for the pledge agreement, as YAML."""
    year = _year()
    form: dict[str, object] = {
        "kind": "giao-uoc",
        "emulation_year": 2022,
        "sign_date": "2022-06-02",
        "sign_place": "Hội trường A, trụ sở Tổng công ty Điện lực TP.HCM",
        "pledges": [
            {"content_code": content["code"], "text": content["title"], "target": "100% đơn vị hoàn thành"}
            for content in year["contents"]
        ],
        "common_targets": [{"text": "Đơn vị hoàn thành chỉ tiêu đã đăng ký", "value": 100, "unit": "%"}],
        "effective_to": "2022-12-31",
        "originals_count": 11,
    }
    return yaml.safe_dump(form | changes, allow_unicode=True, sort_keys=False)
