r"""psql's `\if`, `\elif`, `\else` and `\endif` (manual, page of psql)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pgproof.sql.psql import truth


@dataclass(frozen=True, slots=True)
class Branch:
    r"""The branch of an `\if` that is being read; `outer` is the one that it stands in.

    `active`: what is read now counts. `taken`: a branch of this `\if` was active already, or none may be. `last`:
    `\else` was seen.
    """

    active: bool
    taken: bool
    outer: Branch | None
    last: bool = False


def enter(branch: Branch | None, command: str, expression: str) -> tuple[Branch | None, str]:
    r"""Return the branch after `\if`, `\elif`, `\else` or `\endif`, and what is wrong with the command (`""`: nothing).

    As in psql, an expression that is neither true nor false counts as false.
    """
    if command == "if":
        active = branch is None or branch.active
        value, problem = _value(expression) if active else (False, "")
        return Branch(value, value or not active, branch), problem
    if branch is None:
        return None, f"\\{command}: there is no \\if before it"
    if command == "endif":
        return branch.outer, ""
    if branch.last:
        return branch, f"\\{command} after \\else"
    value, problem = (not branch.taken, "")
    if command == "elif" and not branch.taken:
        value, problem = _value(expression)
    return replace(branch, active=value, taken=branch.taken or value, last=command == "else"), problem


def _value(expression: str) -> tuple[bool, str]:
    value = truth(expression)
    if value is None:
        return False, f'the condition "{expression}" is neither true nor false; psql takes it for false'
    return value, ""
