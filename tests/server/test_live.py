"""Sessions on a live database: nothing is changed there, and errors say what to do."""

from __future__ import annotations

import socket
import threading
from typing import Any

import psycopg
import pytest

from pgproof.model.errors import PgproofError, UsageError
from pgproof.server.live import connect
from tests.conftest import LiveDatabase

SECRET = "s3cr3t/@word"
ENCODED = "s3cr3t%2F%40word"


@pytest.mark.parametrize(
    "sql",
    [
        "insert into t values (2)",
        "delete from t",
        "create table u ()",
        "drop table t",
        "truncate t",
        "grant select on t to public",
        "select nextval('s')",
        "commit; drop table t",
        "select 1; commit; drop table t",
        "with d as (delete from t returning 1) select * from d",
        "do $$ begin commit; delete from t; end $$",
        "do $$ begin delete from t; end $$",
        "set transaction read write",
        "select set_config('transaction_read_only', 'off', false)",
        "explain analyze delete from t",
        "select * from t for update",
        "lock table t in access exclusive mode",
    ],
)
def test_a_statement_that_would_write_is_refused(live: LiveDatabase, sql: str) -> None:
    live.execute("create table t as select 1 as a; create sequence s")
    with pytest.raises(psycopg.Error):
        live.session().rows(sql)
    assert live.rows("select a from t") == [(1,)]


@pytest.mark.parametrize("sql", ["commit", "rollback", "end"])
def test_a_statement_that_ends_the_transaction_ends_the_session(live: LiveDatabase, sql: str) -> None:
    session = live.session()
    with pytest.raises(psycopg.NotSupportedError):
        session.rows(sql)
    with pytest.raises((psycopg.Error, PgproofError)):
        session.rows("select 1")


def test_a_session_leaves_no_state_behind(live: LiveDatabase) -> None:
    session = live.session()
    state = "select name, setting from pg_catalog.pg_settings where source = 'session' order by 1"
    with session.chunk():
        session.rows("select $1::int", (1,))
        assert session.rows("show transaction_read_only") == [("on",)]
        assert session.rows("show search_path") == [("pg_catalog, pg_temp",)]
        assert session.rows("show row_security") == [("off",)]
        assert session.rows("select 1 from pg_catalog.pg_prepared_statements") == []
    raw: Any = session
    connection: psycopg.Connection[Any] = raw._connection
    assert connection.execute(state).fetchall() == []
    assert connection.execute("show statement_timeout").fetchall() == [("0",)]


