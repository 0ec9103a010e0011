"""`vanthu kinds`: the document kinds, and whether their folders hold together."""

import click

from pipeline import messages
from pipeline.cli import showing
from pipeline.cli.session import Session
from pipeline.messages import mark, tr

KIND_ERROR = 11


@click.group(help=mark("The kinds of documents."))
def kinds() -> None:
    """Hold the commands about kinds."""


@kinds.command("list", help=mark("List the kinds there are."))
@showing.json_option
@click.pass_obj
def list_kinds(session: Session, *, as_json: bool) -> None:
    """List the kinds; broken ones are named with their trouble."""
    from pipeline.kinds import load_all

    loaded = load_all(session.config.folders.templates)
    if as_json:
        showing.emit_json(
            {
                "kinds": [
                    {
                        "id": kind.id,
                        "title": kind.title,
                        "abbreviation": kind.abbreviation,
                        "submitted_by": kind.submitted_by,
                        "gathers": [gather.kind for gather in kind.gathers],
                        "register": kind.register,
                        "rules": len(kind.rules.rules),
                        "digest": kind.digest,
                    }
                    for kind in loaded.kinds.values()
                ],
                "broken": [{"kind": trouble.kind, "problems": str(trouble)} for trouble in loaded.broken],
            }
        )
        return
    heads = (tr("kind"), tr("title"), tr("abbreviation"), tr("who submits"), tr("gathers"), tr("rules"))
    rows = [
        (
            kind.id,
            messages.shown(kind.title),
            kind.abbreviation,
            tr("unit") if kind.submitted_by == "unit" else tr("cluster"),
            ", ".join(gather.kind for gather in kind.gathers),
            str(len(kind.rules.rules)),
        )
        for kind in loaded.kinds.values()
    ]
    showing.emit_table(heads, rows)
    for trouble in loaded.broken:
        showing.tell(tr("Broken: {kind}", kind=trouble.kind) + f"\n{trouble}")


@kinds.command(help=mark("Prove that form, rules and template of each kind fit together."))
@click.argument("names", nargs=-1)
@showing.json_option
@click.pass_obj
def check(session: Session, names: tuple[str, ...], *, as_json: bool) -> int:
    """Check the bundles as a whole; exit code 11 when one is broken."""
    from pipeline.proving import prove_all

    proofs = prove_all(session.config.folders.templates, session.config.year_file, names)
    is_broken = any(proof.problems for proof in proofs)
    if as_json:
        showing.emit_json(proofs)
        return KIND_ERROR if is_broken else 0
    for proof in proofs:
        click.echo(f"{proof.kind}: {tr('broken') if proof.problems else tr('in order')}")
        for line in proof.problems:
            click.echo(f"  ✗ {line}")
        for line in proof.notes:
            click.echo(f"  · {line}")
    return KIND_ERROR if is_broken else 0


COMMANDS = (kinds,)
