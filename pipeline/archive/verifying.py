"""Verifying an archive by itself and against heads kept elsewhere: no ledger is needed, and none is asked.

The stand-alone program does it (`pipeline.proof.standalone`); here its faults become findings.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.files import sha256_of
from pipeline.messages import say
from pipeline.model import Finding, Severity
from pipeline.proof import standalone
from pipeline.proof.signing import is_signed_by
from pipeline.proof.standalone import ANCHORS, FOLDER, SELF, Fault, Head, filed_by, heads_of, read_proof


def heads_at(paths: Iterable[Path]) -> list[Head]:
    """Read heads from anchors files, their folders, receipts and notices."""
    files = [path / ANCHORS if path.is_dir() else path for path in paths]
    return [head for file in files for head in heads_of(file)]


def verified(archive: Path, heads: list[Head], sees: Callable[[str], object] = str) -> list[Finding]:
    """Give what is not as it was; without heads a warning says that nothing outside was asked."""
    found = [finding_of(fault) for fault in standalone.verify(archive, heads, is_signed_by, sees)]
    program = archive / FOLDER / SELF
    if program.is_file() and program.read_bytes() != Path(standalone.__file__).read_bytes():
        message = say(
            "{file} is not the program of this version: it is an older one's, or somebody has changed it. Do not "
            "trust what it says; the next run of vanthu puts the right one there.",
            file=f"{FOLDER}/{SELF}",
        )
        found.append(Finding("archive.program", Severity.WARN, message, found=SELF))
    if not heads:
        message = say(
            "The archive was compared with itself only. Name the file of heads or receipts of units (--anchors): who "
            "can change everything here cannot change those."
        )
        found.append(Finding("heads.none", Severity.WARN, message))
    return found


def proof_findings(text: str, keys: list[bytes], paper: Path | None) -> list[Finding]:
    """Check the proof of one paper, without archive and ledger; that it holds is told with what it says."""
    proof = read_proof(text)
    if proof is None:
        return [Finding("proof.unreadable", Severity.BLOCK, say("There is no whole proof in this file."))]
    if not keys:
        message = say("The office's public key is not known here: name the archive, or a folder with its keys.")
        return [Finding("proof.no-key", Severity.BLOCK, message)]
    if not proof.holds(keys, is_signed_by):
        message = say("The proof does not lead to a head that this office has signed: it proves nothing.")
        return [Finding("proof.broken", Severity.BLOCK, message)]
    said = json.loads(proof.entry.partition(b"\n")[2])
    files = filed_by(said)
    if paper is not None and sha256_of(paper) not in files.values():
        message = say("{paper} is not the paper that is proved.", paper=paper.name)
        return [Finding("proof.other-paper", Severity.BLOCK, message, found=paper.name)]
    message = say(
        "Entry {index} of {size} files {path}, sha256 {sha256}; recorded {at} by {who}.",
        index=proof.index + 1,
        size=proof.head.size,
        path=next(iter(files), "–"),
        sha256=next(iter(files.values()), "–"),
        at=_told(str(said.get("at", ""))),
        who=str(said.get("who", "")),
    )
    return [Finding("proof.holds", Severity.INFO, message, found=next(iter(files), ""))]


def _told(moment: str) -> str:
    """A recorded moment, in local time."""
    return f"{dt.datetime.fromisoformat(moment).astimezone():%d/%m/%Y %H:%M}" if moment else ""


def finding_of(fault: Fault) -> Finding:
    """Say a fault of the stand-alone program as a finding."""
    return (_of_journal if fault.code.startswith(("journal.", "head.")) else _of_papers)(fault)


def _of_journal(fault: Fault) -> Finding:
    where, facts = fault.where, fault.facts
    match fault.code:
        case "journal.missing":
            said = say("There is no journal in {where}: nothing can be proved.", where=where)
            return Finding("journal.missing", Severity.BLOCK, said, found=where)
        case "journal.gap":
            said = say(
                "{where}: the journal can be read up to line {line} only; a file or lines are missing.",
                where=where,
                line=facts["line"],
            )
            return Finding("journal.gap", Severity.BLOCK, said, found=where)
        case "journal.line":
            said = say("{where}: line {line} is no line of a journal.", where=where, line=facts["line"])
            return Finding("journal.line", Severity.BLOCK, said, found=where)
        case "journal.changed":
            said = say(
                "The head of {size} lines in {where} does not fit: between line {good} and line {size} the journal "
                "was changed, or lines were removed, put in or moved.",
                size=facts["size"],
                where=where,
                good=facts["good"],
            )
            return Finding("journal.changed", Severity.BLOCK, said, found=where)
        case "journal.cut":
            said = say(
                "A head in {where} tells of {size} lines, the journal has {lines}: its end was cut off, or the "
                "archive was restored from an old backup.",
                where=where,
                size=facts["size"],
                lines=facts["lines"],
            )
            return Finding("journal.cut", Severity.BLOCK, said, found=where)
        case "head.split":
            said = say(
                "{where}: two heads of {size} lines, both signed, do not agree: there are two books.",
                where=where,
                size=facts["size"],
            )
            return Finding("head.split", Severity.BLOCK, said, found=where)
        case "head.signature":
            said = say(
                "The head of {size} lines in {where} is not signed by this office.", size=facts["size"], where=where
            )
            return Finding("head.signature", Severity.BLOCK, said, found=where)
        case _:
            said = say("The last {lines} lines have no head yet.", lines=facts["lines"])
            return Finding("head.none-since", Severity.WARN, said, found=where)


def _of_papers(fault: Fault) -> Finding:
    where, facts = fault.where, fault.facts
    match fault.code:
        case "chain.changed":
            said = say(
                "Series {where}: its chain breaks at line {line} of the journal; an entry was changed, removed or "
                "put in.",
                where=where,
                line=facts["line"],
            )
            return Finding("chain.changed", Severity.BLOCK, said, found=where)
        case "chain.gap":
            said = say(
                "Series {where}: the number at line {line} of the journal should be {number}.",
                where=where,
                line=facts["line"],
                number=facts["number"],
            )
            return Finding("chain.gap", Severity.BLOCK, said, found=where)
        case "paper.missing":
            said = say("{where} is filed by the register, but is no longer there.", where=where)
            return Finding("paper.missing", Severity.BLOCK, said, found=where)
        case "paper.changed":
            said = say("{where} is not the file that was filed: its content was replaced.", where=where)
            return Finding("paper.changed", Severity.BLOCK, said, found=where)
        case _:
            said = say("{where} is in no register; somebody has put it there.", where=where)
            return Finding("paper.unknown", Severity.BLOCK, said, found=where)
