"""The base that is missing: said once, without hiding mistakes."""

from __future__ import annotations

from pathlib import Path

from pgproof.judge.result import Verdict
from tests.evidence.test_failures import NOTE, errors, gaps, run

BASE = "create index on pupil (name);"


def test_tables_that_no_file_makes_are_one_gap_that_blocks(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "alter table pupil add school int; alter table teacher add school int;",
        "create table lesson (id int primary key, pupil int references pupil);",
        "create index on lesson (pupil);",
    )
    assert errors(result) == []
    assert result.verdict is Verdict.UNDECIDED
    assert gaps(result) == [
        "the migrations build on 2 tables that none of them makes (pupil, teacher): 4 statements could not be replayed"
    ]


def test_a_table_that_is_made_later_is_no_base(tmp_path: Path) -> None:
    result = run(tmp_path, "create index on note (state);", NOTE)
    assert [number for number, _ in errors(result)] == ["0001"]
    assert gaps(result) == []


def test_a_table_that_a_failed_statement_would_have_made_is_no_base(tmp_path: Path) -> None:
    result = run(tmp_path, "create table note (id no_such_type);", "create index on note (id);")
    assert [number for number, _ in errors(result)] == ["0001"]
    assert gaps(result) == []


def test_a_slip_of_the_pen_is_a_mistake(tmp_path: Path) -> None:
    result = run(tmp_path, NOTE, "create index on notes (state);", "create index on ntoe (state);")
    assert [number for number, _ in errors(result)] == ["0002", "0003"]
    assert gaps(result) == []


def test_a_longer_name_with_the_same_end_is_no_slip(tmp_path: Path) -> None:
    result = run(tmp_path, "create table pte_test_result (id int);", "create index on test_result (id);")
    assert errors(result) == []
    assert "(test_result)" in gaps(result)[0]


def test_types_and_functions_of_the_base_go_with_its_tables(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE,
        BASE,
        "alter table note add owner user_role;",
        "create trigger t before update on note for each row execute function touch_note();",
        "select public.count_notes(1);",
    )
    assert errors(result) == []
    assert "on 1 table that none of them makes (pupil): 4 statements" in gaps(result)[0]


def test_without_a_missing_table_they_are_mistakes(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE,
        "alter table note add owner user_role;",
        "create trigger t before update on note for each row execute function touch_note();",
    )
    assert [number for number, _ in errors(result)] == ["0002", "0003"]


def test_a_missing_base_does_not_hide_other_mistakes(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE,
        "alter table pupil add note int references note;",
        "create index on note (stat);",
        "select array_lenght(array[1], 1);",
        "create function f(int) returns int language sql as 'select 1'; select public.f('a', 'b');",
    )
    assert [number for number, _ in errors(result)] == ["0003", "0004", "0005"]
    assert "1 statement could not be replayed" in gaps(result)[0]


def test_another_directory_that_makes_them_is_named(tmp_path: Path) -> None:
    (tmp_path / "backend/prisma/migrations/20240101000000_init").mkdir(parents=True)
    (tmp_path / "backend/prisma/migrations/20240101000000_init/migration.sql").write_text(
        "create table pupil (id int); create table teacher (id int);"
    )
    result = run(
        tmp_path,
        NOTE,
        "create index on pupil (id); create index on teacher (id); create index on room (id);",
        "create index on note (state);",
        folder="supabase/migrations",
    )
    assert "(pupil, room, teacher; backend/prisma/migrations defines 2 of them)" in gaps(result)[0]


def test_a_schema_that_none_makes_holds_more_of_the_base(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "create schema app; create schema swrs; create table app.facility (id int primary key);",
        "create view app.owners as select * from swrs.facility;",
        "drop view crm.report; create view crm.report as select 1 as one;",
        "drop function crm.total(int); create function crm.total(int) returns int language sql as 'select 1';",
    )
    assert errors(result) == []
    assert "on 2 tables that none of them makes (facility, report): 3 statements" in gaps(result)[0]


def test_what_an_upgrade_replaces_is_of_the_base(tmp_path: Path) -> None:
    replaced = "drop index note_state; create index note_state on note (state);"
    assert [number for number, _ in errors(run(tmp_path, NOTE, replaced))] == ["0002"]
    result = run(tmp_path, NOTE, replaced, BASE)
    assert errors(result) == []
    assert "(note_state, pupil): 2 statements" in gaps(result)[0]


def test_what_a_schema_of_the_base_got_and_lost_is_missed_by_mistake(tmp_path: Path) -> None:
    result = run(
        tmp_path, NOTE + "create table crm.lead (id int);", "drop table crm.lead;", "create index on crm.lead (id);"
    )
    assert [number for number, _ in errors(result)] == ["0003"]


def test_where_much_is_missing_every_function_that_is_not_there_goes_with_it(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        "alter table pupil add school int; alter table teacher add school int; alter table class add school int;",
        "create table lesson (name text check (not is_blank(name)));",
        "drop function next_lesson(int); drop index by_name; alter table room rename to cell;",
        "create table room (name text); create index by_name on room (name);",
        "create function next_lesson(id bigint) returns bigint language sql as 'select $1';",
        "create index by_rank on pupil using bm25 (name); alter index by_rank rename to ranked;",
    )
    assert errors(result) == []


def test_a_type_of_a_schema_that_only_an_extension_makes_is_a_limit(tmp_path: Path) -> None:
    result = run(
        tmp_path,
        NOTE + "alter table note add body pdb.literal; create table page (kind word);",
        "create function pdb.seen() returns int language sql as 'select 1';",
    )
    assert [message for _, message in errors(result)] == ['type "word" does not exist (42704)']


def test_of_upgrades_only_the_text_is_judged(tmp_path: Path) -> None:
    upgrades = (BASE * 12, "select rank_of(1);", "creat table x ();")
    assert [number for number, _ in errors(run(tmp_path, *upgrades))] == ["0003"]
    assert [number for number, _ in errors(run(tmp_path, *upgrades, "select 1;" * 60))] == ["0002", "0003"]


def test_what_a_tools_files_decide_by_themselves_is_a_mistake_on_any_base(tmp_path: Path) -> None:
    own = "create table tag (id int primary key, name text); create function f(a int) returns int language sql as '{}';"
    found = errors(
        run(
            tmp_path,
            BASE * 12,
            own.format("select 1"),
            "create table tag (id int);",
            "create index on tag (colour);",
            "create or replace function f(b int) returns int language sql as 'select 1';",
            "select rank_of(1);",  # the base may have it
            "alter table tag add pupil int references pupil;",
            "create index on tag (pupil, nobody);",  # not from here on: what the base would have made of it is unknown
            folder="supabase/migrations",
        )
    )
    assert [number for number, _ in found] == ["0003", "0004", "0005"]
