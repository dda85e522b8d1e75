"""The network cable between a browser and the site: it can be pulled out and put back."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

CHUNK = 65536


class Cable:
    """Passes TCP connections on to a port of this machine. Pulled out, it cuts all of them and refuses new ones."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.ends: set[socket.socket] = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._listen, args=(self.listener,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pull_out(self) -> None:
        _cut(self.listener)
        with self.lock:
            for end in self.ends:
                _cut(end)
            self.ends.clear()

    def put_back(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._listen, args=(self.listener,), daemon=True).start()

    def _listen(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                there = socket.create_connection(("127.0.0.1", self.target))
                with self.lock:
                    self.ends |= {here, there}
                for a, b in ((here, there), (there, here)):
                    threading.Thread(target=_pass_on, args=(a, b), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
    _cut(source)
    _cut(sink)


def _cut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
