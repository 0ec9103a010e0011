"""Values of any kind's form, as a careful person would have them: drawn from the fields alone, canonical from birth.

`values_of(kind)` gives what reading must give back when a form was filled in with it.
"""

import datetime as dt
import re
from typing import Any

from hypothesis import strategies as st

from pipeline import vietnamese
from pipeline.kinds import Kind
from pipeline.model import Json, JsonObject
from pipeline.reading.labels import is_placeholder, without_bullet, without_leaders
from pipeline.vietnamese import clean
from tests.rules.samples import year

_FAMILY = ("Nguyễn", "Trần", "Đặng", "Huỳnh", "Phạm", "Lê", "Võ", "Đỗ")
_MIDDLE = ("Thị", "Văn", "Hữu", "Ngọc", "Quốc", "Thuỳ", "Mỹ", "Đình")
_GIVEN = ("An", "Bình", "Duyệt", "Khánh", "Nhiên", "Uyển", "Ý", "Hoà")
#: Texts that a reader may take for something else: labels, headings, totals, notes, numbers, markup, formulas.
_TEMPTING = (
    "Người ký",
    "Đơn vị: Công an TP.HCM",
    "Tổng cộng",
    "Ghi chú: xem phụ lục",
    "I. Nội dung thi đua",
    "12",
    "012",
    "98,5%",
    "27/5/2022",
    "Nội dung 3",
    "Cụm trưởng",
    "= 1 + 1",
    "+84 đường dây nóng",
    "@mọi người",
    "<b>đậm</b> & {{ tên }}",
    "yes: no # chú thích",
    "'trong nháy'",
    '"trong nháy kép"',
    "a; b, c",
    "có \\ gạch chéo",
    "true",
    "null",
    "~",
    "2022-02-30",
    "Kết quả đạt 100 % (vượt 5 % so với năm trước)",
)
_LETTERS = "abcdeghiklmnopqrstuvxyàáảãạăâđêôơưABCDĐEGHKLMNTƯ0123456789 .,;:()%/-–“”'\"&<>#!?*+=@_|~^$[]{}\\"

Node = dict[str, Any]


def values_of(kind: Kind) -> st.SearchStrategy[JsonObject]:
    """Values of a kind's form: everything required and some of the rest, of the year that the tests work in."""
    return _object(dict(kind.fields.schema), fixed={"emulation_year": st.just(year().year)})


@st.composite
def _object(draw: st.DrawFn, node: Node, fixed: dict[str, st.SearchStrategy[Json]] | None = None) -> JsonObject:
    made: JsonObject = {}
    for name, child in node["properties"].items():
        if name in node.get("required", ()) or draw(st.booleans()):
            made[name] = draw(fixed[name] if fixed and name in fixed else _node(child))
    if not made:  # a group or a row with nothing in it is none
        name, child = next(iter(node["properties"].items()))
        made[name] = draw(_node(child))
    return made


def _node(node: Node) -> st.SearchStrategy[Any]:
    if "properties" in node:
        return _object(node)
    if "items" in node:
        least = max(1, node.get("minItems", 1))
        most = min(node.get("maxItems", least + 2), least + 2)
        return st.lists(_item(node["items"]), min_size=least, max_size=most, unique_by=repr)
    return _value(node)


def _item(node: Node) -> st.SearchStrategy[Any]:
    """Of a table, or of a list: items have no bullets, and what stands side by side no semicolons."""
    if "properties" in node:
        return _object(node)
    return _value(node).filter(lambda value: not isinstance(value, str) or without_bullet(value) == value)


def _value(node: Node) -> st.SearchStrategy[Any]:
    x_type = node["x-type"]
    if x_type in _OF_TYPE:
        return _OF_TYPE[x_type]
    least, most = int(node.get("minimum", 0)), int(node.get("maximum", 10**6))
    if x_type in {"integer", "money"}:
        return st.integers(least, most)
    if x_type in {"number", "percent"}:
        return st.integers(least * 100, most * 100).map(
            lambda number: number / 100 if number % 100 else number // 100
        )
    if x_type == "choice":
        return st.sampled_from(node["enum"])
    if x_type == "unit_code":
        return st.sampled_from([unit.code for unit in year().units])
    if x_type == "content_code":
        return st.sampled_from([content.code for content in year().contents])
    return _text(node)


def _text(node: Node) -> st.SearchStrategy[str]:
    if "pattern" in node:
        return st.from_regex(re.compile(node["pattern"], re.ASCII), fullmatch=True)
    most = node.get("maxLength", 60)
    text = st.one_of(st.sampled_from(_TEMPTING), st.text(_LETTERS, min_size=1, max_size=min(most, 40)))
    return text.map(lambda made: clean(made)[:most].strip()).filter(_is_kept)


def _is_kept(text: str) -> bool:
    """Whether reading is meant to keep a text as it is."""
    return bool(text) and not is_placeholder(text) and without_leaders(text) == text and clean(text) == text


def _span(text: str) -> JsonObject:
    span = vietnamese.parse_span(text)
    assert span is not None
    return {"from": span.first.isoformat(), "to": span.last.isoformat(), "text": text}


_OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "date": st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)).map(dt.date.isoformat),
    "date_fuzzy": st.sampled_from(["tháng 6/2022", "quý II/2022", "đầu tháng 6/2022"]).map(_span),
    "time": st.times().map(lambda time: f"{time:%H:%M}"),
    "year": st.integers(2000, 2099),
    "flag": st.booleans(),
    "person": st.tuples(*map(st.sampled_from, (_FAMILY, _MIDDLE, _GIVEN))).map(" ".join),
    "phone": st.integers(0, 10**8 - 1).map(lambda number: f"09{number:08}"),
    "email": st.integers(1, 999).map(lambda number: f"daumoi{number}@example.vn"),
}
