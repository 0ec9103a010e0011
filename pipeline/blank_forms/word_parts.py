"""The parts of a form's Word file that are the same for every kind: styles, settings, relations, properties."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_W: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FOOTER: Final = "rId4"

_OVERRIDES: Final = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_TYPES: Final = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    + "".join(f'<Override PartName="/{name}" ContentType="{type_}"/>' for name, type_ in _OVERRIDES.items())
    + "</Types>"
)
_PACKAGE_RELATIONS: Final = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/relationships/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>"
)
_RELATIONS: Final = f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">' + "".join(
    f'<Relationship Id="rId{at}" Type="{_OFFICE}/relationships/{name.rstrip("1")}" Target="{name}.xml"/>'
    for at, name in enumerate(("styles", "settings", "numbering", "footer1"), start=1)
)
_SETTINGS: Final = (
    f'{_XML}<w:settings xmlns:w="{_W}"><w:zoom w:percent="100"/>'
    # fill-only, without a password: it keeps labels from being overwritten by mistake, it keeps nobody out
    '<w:documentProtection w:edit="forms" w:enforcement="1"/>'
    '<w:defaultTabStop w:val="567"/><w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="vi-VN" w:eastAsia="vi-VN"/>'
    '<w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)

_FONTS: Final = (
    '<w:rFonts w:ascii="Times New Roman" w:eastAsia="Times New Roman" w:hAnsi="Times New Roman" '
    'w:cs="Times New Roman"/>'
)
#: Paragraph styles: id -> (name in Word, paragraph properties, run properties).
_PARAGRAPHS: Final = {
    "FormHead": ("Mẫu, đơn vị", '<w:jc w:val="center"/>', "<w:b/>"),
    "FormTitle": ("Mẫu, tên", '<w:spacing w:before="120"/><w:jc w:val="center"/>', '<w:b/><w:sz w:val="32"/>'),
    "FormYear": ("Mẫu, năm", '<w:spacing w:after="60"/><w:jc w:val="center"/>', "<w:i/>"),
    "FormNote": (
        "Mẫu, cách ghi",
        '<w:keepNext/><w:spacing w:after="60"/>',
        '<w:i/><w:color w:val="595959"/><w:sz w:val="20"/>',
    ),
    "FormHeading": (
        "Mẫu, mục",
        '<w:keepNext/><w:spacing w:before="200" w:after="80"/>',
        '<w:b/><w:color w:val="1F3864"/><w:sz w:val="26"/>',
    ),
    "FormLabel": ("Mẫu, nhãn", '<w:spacing w:before="30"/>', "<w:b/>"),
    "FormHint": ("Mẫu, gợi ý", "", '<w:i/><w:color w:val="595959"/><w:sz w:val="18"/>'),
    "FormValue": ("Mẫu, ô điền", '<w:spacing w:before="30" w:after="30"/>', ""),
    "FormColumn": ("Mẫu, đầu cột", '<w:keepNext/><w:jc w:val="center"/>', '<w:b/><w:sz w:val="20"/>'),
    "FormCell": ("Mẫu, ô bảng", '<w:spacing w:before="20" w:after="20"/>', '<w:sz w:val="21"/>'),
    "FormCount": (
        "Mẫu, số thứ tự",
        '<w:spacing w:before="20" w:after="20"/><w:jc w:val="center"/>',
        '<w:sz w:val="21"/>',
    ),
    "FormGap": ("Mẫu, khoảng cách", '<w:spacing w:line="120" w:lineRule="exact"/>', '<w:sz w:val="8"/>'),
    "FormFoot": (
        "Mẫu, chân trang",
        '<w:tabs><w:tab w:val="right" w:pos="9921"/></w:tabs>',
        '<w:color w:val="595959"/><w:sz w:val="16"/>',
    ),
}
_STYLES: Final = (
    f'{_XML}<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>{_FONTS}<w:sz w:val="24"/>'
    '<w:szCs w:val="24"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    + "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id_}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{look}</w:rPr></w:style>'
        for id_, (name, paragraph, look) in _PARAGRAPHS.items()
    )
    + '<w:style w:type="character" w:customStyle="1" w:styleId="FormPlaceholder"><w:name w:val="Mẫu, chỗ điền"/>'
    '<w:rPr><w:color w:val="7F7F7F"/></w:rPr></w:style>'
    '<w:style w:type="character" w:customStyle="1" w:styleId="FormRequired"><w:name w:val="Mẫu, bắt buộc"/>'
    '<w:rPr><w:b/><w:color w:val="C00000"/></w:rPr></w:style></w:styles>'
)
_APPLICATION: Final = (
    f'{_XML}<Properties xmlns="{_OFFICE}/extended-properties"><Application>vanthu</Application></Properties>'
)

#: Everything but the text, the footer, the lists and the properties.
FIXED: Final[Mapping[str, bytes]] = MappingProxyType(
    {
        name: text.encode()
        for name, text in {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _PACKAGE_RELATIONS,
            "word/_rels/document.xml.rels": f"{_RELATIONS}</Relationships>",
            "word/settings.xml": _SETTINGS,
            "word/styles.xml": _STYLES,
            "docProps/app.xml": _APPLICATION,
        }.items()
    }
)


def document_xml(body: str) -> bytes:
    """The text. Older programs may pass over what is new in w14 and w15."""
    return (
        f'{_XML}<w:document xmlns:w="{_W}" xmlns:r="{_OFFICE}/relationships" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
        'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" mc:Ignorable="w14 w15">'
        f"<w:body>{body}</w:body></w:document>"
    ).encode()


def footer_xml(text: str) -> bytes:
    """The footer: what the form is, and the page."""
    page = "".join(
        f"<w:r>{inner}</w:r>"
        for inner in (
            "<w:tab/>",
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    return (
        f'{_XML}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="FormFoot"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>{page}</w:p></w:ftr>'
    ).encode()


def numbering_xml(lists: int) -> bytes:
    """The counters of the rows: one list for each table, each beginning at 1."""
    each = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="1"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for at in range(1, lists + 1)
    )
    return (
        f'{_XML}<w:numbering xmlns:w="{_W}"><w:abstractNum w:abstractNumId="1"><w:multiLevelType '
        'w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff '
        'w:val="nothing"/><w:lvlText w:val="%1"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
        f"{each}</w:numbering>"
    ).encode()


def core_xml(title: str, marker: str) -> bytes:
    """The properties of the file: the category says which form it is, of which version."""
    # fixed: the same plan gives the same bytes
    made = '<dcterms:{0} xsi:type="dcterms:W3CDTF">2022-01-01T00:00:00Z</dcterms:{0}>'
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<cp:category>{escape(marker)}</cp:category>{made.format('created')}<dc:creator>vanthu</dc:creator>"
        f"<dc:language>vi-VN</dc:language>{made.format('modified')}<dc:title>{escape(title)}</dc:title>"
        "</cp:coreProperties>"
    ).encode()
