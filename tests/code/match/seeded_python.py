"""Mistakes of programs with supabase-py, each with its healthy twin, against schema.sql."""

from __future__ import annotations

from pgproof.code.match.mismatch import Kind
from tests.code.match.seeded import Seeded

HEADER = """
import os
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TypedDict
from pydantic import BaseModel
from supabase import Client, create_client

db: Client = create_client(os.environ["URL"], os.environ["KEY"])
STAGES = {"open": "open", "won": "won"}

class Stage(str, Enum):
    WON = "won"
    GONE = "gone"

class Model(BaseModel):
    title: str

class Sized(Model):
    size: int

@dataclass
class Record:
    title: str

@dataclass
class SizedRecord:
    title: str
    size: int

class Row(TypedDict):
    title: str

class SizedRow(TypedDict):
    title: str
    size: int
"""
"""What comes before each; the code itself is the body of `async def run(s: str, flag: bool)`."""

PYTHON = [
    Seeded(Kind.TABLE, 'db.table("deals").select("id").execute()', 'db.table("deal").select("id").execute()'),
    Seeded(Kind.TABLE, 'db.from_("deals").select("*").execute()', 'db.from_("deal").select("*").execute()'),
    Seeded(
        Kind.TABLE,
        'T = "deals"\ndb.table(T).delete().eq("id", 1).execute()',
        'T = "deal"\ndb.table(T).delete().eq("id", 1).execute()',
    ),
    Seeded(
        Kind.TABLE,
        'db.schema("crm").table("deal").select("id").execute()',
        'db.schema("public").table("deal").select("id").execute()',
    ),
    Seeded(
        Kind.TABLE,
        'for t in ("deal", "notes"):\n    db.table(t).select("id").execute()',
        'for t in ("deal", "note"):\n    db.table(t).select("id").execute()',
    ),
    Seeded(
        Kind.TABLE,
        'db.table("deal").select("id, companies(id)").execute()',
        'db.table("deal").select("id, note(id)").execute()',
    ),
    Seeded(
        Kind.COLUMN, 'db.table("person").select("id, nam").execute()', 'db.table("person").select("id, name").execute()'
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("person").select("id", "nam").execute()',
        'db.table("person").select("id", "name").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").eq("slugg", s).execute()',
        'db.table("deal").select("id").eq("slug", s).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").eq(column="slugg", value=s).execute()',
        'db.table("deal").select("id").eq(column="slug", value=s).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").in_("owner", [s]).execute()',
        'db.table("deal").select("id").in_("owner_id", [s]).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").not_.is_("closed_at", "null").execute()',
        'db.table("deal").select("id").not_.is_("closed", "null").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").order("created_at", desc=True).limit(3).execute()',
        'db.table("deal").select("id").order("updated_at", desc=True).limit(3).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").or_("stage.eq.won,slugg.ilike.*a*").execute()',
        'db.table("deal").select("id").or_("stage.eq.won,slug.ilike.*a*").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").or_(f"slugg.eq.{s},id.eq.1").execute()',
        'db.table("deal").select("id").or_(f"slug.eq.{s},id.eq.1").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").match({"slugg": s}).execute()',
        'db.table("deal").select("id").match({"slug": s}).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").filter("slugg", "eq", s).execute()',
        'db.table("deal").select("id").filter("slug", "eq", s).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").ilike("nam", f"%{s}%").execute()',
        'db.table("deal").select("id").ilike("slug", f"%{s}%").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").contains("tag", [s]).execute()',
        'db.table("deal").select("id").contains("tags", [s]).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("id").gte("pric", 3).lte("price", 9).execute()',
        'db.table("deal").select("id").gte("price", 3).lte("price", 9).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("*", count="exact", head=True).eq("slugg", s).execute()',
        'db.table("deal").select("*", count="exact", head=True).eq("slug", s).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("datum->>a").execute()',
        'db.table("deal").select("data->>a, first:data->list->0").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").select("""\n  id,\n  slugg\n""").execute()',
        'db.table("deal").select("""\n  id,\n  slug\n""").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("note").select("id, deal(slugg)").execute()',
        'db.table("note").select("id, deal(slug)").execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("note").select("id, deal!inner(id)").eq("deal.slugg", s).execute()',
        'db.table("note").select("id, deal!inner(id)").eq("deal.slug", s).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'q = db.table("deal").select("id")\nif flag:\n    q = q.eq("slugg", s)\nq.execute()',
        'q = db.table("deal").select("id")\nif flag:\n    q = q.eq("slug", s)\nq.execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'r = await db.table("deal").select("slugg").single().execute()\nreturn r.data.get("nam")',
        'r = await db.table("deal").select("slug").single().execute()\nreturn r.data.get("nam")',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("team").insert({"title": s, "size": 3}).execute()',
        'db.table("team").insert({"title": s}).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'row = {"title": s}\nrow["size"] = 3\ndb.table("team").insert(row).execute()',
        'row = {"title": s}\nrow["title"] = "b"\ndb.table("team").insert(row).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'row = dict(title=s, size=3)\ndb.table("team").insert(row).execute()',
        'row = dict(title=s)\ndb.table("team").insert(row).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'base = {"title": s}\ndb.table("team").insert({**base, "size": 3}).execute()',
        'base = {"title": s}\ndb.table("team").insert({**base}).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("team").insert([{"title": t, "size": 1} for t in s]).execute()',
        'db.table("team").insert([{"title": t} for t in s]).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'rows = []\nfor t in s:\n    rows.append({"title": t, "size": 1})\ndb.table("team").insert(rows).execute()',
        'rows = []\nfor t in s:\n    rows.append({"title": t})\ndb.table("team").insert(rows).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'team = Sized(title=s, size=1)\ndb.table("team").insert(team.model_dump()).execute()',
        'team = Model(title=s)\ndb.table("team").insert(team.model_dump()).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'team = SizedRecord(s, 1)\ndb.table("team").insert(asdict(team)).execute()',
        'team = Record(s)\ndb.table("team").insert(asdict(team)).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'def add(row: Sized):\n    db.table("team").insert(row.model_dump()).execute()\nadd({})',
        'def add(row: Model):\n    db.table("team").insert(row.model_dump()).execute()\nadd({})',
    ),
    Seeded(
        Kind.COLUMN,
        'db.table("deal").update({"titel": s}).eq("id", 1).execute()',
        'db.table("deal").update({"slug": s}).eq("id", 1).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        'change = {}\nif flag:\n    change["slugg"] = s\ndb.table("deal").update(change).eq("id", 1).execute()',
        'change = {}\nif flag:\n    change["slug"] = s\ndb.table("deal").update(change).eq("id", 1).execute()',
    ),
    Seeded(
        Kind.COLUMN,
        "class Repository:\n    def __init__(self, client: Client):\n        self.client = client\n"
        "    def find(self):\n"
        '        return self.client.table("deal").select("slugg").execute()\nRepository(db).find()',
        "class Repository:\n    def __init__(self, client: Client):\n        self.client = client\n"
        "    def find(self):\n"
        '        return self.client.table("deal").select("slug").execute()\nRepository(db).find()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.rpc("find", {"text_part": s}).eq("slugg", 1).execute()',
        'db.rpc("find", {"text_part": s}).eq("slug", "a").execute()',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'db.table("note").select("id, person(name)").execute()',
        'db.table("note").select("id, deal(slug)").execute()',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'db.table("deal").select("id, person(name)").execute()',
        'db.table("deal").select("id, person!deal_owner_id_fkey(name)").execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("deal").insert({"slug": s, "stage": "closed"}).execute()',
        'db.table("deal").insert({"slug": s, "stage": "won"}).execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("deal").select("id").eq("stage", "closed").execute()',
        'db.table("deal").select("id").eq("stage", STAGES["won"]).execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("deal").select("id").in_("stage", ["won", "closed"]).execute()',
        'db.table("deal").select("id").in_("stage", ["won", "lost"]).execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("deal").update({"stage": Stage.GONE.value}).eq("id", 1).execute()',
        'db.table("deal").update({"stage": Stage.WON.value}).eq("id", 1).execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("deal").update({"stage": "won" if flag else "gone"}).eq("id", 1).execute()',
        'db.table("deal").update({"stage": "won" if flag else "lost"}).eq("id", 1).execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("deal").update({"tier": 4}).eq("id", 1).execute()',
        'db.table("deal").update({"tier": 3}).eq("id", 1).execute()',
    ),
    Seeded(
        Kind.VALUE,
        'db.table("person").select("name").eq("id", "me").execute()',
        'db.table("person").select("name").eq("email", "me").execute()',
    ),
    Seeded(
        Kind.OPERATOR,
        'db.table("deal").select("id").ilike("owner_id", "%a%").execute()',
        'db.table("deal").select("id").eq("owner_id", s).execute()',
    ),
    Seeded(
        Kind.OMITTED,
        'db.table("person").insert({"email": s}).execute()',
        'db.table("person").insert({"email": s, "name": s}).execute()',
    ),
    Seeded(
        Kind.OMITTED,
        'db.table("person").upsert({"email": s}, on_conflict="email").execute()',
        'db.table("person").upsert({"email": s, "name": s}, on_conflict="email").execute()',
    ),
    Seeded(
        Kind.GENERATED,
        'db.table("deal").update({"fee": 3}).eq("id", 1).execute()',
        'db.table("deal").update({"price": 3}).eq("id", 1).execute()',
    ),
    Seeded(
        Kind.CONFLICT,
        'db.table("deal").upsert({"slug": s, "kind": "new"}, on_conflict="kind").execute()',
        'db.table("deal").upsert({"slug": s, "kind": "new"}, on_conflict="slug").execute()',
    ),
    Seeded(
        Kind.FUNCTION, 'db.rpc("close_deals", {"p_id": 1}).execute()', 'db.rpc("close_deal", {"p_id": 1}).execute()'
    ),
    Seeded(
        Kind.ARGUMENTS,
        'db.rpc("close_deal", {"id": 1}).execute()',
        'db.rpc("close_deal", {"p_id": 1, "p_reason": s}).execute()',
    ),
    Seeded(
        Kind.ARGUMENTS,
        'args = {"p_id": 1, "p_why": s}\ndb.rpc("close_deal", params=args).execute()',
        'args = {"p_id": 1, "p_reason": s}\ndb.rpc("close_deal", params=args).execute()',
    ),
    Seeded(
        Kind.ARGUMENTS,
        'db.rpc("move_deal", {"p_stage": "won"}).execute()',
        'db.rpc("move_deal", {"p_stage": "won", "p_ids": []}).execute()',
    ),
]

