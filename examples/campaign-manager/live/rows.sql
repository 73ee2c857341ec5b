-- A small production: two clients, three campaigns, leads in every state.

insert into clients (id, company_name, email, airtable_base_id) values
    ('11111111-1111-4111-8111-111111111111', 'Northwind Clinics', 'ops@northwind.example', 'appNorthwind'),
    ('22222222-2222-4222-8222-222222222222', 'Harbour Legal', 'ops@harbour.example', 'appHarbour');

insert into campaigns (id, client_id, campaign_id, name, campaign_type, total_leads) values
    ('aaaaaaaa-0000-4000-8000-000000000001', '11111111-1111-4111-8111-111111111111', 'rec1', 'Autumn recall', 'Standard', 40),
    ('aaaaaaaa-0000-4000-8000-000000000002', '11111111-1111-4111-8111-111111111111', 'rec2', 'Webinar', 'Webinar', 20),
    ('aaaaaaaa-0000-4000-8000-000000000003', '22222222-2222-4222-8222-222222222222', 'rec3', 'Intake', 'Custom', 20);

insert into leads (client_id, campaign_id, airtable_record_id, processing_status, sms_sequence_position, sms_stop, booked, enrolled_at)
select
    c.client_id, c.id, c.campaign_id || '-' || n,
    case when n % 5 = 0 then 'Completed' else 'In Sequence' end,
    n % 4, n % 7 = 0, n % 11 = 0, timestamptz '2025-10-01' + n * interval '1 hour'
from campaigns c
cross join lateral generate_series(1, c.total_leads) as n;
