"""What is measured is put on its page between the marks of its section, and nothing else is touched."""

from pathlib import Path

from benchmarks.pages import write_section


def test_a_report_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    write_section("performance.md", "reading", "Reading", "first", tmp_path)
    write_section("performance.md", "other", "Other", "beside", tmp_path)
    write_section("performance.md", "reading", "Reading", r"second \1", tmp_path)

    text = (tmp_path / "performance.md").read_text("utf-8")
    assert "<!-- reading: begin -->\nsecond \\1\n<!-- reading: end -->" in text
    assert "first" not in text
    assert "<!-- other: begin -->\nbeside\n<!-- other: end -->" in text
