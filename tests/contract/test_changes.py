"""What a contract rules out is tried on rows: tables that only grow, and transitions between states."""

from __future__ import annotations

from pathlib import Path

from pgproof.judge.result import Judged, Readiness
from pgproof.model import Severity
from tests.conftest import LiveDatabase
from tests.contract.project import checked, feature, found, needs, write

SCHEMA = """
create role h_app;
create table log (id int generated always as identity primary key, t text);
create table audit (id int generated always as identity primary key, t text);
grant insert on audit to h_app;
create function no() returns trigger language plpgsql as $$ begin raise exception 'never'; end $$;
create table sealed (like log including all);
create trigger no before update or delete on sealed for each row execute function no();
create trigger no_truncate before truncate on sealed execute function no();
create table triggered (like log including all);
grant select, insert, update, delete on triggered to h_app;
create trigger no before update or delete on triggered for each row execute function no();
create table ruled (id int primary key, t text);
create rule keep as on update to ruled do instead nothing;
create table noted (id int primary key, t text, note text);
grant update (note) on noted to h_app;
create table open_log (id int primary key, t text);
grant all on open_log to public;
create table own_rows (id int primary key, who text);
alter table own_rows enable row level security;
grant select, update on own_rows to h_app;
create policy mine on own_rows to h_app using (who = current_setting('app.who', true));
create table part (id int, at date, primary key (id, at)) partition by range (at);
create table part_1 partition of part for values from ('2020-01-01') to ('2030-01-01');
grant select, delete on part to h_app;
create table never (id int primary key, check (false));
grant update on never to h_app;

create table deals (
  id int primary key, stage text not null default 'lead' check (stage in ('lead', 'won', 'lost')),
  closed_at timestamptz, check (stage <> 'won' or closed_at is not null)
);
create table jobs (id int primary key, state text not null check (state in ('queued', 'running', 'done', 'failed')));
create function follow() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.state <> 'queued' then raise exception 'a job begins with queued'; end if;
  if tg_op = 'UPDATE' and old.state = 'done' then raise exception 'it is done'; end if;
  return new;
end $$;
create trigger follow before insert or update on jobs for each row execute function follow();
create type step as enum ('a', 'b', 'c');
create table steps (id int primary key, step step not null default 'a');
create table step_after (before step, after step, primary key (before, after));
insert into step_after values ('a', 'b'), ('b', 'c');
create function in_order() returns trigger language plpgsql as $$
begin
  if not exists (select from step_after s where s.before = old.step and s.after = new.step) then
    raise exception 'no such step' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger in_order before update of step on steps for each row execute function in_order();
create table quiet (id int primary key, state text not null check (state in ('open', 'closed')));
create function stay() returns trigger language plpgsql as $$
begin
  new.state := case when old.state = 'closed' then old.state else new.state end;
  return new;
end $$;
create trigger stay before update on quiet for each row execute function stay();
create table frozen (id int primary key, state text not null check (state in ('x', 'y')));
create trigger no before update on frozen for each row
  when (old.state is distinct from new.state) execute function no();
create table approvals (id int primary key, state text not null check (state in ('asked', 'given', 'gone')));
create function ask_who() returns trigger language plpgsql as $$
begin
  if new.state = 'given' and old.state <> 'given' and current_user <> 'boss' then
    raise exception 'ask the boss';
  end if;
  return new;
end $$;
create trigger ask_who before update on approvals for each row execute function ask_who();
create table plain (id int primary key, state text not null check (state in ('x', 'y')));
"""

LOGS = {
    "log is append only": "note: only the code keeps it append only: update, delete, truncate of its owner",
    "audit is append only": "",
    "audit is append only for its owner too": "error: was changed by its owner (update, delete, truncate)",
    "sealed is append only for its owner too": "",
    "triggered is append only": "",
    "ruled is append only for its owner too": "error: was changed by its owner (delete, truncate)",
    "noted is append only": "error: was changed by h_app (update)",
    "open_log is append only": "error: was changed by public (update, delete, truncate)",
    "part is append only": "error: was changed by h_app (delete)",
}
STATES = {
    "deals.stage goes 'lead' -> 'won' | 'lost', 'lost' -> 'lead'": "note: only the code keeps to these transitions",
    "jobs.state goes 'queued' -> 'running' -> 'done' | 'failed', 'failed' -> 'queued'": (
        "error: also goes 'queued' -> 'done', 'queued' -> 'failed', 'running' -> 'queued', 'failed' -> 'running', "
        "'failed' -> 'done', which nothing refuses, while 3 other transitions are refused"
    ),
    "steps.step goes only 'a' -> 'b' -> 'c'": "",
    "quiet.state goes only 'open' -> 'closed'": "",
    "plain.state goes only 'x' -> 'y'": "error: also goes 'y' -> 'x', which nothing refuses",
}


