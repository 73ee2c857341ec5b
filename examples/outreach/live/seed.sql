-- The rows that the report found, or needs to have found.

-- 21 letters of the old campaigns
insert into campaigns (name, status, letters_sent)
select 'Letter ' || number, 'sent', 10 * number from generate_series(1, 21) as number;

insert into companies (id, name, domain) values
    ('00000000-0000-4000-8000-00000000c001', 'Northwind Tools', 'northwind.example'),
    ('00000000-0000-4000-8000-00000000c002', 'Blue Harbor', 'blueharbor.example');

insert into contacts (id, company_id, full_name, email) values
    ('00000000-0000-4000-8000-00000000a001', '00000000-0000-4000-8000-00000000c001', 'Ada North', 'ada@northwind.example');

-- Deals that entered their stage months ago: nothing says when
insert into deals (id, slug, name, side, stage, company_id, ev_estimate_usd, owner, created_at, updated_at) values
    ('00000000-0000-4000-8000-00000000d001', 'northwind', 'Northwind Tools', 'sell', 'qualified',
     '00000000-0000-4000-8000-00000000c001', 4000000, 'bear', '2026-02-02', '2026-05-05'),
    ('00000000-0000-4000-8000-00000000d002', 'blue-harbor', 'Blue Harbor', 'buy', 'diligence',
     '00000000-0000-4000-8000-00000000c002', 9000000, 'bear', '2026-01-20', '2026-05-06');

insert into deal_activity_log (deal_id, kind, headline, actor, at) values
    ('00000000-0000-4000-8000-00000000d001', 'stage_change', 'sourced → qualified', 'bear', '2026-02-16'),
    ('00000000-0000-4000-8000-00000000d002', 'stage_change', 'engaged → diligence', 'bear', '2026-03-30');

-- A meeting that nobody has classified
insert into meeting_notes (meeting_id, entity_id, title, held_at) values
    ('m-2026-05-04', '00000000-0000-4000-8000-00000000c001', 'First call', '2026-05-04 15:00+00');

insert into outreach_campaigns (id, slug, name, status, owner, daily_budget_usd, total_budget_usd) values
    ('00000000-0000-4000-8000-00000000e001', 'spring', 'Spring', 'active', 'charlie', 20, 100);

insert into campaign_targets (campaign_id, company_id, contact_id) values
    ('00000000-0000-4000-8000-00000000e001', '00000000-0000-4000-8000-00000000c001',
     '00000000-0000-4000-8000-00000000a001');
