"""Function bodies proved by trial, against plpgsql_check on the same server where it is installed.

    python -m bench bodies

300 functions of some 20 statements each: queries, writes, loops, records, dynamic commands, handlers. Both are asked
for all errors of all functions; ours includes reading the routines, parsing the bodies and what they use. The time of
the processors is that of this process and of the server's sessions (Linux); it says something on a busy machine, too.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psycopg

from pgproof.model import ObjectName
from pgproof.probes.bodies.prove import prove
from pgproof.probes.bodies.routine import read_routines
from pgproof.probes.bodies.surroundings import Surroundings, read_names
from pgproof.server import binaries
from pgproof.server.admin import AdminSession
from pgproof.server.binaries import Installation
from pgproof.server.cluster import Cluster

FUNCTIONS, RUNS = 300, 5

SCHEMA = """
create table customer (id bigint primary key, name text not null, email text unique, made timestamptz default now());
create table invoice (id bigint generated always as identity primary key, customer bigint references customer,
  state text not null default 'open', amount numeric(12, 2) not null, due date);
create table audit (at timestamptz default now(), what text, who text, details jsonb);
"""
FUNCTION = """
create function bill_{n}(p_customer bigint, p_amount numeric, p_due date default current_date + 14)
returns table (invoice_id bigint, total numeric) language plpgsql as $$
declare
  v_customer customer%rowtype;
  v_open numeric := 0;
  v_count integer;
  r record;
begin
  select * into v_customer from customer c where c.id = p_customer for update;
  if not found then
    raise exception 'no customer %', p_customer using errcode = 'no_data_found';
  end if;
  select coalesce(sum(i.amount), 0), count(*) into v_open, v_count
  from invoice i where i.customer = p_customer and i.state = 'open';
  if v_open + p_amount > 10000 then
    insert into audit (what, who, details) values ('limit', v_customer.name, jsonb_build_object('open', v_open));
    raise exception 'limit of % reached', v_customer.email;
  elsif v_count > {n} then
    update invoice i set state = 'late' where i.customer = p_customer and i.due < current_date;
  end if;
  for r in select i.id, i.amount, c.name from invoice i join customer c on c.id = i.customer where i.state = 'late' loop
    begin
      insert into audit (what, who) values (format('late %s', r.id), r.name);
    exception when unique_violation then
      raise notice 'twice: %', sqlerrm;
    end;
    v_open := v_open - r.amount;
    continue when r.amount < 1;
    perform pg_notify('late', r.id::text);
  end loop;
  execute 'select count(*) from audit where who = $1' into v_count using v_customer.name;
  insert into invoice (customer, amount, due) values (p_customer, p_amount, p_due) returning id, amount into r;
  return query select i.id, i.amount from invoice i where i.customer = p_customer order by i.due;
end
$$;
"""
ASKED = "select count(*) from check_with.plpgsql_check_function_tb(%s::oid, fatal_errors := false)"


def main() -> None:
    """Print a Markdown table."""
    print(f"| {FUNCTIONS} functions | ms a function | of the processors | ratio |")
    print("|---|---:|---:|---:|")
    for installation in binaries.find():
        _measure(installation)


def _measure(installation: Installation) -> None:
    with Cluster(installation) as cluster:
        with AdminSession(cluster, "template1") as admin:
            admin.execute("create role postgres superuser login")
            admin.execute("create database bench owner postgres")
        with psycopg.connect(cluster.dsn("postgres", "bench"), autocommit=True) as connection:
            connection.execute(SCHEMA + "".join(FUNCTION.format(n=n) for n in range(FUNCTIONS)))
            ours = _time(lambda: _ours(connection))
            theirs = _time(lambda: _theirs(connection)) if (installation.share / _CONTROL).exists() else None
    if theirs:
        print(f"| {installation}: plpgsql_check | {theirs[0]:.2f} | {theirs[1]:.2f} | 1.00 |")
    ratio = f"{ours[1] / theirs[1]:.2f}" if theirs else ""
    print(f"| {installation}: by trial | {ours[0]:.2f} | {ours[1]:.2f} | {ratio} |", flush=True)


_CONTROL = "extension/plpgsql_check.control"


def _time(work: Callable[[], float]) -> tuple[float, float]:
    """Return milliseconds a function, elapsed and of the processors; `work` returns those of the server's sessions."""
    elapsed, spent = [], []
    for _ in range(RUNS):
        start, busy = time.perf_counter(), time.process_time()
        sessions = work()
        elapsed.append(time.perf_counter() - start)
        spent.append(time.process_time() - busy + sessions)
    return median(elapsed) * 1000 / FUNCTIONS, median(spent) * 1000 / FUNCTIONS


def _spent(connection: psycopg.Connection[Any]) -> float:
    """Return the seconds that a session's server process has had (proc(5))."""
    fields = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ours(connection: psycopg.Connection[Any]) -> float:
    names = {ObjectName("function", ("public", f"bill_{n}", "bigint, numeric, date")) for n in range(FUNCTIONS)}
    with connection.transaction():
        connection.execute("set local search_path = pg_catalog")
        routines, around = read_routines(connection, names), Surroundings(read_names(connection))
    assert len(routines) == FUNCTIONS
    spent: list[float] = []

    @contextmanager
    def session() -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(connection.info.dsn, autocommit=True) as other:
            yield other
            spent.append(_spent(other))

    found = prove(session, routines, around)
    assert not any(body.defects or body.untold for body in found)
    return sum(spent)


def _theirs(connection: psycopg.Connection[Any]) -> float:
    before = _spent(connection)
    connection.execute("create schema if not exists check_with")
    connection.execute("create extension if not exists plpgsql_check schema check_with")
    for (oid,) in connection.execute("select oid from pg_proc where proname like 'bill%'").fetchall():
        connection.execute(ASKED, [oid])
    return _spent(connection) - before
