"""What a receipt shows of a form as it was read."""

from pipeline.answers.notes import Understood
from pipeline.messages import VIETNAMESE
from tests.kinds import examples
from tests.kinds.test_papers import values_of


def test_a_table_within_a_table_follows_its_row_line_by_line() -> None:
    values = values_of("quy-che", "pass-2022")
    lines = list(Understood(examples.kind_named("quy-che").fields, VIETNAMESE).lines(values))
    at = lines.index(("Chương", "2. II · Tên chương: Tổ chức của Cụm"))
    assert lines[at + 1] == ("Điều", "3 · Tên điều: Cơ cấu tổ chức · Chủ đề của điều: Khác")
    assert lines[at + 2] == ("Khoản", "1 · Lời khoản: Cụm có Cụm trưởng, Cụm phó, các đơn vị thành viên và thư ký.")
    assert ("Điểm", "b · Lời điểm: Chủ trì các hội nghị, lễ ký kết giao ước;") in lines
