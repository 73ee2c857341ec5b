"""Whatever a contract says, it is judged or refused, and nothing crashes."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pgproof.catalog import snapshot
from pgproof.catalog.object import Catalog
from pgproof.contract.answer import Answer
from pgproof.contract.conflicts import conflicts
from pgproof.contract.contract import Feature, Said
from pgproof.contract.judge import judge
from pgproof.contract.need import Need
from pgproof.contract.propose import propose
from pgproof.contract.schema import Schema
from pgproof.model import Location
from pgproof.model.errors import UsageError
from pgproof.project.config import read_config
from tests.conftest import LiveDatabase
from tests.contract.test_grammar import needs
from tests.contract.test_judging import SCHEMA

EMPTY = Schema(Catalog(18, "", {}))


@given(st.lists(needs, max_size=4))
def test_any_needs_are_judged_on_nothing(several: list[Need]) -> None:
    for need in several:
        assert isinstance(judge(need, EMPTY), Answer)
    propose(several, EMPTY, several)
    said = tuple(Said(need, Location("x", number)) for number, need in enumerate(several))
    conflicts([Feature("f", Location("x"), said)], [])


def test_any_needs_are_judged_on_a_schema(live: LiveDatabase) -> None:
    live.execute(SCHEMA + 'create table "has" ("on" int, "no" text); create index "index" on "has" ("no")')
    schema = Schema(snapshot.read(live.session()))

    @given(needs)
    @settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
    def judged(need: Need) -> None:
        assert isinstance(judge(need, schema), Answer)
        propose([need], schema, [need])

    judged()


values = st.recursive(
    st.one_of(st.booleans(), st.integers(-3, 99), st.text("abc. '->()", max_size=12)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text("ab.", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = (
    "needs",
    "optional",
    "retired",
    "max_age",
    "states",
    "append_only",
    "writes_together",
    "query",
    "files",
    "title",
)
features = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)
WORDS = ("tables", "names", "rows", "part", "before", "time", "migration", "in_schemas")
promises = st.dictionaries(st.sampled_from(WORDS), values, max_size=4)


def toml(value: object) -> str:
    """Write a value as TOML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


@given(features, promises, values)
def test_any_file_is_read_or_refused(feature: dict[str, object], promise: dict[str, object], import_: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lines = [f"feature = {{f = {toml(feature)}}}", f"promises = {toml(promise)}", f"import = {toml(import_)}"]
        (root / "pgproof.toml").write_text("\n".join(lines))
        with contextlib.suppress(UsageError):
            read_config(root)
