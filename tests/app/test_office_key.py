"""The secret of an office: made once, kept from others, never made anew in place of one that was spoilt."""

import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from pipeline.app.new_folder import make_working_folder
from pipeline.app.office_key import FILE_NAME, office_key
from pipeline.errors import UnsafeSetupError


def test_a_new_working_folder_has_its_own_secret_which_nobody_else_reads(tmp_path: Path) -> None:
    for name in ("one", "other"):
        make_working_folder(tmp_path / name)
    files = [tmp_path / name / "var" / FILE_NAME for name in ("one", "other")]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o400, 0o400]
    one, other = (office_key(file.parent) for file in files)
    assert len(one) == 32
    assert one != other
    assert office_key(files[0].parent) == one


def test_several_at_once_make_one_secret(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as processes:
        keys = set(processes.map(office_key, [tmp_path] * 16))
    assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "abc", "z" * 64, "0" * 62])
def test_a_spoilt_secret_is_told_and_not_made_anew(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="ascii")
    with pytest.raises(UnsafeSetupError, match="bản sao lưu"):
        office_key(tmp_path)
    assert (tmp_path / FILE_NAME).read_text(encoding="ascii") == content
