"""How a person looks at a result: what no stored result contains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pgproof.judge.result import Judged


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a check's documentation says: the first sentence, and all of it as Markdown."""

    summary: str
    text: str


def unexplained(code: str) -> Explanation | None:
    """Know nothing of any check: a result may come from another version of pgproof."""
    return None


@dataclass(frozen=True, slots=True)
class View:
    """What a report depends on beside the result; those for machines ignore all but `explain` and `folder`.

    `width` is the terminal's, 0 where there is none: then no line is wrapped. `limit` is how many findings are shown in
    full (`None`: all). `brief` leaves only the last line. `elapsed_ms` is the duration of the run, if there was one.
    `explain` gives the documentation of the check with a code, for the formats that carry it (SARIF). `folder` is the
    project's folder in its repository, `""` for the root, for the formats whose readers know only the repository.
    """

    width: int = 0
    colour: bool = False
    limit: int | None = 10
    brief: bool = False
    elapsed_ms: int | None = None
    explain: Callable[[str], Explanation | None] = unexplained
    folder: str = ""

    def split(self, findings: Sequence[Judged]) -> tuple[list[Judged], list[Judged]]:
        """Return the findings that are shown in full, worst first, and the others."""
        ranked = sorted(findings, key=lambda finding: finding.severity.rank)
        end = len(ranked) if self.limit is None else self.limit
        return ranked[:end], ranked[end:]
