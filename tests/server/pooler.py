"""A pooler in transaction mode, as PgBouncer is one: each transaction runs in another session of the server.

It holds a few server sessions. A client that begins gets the next one in turn, and loses it when the transaction ends
(manual, section 55.2: `ReadyForQuery` says `I`). Like PgBouncer it answers the client's start itself and refuses
parameters that it does not know.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102
KNOWN = {"user", "database", "client_encoding", "application_name", "datestyle", "timezone"}


def exactly(connection: socket.socket, size: int) -> bytes:
    """Read so many bytes; EOFError when the other side has gone."""
    read = b""
    while len(read) < size:
        part = connection.recv(size - len(read))
        if not part:
            raise EOFError
        read += part
    return read


def message(connection: socket.socket) -> tuple[bytes, bytes]:
    """Read one message: its type, and the whole of it."""
    head = exactly(connection, 5)
    return head[:1], head + exactly(connection, struct.unpack("!I", head[1:])[0] - 4)


def packed(kind: bytes, body: bytes) -> bytes:
    """Return a message."""
    return kind + struct.pack("!I", len(body) + 4) + body


def refusal(sqlstate: str, text: str) -> bytes:
    """Return a FATAL error."""
    fields = {b"S": "FATAL", b"V": "FATAL", b"C": sqlstate, b"M": text}
    return packed(b"E", b"".join(name + value.encode() + b"\0" for name, value in fields.items()) + b"\0")


class Backend:
    """A session of the server."""

    def __init__(self, address: Path, user: str, database: str, prepare: str) -> None:
        """Start it, and run `prepare` in it: what other clients have left there."""
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(address))
        self.parameters: list[bytes] = []
        start = b"".join(text.encode() + b"\0" for text in ("user", user, "database", database)) + b"\0"
        self.socket.sendall(struct.pack("!II", len(start) + 8, 196608) + start)
        self.parameters = [whole for kind, whole in self._until_ready() if kind == b"S"]
        if prepare:
            self.rows(prepare)

    def rows(self, sql: str) -> list[list[str | None]]:
        """Run statements by the simple protocol; return the rows as texts."""
        self.socket.sendall(packed(b"Q", sql.encode() + b"\0"))
        answers = list(self._until_ready())
        assert not [whole for kind, whole in answers if kind == b"E"], answers
        return [_values(whole[5:]) for kind, whole in answers if kind == b"D"]

    def _until_ready(self) -> Iterator[tuple[bytes, bytes]]:
        while True:
            kind, whole = message(self.socket)
            yield kind, whole
            if kind == b"Z":
                return


def _values(body: bytes) -> list[str | None]:
    values: list[str | None] = []
    (number,), at = struct.unpack_from("!H", body), 2
    for _ in range(number):
        (size,) = struct.unpack_from("!i", body, at)
        values.append(None if size < 0 else body[at + 4 : at + 4 + size].decode())
        at += 4 + max(size, 0)
    return values


class Pooler:
    """Listens on the loopback; `turns` counts the transactions that each backend has run."""

    def __init__(self, backends: Sequence[Backend]) -> None:
        """Take over the backends."""
        self.backends = backends
        self.turns = [0] * len(backends)
        self._next = cycle(range(len(backends)))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.failures: list[BaseException] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more, and end the server sessions."""
        self._listening.close()
        for backend in self.backends:
            backend.socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(EOFError, OSError):
            if self._started(client):
                try:
                    self._transactions(client)
                except (EOFError, OSError):
                    raise
                except BaseException as error:
                    self.failures.append(error)
                    raise

    def _started(self, client: socket.socket) -> bool:
        """Answer the start as a server would; say whether the client was let in."""
        while True:
            size, code = struct.unpack("!II", exactly(client, 8))
            body = exactly(client, size - 8)
            if code not in (SSL_REQUEST, GSS_REQUEST):
                break
            client.sendall(b"N")
        if code == CANCEL_REQUEST:
            return False
        names = body.split(b"\0")[:-2:2]
        for name in names:
            if name.decode() not in KNOWN:
                client.sendall(refusal("08P01", f"unsupported startup parameter: {name.decode()}"))
                return False
        ready = packed(b"K", struct.pack("!II", 1, 1)) + packed(b"Z", b"I")
        client.sendall(packed(b"R", struct.pack("!I", 0)) + b"".join(self.backends[0].parameters) + ready)
        return True

    def _transactions(self, client: socket.socket) -> None:
        while True:
            first = message(client)
            if first[0] == b"X":
                return
            number = next(self._next)
            self.turns[number] += 1
            self._transaction(client, self.backends[number].socket, first)

    def _transaction(self, client: socket.socket, server: socket.socket, sent: tuple[bytes, bytes]) -> None:
        """Hand messages on until the server says that no transaction is open."""
        while True:
            kind, whole = sent
            server.sendall(whole)
            if kind in (b"S", b"Q"):
                while True:
                    answer, said = message(server)
                    client.sendall(said)
                    if answer == b"Z":
                        break
                if said[-1:] == b"I":
                    return
            sent = message(client)


@contextmanager
def pooler(address: Path, user: str, database: str, prepare: Sequence[str]) -> Iterator[Pooler]:
    """Run a pooler before the server whose socket is `address`, with a backend for each text in `prepare`."""
    made = Pooler([Backend(address, user, database, sql) for sql in prepare])
    try:
        yield made
    finally:
        made.close()
    assert made.failures == []