def test_a_count_that_row_level_security_would_falsify_is_an_error(live: LiveDatabase) -> None:
    live.execute(
        f"create role {live.name} login; create table t as select 1; alter table t enable row level security;"
        f"grant select on t to {live.name}"
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        live.session(live.name).rows("select count(*) from public.t")
    live.execute(f"drop table t; drop role {live.name}")


def test_we_do_not_queue_behind_a_lock(live: LiveDatabase) -> None:
    live.execute("create table t (); create view v as select * from t")
    with psycopg.connect(live.url) as other:
        other.execute("lock table v")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            live.session().rows("select pg_get_viewdef('public.v'::regclass)")


def test_a_statement_that_fails_does_not_spoil_the_session(live: LiveDatabase) -> None:
    session = live.session()
    with pytest.raises(psycopg.errors.DivisionByZero):
        session.rows("select 1 / 0")
    assert session.rows("select 1") == [(1,)]


def test_the_environment_does_not_lead_elsewhere(live: LiveDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGHOSTADDR": "192.0.2.1",
        "PGSERVICE": "production",
        "PGTZ": "Asia/Tokyo",
        "PGOPTIONS": "-c search_path=public",
    }.items():
        monkeypatch.setenv(name, value)
    session = live.session()
    assert session.rows("select current_database()") == [(live.name,)]
    assert session.rows("show timezone") == [("UTC",)]


def test_a_server_that_dies_is_said(live: LiveDatabase) -> None:
    session = live.session()
    session.rows("select 1")
    live.execute(
        f"select pg_terminate_backend(pid, 5000) from pg_stat_activity"
        f" where datname = '{live.name}' and pid <> pg_backend_pid()"
    )
    with pytest.raises(PgproofError, match="was lost"):
        session.rows("select 1")


def message(error: pytest.ExceptionInfo[PgproofError]) -> str:
    return f"{error.value.problem}\n{error.value.way_out}\n{error.value!r}\n{error.value.__cause__!r}"


@pytest.mark.parametrize("major", [18])
def test_each_way_not_to_reach_a_database_has_its_own_words(live: LiveDatabase) -> None:
    where = f"host={live.cluster.socket_dir}&port={live.cluster.port}"
    for url, problem in {
        f"postgresql:///{live.name}?{where}&user=pgproof_admin&password={ENCODED}": "the password is wrong",
        f"postgresql:///{live.name}?{where}&user=nobody_here&password={ENCODED}": "no such role",
        f"postgresql:///nothing_here?{where}&user=postgres&password={ENCODED}": "no such database",
        f"postgresql://app:{ENCODED}@127.0.0.1:1/d": "no server listens there",
        f"postgresql://app:{ENCODED}@no-such-host.invalid/d": "name is not known",
        f"postgresql:///d?host=/nonexistent&user=app&password={ENCODED}": "no server listens there",
    }.items():
        with pytest.raises(PgproofError) as caught:
            connect(url)
        assert problem in caught.value.problem, caught.value.problem
        assert caught.value.way_out
        assert SECRET not in message(caught)
        assert ENCODED not in message(caught)


def test_a_host_that_sleeps_is_not_waited_for_for_ever() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as asleep,
        pytest.raises(PgproofError, match="does not answer") as caught,
    ):
        connect(f"postgresql://app:{ENCODED}@127.0.0.1:{asleep.getsockname()[1]}/d?connect_timeout=2")
    assert "connect_timeout" in caught.value.way_out
    assert SECRET not in message(caught)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ('connection to server at "2600::1", port 5432 failed: Network is unreachable', "no way to the host"),
        ("FATAL:  Tenant or user not found", "pooler does not know"),
        ('no pg_hba.conf entry for host "1.2.3.4", user "app", database "d", no encryption', "from another place"),
        ("FATAL:  sorry, too many clients already", "no connection left"),
        ("FATAL:  the database system is starting up", "starting, stopping"),
        ("SSL error: certificate verify failed", "TLS connection failed"),
        ("server does not support SSL, but SSL was required", "does not speak TLS"),
        (
            'connection to server at "db.x.supabase.co" (2600::1), port 5432 failed: No route to host',
            "no way to the host",
        ),
        ('could not translate host name "h" to address: No address associated with hostname', "name is not known"),
        ("failed to resolve host 'h': [Errno -3] Temporary failure in name resolution", "name is not known"),
        ("connection timeout expired", "does not answer"),
        ("server closed the connection unexpectedly", "does not behave like a PostgreSQL server"),
        ("FATAL:  unsupported startup parameter: options", "a parameter of the connection is refused"),
        (
            "FATAL:  server login has been failing, cached error: connect failed (server_login_retry)",
            "gives no connection",
        ),
        ("FATAL:  query_wait_timeout", "gives no connection"),
        ("ERROR:  Couldn't connect to compute node", "gives no connection"),
        ("FATAL:  bouncer config error", "no such database or user"),
        ("FATAL:  no such database: shop", "no such database"),
        ("FATAL:  no such user: app", "pooler does not know"),
        ("FATAL:  no more connections allowed (max_client_conn)", "no connection left"),
        ("ERROR:  endpoint is disabled", "switched off"),
        ("FATAL:  the project has been paused", "switched off"),
        ("something that nobody has seen", "something that nobody has seen"),
    ],
)
def test_what_servers_elsewhere_say_is_understood(said: str, problem: str) -> None:
    from pgproof.server.target import read_url
    from pgproof.server.unreachable import explain_unreachable

    error = explain_unreachable(psycopg.OperationalError(said), read_url(f"postgresql://app:{ENCODED}@h:5432/d"))
    assert problem in error.problem
    assert "app@h:5432/d" in error.problem
    assert error.way_out


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            'connection to server at "2600::1", port 5432 failed: Network is unreachable',
            "the pooler's URL, which has IPv4",
        ),
        ('could not translate host name "h" to address: No address associated with hostname', "which has IPv4"),
        ("connection timeout expired", "A paused project must be woken first"),
        ("server closed the connection unexpectedly", "just waking up"),
        ("Tenant or user not found", "paused: wake it"),
        ("Couldn't connect to compute node", "may be asleep"),
    ],
)
def test_a_host_that_has_ipv6_only_or_sleeps_is_told_what_to_try(said: str, advice: str) -> None:
    from pgproof.server.target import read_url
    from pgproof.server.unreachable import explain_unreachable

    assert advice in explain_unreachable(psycopg.OperationalError(said), read_url("postgresql://app@h/d")).way_out


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("FATAL:  query_wait_timeout", "no free connection"),
        ("ERROR:  transaction blocks not allowed in statement pooling mode", "pool_mode = transaction"),
        ("FATAL:  terminating connection due to conflict with recovery", "The replica had to go on"),
        ("FATAL:  terminating connection due to administrator command", "See that the server runs"),
    ],
)
def test_a_connection_that_is_lost_says_why_and_that_nothing_was_changed(said: str, advice: str) -> None:
    from pgproof.server.target import read_url
    from pgproof.server.unreachable import lost

    error = lost(psycopg.OperationalError(said), read_url(f"postgresql://app:{ENCODED}@h:5432/d"))
    assert error.problem.startswith("the connection to app@h:5432/d was lost (")
    assert error.way_out.startswith("Nothing was changed there.")
    assert advice in error.way_out


