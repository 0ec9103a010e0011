"""Dressing: the profile's figures are in the file, and nothing else has changed."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from lxml import etree

from pipeline.layout import FormError, Profile, all_profiles, apply
from pipeline.layout.applying import parts_of, twips, w
from pipeline.layout.styles import HEAD_TABLE, PARAGRAPHS
from pipeline.layout.template_builder import TemplateBuilder
from pipeline.ooxml import packed
from tests.layout.sample import KINDS, TEMPLATES

NS = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
PROFILES = [pytest.param(profile, id=profile.id) for profile in all_profiles().values()]


def template(kind: str) -> bytes:
    return (TEMPLATES / kind / "template.docx").read_bytes()


def part(content: bytes, name: str) -> etree._Element:
    return etree.fromstring(parts_of(content)[name])


def style_of(content: bytes, style_id: str) -> etree._Element:
    found = part(content, "word/styles.xml").find(f"w:style[@w:styleId='{style_id}']", NS)
    assert found is not None
    return found


def value(element: etree._Element, path: str, name: str = "val") -> str:
    found = element.find(path, NS)
    return "" if found is None else found.get(w(name), "")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_style_looks_as_the_profile_says(profile: Profile) -> None:
    laid_out = apply(template("ke-hoach"), profile)
    for style_id, look in profile.styles.items():
        style = style_of(laid_out, style_id)
        assert value(style, "w:name") == PARAGRAPHS[style_id].name
        assert value(style, "w:rPr/w:sz") == str(round(look.size * 2))
        assert (style.find("w:rPr/w:b", NS) is not None) is look.bold
        assert (style.find("w:rPr/w:i", NS) is not None) is look.italic
        assert (value(style, "w:rPr/w:u") == "single") is look.underline
        assert value(style, "w:pPr/w:jc") == look.align
        assert value(style, "w:pPr/w:spacing", "before") == str(round(look.before * 20))
        assert (style.find("w:pPr/w:keepNext", NS) is not None) is look.keep_next
        if not look.hanging_mm:
            assert value(style, "w:pPr/w:ind", "firstLine") == str(twips(look.first_mm))
        figure, rule = look.spacing
        shown = value(style, "w:pPr/w:spacing", "line"), value(style, "w:pPr/w:spacing", "lineRule")
        assert shown == (
            (str(round(figure * 20)), "exact") if rule == "exact" else (str(round(figure * 240)), "auto")
        )


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_the_profiles_in_every_section(kind: str, profile: Profile) -> None:
    document = docx.Document(io.BytesIO(apply(template(kind), profile)))
    for section in document.sections:
        width, height = section.page_width, section.page_height
        assert width and height
        assert {round(width.mm), round(height.mm)} == {210, 297}
        assert (width > height) is (kind == "phu-luc-hoat-dong")
        for name in ("top", "bottom", "left", "right"):
            margin = getattr(section, f"{name}_margin")
            assert margin.mm == pytest.approx(getattr(profile.page, f"{name}_mm"), abs=profile.page.tolerance_mm)
        assert section.header_distance is not None
        assert section.header_distance.mm == pytest.approx(profile.page.header_mm, abs=0.1)
        assert section.different_first_page_header_footer


def test_headings_have_their_levels_and_nothing_else_has_one() -> None:
    laid_out = apply(template("quy-che"), all_profiles()["dang-hd05"])
    levels = {one: value(style_of(laid_out, one), "w:pPr/w:outlineLvl") for one in PARAGRAPHS}
    named = {one: level for one, level in levels.items() if level}
    assert (named.pop("VTTenLoai"), named.pop("VTTrichYeuCV")) == ("0", "0")
    assert (named.pop("VTPhuLuc"), named.pop("VTPhuLucTen")) == ("0", "0")
    assert (named.pop("VTMuc"), named.pop("VTChuong"), named.pop("VTTenChuong")) == ("1", "1", "1")
    assert named == {"VTMucNho": "2", "VTMucDam": "2", "VTDieu": "2"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_fonts_are_times_new_roman_everywhere_and_the_language_vietnamese(profile: Profile) -> None:
    styles = part(apply(template("giao-uoc"), profile), "word/styles.xml")
    fonts = styles.findall(".//w:rFonts", NS)
    assert len(fonts) == 1
    assert {fonts[0].get(w(name)) for name in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert value(styles, "w:docDefaults/w:rPrDefault/w:rPr/w:lang") == "vi-VN"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_template_and_profile_give_the_same_bytes(kind: str) -> None:
    profile = all_profiles()["dang-hd05"]
    once = apply(template(kind), profile)
    assert once == apply(template(kind), profile)
    assert once == apply(once, profile)


def test_a_template_goes_from_form_to_form_and_back() -> None:
    party, state = all_profiles()["dang-hd36"], all_profiles()["nd30"]
    laid_out = apply(template("quy-che"), party)
    assert apply(apply(laid_out, state), party) == laid_out


def test_archive_members_carry_no_time_of_making() -> None:
    with zipfile.ZipFile(io.BytesIO(apply(template("ke-hoach"), all_profiles()["nd30"]))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_the_text_of_the_template_is_left_alone() -> None:
    def texts(content: bytes) -> list[str]:
        return [
            "".join(str(text) for text in each.itertext()) for each in part(content, "word/document.xml").iter(w("p"))
        ]

    for profile in all_profiles().values():
        assert texts(apply(template("bien-ban"), profile)) == texts(template("bien-ban"))


def test_a_clerks_own_style_is_left_alone() -> None:
    parts = parts_of(template("ke-hoach"))
    own = b'<w:style w:type="paragraph" w:styleId="RIENG"><w:rPr><w:sz w:val="40"/></w:rPr></w:style>'
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", own + b"</w:styles>")
    laid_out = apply(packed(parts), all_profiles()["nd30"])
    assert value(style_of(laid_out, "RIENG"), "w:rPr/w:sz") == "40"


def test_a_style_missing_from_an_older_template_is_added() -> None:
    parts = parts_of(template("ke-hoach"))
    styles = etree.fromstring(parts["word/styles.xml"])
    gone = styles.find("w:style[@w:styleId='VTDieu']", NS)
    assert gone is not None
    styles.remove(gone)
    parts["word/styles.xml"] = etree.tostring(styles)
    assert value(style_of(apply(packed(parts), all_profiles()["nd30"]), "VTDieu"), "w:rPr/w:sz") == "28"


@pytest.mark.parametrize("profile", PROFILES)
def test_the_head_has_the_profiles_widths_in_each_row(profile: Profile) -> None:
    document = docx.Document(io.BytesIO(apply(template("ke-hoach"), profile)))
    head = next(
        table for table in document.tables if table.style is not None and table.style.style_id == HEAD_TABLE[0]
    )
    for row, widths in zip(head._tbl.tr_lst, (profile.head.names_mm, profile.head.dates_mm), strict=True):
        shown = [int(width.get(w("w"), "")) for width in row.iterfind("w:tc/w:tcPr/w:tcW", NS)]
        assert shown == pytest.approx([twips(width) for width in widths], abs=1)
    grid = [int(column.get(w("w"), "")) for column in head._tbl.tblGrid]
    assert sum(grid) == twips(profile.page.width_mm - profile.page.left_mm - profile.page.right_mm)
    for row in head._tbl.tr_lst:
        assert sum(cell.grid_span for cell in row.tc_lst) == len(grid)


def test_sections_are_numbered_with_a_hyphen_in_party_form_and_a_full_stop_in_state_form() -> None:
    for name, expected in (("dang-hd05", "%1-"), ("nd30", "%1.")):
        numbering = part(apply(template("ke-hoach"), all_profiles()[name]), "word/numbering.xml")
        assert value(numbering, "w:abstractNum/w:lvl[@w:ilvl='0']/w:lvlText") == expected
        assert value(numbering, "w:abstractNum/w:lvl[@w:ilvl='1']/w:lvlText") == "%2."


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"%PDF-1.7", packed({"a.xml": b"<a/>"})])
def test_what_is_no_word_file_is_told(content: bytes) -> None:
    with pytest.raises(FormError, match="Word"):
        apply(content, all_profiles()["nd30"])


def test_a_damaged_part_is_told_by_its_name() -> None:
    parts = parts_of(template("ke-hoach"))
    parts["word/styles.xml"] = parts["word/styles.xml"][:-20]
    with pytest.raises(FormError, match=r"word/styles\.xml"):
        apply(packed(parts), all_profiles()["nd30"])


def test_a_section_without_a_page_size_is_told() -> None:
    parts = parts_of(template("ke-hoach"))
    document = etree.fromstring(parts["word/document.xml"])
    for size in list(document.iter(w("pgSz"))):
        size.getparent().remove(size)  # type: ignore[union-attr]
    parts["word/document.xml"] = etree.tostring(document)
    with pytest.raises(FormError, match="A4"):
        apply(packed(parts), all_profiles()["nd30"])


def test_a_fresh_sheet_is_dressed_in_the_party_form_in_force(tmp_path: Path) -> None:
    builder = TemplateBuilder()
    builder.head()
    builder.title()
    target = tmp_path / "new.docx"
    target.write_bytes(builder.save())
    assert value(style_of(target.read_bytes(), "VTTenLoai"), "w:rPr/w:sz") == "32"
    assert docx.Document(str(target)).paragraphs
