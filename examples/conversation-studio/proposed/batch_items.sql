-- The table that the report proposes, with its indexes, policies and grants, as the report has them.

CREATE TABLE IF NOT EXISTS public.batch_items (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    batch_job_id UUID NOT NULL REFERENCES public.batch_jobs(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    topic TEXT NOT NULL,
    tier TEXT NOT NULL CHECK (tier IN ('template', 'scenario', 'edge_case')),
    parameters JSONB NOT NULL DEFAULT '{}'::jsonb,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'processing', 'completed', 'failed')),
    progress INTEGER DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    estimated_time INTEGER,
    conversation_id UUID REFERENCES public.conversations(id) ON DELETE SET NULL,
    error TEXT,
    created_at TIMESTAMPTZ DEFAULT NOW() NOT NULL,
    updated_at TIMESTAMPTZ DEFAULT NOW() NOT NULL
);

CREATE INDEX idx_batch_items_job_id ON public.batch_items(batch_job_id);
CREATE INDEX idx_batch_items_status ON public.batch_items(status);
CREATE INDEX idx_batch_items_conversation_id ON public.batch_items(conversation_id) WHERE conversation_id IS NOT NULL;

ALTER TABLE public.batch_items ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Users can view their own batch items"
    ON public.batch_items FOR SELECT
    USING (
        batch_job_id IN (
            SELECT id FROM public.batch_jobs WHERE created_by = auth.uid()
        )
    );

CREATE POLICY "Service role can manage all batch items"
    ON public.batch_items FOR ALL
    USING (TRUE);

GRANT ALL ON public.batch_items TO authenticated;
GRANT ALL ON public.batch_items TO service_role;
