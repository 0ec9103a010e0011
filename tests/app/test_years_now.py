"""A working folder is opened with the years whose files are sound."""

from pathlib import Path

import pytest

from pipeline.errors import YearError
from tests.folders import opened, working_folder


def test_a_year_that_is_half_made_does_not_stop_this_years_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    years = working_folder(tmp_path) / "years"
    (years / "2023.yaml").write_bytes((years / "2022.yaml").read_bytes())  # copied, not yet changed

    with opened(tmp_path) as workspace:
        assert set(workspace.years) == {2022}

    (told,) = [record for record in caplog.records if record.getMessage() == "year left out"]
    assert "2023.yaml" in vars(told)["why"]


def test_the_year_that_is_served_must_be_sound(tmp_path: Path) -> None:
    years = working_folder(tmp_path) / "years"
    (years / "2023.yaml").write_bytes((years / "2022.yaml").read_bytes())
    (years / "2022.yaml").write_text("year: 2022\n", encoding="utf-8")

    with pytest.raises(YearError) as caught, opened(tmp_path):
        pass

    assert "2022.yaml" in str(caught.value) and "2023.yaml" not in str(caught.value)
