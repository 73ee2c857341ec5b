create index if not exists idx_api_response_logs_run on public.api_response_logs (run_id);
create index if not exists idx_api_response_logs_created_at on public.api_response_logs (created_at desc);
