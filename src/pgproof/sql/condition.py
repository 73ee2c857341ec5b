r"""psql's `\if`, `\elif`, `\else` and `\endif` (manual, page of psql)."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgproof.sql.psql import truth


@dataclass(slots=True)
class _Branch:
    active: bool
    taken: bool
    """A branch of this `\\if` was active already, or none may be."""
    last: bool = False
    """`\\else` was seen."""


@dataclass(slots=True)
class Conditions:
    """The conditions that are open in one script."""

    _branches: list[_Branch] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Say whether any is open."""
        return bool(self._branches)

    @property
    def active(self) -> bool:
        """Whether what is read now counts."""
        return not self._branches or self._branches[-1].active

    def enter(self, command: str, expression: str) -> str:
        r"""Act on `\if`, `\elif`, `\else` or `\endif`; return what is wrong with it, or `""`.

        As in psql, an expression that is neither true nor false counts as false.
        """
        if command == "if":
            value, problem = _value(expression) if self.active else (False, "")
            self._branches.append(_Branch(value, value or not self.active))
            return problem
        if not self._branches:
            return f"\\{command}: there is no \\if before it"
        branch = self._branches[-1]
        if command == "endif":
            self._branches.pop()
            return ""
        if branch.last:
            return f"\\{command} after \\else"
        value, problem = (False, "") if branch.taken else (True, "")
        if command == "else":
            branch.last = True
        elif not branch.taken:
            value, problem = _value(expression)
        branch.active = value
        branch.taken = branch.taken or value
        return problem


def _value(expression: str) -> tuple[bool, str]:
    value = truth(expression)
    if value is None:
        return False, f'the condition "{expression}" is neither true nor false; psql takes it for false'
    return value, ""
