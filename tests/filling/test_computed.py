"""What Word or LibreOffice would work out anew is told of a template, whatever its kind and wherever it stands."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.filling import TemplateError, compile_template, template_faults
from pipeline.model import Finding
from tests.filling.making import paragraphs, template
from tests.said import en

#: Every field of ECMA-376 Part 1, 17.16.5, and BARCODE.
FIELDS = (
    "ADDRESSBLOCK", "ADVANCE", "ASK", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "AUTOTEXT", "AUTOTEXTLIST",
    "BIBLIOGRAPHY", "BIDIOUTLINE", "CITATION", "COMMENTS", "COMPARE", "CREATEDATE", "DATE", "DOCPROPERTY",
    "DOCVARIABLE", "EDITTIME", "EQ", "FILENAME", "FILESIZE", "FILLIN", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT",
    "=", "GOTOBUTTON", "GREETINGLINE", "HYPERLINK", "IF", "INDEX", "INFO", "KEYWORDS", "LASTSAVEDBY", "LISTNUM",
    "MACROBUTTON", "MERGEFIELD", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "NOTEREF", "NUMCHARS", "NUMPAGES",
    "NUMWORDS", "PAGE", "PAGEREF", "PRINT", "PRINTDATE", "PRIVATE", "QUOTE", "RD", "REF", "REVNUM", "SAVEDATE",
    "SECTION", "SECTIONPAGES", "SEQ", "SET", "SKIPIF", "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE",
    "TIME", "TITLE", "TOA", "TOC", "USERADDRESS", "USERINITIALS", "USERNAME", "XE", "BARCODE",
)  # fmt: skip
#: Those that fetch something from elsewhere: the door refuses the file.
FETCHING = ("DATABASE", "DDE", "INCLUDEPICTURE", "INCLUDETEXT", "LINK")
#: Without a tag: what follows from the pages, and what prints the same whenever it is looked at.
ALLOWED = {
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "ADVANCE", "BIDIOUTLINE", "FORMCHECKBOX", "FORMDROPDOWN",
    "FORMTEXT", "GOTOBUTTON", "HYPERLINK", "MACROBUTTON", "PRIVATE", "RD", "TA", "TC", "XE",
}  # fmt: skip
TAG = "{{ doc.subject }}"


def runs(*contents: str) -> list[Any]:
    return [parse_xml(f"<w:r {nsdecls('w')}>{content}</w:r>") for content in contents]


def complex_field(instruction: str, shown: str, form: str = "") -> list[Any]:
    # Word cuts instructions into runs as it likes
    half = len(instruction) // 2
    return runs(
        f'<w:fldChar w:fldCharType="begin">{form}</w:fldChar>',
        *(
            f'<w:instrText xml:space="preserve">{part}</w:instrText>'
            for part in (f" {instruction[:half]}", f"{instruction[half:]} ")
        ),
        '<w:fldChar w:fldCharType="separate"/>',
        f"<w:t>{shown}</w:t>",
        '<w:fldChar w:fldCharType="end"/>',
    )


def simple_field(instruction: str, shown: str) -> list[Any]:
    instr = quoteattr(f" {instruction} ")
    return [parse_xml(f"<w:fldSimple {nsdecls('w')} w:instr={instr}><w:r><w:t>{shown}</w:t></w:r></w:fldSimple>")]


def told(*elements: Sequence[Any]) -> tuple[Finding, ...]:
    """What is said of a template with a paragraph of each of these, below a table and a first paragraph."""

    def build(document: Any) -> None:
        document.add_table(1, 1)
        document.add_paragraph("Kính gửi")
        for one in elements:
            document.add_paragraph("Ngày ")._p.extend(one)

    return template_faults(template(build))


@pytest.mark.parametrize("make", [complex_field, simple_field])
def test_every_field_of_the_standard_is_told_unless_it_follows_from_the_pages_or_stands(make: Any) -> None:
    found = told(*(make(f"{name} x", "cũ") for name in FIELDS))
    wrong = [name for name in FIELDS if name not in ALLOWED]
    assert [(one.place.paragraph, one.found) for one in found] == [
        (FIELDS.index(name) + 2, f"{{ {name} x }}") for name in wrong
    ]


@pytest.mark.parametrize("make", [complex_field, simple_field])
@pytest.mark.parametrize("where", ["result", "instruction"])
def test_a_tag_in_any_field_is_told_unless_the_field_keeps_what_stands_in_it(make: Any, where: str) -> None:
    found = told(*(make(name, TAG) if where == "result" else make(f"{name} {TAG}", "cũ") for name in FIELDS))
    keeping = {"HYPERLINK", "FORMTEXT"}
    names = [FIELDS[one.place.paragraph - 2] for one in found]
    assert names == [name for name in FIELDS if name not in keeping]


@pytest.mark.parametrize("name", FETCHING)
def test_a_field_that_fetches_something_makes_no_template(name: str) -> None:
    with pytest.raises(TemplateError, match=name):
        compile_template(template(lambda document: document.add_paragraph()._p.extend(simple_field(name, "x"))))


def test_the_field_is_named_with_its_place_and_the_way_out() -> None:
    (one,) = told(complex_field('DATE \\@ "dd/MM/yyyy"', TAG))
    assert (one.code, one.place.part, one.place.paragraph) == ("template.computed", "word/document.xml", 2)
    assert "DATE" in en(one.message)
    assert "lost" in en(one.message)
    assert "Ctrl+Shift+F9" in en(one.mend)


def test_a_bare_bookmark_name_is_a_reference_and_told() -> None:
    assert [one.found for one in told(complex_field("ten_don_vi", "cũ"))] == ["{ ten_don_vi }"]


@pytest.mark.parametrize("name", ["MERGEFIELD Ten", "IF a = b c d", "NEXT", "ADDRESSBLOCK"])
def test_a_field_of_mail_merge_is_told_as_such(name: str) -> None:
    (one,) = told(simple_field(name, "«Ten»"))
    assert one.code == "template.merge-field"


def test_a_field_within_a_field_is_told_beside_it() -> None:
    begin, end = '<w:fldChar w:fldCharType="begin"/>', '<w:fldChar w:fldCharType="end"/>'
    inner = complex_field("MERGEFIELD Gioi_tinh", "Nam")
    outer = [
        *runs(begin, "<w:instrText> IF </w:instrText>"),
        *inner,
        *runs('<w:instrText> = "Nam" "ông" "bà"</w:instrText>', '<w:fldChar w:fldCharType="separate"/>'),
        *runs("<w:t>ông</w:t>", end),
    ]
    assert [one.found for one in told(outer)] == ["{ MERGEFIELD Gioi_tinh }", '{ IF Nam = "Nam" "ông" "bà" }']


@pytest.mark.parametrize("kind", ["currentDate", "currentTime", "calculated"])
def test_a_form_field_that_works_something_out_is_told(kind: str) -> None:
    form = f'<w:ffData><w:name w:val="n"/><w:textInput><w:type w:val="{kind}"/></w:textInput></w:ffData>'
    assert [one.code for one in told(complex_field("FORMTEXT", "x", form))] == ["template.computed"]
    assert not told(complex_field("FORMTEXT", "x", form.replace(kind, "regular")))


def test_a_field_begun_before_a_text_box_does_not_reach_into_it() -> None:
    box = (
        '<w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>'
        f"{TAG}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    field = complex_field("PAGE", "1")
    field[4:4] = runs(box)
    assert not told(field)


def test_a_field_in_a_header_is_told_with_its_part() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0]._p.extend(complex_field("FILENAME", "a.docx"))

    (one,) = template_faults(template(build))
    assert (one.place.part, one.place.paragraph) == ("word/header1.xml", 1)


@pytest.mark.parametrize("text", [TAG, "TIÊU ĐỀ CŨ"])
@pytest.mark.parametrize("prefix", ["w", "w15"])
def test_a_control_tied_to_data_is_told(text: str, prefix: str) -> None:
    control = (
        f'<w:sdt {nsdecls("w")} xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w:sdtPr>'
        f'<{prefix}:dataBinding w:xpath="/a/b" w:storeItemID="{{1}}"/><w:text/></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
    )
    (one,) = told([parse_xml(control)])
    assert (one.code, one.place.paragraph, one.found) == ("template.computed", 2, text)
    assert ("lost" in en(one.message)) == (text == TAG)


def test_a_control_that_is_tied_to_nothing_is_fine() -> None:
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>{TAG}</w:t></w:r></w:sdtContent>"
        "</w:sdt>"
    )
    assert not told([parse_xml(control)])


@pytest.mark.parametrize("name", ["dayShort", "dayLong", "monthShort", "monthLong", "yearShort", "yearLong"])
def test_a_part_of_todays_date_among_the_letters_is_told(name: str) -> None:
    assert [one.place.paragraph for one in told(runs(f"<w:{name}/>"))] == [2]


def test_a_template_of_plain_tags_has_no_faults_and_one_that_cannot_be_opened_is_left_to_compiling() -> None:
    assert not template_faults(paragraphs("{{ a }}", "{%p if b %}", "x", "{%p endif %}"))
    assert not template_faults(b"no Word file")


MISTYPED = (
    "{ doc.subject }",
    "{doc.subject}}",
    "{ { doc.subject } }",
    "｛｛ year.cluster.name ｝｝",
    "{ signers.main.name | upper }",
    "{ % if doc.due %}",
    "{ %p for x in doc.points % }",
)


@pytest.mark.parametrize("text", MISTYPED)
def test_what_was_meant_as_a_tag_and_is_none_is_told_with_its_place(text: str) -> None:
    (one,) = template_faults(paragraphs("Kính gửi", f"Nội dung: {text}"))
    assert (one.code, one.place.paragraph) == ("template.mistyped-tag", 2)
    assert one.found == text


@pytest.mark.parametrize(
    "text", ["{{ doc.subject }}", "{{doc.subject}}", "{%p if doc.due %}", "{# doc.x #}", "{docs}", "{1}", "{ }"]
)
def test_tags_and_other_braces_are_not(text: str) -> None:
    assert template_faults(paragraphs(text)) == ()
