"""How refusals of the code's SQL are told: one finding a cause."""

from __future__ import annotations

from pathlib import Path

from pgproof.checks.code.refusals import tell
from pgproof.code.queries.verdict import Kind
from pgproof.evidence.part import Absent
from pgproof.evidence.prepared import Prepared
from pgproof.evidence.renames import Renames
from pgproof.evidence.settings import Settings
from pgproof.evidence.store import Evidence
from pgproof.evidence.target import Target
from pgproof.project.config import Config

MIGRATIONS = """
create table animals (id int, weight int);
create table wards (id int);
alter table animals drop weight;
"""


def test_a_column_that_the_migrations_took_away_is_one_cause_in_whatever_statements(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_zoo.sql").write_text(MIGRATIONS)
    text = 'import psycopg\n\nSQL = "select weight from animals join wards on true where animals.id = {}"\n'
    for number in range(2):
        (tmp_path / f"wards{number}.py").write_text(text.format(number))
    with Evidence(Settings(tmp_path, Config(), None, use_cache=False)) as evidence:
        found, renames, target = evidence.get(Prepared), evidence.get(Renames), evidence.get(Target)
        assert not isinstance(found, Absent)
        assert not isinstance(renames, Absent)
        assert not isinstance(target, Absent)
        (finding,) = tell(found, renames, target, [Kind.COLUMN], lambda _: False)
    assert str(finding.subject) == "public.animals.weight"
    assert finding.fix == "remove the query, or restore what it needs"
