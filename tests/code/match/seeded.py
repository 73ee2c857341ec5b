"""Mistakes that typed clients miss or find, each with its healthy twin, against schema.sql.

The first are the 31 that `supabase gen types` and the compiler were measured with (13 found, 18 missed).
"""

from __future__ import annotations

from typing import NamedTuple

from pgproof.code.match.mismatch import Kind

HEADER = """
import { createClient, SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "./database.types";
const db = createClient<Database>(process.env.URL!, process.env.KEY!);
const STAGES = { open: "open", won: "won", lost: "lost" } as const;
"""


class Seeded(NamedTuple):
    """A mistake: what it is, the code, and the same without the mistake."""

    kind: Kind
    bad: str
    ok: str


MEASURED = [
    Seeded(Kind.TABLE, 'db.from("deals").select("id")', 'db.from("deal").select("id")'),
    Seeded(Kind.COLUMN, 'db.from("deal").select("id").eq("slugg", s)', 'db.from("deal").select("id").eq("slug", s)'),
    Seeded(Kind.OMITTED, 'db.from("person").insert({ email: s })', 'db.from("person").insert({ email: s, name: s })'),
    Seeded(Kind.COLUMN, 'db.from("team").insert({ title: s, size: 3 })', 'db.from("team").insert({ title: s })'),
    Seeded(
        Kind.COLUMN,
        'const row = { title: s, size: 3 };\n await db.from("team").insert(row)',
        'const row = { title: s };\n await db.from("team").insert(row)',
    ),
    Seeded(
        Kind.COLUMN,
        'await db.from("team").insert([{ title: s }, { title: s, size: 3 }])',
        'await db.from("team").insert([{ title: s }, { title: "b" }])',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").insert({ slug: s, stage: "closed" })',
        'db.from("deal").insert({ slug: s, stage: "won" })',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").eq("stage", "closed")',
        'db.from("deal").select("id").eq("stage", "won")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").in("stage", ["won", "closed"])',
        'db.from("deal").select("id").in("stage", ["won", "lost"])',
    ),
    Seeded(Kind.FUNCTION, 'db.rpc("close_deals", { p_id: 1 })', 'db.rpc("close_deal", { p_id: 1 })'),
    Seeded(Kind.ARGUMENTS, 'db.rpc("close_deal", { id: 1 })', 'db.rpc("close_deal", { p_id: 1, p_reason: s })'),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").update({ titel: s }).eq("id", 1)',
        'db.from("deal").update({ slug: s }).eq("id", 1)',
    ),
    Seeded(
        Kind.COLUMN,
        'const { data } = await db.from("person").select("id, nam").single();\n return data!.nam',
        'const { data } = await db.from("person").select("id, name").single();\n return data!.name',
    ),
    Seeded(Kind.COLUMN, 'await db.from("person").select("id, nam")', 'await db.from("person").select("id, name")'),
    Seeded(
        Kind.COLUMN,
        'const { data } = await db.from("person").select("id, nam");\n return data as unknown as { id: string }[]',
        'const { data } = await db.from("person").select("id, name");\n return data as unknown as { id: string }[]',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'const { data } = await db.from("note").select("id, person(name)");\n return data![0].person',
        'const { data } = await db.from("note").select("id, deal(slug)");\n return data![0].deal',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'await db.from("note").select("id, person(name)")',
        'await db.from("note").select("id, deal(slug)")',
    ),
    Seeded(Kind.COLUMN, 'db.from("note").select("id, deal(slugg)")', 'db.from("note").select("id, deal(slug)")'),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select("id").order("created_at")',
        'db.from("deal").select("id").order("updated_at")',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select("id").filter("slugg", "eq", s)',
        'db.from("deal").select("id").filter("slug", "eq", s)',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select("id").match({ slugg: s })',
        'db.from("deal").select("id").match({ slug: s })',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select("id").or("stage.eq.won,slugg.ilike.a*")',
        'db.from("deal").select("id").or("stage.eq.won,slug.ilike.a*")',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("note").select("id, deal!inner(id)").eq("deal.slugg", s)',
        'db.from("note").select("id, deal!inner(id)").eq("deal.slug", s)',
    ),
    Seeded(
        Kind.COLUMN, 'db.from("deal").select("id").eq("datum->>a", s)', 'db.from("deal").select("id").eq("data->>a", s)'
    ),
    Seeded(
        Kind.CONFLICT,
        'db.from("deal").upsert({ slug: s, kind: "new" }, { onConflict: "kind" })',
        'db.from("deal").upsert({ slug: s, kind: "new" }, { onConflict: "slug" })',
    ),
    Seeded(
        Kind.COLUMN,
        'const by = "slugg" as string;\n await db.from("deal").select("id").eq(by, s)',
        'const by = "slug" as string;\n await db.from("deal").select("id").eq(by, s)',
    ),
    Seeded(
        Kind.COLUMN,
        'await db.from("team").insert({ title: s, size: 3 } as any)',
        'await db.from("team").insert({ title: s } as any)',
    ),
    Seeded(
        Kind.COLUMN,
        'const plain = createClient("u", "k");\n await plain.from("deal").select("slugg")',
        'const plain = createClient("u", "k");\n await plain.from("deal").select("slug")',
    ),
    Seeded(
        Kind.COLUMN,
        'const run = (client: any) => client.from("deal").select("slugg");\n await run(db)',
        'const run = (client: any) => client.from("deal").select("slug");\n await run(db)',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").update({ kind: "used" }).eq("id", 1)',
        'db.from("deal").update({ kind: "old" }).eq("id", 1)',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("person").select("name").eq("id", "me")',
        'db.from("person").select("name").eq("email", "me")',
    ),
]

