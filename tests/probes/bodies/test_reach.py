"""What stands in a branch that cannot run is no defect; what can run is judged."""

from __future__ import annotations

import pytest

from tests.conftest import LiveDatabase
from tests.probes.bodies.proving import proved, states

SCHEMA = """
create table note (id int, title text); create table job (id int, state text);
create function {name}() returns trigger language plpgsql as $body$ {body} end $body$;
"""
TRIGGER = "create trigger {name}_{table} {when} on {table} for each row execute function {name}({arguments});\n"
WRONG = "new.nothing := 1;"
TRIGGERS = {
    # name: (body, [(table, when, arguments)], what is wrong)
    "other_event": (
        f"begin if tg_op = 'UPDATE' then {WRONG} end if; return new;",
        [("note", "before insert", "")],
        [],
    ),
    "its_event": (
        f"begin if tg_op = 'UPDATE' then {WRONG} end if; return new;",
        [("note", "before insert or update", "")],
        ["42703"],
    ),
    "elsif": (
        "begin if tg_op = 'INSERT' then return new; elsif tg_op = 'UPDATE' then return new; end if;"
        f" {WRONG} return old;",
        [("note", "before insert or update", "")],
        [],
    ),
    "else_of_all": (
        f"begin if (tg_op = 'DELETE') then {WRONG} return old; else return new; end if; {WRONG} return null;",
        [("note", "before insert or update", "")],
        [],
    ),
    "a_case": (
        f"begin case tg_op when 'INSERT', 'UPDATE' then return new; when 'DELETE' then {WRONG} end case; return null;",
        [("note", "before insert", "")],
        [],
    ),
    "a_table_each": (
        "begin if tg_table_name = 'note' then new.title := 'x'; elsif tg_table_name = 'job' then new.state := 'x';"
        " end if; return new;",
        [("note", "before insert", ""), ("job", "before insert", "")],
        [],
    ),
    "a_branch_of_one": (
        f"begin if tg_table_name = 'note' then {WRONG} elsif tg_table_name = 'job' then new.state := 'x';"
        " end if; return new;",
        [("note", "before insert", ""), ("job", "before insert", "")],
        ["42703"],
    ),
    "a_table_unknown": (
        "begin if tg_table_name in ('gone', 'lost') and new.id > 0 then perform 1 from gone; end if; return new;",
        [("note", "after insert", "")],
        [],
    ),
    "a_level": (
        f"begin if tg_level = 'STATEMENT' or tg_when <> 'BEFORE' then {WRONG} end if; return new;",
        [("note", "before insert", "")],
        [],
    ),
    "an_argument": (
        "begin if tg_argv[0] = 'state' then new.state := 'x'; else new.title := 'x'; end if; return new;",
        [("note", "before insert", "'it''s'"), ("job", "before insert", "'state'")],
        [],
    ),
    "not_known": (
        f"begin if tg_op = 'INSERT' and new.id between 1 and 2 then {WRONG} end if; return new;",
        [("note", "before insert", "")],
        ["42703"],
    ),
}
GUARDED = {
    # name: (body, what is wrong, what is unknown)
    "older": ("if current_setting('server_version_num')::int < 90000 then perform nothing(); end if;", [], 0),
    "this": ("if current_setting('server_version_num')::int >= 90000 then perform nothing(); end if;", ["42883"], 0),
    "regclass": ("if to_regclass('public.gone') is not null then delete from public.gone; end if;", [], 0),
    "there": ("if to_regclass('public.note') is not null then delete from public.gone; end if;", ["42P01"], 0),
    "extension": (
        "if exists (select 1 from pg_extension where extname = 'pg_net') then perform net.http_get('x'); end if;",
        [],
        0,
    ),
    "leaves": (
        "if not exists (select from information_schema.tables where table_name = 'gone') then return; end if;"
        "delete from gone;",
        [],
        0,
    ),
    "of_an_argument": (
        "if exists (select from information_schema.columns c where c.column_name = $1) then"
        " update note set extra = 1; else update note set title = 1 + 'a'; end if;",
        ["22P02"],
        1,
    ),
    "a_flag": (
        "select count(*) into n from pg_catalog.pg_tables t where t.tablename = 'gone'; if n = 0 then return; end if;"
        " delete from gone;",
        [],
        1,
    ),
    "found": ("perform 1 from pg_class where relname = 'gone'; if found then delete from gone; end if;", [], 1),
    "of_rows": ("perform 1 from note; if found then delete from gone; end if;", ["42P01"], 0),
    "handled": ("begin delete from note; exception when undefined_table then delete from gone; end;", [], 1),
    "a_case_of_all": ("case when n = 1 then return; when n = 2 then return; end case; delete from gone;", [], 0),
    "deep": (
        f"if {'not ' * 2000} (n = 1) or {'(' * 500} false {')' * 500} then delete from gone; end if;",
        ["42P01"],
        0,
    ),
    "never": ("if false then delete from gone; end if; return; delete from gone;", [], 0),
    "a_loop": ("while 1 = 2 loop delete from gone; end loop; while n < 3 loop n := n + x; end loop;", ["42703"], 0),
}


@pytest.fixture
def major() -> int:
    return 18


def test_branches_for_another_event_or_table(live: LiveDatabase) -> None:
    sql = SCHEMA.partition("create function")[0]
    for name, (body, triggers, _) in TRIGGERS.items():
        sql += SCHEMA[len(SCHEMA.partition("create function")[0]) :].format(name=name, body=body)
        for table, when, arguments in triggers:
            sql += TRIGGER.format(name=name, table=table, when=when, arguments=arguments)
    found = proved(live, sql)
    assert {name: states(found[name]) for name in TRIGGERS} == {name: wrong for name, (*_, wrong) in TRIGGERS.items()}
    assert not any(one.untold for one in found.values())


def test_branches_behind_a_look_at_the_server_or_into_the_catalog(live: LiveDatabase) -> None:
    sql = SCHEMA.partition("create function")[0]
    for name, (body, *_) in GUARDED.items():
        sql += f"create function {name}(text) returns void language plpgsql as $b$ declare n int; begin {body} end $b$;"
    found = proved(live, sql)
    assert {name: (states(found[name]), len(found[name].untold)) for name in GUARDED} == {
        name: (wrong, unknown) for name, (_, wrong, unknown) in GUARDED.items()
    }
