"""Which templates were found sound before: each is looked at once by each version of the program, not at every start.

Remembered in `var`, by the sha256 of a template's bytes, under the sha256 of the program. The
file is a note and no record: without it, or with one that cannot be read, templates are looked at again.
"""

import functools
import hashlib
import importlib.metadata
import json
import logging
from pathlib import Path
from typing import Final

import pipeline
from pipeline import filling
from pipeline.errors import VanthuError
from pipeline.files import sha256_of, write_durably
from pipeline.filling import TemplateError
from pipeline.kinds import Kind
from pipeline.model import Finding

log = logging.getLogger(__name__)

#: The libraries that are asked whether a template is sound.
_LIBRARIES: Final = ("docxtpl", "jinja2", "lxml", "python-docx")
#: A template that is edited leaves what it was behind; so many are many years of edits.
_MOST: Final = 1000


class SoundTemplates:
    """What was found sound, in `file`; None remembers nothing beyond this process."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._sound: dict[str, None] | None = None

    def problems_of(self, kind: Kind) -> tuple[Finding, ...]:
        """Everything wrong in a kind's template; what was found sound is not looked at again."""
        digest = sha256_of(kind.template)
        sound = self._known()
        if digest in sound:
            return ()
        found = _problems_of(kind)
        if not found:
            sound[digest] = None
        return found

    def keep(self) -> None:
        """Remember for the next start. Where nothing can be written, nothing is remembered."""
        if self._file is None or self._sound is None or self._sound.keys() == self._read().keys():
            return
        said = {"looked_at_by": _code(), "sound": list(self._sound)[-_MOST:]}
        try:
            write_durably(self._file, json.dumps(said, indent=0).encode())
        except VanthuError as trouble:
            log.info("not remembered", extra={"action": "templates.remember", "why": str(trouble)})

    def _known(self) -> dict[str, None]:
        if self._sound is None:
            self._sound = self._read()
        return self._sound

    def _read(self) -> dict[str, None]:
        if self._file is None:
            return {}
        try:
            said = json.loads(self._file.read_bytes())
            return dict.fromkeys(said["sound"]) if said["looked_at_by"] == _code() else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}


def _problems_of(kind: Kind) -> tuple[Finding, ...]:
    try:
        # verified, not compiled: 0.5 s for twelve templates instead of 2.2 s (decision 0017)
        filling.verify_template(kind.template)
    except TemplateError as trouble:
        return trouble.problems
    return filling.template_faults(kind.template)


@functools.cache
def _code() -> str:
    """The sha256 of the program: edited anywhere, it looks at all templates again."""
    digest = hashlib.sha256()
    # all of it, though a few rooms look at templates: a list of rooms would be believed long after it was true
    for path in sorted(Path(pipeline.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for library in _LIBRARIES:
        digest.update(importlib.metadata.version(library).encode())
    return digest.hexdigest()
