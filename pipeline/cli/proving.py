"""`vanthu verify`, `prove`, `rebuild`: an archive proved without its ledger, one paper of it, a ledger made of it."""

from pathlib import Path

import click

from pipeline.cli import showing
from pipeline.cli.session import Session, reason_given
from pipeline.errors import UnknownThing
from pipeline.messages import mark, tr

_FILE = click.Path(path_type=Path)


@click.command(
    help=mark("Verify an archive without its ledger, and against signed heads that were kept elsewhere; only reads.")
)
@click.argument("archive", type=_FILE, required=False)
@click.option(
    "--anchors",
    "--heads",
    "anchors",
    type=_FILE,
    multiple=True,
    help=mark("A file with heads: the anchors file or its folder, a receipt, a notice. May be given several times."),
)
@click.option(
    "--proof",
    type=_FILE,
    help=mark(
        "Check the proof of one paper instead: its page in PDF, or its text. Needs the archive's public key only."
    ),
)
@click.option("--paper", type=_FILE, help=mark("With --proof: the paper itself, to be held against the proof."))
@showing.json_option
@click.pass_obj
def verify(
    session: Session,
    archive: Path | None,
    anchors: tuple[Path, ...],
    proof: Path | None,
    paper: Path | None,
    *,
    as_json: bool,
) -> int:
    """Verify; the exit code is that of an integrity error when something is not as it was."""
    from pipeline.archive.time_stamps import stamp_findings
    from pipeline.archive.verifying import heads_at, proof_findings, verified
    from pipeline.proof.standalone import keys_of

    _refuse_absent(archive, *anchors, proof, paper)
    if proof is not None:
        found = proof_findings(_proof_text(proof), keys_of(archive or session.settings.folders.archive), paper)
        return showing.emit_discrepancies(found, clean=tr("The paper is proved."), as_json=as_json)
    if archive is None:
        folders = session.settings.folders
        archive = folders.archive
        # those that are not there are told by `check`: this command may be run where they are not
        anchors = anchors or ((folders.anchors,) if (folders.anchors / "moc.txt").is_file() else ())
    found = [*verified(archive, heads_at(anchors)), *stamp_findings(anchors)]
    return showing.emit_discrepancies(found, clean=tr("The archive is as it was."), as_json=as_json)


def _refuse_absent(*paths: Path | None) -> None:
    """Raise UnknownThing for what is not there: nothing is verified then, and nobody must think so."""
    for path in paths:
        if path is not None and not path.exists():
            raise UnknownThing(tr("“{path}” is not there; nothing was verified.", path=str(path)))


def _proof_text(file: Path) -> str:
    """Read a proof's text, out of the page in PDF that carries it."""
    content = file.read_bytes()
    if content.startswith(b"%PDF"):
        from pipeline.answers.proof_page import text_in

        return text_in(content)
    return content.decode("utf-8", "replace")


@click.command(
    help=mark("Prove one filed paper: a page in PDF that anybody can check without this machine."),
    epilog=showing.DOCUMENTS,
)
@showing.document_argument
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.pass_obj
def prove(session: Session, document: str, file: Path | None) -> None:
    """Write the proof of a document's paper."""
    from pipeline.app.operations import find
    from pipeline.app.proving import proved
    from pipeline.files import write_durably

    with session.workspace() as workspace:
        job = find(workspace, document)
        target = file or Path(f"chung-minh-{job.id}.pdf")
        write_durably(target, proved(workspace, job).page)
    showing.tell(tr("The proof is written to {file}.", file=str(target)))


@click.command(help=mark("Make what a lost or restored ledger lacks anew from the archive; the reason is recorded."))
@click.option("--why", required=True, help=mark("The reason, for the record."))
@showing.json_option
@click.pass_obj
def rebuild(session: Session, why: str, *, as_json: bool) -> None:
    """Bring the ledger up to the archive."""
    from pipeline.app.rebuilding import rebuild as rebuild_from_archive

    with session.workspace(mends=True) as workspace:
        rebuilt = rebuild_from_archive(workspace, reason_given(why))
    if as_json:
        showing.emit_json(rebuilt)
    elif not rebuilt.entries and not rebuilt.papers:
        showing.tell(tr("The ledger knows all that the archive knows; nothing is to be done."))
    else:
        showing.tell(
            tr(
                "{entries} entries of the register and {papers} filed papers were made anew from the archive. The "
                "other events of those days are gone; forms that were under way then must be dropped again.",
                entries=rebuilt.entries,
                papers=rebuilt.papers,
            )
        )


@click.group(help=mark("The copy of the archive in an object store."))
def archive() -> None:
    """Group the commands about the archive's copy."""


@archive.command(
    help=mark("Bring a copy of the archive out of an object store into a folder, and verify it; nothing is replaced.")
)
@click.argument("source", metavar="URL")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@showing.json_option
@click.pass_obj
def fetch(session: Session, source: str, folder: Path, *, as_json: bool) -> int:
    """Fetch; the exit code is that of an integrity error when the copy is not as it was."""
    from pipeline.app.object_stores import store_at
    from pipeline.archive.copying import fetch as bring
    from pipeline.archive.verifying import verified

    files = bring(store_at(source, session.access), folder)
    if not as_json:
        showing.tell(tr("{files} files were brought to {folder}.", files=files, folder=str(folder)))
    return showing.emit_discrepancies(verified(folder, []), clean=tr("The archive is as it was."), as_json=as_json)


COMMANDS = (verify, prove, rebuild, archive)
