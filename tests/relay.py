"""A relay before a server on loopback: it may change a byte on the way, break off, or say nothing."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

#: What becomes of bytes on their way.
Change = Callable[[bytes], bytes]


def as_it_is(content: bytes) -> bytes:
    return content


class Relay:
    """Listens on a port of its own and passes on what it gets, until it is closed."""

    def __init__(self, port: int, there: Change, back: Change, broken_after: int, tls: ssl.SSLContext | None) -> None:
        self._to, self._there, self._back, self._broken_after = port, there, back, broken_after
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = [self._listener]
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http{'s' if self._tls else ''}://127.0.0.1:{self.port}"

    def close(self) -> None:
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._listener.accept()
                self.connections += 1
                self._open.append(here)
                if not self._to:
                    continue  # taken, and never answered
                if self._tls is not None:
                    try:
                        here = self._tls.wrap_socket(here, server_side=True)
                    except ssl.SSLError:
                        continue  # whoever called does not trust us
                    self._open.append(here)
                beyond = socket.create_connection(("127.0.0.1", self._to))
                self._open.append(beyond)
                for source, target, change in ((here, beyond, self._there), (beyond, here, self._back)):
                    most = self._broken_after if source is beyond else 0
                    threading.Thread(target=_pass_on, args=(source, target, change, most), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, change: Change, most: int) -> None:
    with contextlib.suppress(OSError):
        passed = 0
        while content := source.recv(1 << 16):
            target.sendall(change(content))
            passed += len(content)
            if most and passed > most:
                source.shutdown(socket.SHUT_RDWR)
                target.shutdown(socket.SHUT_RDWR)
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def relay(
    port: int,
    *,
    there: Change = as_it_is,
    back: Change = as_it_is,
    broken_after: int = 0,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Relay]:
    """Relay to a port for the length of a block; to port 0 nothing is passed on, and nothing answers.

    With `tls` it speaks TLS to whoever calls; with `broken_after` a connection breaks off when so many bytes have
    come back.
    """
    made = Relay(port, there, back, broken_after, tls)
    try:
        yield made
    finally:
        made.close()