def said(findings: list[Judged], line: int) -> str:
    """Return what was found of the sentence in a line."""
    told = [one for one in findings if one.location and one.location.line == line]
    assert len(told) < 2
    return "".join(f"{one.severity}: {one.message.partition('; it ')[2] or one.message}" for one in told)


def features(sentences: list[str]) -> str:
    """Return a contract with a feature for each sentence, in lines of three."""
    return "".join(f'[feature.f{n}]\nneeds = ["{one}"]\n\n' for n, one in enumerate(sentences))


UNTRIED = ("own_rows is append only", "never is append only")
"""What the catalog says stands: a policy hides the rows, or there is none."""
UNKNOWN = ("frozen.state goes 'x' -> 'y'", "approvals.state goes 'asked' -> 'given' -> 'gone'")
"""What refuses them may let somebody else through."""


def test_each_change_and_each_transition_is_tried_on_rows(tmp_path: Path) -> None:
    wanted = {**LOGS, **STATES}
    sentences = [*wanted, *UNTRIED, *UNKNOWN]
    result = checked(write(tmp_path, features(sentences), SCHEMA))
    findings = found(result, "CON106")
    told = {one: said(findings, 3 * n + 2) for n, one in enumerate(sentences)}
    assert {one: text[: len(wanted.get(one, "")) or None] for one, text in told.items()} == {
        **wanted,
        **dict.fromkeys((*UNTRIED, *UNKNOWN), ""),
    }
    assert {str(one.proof) for one in findings} == {"executed on replay"}
    assert [one.message.split("; ")[1] for one in found(result, "CON101")] == [
        "it is open to changes by h_app (update)",
        "it is open to changes by h_app (update)",
    ]
    assert any("every transition is refused" in gap.reason for gap in result.gaps)
    assert any("2 of 6 transitions of approvals.state" in gap.reason for gap in result.gaps)
    assert any("changes of never that the contract speaks of were not tried" in gap.reason for gap in result.gaps)
    blocked = {one.name for one in result.features if one.readiness is Readiness.BLOCKED}
    failing = {one for one in wanted if wanted[one].startswith("error")} | set(UNTRIED)
    assert blocked == {f"f{n}" for n, one in enumerate(sentences) if one in failing}


def test_a_trigger_that_refuses_an_allowed_transition_is_found(tmp_path: Path) -> None:
    steps = SCHEMA[SCHEMA.index("create type step") : SCHEMA.index("create table quiet")]
    contract = needs("steps.step goes 'a' -> 'b' -> 'c'")
    result = checked(write(tmp_path, contract, steps.replace("('b', 'c');", "('c', 'a');")), select="CON106")
    [one] = found(result, "CON106")
    assert "it does not go 'b' -> 'c': that is refused; also goes 'c' -> 'a'" in one.message
    assert any(line.startswith("refused by in_order() (23514)") for line in one.seen)
    assert feature(result).readiness is Readiness.BLOCKED


def test_with_a_live_database_its_copy_is_changed_and_never_itself(tmp_path: Path, live: LiveDatabase) -> None:
    live.execute("create table log (id int primary key, t text); insert into log values (1, 'kept')")
    live.execute("grant update on log to public")
    result = checked(write(tmp_path, needs(optional=("log is append only",))), live.url)
    [one] = found(result, "CON106")
    assert (one.severity, str(one.proof)) == (Severity.WARNING, "executed on clone of live")
    assert one.reproduce == "begin; update public.log set t = t; rollback;"
    assert live.rows("select * from log") == [(1, "kept")]


def test_states_that_the_column_cannot_hold_are_told_without_a_live_database(tmp_path: Path) -> None:
    migration = "create table deals (id int primary key, stage text check (stage in ('lead', 'won', 'lost')));"
    result = checked(write(tmp_path, needs("deals.stage goes 'lead' -> 'won'", "gone has no rows"), migration))
    assert [one.message.split("; this")[0] for one in found(result, "CON101")] == [
        "needed: deals.stage goes 'lead' -> 'won'; it may be 'lost', which the contract does not name",
        "is not there",
    ]
    assert not found(result, "CON106")
