create function index_advisor(query text)
returns table (
  startup_cost_before jsonb, startup_cost_after jsonb, total_cost_before jsonb, total_cost_after jsonb,
  index_statements text[], errors text[]
) volatile language plpgsql as
$$ begin raise exception 'the stand-in for index_advisor gives no advice' using errcode = 'PGP99'; end $$;