PYTHON_TRAPS = [
    'def add(row: SizedRow):\n    db.table("team").insert(row).execute()\nadd({})',
    'db.table("team").insert(Sized(title=s, size=1).model_dump(exclude={"size"})).execute()',
    'row = Sized(title=s, size=1).model_dump()\nrow.pop("size")\ndb.table("team").insert(row).execute()',
    'row = {"title": s, "size": 1}\nif flag:\n    print(s)\ndel row["size"]\ndb.table("team").insert(row).execute()',
    'row = {"title": s, "size": 1}\nfor key in s:\n    row.pop(key, None)\ndb.table("team").insert(row).execute()',
    'r = db.table("deal").select("id").execute()\nrow = (r.data or [{}])[0]\nrow.get("nothing")\nr.get("data")',
    'db.storage.from_("deals").upload("a", b"")',
    'db.auth.sign_in_with_password({"email": s})',
    'import boto3\ndynamodb = boto3.resource("dynamodb")\ndynamodb.table("deals").select("x")',
    'db.table("deal").select("id").eq("data->>anything", s).execute()',
    'db.table("deal").select("total:price, id").execute()',
    'db.table("deal").select("id").is_("closed", None).execute()',
    'db.table("deal").update({k: v for k, v in {"slug": s, "x": None}.items() if k == "slug"}).eq("id", 1).execute()',
    'db.table(s).select("anything").execute()',
    'db.table("deal").select(s).execute()',
    'db.table("deal").select("id").text_search("slug", "a & b").range(0, 9).execute()',
    'try:\n    db.table("deal").select("id").execute()\nexcept Exception:\n    pass',
]
