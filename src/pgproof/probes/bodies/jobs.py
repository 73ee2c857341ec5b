"""The commands that pg_cron runs, tried like bodies: they stand as text in its table, where nothing looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgproof.model import ObjectName
from pgproof.probes.bodies.routine import Routine
from pgproof.probes.bodies.tree import Block, Body, Sql, Text
from pgproof.sql.split import split

if TYPE_CHECKING:
    from psycopg import Connection

JOBS = """
select coalesce(jobname, 'job ' || jobid), pg_catalog.replace(command, E'\\r\\n', E'\\n')
from cron.job where active and database = pg_catalog.current_database() order by 1
"""


def read_jobs(connection: Connection[Any]) -> list[Routine]:
    """Return the jobs of the connection's role in this database, none without pg_cron's table."""
    ((there,),) = connection.execute("select pg_catalog.to_regclass('cron.job') is not null").fetchall()
    return [_job(name, command) for name, command in connection.execute(JOBS).fetchall()] if there else []


def body_of(job: Routine) -> Body:
    """Return the statements of a job's command; SyntaxProblem when it does not parse."""
    pieces = split(job.body)
    return Body("", Block(0, "", (), tuple(Sql(one.start, Text(one.text, one.start)) for one in pieces)))


def _job(name: str, command: str) -> Routine:
    return Routine(
        ObjectName("scheduled job", ("cron", name)),
        0,
        "job",
        command,
        (),
        "void",
        returns_set=False,
        composite=False,
        volatility="volatile",
        security_definer=False,
        settings={},
    )
