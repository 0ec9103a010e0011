"""Opening the Word file to be checked: its XML parts, or the finding that says why it is none.

Files of others are opened in a guarded child (`check_guarded`), which limits memory and time; here is told what can
be told in a sentence.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipeline.messages import say
from pipeline.model import Finding, Place, Severity

MOST_PARTS: Final = 4000
MOST_BYTES: Final = 256 * 1024 * 1024
MOST_PART_BYTES: Final = 48 * 1024 * 1024

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN: Final = "/officeDocument"
_XML_ENDINGS: Final = (".xml", ".rels")
_RELATION: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

Element = etree._Element


class Unreadable(Exception):  # noqa: N818 - names a state of the file
    """The file cannot be checked; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True)
class Opened:
    """A Word file: its main part's name, its XML parts as trees, and what each part's relations point to."""

    main: str
    trees: dict[str, Element]
    relations: dict[str, dict[str, tuple[str, str]]]

    def related(self, kind: str, part: str = "") -> list[str]:
        """The parts a part (the main one) points to by relations whose type ends in `kind`."""
        found = self.relations.get(part or self.main, {}).values()
        return [target for type_, target in found if type_.endswith(kind) and target in self.trees]

    def tree(self, kind: str) -> Element | None:
        """The one part of that kind: "/styles", "/numbering", "/settings", "/theme"."""
        names = self.related(kind)
        return self.trees[names[0]] if names else None


def opened(content: bytes) -> Opened:
    """Open a Word file. Raises Unreadable."""
    if content.startswith(_OLE):
        raise Unreadable(
            Finding(
                "file.unreadable",
                Severity.BLOCK,
                say("This is a protected file or one of the old Word (.doc); it cannot be looked into."),
                mend=say("Open it in Word, take the password off, and save it as .docx."),
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        OSError,
        RuntimeError,
        KeyError,
    ) as error:
        raise Unreadable(_damaged("")) from error
    trees = {name: _tree(name, xml) for name, xml in parts.items()}
    relations = {
        _owner(name): _relations(_owner(name), tree) for name, tree in trees.items() if name.endswith(".rels")
    }
    main = next((target for type_, target in relations.get("", {}).values() if type_.endswith(_MAIN)), "")
    root = trees.get(main)
    if root is None or not str(root.tag).endswith("}document") or "wordprocessingml" not in str(root.tag):
        raise Unreadable(
            Finding(
                "file.unreadable",
                Severity.BLOCK,
                say("This is no Word document (.docx)."),
                mend=say("Check the Word file (.docx), not the PDF or another file."),
            )
        )
    return Opened(main, trees, relations)


def _parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
        raise Unreadable(_too_heavy())
    if any(info.flag_bits & 1 for info in infos):
        raise Unreadable(
            Finding(
                "file.unreadable",
                Severity.BLOCK,
                say("The file is protected by a password."),
                mend=say("Open it in Word, take the password off, and save it as .docx."),
            )
        )
    parts = {}
    for info in infos:
        if info.filename.endswith(_XML_ENDINGS):
            if info.file_size > MOST_PART_BYTES:
                raise Unreadable(_too_heavy())
            parts[info.filename.lstrip("/")] = archive.read(info)
    return parts


def _tree(name: str, xml: bytes) -> Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        tree = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(_damaged(name)) from error
    if tree.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(_damaged(name))
    return tree


def _owner(relations_part: str) -> str:
    """The part whose relations a .rels part holds ("" is the package)."""
    folder, _, file = relations_part.rpartition("_rels/")
    return folder + file.removesuffix(".rels")


def _relations(owner: str, tree: Element) -> dict[str, tuple[str, str]]:
    found = {}
    for relation in tree.iter(_RELATION):
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            continue
        found[relation.get("Id", "")] = (relation.get("Type", ""), _resolved(owner, target))
    return found


def _resolved(owner: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    steps = owner.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _damaged(part: str) -> Finding:
    return Finding(
        "file.unreadable",
        Severity.BLOCK,
        say("The file is damaged: it is no Word document that can be opened."),
        Place(part=part),
        mend=say("Open it in Word, save it again as .docx, and check that file."),
    )


def _too_heavy() -> Finding:
    return Finding(
        "file.unreadable",
        Severity.BLOCK,
        say("The file is far larger than an official document; it was not looked into."),
        mend=say("Take pictures and attachments out, and save it again from Word."),
    )
