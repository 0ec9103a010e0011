"""The codes of types of documents, by their names and by themselves, as kinds and official forms have them."""

from collections.abc import Mapping

from pipeline.layout import all_profiles
from pipeline.vietnamese import compare_key
from pipeline.workspace import Workspace


def type_codes(workspace: Workspace) -> Mapping[str, str]:
    """Give codes ("KH") by `compare_key` of the code and of the type's name ("kế hoạch")."""
    kinds = [kind for kind in workspace.loaded().kinds.values() if kind.register == "outgoing"]
    found = {compare_key(kind.series): kind.series for kind in kinds}
    for profile in all_profiles().values():
        for name, code in profile.types.items():
            found.setdefault(compare_key(code), code)
            found.setdefault(compare_key(name), code)
    return found
