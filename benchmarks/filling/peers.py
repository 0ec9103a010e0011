"""The fillers compared: how each is installed for the benchmark, and spoken to."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import plan

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "out" / "filling"
NODE_PACKAGES = ("carbone", "docxtemplater", "pizzip", "easy-template-x")
_INSTALL_S = 600


@dataclass
class Peer:
    """One filler: its command, the tag language of its template, or why it is not here."""

    name: str
    version: str
    language: plan.Language
    command: list[str]
    missing: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def start(self, work: Path) -> "Child":
        """A new process of it, with its template written."""
        template = work / f"{self.name}.docx"
        if not template.exists():
            template.write_bytes(plan.template(self.language))
        command = [*self.command, str(template), str(work / f"{self.name}.out.docx")]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment or None,
        )
        return Child(self, process, work / f"{self.name}.out.docx")


@dataclass
class Child:
    """A peer's process."""

    peer: Peer
    process: "subprocess.Popen[str]"
    output: Path

    def ask(self, values: Path, count: int) -> dict[str, float]:
        """The least CPU time of a document (ms) among `count`, and the process's peak memory (KiB) so far."""
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self.process.stdin.write(f"{values} {count}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.peer.name}: {self.process.stderr.read()[-800:]}")
        said: dict[str, float] = json.loads(answer)
        return said

    def stop(self) -> None:
        """End it."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=30)


def _run(command: list[str], cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=_INSTALL_S, check=False)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["failed"])[-1]


def _rust() -> Peer:
    python = OUT / "rust" / "bin" / "python"
    missing = ""
    if not python.exists():
        missing = _run([sys.executable, "-m", "venv", str(OUT / "rust")], OUT)
    if not missing and not list((OUT / "rust").glob("lib/*/site-packages/rust_docxtpl-*")):
        missing = _run([str(python), "-m", "pip", "install", "-q", "rust-docxtpl"], OUT)
    found = [path.name for path in (OUT / "rust").glob("lib/*/site-packages/rust_docxtpl-*.dist-info")]
    version = found[0].split("-")[1].removesuffix(".dist") if found else ""
    return Peer(
        "rust-docxtpl", version, plan.JINJA, [str(python), str(HERE / "python_peer.py"), "rust-docxtpl"], missing
    )


def _node(name: str, language: plan.Language, problem: str, environment: dict[str, str]) -> Peer:
    package = OUT / "node_modules" / name / "package.json"
    version = json.loads(package.read_text("utf-8"))["version"] if package.exists() else ""
    missing = problem or ("" if version else "npm did not install it")
    return Peer(name, version, language, ["node", str(HERE / "node_peer.js"), name], missing, environment)


def all_peers(environment: dict[str, str]) -> list[Peer]:
    """Every filler, installed into the benchmark's own folder where need be; ours is the first."""
    from importlib.metadata import version

    OUT.mkdir(parents=True, exist_ok=True)
    python = [sys.executable, str(HERE / "python_peer.py")]
    ours = Peer("vanthu", version("vanthu"), plan.JINJA, [*python, "vanthu"], environment=environment)
    docxtpl = Peer("docxtpl", version("docxtpl"), plan.JINJA, [*python, "docxtpl"], environment=environment)
    problem = "" if shutil.which("node") and shutil.which("npm") else "node or npm is not here"
    if not problem and not all((OUT / "node_modules" / name).exists() for name in NODE_PACKAGES):
        problem = _run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(OUT), *NODE_PACKAGES], OUT)
    nodes = {**environment, "NODE_PATH": str(OUT / "node_modules")}
    return [
        ours,
        docxtpl,
        _rust(),
        _node("carbone", plan.CARBONE, problem, nodes),
        _node("docxtemplater", plan.CURLY, problem, nodes),
        _node("easy-template-x", plan.CURLY, problem, nodes),
    ]
