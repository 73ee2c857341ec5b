"""`[[probe]]` in the configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgproof.model import Location
from pgproof.model.errors import UsageError
from pgproof.project.config import read_config


def test_probes_are_read_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_text(
        """
[[probe]]
name = "one"
call = "select f()"
expect = true
[[probe]]
name = "two"
setup = ["insert into t values (1)", "insert into t values (2)"]
call = "select g()"
then = "select count(*) from t"
role = "app"
settings = { "app.tenant_id" = "7" }
expect = 2
"""
    )
    one, two = read_config(tmp_path).probes
    assert (one.name, one.call, one.expect, one.location) == ("one", "select f()", "t", Location("pgproof.toml", 2))
    assert (two.setup[1], two.then, two.role) == ("insert into t values (2)", "select count(*) from t", "app")
    assert (two.expect, dict(two.settings), two.location.line) == (2, {"app.tenant_id": "7"}, 6)


def test_all_mistakes_are_shown_at_once(tmp_path: Path) -> None:
    (tmp_path / "pgproof.toml").write_text(
        """
[[probe]]
call = "select 1"
[[probe]]
name = "both"
call = "select 1"
expect = 1
rows = 1
[[probe]]
name = "wrong"
cal = "select 1"
rows = -1
"""
    )
    with pytest.raises(UsageError) as refused:
        read_config(tmp_path)
    told = f"{refused.value.problem}\n{refused.value.way_out}"
    for part in (
        "name is missing",
        "expect is missing: say expect, rows or error",
        "expect is said beside rows",
        'cal is not known, did you mean "call"?',
        "rows should be a number of rows, such as 0 or 1, not -1",
    ):
        assert part in told
