"""What a function returns, and what a trigger function is given, is compared with what it says."""

from __future__ import annotations

import pytest

from tests.conftest import LiveDatabase
from tests.probes.bodies.proving import proved, states

SCHEMA = """
create table job (id bigint primary key, state text, made timestamptz);
create table note (id bigint primary key, body text);
create type pair as (a integer, b text);
"""
CREATE = "create function {}({}) returns {} language plpgsql as $body${}$body$;\n"

RESULTS = {
    # name: (arguments, result, body, what is wrong)
    "columns": (
        "",
        "table (id bigint, state integer)",
        "begin return query select j.id, j.state from job j; end",
        "42804",
    ),
    "too_few": ("", "table (id bigint, state text)", "begin return query select j.id from job j; end", "42804"),
    "of_a_table": ("", "setof job", "begin return query select * from job; end", ""),
    "of_another": ("", "setof job", "begin return query select * from note; end", "42804"),
    "given_back": ("", "setof job", "begin return query update job set state = 'x' returning *; end", ""),
    "given_back_less": ("", "setof job", "begin return query delete from job returning id; end", "42804"),
    "dynamic": ("", "setof job", "begin return query execute 'select * from note'; end", "42804"),
    "outputs": (
        "out a bigint, out b text",
        "setof record",
        "begin return query select j.id, j.state from job j; end",
        "",
    ),
    "outputs_differ": (
        "out a bigint, out b integer",
        "setof record",
        "begin return query select j.id, j.state from job j; end",
        "42804",
    ),
    "next_row": (
        "",
        "setof job",
        "declare r record; begin for r in select * from job loop return next r; end loop; end",
        "",
    ),
    "next_other": (
        "",
        "setof job",
        "declare r record; begin for r in select * from note loop return next r; end loop; end",
        "42804",
    ),
    "scalars": ("", "setof integer", "begin return next 1; return query select 2; return; end", ""),
    "no_row": ("", "pair", "begin return 5; end", "42804"),
    "a_row": ("", "pair", "begin return row(1, 'a')::pair; end", ""),
    "a_null": ("", "pair", "begin return null; end", ""),
    "never": ("", "uuid", "begin return now(); end", "22P02"),
    "by_text": ("t text", "integer", "begin return t; end", ""),
    "json_to_uuid": ("j jsonb", "uuid", "begin return j -> 'id'; end", "22P02"),
    "text_of_json": ("j jsonb", "uuid", "begin return j ->> 'id'; end", ""),
    "composite": ("", "void", "declare p pair; begin p := 5; p.a := 1; p := row(1, 'a'); end", "22P02"),
    "positional": ("integer, text", "text", "begin return $2 || $1; end", ""),
    "another_row": ("", "pair", "declare x note; begin return x; end", "42804"),
    "same_row": ("", "note", "declare x note%rowtype; begin return x; end", ""),
    "either_row": (
        "n integer",
        "note",
        "declare r record; begin if n = 1 then select * into r from note; else select 1 into r; end if; return r; end",
        "",
    ),
    "next_typed": ("", "setof pair", "declare x note; begin return next x; end", "42804"),
    "braces": ("", "jsonb", "declare r record; begin r := row('{1,2}', '{{0}}'); return '{}'; end", ""),
    "no_destination": ("", "void", "begin select 1; end", "42601"),
    "no_destination_of_write": ("", "void", "begin insert into note values (1, 'a') returning id; end", "42601"),
    "diagnostics": (
        "",
        "void",
        "declare r pair; begin get diagnostics r.a = row_count; get current diagnostics r.c = row_count; end",
        "42703",
    ),
    "polymorphic": ("x anyelement", "anyelement", "begin return x + 1; end", ""),
    "qualified": ("id bigint", "bigint", "begin return (select job.id from job where job.id = qualified.id); end", ""),
    "use_column": (
        "id bigint",
        "bigint",
        "#variable_conflict use_column\nbegin return (select id from job limit 1); end",
        "",
    ),
}

