"""A snapshot file: nothing is lost, one schema gives the same bytes, a damaged one is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.catalog import file, snapshot
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import ALL
from pgproof.catalog.object import Catalog, Object, Value
from pgproof.model import ObjectName
from pgproof.model.errors import UsageError
from tests.catalog.test_compare import thing
from tests.conftest import LiveDatabase

BASE = (Path(__file__).parent / "mutations.sql").read_text(encoding="utf-8")
NOTE = Catalog(16, "app", {one.name: one for one in [thing("table", "public", "note", owner="app")]}, "shop")

texts = st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
grants = st.dictionaries(texts, st.lists(texts, max_size=3), max_size=3)


@st.composite
def objects(draw: st.DrawFn) -> Object:
    kind = draw(st.sampled_from(ALL))
    name = ObjectName(kind.name, tuple(draw(st.lists(texts, min_size=1, max_size=3))))
    attributes: dict[str, Value] = {}
    for attribute, effect in kind.attributes.items():
        strategy = grants if effect & Effect.ROLES else st.integers() if effect & Effect.ORDER else values
        attributes[attribute] = cast(Value, draw(strategy))
    return Object(name, attributes)


@given(st.lists(objects(), max_size=3), st.integers(14, 18), texts, texts)
def test_what_is_written_can_be_read_back(things: list[Object], major: int, owner: str, database: str) -> None:
    catalog = Catalog(major, owner, {one.name: one for one in things}, database)
    assert file.load(file.dump(catalog)) == catalog


def test_a_real_catalog_comes_back_whole(live: LiveDatabase) -> None:
    live.execute(BASE)
    catalog = snapshot.read(live.session())
    again = file.load(file.dump(catalog))
    assert again == catalog
    assert file.dump(again) == file.dump(catalog)


def test_a_change_of_one_attribute_changes_one_line() -> None:
    changed = Catalog(16, "app", {NOTE.of("table")[0].name: thing("table", "public", "note", owner="eve")}, "shop")
    before, after = file.dump(NOTE).splitlines(), file.dump(changed).splitlines()
    assert len(before) == len(after)
    assert [new for old, new in zip(before, after, strict=True) if old != new] == ['"owner": "eve"']


def test_the_order_of_objects_does_not_matter() -> None:
    things = [thing("table", "public", name) for name in "abc"]
    one, other = (Catalog(16, "app", {t.name: t for t in order}) for order in (things, things[::-1]))
    assert file.dump(one) == file.dump(other)


def test_it_is_plain_json_without_oids() -> None:
    content = json.loads(file.dump(NOTE))
    assert content["objects"][0]["name"] == ["public", "note"]
    assert content["objects"][0]["attributes"] == {"owner": "app"}


def damaged(**changes: Any) -> str:
    return json.dumps(json.loads(file.dump(NOTE)) | changes)


def with_object(**changes: Any) -> str:
    content = json.loads(file.dump(NOTE))
    content["objects"][0] |= changes
    return json.dumps(content)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1, column 1: Expecting value"),
        ('{"pgproof snapshot": 1,\n"major": }', "line 2, column 10: Expecting value"),
        ("[]", "it is JSON, but no object"),
        ("{}", "it has no format number"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"a": 1, "a": 2}', "the key 'a' is there twice in one object"),
        ('{"a": 1.5}', "1.5 is no whole number"),
        ('{"a": NaN}', "NaN is no whole number"),
        (f'{{"a": {"9" * 5000}}}', "Exceeds the limit"),
        (damaged(major="16"), '"major" must be a number, "owner" and "database" texts'),
        (damaged(objects={}), '"objects" must be a list'),
        (damaged(kinds=[]), '"kinds" must say which attributes of which kinds were read'),
        (damaged(objects=[{}]), 'object 1 must have "kind", "name" and "attributes"'),
        (with_object(kind="tabel"), "object 1 is of the unknown kind 'tabel'"),
        (with_object(kind=[]), "object 1 is of the unknown kind []"),
        (with_object(name="note"), 'object 1: "name" must be a list of texts'),
        (with_object(attributes=[]), "object 1 (table public.note) does not have the attributes of its kind"),
        (
            with_object(attributes={"ownr": "app"}),
            "object 1 (table public.note) does not have the attributes of its kind",
        ),
        (
            with_object(attributes={"privileges": None}),
            "object 1 (table public.note): 'privileges' must map roles to lists of texts",
        ),
        (with_object(kind="column", attributes={}), "object 1 (column public.note): 'position' must be a number"),
        (damaged(objects=json.loads(file.dump(NOTE))["objects"] * 2), "object 2 (table public.note) is there twice"),
    ],
)
def test_a_damaged_file_is_refused_with_the_place(text: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        file.load(text, "schema.json")
    assert error.value.problem.startswith("schema.json is no usable snapshot: ")
    assert problem in error.value.problem
    assert error.value.way_out


def test_a_file_of_a_newer_format_is_told_from_an_older_one() -> None:
    with pytest.raises(UsageError, match="written by a newer version of pgproof"):
        file.load(damaged(**{"pgproof snapshot": file.FORMAT + 1}))
    with pytest.raises(UsageError, match="written by an older version of pgproof"):
        file.load(damaged(**{"pgproof snapshot": file.FORMAT - 1}))


def test_a_file_that_lacks_a_kind_is_refused_because_its_objects_would_seem_absent() -> None:
    kinds = json.loads(file.dump(NOTE))["kinds"]
    del kinds["policy"]
    with pytest.raises(UsageError, match="an older version of pgproof, which did not read policy: nobody knows"):
        file.load(damaged(kinds=kinds))


def test_a_file_that_an_older_version_wrote_is_refused_and_told_what_it_lacks() -> None:
    path = Path(__file__).with_name("snapshot_of_an_older_version.json")
    with pytest.raises(UsageError) as error:
        file.load(path.read_text("utf-8"), "then.json")
    assert error.value.problem == (
        "then.json was written by an older version of pgproof, which did not read function (needed extensions), "
        "procedure (needed extensions): nobody knows what was there."
    )
    assert error.value.way_out == file.TAKE_AGAIN


def test_a_file_that_knows_more_is_of_a_newer_version() -> None:
    kinds = json.loads(file.dump(NOTE))["kinds"]
    with pytest.raises(
        UsageError, match=r"a newer version of pgproof, which also reads policy \(colour\), wish"
    ) as error:
        file.load(damaged(kinds={**kinds, "wish": ["granted"], "policy": [*kinds["policy"], "colour"]}))
    assert error.value.way_out.startswith("Upgrade pgproof.")
