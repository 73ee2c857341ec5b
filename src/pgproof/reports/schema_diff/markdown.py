"""Two schemas compared, for a pull request's comment: the terminal's parts, in blocks that no name can leave."""

from __future__ import annotations

from pgproof.judge.schema_diff import SchemaDiff
from pgproof.reports.ending import not_verified
from pgproof.reports.fence import fenced
from pgproof.reports.schema_diff.text import body, side, summary
from pgproof.reports.terminal import one_line
from pgproof.reports.view import View


def render(diff: SchemaDiff, view: View) -> str:
    """Return the report in Markdown (GitHub's dialect); of `view` only `limit` and `brief` matter."""
    plain = View(limit=view.limit)
    verdict = "undecided" if diff.undecided else "equal" if diff.same else "different"
    lines = [f"## pgproof diff: {verdict}", "", summary(diff), ""]
    if not view.brief:
        sides = [f"{mark * 3} {one_line(side(one))}" for mark, one in zip("-+", diff.sides, strict=True)]
        lines += fenced([*sides, "", *body(diff, plain), *not_verified(diff.gaps, plain)])
    return "\n".join(lines).rstrip() + "\n"
