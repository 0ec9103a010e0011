"""Of the official forms of marks none is missed; of the words of office papers next to none is taken for one."""

from pipeline.vietnamese.secrecy import has_mark, is_marked_name
from tests.vietnamese.secrecy_language import innocent_lines, innocent_names, marked_lines, marked_names

#: Of a thousand innocent lines or names so many may be taken for a mark.
MOST_FALSE = 0.005


def test_every_official_form_of_a_mark_is_seen_in_a_paper_and_in_a_name() -> None:
    lines, names = list(marked_lines()), list(marked_names())
    assert len(lines) + len(names) >= 200
    paper = "ĐẢNG BỘ THÀNH PHỐ\nVĂN PHÒNG\n{}\nSố 12-KH/VPTU\nKính gửi: các đơn vị trong Cụm"
    assert [line for line in lines if not has_mark(paper.format(line).splitlines())] == []
    assert [name for name in names if not is_marked_name(name)] == []


def test_words_of_office_papers_are_not_taken_for_marks() -> None:
    lines, names = list(innocent_lines()), list(innocent_names())
    assert len(lines) >= 500
    taken = [line for line in lines if has_mark(["Kính gửi: các đơn vị", line, "Nơi nhận:"])]
    assert len(taken) <= MOST_FALSE * len(lines), taken
    named = [name for name in names if is_marked_name(name)]
    assert len(named) <= MOST_FALSE * len(names), named