MORE = [
    Seeded(Kind.TABLE, 'db.schema("crm").from("deal").select("id")', 'db.schema("public").from("deal").select("id")'),
    Seeded(
        Kind.TABLE, 'const T = "deals";\n await db.from(T).select()', 'const T = "deal";\n await db.from(T).select()'
    ),
    Seeded(
        Kind.TABLE,
        'const q = db.from("deals");\n await q.delete().eq("id", 1)',
        'const q = db.from("deal");\n await q.delete().eq("id", 1)',
    ),
    Seeded(Kind.TABLE, "db.from(`deals`).select()", "db.from(`deal`).select()"),
    Seeded(Kind.TABLE, 'db.from("deal").select("id, companies(id)")', 'db.from("deal").select("id, note(id)")'),
    Seeded(Kind.TABLE, 'db.from("open_deals").select()', 'db.from("open_deal").select("slug")'),
    Seeded(
        Kind.TABLE,
        'for (const t of ["deal", "notes"]) await db.from(t).delete()',
        'for (const t of ["deal", "note"]) await db.from(t).delete()',
    ),
    Seeded(Kind.TABLE, 'db.from(s ? "deal" : "deals").select("id")', 'db.from(s ? "deal" : "note").select("id")'),
    Seeded(Kind.COLUMN, 'db.from("open_deal").select("stage")', 'db.from("open_deal").select("id")'),
    Seeded(Kind.COLUMN, 'db.from("deal").select("total:pric")', 'db.from("deal").select("pric:price")'),
    Seeded(Kind.COLUMN, 'db.from("deal").select("pric.sum()")', 'db.from("deal").select("price.sum()")'),
    Seeded(Kind.COLUMN, 'db.from("deal").select("pric::text")', 'db.from("deal").select("price::text")'),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select("datum->a->>b")',
        'db.from("deal").select("data->a->>b, first:data->list->0")',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select(`\n  id,\n  slugg\n`)',
        'db.from("deal").select(`\n  id,\n  slug\n`)',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("person").select("id, membership(team(titel))")',
        'db.from("person").select("id, membership(team(title))")',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("person").select("id, teams:team(titel)")',
        'db.from("person").select("id, teams:team(title)")',
    ),
    Seeded(Kind.COLUMN, 'db.from("note").select("id, ...deal(slugg)")', 'db.from("note").select("id, ...deal(slug)")'),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select("id", { count: "exact", head: true }).eq("slugg", s)',
        'db.from("deal").select("*", { count: "exact", head: true }).eq("slug", s)',
    ),
    Seeded(Kind.COLUMN, 'db.from("deal").select().neq("slugg", s)', 'db.from("deal").select().neq("slug", s)'),
    Seeded(Kind.COLUMN, 'db.from("deal").select().gte("pric", 3)', 'db.from("deal").select().gte("price", 3)'),
    Seeded(
        Kind.COLUMN, 'db.from("deal").select().is("closed_at", null)', 'db.from("deal").select().is("closed", null)'
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select().not("slugg", "is", null)',
        'db.from("deal").select().not("slug", "is", null)',
    ),
    Seeded(
        Kind.COLUMN, 'db.from("deal").select().contains("tag", [s])', 'db.from("deal").select().contains("tags", [s])'
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select().ilike("nam", `%${s}%`)',
        'db.from("deal").select().ilike("slug", `%${s}%`)',
    ),
    Seeded(
        Kind.COLUMN, 'db.from("deal").select().textSearch("nam", s)', 'db.from("deal").select().textSearch("slug", s)'
    ),
    Seeded(Kind.COLUMN, 'db.from("deal").select().in("owner", [s])', 'db.from("deal").select().in("owner_id", [s])'),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select().or("and(stage.eq.won,slugg.is.null),price.gt.3")',
        'db.from("deal").select().or("and(stage.eq.won,slug.is.null),price.gt.3")',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("deal").select().or(`slugg.eq.${s},id.eq.1`)',
        'db.from("deal").select().or(`slug.eq.${s},id.eq.1`)',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("person").select("id, note:deal!owner_id(id)").order("slugg", { referencedTable: "note" })',
        'db.from("person").select("id, note:deal!owner_id(id)").order("slug", { referencedTable: "note" })',
    ),
    Seeded(
        Kind.COLUMN,
        'let q = db.from("deal").select("id");\n if (s) q = q.eq("slugg", s);\n await q',
        'let q = db.from("deal").select("id");\n if (s) q = q.eq("slug", s);\n await q',
    ),
    Seeded(
        Kind.COLUMN,
        'const deals = () => db.from("deal");\n await deals().select("slugg")',
        'const deals = () => db.from("deal");\n await deals().select("slug")',
    ),
    Seeded(
        Kind.COLUMN,
        'const change: any = {};\n change.slugg = s;\n await db.from("deal").update(change).eq("id", 1)',
        'const change: any = {};\n change.slug = s;\n await db.from("deal").update(change).eq("id", 1)',
    ),
    Seeded(
        Kind.COLUMN,
        'const base = { slugg: s };\n await db.from("deal").update({ ...base, price: 2 }).eq("id", 1)',
        'const base = { slug: s };\n await db.from("deal").update({ ...base, price: 2 }).eq("id", 1)',
    ),
    Seeded(
        Kind.COLUMN,
        'await db.from("team").insert(["a", "b"].map((name) => ({ title: name, size: 1 })))',
        'await db.from("team").insert(["a", "b"].map((name) => ({ title: name })))',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("team").insert({ title: s, ...(s && { size: 1 }) })',
        'db.from("team").insert({ ...(s && { id: undefined }), title: s })',
    ),
    Seeded(
        Kind.COLUMN,
        'db.from("team").insert({ title: s }).select("size")',
        'db.from("team").insert({ title: s }).select("title").single()',
    ),
    Seeded(
        Kind.COLUMN,
        'db.rpc("find", { text_part: s }).select("slugg")',
        'db.rpc("find", { text_part: s }).select("slug").eq("stage", "won")',
    ),
    Seeded(Kind.COLUMN, 'db.rpc("find_row").eq("total", 1)', 'db.rpc("find_row").eq("slug", s)'),
    Seeded(
        Kind.RELATIONSHIP,
        'db.from("deal").select("id, person(name)")',
        'db.from("deal").select("id, person!deal_owner_id_fkey(name)")',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'db.from("deal").select("id, owner:person!owner(name)")',
        'db.from("deal").select("id, owner:person!owner_id(name)")',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'db.from("deal").select("id, user:user_id(name)")',
        'db.from("deal").select("id, user:owner_id(name)")',
    ),
    Seeded(Kind.RELATIONSHIP, 'db.from("team").select("id, deal(slug)")', 'db.from("team").select("id, person(name)")'),
    Seeded(
        Kind.RELATIONSHIP,
        'db.from("note").select("id").eq("deal.slug", s)',
        'db.from("note").select("id, deal!inner()").eq("deal.slug", s)',
    ),
    Seeded(
        Kind.RELATIONSHIP,
        'db.from("note").select("id, deal(id, city(id))")',
        'db.from("note").select("id, deal(id, neighbours(id))")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").insert({ slug: s, side: "hold" })',
        'db.from("deal").insert({ slug: s, side: "buy" })',
    ),
    Seeded(
        Kind.VALUE, 'db.from("deal").update({ tier: 4 }).eq("id", 1)', 'db.from("deal").update({ tier: 3 }).eq("id", 1)'
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").update({ stage: s ? "won" : "gone" }).eq("id", 1)',
        'db.from("deal").update({ stage: s ? "won" : "lost" }).eq("id", 1)',
    ),
    Seeded(
        Kind.VALUE,
        'const set = (stage: "won" | "gone") => db.from("deal").update({ stage }).eq("id", 1);\n await set("won")',
        'const set = (stage: "won" | "lost") => db.from("deal").update({ stage }).eq("id", 1);\n await set("won")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").or("stage.eq.gone,id.eq.1")',
        'db.from("deal").select("id").or("stage.eq.won,id.eq.1")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").match({ stage: "gone" })',
        'db.from("deal").select("id").match({ stage: STAGES.won })',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").filter("stage", "eq", "gone")',
        'db.from("deal").select("id").filter("stage", "eq", "won")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").not("stage", "eq", "gone")',
        'db.from("deal").select("id").not("stage", "eq", "won")',
    ),
    Seeded(Kind.VALUE, 'db.from("deal").select("id").eq("id", "first")', 'db.from("deal").select("id").eq("id", "17")'),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").gt("price", "high")',
        'db.from("deal").select("id").gt("price", "10.5")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").select("id").eq("closed", "maybe")',
        'db.from("deal").select("id").eq("closed", "true")',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").update({ updated_at: "soon" }).eq("id", 1)',
        'db.from("deal").update({ updated_at: "now" }).eq("id", 1)',
    ),
    Seeded(
        Kind.VALUE,
        'db.from("deal").update({ owner_id: 7 }).eq("id", 1)',
        'db.from("deal").update({ owner_id: null }).eq("id", 1)',
    ),
    Seeded(
        Kind.VALUE,
        'db.rpc("move_deal", { p_stage: "gone", p_ids: [1] })',
        'db.rpc("move_deal", { p_stage: "won", p_ids: [1] })',
    ),
    Seeded(
        Kind.OPERATOR,
        'db.from("deal").select("id").ilike("owner_id", "%a%")',
        'db.from("deal").select("id").eq("owner_id", s)',
    ),
    Seeded(
        Kind.OPERATOR,
        'db.from("deal").select("id").or(`price.ilike.%${s}%`)',
        'db.from("deal").select("id").or(`slug.ilike.%${s}%`)',
    ),
    Seeded(Kind.OPERATOR, 'db.from("deal").select("slug->a")', 'db.from("deal").select("data->a")'),
    Seeded(
        Kind.OMITTED,
        'db.from("person").upsert({ email: s }, { onConflict: "email" })',
        'db.from("person").upsert({ email: s, name: s }, { onConflict: "email" })',
    ),
    Seeded(Kind.OMITTED, 'db.from("deal").insert([{ price: 1 }])', 'db.from("deal").insert([{ price: 1, slug: s }])'),
    Seeded(
        Kind.OMITTED,
        'db.from("membership").insert({ person_id: s })',
        'db.from("membership").insert({ person_id: s, team_id: 1 })',
    ),
    Seeded(
        Kind.GENERATED,
        'db.from("deal").update({ fee: 3 }).eq("id", 1)',
        'db.from("deal").update({ price: 3 }).eq("id", 1)',
    ),
    Seeded(Kind.GENERATED, 'db.from("team").insert({ id: 4, title: s })', 'db.from("deal").insert({ id: 4, slug: s })'),
    Seeded(
        Kind.CONFLICT,
        'db.from("deal").upsert({ slug: s, owner_id: s }, { onConflict: "owner_id" })',
        'db.from("deal").upsert({ slug: s, owner_id: s }, { onConflict: "id" })',
    ),
    Seeded(
        Kind.CONFLICT,
        'db.from("membership").upsert({ person_id: s, team_id: 1 }, { onConflict: "person_id" })',
        'db.from("membership").upsert({ person_id: s, team_id: 1 }, { onConflict: "team_id,person_id" })',
    ),
    Seeded(Kind.ARGUMENTS, 'db.rpc("close_deal")', 'db.rpc("find_row")'),
    Seeded(
        Kind.ARGUMENTS,
        'const args = { p_id: 1, p_why: s };\n await db.rpc("close_deal", args)',
        'const args = { p_id: 1, p_reason: s };\n await db.rpc("close_deal", args)',
    ),
    Seeded(
        Kind.ARGUMENTS, 'db.rpc("move_deal", { p_stage: "won" })', 'db.rpc("move_deal", { p_stage: "won", p_ids: [] })'
    ),
    Seeded(Kind.ARGUMENTS, 'db.rpc("twice", { a: 1 })', 'db.rpc("twice", { a: 1, b: 2 })'),
    Seeded(Kind.ARGUMENTS, 'db.rpc("take", { payload: {} })', 'db.rpc("take", { body: {} })'),
    Seeded(
        Kind.FUNCTION,
        'const f = "close_deals";\n await db.rpc(f, { p_id: 1 })',
        'const f = "close_deal";\n await db.rpc(f, { p_id: 1 })',
    ),
    Seeded(
        Kind.FUNCTION,
        'db.schema("crm").rpc("close_deal", { p_id: 1 })',
        'db.schema("public").rpc("close_deal", { p_id: 1 })',
    ),
]

