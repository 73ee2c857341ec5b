"""`#variable_conflict use_column` is proposed where it needs no guess, and was tried."""

from __future__ import annotations

import psycopg
import pytest

from pgproof.probes.bodies.repair import OPTION, with_option
from tests.conftest import LiveDatabase
from tests.probes.bodies.proving import proved

SCHEMA = """
create table job (id bigint primary key, status text not null, owner bigint);
insert into job values (1, 'pending', 7);
"""
CREATE = "create function {}({}) returns {} language plpgsql as $body${}$body$;\n"
ROWS = "table (id bigint, status text)"
CLAIM = """
begin
  return query update job set status = 'claimed'
  where job.id = (select j.id from job j where status = 'pending' order by id limit 1) returning job.id, job.status;
end """

FUNCTIONS = {
    # name: (arguments, result, body, whether the option is proposed)
    "claim": ("", ROWS, CLAIM, True),
    "upsert": ("", ROWS, "begin insert into job values (2, 'a', 1) on conflict (id) do nothing; end", True),
    "with_an_argument": ("owner bigint", ROWS, "begin return query select 1, 'a' from job where owner = 7; end", False),
    "assigned": ("", ROWS, "begin id := 1; return query select j.id, j.status from job j where id = 1; end", False),
    "another_name": (
        "owner bigint",
        ROWS,
        "begin return query select j.id, j.status from job j where id = 1 and j.owner = with_owner.owner; end",
        False,
    ),
    "second_name_is_an_argument": (
        "owner bigint",
        ROWS,
        "begin return query select j.id, j.status from job j where id = 1 and owner = 7; end",
        False,
    ),
    "also_the_variable": (
        "",
        ROWS,
        "begin perform 1 from job where id = 1; perform 1 where status is null; end",
        False,
    ),
    "something_else_is_wrong": ("", ROWS, "begin perform 1 from job where id = 1; perform nothing; end", False),
    "another_option": ("", ROWS, "\n#variable_conflict error\nbegin perform 1 from job where id = 1; end", False),
    "of_two_tables": ("", ROWS, "begin perform 1 from job a join job b on a.id = b.id where id = 1; end", False),
}


@pytest.mark.parametrize("major", [18])
def test_it_is_proposed_where_it_is_right(live: LiveDatabase) -> None:
    found = proved(live, SCHEMA + "".join(CREATE.format(name, *one[:3]) for name, one in FUNCTIONS.items()))
    assert all(found[name].defects for name in FUNCTIONS)
    proposed = {name: {defect.repair for defect in found[name].defects} for name in FUNCTIONS}
    assert proposed == {name: {OPTION if one[3] else ""} for name, one in FUNCTIONS.items()}
    with psycopg.connect(live.url, autocommit=True) as connection:
        connection.execute(("create or replace " + CREATE[7:].format("claim", "", ROWS, with_option(CLAIM))).encode())
        assert connection.execute("select * from claim()").fetchall() == [(1, "claimed")]
