"""Draw the files of examples/2022: what ten units and the cluster's clerk drop into the inbox in one year.

    python -m scripts.draw_examples

The values are those of templates/*/examples/pass-*.yaml, typed as people type; some first versions are faulty on
purpose (noi-dung.md §10). The same values give the same bytes, so that a changed file in a commit means something.
"""

import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Final

import yaml

from pipeline import years
from pipeline.model import FormTree
from pipeline.years import Year
from scripts.example_fillable import Fillable
from scripts.example_letters import Letter
from scripts.example_sheets import Sheets
from scripts.example_values import ROOT, Style, Values, changed, form, there, tree

TARGET: Final = ROOT / "examples" / "2022"
TITLE: Final = "BẢN ĐĂNG KÝ THI ĐUA NĂM 2022"
_EPOCH: Final = (2022, 5, 1, 0, 0, 0)


def main() -> None:
    """Draw every file into its folder."""
    for name, content in drawn().items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path.relative_to(ROOT))


def drawn() -> dict[str, bytes]:
    """Every file by its name below examples/2022."""
    year = years.load(ROOT / "years" / "2022.yaml")
    files = {**_registrations(year), **_of_the_cluster(year)}
    return {name: _settled(content) if content[:2] == b"PK" else content for name, content in files.items()}


def _registrations(year: Year) -> dict[str, bytes]:
    fields = tree("dang-ky")
    to = f"{year.cluster.head_title} {year.cluster.name}"

    def values(code: str) -> Values:
        return form("dang-ky", f"pass-{code.lower()}")

    def letter(code: str, style: Style, filled: Values) -> bytes:
        unit = there(year.unit(code))
        return Letter(fields, year, style).drawn(TITLE, filled, (unit.head_lines[0], unit.head_lines[1]), to)

    def sheets(style: Style, filled: Values, one_sheet: str = "") -> bytes:
        return Sheets(fields, year, style).drawn(TITLE, filled, one_sheet)

    catp, dhqg, kdcd = values("CATP"), values("DHQG"), values("KDCD")
    two = f"{catp['activities'][0]['title']}\nHội thao truyền thống lực lượng Công an"
    spoken = Style(dates="slash", contents="title", by_alias=True, head="state")
    plain = Style(dates="words", contents="number")
    return {
        "EVNHCMC/Dang ky thi dua 2022.xlsx": sheets(Style(dates="cell", money="number"), values("EVNHCMC")),
        "CATP/Công an TP - ĐK.docx": letter("CATP", spoken, changed(catp, activities__0__title=two)),
        "CATP/Công an TP - ĐK (sửa).docx": letter("CATP", spoken, catp),
        "BTLTP/dang-ky-2022.yaml": _yaml(values("BTLTP"), "Bản đăng ký thi đua năm 2022 của Bộ Tư lệnh TP.HCM"),
        "BDBPTP/Dang ky BDBP 2022.xlsx": _in_tcvn3(
            sheets(Style(dates="dot", units="alias", font=".VnTime"), values("BDBPTP"))
        ),
        "SAWACO/SAWACO dang ky thi dua.pdf": Fillable(fields, year, Style()).drawn(
            TITLE, "dang-ky", values("SAWACO")
        ),
        "SATRA/DK thi dua SATRA CHOT.xlsx": sheets(Style(dates="slash", contents="title"), values("SATRA"), "Sheet1"),
        "DHQG/DHQG dang ky.xlsx": sheets(
            Style(dates="cell", units="alias"),
            changed(dhqg, targets__5__content_code="ND5", focal_point__phone=900000007),
        ),
        "DHQG/DHQG dang ky (sua lan 2).xlsx": sheets(Style(dates="cell", units="alias"), dhqg),
        "KDCD/Dang ky thi dua 2022.docx": letter(
            "KDCD", plain, changed(kdcd, activities__0__planned_date="31/06/2022")
        ),
        "KDCD/Dang ky thi dua 2022 (sua lan 3) CHOT.docx": letter("KDCD", plain, kdcd),
        "KNH/KNH.docx": _decomposed(letter("KNH", Style(by_alias=True, units="alias"), values("KNH"))),
        "KCXCN/dang ky thi dua.yaml": _yaml(values("KCXCN"), "Bản đăng ký thi đua năm 2022"),
    }


