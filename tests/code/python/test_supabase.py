"""supabase-py: chains, payloads, and what is done with the error."""

from __future__ import annotations

import pytest

from pgproof.code.usage import Action, Clause, Handling, Literal, TableUse, Unread
from tests.code.python.reading import calls, found, tables

CLIENT = "from supabase import create_client\nsupabase = create_client(url, key)\n"


def one(text: str, **others: str) -> TableUse:
    (use,) = tables(CLIENT + text, **others)
    return use


def columns(use: TableUse, clause: Clause) -> list[str]:
    return [each.column for each in use.columns if each.clause is clause]


def test_a_chain_with_select_filters_and_order() -> None:
    use = one(
        'supabase.table("posts").select("id, author:users!inner(name)").eq("id", 1).in_("kind", ["a", "b"])'
        '.not_.is_("gone", "null").order("at", desc=True).execute()\n'
    )
    assert (use.table, use.action) == ("posts", Action.SELECT)
    assert columns(use, Clause.SELECT) == ["id", "name"]
    assert columns(use, Clause.FILTER) == ["id", "kind", "gone"]
    assert columns(use, Clause.ORDER) == ["at"]
    assert [embed.relation for embed in use.embeds] == ["users"]
    kind = next(each for each in use.columns if each.column == "kind")
    assert kind.values == (Literal("string", "a"), Literal("string", "b"))


def test_a_query_that_is_kept_in_a_variable_goes_on_there() -> None:
    use = one(
        """
def f(author):
    query = supabase.table("posts").select("*")
    if author:
        query = query.eq("author_id", author)
    return query.or_("title.ilike.%x%,body.is.null").execute()
"""
    )
    assert use.everything
    assert columns(use, Clause.FILTER) == ["author_id"]
    assert columns(use, Clause.OR) == ["title", "body"]


@pytest.mark.parametrize(
    ("payload", "keys", "always"),
    [
        ('{"a": 1, "b": x}', {"a", "b"}, {"a", "b"}),
        ('[{"a": y} for y in x]', {"a"}, {"a"}),
        ("dict(a=1)", {"a"}, {"a"}),
        ('{"a": 1, **({"b": 2} if x else {})}', {"a", "b"}, {"a"}),
        ('{"a": 1} | {"b": 2}', {"a", "b"}, {"a", "b"}),
        ("build(x)", {"a", "b"}, {"a"}),
        ("built", {"a", "b", "c"}, {"a", "c"}),
        ("Item(a=1).model_dump()", {"a", "b"}, {"a", "b"}),
        ("Item(a=1).model_dump(exclude_none=True)", {"a", "b"}, set()),
        ("asdict(Plain(1))", {"a"}, {"a"}),
    ],
)
def test_the_keys_of_a_payload(payload: str, keys: set[str], always: set[str]) -> None:
    use = one(
        f"""
from dataclasses import asdict, dataclass
from pydantic import BaseModel

class Item(BaseModel):
    a: int
    b: str | None = None

@dataclass
class Plain:
    a: int

def build(x):
    if x:
        return {{"a": 1, "b": 2}}
    return {{"a": 1}}

def f(x):
    built = {{"a": 1}}
    if x:
        built["b"] = 2
    built.update({{"c": 3}})
    supabase.table("t").insert({payload}).execute()
"""
    )
    assert set(columns(use, Clause.VALUES)) == keys
    assert use.always == always
    assert use.whole


def test_a_payload_from_outside_is_open() -> None:
    use = one('def f(body: dict):\n    supabase.table("t").upsert({"a": 1, **body}, on_conflict="a,b").execute()\n')
    assert not use.whole
    assert columns(use, Clause.ON_CONFLICT) == ["a", "b"]
    assert [each.what for each in use.unread] == ["values"]


def test_names_from_constants_enums_and_callers() -> None:
    uses = tables(
        CLIENT
        + """
from app.names import T, Tables

class Repository:
    table_name = "cats"
    def all(self):
        return supabase.table(self.table_name).select("*").execute()

def fetch(table):
    return supabase.table(table).select("id").execute()

fetch("dogs")
supabase.table(T).delete().eq("id", 1).execute()
supabase.from_(Tables.BIRDS.value).update({"a": 1}).execute()
""",
        names='from enum import Enum\nT = "fish"\nclass Tables(Enum):\n    BIRDS = "birds"\n',
    )
    assert sorted(use.table for use in uses) == ["birds", "cats", "dogs", "fish"]


def test_a_table_that_nobody_knows_is_said_to_be_so() -> None:
    (unread,) = found(CLIENT + 'def f(name):\n    supabase.table(name + "s").select("*").execute()\n')
    assert isinstance(unread, Unread)
    assert unread.what == "table"


def test_a_function_with_its_arguments_and_the_schema() -> None:
    (call,) = calls(CLIENT + 'supabase.schema("app").rpc("claim", {"worker": "w", "n": 3}).execute()\n')
    assert (call.name, call.schema, call.whole) == ("claim", "app", True)
    assert [argument.name for argument in call.arguments] == ["worker", "n"]


def test_storage_and_other_libraries_are_left_alone() -> None:
    text = 'supabase.storage.from_("files").upload("a", b"")\nimport boto3\nboto3.resource("x").Table("t")\n'
    assert found(CLIENT + text) == []


def test_the_client_raises() -> None:
    guarded = 'try:\n    supabase.table("t").select("*").execute()\nexcept APIError as e:\n    print(e)\n'
    assert one('supabase.table("t").select("*").execute()\n').handling is Handling.THROWN
    assert one(guarded).handling is Handling.LOGGED


def test_the_fields_of_a_model_of_another_module_are_written_where_the_model_is_dumped() -> None:
    use = one(
        "from .models import Deal\ndef add(deal: Deal):\n"
        '    supabase.table("deal").insert(deal.model_dump()).execute()\n',
        models="""
        from pydantic import BaseModel, Field
        class Base(BaseModel):
            slug: str
            hidden: str = Field(exclude=True)
        class Deal(Base):
            stage: str
        """,
    )
    assert {(found.column, str(found.location), found.typed) for found in use.columns} == {
        ("slug", "app/main.py:5:35", False),
        ("stage", "app/main.py:5:35", False),
    }
