"""BEH104 policy-fails."""

from __future__ import annotations

from collections.abc import Iterator

from pgproof.checks.behaviour.wording import said, where
from pgproof.checks.check import check
from pgproof.evidence.probes_seen import Guards
from pgproof.model import Finding, ObjectName, Severity
from pgproof.probes.observed import Step
from pgproof.probes.refusal import Refusal


@check(
    "BEH104",
    "policy-fails",
    Severity.ERROR,
    bad="""
create table member (team_id int, user_name text, primary key (team_id, user_name));
alter table member enable row level security;
create policy of_my_teams on member
  using (team_id in (select m.team_id from member m where m.user_name = current_user));
""",
    ok="""
create table member (team_id int, user_name text, primary key (team_id, user_name));
alter table member enable row level security;
create policy mine on member using (user_name = current_user);
""",
)
def policy_fails(guards: Guards) -> Iterator[Finding]:
    """A table's policies cannot be evaluated: every query of another role than the owner's fails.

    ## Why
    A policy whose query reads its own table recurses; one that reads a table which the role may not read fails, and
    with it every statement. The owner never notices: policies do not hold for him.

    ## Fix
    Put the query of the other rows into a `security definer` function with a pinned search_path, or grant the role what
    the policy reads.
    """
    found: dict[str, list[tuple[Step, Refusal]]] = {}
    for step in guards.steps:
        refusal = step.refusal
        if refusal is None or step.done:
            continue
        if _reads_another(step.subject, refusal) or not guards.doubts.about(refusal):
            found.setdefault(said(refusal), []).append((step, refusal))
    works = {(step.subject, step.action.split(" as ")[0]) for step in guards.steps if step.done}
    for message, several in found.items():
        step, refusal = several[0]
        tried = [f"{one.action.replace(' as ', f' of {one.subject} as ', 1)}" for one, _ in several]
        yield Finding(
            step.subject,
            message,
            location=guards.doubts.origin(step.subject),
            seen=tuple(line for line in (f"executed on the replay: {tried[0]}", where(refusal)) if line),
            consequences=tuple(tried[1:]),
            reproduce=f"set role …; table {step.subject.spelled};",
            severity=_severity(refusal, all((one.subject, one.action.split(" as ")[0]) in works for one, _ in several)),
            detail=message,
        )


def _severity(refusal: Refusal, works_for_others: bool) -> Severity | None:
    """A role that the policies are not made for gets an error where it would get no rows: worth knowing, no more."""
    if refusal.sqlstate != "42501":
        return None
    return Severity.NOTE if works_for_others else Severity.WARNING


def _reads_another(table: ObjectName, refusal: Refusal) -> bool:
    """Whether a policy reads another table or view that the role may not read."""
    denied = ("permission denied for table", "permission denied for view")
    if refusal.sqlstate != "42501" or not refusal.message.startswith(denied):
        return False
    return not refusal.message.endswith(f" {table.parts[1]}")