def _of_the_cluster(year: Year) -> dict[str, bytes]:
    plan, minutes = form("ke-hoach", "pass-2022"), form("bien-ban", "pass-trien-khai")
    pledge, appendix = form("giao-uoc", "pass-2022"), form("phu-luc-hoat-dong", "pass-2022")
    signing = form("bien-ban", "pass-ky-giao-uoc")
    style = Style(dates="slash", contents="code")

    def word(title: str, fields: FormTree, values: Values) -> bytes:
        return Letter(fields, year, style).drawn(title, values)

    def excel(title: str, fields: FormTree, values: Values) -> bytes:
        return Sheets(fields, year, style).drawn(title, values)

    name = year.cluster.name.upper()
    minutes_title = "BIÊN BẢN HỘI NGHỊ TRIỂN KHAI"
    plan_title = f"KẾ HOẠCH TỔ CHỨC CÁC HOẠT ĐỘNG THI ĐUA NĂM 2022 CỦA {name}"
    report_title = "BÁO CÁO SƠ KẾT CÔNG TÁC THI ĐUA 6 THÁNG ĐẦU NĂM 2022"
    return {
        "cum/Giay moi trien khai.docx": word("GIẤY MỜI", tree("giay-moi"), form("giay-moi", "pass-trien-khai")),
        "cum/cong-van-gui-du-thao.yaml": _yaml(form("cong-van", "pass-gui-du-thao"), "Công văn", "cong-van"),
        "cum/Bao cao so ket 6 thang.xlsx": excel(
            report_title, tree("bao-cao-so-ket"), form("bao-cao-so-ket", "pass-2022")
        ),
        "cum/Bien ban trien khai 25-5.xlsx": excel(
            minutes_title, tree("bien-ban"), changed(minutes, decisions__2__against=1)
        ),
        "cum/Bien ban trien khai 25-5 (sua).xlsx": excel(minutes_title, tree("bien-ban"), minutes),
        "cum/Ke hoach 2022 du thao.docx": word(plan_title, tree("ke-hoach"), changed(plan, contents__5=None)),
        "cum/Ke hoach 2022 hoan chinh.docx": word(plan_title, tree("ke-hoach"), plan),
        "cum/quy-che.yaml": _yaml(form("quy-che", "pass-2022"), "Quy chế hoạt động của Cụm", "quy-che"),
        "cum/phu-luc-hoat-dong.yaml": _yaml(appendix, "Phụ lục hoạt động", "phu-luc-hoat-dong"),
        "cum/Giao uoc thi dua 2022.xlsx": excel("GIAO ƯỚC THI ĐUA NĂM 2022", tree("giao-uoc"), pledge),
        "cum/bien-ban-ky-giao-uoc.yaml": _yaml(signing, "Biên bản lễ ký giao ước", "bien-ban"),
    }


class _Dumper(yaml.SafeDumper):
    """YAML as people write it: lists indented, every text as it stands, times in quotes."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists too."""
        super().increase_indent(flow, indentless=False)


def _yaml(values: Values, title: str, kind: str = "dang-ky") -> bytes:
    text = yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=116)
    dates = re.sub(
        r"'([0-9]{4})-([0-9]{2})-([0-9]{2})'", lambda found: f"{int(found[3])}/{int(found[2])}/{found[1]}", text
    )
    return f"# {title}\nkind: {kind}\n{dates}".encode()


def _settled(package: bytes) -> bytes:
    """An Office file without the times at which it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", b"2022-05-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _rewritten(package: bytes, parts: str, change: Callable[[str], str]) -> bytes:
    """An Office file with the texts between the tags of some parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if re.fullmatch(parts, name):
                text = re.sub(rb">([^<]+)<", lambda found: _between(change, found), text)
            new.writestr(name, text)
    return stream.getvalue()


def _between(change: Callable[[str], str], found: re.Match[bytes]) -> bytes:
    return f">{html.escape(change(html.unescape(found[1].decode('utf-8'))), quote=False)}<".encode()


def _decomposed(package: bytes) -> bytes:
    """A Word file typed on a machine that keeps marks apart from their letters (NFD)."""
    return _rewritten(package, r"word/document\.xml", lambda text: unicodedata.normalize("NFD", text))


_TCVN3: Final = dict(
    zip(
        "áàảãạăắằẳẵặâấầẩẫậđéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵĂÂĐÊÔƠƯ",
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉË®ÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\u00adøõö÷ùýúûüþ¡¢§£¤¥¦",
        strict=True,
    )
)


def _in_tcvn3(package: bytes) -> bytes:
    """A workbook typed in the encoding before Unicode, which only its font (.VnTime) tells (noi-dung.md §8.3)."""

    def encoded(text: str) -> str:
        # the old encoding has no capitals with tone marks: people typed them small
        small = "".join(char if char in _TCVN3 or char.isascii() else char.lower() for char in text)
        return "".join(_TCVN3.get(char, char) for char in small)

    return _rewritten(package, r"xl/(sharedStrings|worksheets/sheet[0-9]+)\.xml", encoded)


if __name__ == "__main__":
    main()
