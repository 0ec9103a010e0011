"""The secrecy gate (the-thuc.md §9): a file marked secret is not copied, not read further, not logged.

Neither its name nor its content is recorded. It is moved aside within the share it lies on, readable by its owner
only, under the number of an incident; the sender and the clerk read a note that says so and nothing more. What
happens to it is decided by people.
"""

from dataclasses import replace

from pipeline import reading
from pipeline.answers import Facts
from pipeline.files import make_folder, write_durably
from pipeline.intake import Found
from pipeline.messages import say
from pipeline.naming import Answer
from pipeline.steps.answering import folder_of, write
from pipeline.workspace import Workspace

#: Beside the inbox's own files, so that moving is renaming and never copying; the dot keeps `intake.look` out of it.
ASIDE = ".cach-ly"


def is_marked(workspace: Workspace, found: Found) -> bool:
    """Ask, in a guarded child, whether a file that still lies in the inbox bears a mark of secrecy."""
    path = workspace.folders.inbox / found.name
    return reading.is_marked_guarded(workspace.guard, path, found.shown_name, workspace.converter)


def set_aside(workspace: Workspace, found: Found) -> int:
    """Move a marked file aside and tell people; gives the number of the incident, which is all that is recorded."""
    unit = workspace.year(workspace.practice.year).unit_named(found.folder) if found.folder else None
    code = unit.code if unit else ""
    # unit and number, nothing else: neither name, title nor hash may be recorded (the-thuc.md §9)
    incident = workspace.ledger.remark("intake.secrecy", {"unit": code})
    # told before it is moved: after a crash in between the file is found again and told of again, never forgotten
    for folder in {folder_of(workspace, code), workspace.folders.clerk}:
        write_durably(
            workspace.folders.outbox / folder / f"su-co-{incident}.thong-bao.docx", _note(workspace, incident)
        )
    aside = workspace.folders.inbox / ASIDE
    make_folder(aside)
    # set, not asked for when it is made: the folder may be there already, with other rights
    aside.chmod(0o700)
    # without its own name: that may be what is secret
    target = aside / f"su-co-{incident}"
    (workspace.folders.inbox / found.name).rename(target)
    target.chmod(0o600)
    return incident


def _note(workspace: Workspace, incident: int) -> bytes:
    year = workspace.year(workspace.practice.year)
    facts = Facts(
        answer=Answer.NOTICE,
        language=workspace.practice.language,
        job_id=incident,
        file_name="–",
        received_at=workspace.clock(),
        cluster=year.cluster.name,
        contact=workspace.practice.contact,
    )
    said = say(
        "A file seems to bear a mark of secrecy. It was not read, copied or recorded, and was set aside as incident "
        "{incident}. This system must not hold secret papers: tell the person in charge of state secrets, who "
        "decides what happens to it.",
        incident=incident,
    )
    return write(workspace, replace(facts, next_step=said))
