"""The kinds as the templates folder has them at this moment, without those whose template cannot be filled."""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline import kinds
from pipeline.app.sound_templates import SoundTemplates
from pipeline.kinds import BrokenKind, Kind, Loaded

#: The templates folder is looked at for changes at most so often.
KINDS_LOOK_SECONDS = 1.0


class KindsNow:
    """The kinds as their folders are now: read again when a file of theirs has changed."""

    def __init__(
        self,
        templates: Path,
        words: Callable[[], Mapping[str, str]] = lambda: kinds.OF_NO_OFFICE,
        known: SoundTemplates | None = None,
    ) -> None:
        self.templates = templates
        self.words = words
        self._known = known or SoundTemplates()
        self._lock = threading.Lock()
        self._looked_at = -math.inf
        self._seen: tuple[object, ...] = ()
        self._loaded = Loaded({})

    def __call__(self) -> Loaded:
        """Give the kinds."""
        # several workers ask at once; reading all kinds takes long enough to be done twice
        with self._lock:
            if time.monotonic() - self._looked_at >= KINDS_LOOK_SECONDS:
                self._look()
                self._looked_at = time.monotonic()
            return self._loaded

    def _look(self) -> None:
        words = self.words()
        files = tuple(
            (str(path), path.stat().st_mtime_ns, path.stat().st_size)
            # the examples lie one deeper: they prove a kind and change nothing about it
            for path in sorted(self.templates.glob("*/*"))
            if path.is_file()
        )
        if (seen := (files, dict(words))) != self._seen:
            loaded = kinds.load_all(self.templates, words)
            self._loaded, self._seen = with_sound_templates(loaded, self.templates, self._known), seen


def with_sound_templates(loaded: Loaded, templates: Path, known: SoundTemplates | None = None) -> Loaded:
    """Move the kinds whose template cannot be compiled to the broken ones, before a unit's form fails on them."""
    known = known or SoundTemplates()
    sound: dict[str, Kind] = {}
    broken = list(loaded.broken)
    for kind in loaded.kinds.values():
        if problems := known.problems_of(kind):
            file = f"{templates.name}/{kind.id}/template.docx"
            broken.append(
                BrokenKind(kind.id, [replace(one, place=replace(one.place, file=file)) for one in problems])
            )
        else:
            sound[kind.id] = kind
    known.keep()
    return Loaded(sound, tuple(broken))
