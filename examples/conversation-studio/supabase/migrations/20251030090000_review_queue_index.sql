create index if not exists idx_conversations_review on public.conversations (created_at) where status = 'pending_review';
