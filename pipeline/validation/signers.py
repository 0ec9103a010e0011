"""Who signs a unit's paper, held against the year: whether it says by what authority (noi-dung.md F09)."""

from collections.abc import Iterator

from pipeline.kinds import Kind
from pipeline.messages import say
from pipeline.model import Address, Finding, JsonObject, Place, Severity, value_at
from pipeline.years import Year, signing

_SIGNER = Address.of("/leader/full_name")


def untold_authority(values: JsonObject, kind: Kind, year: Year) -> Iterator[Finding]:
    """The signer of whom the year has still to say on whose behalf; the paper prints what the title says of it."""
    unit, day = year.unit(str(values.get("unit_code", ""))), kind.date_of(values)
    if kind.signing.of != "submitter" or unit is None or day is None:
        return
    signer = unit.signatory_named(str(value_at(values, _SIGNER) or ""), day)
    if signer is None or not signing.is_untold(signer, unit):
        return
    yield Finding(
        "signer.authority",
        Severity.WARN,
        say(
            "By what authority {name} ({position}) signs is not known: for the head, by order, or as the head.",
            name=signer.name,
            position=signer.position_sign,
        ),
        Place(_SIGNER),
        signer.name,
        mend=say(
            "The office completes authority and for_whom in years/{year}.yaml: units, {unit}, signatories, {name}.",
            year=year.year,
            unit=unit.code,
            name=signer.name,
        ),
    )
