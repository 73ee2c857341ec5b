create table public.export_logs (
    id uuid primary key default gen_random_uuid(),
    export_id text not null unique,
    user_id uuid not null,
    format text not null check (format in ('jsonl', 'json', 'csv', 'markdown')),
    scope text not null,
    conversation_count integer not null default 0,
    file_size_bytes bigint,
    status text not null default 'processing' check (status in ('processing', 'completed', 'failed')),
    created_at timestamptz not null default now(),
    completed_at timestamptz
);

alter table public.export_logs enable row level security;
create policy "own exports" on public.export_logs using (user_id = auth.uid());
