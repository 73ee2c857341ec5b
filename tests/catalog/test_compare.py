"""What counts as a difference, what hides behind another, and what is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pgproof.catalog.compare import compare, unreadable
from pgproof.catalog.difference import Difference, Unreadable
from pgproof.catalog.kind import Effect
from pgproof.catalog.kinds import BY_NAME
from pgproof.catalog.object import NOT_READABLE, Catalog, Object, Value
from pgproof.model import ObjectName


def thing(kind: str, *parts: str, **attributes: Any) -> Object:
    """Return an object with the attributes that are given, and with the emptiest value for all others."""
    empty: dict[str, Value] = dict.fromkeys(BY_NAME[kind].attributes)
    for attribute, effect in BY_NAME[kind].attributes.items():
        if effect & Effect.ROLES:
            empty[attribute] = {}
        elif effect & Effect.ORDER:
            empty[attribute] = 1
    given: dict[str, Value] = {name.replace("_", " "): value for name, value in attributes.items()}
    assert given.keys() <= empty.keys()
    return Object(ObjectName(kind, parts), {**empty, **given})


def catalog(*things: Object, major: int = 16, owner: str = "app") -> Catalog:
    return Catalog(major, owner, {one.name: one for one in things})


def brief(found: list[Difference]) -> list[tuple[str, str, str]]:
    return [(one.action, str(one.name), one.attribute) for one in found]


NOTE = thing("table", "public", "note", owner="app")
BODY = thing("column", "public", "note", "body", type="text")


def test_equal_catalogs_have_no_differences() -> None:
    assert compare(catalog(NOTE, BODY), catalog(NOTE, BODY)) == []


def test_a_changed_attribute_is_one_difference_with_both_values() -> None:
    other = thing("column", "public", "note", "body", type="integer")
    [found] = compare(catalog(NOTE, BODY), catalog(NOTE, other))
    assert found == Difference(BODY.name, "changed", "type", "text", "integer", Effect.INTEGRITY)


def test_a_missing_table_hides_its_columns_and_counts_them() -> None:
    [found] = compare(catalog(NOTE, BODY), catalog())
    assert (found.action, found.name, found.hidden) == ("missing", NOTE.name, 1)


def test_an_extra_schema_hides_everything_in_it_at_any_depth() -> None:
    schema, function = thing("schema", "public"), thing("function", "public", "f", "integer")
    [found] = compare(catalog(), catalog(schema, NOTE, BODY, function))
    assert (found.action, found.name, found.hidden) == ("extra", schema.name, 3)


def test_an_index_hides_behind_its_table() -> None:
    index = thing("index", "public", "note_body", table="note")
    [found] = compare(catalog(NOTE, index), catalog())
    assert (found.name, found.hidden) == (NOTE.name, 1)


def test_a_missing_policy_matters_for_security_and_a_missing_index_for_performance() -> None:
    policy = thing("policy", "public", "note", "own", roles=["public"])
    index = thing("index", "public", "note_body", table="note")
    found = compare(catalog(NOTE, policy, index), catalog(NOTE))
    assert {one.name.kind: one.effect for one in found} == {"policy": Effect.SECURITY, "index": Effect.PERFORMANCE}


@pytest.mark.parametrize("kind", ["constraint", "trigger", "policy"])
def test_the_same_definition_under_another_name_is_renamed(kind: str) -> None:
    extra: dict[str, Value] = {"roles": ["public"]} if kind == "policy" else {}
    old, new = (thing(kind, "public", "note", name, **extra) for name in ("old", "new"))
    [found] = compare(catalog(NOTE, old), catalog(NOTE, new))
    assert found == Difference(old.name, "renamed", "name", "old", "new", Effect.COSMETIC)


def test_an_index_with_another_name_on_another_table_is_not_renamed() -> None:
    other = thing("table", "public", "other", owner="app")
    old, new = (thing("index", "public", f"on_{table}", table=table, definition="x") for table in ("note", "other"))
    found = compare(catalog(NOTE, other, old), catalog(NOTE, other, new))
    assert brief(found) == [("missing", "public.on_note", ""), ("extra", "public.on_other", "")]


def test_renaming_pairs_each_object_once() -> None:
    def checks(*names: str) -> list[Object]:
        return [thing("constraint", "public", "note", name, definition="CHECK (true)") for name in names]

    found = compare(catalog(NOTE, *checks("a", "b")), catalog(NOTE, *checks("c")))
    assert brief(found) == [("renamed", "public.note.a", "name"), ("missing", "public.note.b", "")]


def test_a_renamed_object_still_shows_another_comment() -> None:
    old = thing("constraint", "public", "note", "old", comment="why")
    new = thing("constraint", "public", "note", "new")
    found = compare(catalog(NOTE, old), catalog(NOTE, new))
    assert brief(found) == [("changed", "public.note.old", "comment"), ("renamed", "public.note.old", "name")]


def test_what_could_not_be_read_is_not_compared_but_listed() -> None:
    secret = thing("column", "public", "note", "body", type="text", default=NOT_READABLE)
    known = thing("column", "public", "note", "body", type="text", default="1")
    assert compare(catalog(NOTE, known), catalog(NOTE, secret)) == []
    assert unreadable(catalog(NOTE, secret)) == [Unreadable(BODY.name, "default")]


def columns(*names: str) -> list[Object]:
    return [thing("column", "public", "note", name, position=place) for place, name in enumerate(names, 1)]


def test_another_order_of_columns_is_one_cosmetic_difference_of_the_table() -> None:
    [found] = compare(catalog(NOTE, *columns("a", "b", "c")), catalog(NOTE, *columns("a", "c", "b")))
    expected = Difference(NOTE.name, "changed", "column order", ["a", "b", "c"], ["a", "c", "b"], Effect.COSMETIC)
    assert found == expected


def test_the_order_of_columns_is_that_of_common_columns() -> None:
    found = compare(catalog(NOTE, *columns("a", "b", "c")), catalog(NOTE, *columns("x", "a", "c")))
    assert brief(found) == [("missing", "public.note.b", ""), ("extra", "public.note.x", "")]


def held(**privileges: list[str]) -> Object:
    return thing("table", "public", "note", owner="app", privileges={r: list(p) for r, p in privileges.items()})


def test_privileges_differ_role_by_role() -> None:
    found = compare(
        catalog(held(app=["SELECT"], reader=["SELECT"], writer=["INSERT"])),
        catalog(held(app=["SELECT"], reader=["SELECT", "UPDATE"], public=["SELECT"])),
    )
    assert [(one.key, one.declared, one.live) for one in found] == [
        ("public", None, ["SELECT"]),
        ("reader", ["SELECT"], ["SELECT", "UPDATE"]),
        ("writer", ["INSERT"], None),
    ]


def owned(by: str, **privileges: list[str]) -> Object:
    return replace(held(**privileges), attributes={**held(**privileges).attributes, "owner": by})


def test_the_replays_role_is_the_live_owner_under_another_name() -> None:
    declared, live = owned("postgres", postgres=["SELECT"]), owned("app", app=["SELECT"])
    assert compare(catalog(declared), catalog(live), {"postgres": "app"}) == []
    assert len(compare(catalog(declared), catalog(live))) > 0


def test_two_roles_that_become_one_hold_what_both_held() -> None:
    declared = owned("postgres", postgres=["SELECT"], app=["INSERT"])
    live = owned("app", app=["INSERT", "SELECT"])
    assert compare(catalog(declared), catalog(live), {"postgres": "app"}) == []


def test_another_owner_is_one_difference_though_its_privileges_go_with_it() -> None:
    found = compare(catalog(owned("app", app=["SELECT"])), catalog(owned("eve", eve=["SELECT"])))
    assert [(one.attribute, one.declared, one.live) for one in found] == [("owner", "app", "eve")]


def test_a_policy_for_the_replays_role_is_one_for_the_live_owner() -> None:
    declared, live = (thing("policy", "public", "note", "own", roles=roles) for roles in (["postgres"], ["app"]))
    assert compare(catalog(NOTE, declared), catalog(NOTE, live), {"postgres": "app"}) == []


def test_a_privilege_that_one_version_lacks_is_no_difference() -> None:
    new, old = held(app=["MAINTAIN", "SELECT"]), held(app=["SELECT"])
    assert compare(catalog(new, major=18), catalog(old, major=16)) == []
    assert compare(catalog(old, major=16), catalog(new, major=18)) == []
    assert len(compare(catalog(new, major=18), catalog(old, major=18))) == 1


def options(**settings: str) -> Object:
    return thing("table", "public", "note", owner="app", options=settings or None)


def test_who_may_create_in_public_is_no_difference_between_majors_that_begin_differently() -> None:
    old = thing("schema", "public", owner="app", privileges={"public": ["CREATE", "USAGE"], "app": ["CREATE", "USAGE"]})
    new = thing("schema", "public", owner="app", privileges={"public": ["USAGE"], "app": ["CREATE", "USAGE"]})
    assert compare(catalog(new, major=15), catalog(old, major=14)) == []
    assert compare(catalog(old, major=14), catalog(new, major=18)) == []
    assert len(compare(catalog(new, major=14), catalog(old, major=14))) == 1
    assert len(compare(catalog(new, major=15), catalog(old, major=15))) == 1


def test_another_right_on_public_is_a_difference_between_any_majors() -> None:
    open_ = thing("schema", "public", owner="app", privileges={"public": ["CREATE", "USAGE"]})
    shut = thing("schema", "public", owner="app", privileges={})
    assert brief(compare(catalog(shut, major=15), catalog(open_, major=14))) == [("changed", "public", "privileges")]
    unread = thing("schema", "public", owner="app", privileges=NOT_READABLE)
    assert compare(catalog(shut, major=15), catalog(unread, major=14)) == []


def test_a_mapping_differs_key_by_key() -> None:
    found = compare(catalog(options(a="1", b="2")), catalog(options(a="1", b="3")))
    assert [(one.attribute, one.key, one.declared, one.live) for one in found] == [("options", "b", "2", "3")]


def test_a_mapping_that_is_not_there_at_all_is_one_difference() -> None:
    found = compare(catalog(options()), catalog(options(a="1", b="2")))
    assert [(one.attribute, one.key, one.declared, one.live) for one in found] == [
        ("options", "", None, {"a": "1", "b": "2"})
    ]


def test_what_a_partition_has_from_its_parent_is_told_with_the_parent() -> None:
    def measure(type_: str) -> list[Object]:
        parent = thing("column", "public", "measure", "value", type=type_)
        child = thing("column", "public", "part", "value", type=type_, inherited_from=["public.measure.value"])
        return [thing("table", "public", "measure"), thing("table", "public", "part"), parent, child]

    found = compare(catalog(*measure("integer")), catalog(*measure("bigint")))
    assert brief(found) == [("changed", "public.measure.value", "type")]


def test_a_partition_that_differs_from_its_parent_is_told() -> None:
    child = thing("column", "public", "part", "value", default="1", inherited_from=["public.measure.value"])
    other = thing("column", "public", "part", "value", default="2", inherited_from=["public.measure.value"])
    rest = [thing("table", "public", "part"), thing("column", "public", "measure", "value", default="1")]
    found = compare(catalog(*rest, child), catalog(*rest, other))
    assert brief(found) == [("changed", "public.part.value", "default")]


def test_the_order_of_columns_says_nothing_of_a_table_that_inherits() -> None:
    def child(first: int, second: int, **attributes: Value) -> Catalog:
        columns = [thing("column", "public", "child", name, position=at) for name, at in (("a", first), ("b", second))]
        return catalog(thing("table", "public", "child", **attributes), *columns)

    parent: list[Value] = ["public.parent"]
    assert compare(child(1, 2, inherits=parent), child(2, 1, inherits=parent)) == []
    partition: dict[str, Value] = {"inherits": parent, "partition bound": "DEFAULT"}
    assert brief(compare(child(1, 2, **partition), child(2, 1, **partition))) == [
        ("changed", "public.child", "column order")
    ]


@pytest.mark.parametrize(
    ("type_", "expected"), [("foreign key", []), ("unique", [("renamed", "public.part.a", "name")])]
)
def test_the_server_names_the_foreign_keys_of_partitions(type_: str, expected: list[tuple[str, str, str]]) -> None:
    def part(name: str) -> Catalog:
        own = thing("constraint", "public", "part", name, type=type_, definition="…", partition_of="public.whole.k")
        return catalog(thing("table", "public", "part"), own)

    assert brief(compare(part("a"), part("b"))) == expected


def test_differences_are_sorted_whatever_the_order_of_objects() -> None:
    things: list[Object] = [thing("table", "public", name) for name in "dacb"]
    found = compare(catalog(*things), catalog())
    assert found == compare(catalog(*reversed(things)), catalog())
    assert [one.name.parts[-1] for one in found] == ["a", "b", "c", "d"]


def test_an_attribute_that_one_side_does_not_have_is_not_compared() -> None:
    shorter: Mapping[str, Value] = {a: v for a, v in BODY.attributes.items() if a != "compression"}
    longer = thing("column", "public", "note", "body", type="text", compression="pglz")
    assert compare(catalog(NOTE, Object(BODY.name, shorter)), catalog(NOTE, longer)) == []
