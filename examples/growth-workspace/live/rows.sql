-- Two workspaces with a few rows each.

insert into users (id, email, name) values
    ('00000000-0000-4000-8000-0000000000a1', 'ada@acme.example', 'Ada'),
    ('00000000-0000-4000-8000-0000000000b1', 'bea@bolt.example', 'Bea');

insert into workspaces (id, owner_id, name) values
    ('00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-0000000000a1', 'Acme'),
    ('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-0000000000b1', 'Bolt');

insert into workspace_members (workspace_id, user_id, role)
select id, owner_id, 'owner' from workspaces;

insert into cohorts (workspace_id, name, size)
select w.id, c.name, c.size from workspaces w cross join (values ('Founders', 120), ('Agencies', 45)) as c (name, size);

insert into competitors (workspace_id, name)
select id, 'Rival of ' || name from workspaces;

insert into moves (workspace_id, title, status, cohort_id)
select c.workspace_id, 'Write to ' || c.name, 'done', c.id from cohorts c;

insert into move_results (move_id, succeeded, score)
select m.id, m.title like '%Founders', 70 from moves m;

insert into quests (workspace_id, title, points)
select id, 'First campaign', 50 from workspaces;
