"""Composition: everything a template may print, put together from the form, the year and the official form in force.

Its names are documented in docs/template-names.md. The result is plain values, recorded with the job, so that the
same document can be made again to the byte.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import chain

from pipeline.errors import YearError
from pipeline.kinds import Kind
from pipeline.layout import Profile, blocks
from pipeline.model import Address, Description, Direction, Job, Json, JsonObject, value_at
from pipeline.vietnamese import positions, split_name
from pipeline.years import Unit, Year, signing

#: Fields of a form that composition itself looks at, whether or not a template names them.
COMPOSED = frozenset(
    {
        "emulation_year",
        "subject",
        "legal_basis",
        "recipients",
        "signer",
        "leader",
        "plan_ref",
        "attached_to",
        "parties",
        "unit_code",
    }
)


@dataclass(frozen=True)
class Ingredients:
    """What a document is made of; `doc` are the completed values of its form, `day` its own date."""

    job: Job
    kind: Kind
    year: Year
    day: dt.date
    doc: JsonObject
    gathered: JsonObject
    profile: Profile
    signature_style: str
    symbol: str = ""
    number: int | None = None


def compose(made_of: Ingredients) -> JsonObject:
    """Give the values for a template: doc, choice, year, form, document, signers, recipients, gathered.

    Raises YearError when the year names nobody who could sign.
    """
    year, kind, recipients = made_of.year, made_of.kind, _recipients(made_of)
    return {
        "doc": kind.fields.laid_out(made_of.doc),
        "choice": {name: dict(names) for name, names in kind.fields.choice_names.items()},
        "year": year.as_values(made_of.day),
        "form": made_of.profile.texts(),
        # a công văn prints no type; its properties and citations name it all the same
        "document": blocks.document(made_of.profile, _document_facts(made_of))
        | {"type_name": kind.type_name.upper(), "type": kind.series},
        "signers": _signers(made_of),
        "recipients": list(recipients),
        "recipients_below": blocks.stand_below(made_of.profile, recipients),
        "gathered": made_of.gathered,
    }


def describe(made_of: Ingredients) -> Description:
    """Say what the register and the archive say of the document that `compose` gives the values for.

    Raises YearError when the year names nobody who could sign.
    """
    recipients, unit = _recipients(made_of), made_of.year.unit(made_of.job.unit)
    # the last line of Nơi nhận says who keeps a copy: nobody it is sent to
    kept = [line for line in recipients if line.startswith("Lưu")]
    return Description(
        on=made_of.day,
        title=_document_facts(made_of).title_and_subject,
        profile=made_of.profile.id,
        signer=_signer(made_of),
        recipients=tuple(line for line in recipients if line not in kept),
        kept_by=tuple(line.removeprefix("Lưu").strip(": ") for line in kept),
        author=unit.name if unit else "",
        direction=None if made_of.kind.register == "none" else Direction(made_of.kind.register),
    )


def _recipients(made_of: Ingredients) -> tuple[str, ...]:
    """Give the lines of Nơi nhận as printed: the form's own, else those the kind names; who keeps a copy last."""
    typed, known = made_of.doc.get("recipients"), made_of.year.recipients
    own = [str(line) for line in typed] if isinstance(typed, list) else []
    named = {
        key: blocks.person_sent_to(made_of.profile, _named(made_of.doc, Address.of(key))[0])
        for key in made_of.kind.recipients
        if key.startswith("/")
    }
    lines = [line for key in made_of.kind.recipients if (line := named.get(key) or known.get(key))]
    return blocks.recipients(made_of.profile, own, kept=lines) if own else blocks.recipients(made_of.profile, lines)


def _signer(made_of: Ingredients) -> str:
    """Name who signs: the head, else the chair, else every party."""
    match made_of.kind.signing.block:
        case "pair":
            return _named(made_of.doc, made_of.kind.signing.right)[0]
        case "grid":
            return ", ".join(party.name for party in _parties(made_of.doc) if party.name)
        case _:
            return _head_signer(made_of)[0]


def _unit(made_of: Ingredients) -> Unit | None:
    return made_of.year.unit(made_of.job.unit) if made_of.kind.submitted_by == "unit" else None


def _document_facts(made_of: Ingredients) -> blocks.DocumentFacts:
    kind, cluster, unit = made_of.kind, made_of.year.cluster, _unit(made_of)
    grounds = made_of.doc.get("legal_basis")
    mark, issuer = kind.marks_of(made_of.profile.shapes.letter_office, made_of.symbol or cluster.symbol)
    return blocks.DocumentFacts(
        code=made_of.job.code,
        title=kind.type_name or kind.title_vi,
        type_code=mark,
        subject=kind.subject_of(made_of.doc, made_of.year.as_values(made_of.day)),
        symbol=issuer,
        on=made_of.day,
        # each form writes the place in its own way: HD36 in full, which needs 107 mm of the head (decision 0008)
        # a unit writes from its own seat (HD05 2.6)
        place=(unit and unit.place) or cluster.place_in(made_of.profile.id),
        parent_lines=unit.head_lines[:-1] if unit else cluster.parent_lines,
        issuer=unit.head_lines[-1] if unit else cluster.issuer,
        issuer_name=unit.org if unit else cluster.name,
        number=made_of.number,
        is_numbered=kind.number_printed,
        is_minutes=kind.signing.block == "pair",
        grounds=tuple(str(ground) for ground in grounds) if isinstance(grounds, list) else (),
        attached_to=str(made_of.doc.get("plan_ref") or made_of.doc.get("attached_to") or ""),
        revision=made_of.job.revision,
    )


