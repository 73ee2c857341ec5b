"""Calls, looked for in a schema: what is wrong with them, and what is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pgproof.catalog.object import Catalog
from pgproof.code.match.calls import match_call
from pgproof.code.match.doubts import Doubts, Failed
from pgproof.code.match.mismatch import Kind, Mismatch, Unsure
from pgproof.code.match.schema import Schema
from pgproof.code.match.tables import match_table
from pgproof.code.usage import Action, Argument, Call, Clause, ColumnUse, Embed, Literal, TableUse
from pgproof.model import Location

PLACE = Location("src/a.ts", 1, 1)


def text(value: str) -> Literal:
    return Literal("string", value)


def column(name: str, value: Literal | None = None, clause: Clause = Clause.SELECT, operator: str = "") -> ColumnUse:
    *relation, last = name.split(".")
    last, arrow, json = last.partition("->")
    values = (value,) if value else ()
    return ColumnUse(last, PLACE, clause, tuple(relation), arrow + json, operator, values)


def where(name: str, operator: str = "eq", value: Literal | None = None) -> ColumnUse:
    return column(name, value, Clause.FILTER, operator)


def embed(relation: str, hint: str = "", path: tuple[str, ...] = (), alias: str = "") -> Embed:
    return Embed(relation, PLACE, path, alias, hint)


def select(table: str, *parts: ColumnUse | Embed, schema: str | None = "") -> TableUse:
    columns = tuple(part for part in parts if isinstance(part, ColumnUse))
    embeds = tuple(part for part in parts if isinstance(part, Embed))
    return TableUse(PLACE, "supabase-js", table, Action.SELECT, schema, columns, embeds)


def write(table: str, row: dict[str, Literal | None], action: Action = Action.INSERT, conflict: str = "") -> TableUse:
    columns = [column(name, value, Clause.VALUES) for name, value in row.items()]
    columns += [column(name, None, Clause.ON_CONFLICT) for name in conflict.split(",") if name]
    return TableUse(PLACE, "supabase-js", table, action, "", tuple(columns), whole=True, always=frozenset(row))


def rpc(name: str, whole: bool = True, **arguments: Literal | None) -> Call:
    given = tuple(Argument(key, PLACE, (value,) if value else ()) for key, value in arguments.items())
    return Call(PLACE, "supabase-js", name, arguments=given, whole=whole)


def found(catalog: Catalog, use: TableUse | Call, doubts: Doubts | None = None) -> list[Mismatch | Unsure]:
    schema = Schema(catalog, doubts)
    return list(match_table(schema, use) if isinstance(use, TableUse) else match_call(schema, use))


WRONG: Sequence[tuple[TableUse | Call, Kind, str]] = [
    (select("deals"), Kind.TABLE, "PGRST205"),
    (select("deal", schema="crm"), Kind.TABLE, "PGRST205"),
    (select("deal", column("stages")), Kind.COLUMN, "42703"),
    (select("deal", column("datum->a")), Kind.COLUMN, "42703"),
    (select("deal", where("stagee")), Kind.COLUMN, "42703"),
    (select("open_deal", column("stage")), Kind.COLUMN, "42703"),
    (select("note", embed("deal"), column("deal.titel")), Kind.COLUMN, "42703"),
    (select("note", embed("deal", alias="d"), where("d.titel")), Kind.COLUMN, "42703"),
    (select("note", where("deal.slug")), Kind.RELATIONSHIP, "PGRST108"),
    (select("note", embed("person")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal", embed("person")), Kind.RELATIONSHIP, "PGRST201"),
    (select("person", embed("deal")), Kind.RELATIONSHIP, "PGRST201"),
    (select("deal", embed("person", "seller_id")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal", embed("user_id")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal", embed("companies")), Kind.TABLE, "PGRST200"),
    (select("deal", embed("company_id")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal", embed("approved_by")), Kind.RELATIONSHIP, "PGRST200"),
    (select("open_deal", embed("person")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal_owner", embed("person")), Kind.RELATIONSHIP, "PGRST201"),
    (select("deal_owner", embed("owner_name")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal_owner", embed("buyer", "owner"), column("buyer.name")), Kind.TABLE, "PGRST200"),
    (select("deal_union", embed("note")), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal_cast", embed("person")), Kind.RELATIONSHIP, "PGRST200"),
    (select("team_person", embed("person_name"), column("person_name.nothing")), Kind.COLUMN, "42703"),
    (select("note", embed("deal"), embed("city", path=("deal",))), Kind.RELATIONSHIP, "PGRST200"),
    (select("deal", where("stage", "eq", text("closed"))), Kind.VALUE, "22P02"),
    (select("deal", where("stage", "in", Literal("list", "", (text("won"), text("done"))))), Kind.VALUE, "22P02"),
    (select("deal", where("side", "eq", text("hold"))), Kind.VALUE, ""),
    (select("deal", where("side", "in", Literal("list", "", (text("hold"), text("keep"))))), Kind.VALUE, ""),
    (select("deal", where("owner_id", "neq", text("me"))), Kind.VALUE, "22P02"),
    (select("deal", where("owner_id", "eq", text("me"))), Kind.VALUE, "22P02"),
    (select("deal", where("tier", "eq", text("high"))), Kind.VALUE, "22P02"),
    (select("deal", where("owner_id", "ilike", text("%a%"))), Kind.OPERATOR, "42883"),
    (select("deal", where("stage", "like", text("o%"))), Kind.OPERATOR, "42883"),
    (select("deal", column("slug->a")), Kind.OPERATOR, "42883"),
    (write("deal", {"slug": None, "stage": text("closed")}), Kind.VALUE, "22P02"),
    (write("deal", {"slug": None, "side": text("hold")}), Kind.VALUE, "23514"),
    (write("deal", {"tier": Literal("number", "4")}, Action.UPDATE), Kind.VALUE, "23514"),
    (write("deal", {"kind": text("used")}, Action.UPDATE), Kind.VALUE, "23514"),
    (write("deal", {"price": text("free")}, Action.UPDATE), Kind.VALUE, "22P02"),
    (write("deal", {"closed": text("maybe")}, Action.UPDATE), Kind.VALUE, "22P02"),
    (write("deal", {"title": None}, Action.UPDATE), Kind.COLUMN, "PGRST204"),
    (write("deal", {"fee": None}, Action.UPDATE), Kind.GENERATED, "428C9"),
    (write("team", {"id": None, "title": None}), Kind.GENERATED, "428C9"),
    (write("deal", {"tier": None}), Kind.OMITTED, "23502"),
    (write("person", {"email": None}, Action.UPSERT, "email"), Kind.OMITTED, "23502"),
    (write("deal", {"slug": None}, Action.UPSERT, "owner_id"), Kind.CONFLICT, "42P10"),
    (write("deal", {"slug": None}, Action.UPSERT, "slug,kind"), Kind.CONFLICT, "42P10"),
    (write("deal", {"slug": None}, Action.UPSERT, "slugg"), Kind.COLUMN, "42703"),
    (rpc("close_deals"), Kind.FUNCTION, "PGRST202"),
    (rpc("close_deal", id=None), Kind.ARGUMENTS, "PGRST202"),
    (rpc("close_deal"), Kind.ARGUMENTS, "PGRST202"),
    (rpc("close_deal", p_id=None, p_why=None), Kind.ARGUMENTS, "PGRST202"),
    (rpc("close_deal", whole=False, p_why=None), Kind.ARGUMENTS, "PGRST202"),
    (rpc("twice", a=None), Kind.ARGUMENTS, "PGRST203"),
    (rpc("close_deal", p_id=text("first")), Kind.VALUE, "22P02"),
    (rpc("move_deal", p_stage=text("closed"), p_ids=None), Kind.VALUE, "22P02"),
]

RIGHT: Sequence[TableUse | Call] = [
    replace(write("deal", {}), columns=(replace(column("tier", None, Clause.VALUES), typed=True),)),
    replace(write("deal", {}), columns=(replace(column("side", text("hold"), Clause.VALUES), typed=True),)),
    replace(write("deal", {"tier": None}), asked=frozenset({"slug"})),
    select("deal", column("slug"), column("data->a->>b"), where("data->>a", "eq", text("x"))),
    select("deal", column("title_line")),
    select("deal", column("count")),
    select("open_deal", column("slug")),
    select("open_deal", embed("note"), column("note.body")),
    select("note", embed("open_deal"), column("open_deal.slug")),
    select("deal_owner", embed("person", "owner"), embed("note"), embed("team_person", path=("person",))),
    select("deal_owner", embed("owner"), column("owner.name")),
    select("team_person", embed("person_name"), column("person_name.name")),
    select("person_name", embed("team"), embed("deal", "owner_id")),
    select("deal_union", column("id")),
    select("deals", schema=None),
    select("_", column("*")),
    select("note", embed("deal"), column("deal.slug"), where("deal.slug")),
    select("note", embed("deal_id"), column("deal_id.slug")),
    select("note", embed("deal_id", alias="parent"), column("parent.slug")),
    select("deal", embed("note"), column("note.body")),
    select("deal", embed("person", "owner_id"), column("person.name")),
    select("deal", embed("person", "deal_buyer_id_fkey"), embed("person", "owner_id", alias="owner")),
    select("deal", embed("deal_owner_id_fkey"), column("deal_owner_id_fkey.name")),
    select("deal", embed("deal", "parent_id"), column("deal.slug")),
    select("deal", embed("deal", alias="children")),
    select("person", embed("team"), column("team.title")),
    select("person", embed("team", "membership")),
    select("person", embed("membership"), embed("team", path=("membership",)), column("membership.team.title")),
    select("deal", embed("neighbours"), column("neighbours.id")),
    select("deal", where("stage", "eq", text("won")), where("side", "neq", text("buy"))),
    select("deal", where("stage", "in", Literal("list", "", (text("won"), text("open"))))),
    select("deal", where("side", "neq", text("hold")), where("side", "not.in", text("hold"))),
    select("deal", where("side", "in", Literal("list", "", (text("hold"), text("buy"))))),
    select("deal", where("tier", "gte", text("0")), column("side", text("hold"), Clause.OR, "eq")),
    select("deal", where("owner_id", "is", Literal("null"))),
    select("deal", where("slug", "ilike", text("%a%"))),
    select("deal", where("tags", "cs", Literal("list", "", (text("a"),)))),
    select("deal", where("tier", "gte", text("2")), where("price", "lt", text("1.5e3"))),
    select("deal", where("updated_at", "gte", text("now"))),
    select("deal", where("owner_id", "eq", text("A0EEBC999C0B4EF8BB6D6BB9BD380A11"))),
    write("person", {"name": Literal("null"), "id": text("")}, Action.UPDATE),
    write("deal", {"slug": None}),
    write("deal", {"slug": None, "kind": Literal("null"), "closed": Literal("boolean", "true")}),
    write("deal", {"slug": None}, Action.UPSERT, "slug"),
    write("deal", {"slug": None}, Action.UPSERT, "tier,kind"),
    write("deal", {"slug": None}, Action.UPSERT),
    write("deal", {"at": Literal("date"), "number": Literal("number", "2")}, Action.UPDATE),
    write("note", {"body": None, "id": None}),
    write("visit", {"day": None}),
    write("membership", {"person_id": None, "team_id": None}, Action.UPSERT, "team_id,person_id"),
    write("open_deal", {"slug": None}),
    write("team", {"title": None}),
    rpc("close_deal", p_id=None),
    rpc("close_deal", p_id=text("7"), p_reason=None),
    replace(rpc("find", text_part=None), arguments=(Argument("text_part", PLACE, optional=True),)),
    rpc("close_deal", whole=False),
    rpc("take", body=None),
    rpc("hook", anything=None),
    rpc("twice", a=None, b=None),
    rpc("find", text_part=None),
    rpc("find_row"),
]


@pytest.mark.parametrize(("use", "kind", "code"), WRONG)
def test_what_is_wrong_is_found_and_nothing_else(catalog: Catalog, use: TableUse | Call, kind: Kind, code: str) -> None:
    (mismatch,) = found(catalog, use)
    assert isinstance(mismatch, Mismatch)
    assert (mismatch.kind, mismatch.code) == (kind, code)


def test_a_column_that_only_a_type_names_may_never_be_written(catalog: Catalog) -> None:
    typed = ColumnUse("title", PLACE, Clause.VALUES, typed=True)
    (one,) = found(catalog, TableUse(PLACE, "supabase-js", "deal", Action.UPDATE, columns=(typed,)))
    assert isinstance(one, Unsure)


def test_a_column_that_is_chosen_with_its_relation_is_missing_in_none_that_has_it(catalog: Catalog) -> None:
    def use(name: str) -> TableUse:
        chosen = [replace(column(f"{of}.{name}"), chosen=True) for of in ("note", "person")]
        return select("deal", embed("note"), embed("person", "owner_id"), *chosen)

    (unsure,) = found(catalog, use("body"))
    assert isinstance(unsure, Unsure)
    assert all(isinstance(one, Mismatch) for one in found(catalog, use("nothing")))


@pytest.mark.parametrize("use", RIGHT)
def test_what_is_right_is_passed(catalog: Catalog, use: TableUse | Call) -> None:
    assert found(catalog, use) == []


def test_the_result_of_a_function_has_columns(catalog: Catalog) -> None:
    of_table = Call(PLACE, "supabase-js", "find", arguments=(Argument("text_part", PLACE),), columns=(column("nme"),))
    of_list = Call(PLACE, "supabase-js", "find_row", whole=True, columns=(column("how many"), column("total")))
    (one,) = found(catalog, of_table)
    (other,) = found(catalog, of_list)
    assert isinstance(one, Mismatch)
    assert isinstance(other, Mismatch)
    assert (str(one.subject), other.detail) == ("public.deal.nme", "total")


FAILED = [
    Failed(
        frozenset({("", "deal"), ("", "score")}), "AlterTableStmt", "alter table deal add column score int, add bad"
    ),
    Failed(frozenset({("", "invoice")}), "CreateStmt", "create table invoice (id int, bad)"),
    Failed(frozenset({("", "note")}), "CreatePolicyStmt", "create policy p on note using (score)"),
]


@pytest.mark.parametrize(
    "use",
    [
        select("invoice"),
        select("deal", column("score")),
        write("deal", {"tier": None}),
        write("deal", {"slug": None, "side": text("hold")}),
        select("deal", embed("city")),
        write("deal", {"slug": None}, Action.UPSERT, "owner_id"),
    ],
)
def test_what_a_failed_statement_might_have_made_is_unknown(catalog: Catalog, use: TableUse) -> None:
    assert not [one for one in found(catalog, use, Doubts(FAILED)) if isinstance(one, Mismatch)]


@pytest.mark.parametrize(
    "use", [select("deal", column("scores")), select("note", column("score")), write("person", {"email": None})]
)
def test_what_no_failed_statement_is_about_is_missing(catalog: Catalog, use: TableUse) -> None:
    (one,) = found(catalog, use, Doubts(FAILED))
    assert isinstance(one, Mismatch)


def test_what_the_replay_only_imitates_is_unknown(catalog: Catalog) -> None:
    doubts = Doubts(foreign=frozenset({"auth"}), elsewhere=lambda kind, _, name: (kind, name) == ("function", "geo"))
    (one,) = found(catalog, select("users", schema="auth"), doubts)
    (other,) = found(catalog, rpc("geo"), doubts)
    assert isinstance(one, Unsure)
    assert isinstance(other, Unsure)


def test_an_ambiguous_relationship_names_the_hints(catalog: Catalog) -> None:
    (one,) = found(catalog, select("deal", embed("person")))
    assert isinstance(one, Mismatch)
    assert one.near == ("person!deal_buyer_id_fkey", "person!deal_owner_id_fkey")


def test_an_argument_that_nobody_is_seen_to_give_may_be_left_out(catalog: Catalog) -> None:
    optional = Argument("p_why", PLACE, optional=True)
    needed = rpc("close_deal", p_id=None)
    assert [type(one) for one in found(catalog, replace(needed, arguments=(*needed.arguments, optional)))] == [Unsure]
    (wrong,) = found(catalog, replace(needed, arguments=(optional,)))
    assert isinstance(wrong, Mismatch)
