"""What the text of a body shows without a trial."""

from __future__ import annotations

from typing import Any

import pytest

from pgproof.model import ObjectName
from pgproof.probes.bodies.review import review
from pgproof.probes.bodies.routine import Argument, Routine
from pgproof.probes.bodies.uses import uses


def routine(body: str, *arguments: str, language: str = "plpgsql", **changed: Any) -> Routine:
    given: dict[str, Any] = {
        "name": ObjectName("function", ("public", "f", "")),
        "oid": 1,
        "language": language,
        "body": body,
        "arguments": tuple(Argument(name, "in", kind) for name, _, kind in (a.partition(" ") for a in arguments)),
        "result": "integer",
        "returns_set": False,
        "composite": False,
        "volatility": "volatile",
        "security_definer": False,
        "settings": {},
        **changed,
    }
    return Routine(**given)


def remarks(body: str, *arguments: str, **changed: Any) -> list[tuple[str, str]]:
    return [(one.kind, one.what) for one in review(routine(body, *arguments, **changed))]


@pytest.mark.parametrize(
    "body",
    [
        "begin return 1; end",
        "begin if a then return 1; end if; end",
        "begin raise exception 'no'; end",
        "begin loop perform 1; end loop; end",
        "begin if a then raise exception 'x'; else raise exception 'y'; end if; end",
        "begin perform 1; exception when others then return 1; end",
    ],
)
def test_a_return_or_no_end(body: str) -> None:
    assert remarks(body) == []


@pytest.mark.parametrize(
    "body",
    ["begin perform 1; end", "begin if a then raise exception 'x'; end if; end", "begin loop exit; end loop; end"],
)
def test_no_return(body: str) -> None:
    assert [kind for kind, _ in remarks(body)] == ["no return"]
    assert remarks(body, result="void") == []
    assert remarks(body, returns_set=True) == []


@pytest.mark.parametrize(
    ("statement", "verb"),
    [
        ("insert into t values (1)", "INSERT"),
        ("perform 1", ""),
        ("select a into b from t for update", "SELECT FOR UPDATE"),
        ("with d as (delete from t returning 1) select * from d", "SELECT with a data-modifying WITH"),
        ("create temp table x (a int)", "CREATE TABLE"),
        ("set local work_mem = '1MB'", ""),
        ("truncate t", "TRUNCATE TABLE"),
    ],
)
def test_writes_in_a_stable_function(statement: str, verb: str) -> None:
    body = f"begin {statement}; return 1; end"
    wanted = [("write", f"{verb} is not allowed in a non-volatile function")] if verb else []
    assert remarks(body, volatility="stable") == wanted
    assert remarks(body) == []


UNSAFE = [
    "execute 'select ' || a;",
    "execute format('select %s', a);",
    "q := 'select * from t where n = ''' || a || ''''; execute q;",
    "q := lower(a); r := 'x' || q; execute r;",
    "execute a;",
    "select n into q from job where n = a; if not found then q := 'none'; end if; execute 'select ' || a;",
    "select n into q from job; if not found then raise 'no'; end if; execute 'select ' || a;",
    "for r in execute concat('select ', a) loop null; end loop;",
]
SAFE = [
    "execute 'select $1' using a;",
    "execute format('select %I, %L', a, a);",
    "execute 'select * from ' || quote_ident(a);",
    "execute 'select * from ' || a::regclass;",
    "if a not in ('x', 'y') then raise exception 'no'; end if; execute 'select * from ' || a;",
    "select n into q from job where n = a; if not found then raise 'no'; end if; execute 'analyze ' || a;",
    "select max(n) into q from job where n = a; if q is null then raise 'no'; end if; execute 'x ' || a;",
    "execute case when a = 'x' then 'select 1' else 'select 2' end;",
    "execute 'select ' || length(a);",
    "for r in select tablename from pg_tables loop execute 'analyze ' || r.tablename; end loop;",
]


@pytest.mark.parametrize("statements", UNSAFE)
def test_a_parameter_becomes_part_of_a_command(statements: str) -> None:
    assert remarks(f"declare q text; r text; begin {statements} return 1; end", "a text") == [("unquoted", "a")]


@pytest.mark.parametrize("statements", SAFE)
def test_a_parameter_is_quoted_passed_or_checked(statements: str) -> None:
    assert remarks(f"declare q text; r record; begin {statements} return 1; end", "a text") == []


def test_a_number_cannot_carry_a_command() -> None:
    assert remarks("begin execute 'select ' || n; return 1; end", "n integer") == []


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        ("select name from t where id = id", True),
        ("select name from t where t.id = id and x = 1", True),
        ("delete from t where id = t.id", True),
        ("select name from t where t.id = f.id", False),
        ("select name from t where id = $1", False),
        ("select name from t where other = id", False),
        ("select name from t join s on t.id = s.id where id = 1", False),
        ("select case when id = id then 1 end from t", False),
    ],
)
def test_a_column_hides_a_parameter_of_an_sql_function(body: str, hidden: bool) -> None:
    assert remarks(body, "id integer", language="sql") == ([("hidden", "id")] if hidden else [])


def test_uses_are_read_from_the_statements() -> None:
    body = """
    begin
      insert into app.log (what) select name from person p where exists (select 1 from app.job);
      update job set state = lower('X'), made = now() where id = app.next_id();
      with old as (delete from job returning id) select count(*) into n from old;
      execute 'select * from hidden';
      return (select max(id) from bill);
    end"""
    found = uses(routine(body))
    assert found.reads == (("", "bill"), ("", "hidden"), ("", "person"), ("app", "job"))
    assert found.writes == (("", "job"), ("app", "log"))
    assert ("app", "next_id") in found.calls
    assert found.columns_written == (("job", "made"), ("job", "state"), ("log", "what"))
