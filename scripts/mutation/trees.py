"""Copies of the tree for the workers, each with an interpreter of its own.

An interpreter of its own, because a guarded child is started with `-P` and finds `pipeline` by what the interpreter's
own site-packages say: with the developer's `.venv` it would import the unbroken source and every mutant in a child
would survive.
"""

import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Tree", "copied", "files_of"]

_LEFT_OUT = {".git", ".venv", ".mutants", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}


@dataclass(frozen=True)
class Tree:
    """A copy of the project and the interpreter that imports from it."""

    folder: Path

    @property
    def python(self) -> Path:
        """The interpreter that knows this copy only."""
        return self.folder / ".venv" / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where the interpreter looks for what it loads at its start."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / ".venv" / "lib" / version / "site-packages"


def files_of(root: Path) -> list[Path]:
    """List the files of the work tree as git sees them (tracked and new), or simply all where there is no git."""
    asked = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, capture_output=True, check=False)
    if listed.returncode == 0:
        return [Path(name) for name in sorted(set(listed.stdout.decode().split("\0"))) if (root / name).is_file()]
    every = (path.relative_to(root) for path in sorted(root.rglob("*")) if path.is_file())
    return [path for path in every if not _LEFT_OUT & set(path.parts)]


def copied(root: Path, folder: Path) -> Tree:
    """Copy the work tree into `folder` and give the copy its own interpreter with the packages of this one."""
    shutil.rmtree(folder, ignore_errors=True)
    for path in files_of(root):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, folder / path)
    tree = Tree(folder)
    venv.create(folder / ".venv", with_pip=False, symlinks=True)
    packages = [path for path in sys.path if path.endswith("site-packages")] or [sysconfig.get_path("purelib")]
    tree.site.mkdir(parents=True, exist_ok=True)
    (tree.site / "tree.pth").write_text("\n".join([str(folder), *packages, ""]), "utf-8")
    return tree
