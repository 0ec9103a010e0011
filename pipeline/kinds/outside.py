"""The kinds of papers that were not made here: no form, no template, whatever they are about."""

from typing import Final

from pipeline.kinds.kind import PERMANENT, Kind, Signing, Subject
from pipeline.messages import VIETNAMESE
from pipeline.model import WHOLE, Direction, FormTree, Job, Message
from pipeline.rules import RuleBook


def _kind(id_: str, title: str, english: str, abbreviation: str, direction: Direction) -> Kind:
    return Kind(
        id=id_,
        title=Message.of_texts({VIETNAMESE: title, "en": english}),
        type_name=title,
        abbreviation=abbreviation,
        form_titles=(),
        subject=Subject({}),
        form_family="party",
        submitted_by="cluster",
        gathers=(),
        register=direction.value,
        series=abbreviation,
        issuer="",
        joint_with=(),
        number_at="filing",
        number_printed=direction is Direction.OUTGOING,
        date_field=WHOLE,
        variant=WHOLE,
        round=WHOLE,
        deadline="",
        reminding=None,
        signing=Signing("head"),
        digital_signing=None,
        recipients=(),
        # how long it is kept is for a person to say: nothing that nobody judged is proposed for destruction
        retention_years=PERMANENT,
        fields=FormTree(),
        rules=RuleBook(),
        template=b"",
    )


#: By the ids that their jobs have; a folder of templates has none of them.
OUTSIDE: Final = {
    kind.id: kind
    for kind in (
        _kind("van-ban-den", "Văn bản đến", "Incoming paper", "VBĐEN", Direction.INCOMING),
        _kind("van-ban-di", "Văn bản đi", "Outgoing paper", "VBĐI", Direction.OUTGOING),
    )
}


def is_outside(job: Job) -> bool:
    """Tell whether a job is a paper that was not made here."""
    return job.kind in OUTSIDE


def outside_kind(direction: Direction) -> Kind:
    """Give the kind of papers of one register."""
    return next(kind for kind in OUTSIDE.values() if kind.register == direction)
