create table public.template_analytics (
    id uuid primary key default gen_random_uuid(),
    template_id uuid not null references public.templates (id) on delete cascade,
    day date not null,
    uses integer not null default 0,
    approvals integer not null default 0,
    average_quality numeric(4, 2),
    unique (template_id, day)
);
