"""CON106 unguarded-change."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.check import check
from pgproof.checks.contract.wording import findings
from pgproof.contract.answer import State
from pgproof.contract.contract import Said
from pgproof.contract.wording import sentence
from pgproof.evidence.contract import Features
from pgproof.evidence.contract_proposals import Proposals
from pgproof.evidence.contract_tried import Tried
from pgproof.model import Finding, Severity


@check(
    "CON106",
    "unguarded-change",
    Severity.ERROR,
    bad="""
-- file: pgproof.toml
[feature."deals.pipeline"]
needs = [
  "feature_metrics is append only",
  "deals.stage goes 'lead' -> 'won' | 'lost', 'lost' -> 'lead'",
]
-- file: migrations/0001_deals.sql
create role app_writer;
create table feature_metrics (id int generated always as identity primary key, name text not null);
grant insert, update on feature_metrics to app_writer;
create table deals (
  id int generated always as identity primary key,
  stage text not null default 'lead' check (stage in ('lead', 'won', 'lost'))
);
create function keep_won() returns trigger language plpgsql as $$
begin
  if old.stage = 'won' and new.stage = 'lead' then
    raise exception 'a deal that is won is no lead';
  end if;
  return new;
end $$;
create trigger keep_won before update on deals for each row execute function keep_won();
""",
    ok="""
-- file: pgproof.toml
[feature."deals.pipeline"]
needs = [
  "feature_metrics is append only",
  "deals.stage goes only 'lead' -> 'won' | 'lost', 'lost' -> 'lead'",
]
-- file: migrations/0001_deals.sql
create role app_writer;
create table feature_metrics (id int generated always as identity primary key, name text not null);
grant insert on feature_metrics to app_writer;
create table deals (
  id int generated always as identity primary key,
  stage text not null default 'lead' check (stage in ('lead', 'won', 'lost'))
);
create function follow() returns trigger language plpgsql as $$
begin
  if (old.stage, new.stage) not in (('lead', 'won'), ('lead', 'lost'), ('lost', 'lead')) then
    raise exception 'a deal does not go from % to %', old.stage, new.stage;
  end if;
  return new;
end $$;
create trigger follow before update on deals for each row
  when (old.stage is distinct from new.stage) execute function follow();
""",
)
def unguarded_change(tried: Tried, features: Features, proposals: Proposals | None) -> Iterator[Finding]:
    """A change that the contract rules out goes through, or one that it allows is refused: tried on rows of a copy.

    ## Why
    A log that somebody can change proves nothing, and a deal that goes from won back to lead has been counted twice. A
    guard in the application holds until the next script, and a trigger that guards some of the transitions looks as
    though it guarded them all.

    ## Fix
    Take the privilege away, or let the trigger refuse what is shown. Where nothing in the database refuses any of it,
    that is a note only: the code alone keeps to it. `goes only` and `is append only for its owner too` in the contract
    say that the database has to.
    """
    for required in (True, False):
        yield from findings(features, proposals, required=required, tried=tried)
    failing = {
        said.need
        for one in features.items
        for said, answer in one.answers
        if isinstance(said, Said) and answer.state is State.FAILS
    }
    for need, trial in tried.trials.items():
        if trial.remark and need not in failing:
            said = [(feature, one) for feature, one in tried.said if one.need == need]
            yield Finding(
                trial.cause,
                f"{trial.remark}; {', '.join(dict.fromkeys(feature for feature, _ in said))} relies on it",
                location=said[0][1].location,
                seen=tuple(trial.seen()),
                reproduce=trial.sql,
                severity=Severity.NOTE,
                detail=sentence(need),
            )
