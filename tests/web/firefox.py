"""Debian's Firefox as it is installed, driven over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/).

Playwright drives a Firefox of its own making only, which is not in Debian.
"""

import base64
import contextlib
import itertools
import json
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from websockets.sync.client import connect

FIREFOX: Final = Path("/usr/bin/firefox-esr")
#: Firefox has begun, or what was waited for is there; a busy machine takes long.
MOST_SECONDS: Final = 60.0
#: https://w3c.github.io/webdriver/#keyboard-actions: keys that are no letter.
TAB, ENTER = "\ue004", "\ue007"
_LISTENING: Final = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
#: Nothing is asked of the network, nothing is shown over a page; pages are dark (0) or light (1).
_SETTINGS: Final = """
user_pref("layout.css.prefers-color-scheme.content-override", {theme});
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("intl.accept_languages", "vi-VN, vi");
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
"""

T = TypeVar("T")


class Firefox:
    """One running Firefox with one page; `told` are the faults that its console names."""

    def __init__(self, theme: str) -> None:
        self.told: list[str] = []
        self.page = ""
        self._ends = contextlib.ExitStack()
        self._numbers = itertools.count(1)
        with contextlib.ExitStack() as ends:
            profile = Path(ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            settings = _SETTINGS.format(theme={"dark": 0, "light": 1}[theme])
            (profile / "user.js").write_text(settings, encoding="utf-8")
            process = subprocess.Popen(
                [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"],
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
                # root may not use the profile of somebody whose home it has
                env={"HOME": str(profile), "PATH": "/usr/bin:/bin"},
            )
            ends.callback(_end, process)
            address = _address(process)
            self._line = ends.enter_context(connect(f"{address}/session", max_size=None, open_timeout=MOST_SECONDS))
            self.ask("session.new", capabilities={})
            self.ask("session.subscribe", events=["log.entryAdded"])
            self.open_window()
            self._ends = ends.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.close()

    def ask(self, method: str, **said: Any) -> dict[str, Any]:
        """Send one command and give its result; what is told meanwhile is kept. Raises RuntimeError for an error."""
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": said}))
        while True:
            told: dict[str, Any] = json.loads(self._line.recv(timeout=MOST_SECONDS))
            if told.get("method") == "log.entryAdded" and told["params"]["level"] in {"error", "warn"}:
                self.told.append(str(told["params"]["text"]))
            if told.get("id") == number:
                if told["type"] == "error":
                    raise RuntimeError(f"{method}: {told['error']}: {told['message']}")
                result: dict[str, Any] = told["result"]
                return result

    def open_window(self) -> None:
        """Go on in a new window, which has the focus: the one it begins with has not, nor one that Tab has left."""
        left, self.page = self.page, self.ask("browsingContext.create", type="window")["context"]
        if left:
            self.ask("browsingContext.close", context=left)

    def go(self, address: str) -> None:
        """Open an address and wait until all of its page is there."""
        self.ask("browsingContext.navigate", context=self.page, url=address, wait="complete")

    def wide(self, width: int) -> None:
        self.ask("browsingContext.setViewport", context=self.page, viewport={"width": width, "height": 900})

    def run(self, function: str, *said: str) -> Any:
        """Call a JavaScript function with texts and give what it returns, which travels as JSON."""
        told = self.ask(
            "script.callFunction",
            functionDeclaration=f"async (...said) => JSON.stringify(await ({function})(...said)) ?? 'null'",
            arguments=[{"type": "string", "value": one} for one in said],
            target={"context": self.page},
            awaitPromise=True,
            userActivation=True,
        )
        assert told["type"] == "success", told["exceptionDetails"]["text"]
        return json.loads(told["result"]["value"])

    def type(self, text: str) -> None:
        """Press the keys of a text one after another."""
        pressed = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.ask(
            "input.performActions", context=self.page, actions=[{"type": "key", "id": "keys", "actions": pressed}]
        )

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files in a box for files."""
        (box,) = self.ask(
            "browsingContext.locateNodes", context=self.page, locator={"type": "css", "value": selector}
        )["nodes"]
        shared = {"sharedId": box["sharedId"]}
        self.ask("input.setFiles", context=self.page, element=shared, files=[str(file) for file in files])

    def printed(self) -> bytes:
        """Print the page as a PDF, on the paper that its style asks for."""
        told = self.ask("browsingContext.print", context=self.page, background=True, shrinkToFit=False)
        return base64.b64decode(told["data"])

    def wait(self, function: str, is_so: Callable[[Any], bool]) -> Any:
        """Call a JavaScript function until what it gives is so, and give that. Fails when it never is."""
        end = time.monotonic() + MOST_SECONDS
        while not is_so(found := self.run(function)):
            assert time.monotonic() < end, f"in vain: {function} gives {found!r}"
            time.sleep(0.05)
        return found


def _address(process: "subprocess.Popen[str]") -> str:
    """Where it listens. Its errors are read to their end, or it would stand still when the pipe is full."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := _LISTENING.search(line):
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return found[1]
    raise RuntimeError("Firefox ended before it listened")


def _end(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait()
    assert process.stderr is not None
    process.stderr.close()
