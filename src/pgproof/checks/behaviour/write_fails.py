"""BEH101 write-fails."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said, where
from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Writes
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.observed import Step
from pgproof.probes.refusal import Refusal


@check(
    "BEH101",
    "write-fails",
    Severity.ERROR,
    bad="""
create table note (id int primary key, body text not null, words int);
create function count_words() returns trigger language plpgsql as $$
declare counted record;
begin
  execute format('select length(%L) as letters', new.body) into counted;
  new.words := counted.words;
  return new;
end $$;
create trigger note_words before insert on note for each row execute function count_words();
""",
    ok="""
create table note (id int primary key, body text not null, words int);
create function count_words() returns trigger language plpgsql as $$
declare counted record;
begin
  execute format('select length(%L) as words', new.body) into counted;
  new.words := counted.words;
  return new;
end $$;
create trigger note_words before insert on note for each row execute function count_words();
""",
)
def write_fails(writes: Writes) -> Iterator[Finding]:
    """Rows cannot be written: a trigger, a default or a condition names or types something wrongly.

    ## Why
    The statement fails for every row, whoever sends it. The catalog looks right: PostgreSQL does not look into the
    body of a function before it is called, and what the body names may have been renamed or dropped since.

    ## Fix
    Correct the function in a new migration (`create or replace function`), or bring back what it names.
    """
    causes: dict[tuple[ObjectName, str], list[tuple[Step, Refusal]]] = {}
    for step, refusal in writes.wrong():
        subject = writes.doubts.culprit(refusal) or _table(step.subject)
        causes.setdefault((subject, said(refusal)), []).append((step, refusal))
    for (subject, message), steps in causes.items():
        step, refusal = min(steps, key=lambda one: one[0].subject.kind != "table")
        failing = list(dict.fromkeys(_line(one) for one, _ in steps))
        yield Finding(
            subject,
            message,
            location=writes.doubts.origin(subject),
            seen=tuple(
                line
                for line in (f"executed on the replay: {_line(step)} fails for every row tried", where(refusal))
                if line
            ),
            consequences=tuple(line for line in failing if line != _line(step)),
            detail=message,
        )


def _line(step: Step) -> str:
    if step.subject.kind == "trigger":
        return f"{step.action.removeprefix('fire on ')} of {_table(step.subject)}, which fires {step.subject.parts[-1]}"
    return f"{step.action} of {step.subject}"


def _table(subject: ObjectName) -> ObjectName:
    return ObjectName("table", subject.parts[:2])
