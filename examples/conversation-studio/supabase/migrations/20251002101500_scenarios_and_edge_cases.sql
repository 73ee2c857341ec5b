create table public.scenarios (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    description text,
    parent_template_id uuid references public.templates (id) on delete set null,
    context text,
    parameter_values jsonb not null default '{}',
    topic text,
    persona text,
    emotional_arc text,
    generation_status text not null default 'not_generated'
        check (generation_status in ('not_generated', 'generated', 'error')),
    conversation_id uuid references public.conversations (id) on delete set null,
    error_message text,
    status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
    quality_score numeric(4, 2),
    created_by uuid,
    created_at timestamptz not null default now()
);

create table public.edge_cases (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    description text,
    scenario_id uuid not null references public.scenarios (id) on delete cascade,
    test_category text,
    expected_behavior text,
    complexity text,
    test_status text not null default 'not_tested' check (test_status in ('not_tested', 'passed', 'failed')),
    last_test_result jsonb,
    created_by uuid,
    created_at timestamptz not null default now()
);

alter table public.scenarios enable row level security;
alter table public.edge_cases enable row level security;
create policy "own scenarios" on public.scenarios using (created_by = auth.uid());
create policy "own edge cases" on public.edge_cases using (created_by = auth.uid());
