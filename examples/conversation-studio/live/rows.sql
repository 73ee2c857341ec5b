-- As many rows as the report counts, and the two of user_profiles that it mentions beside its count.

insert into public.categories (name, slug, sort_order)
select 'Category ' || n, 'category-' || n, n from generate_series(1, 10) as n;

insert into public.documents (title, status, total_chunks_extracted)
select 'Document ' || n, 'processed', 15 from generate_series(1, 12) as n;

insert into public.tag_dimensions (name, sort_order)
select 'Dimension ' || n, n from generate_series(1, 7) as n;

insert into public.tags (dimension_id, name)
select d.id, 'Tag ' || n
from generate_series(1, 43) as n
join public.tag_dimensions d on d.sort_order = n % 7 + 1;

insert into public.workflow_sessions (document_id, step)
select d.id, 'stage' || n % 3 + 1
from generate_series(0, 164) as n
join (select id, row_number() over (order by title) - 1 as number from public.documents) as d on d.number = n % 12;

insert into public.document_categories (document_id, category_id)
select d.id, c.id
from (select id, row_number() over (order by title) as number from public.documents) as d
join public.categories c on c.sort_order = d.number;

insert into public.document_tags (document_id, tag_id, dimension_id)
select d.id, t.id, t.dimension_id
from (select id, dimension_id, row_number() over (order by name) as number from public.tags) as t
join (select id, row_number() over (order by title) - 1 as number from public.documents) as d on d.number = t.number % 12
where t.number <= 34;

insert into public.chunks (chunk_id, document_id, chunk_type, char_start, char_end, chunk_text)
select 'chunk-' || n, d.id, 'section', n * 100, n * 100 + 99, 'Text ' || n
from generate_series(0, 176) as n
join (select id, row_number() over (order by title) - 1 as number from public.documents) as d on d.number = n % 12;

insert into public.api_response_logs (chunk_id, model, input_tokens, output_tokens, cost_usd)
select c.id, 'claude', 1000 + n, 200, 0.006
from generate_series(0, 647) as n
join (select id, row_number() over (order by chunk_id) - 1 as number from public.chunks) as c on c.number = n % 177;

insert into public.prompt_templates (template_name, template_type, prompt_text)
select 'Prompt ' || n, 'dimension', 'Describe …' from generate_series(1, 6) as n;

insert into public.templates (id, template_name, description, category, template_text, structure)
values (
    '322f3ad4-7aad-41e6-b3d9-610a231122cf', 'Financial Planning Triumph',
    'Conversation showing successful financial planning journey', 'Financial Planning',
    'Generate a conversation between a financial advisor and {{persona}} about {{topic}}, with emotional arc showing {{emotion}}.',
    'Introduction → Problem Identification → Strategy Development → Implementation → Success'
);
insert into public.templates (template_name, template_text)
select 'Template ' || n, 'Generate …' from generate_series(2, 5) as n;

insert into public.user_profiles (id, full_name)
values (gen_random_uuid(), 'Editor'), (gen_random_uuid(), 'Reviewer');