def _signers(made_of: Ingredients) -> JsonObject:
    signers: JsonObject = {"main": None, "left": None, "right": None, "columns": 0, "rows": [], "witness": None}
    match made_of.kind.signing.block:
        case "pair":
            signing = made_of.kind.signing
            writer, chair = (_named(made_of.doc, person)[0] for person in (signing.left, signing.right))
            # who writes stands left and who chairs right, in both forms (the-thuc.md §2.9, §3.6)
            signers["left"], signers["right"] = blocks.minutes_signers(made_of.profile, writer, chair)
        case "grid":
            # for templates of before there was but one width of the grid
            signers["columns"] = 2
            signers["rows"] = blocks.grid(made_of.profile, _parties(made_of.doc))
            signers["witness"] = _witness(made_of)
        case _:
            signers["main"] = _main(made_of)
    return signers


def names_under_signatures(values: JsonObject) -> tuple[str, ...]:
    """The names that values of a template (`compose`) have printed under signatures, each once."""
    match values["signers"]:
        case {"main": main, "left": left, "right": right, "rows": [*rows], "witness": witness}:
            grid = chain.from_iterable(row for row in rows if isinstance(row, list))
            signers = (main, left, right, *grid, witness)
            return tuple(dict.fromkeys(str(one["name"]) for one in signers if isinstance(one, dict) and one["name"]))
    return ()


def _main(made_of: Ingredients) -> JsonObject:
    name, position = _head_signer(made_of)
    if (unit := _unit(made_of)) is not None:
        known = unit.signatory_named(name, made_of.day)
        right = (
            signing.right_of(known, unit, made_of.day)
            if known
            else signing.right_of_other(position, unit, made_of.day)
        )
        # over a signature the position stands without the organisation's name (HD05)
        return blocks.unit_signer(
            made_of.profile,
            positions.without_acting(position) if right.authority == "quyen" else position,
            name,
            parent=unit.head_lines[0] if len(unit.head_lines) > 1 else "",
            mark=right.mark,
            for_whom=right.for_whom,
        )
    cluster, head = made_of.year.cluster, made_of.year.with_role("cum_truong")
    signer = blocks.ClusterSigner(
        name=name,
        position=position,
        organisation=head.org,
        role=cluster.head_title,
        body=cluster.name,
    )
    return blocks.cluster_signer(made_of.profile, signer, made_of.signature_style)


def _head_signer(made_of: Ingredients) -> tuple[str, str]:
    """Give (name, position) of who signs alone: as the form names them, else as the year does."""
    unit = _unit(made_of)
    # the year knows how a position is written over a signature; the form says only who it is
    if unit is not None:
        name, position = _named(made_of.doc, Address.of("/leader"))
        known = unit.signatory_named(name, made_of.day)
        return name, known.position_sign if known else position
    head = made_of.year.with_role("cum_truong")
    name, position = _named(made_of.doc, Address.of("/signer"))
    signatory = made_of.year.signatory(head, made_of.day)
    # a document that nobody may sign must not be made: the year's file is at fault
    if not name and signatory is None:
        raise YearError(
            f"Nobody signs for {head.code} on {made_of.day:%d/%m/%Y}. "
            f"Add a signatory whose period covers that day to years/{made_of.year.year}.yaml."
        )
    return (
        name or (signatory.name if signatory else ""),
        position or (signatory.position_full if signatory else ""),
    )


def _named(doc: JsonObject, address: Address) -> tuple[str, str]:
    """Give (name, position) of a person in the form, empty when the form names none."""
    person = value_at(doc, address)
    if isinstance(person, dict):
        name, position = str(person.get("full_name", "")), str(person.get("position", ""))
    else:
        name, position = person if isinstance(person, str) else "", ""
    # over a signature no title stands before the name (HD05, NĐ30)
    return split_name(name).full_name, position


def _parties(doc: JsonObject) -> list[blocks.Party]:
    rows: Json = doc.get("parties")
    return [
        blocks.Party(
            str(row.get("org_display", "")), str(row.get("position", "")), str(row.get("representative", ""))
        )
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict)
    ]


def _witness(made_of: Ingredients) -> JsonObject | None:
    witness = made_of.kind.signing.witness
    name, position = _named(made_of.doc, witness) if witness else ("", "")
    return blocks.witness(made_of.profile, made_of.year.cluster.parent, position, name) if name else None
