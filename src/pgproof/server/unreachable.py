"""Why a live database could not be reached, and what to do."""

from __future__ import annotations

import re

import psycopg

from pgproof.model.errors import PgproofError
from pgproof.server.redact import redact
from pgproof.server.target import Target

_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        r"password authentication failed|no password supplied|SASL authentication failed|Wrong password",
        "{target}: the password is wrong or missing",
        "Check user and password; special characters in a password must be percent-encoded (@ is %40).",
    ),
    (
        r"Tenant or user not found|no such user",
        "{target}: the pooler does not know this user",
        "A pooler's user often carries the project: postgres.<project>. Copy the URL from the dashboard again.\n"
        "Poolers say the same of a project that is paused: wake it there.",
    ),
    (
        r"unsupported startup parameter|unrecognized configuration parameter",
        "{target}: a parameter of the connection is refused",
        "Leave it out of the URL (options=…), or let the pooler ignore it: ignore_startup_parameters in pgbouncer.ini.",
    ),
    (
        r"server_login_retry|server login has been failing|cannot connect to server|connect to compute node"
        r"|Control plane request failed|query_wait_timeout",
        "{target}: the pooler is there, but gives no connection to its database",
        "The database may be asleep, stopped or overloaded: wake it (Supabase, Neon: in the dashboard), and try again.",
    ),
    (
        r"bouncer config error",
        "{target}: the pooler has no such database or user",
        "Check both in the URL against the pooler's own configuration.",
    ),
    (
        r"endpoint (?:is disabled|.*could not be found)|(?:project|compute|instance|database) (?:is|has been) "
        r"(?:paused|suspended|stopped|disabled)",
        "{target}: the database is switched off",
        "Switch it on in the provider's dashboard, and try again.",
    ),
    (
        r'role ".*" (?:does not exist|is not permitted to log in)',
        "{target}: there is no such role, or it may not log in",
        "Check the user in the URL.",
    ),
    (
        r'database ".*" does not exist|no such database',
        "{target}: there is no such database",
        "Check the name at the end of the URL.",
    ),
    (
        r"permission denied for database",
        "{target}: the role may not connect to this database",
        "grant connect on database … to it.",
    ),
    (
        r"no pg_hba.conf entry|pg_hba.conf rejects",
        "{target}: the server lets this user in from another place, or with TLS, only",
        "Try ?sslmode=require, or add this machine to pg_hba.conf or to the provider's list of allowed addresses.",
    ),
    (
        r"remaining connection slots|too many (?:clients|connections)|MaxClientsInSessionMode|max client connections"
        r"|no more connections allowed",
        "{target}: the server has no connection left",
        "Try again later, or use the pooler's URL.",
    ),
    (
        r"the database system is (?:starting|shutting|in recovery)|not accepting connections|consistent recovery",
        "{target}: the server is starting, stopping or recovering",
        "Try again in a moment.",
    ),
    (
        r"server does not support SSL|SSL was required",
        "{target}: the server does not speak TLS",
        "Use ?sslmode=disable if the way to it is safe.",
    ),
    (
        r"certificate|SSL error|TLS|ssl",
        "{target}: the TLS connection failed",
        "Check sslmode and sslrootcert in the URL.",
    ),
    (
        r"failed to resolve host|could not translate host name|Name or service not known"
        r"|No address associated with hostname|nodename nor servname|name resolution",
        "{target}: the host's name is not known",
        "Check the host in the URL, and that this machine may ask the name server. A host that has an IPv6 address\n"
        "only (Supabase's direct connection) is not found where IPv6 is off: use the pooler's URL, which has IPv4.",
    ),
    (
        r"Network is unreachable|No route to host|Cannot assign requested address|Address family not supported",
        "{target}: there is no way to the host from here",
        "If the host has an IPv6 address only (Supabase's direct connection), use the pooler's URL, which has IPv4.",
    ),
    (
        r"timeout expired|timed out",
        "{target}: the host does not answer",
        "A paused project must be woken first (Supabase, Neon: in the dashboard); a firewall may drop packets.\n"
        "?connect_timeout=60 in the URL waits longer.",
    ),
    (
        r"Connection refused|No such file or directory|Is the server running",
        "{target}: no server listens there",
        "Start it, or check host and port in the URL.",
    ),
    (
        r"server closed the connection|Connection reset|received invalid response|protocol",
        "{target}: what answers there does not behave like a PostgreSQL server",
        "Check host and port in the URL. A database that is just waking up does so too: try again in a moment.",
    ),
)


_LOST: tuple[tuple[str, str], ...] = (
    (
        r"statement pooling mode",
        "The pooler changes the server session after every statement;\n"
        "pgproof needs pool_mode = transaction or session, or the database's own port.",
    ),
    (r"query_wait_timeout", "The pooler had no free connection for a long time: try again later, or raise its pool."),
    (r"conflict with recovery", "The replica had to go on: try again, or take the primary's URL."),
)


def explain_unreachable(error: psycopg.Error, target: Target) -> PgproofError:
    """Return the error to raise: one sentence, the server's own words without secrets, and what to do."""
    said = redact(_first_words(str(error)), *target.secrets)
    for pattern, problem, way_out in _REASONS:
        if re.search(pattern, str(error), re.IGNORECASE):
            return PgproofError(f"cannot connect to {problem.format(target=target)} ({said}).", way_out)
    return PgproofError(f"cannot connect to {target}: {said}.", "Check the URL.")


def lost(error: psycopg.Error, target: Target) -> PgproofError:
    """Return the error for a connection that was lost in the middle of the work."""
    said = redact(_first_words(str(error)), *target.secrets) or "the server said nothing"
    known = (way_out for pattern, way_out in _LOST if re.search(pattern, said, re.IGNORECASE))
    way_out = next(known, "See that the server runs, and run pgproof again.")
    return PgproofError(f"the connection to {target} was lost ({said}).", f"Nothing was changed there. {way_out}")


def _first_words(message: str) -> str:
    """Return what matters of libpq's message, on one line."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    first = re.sub(r"^(?:connection failed|consuming input failed): ", "", first)
    first = re.sub(r"^connection to server (?:at|on) .*? failed: ", "", first)
    return re.sub(r"^(?:FATAL|ERROR):\s+", "", first).rstrip(".")
