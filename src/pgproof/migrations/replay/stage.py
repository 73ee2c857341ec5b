"""Where statements are replayed: one database, the connection to it, and what is known of it so far."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import psycopg

from pgproof.migrations.replay.assumed import Roles
from pgproof.migrations.replay.effects import Observer, Seen, catalogs, held
from pgproof.migrations.replay.later import Later
from pgproof.migrations.replay.limits import Stopped, Watch, allow_more
from pgproof.migrations.replay.prerequisites import Prerequisites
from pgproof.migrations.replay.relations import Relations
from pgproof.migrations.replay.sent import sent, text_of
from pgproof.migrations.replay.wire import Mark, Message, ServerError, Wire
from pgproof.model import Gap, Location
from pgproof.sql.quote import literal
from pgproof.sql.step import Sql

if TYPE_CHECKING:
    from pgproof.migrations.replay.task import Task
    from pgproof.migrations.replay.transactions import Runnable
    from pgproof.shadow.database import Database

CLOCK = "extract(epoch from pg_catalog.clock_timestamp())"
TIME, HELD, EVENTS = 0, 1, 2
"""The columns of a mark."""
COLUMNS = 4

_NOTHING = "''"
_TAKE_EVENTS = (
    "pg_catalog.current_setting('pgproof.seen', true)",
    "pg_catalog.set_config('pgproof.seen', '', false)",
)
_PREPARED = "select gid from pg_catalog.pg_prepared_xacts where database = pg_catalog.current_database()"
_NEXT_OID = "pgproof.next_oid()"
_NOTICE = (
    "savepoint pgproof_notice; select from pg_catalog.pg_auth_members limit 0;"
    " rollback to savepoint pgproof_notice; release savepoint pgproof_notice"
)
"""In an open transaction a session hears of what another has made when it takes a lock that it does not hold."""
_PATIENT = "set statement_timeout = 0; set lock_timeout = 0"
_FLUSH_STATISTICS = "pg_catalog.pg_stat_force_next_flush()"
"""Counts of scans are the session's, not the transaction's, until they are flushed. The function came with 15."""


class Stage:
    """A database for replay, as a context manager: its connections are closed at the end.

    `bound` is the OID counter before the current transaction, `floor` the one before the first migration. `gaps` say
    what could not be observed; `stopped` says why nothing more is run, `""` as long as it is.
    """

    def __init__(
        self, database: Database, task: Task, roles: Roles, prerequisites: Prerequisites, watch: Watch | None = None
    ) -> None:
        """Of the `task`, its limits and settings count; `roles` and `prerequisites` make what the files lack.

        `watch` counts for a replay on several stages.
        """
        self.database = database
        self.watch = watch or Watch(task.limits, database.taken)
        self._settings = {"search_path": task.search_path} if task.search_path else {}
        self._extension_schemas = task.platform.extension_schemas
        self.roles = roles
        self.prerequisites = prerequisites
        self._token = secrets.token_hex(8)
        self.admin = database.admin()
        self._flushes = self.admin.version >= 150000
        self.relations = Relations(self.admin)
        self.observer = Observer(self.relations, catalogs(self.admin))
        self.bound = self.floor = 0
        self.gaps: list[Gap] = []
        self.stopped = ""
        self._deferred: list[Later[Any]] = []
        self._place: Location | None = None
        self._wire: Wire | None = None

    @property
    def wire(self) -> Wire:
        """The connection of the migrations' role; Stopped: it is let in no more."""
        if self._wire is None:
            self._wire = self._connect()
        return self._wire

    def fresh_session(self) -> None:
        """Give the next file a session as a new one would be, without the cost of a new one where that can be."""
        if not self._flushes or self.wire.ask("discard all").error:
            self.reconnect()

    def reconnect(self) -> None:
        """Open a new session: the old one is lost, or a setting of the database or the role has changed."""
        self._disconnect()
        self._wire = self._connect()

    def defer(self, work: Later[Any]) -> None:
        """Make a value when the server is busy with the next message, or when it is needed."""
        self._deferred.append(work)

    def settle(self) -> None:
        """Make the values that were deferred, in their order."""
        deferred, self._deferred = self._deferred, []
        for work in deferred:
            work()

    def begin(self) -> None:
        """Note what is there before a transaction that is observed at once."""
        self.settle()
        self.note_bound()
        self.observer.begin(self.bound)

    def note_bound(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Note what is there before a transaction; Stopped: too much, or it is too late to begin one.

        `meanwhile` is called while the server looks, if it is asked at all.
        """
        if self.wire.lost:
            self.reconnect()
        columns = [_NEXT_OID] + [_FLUSH_STATISTICS] * self._flushes
        self.bound = int(self.told(self.wire.mark(0, *columns), meanwhile).columns[0])
        self.go_on()

    def go_on(self) -> None:
        """Raise Stopped when a limit of the whole replay is reached."""
        limits = self.watch.limits
        if self.watch.over:
            raise Stopped(f"the whole replay may take {limits.replay_s:g} s", allow_more("timeout"))
        if self.floor and self.bound - self.floor > limits.objects:
            made = f"{self.bound - self.floor} objects were made (a table counts for about five)"
            raise Stopped(f"{made}, and {limits.objects} may be", allow_more("objects"))

    def told(self, question: str, meanwhile: Callable[[], None] = lambda: None) -> Mark:
        """Return the answer to a question of pgproof's own, whatever the migrations have set their session to."""
        answer = self.wire.ask(question, meanwhile=meanwhile)
        if not answer.marks or answer.error:
            if self.wire.lost:
                self.reconnect()
            self.wire.ask(_PATIENT)
            answer = self.wire.ask(question)
        if not answer.marks:
            said = answer.error.message if answer.error else "the session ended"
            raise Stopped(f"the session of the migrations does not answer any more ({said})")
        return answer.marks[-1]

    def stop(self, reason: Stopped) -> None:
        """Run nothing more."""
        self.stopped = reason.problem
        self._disconnect()
        self.gaps.append(
            Gap(f"the replay stopped at this statement: {reason.problem}", True, self._place, reason.way_out)
        )

    def mark(self, number: int, *, quiet: bool = False) -> str:
        """Return the query that tells that a statement ended, what it made and holds (unless `quiet`), and the time."""
        return self.wire.mark(number, CLOCK, _NOTHING if quiet else f"pgproof.held({self.bound})", *_TAKE_EVENTS)

    def seen(self, step: Runnable, messages: Sequence[Message], mark: Mark | None = None) -> Seen:
        """Return what a statement did: what it raised, and the answer of its mark."""
        if mark is None:
            return self.observer.see(text_of(step), messages)
        after = held(mark.columns[HELD])
        self.relations.need(lock.oid for lock in after)
        return self.observer.see(text_of(step), messages, mark.columns[EVENTS], after)

    def sent(self, step: Runnable) -> str:
        """Return the text that is sent for a step."""
        self._place = step.location
        text = sent(step, self.database.name, self._extension_schemas)
        if isinstance(step, Sql) and _may_need_elevation(step):
            return self.database.sent(text, step.statement.tree)
        return text

    def rollback(self) -> None:
        """Leave the transaction, if one is open, or the session, if it is lost."""
        if self.wire.lost:
            self.reconnect()
        elif not self.wire.idle:
            self.wire.ask("rollback")

    def supply(self, error: ServerError | None, step: Runnable) -> bool:
        """Make up what a step failed for the want of, if that may be; say whether another try makes sense."""
        text = text_of(step)
        if joining := self.roles.joining(error, text):
            return self._join(joining)
        made = self.roles.supply(self.admin, error, text) or self.prerequisites.supply(self.database, error, text)
        if made and not (self.wire.lost or self.wire.idle):
            self.wire.ask(_NOTICE)
        return made

    def _join(self, joining: str) -> bool:
        if self.wire.lost or self.wire.idle:
            return not self.wire.lost and not self.wire.ask(joining).error
        if not self.wire.ask(f"savepoint pgproof_role; {joining}").error:
            return not self.wire.ask("release savepoint pgproof_role").error
        self.wire.ask("rollback to savepoint pgproof_role; release savepoint pgproof_role")
        return False

    @property
    def assumed(self) -> tuple[str, ...]:
        """What was made up, with its kind: `role app`, `extension pg_trgm`."""
        return tuple(sorted((*(f"role {name}" for name in self.roles.assumed), *self.prerequisites.assumed)))

    def leave(self) -> None:
        """Take back and end what must not outlive the replay: lent privileges and prepared transactions."""
        self.settle()
        self.roles.take_back(self.admin)
        for (name,) in self.admin.rows(_PREPARED):
            self.wire.ask(f"rollback prepared {literal(name)}")

    def __enter__(self) -> Self:
        """Return the stage."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._disconnect()
        self.admin.close()

    def _connect(self) -> Wire:
        try:
            connection = self.database.connect(self._settings)
        except psycopg.OperationalError as error:
            said = str(error).rpartition("FATAL:")[2].strip().partition("\n")[0]
            raise Stopped(
                f"the migrations let their own role in no more ({said})",
                "Look for what changes the role, the database or its settings before this place.",
            ) from error
        return Wire(connection, self._token, self.watch, self._end)

    def _disconnect(self) -> None:
        if self._wire is not None:
            self._wire.connection.close()

    def _end(self, pid: int) -> None:
        self.admin.execute("select pg_terminate_backend($1)", [pid])


_NEVER = re.compile(r"(?!)")
_MAY_NEED_ELEVATION = {
    # The kinds that migrations are full of are looked at more closely only when a word says so.
    "AlterFunctionStmt": re.compile(r"\bleakproof\b", re.IGNORECASE),
    "AlterTableStmt": re.compile(r"\btrigger\s+all\b", re.IGNORECASE),
    "CommentStmt": re.compile(r"\A\s*comment\s+on\s+(extension|event|publication|foreign|access)\b", re.IGNORECASE),
    "CreateFunctionStmt": _NEVER,
    "CreateStmt": _NEVER,
    "DropStmt": re.compile(r"\A\s*drop\s+(extension|event|publication|foreign|access)\b", re.IGNORECASE),
    "GrantStmt": re.compile(r"\bforeign\b", re.IGNORECASE),
    "IndexStmt": re.compile(r"\bwith\s*\(", re.IGNORECASE),
    "InsertStmt": _NEVER,
    "SelectStmt": _NEVER,
    "UpdateStmt": _NEVER,
    "ViewStmt": _NEVER,
}


def _may_need_elevation(step: Sql) -> bool:
    """Whether a look at the parse tree is worth its time."""
    words = _MAY_NEED_ELEVATION.get(step.statement.node)
    return words is None or words.search(step.statement.text) is not None
