"""A Word file as its parts, and back: the same parts always give the same bytes."""

import io
import zipfile
from collections.abc import Mapping

from pipeline.layout.profile import FormError

_EPOCH = (1980, 1, 1, 0, 0, 0)
_FIRST = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a Word file by name. Raises FormError when it is no Word file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError) as error:
        raise FormError(
            f"The template is no readable Word file (.docx): {error}. Save it again from Word."
        ) from error
    if "word/document.xml" not in parts or "word/styles.xml" not in parts:
        raise FormError("The template is a zip file but no Word file (.docx): it has no text or no styles.")
    return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The Word file of these parts: fixed order, fixed times, one compression."""
    order = [name for name in _FIRST if name in parts] + sorted(parts.keys() - set(_FIRST))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in order:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, parts[name], compresslevel=6)
    return target.getvalue()
