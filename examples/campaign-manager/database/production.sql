-- The schema of production as it was before 0020, taken with pg_dump --schema-only and put in order by hand.
-- The first nineteen migrations were run from a tool that has since been replaced; nobody has them.

create table clients (
    id uuid primary key default gen_random_uuid(),
    company_name varchar(255) not null,
    email varchar(255) not null,
    airtable_base_id varchar(255) not null,
    phone varchar(50),
    is_active boolean not null default true,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
);

create unique index clients_email_idx on clients (lower(email));

create table campaigns (
    id uuid primary key default gen_random_uuid(),
    client_id uuid not null references clients (id) on delete cascade,
    campaign_id varchar(100),
    name varchar(255) not null,
    campaign_type varchar(50) not null default 'Standard',
    messages jsonb not null default '[]',
    is_paused boolean not null default false,
    total_leads integer not null default 0,
    messages_sent integer not null default 0,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint campaigns_campaign_type_check check (campaign_type in ('Standard', 'Webinar', 'Custom'))
);

create table leads (
    id uuid primary key default gen_random_uuid(),
    client_id uuid not null references clients (id) on delete cascade,
    campaign_id uuid references campaigns (id) on delete set null,
    airtable_record_id varchar(255) not null unique,
    first_name varchar(255),
    last_name varchar(255),
    email varchar(255),
    phone varchar(50),
    tags text[] not null default '{}',
    processing_status varchar(50) not null default 'Queued',
    sms_sequence_position integer not null default 0,
    sms_stop boolean not null default false,
    booked boolean not null default false,
    is_active boolean not null default true,
    enrolled_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    constraint leads_processing_status_check
        check (processing_status in ('Queued', 'In Sequence', 'Completed', 'Stopped'))
);

create index leads_client_id_idx on leads (client_id);
create index leads_campaign_id_idx on leads (campaign_id);
