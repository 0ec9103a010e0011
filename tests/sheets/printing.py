"""Every kind in every official form, at the sizes an office may meet: shortest, example, longest; 1 to 40 parties."""

import functools
from pathlib import Path

from pipeline import filling, kinds, years
from pipeline.authoring.samples import ANY_CODE, Size, sample_context
from pipeline.kinds import Kind, Loaded
from pipeline.layout import all_profiles, apply, kept_together
from pipeline.papers import codes
from pipeline.vietnamese.filters import FILTERS
from pipeline.years import Year, answers, beginning
from pipeline.years.writing import written
from tests.folders import ROOT
from tests.kinds import examples
from tests.kinds.test_papers import paper

FORMS = ("dang-hd36", "dang-hd05", "nd30")
KINDS = sorted(path.parent.name for path in (ROOT / "templates").glob("*/kind.yaml"))
#: Every text one letter; every text three hundred, and ten lines in each list.
SHORTEST, LONGEST = Size(is_full=False, items=0, letters=1), Size(items=10, letters=300)
#: Lists within lists within lists: three of each make a hundred.
LONGEST_NESTED = Size(items=3, letters=300)
PARTIES = (1, 3, 10, 14, 40)

_NAMES = (
    "Tổng công ty Điện lực Thành phố", "Công an Thành phố", "Bộ Tư lệnh Thành phố",
    "Bộ Chỉ huy Bộ đội Biên phòng Thành phố", "Tổng công ty Cấp nước Sài Gòn trách nhiệm hữu hạn một thành viên",
    "Tổng công ty Thương mại Sài Gòn", "Đại học Quốc gia", "Khối Dân - Chính - Đảng", "Khối Ngân hàng",
    "Các Khu chế xuất và công nghiệp",
)  # fmt: skip
_SIGNERS = ("Trần Văn An", "Lê Thị Bình", "Đặng Thị Thuỳ Nhiên", "Vũ Thu Hà")


@functools.cache
def office(units: int, folder: Path) -> tuple[Year, Loaded]:
    """An office of so many units, and its kinds."""
    lines = ", ".join(
        f'"{_NAMES[at % 10]}{f" {at}" if at >= 10 else ""}; {_SIGNERS[at % 4]}; Chánh Văn phòng Đảng ủy; U{at}"'
        for at in range(units)
    )
    told = answers.read(
        f"""
form: party
year: 2026
name: Cụm thi đua số 7
parent: Văn phòng Thành ủy
place: Tây Ninh
term_from: 2025-10-01
contents: [Tham mưu tổng hợp; 40, Cải cách hành chính; 30, Chuyển đổi số; 30]
units: [{lines}]
""".encode(),
        "office",
    )
    file = folder / str(units) / f"{told.year}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written(beginning.first_table(told)), "utf-8")
    year = years.load(file)
    return year, kinds.load_all(ROOT / "templates", year.words())


def sizes_of(kind_id: str) -> dict[str, Size]:
    """How a kind's form is filled in besides as its example is."""
    return {"shortest": SHORTEST, "longest": LONGEST_NESTED if kind_id in ("quy-che", "bang-diem") else LONGEST}


def example(kind_id: str, form: str) -> bytes:
    """The Word document of the kind's first example that passes."""
    return paper(kind_id, first_example(kind_id), form)


def first_example(kind_id: str) -> str:
    """The kind's first example that passes and is a whole form: one that starts from another tries out a fault."""
    files = (ROOT / "templates" / kind_id / "examples").glob("pass-*.yaml")
    return min(file.stem for file in files if "\nform:" in f"\n{file.read_text(encoding='utf-8')}")


def sample(kind_id: str, form: str, size: Size, year: Year | None = None, known: Loaded | None = None) -> bytes:
    """The Word document of a kind whose form is filled in at a size."""
    known = known or _kinds_of(all_profiles()[form].family)
    year = year or example_year(all_profiles()[form].family)
    values = sample_context(known.kinds[kind_id], year, known.kinds, size, profile=all_profiles()[form])
    template = _template(known.kinds[kind_id], form)
    pictures = {one: codes.picture(ANY_CODE) for one in template.pictures}
    return filling.fill(
        template,
        values,
        filters=FILTERS,
        pictures=pictures,
        finish=functools.partial(kept_together, profile=all_profiles()[form]),
    )


def example_year(family: str = "party") -> Year:
    """The year of the example's office, as one of the Party or of the State."""
    return examples.year(family)


def _kinds_of(family: str) -> Loaded:
    """The kinds of the example's office as those of the Party or of the State have them."""
    return examples.loaded(family)


def _template(kind: Kind, form: str) -> filling.CompiledTemplate:
    return filling.compile_template(apply(kind.template, all_profiles()[form]))
