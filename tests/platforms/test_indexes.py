"""Index classes of stand-ins: definitions stay, answers are right, with rows enough for many pages."""

from __future__ import annotations

import pytest

from tests.platforms.conftest import Owner, lacking


def definitions(owner: Owner, table: str) -> list[str]:
    """Return the definitions of a table's indexes from the access method on."""
    return owner.values(
        f"select split_part(pg_get_indexdef(indexrelid), ' USING ', 2) from pg_index "
        f"where indrelid = '{table}'::regclass order by 1"
    )


def on(extension: str) -> list[int]:
    return lacking(extension)


@pytest.mark.parametrize("major", on("pg_trgm"))
def test_trigram_indexes_keep_their_definitions(owner: Owner) -> None:
    owner.create("pg_trgm")
    owner.run(
        "create table t (x text); create index on t using gin (x gin_trgm_ops);"
        "create index on t using gin (lower(x) gin_trgm_ops) with (fastupdate = off);"
        "create index on t using gist (x gist_trgm_ops (siglen = 32))"
    )
    assert definitions(owner, "t") == [
        "gin (lower(x) gin_trgm_ops) WITH (fastupdate=off)",
        "gin (x gin_trgm_ops)",
        "gist (x gist_trgm_ops (siglen='32'))",
    ]


@pytest.mark.parametrize("method", ["gin (x gin_trgm_ops)", "gist (x gist_trgm_ops)"])
@pytest.mark.parametrize("major", on("pg_trgm"))
def test_a_trigram_index_does_not_change_what_like_finds(owner: Owner, method: str) -> None:
    owner.create("pg_trgm")
    owner.run("create table t (x text); insert into t select md5(n::text) from generate_series(1, 5000) n")
    count = "select count(*) from t where x like '%abc%'"
    before = owner.value(count)
    owner.run(f"create index on t using {method}; set local enable_seqscan = off; analyze t")
    owner.run("insert into t values (null), ('abc')")
    assert owner.value(count) == before + 1


@pytest.mark.parametrize("major", on("btree_gist"))
def test_exclusion_refuses_what_overlaps(owner: Owner) -> None:
    owner.create("btree_gist")
    owner.run("create table b (room text, during tsrange, exclude using gist (room with =, during with &&))")
    owner.run(
        "insert into b select 'room ' || n % 7, tsrange(now()::timestamp + n * interval '1 h', "
        "now()::timestamp + (n + 1) * interval '1 h') from generate_series(1, 3000) n"
    )
    assert owner.refusal("insert into b select room, tsrange(lower(during), null) from b limit 1") == "23P01"


@pytest.mark.parametrize("major", on("btree_gist"))
def test_exclusion_accepts_what_only_looks_alike(owner: Owner) -> None:
    owner.create("btree_gist")
    owner.run("create table b (id int, kind text, exclude using gist (id with =, kind with <>))")
    owner.run("insert into b select n / 3, 'kind of ' || n / 3 from generate_series(1, 3000) n")
    assert owner.refusal("insert into b values (5, 'another kind')") == "23P01"


_SCALARS = (
    "a int2, b int4, c int8, d float4, e float8, f numeric, g text, h bpchar, i bytea, j bool, k date, l time, "
    "m timetz, n timestamp, o timestamptz, p interval, q money, r oid, s uuid, t inet, u cidr, v macaddr, "
    "w macaddr8, x bit(3), "
    "y varbit, z color, aa varchar(9)"
)


@pytest.mark.parametrize(("extension", "method"), [("btree_gist", "gist"), ("btree_gin", "gin")])
@pytest.mark.parametrize("major", on("btree_gist"))
def test_every_scalar_type_can_be_indexed(owner: Owner, extension: str, method: str) -> None:
    owner.create(extension)
    owner.run(f"create type color as enum ('red', 'blue'); create table s ({_SCALARS}); insert into s default values")
    for column in _SCALARS.split(", "):
        owner.run(f"create index on s using {method} ({column.split()[0]})")
    assert len(definitions(owner, "s")) == len(_SCALARS.split(", "))


