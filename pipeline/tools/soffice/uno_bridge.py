"""LibreOffice's side of `pipeline.tools.soffice.session`: starts one LibreOffice and converts over UNO as told.

Not imported by the program: run as a script by whichever Python has LibreOffice's `uno` module (the system's, seldom
the virtual environment's), so it uses nothing but the standard library and `uno`. It starts LibreOffice in its own
process group, says {"ready": true}, then answers each line of standard input

    {"source": "/abs/in.docx", "target": "/abs/out.pdf", "options": {"SelectPdfVersion": 2, …}}

with one line: {"ok": true}, {"refused": why} when LibreOffice will not open or export this document, or
{"crashed": why} and its own end when LibreOffice is gone. It ends, LibreOffice with it, when standard input closes or
the process that started it dies, even in the middle of a conversion that never ends.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

_START_S: Final = 60.0
_STEP_S: Final = 0.05

#: `uno` objects have no Python types: they are whatever LibreOffice's interface descriptions say.
_Uno = Any

_NEVER: Final = 0  # com.sun.star.document.MacroExecMode.NEVER_EXECUTE and UpdateDocMode.NO_UPDATE


def main() -> int:
    """Serve conversions until standard input closes."""
    order = _order()
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    office = subprocess.Popen(
        [order.program, *order.flags, f"--accept=pipe,name={order.pipe};urp;StarOffice.ComponentContext"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        bridge = _Bridge(order.pipe, office)
        _answer(ready=True)
        for line in sys.stdin:
            if not _serve(bridge, json.loads(line)):
                return 1
    except OSError as error:
        _answer(crashed=str(error))
        return 1
    finally:
        _end_group()
    return 0


def _order() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Convert documents with one warm LibreOffice.")
    parser.add_argument("--program", required=True)
    parser.add_argument("--pipe", required=True)
    parser.add_argument("flags", nargs="*", help="LibreOffice's own arguments, after --")
    return parser.parse_args()


def _serve(bridge: "_Bridge", request: dict[str, Any]) -> bool:
    """Answer one request; False when LibreOffice is gone."""
    # no other exceptions are caught: a bug here ends the bridge, and the session is started anew
    try:
        bridge.convert(Path(request["source"]), Path(request["target"]), request["options"])
    except bridge.Gone as error:
        _answer(crashed=_text(error))
        return False
    except bridge.Refusal as error:
        if bridge.is_gone():
            _answer(crashed=_text(error))
            return False
        _answer(refused=_text(error))
    else:
        _answer(ok=True)
    return True


class _Bridge:
    """A connected LibreOffice."""

    def __init__(self, pipe: str, office: "subprocess.Popen[bytes]") -> None:
        """Wait for LibreOffice to listen on `pipe`. Raises OSError when it ends or does not listen in time."""
        # importing `uno` changes how Python imports: names below com.sun.star come from LibreOffice afterwards
        import uno
        from com.sun.star.lang import DisposedException  # type: ignore[import-not-found] # made by `import uno`
        from com.sun.star.uno import Exception as UnoException  # type: ignore[import-not-found]

        self._uno: _Uno = uno
        self._office = office
        self.Gone: type[Exception] = DisposedException
        self.Refusal: type[Exception] = UnoException
        context = self._connected(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        self._desktop: _Uno = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def _connected(self, url: str) -> _Uno:
        local = self._uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        end = time.monotonic() + _START_S
        while True:
            try:
                return resolver.resolve(url)
            except self.Refusal as error:  # nobody listens yet
                if self._office.poll() is not None:
                    raise OSError(f"LibreOffice ended at its start with status {self._office.returncode}") from error
                if time.monotonic() > end:
                    raise OSError(f"LibreOffice did not answer within {_START_S:.0f} s of its start") from error
                time.sleep(_STEP_S)

    def is_gone(self) -> bool:
        """Tell whether LibreOffice has ended (its death may show as any UNO exception)."""
        time.sleep(_STEP_S)  # the connection breaks a moment before the process ends
        return self._office.poll() is not None

    def convert(self, source: Path, target: Path, options: dict[str, Any]) -> None:
        """Export the Word document `source` as the PDF `target`. Raises self.Refusal or self.Gone."""
        document = self._desktop.loadComponentFromURL(
            source.as_uri(),
            "_blank",  # a frame of its own: without search flags (0)
            0,
            self._properties(
                FilterName="MS Word 2007 XML",  # without it, bytes that are no docx become a PDF of their text
                Hidden=True,
                ReadOnly=True,
                MacroExecutionMode=_NEVER,
                UpdateDocMode=_NEVER,
            ),
        )
        if document is None:
            raise self.Refusal("it is no Word document that LibreOffice can open", None)
        try:
            _lay_out_again(document)
            document.storeToURL(
                target.as_uri(),
                self._properties(
                    FilterName="writer_pdf_Export",
                    FilterData=self._uno.Any("[]com.sun.star.beans.PropertyValue", self._properties(**options)),
                ),
            )
        finally:
            document.close(True)

    def _properties(self, **values: object) -> tuple[_Uno, ...]:
        return tuple(self._property(name, value) for name, value in values.items())

    def _property(self, name: str, value: object) -> _Uno:
        made = self._uno.createUnoStruct("com.sun.star.beans.PropertyValue")
        made.Name, made.Value = name, value
        return made


def _lay_out_again(document: _Uno) -> None:
    """Move the margins a hundredth of a millimetre and back, so that every page is laid out a second time (0008).

    LibreOffice deals paragraphs out to pages by their number while it loads; where that first guess parts a heading
    from its text, "keep with next" is not looked at again, and the heading stays alone at the foot of the page.
    """
    families = document.StyleFamilies.getByName("PageStyles")
    styles = [families.getByName(name) for name in families.ElementNames]
    margins = [(style, style.BottomMargin) for style in styles if style.isInUse()]
    for style, margin in margins:
        style.BottomMargin = margin + 1
    _ = document.CurrentController.PageCount  # asking for it is what makes LibreOffice lay the pages out
    for style, margin in margins:
        style.BottomMargin = margin


def _answer(**fields: object) -> None:
    print(json.dumps(fields), flush=True)  # noqa: T201 - standard output is how this script speaks


def _text(error: Exception) -> str:
    return str(getattr(error, "Message", "")) or type(error).__name__


def _die_with(parent: int) -> None:
    """End the whole group when `parent` is gone: a hung conversion keeps the main thread from noticing."""
    # PR_SET_PDEATHSIG would follow the thread that started us, not the process
    while os.getppid() == parent:
        time.sleep(1)
    _end_group()


def _end_group() -> None:
    """Kill LibreOffice and ourselves, but only a group that is ours alone."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
