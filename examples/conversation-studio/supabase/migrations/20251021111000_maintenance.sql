create table public.maintenance_operations (
    id uuid primary key default gen_random_uuid(),
    operation text not null check (operation in ('vacuum', 'analyze', 'reindex')),
    table_name text,
    status text not null default 'running' check (status in ('running', 'completed', 'failed')),
    started_at timestamptz not null default now(),
    finished_at timestamptz
);

create table public.query_performance_logs (
    id uuid primary key default gen_random_uuid(),
    query text not null,
    duration_ms numeric(12, 3) not null,
    seen_at timestamptz not null default now()
);

create table public.index_usage_snapshots (
    id uuid primary key default gen_random_uuid(),
    index_name text not null,
    scans bigint not null,
    size_bytes bigint not null,
    taken_at timestamptz not null default now()
);
