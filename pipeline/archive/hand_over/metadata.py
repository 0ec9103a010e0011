"""What is said of a dossier and of its documents for machines: at least what TT 05/2025/TT-BNV asks for.

Identifier, time of keeping, title, language, keywords, access, digital signature (the-thuc.md §10.4), in the names of
the project; METS, EAD and PREMIS are no part of it.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.archive.hand_over.dossier import Filled, kept_for, may_be_destroyed_from
from pipeline.archive.hand_over.pdfa import Judgement

FORMAT: Final = 1
LANGUAGE, ACCESS = "Tiếng Việt", "Công khai"


@dataclass(frozen=True)
class Rendition:
    """A PDF/A beside the originals: its path in the bag, and what was found of it.

    `is_printed`: it is what was printed and signed; `wordless` are its pages without words that can be searched.
    """

    path: str
    judgement: Judgement
    is_printed: bool
    wordless: tuple[int, ...] = ()

    def facts(self) -> dict[str, object]:
        """Give it as the metadata tell it."""
        return {
            "path": self.path,
            "checked_by": self.judgement.by,
            "rules": list(self.judgement.rules),
            "result": self.judgement.said,
            "faults": list(self.judgement.faults),
            "not_judged": list(self.judgement.left),
            "pages_without_text": list(self.wordless),
            "made": "before signing" if self.is_printed else "for the hand-over, of the Word document",
        }


def metadata(dossier: Filled, renditions: Mapping[int, Rendition], not_included: Sequence[str]) -> bytes:
    """Write the metadata as JSON; `renditions` are the PDF/A renditions by the papers' positions."""
    entry, fonds, days = dossier.entry, dossier.fonds, dossier.days
    until = may_be_destroyed_from(entry.period.ends or entry.period.begins, dossier.retention_years)
    said = {
        "format": FORMAT,
        # by its code alone: handed over again it is the same dossier
        "object_id": f"urn:{fonds.fonds}:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'vanthu:{dossier.state_code}')}",
        "identifier": dossier.state_code,
        "folder": dossier.folder,
        "code": entry.code,
        "title": entry.title,
        "organisation": dossier.organisation_name,
        "fonds": {"code": fonds.fonds, "name": fonds.fonds_name},
        "inventory": {"code": fonds.inventory, "name": fonds.inventory_name},
        "retention": kept_for(dossier.retention_years),
        "may_be_destroyed_from": until.isoformat() if until else None,
        "opened_on": entry.period.begins.isoformat(),
        "closed_on": entry.period.ends.isoformat() if entry.period.ends else None,
        "first_document_on": days[0].isoformat() if days else None,
        "last_document_on": days[1].isoformat() if days else None,
        "language": LANGUAGE,
        "keywords": list(entry.keywords),
        "access": ACCESS,
        "pages": dossier.pages,
        "documents": [_paper(dossier, position, renditions) for position in range(len(dossier.papers))],
        "not_included": list(not_included),
    }
    return (json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _paper(dossier: Filled, position: int, renditions: Mapping[int, Rendition]) -> dict[str, object]:
    paper, leaves = dossier.papers[position], dossier.leaves()[position]
    return {
        "identifier": f"{dossier.state_code}.{position + 1:03d}",
        "name": dossier.name_of(position),
        "order": position + 1,
        "document_code": paper.document_code,
        "number": paper.number,
        "incoming_number": paper.entered,
        "document_on": paper.on.isoformat() if paper.on else None,
        "type": paper.type_name,
        "title": paper.title,
        "author": paper.author,
        "signer": paper.signer,
        "language": LANGUAGE,
        "keywords": list(dossier.entry.keywords),
        "access": ACCESS,
        "retention": kept_for(paper.retention_years),
        "is_signed_digitally": paper.is_signed_digitally,
        "pages": paper.pages,
        "sheets": list(leaves.sheets),
        "page_numbers": list(leaves.pages),
        "files": [{"path": f"van-ban/{one.path.as_posix()}", "sha256": one.sha256} for one in paper.files],
        "pdfa": renditions[position].facts() if position in renditions else None,
        "remarks": list(paper.remarks),
    }
