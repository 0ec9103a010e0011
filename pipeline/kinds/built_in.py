"""A kind that comes with the program: no folder of templates has it, and no document is made of it."""

from pipeline.kinds.kind import PERMANENT, Kind, Signing, Subject
from pipeline.messages import VIETNAMESE
from pipeline.model import WHOLE, Direction, FormTree, Message
from pipeline.rules import RuleBook


def built_in(
    id_: str,
    title: str,
    english: str,
    abbreviation: str,
    *,
    direction: Direction | None = None,
    form_titles: tuple[str, ...] = (),
    fields: FormTree | None = None,
) -> Kind:
    """Make a kind without rules and template; `direction` None for one that no register has."""
    return Kind(
        id=id_,
        title=Message.of_texts({VIETNAMESE: title, "en": english}),
        type_name=title if direction else "",
        abbreviation=abbreviation,
        form_titles=form_titles,
        subject=Subject({}),
        has_form=True,
        form_family="party",
        submitted_by="cluster",
        gathers=(),
        register=direction.value if direction else "none",
        series=abbreviation if direction else "",
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
        fields=fields or FormTree(),
        rules=RuleBook(),
        template=b"",
    )
