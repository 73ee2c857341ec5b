-- hypopg without hypothetical indexes.

create function hypopg_create_index(sql_order text, out indexrelid oid, out indexname text) returns setof record
strict volatile language plpgsql as
$$ begin raise exception 'the stand-in for hypopg makes no indexes' using errcode = 'PGP99'; end $$;

create function hypopg(
  out indexname text, out indexrelid oid, out indrelid oid, out innatts integer, out indisunique boolean, out indkey int2vector,
  out indcollation oidvector, out indclass oidvector, out indoption oidvector, out indexprs pg_node_tree,
  out indpred pg_node_tree, out amid oid
) returns setof record volatile language plpgsql as
$$ begin return; end $$;

create function hypopg_reset() returns void volatile language plpgsql as $$ begin end $$;
create function hypopg_reset_index() returns void volatile language plpgsql as $$ begin end $$;
create function hypopg_drop_index(indexid oid) returns boolean strict volatile language plpgsql as
$$ begin return false; end $$;
create function hypopg_hide_index(indexid oid) returns boolean strict volatile language plpgsql as
$$ begin return false; end $$;
create function hypopg_unhide_index(indexid oid) returns boolean strict volatile language plpgsql as
$$ begin return false; end $$;
create function hypopg_unhide_all_indexes() returns void volatile language plpgsql as $$ begin end $$;
create function hypopg_hidden_indexes() returns table (indexid oid) strict volatile language plpgsql as
$$ begin return; end $$;

create function hypopg_relation_size(indexid oid) returns bigint strict volatile language plpgsql as
$$ begin raise exception 'oid % is not a hypothetical index', indexid using errcode = '42704'; end $$;
create function hypopg_get_indexdef(indexid oid) returns text strict volatile language plpgsql as
$$ begin raise exception 'oid % is not a hypothetical index', indexid using errcode = '42704'; end $$;

create view hypopg_list_indexes as
select h.indexrelid, h.indexname as index_name, n.nspname as schema_name, coalesce(c.relname, '<dropped>') as table_name,
       a.amname as am_name
from hypopg() as h
left join pg_catalog.pg_class as c on c.oid = h.indrelid
left join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_am as a on a.oid = h.amid;

create view hypopg_hidden_indexes as
select h.indexid as indexrelid, i.relname as index_name, n.nspname as schema_name, t.relname as table_name,
       m.amname as am_name, false as is_hypo
from hypopg_hidden_indexes() as h
join pg_catalog.pg_index as x on x.indexrelid = h.indexid
join pg_catalog.pg_class as i on i.oid = h.indexid
join pg_catalog.pg_namespace as n on n.oid = i.relnamespace
join pg_catalog.pg_class as t on t.oid = x.indrelid
join pg_catalog.pg_am as m on m.oid = i.relam;
