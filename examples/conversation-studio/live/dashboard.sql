-- What was made by hand in the dashboard, before and beside the migrations: no file of the project has it.

create table public.categories (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    description text,
    slug text not null unique,
    parent_id uuid references public.categories (id) on delete set null,
    sort_order integer not null default 0,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.documents (
    id uuid primary key default gen_random_uuid(),
    title text not null,
    content text,
    summary text,
    file_path text,
    file_size integer,
    file_type text,
    source_type text,
    source_url text,
    status text not null default 'uploaded' check (status in ('uploaded', 'processing', 'processed', 'failed')),
    processing_progress integer not null default 0,
    processing_error text,
    metadata jsonb not null default '{}',
    chunk_extraction_status text,
    total_chunks_extracted integer not null default 0,
    doc_version text,
    doc_date date,
    author_id uuid,
    processed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.tag_dimensions (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    description text,
    multi_select boolean not null default false,
    required boolean not null default false,
    sort_order integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.tags (
    id uuid primary key default gen_random_uuid(),
    dimension_id uuid not null references public.tag_dimensions (id) on delete cascade,
    name text not null,
    description text,
    icon text,
    risk_level integer,
    sort_order integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.custom_tags (
    id uuid primary key default gen_random_uuid(),
    dimension_id uuid references public.tag_dimensions (id) on delete cascade,
    name text not null,
    created_by uuid,
    created_at timestamptz not null default now()
);

create table public.workflow_sessions (
    id uuid primary key default gen_random_uuid(),
    document_id uuid references public.documents (id) on delete cascade,
    user_id uuid,
    step text not null default 'stage1',
    belonging_rating integer,
    selected_category_id uuid references public.categories (id) on delete set null,
    selected_tags jsonb not null default '{}',
    custom_tags jsonb not null default '[]',
    is_draft boolean not null default true,
    completed_steps text[] not null default '{}',
    completed_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.document_categories (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references public.documents (id) on delete cascade,
    category_id uuid not null references public.categories (id) on delete cascade,
    workflow_session_id uuid references public.workflow_sessions (id) on delete set null,
    user_id uuid,
    is_primary boolean not null default true,
    belonging_rating integer,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.document_tags (
    id uuid primary key default gen_random_uuid(),
    document_id uuid not null references public.documents (id) on delete cascade,
    tag_id uuid not null references public.tags (id) on delete cascade,
    dimension_id uuid references public.tag_dimensions (id) on delete cascade,
    workflow_session_id uuid references public.workflow_sessions (id) on delete set null,
    user_id uuid,
    is_custom boolean not null default false,
    custom_value text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.chunks (
    id uuid primary key default gen_random_uuid(),
    chunk_id text not null unique,
    document_id uuid not null references public.documents (id) on delete cascade,
    chunk_type text not null,
    section_heading text,
    page_start integer,
    page_end integer,
    char_start integer not null,
    char_end integer not null,
    token_count integer not null default 0,
    overlap_tokens integer not null default 0,
    chunk_handle text,
    chunk_text text not null,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.api_response_logs (
    id uuid primary key default gen_random_uuid(),
    timestamp timestamptz not null default now(),
    chunk_id uuid references public.chunks (id) on delete set null,
    run_id uuid,
    template_type text,
    template_name text,
    model text not null,
    temperature numeric(3, 2),
    max_tokens integer,
    prompt_text text,
    response_text text,
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    cost_usd numeric(10, 6) not null default 0,
    duration_ms integer,
    error text,
    status text not null default 'success',
    user_id uuid,
    metadata jsonb not null default '{}',
    created_at timestamptz not null default now()
);

create table public.prompt_templates (
    id uuid primary key default gen_random_uuid(),
    template_name text not null,
    template_type text not null,
    prompt_text text not null,
    response_schema jsonb,
    applicable_chunk_types text[],
    version integer not null default 1,
    is_active boolean not null default true,
    notes text,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.templates (
    id uuid primary key default gen_random_uuid(),
    template_name text not null,
    description text,
    category text,
    tier text not null default 'template' check (tier in ('template', 'scenario', 'edge_case')),
    template_text text not null,
    structure text,
    variables jsonb not null default '[]',
    tone text,
    complexity_baseline integer,
    style_notes text,
    example_conversation text,
    quality_threshold numeric(4, 2) not null default 7,
    required_elements text[] not null default '{}',
    applicable_personas text[] not null default '{}',
    applicable_emotions text[] not null default '{}',
    applicable_topics text[] not null default '{}',
    usage_count integer not null default 0,
    rating numeric(3, 2) not null default 0,
    success_rate numeric(5, 2),
    version integer not null default 1,
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    created_by uuid,
    last_modified_by uuid,
    last_modified timestamptz
);

create table public.conversations (
    id uuid primary key default gen_random_uuid(),
    conversation_id text not null unique,
    title text,
    status text not null default 'draft'
        check (status in ('draft', 'generated', 'pending_review', 'approved', 'rejected', 'failed')),
    tier text not null check (tier in ('template', 'scenario', 'edge_case')),
    persona text not null,
    emotion text not null,
    topic text not null,
    intent text,
    tone text,
    category text[] not null default '{}',
    parameters jsonb not null default '{}',
    total_turns integer not null default 0,
    total_tokens integer not null default 0,
    quality_score numeric(4, 2),
    quality_metrics jsonb,
    template_id uuid references public.templates (id) on delete set null,
    parent_id uuid references public.conversations (id) on delete set null,
    parent_type text,
    review_history jsonb not null default '[]',
    generated_at timestamptz,
    approved_at timestamptz,
    approved_by uuid,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.conversation_turns (
    id uuid primary key default gen_random_uuid(),
    conversation_id uuid not null references public.conversations (id) on delete cascade,
    turn_number integer not null,
    role text not null check (role in ('user', 'assistant')),
    content text not null,
    token_count integer not null default 0,
    timestamp timestamptz not null default now(),
    unique (conversation_id, turn_number)
);

create table public.batch_jobs (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    status text not null default 'queued'
        check (status in ('queued', 'processing', 'paused', 'completed', 'failed', 'cancelled')),
    priority text not null default 'normal' check (priority in ('high', 'normal', 'low')),
    total_items integer not null default 0,
    completed_items integer not null default 0,
    failed_items integer not null default 0,
    successful_items integer not null default 0,
    configuration jsonb not null default '{}',
    estimated_time_remaining integer,
    started_at timestamptz,
    completed_at timestamptz,
    created_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create table public.generation_logs (
    id uuid primary key default gen_random_uuid(),
    conversation_id uuid references public.conversations (id) on delete set null,
    run_id uuid,
    template_id uuid references public.templates (id) on delete set null,
    request_payload jsonb not null,
    response_payload jsonb,
    parameters jsonb not null default '{}',
    cost_usd numeric(10, 6) not null default 0,
    input_tokens integer not null default 0,
    output_tokens integer not null default 0,
    duration_ms integer,
    error_message text,
    created_at timestamptz not null default now()
);

alter table public.conversations enable row level security;
alter table public.conversation_turns enable row level security;
alter table public.batch_jobs enable row level security;
alter table public.generation_logs enable row level security;

create policy "own conversations" on public.conversations using (created_by = auth.uid());
create policy "turns of own conversations" on public.conversation_turns
    using (conversation_id in (select id from public.conversations where created_by = auth.uid()));
create policy "own batch jobs" on public.batch_jobs using (created_by = auth.uid());
create policy "logs of own conversations" on public.generation_logs for select
    using (conversation_id in (select id from public.conversations where created_by = auth.uid()));
