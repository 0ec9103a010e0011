"""What the form checker tells of one file, without a word of the file: rule, weight, sentence, place."""

from dataclasses import dataclass

from pipeline.layout.check import examined
from pipeline.messages import ENGLISH, shown_in
from pipeline.model import Finding, Message, Place, Severity

_MANY = "{message} The same in"


@dataclass(frozen=True)
class Told:
    """One finding. `about` is our own sentence, values from the file left as {names}; `place` is "t1 r2 c1 p3"."""

    rule: str
    severity: Severity
    about: str
    place: str

    @property
    def key(self) -> tuple[str, str, str]:
        """By which a label knows it; its weight may change."""
        return self.rule, self.about, self.place


def told_of(content: bytes) -> tuple[str, list[Told]]:
    """The form a file was held against ("" for none), and what was told of it."""
    checked = examined(content)
    return checked.profile, [_told(finding) for finding in checked.findings]


def _told(finding: Finding) -> Told:
    return Told(finding.code, finding.severity, _about(finding.message), _place(finding.place))


def _about(message: Message) -> str:
    values = dict(message.params)
    inner = values.get("message")
    if message.id.startswith(_MANY) and isinstance(inner, Message):
        return _about(inner)
    text = message.id
    for name, value in values.items():
        # only our own words are filled in: a value that is no sentence comes from the file
        if isinstance(value, Message) and not value.params:
            text = text.replace(f"{{{name}}}", shown_in(value, ENGLISH))
    return text


def _place(place: Place) -> str:
    parts = (("t", place.table), ("r", place.row), ("c", place.column), ("p", place.paragraph))
    return " ".join(
        [*(f"{letter}{number}" for letter, number in parts if number), *([place.part] if place.part else [])]
    )