def test_a_host_that_hangs_up_at_once_is_not_taken_for_a_wrong_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as waking:

        def hang_up() -> None:
            waking.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(PgproofError, match="does not behave like a PostgreSQL server") as caught:
            connect(f"postgresql://app:{ENCODED}@127.0.0.1:{waking.getsockname()[1]}/d?sslmode=disable")
    assert "waking up" in caught.value.way_out
    assert SECRET not in message(caught)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "  ",
        "just words",
        f"mysql://app:{SECRET}@h/d",
        f"postgresql://app:{ENCODED}@h:port/d",
        f"postgresql://app:{ENCODED}@h/d?nonsense=1",
        f"host=h passwort={SECRET}",
        f"postgresql://app:%zz{ENCODED}@h/d",
        f"postgresql://app:{SECRET}@h/d",
        "postgresql://app:s3cr3t@word@h/d",
        "postgresql://app:s3cr3t?word@h/d",
        "postgresql://app:s3cr3t#word@h/d",
        "postgresql://app@h:s3cr3t/d",
    ],
)
def test_a_wrong_url_is_a_usage_error_that_does_not_repeat_it(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        connect(url)
    assert "s3cr3t" not in message(caught)
    assert "postgresql://" in caught.value.way_out or not url.strip()


@pytest.mark.parametrize("major", [18])
@pytest.mark.parametrize("form", ["postgres://", "postgresql+psycopg://", "jdbc:postgresql://"])
def test_the_spellings_of_other_clients_are_understood(live: LiveDatabase, form: str) -> None:
    url = live.url.replace("postgresql://", form) + "&pgbouncer=true&schema=public&connection_limit=1"
    with connect(url) as session:
        assert session.rows("select current_database()") == [(live.name,)]


def test_a_password_may_hold_anything_when_it_is_encoded() -> None:
    from pgproof.server.target import read_url

    target = read_url(f"postgresql://a%40b:{ENCODED}@h1:5432,[::1]:5433/d%2Fx?application_name=a@b&sslmode=require")
    assert target.parameters["password"] == SECRET
    assert target.parameters["host"] == "h1,::1"
    assert str(target) == "a@b@h1,::1:5432,5433/d/x"


class OldServer:
    """Answers as a server of another version would, as far as the startup goes."""

    def __init__(self, version: str) -> None:
        self.version = version

    def serve(self, listening: socket.socket) -> None:
        client, _ = listening.accept()
        with client:
            client.recv(4096)

            def send(kind: bytes, body: bytes) -> None:
                client.sendall(kind + (len(body) + 4).to_bytes(4, "big") + body)

            send(b"R", (0).to_bytes(4, "big"))
            send(b"S", b"server_version\0" + self.version.encode() + b"\0")
            send(b"S", b"client_encoding\0UTF8\0")
            send(b"Z", b"I")
            client.recv(4096)


def connect_to(version: str) -> Any:
    from threading import Thread

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Thread(target=OldServer(version).serve, args=(listening,))
        server.start()
        try:
            session = connect(
                f"postgresql://app@127.0.0.1:{listening.getsockname()[1]}/d?sslmode=disable&gssencmode=disable"
            )
            session.close()
            return session
        finally:
            server.join()


@pytest.mark.parametrize(("version", "shown"), [("12.22", "12.22"), ("9.6.24", "9.6"), ("13.0", "13.0")])
def test_an_old_server_is_refused(version: str, shown: str) -> None:
    with pytest.raises(PgproofError, match=f"PostgreSQL {shown}, which pgproof does not support"):
        connect_to(version)


def test_a_server_of_the_future_is_warned_of() -> None:
    assert "PostgreSQL 19 is newer" in connect_to("19.1").warnings[0]


def test_a_server_that_is_known_is_not_warned_of() -> None:
    assert connect_to("17.2").warnings == ()
