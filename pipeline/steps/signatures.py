"""Digital signatures of a paper that came back: checked once, held against who must sign, told in sidecars."""

import json
from collections.abc import Iterator
from typing import Final

from pipeline import papers
from pipeline.filling.composition import names_under_signatures
from pipeline.model import DigitalSignature, Finding, Job, Recognition, Role, SignatureCheck
from pipeline.papers import Comparison, Required, SeenRevision
from pipeline.workspace import Workspace

#: Facts of a signature that a sidecar tells, beside those that are times.
_TOLD: Final = (
    *("field", "signer", "organisation", "issuer", "serial", "sha256", "verdict", "time_source", "revocation"),
    *("sub_filter", "coverage", "changes", "permits", "ends_at", "problem"),
)
_TIMES: Final = ("at", "claimed_at", "token_at")


def checked(workspace: Workspace, job: Job, recognition: Recognition) -> SignatureCheck | None:
    """Check a paper's digital signatures as of its receipt; None when it has none."""
    if not recognition.digital_signatures:
        return None
    path = workspace.spool.path(job.submission_sha256)
    return papers.check_signatures(workspace.guard, path, workspace.folders.certificates, job.received_at)


def signed_digitally(
    workspace: Workspace,
    job: Job,
    document: Job,
    recognition: Recognition,
    check: SignatureCheck,
    comparison: Comparison | None,
) -> Iterator[Finding]:
    """Find what keeps the digital signatures of a paper from making it the signed one of a document."""
    yield from papers.signature_findings(check)
    # on a scan people have signed by hand, and a digital signature is one more; there is no text to compare either
    if check.problem or not recognition.has_text:
        return
    yield from papers.policy_findings(check, _required(workspace, document), comparison)
    yield from papers.time_findings(check, document.received_at)
    yield from papers.content_findings(_revisions(workspace, job, document, check))


def signers_of(workspace: Workspace, document: Job) -> tuple[str, ...]:
    """The names under the signatures of a document, as they were printed."""
    return names_under_signatures(json.loads(workspace.artifact(document, Role.VALUES)))


def _required(workspace: Workspace, document: Job) -> Required | None:
    kind = workspace.kind(document)
    signing = kind.digital_signing
    if signing is None:
        return None
    year = workspace.year(document.year)
    # a cluster has no seal of its own: its head unit's organisation signs for it (noi-dung §1.5)
    unit = year.unit(document.unit) if kind.submitted_by == "unit" else year.with_role("cum_truong")
    cluster = () if kind.submitted_by == "unit" else (year.cluster.name, year.cluster.full_name, year.cluster.parent)
    return Required(
        persons=signers_of(workspace, document),
        organisations=signing.organisations or (*cluster, *(unit.names() if unit else ())),
        order=signing.by,
        picture_suffices=signing.picture_suffices,
    )


def _revisions(
    workspace: Workspace, job: Job, document: Job, check: SignatureCheck
) -> tuple[SeenRevision, ...] | None:
    """Hold what the first signature covers, and the file as it came, against what was sent out."""
    rendition = workspace.ledger.artifact(document.id, Role.RENDITION)
    if rendition is None:
        return None
    paper = workspace.spool.path(job.submission_sha256)
    # where the file was written anew, the places that signatures name are none of its own
    ends = [one.ends_at for one in check.signatures if one.coverage.startswith("entire-")]
    asked = (*ends[:1], paper.stat().st_size)
    return papers.compare_revisions(
        workspace.guard, paper, workspace.spool.path(rendition.sha256), asked, signers_of(workspace, document)
    )


def check_facts(check: SignatureCheck) -> dict[str, object]:
    """What a sidecar, or a machine, is told of the signatures: plain values, the same facts always the same."""
    return {
        "signatures": [_facts(one) for one in check.signatures],
        "roots": [{"name": one.name, "sha256": one.sha256} for one in check.roots],
        "revocation_lists": list(check.lists),
        "appended_bytes": check.appended_bytes,
        "problem": check.problem,
    }


def _facts(one: DigitalSignature) -> dict[str, object]:
    moments = {name: getattr(one, name) for name in _TIMES}
    return {name: getattr(one, name) for name in _TOLD} | {
        name: moment.isoformat() if moment else "" for name, moment in moments.items()
    }