@pytest.mark.parametrize("major", on("btree_gin"))
def test_a_gin_index_of_scalars_and_json_finds_rows_by_the_json(owner: Owner) -> None:
    owner.create("btree_gin")
    owner.run("create table d (tenant uuid, data jsonb); create index on d using gin (tenant, data jsonb_path_ops)")
    owner.run(
        "insert into d select md5((n % 5)::text)::uuid, jsonb_build_object('n', n) from generate_series(1, 3000) n;"
        "set local enable_seqscan = off; analyze d"
    )
    assert owner.value("""select count(*) from d where data @> '{"n": 7}' and tenant = md5('2')::uuid""") == 1


@pytest.mark.parametrize("major", [major for major in on("btree_gist") if major >= 18])
def test_a_temporal_key_refuses_overlaps(owner: Owner) -> None:
    owner.create("btree_gist")
    owner.run("create table p (id int, room uuid, valid daterange, primary key (id, room, valid without overlaps))")
    owner.run("insert into p values (1, gen_random_uuid(), '[2020-01-01,2020-02-01)')")
    assert owner.refusal("insert into p select id, room, '[2020-01-15,2020-03-01)' from p") == "23P01"


@pytest.mark.parametrize("major", [major for major in on("btree_gist") if major >= 18])
def test_a_temporal_foreign_key_refuses_what_is_not_covered(owner: Owner) -> None:
    owner.create("btree_gist")
    owner.run("create table p (id int, valid daterange, primary key (id, valid without overlaps))")
    owner.run("insert into p values (1, '[2020-01-01,2020-02-01)')")
    owner.run(
        "create table c (id int, valid daterange, foreign key (id, period valid) references p (id, period valid))"
    )
    owner.run("insert into c values (1, '[2020-01-05,2020-01-06)')")
    assert owner.refusal("insert into c values (1, '[2020-01-05,2020-03-01)')") == "23503"


@pytest.mark.parametrize("major", on("citext"))
def test_uniqueness_of_citext_ignores_case(owner: Owner) -> None:
    owner.create("citext")
    owner.run("create table u (email citext unique); insert into u select 'User' || n from generate_series(1, 5000) n")
    assert owner.refusal("insert into u values ('uSER77')") == "23505"


@pytest.mark.parametrize("major", on("citext"))
def test_an_index_on_citext_is_used(owner: Owner) -> None:
    owner.create("citext")
    owner.run("create table u (email citext unique); insert into u select 'User' || n from generate_series(1, 2000) n")
    owner.run("analyze u")
    assert "Index Only Scan" in str(owner.run("explain select email from u where email = 'USER5'"))


@pytest.mark.parametrize("major", on("hstore"))
def test_hstore_is_unique_whatever_the_order_of_its_keys(owner: Owner) -> None:
    owner.create("hstore")
    owner.run("create table h (h hstore unique); insert into h values ('a=>1, b=>2')")
    assert owner.refusal("insert into h values ('b=>2, a=>1')") == "23505"


@pytest.mark.parametrize("major", on("hstore"))
def test_indexes_on_hstore_keep_their_definitions(owner: Owner) -> None:
    owner.create("hstore")
    owner.run("create table h (h hstore); create index on h using gin (h); create index on h using hash (h)")
    owner.run("create index on h using gist (h gist_hstore_ops (siglen = 16)); create index on h (h)")
    assert definitions(owner, "h") == ["btree (h)", "gin (h)", "gist (h gist_hstore_ops (siglen='16'))", "hash (h)"]


@pytest.mark.parametrize("major", on("ltree"))
def test_a_gist_index_on_ltree_does_not_change_what_is_found(owner: Owner) -> None:
    owner.create("ltree")
    owner.run("create table l (path ltree); create index on l using gist (path); create index on l (path)")
    owner.run("insert into l select ('a.b' || n % 10 || '.c' || n)::ltree from generate_series(1, 3000) n")
    owner.run("set local enable_seqscan = off; analyze l")
    assert owner.value("select count(*) from l where path <@ 'a.b3'") == 300


