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
create type mood as enum ('calm');
alter table wards add mood mood;
"""


def test_a_column_that_was_taken_away_and_a_label_that_is_none_are_one_cause_each(tmp_path: Path) -> None:
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0001_zoo.sql").write_text(MIGRATIONS)
    text = 'import psycopg\n\nSQL = "select weight from animals join wards on true where animals.id = {}"\n'
    for number in range(2):
        (tmp_path / f"wards{number}.py").write_text(text.format(number))
        update = f"update wards set mood = 'wild' where id = {number}"
        wild = f'import psycopg\n\ndef f(c: psycopg.Connection):\n    c.execute("{update}")\n'
        (tmp_path / f"mood{number}.py").write_text(wild)
    with Evidence(Settings(tmp_path, Config(), None, use_cache=False)) as evidence:
        found, renames, target = evidence.get(Prepared), evidence.get(Renames), evidence.get(Target)
        assert not isinstance(found, Absent)
        assert not isinstance(renames, Absent)
        assert not isinstance(target, Absent)
        (finding,) = tell(found, renames, target, [Kind.COLUMN], lambda _: False)
        (label,) = tell(found, renames, target, [Kind.LITERAL], lambda _: False)
    assert (label.subject, label.seen[2].partition(":")[0]) == ("enum mood", "also at mood1.py")
    assert str(finding.subject) == "public.animals.weight"
    assert finding.fix == "remove the query, or restore what it needs"
