"""Forms that went through LibreOffice on the way: it drops the names of content controls and keeps the labels."""

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.reading import ReadingContext
from tests.reading import writers
from tests.reading.conftest import Read, example

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
]


def saved_by_libreoffice(folder: Path, content: bytes) -> bytes:
    source, target = folder / "form.docx", folder / "saved"
    source.write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    convert = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source)]
    subprocess.run(["soffice", profile, "--headless", *convert], check=True, timeout=120, capture_output=True)
    return (target / "form.docx").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("in_table", [False, True])
def test_a_form_saved_by_libreoffice_reads_the_same(
    read: Read, context: ReadingContext, tmp_path: Path, in_table: bool
) -> None:
    form, values = context.form("dang-ky"), example("dang-ky", "pass-catp")
    assert form is not None
    content = writers.as_docx(form, values, writers.plain(context), in_table=in_table)

    reading = read(saved_by_libreoffice(tmp_path, content), "DK.docx")

    assert reading.findings == ()
    assert reading.values == values