@pytest.mark.parametrize("major", on("intarray"))
def test_a_gin_index_of_intarray_is_used(owner: Owner) -> None:
    owner.create("intarray")
    owner.run("create table i (a int[]); create index on i using gin (a gin__int_ops)")
    owner.run("insert into i select array[n, n + 1] from generate_series(1, 3000) n; analyze i")
    owner.run("set local enable_seqscan = off")
    assert "Bitmap Index Scan" in str(owner.run("explain select * from i where a @> array[5, 6]"))
    assert owner.value("select count(*) from i where a @> array[5]") == 2


_VECTORS = """
create table v (id int, e vector(3), h halfvec(3), s sparsevec(5), b bit(3));
insert into v select n, array[n, 1, 2]::vector, array[n, 1, 2]::halfvec, '{1:1}/5', b'101'
from generate_series(1, 2000) n;
insert into v values (0);
create index on v using hnsw (e vector_cosine_ops);
create index on v using hnsw (e vector_l2_ops) where id > 10;
create index on v using ivfflat (e);
create index on v using ivfflat (e vector_ip_ops);
create index on v using hnsw (h halfvec_l2_ops);
create index on v using hnsw (s sparsevec_cosine_ops);
create index on v using hnsw (b bit_hamming_ops);
create index on v using hnsw ((binary_quantize(e)::bit(3)) bit_hamming_ops)
"""


@pytest.mark.parametrize("major", on("vector"))
def test_vector_indexes_keep_their_definitions(owner: Owner) -> None:
    owner.create("vector")
    owner.run(_VECTORS)
    assert definitions(owner, "v") == [
        "hnsw (((binary_quantize(e))::bit(3)) bit_hamming_ops)",
        "hnsw (b bit_hamming_ops)",
        "hnsw (e vector_cosine_ops)",
        "hnsw (e vector_l2_ops) WHERE (id > 10)",
        "hnsw (h halfvec_l2_ops)",
        "hnsw (s sparsevec_cosine_ops)",
        "ivfflat (e vector_ip_ops)",
        "ivfflat (e)",
    ]


@pytest.mark.parametrize("major", on("vector"))
def test_the_nearest_vectors_are_found_exactly(owner: Owner) -> None:
    owner.create("vector")
    owner.run(_VECTORS)
    owner.run("set local enable_seqscan = off; update v set e = '[700,1,1]' where id = 9; analyze v")
    assert owner.values("select id from v order by e <-> '[700.4,1,1]' limit 2") == [9, 700]


@pytest.mark.parametrize("major", on("vector"))
def test_what_a_vector_index_cannot_be(owner: Owner) -> None:
    owner.create("vector")
    owner.run("create table v (id int, e vector(3))")
    assert owner.refusal("create index on v using hnsw (e)") == "42704"  # no default class, as in the real one
    assert owner.refusal("create unique index on v using hnsw (e vector_l2_ops)") == "0A000"
    assert owner.refusal("create index on v using hnsw (e vector_l2_ops, id)") == "0A000"


@pytest.mark.parametrize("major", on("vector"))
def test_options_of_a_vector_index_are_refused(owner: Owner) -> None:
    """Why `StandIn.index_options` names them: they are no mistake."""
    owner.create("vector")
    owner.run("create table v (e vector(3))")
    assert owner.refusal("create index on v using hnsw (e vector_l2_ops) with (m = 16)") == "22023"


@pytest.mark.parametrize("major", on("vector"))
def test_dimensions_are_part_of_the_type(owner: Owner) -> None:
    owner.create("vector")
    owner.run("create table v (e vector(1536))")
    assert owner.run("select format_type(atttypid, atttypmod), atttypmod from pg_attribute where attname = 'e'") == [
        ("vector(1536)", 1536)
    ]


@pytest.mark.parametrize("major", on("postgis"))
def test_spatial_indexes_keep_their_definitions(owner: Owner) -> None:
    owner.create("postgis")
    owner.run("create table p (g geometry(Point, 4326), h geography)")
    owner.run("insert into p select st_setsrid(st_point(n, n), 4326) from generate_series(1, 2000) n")
    owner.run(
        "create index on p using gist (g); create index on p using gist (h);"
        "create index on p using gist (g gist_geometry_ops_nd); create index on p using gist ((g::geography))"
    )
    assert definitions(owner, "p") == [
        "gist (((g)::geography))",
        "gist (g gist_geometry_ops_nd)",
        "gist (g)",
        "gist (h)",
    ]
