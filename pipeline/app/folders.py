"""The folders that may lie on a share: which of them are the folders they were, and a person's word that one is."""

from pipeline.errors import UnknownThing
from pipeline.files import FolderAway
from pipeline.messages import tr
from pipeline.workspace import Workspace


def away(workspace: Workspace) -> dict[str, str]:
    """Say of every folder that is away why, by its name in config.yaml. Raises NoSpaceError, CannotWrite."""
    found = {}
    for name, identity in workspace.identities.items():
        # one that was never seen is marked by whoever works there first, not by whoever looks
        if identity.is_known:
            try:
                identity.must_be_there()
            except FolderAway as trouble:
                found[name] = str(trouble)
    return found


def confirm(workspace: Workspace, name: str, why: str) -> str:
    """Take what is at a folder's path now for the folder; gives its path or URL. Raises UnknownThing, FolderAway."""
    identity = workspace.identities.get(name)
    if identity is None:
        known = ", ".join(workspace.identities)
        raise UnknownThing(
            tr("“{name}” is none of the folders that are told apart: {known}.", name=name, known=known)
        )
    identity.confirm()
    workspace.ledger.remark("share.confirm", {"folder": name}, why)
    return identity.where
