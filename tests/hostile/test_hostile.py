"""Every hostile family gets its verdict in time, in words, and the next file is none the worse (goals 9)."""

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.processor import processor_seconds
from pipeline.model import Finding, Reading
from pipeline.reading import FUNCTIONS, probe_guarded, read_guarded
from pipeline.tools.guard import Guard
from tests.hostile import makers
from tests.hostile.makers import Hostile
from tests.reading import writers
from tests.reading.conftest import context_of_2022, example
from tests.said import vi

SECONDS = 5.0  #: of processor time: what the clock says is about the machine's load, too
#: A folder of hostile files with a README.md; what each must get is written below.
SAMPLES = os.environ.get("VANTHU_HOSTILE_SAMPLES", "")


CONTEXT = context_of_2022()


def _good(write: object) -> bytes:
    form = CONTEXT.form("dang-ky")
    assert form is not None
    assert callable(write)
    content = write(form, example("dang-ky", "pass-catp"), writers.plain(CONTEXT))
    assert isinstance(content, bytes)
    return content


XLSX, DOCX, PDF = _good(writers.as_xlsx), _good(writers.as_docx), _good(writers.as_pdf)
FAMILIES = [
    *makers.archives(XLSX, DOCX),
    *makers.markup(XLSX, DOCX),
    *makers.carried(XLSX, DOCX),
    *makers.sheets(XLSX),
    *makers.texts(),
    *makers.named_otherwise(DOCX, PDF),
    *makers.old_formats(),
    *makers.pdfs(PDF),
]


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(FUNCTIONS) as guard:
        guard.warm()
        yield guard


def timed(guard: Guard, path: Path, name: str) -> tuple[Reading, float]:
    began = processor_seconds()
    reading = read_guarded(guard, path, name, CONTEXT)
    return reading, processor_seconds() - began


def is_said_in_full(finding: Finding) -> bool:
    """In Vietnamese, and with what to do."""
    return bool(vi(finding.message)) and finding.mend is not None


@pytest.mark.parametrize("hostile", FAMILIES, ids=lambda hostile: hostile.title)
def test_every_family_gets_its_verdict_in_time(guard: Guard, tmp_path: Path, hostile: Hostile) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(hostile.content)

    reading, seconds = timed(guard, path, hostile.name)

    assert seconds < SECONDS
    assert ({finding.code for finding in reading.findings} or {""}) & set(hostile.codes)
    if reading.findings:
        assert reading.is_blocked
        assert all(is_said_in_full(finding) for finding in reading.findings if finding.code in hostile.codes)
    assert path.read_bytes() == hostile.content


@pytest.mark.parametrize("content", [XLSX, DOCX, PDF], ids=["xlsx", "docx", "pdf"])
def test_the_good_forms_they_are_made_from_are_good(guard: Guard, tmp_path: Path, content: bytes) -> None:
    name = {XLSX: "a.xlsx", DOCX: "a.docx", PDF: "a.pdf"}[content]
    path = tmp_path / "spooled"
    path.write_bytes(content)

    reading, _ = timed(guard, path, name)

    assert reading.findings == ()
    assert reading.values == example("dang-ky", "pass-catp")


@pytest.mark.parametrize("hostile", list(makers.pdfs(PDF)), ids=lambda hostile: hostile.title)
def test_a_paper_that_is_not_a_form_passes_the_same_door(guard: Guard, tmp_path: Path, hostile: Hostile) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(hostile.content)

    probed = probe_guarded(guard, path, hostile.name)

    only_as_form = {"A07", "pdf.no-form", "text.forbidden-character"}
    if not set(hostile.codes) & only_as_form:
        assert probed.is_blocked
    elif set(hostile.codes) <= only_as_form:
        assert probed.findings == ()


def test_values_are_data_and_come_out_verbatim(guard: Guard, tmp_path: Path) -> None:
    texts = {
        "position": "{{ ''.__class__.__mro__ }} {% for x in y %}",
        "venue": "<w:p>& \"' ]]></w:t> =cmd|'/c calc'!A1",
    }
    values = example("dang-ky", "pass-catp")
    assert isinstance(values["leader"], dict)
    assert isinstance(values["activities"], list)
    assert isinstance(values["activities"][0], dict)
    values["leader"]["position"], values["activities"][0]["venue"] = texts["position"], texts["venue"]
    form = CONTEXT.form("dang-ky")
    assert form is not None
    for name, write in (("a.xlsx", writers.as_xlsx), ("a.docx", writers.as_docx), ("a.pdf", writers.as_pdf)):
        path = tmp_path / name
        path.write_bytes(write(form, values, writers.plain(CONTEXT)))
        reading, _ = timed(guard, path, name)
        assert reading.values == values
        assert reading.findings == ()


def test_a_stream_that_inflates_without_end_is_stopped(guard: Guard, tmp_path: Path) -> None:
    packed = zlib.compress(bytes(150_000_000), 1)
    stream = b"4 0 obj\n<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream\nendobj\n" % (len(packed), packed)
    body = makers.small(page="/Contents 4 0 R").replace(b"xref\n", stream + b"xref\n", 1)
    path = tmp_path / "bomb.pdf"
    path.write_bytes(body)

    reading, seconds = timed(guard, path, "bomb.pdf")

    assert reading.is_blocked
    assert seconds < SECONDS


EXPECTED = {
    "acroform_hostile.pdf": "file.program",
    "billion_laughs.docx": "file.tampered",
    "billion_laughs.xlsx": "file.tampered",
    "count_lie_1e9.pdf": "A07",  # accepted at the door: one page, which is no form
    "deep_nesting.pdf": "file.damaged",
    "dimension_lie_XFD1048576.xlsx": "kind.unknown",  # the dimension is not believed
    "dup_member_document.docx": "file.tampered",
    "embedded_exe.pdf": "file.embedded-object",
    "empty.pdf": "file.empty",
    "encrypted_userpw.pdf": "I04",
    "exe_named.xlsx": "I02",
    "external_template_rel.docx": "file.external-link",
    "hostile_values.json": "text.forbidden-character",
    "hostile_values.xlsx": "text.forbidden-character",
    "huge_mediabox.pdf": "file.too-heavy",
    "js_openaction.pdf": "file.program",
    "json_deep.json": "file.json",
    "macro.docm": "I05",
    "ole_embedded.docx": "file.embedded-object",
    "pages_loop.pdf": "file.tampered",
    "xref_prev_loop.pdf": "file.doubtful",
    "xxe_file.docx": "file.tampered",
    "yaml_billion_laughs.yaml": "file.yaml",
    "yaml_dupkeys.yaml": "file.yaml",
    "yaml_merge.yaml": "file.yaml",
    "yaml_python_object.yaml": "file.yaml",
    "zipbomb_sharedstrings.xlsx": "file.too-heavy",
    "zipbomb_sheet_300k_rows.xlsx": "file.too-heavy",
}


@pytest.mark.skipif(not SAMPLES, reason="VANTHU_HOSTILE_SAMPLES names no folder of hostile samples")
def test_every_sample_gets_its_stated_verdict(guard: Guard) -> None:
    seen = set()
    for path in sorted(Path(SAMPLES).iterdir()):
        if path.name == "README.md":
            continue
        reading, seconds = timed(guard, path, path.name)
        assert EXPECTED[path.name] in {finding.code for finding in reading.findings}, path.name
        assert seconds < SECONDS, path.name
        seen.add(path.name)
    assert seen == set(EXPECTED)
