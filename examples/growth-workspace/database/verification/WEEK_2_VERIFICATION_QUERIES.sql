-- The 16 checks of the plan, and its five summaries.

-- Query set 1: migration 013
select case when exists (select from information_schema.tables where table_name = 'positioning') then 'PASS' else 'FAIL' end as positioning;
select case when exists (select from information_schema.tables where table_name = 'message_architecture') then 'PASS' else 'FAIL' end as message_architecture;
select case when exists (select from information_schema.tables where table_name = 'campaigns') then 'PASS' else 'FAIL' end as campaigns;
select case when (select count(*) from information_schema.tables where table_name in ('campaign_quests', 'campaign_cohorts')) = 2
    then 'PASS' else 'FAIL' end as campaign_quests_and_cohorts;

-- Query set 2: migration 014
select case when exists (select from information_schema.tables where table_name = 'achievements') then 'PASS' else 'FAIL' end as achievements;
select case when exists (select from information_schema.tables where table_name = 'user_achievements') then 'PASS' else 'FAIL' end as user_achievements;
select case when exists (select from information_schema.tables where table_name = 'user_stats') then 'PASS' else 'FAIL' end as user_stats;
select case when exists (select from pg_proc where proname = 'unlock_achievement') then 'PASS' else 'FAIL' end as unlock_achievement;

-- Query set 3: migration 015
select case when exists (select from information_schema.tables where table_name = 'agent_registry') then 'PASS' else 'FAIL' end as agent_registry;
select case when exists (select from information_schema.tables where table_name = 'agent_capabilities') then 'PASS' else 'FAIL' end as agent_capabilities;
select case when exists (select from information_schema.tables where table_name = 'agent_assignments') then 'PASS' else 'FAIL' end as agent_assignments;
select case when exists (select from information_schema.tables where table_name = 'agent_performance') then 'PASS' else 'FAIL' end as agent_performance;

-- Query set 4: migration 016
select case when exists (select from information_schema.tables where table_name = 'intelligence_signals') then 'PASS' else 'FAIL' end as intelligence_signals;
select case when exists (select from information_schema.tables where table_name = 'market_insights') then 'PASS' else 'FAIL' end as market_insights;

-- Query set 5: migration 017
select case when exists (select from information_schema.tables where table_name = 'system_alerts') then 'PASS' else 'FAIL' end as system_alerts;
select case when exists (select from information_schema.tables where table_name = 'user_notifications') then 'PASS' else 'FAIL' end as user_notifications;

-- Summary
-- expect: 59
select count(*) from information_schema.tables where table_schema = 'public';
-- expect: >= 82
select count(*) from information_schema.table_constraints where constraint_type = 'FK';
-- expect: >= 33
select count(*) from pg_policies;
-- expect: >= 130
select count(*) from pg_indexes where schemaname = 'public';
-- expect: 5
select count(*) from information_schema.tables
where table_name in ('positioning', 'message_architecture', 'campaigns', 'campaign_quests', 'campaign_cohorts');