TRIGGERS = {
    "touch": ("begin new.made := now(); return new; end", ""),
    "wrong_field": ("begin new.modified := now(); return new; end", "42703"),
    "guarded": (
        "begin if tg_op = 'UPDATE' and old.state <> new.state then new.made := now(); end if; return new; end",
        "",
    ),
    "copies": ("begin insert into job select new.*; return null; end", ""),
    "returns_a_number": ("begin return 1; end", "42804"),
    "arguments": ("begin raise notice '% %', tg_argv[0], tg_table_name; return old; end", ""),
}


def test_results_are_compared(live: LiveDatabase) -> None:
    sql = SCHEMA + "".join(CREATE.format(name, *one[:3]) for name, one in RESULTS.items())
    found = proved(live, sql)
    wanted = {name: [one[3]] if one[3] else [] for name, one in RESULTS.items()}
    assert {name: states(found[name]) for name in RESULTS} == wanted
    assert "Returned type text does not match expected type integer" in found["columns"].defects[0].detail


def test_trigger_functions_are_tried_with_their_table(live: LiveDatabase) -> None:
    sql = SCHEMA + "".join(
        CREATE.format(name, "", "trigger", body)
        + f"create trigger {name} before insert or update on job for each row execute function {name}('x');\n"
        for name, (body, _) in TRIGGERS.items()
    )
    found = proved(live, sql)
    assert {name: states(found[name]) for name in TRIGGERS} == {n: [s] if s else [] for n, (_, s) in TRIGGERS.items()}
    assert found["wrong_field"].defects[0].firing == "public.job"


def test_a_trigger_function_of_several_tables_may_guard_what_only_one_of_them_has(live: LiveDatabase) -> None:
    sql = (
        SCHEMA
        + """
    create function guarded() returns trigger language plpgsql as $$
      begin if to_jsonb(new) ? 'state' then new.state := 'x'; end if; return new; end $$;
    create function unguarded() returns trigger language plpgsql as $$ begin new.state := 'x'; return new; end $$;
    """
        + "".join(
            f"create trigger {name}_{table} before insert on {table} for each row execute function {name}();\n"
            for name in ("guarded", "unguarded")
            for table in ("job", "note")
        )
    )
    found = proved(live, sql)
    assert states(found["guarded"]) == []
    assert "guarded" in found["guarded"].untold[0].reason
    assert [(d.sqlstate, d.firing) for d in found["unguarded"].defects] == [("42703", "public.note")]


def test_transition_tables_and_statement_triggers(live: LiveDatabase) -> None:
    sql = (
        SCHEMA
        + """
    create function counted() returns trigger language plpgsql as $$
      begin if (select count(*) from added where state = 'x') > 0 then raise notice 'x'; end if; return null; end $$;
    create trigger counted after insert on job referencing new table as added for each statement
      execute function counted();
    create function no_row() returns trigger language plpgsql as $$ begin raise notice '%', new.id; return null; end $$;
    create trigger no_row after insert on job for each statement execute function no_row();
    """
    )
    found = proved(live, sql)
    assert states(found["counted"]) == []
    assert states(found["no_row"]) == []  # null, says the manual (43.10.1), and no error


@pytest.mark.parametrize("major", [18])
def test_sql_functions_and_procedures(live: LiveDatabase) -> None:
    sql = (
        SCHEMA
        + """
    create function fine() returns setof job language sql as 'select * from job';
    create function renamed() returns text language sql as 'select status from job';
    create function other_type() returns integer language sql as 'select state from job';
    create function parsed() returns bigint language sql begin atomic select id from job; end;
    create procedure moves(a integer, inout b integer) language plpgsql as $$ begin b := a; commit; end $$;
    create procedure calls() language plpgsql as $$ declare n integer; begin call moves(1, n); call moves(n); end $$;
    """
    )
    found = proved(live, sql)
    wanted = {"fine": [], "renamed": ["42703"], "other_type": ["42P13"], "parsed": [], "moves": [], "calls": []}
    assert {name: states(body) for name, body in found.items()} == wanted
    assert found["renamed"].defects[0].offset == len("select ")
