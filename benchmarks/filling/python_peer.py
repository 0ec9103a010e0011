"""One filler written in Python, as a child that answers how much CPU time its documents took.

    python python_peer.py NAME TEMPLATE OUTPUT     NAME: vanthu or docxtpl (rust-docxtpl has docxtpl's API)

Each line read is `VALUES.json COUNT`; the answer is the least CPU time of one document in milliseconds.
"""

import io
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path


def _vanthu(template: Path) -> Callable[[dict[str, object]], bytes]:
    from pipeline.filling import compile_template, fill

    compiled = compile_template(template)
    return lambda values: fill(compiled, values)


def _docxtpl(template: Path) -> Callable[[dict[str, object]], bytes]:
    import jinja2
    from docxtpl import DocxTemplate
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def made(values: dict[str, object]) -> bytes:
        document = DocxTemplate(str(template))
        environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
        document.render(values, environment)
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()

    return made


def main() -> None:
    """Answer until the input ends."""
    name, template, output = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    made = (_vanthu if name == "vanthu" else _docxtpl)(template)
    for line in sys.stdin:
        path, count = line.split()
        values = json.loads(Path(path).read_text("utf-8"))
        least = float("inf")
        for _ in range(int(count)):
            begun = time.process_time()
            output.write_bytes(made(values))
            least = min(least, time.process_time() - begun)
        # ru_maxrss would tell the parent's peak: a child begins as its copy
        peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))[1])
        print(json.dumps({"ms": least * 1000, "rss_kib": peak}), flush=True)


if __name__ == "__main__":
    main()
