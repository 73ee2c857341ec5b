"""One text of several statements to the server, and everything that comes back, in exact order.

Marks are queries of pgproof's own between the statements. libpq hands a notice out up to one result early, namely when
it directly follows that result in the stream. What follows a mark's row is never a notice but the end of the mark, so
what arrived until that row was returned is exactly what the statements before the mark raised.
"""

from __future__ import annotations

import re
import select
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq

from pgproof.model.errors import PgproofError

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

    from pgproof.migrations.replay.limits import Watch

MESSAGE_AT_MOST = 2_000
"""Characters that are kept of one message."""
NOTICES_AT_MOST = 200
"""Notices that are kept of one statement."""

_CHUNK = 1 << 16
_GRACE_S = 5.0
_FIELD = pq.DiagnosticField
_STATUS = pq.ExecStatus
_RAISE = "exec_stmt_raise"
"""PL/pgSQL's, in pl_exec.c; no other trusted language lets one choose the SQLSTATE."""
_MESSAGE_BYTES = 64
_LONGEST = 4
"""Bytes of a character in UTF-8."""
_CONTINUATION = bytes(range(0x80, 0xC0))
_READ_AS = {b"client_encoding": b"UTF8", b"standard_conforming_strings": b"on"}
_LOST = "08006"
"""connection_failure: libpq's own errors have no state."""
_RESTORE = b"set client_encoding = 'UTF8'; set standard_conforming_strings = on"


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as the server sent it."""

    severity: str
    sqlstate: str
    text: str


@dataclass(frozen=True, slots=True)
class ServerError:
    """An error as the server sent it.

    `position` counts characters of the text that was sent, from 1 (0: none); `inner_position` those of `inner_query`,
    which a function was running. `raised`: by a RAISE of somebody's, so that its SQLSTATE proves nothing.
    """

    sqlstate: str
    message: str
    detail: str = ""
    hint: str = ""
    context: str = ""
    position: int = 0
    inner_position: int = 0
    inner_query: str = ""
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """The answer of a mark: its number, its further columns, and the messages of what ran since the mark before it."""

    number: int
    columns: tuple[str, ...]
    messages: tuple[Message, ...]


@dataclass(slots=True)
class Answer:
    """What came back: the marks that were reached, what came after the last one, and the error if there was one.

    `limit` is the key of the limit for which pgproof cancelled it, `lost` says that the connection is gone.
    """

    marks: list[Mark] = field(default_factory=list)
    rest: tuple[Message, ...] = ()
    error: ServerError | None = None
    limit: str = ""
    lost: bool = False


class Wire:
    """A connection that statements are replayed on.

    Parameters
    ----------
    connection
        In autocommit mode, used by nobody else at the same time.
    token
        Begins each mark's first column, so that no row of a migration is taken for one unless it is made to.
    watch
        Says when a statement takes more than it may.
    end
        Ends the connection's backend by its process id, when the backend does not react to a cancel request.
    """

    def __init__(
        self, connection: psycopg.Connection[Any], token: str, watch: Watch, end: Callable[[int], None]
    ) -> None:
        """Take the connection over."""
        self.connection = connection
        self.watch = watch
        self._end = end
        self._pgconn = connection.pgconn
        self._pgconn.nonblocking = 1
        self._pgconn.notice_handler = self._notice
        self._token = token
        self._mark = re.compile(rb"%s:(-?\d{1,9})" % token.encode())
        self._messages: list[Message] = []
        self._notices = 0

    @property
    def idle(self) -> bool:
        """Whether no transaction is open."""
        return self._pgconn.transaction_status == pq.TransactionStatus.IDLE

    @property
    def aborted(self) -> bool:
        """Whether a transaction is open in which nothing but its end is possible."""
        return self._pgconn.transaction_status == pq.TransactionStatus.INERROR

    @property
    def lost(self) -> bool:
        """Whether the connection is gone."""
        return self._pgconn.status == pq.ConnStatus.BAD

    def mark(self, number: int, *columns: str) -> str:
        """Return the query that marks a place."""
        return f"select '{self._token}:{number}'" + "".join(f", {column}" for column in columns)

    def ask(
        self,
        text: str,
        feed: Callable[[int], str | None] = lambda _: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Send `text` and wait for the end of it, however it ends.

        `feed` gives the data of the COPY that runs after the mark with this number (-1: before all), `None` when there
        are none. When more is taken than is allowed before the next mark, the server is asked to cancel. `meanwhile` is
        called as soon as everything was sent.

        Raises
        ------
        PgproofError
            The backend can neither be cancelled nor ended.
        """
        self._take()
        self._restore()
        answer, wait = Answer(), _Patience(self.connection, self.watch, self._end)
        try:
            self._pgconn.send_query(text.encode())
        except psycopg.OperationalError:
            return Answer(lost=True)
        self._pgconn.set_single_row_mode()
        wait.flush()
        meanwhile()
        wait.begin()
        while (result := wait.result()) is not None:
            if result.status == _STATUS.SINGLE_TUPLE:
                if mark := self._read(result):
                    answer.marks.append(mark)
                    wait.begin()
            elif result.status == _STATUS.COPY_IN:
                _send_data(self._pgconn, wait, feed(answer.marks[-1].number if answer.marks else -1))
            elif result.status == _STATUS.COPY_OUT:
                _drop_data(self._pgconn, wait, self.watch)
            elif result.status == _STATUS.FATAL_ERROR:
                # the first one: the loss of the connection follows its reason
                answer.error = answer.error or self._error(result)
        answer.rest = self._take()
        answer.limit = wait.limit
        answer.lost = self.lost
        return answer

    def _restore(self) -> None:
        """Put back what decides how a text is read: pgproof has parsed it already, as UTF-8 and with these strings."""
        if any(self._pgconn.parameter_status(name) != value for name, value in _READ_AS.items()) and not self.lost:
            with suppress(psycopg.OperationalError):
                self._pgconn.send_query(_RESTORE)
                wait = _Patience(self.connection, self.watch, self._end)
                wait.flush()
                while wait.result() is not None:
                    pass
            self._take()

    def _read(self, result: PGresult) -> Mark | None:
        """Return the mark that a row is, if it is one."""
        values = [result.get_value(0, number) or b"" for number in range(result.nfields)]
        self.watch.received(sum(map(len, values)))
        mark = self._mark.fullmatch(values[0]) if values else None
        if mark is None:
            return None
        return Mark(int(mark[1]), tuple(value.decode(errors="replace") for value in values[1:]), self._take())

    def _take(self) -> tuple[Message, ...]:
        if self._notices > NOTICES_AT_MOST:
            left_out = self._notices - NOTICES_AT_MOST
            self._messages.append(Message("NOTICE", "00000", f"({left_out} more messages, not kept)"))
        taken = tuple(self._messages)
        self._messages.clear()
        self._notices = 0
        return taken

    def _notice(self, result: PGresult) -> None:
        self._notices += 1
        text = result.error_field(_FIELD.MESSAGE_PRIMARY) or b""
        self.watch.received(_MESSAGE_BYTES + len(text))
        if self._notices <= NOTICES_AT_MOST:
            severity, sqlstate = (_decoded(result, field) for field in (_FIELD.SEVERITY_NONLOCALIZED, _FIELD.SQLSTATE))
            self._messages.append(Message(severity, sqlstate, self._kept(text)))

    def _error(self, result: PGresult) -> ServerError:
        def text(field: pq.DiagnosticField) -> str:
            return self._kept(result.error_field(field) or b"")

        return ServerError(
            text(_FIELD.SQLSTATE) or _LOST,
            text(_FIELD.MESSAGE_PRIMARY) or self._kept(result.error_message.strip()),
            text(_FIELD.MESSAGE_DETAIL),
            text(_FIELD.MESSAGE_HINT),
            text(_FIELD.CONTEXT),
            int(text(_FIELD.STATEMENT_POSITION) or 0),
            int(text(_FIELD.INTERNAL_POSITION) or 0),
            text(_FIELD.INTERNAL_QUERY),
            text(_FIELD.SOURCE_FUNCTION) == _RAISE,
        )

    def _kept(self, encoded: bytes) -> str:
        """Return so much of a text as is kept: nothing of pgproof's own, which is another in each run."""
        text = encoded[: _LONGEST * MESSAGE_AT_MOST].decode(errors="replace")
        if len(text) > MESSAGE_AT_MOST or len(encoded) > _LONGEST * MESSAGE_AT_MOST:
            text = f"{text[:MESSAGE_AT_MOST]}… ({_characters(encoded)} characters)"
        before, token, _ = text.partition(self._token)
        return f"{before}…" if token else text


