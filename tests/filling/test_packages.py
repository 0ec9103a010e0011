"""What is written is a sound Word file: its parts, ids and relationships; and the parts docxtpl leaves out."""

import io
import posixpath
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm
from docxtpl import InlineImage, RichText
from lxml import etree

from pipeline.filling import TemplateError, ValueRefused, compile_template, fill, inventory
from tests.filling.making import paragraphs, png, replaced, template, texts, with_part

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WML = "application/vnd.openxmlformats-officedocument.wordprocessingml"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _note(kind: str, value: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:{kind}s xmlns:w="{W}"><w:{kind} w:id="1"><w:p><w:r>'
        f"<w:t>{value}</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
    ).encode()


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def test_the_body_is_finished_before_it_is_packed_whichever_way_it_was_made() -> None:
    source = template(lambda document: document.add_paragraph("{{ picture }}{{ word }}"))
    compiled = compile_template(source)
    picture = InlineImage(compiled.docxtpl(), png(), width=Mm(5))
    for values in ({"picture": "", "word": "một"}, {"picture": picture, "word": "một"}):
        made = fill(compiled, values, finish=lambda body: bytes(body).replace("một".encode(), b"hai"))
        assert "".join(texts(made)) == "hai"
        assert_sound(made)


def assert_sound(content: bytes) -> None:
    """No part twice, every part has a content type, every relationship a target, every drawing its own id."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len({name.lower() for name in names}) == len(names)
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        defaults = {node.get("Extension", "").lower() for node in types if node.tag.endswith("Default")}
        overrides = [node.get("PartName", "") for node in types if node.tag.endswith("Override")]
        assert len(set(overrides)) == len(overrides)
        assert {name.lstrip("/") for name in overrides} <= set(names)
        for name in names:
            assert f"/{name}" in overrides or name.rpartition(".")[2].lower() in defaults, name
            if name.endswith(".rels"):
                _assert_related(archive, name)
            elif name.startswith("word/") and name.endswith(".xml"):
                ids = re.findall(rb'<wp:docPr [^>]*\bid="(\d*)"', archive.read(name))
                assert len(set(ids)) == len(ids), name


def _assert_related(archive: zipfile.ZipFile, name: str) -> None:
    folder, leaf = name.split("_rels/")
    relations = etree.fromstring(archive.read(name))
    identifiers = [node.get("Id") for node in relations]
    assert len(set(identifiers)) == len(identifiers)
    for node in relations:
        if node.get("TargetMode") != "External":
            target = node.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}{target}")
            assert path in archive.namelist(), target
    owner = f"{folder}{leaf.removesuffix('.rels')}"
    if owner in archive.namelist():
        used = set(re.findall(r'\br:(?:id|embed|link|pict)="([^"]+)"', archive.read(owner).decode()))
        assert used <= set(identifiers), owner


def _full(document: Any) -> None:
    for container in (document, document.sections[0].header):
        container.add_paragraph("{%p for x in xs %}")
        container.add_paragraph("{{ x }}").add_run().add_picture(png(), width=Mm(5))
        container.add_paragraph("{%p endfor %}")
    document.add_picture(png("blue"))


def test_drawings_in_loops_have_ids_of_their_own() -> None:
    made = fill(compile_template(template(_full)), {"xs": ["a", "b", "c"]})
    assert_sound(made)
    assert _part(made, "word/document.xml").count(b"<wp:docPr") == 4
    assert _part(made, "word/header1.xml").count(b"<wp:docPr") == 3


def test_pictures_made_inline_in_loops_are_sound() -> None:
    compiled = compile_template(paragraphs("{% for x in xs %}{{ x }}{% endfor %}"))
    document = compiled.docxtpl()
    assert_sound(fill(compiled, {"xs": [InlineImage(document, png(colour)) for colour in ("red", "green", "red")]}))


def test_links_in_rich_text_get_a_relationship() -> None:
    compiled = compile_template(paragraphs("{{r a }}", "{% if slow %}{% block x %}{% endblock %}{% endif %}"))
    for content in (compiled, compile_template(paragraphs("{{r a }}"))):
        address = "https://example.org/?a=1&b=2"
        rich = RichText("here", url_id=content.docxtpl().build_url_id(address))
        made = fill(content, {"a": rich, "slow": False})
        assert_sound(made)
        (link,) = Document(io.BytesIO(made)).paragraphs[0].hyperlinks
        assert (link.text, link.address) == ("here", address)


def test_a_link_made_for_another_document_is_refused() -> None:
    with pytest.raises(ValueRefused):
        fill(compile_template(paragraphs("{{r a }}")), {"a": RichText("here", url_id="rId99")})


@pytest.mark.parametrize("kind", ["footnote", "endnote", "comment"])
@pytest.mark.parametrize("extra", ["", "{% block x %}{% endblock %}"], ids=["fast", "slow"])
def test_notes_and_comments_are_filled(kind: str, extra: str) -> None:
    content = with_part(
        paragraphs("{{ a }}" + extra),
        f"{kind}s.xml",
        _note(kind, "N {{ a }} {% if b %}{{ c.d }}{% endif %}"),
        f"{WML}.{kind}s+xml",
        f"{REL}/{kind}s",
    )
    compiled = compile_template(content)
    assert inventory(compiled).paths == ("a", "b", "c.d")
    made = fill(compiled, {"a": "x & {{ y }}\n{_{", "b": True, "c": {"d": "z"}})
    assert_sound(made)
    root = etree.fromstring(_part(made, f"word/{kind}s.xml"))
    assert "".join(map(str, root.itertext())) == "N x & {{ y }}{_{ z"
    assert len(root.findall(f".//{{{W}}}br")) == 1


TEXT_BOX = (
    '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
    "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>box {{ a }}</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>{%p for x in xs %}</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>{{ x }}</w:t></w:r></w:p><w:p><w:r><w:t>{%p endfor %}</w:t></w:r></w:p>"
    "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)


def test_text_boxes_are_filled() -> None:
    content = replaced(
        paragraphs("HERE"),
        "word/document.xml",
        "<w:r><w:t>HERE</w:t></w:r>",
        f"{TEXT_BOX}<w:r><w:t>{{{{ a }}}}</w:t></w:r>",
    )
    made = fill(compile_template(content), {"a": "one\ttwo\nthree", "xs": ["p", "q"]})
    assert_sound(made)
    root = etree.fromstring(_part(made, "word/document.xml"))
    box = next(root.iter(f"{{{W}}}txbxContent"))
    assert ["".join(map(str, p.itertext())) for p in box.iter(f"{{{W}}}p")] == ["box onetwothree", "p", "q"]
    runs = next(box.iter(f"{{{W}}}p")).findall(f"{{{W}}}r")
    assert [run.find(f"{{{W}}}rPr") is not None for run in runs] == [True, True, True]
    assert len(root.findall(f".//{{{W}}}tab")) == 2
    assert len(root.findall(f".//{{{W}}}br")) == 2


def test_a_document_opens_as_an_ordinary_zip_without_times() -> None:
    made = fill(compile_template(paragraphs("{{ a }}")), {"a": "x"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_a_table_without_a_grid_is_no_obstacle() -> None:
    content = replaced(
        template(lambda document: document.add_table(1, 1)), "word/document.xml", "<w:tblGrid>", "<w:x>"
    )
    content = replaced(content, "word/document.xml", "</w:tblGrid>", "</w:x>")
    assert_sound(fill(compile_template(content), {}))


def test_a_template_with_a_part_twice_is_refused() -> None:
    doubled = io.BytesIO(paragraphs("x"))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(doubled, "a") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(TemplateError):
        compile_template(doubled.getvalue())


@pytest.mark.slow
@pytest.mark.office
def test_documents_open_in_libreoffice(tmp_path: Path) -> None:
    made = fill(compile_template(template(_full)), {"xs": ["một", "hai\nba"]})
    (tmp_path / "made.docx").write_bytes(made)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--infilter=MS Word 2007 XML",
        "--convert-to",
        "txt:Text",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "made.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    said = (tmp_path / "made.txt").read_text("utf-8-sig").split("\n")
    assert [line for line in said if line.strip()][:3] == ["một", "hai", "ba"]
    assert [line for line in texts(made) if line] == ["một", "hai\nba"]