TRAPS = [
    'Array.from("deals")',
    'db.storage.from("deals").list()',
    'Buffer.from("deals").toString()',
    "db.auth.getUser()",
    'db.functions.invoke("deals", { body: {} })',
    'db.channel("deals").on("postgres_changes", { event: "*", schema: "public", table: "x" }, () => 1).subscribe()',
    'const table = { from: (n: string) => n };\n table.from("deals")',
    'db.from("deal").select("titel:slug, n:note(count)")',
    'db.from("deal").select("*, note(*)").limit(1, { referencedTable: "note" })',
    'db.from("deal").select("id").eq("data->a->>b", "x").order("data->>rank")',
    'db.from("deal").select("id").or("id.eq.1").range(0, 9).maybeSingle()',
    'let q = db.from("deal").select("id");\n if (s !== "all") q = q.eq("stage", s);\n await q',
    'db.from("deal").select("id").like("slug", "%a%").gte("updated_at", new Date().toISOString())',
    'db.from("deal").update({ data: { anything: 1 }, tags: ["a"] }).eq("id", 1)',
    'db.from("deal").insert({ slug: s, stage: s as "open" })',
    'db.from("deal").insert(JSON.parse(s))',
    'const { data } = await db.from("note").select("*");\n data!.map((row: any) => row.nothing)',
    'db.from(s).select("anything")',
    'const none: string[] = [];\n await db.from("deal").select("id").or(none.join(","))',
]