class _Patience:
    """Waits for the server: first as long as it takes no more than it may, then for it to react to a cancel request.

    `limit` is the key of the limit for which it was asked to cancel.
    """

    def __init__(self, connection: psycopg.Connection[Any], watch: Watch, end: Callable[[int], None]) -> None:
        """Begin to count."""
        self._connection = connection
        self._pgconn = connection.pgconn
        self._pid = connection.pgconn.backend_pid
        self._end = end
        self._watch = watch
        self._ended = False
        self._poll = select.poll()
        self._deadline = 0.0
        self.limit = ""
        self.begin()

    def begin(self) -> None:
        """Begin to count anew: a statement has ended."""
        self._watch.begin()

    def flush(self) -> None:
        """Wait until everything was sent."""
        with suppress(psycopg.OperationalError):
            while self._pgconn.flush():
                self.wait(select.POLLIN | select.POLLOUT)

    def result(self) -> PGresult | None:
        """Wait for the next result."""
        pgconn = self._pgconn
        try:  # three times a statement: `suppress` would take longer than what stands in it
            while pgconn.is_busy():
                self.wait(select.POLLIN)
        except psycopg.OperationalError:
            pass  # the connection is lost: the result, or the status, says so
        return pgconn.get_result()

    def wait(self, events: int) -> None:
        """Wait until the connection is ready for one of `events`, and read what came."""
        self._poll.register(self._pgconn.socket, events)
        ready: list[tuple[int, int]] = []
        while not ready:
            pause_s = max(0.0, self._deadline - time.monotonic()) if self.limit else self._watch.pause_s
            ready = self._poll.poll(pause_s * 1000)
            if not self.limit:
                if limit := self._watch.exceeded():
                    self._cancel(limit)
            elif time.monotonic() >= self._deadline:
                self._insist()
        if ready[0][1] & ~select.POLLOUT:
            self._pgconn.consume_input()

    def _cancel(self, limit: str) -> None:
        self.limit = limit
        self._connection.cancel_safe(timeout=_GRACE_S)
        self._deadline = time.monotonic() + _GRACE_S

    def _insist(self) -> None:
        """End the session of a statement that was not cancelled."""
        if self._ended:
            raise PgproofError(
                "a statement of the migrations reacts neither to a cancel request nor to the end of its session.",
                "Look for C functions or extensions that never check for interrupts.",
            )
        self._ended = True
        self._end(self._pid)
        self._deadline = time.monotonic() + _GRACE_S


def _send_data(pgconn: PGconn, wait: _Patience, data: str | None) -> None:
    if data is None:
        pgconn.put_copy_end(b"the file has no data for this COPY")
        wait.flush()
        return
    encoded = memoryview(data.encode())
    for start in range(0, len(encoded), _CHUNK):
        while not pgconn.put_copy_data(encoded[start : start + _CHUNK]):
            wait.wait(select.POLLIN | select.POLLOUT)
        wait.flush()
    pgconn.put_copy_end()
    wait.flush()


def _drop_data(pgconn: PGconn, wait: _Patience, watch: Watch) -> None:
    while (size := pgconn.get_copy_data(1)[0]) >= 0:
        watch.received(size)
        if not size:
            wait.wait(select.POLLIN)


def _decoded(result: PGresult, field: pq.DiagnosticField) -> str:
    return (result.error_field(field) or b"").decode(errors="replace")


def _characters(encoded: bytes) -> int:
    """Return how many characters a text in UTF-8 has, without decoding it."""
    return len(encoded.translate(None, _CONTINUATION))
