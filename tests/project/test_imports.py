"""What an import costs: heavy libraries wait behind the commands that need them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    *("alembic", "cel_expr_python", "docx", "docxtpl", "jsonschema_rs", "lxml", "openpyxl", "PIL", "pypdf"),
    *("pypdfium2", "segno", "sqlalchemy", "watchdog", "zxingcpp"),
}


@pytest.mark.parametrize(
    "module", ["config", "errors", "files", "logs", "messages", "model", "naming", "strict_yaml", "cli"]
)
def test_heavy_libraries_wait_for_the_command_that_needs_them(module: str) -> None:
    script = f"import sys; import pipeline.{module}; print(sorted(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("module", ["app.watching", "app.operations", "app.opening"])
def test_what_opens_files_is_loaded_by_the_children_alone(module: str) -> None:
    """They take longer to load than all the rest of a run that has one form to take."""
    readers = {"docx", "numpy", "openpyxl", "PIL", "pypdf", "pypdfium2", "reportlab", "segno", "zxingcpp"}
    script = f"import sys; import pipeline.{module}; print(sorted(set(sys.modules) & {readers!r}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_an_office_with_sqlite_loads_nothing_of_another_database() -> None:
    """A tenth of what a command takes to start."""
    script = (
        "import sys; import pipeline.app.operations, pipeline.ledger.findable; "
        "print(sorted(name for name in sys.modules if 'postgresql' in name))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
