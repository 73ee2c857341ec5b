import type { GenerationLog } from '../../../train-wireframe/src/lib/types';
import { supabase } from '../supabase';

export async function logGeneration(log: Omit<GenerationLog, 'id' | 'created_at'>) {
  const { error } = await supabase.from('generation_logs').insert({
    conversation_id: log.conversationId,
    run_id: log.runId,
    template_id: log.templateId,
    request_payload: log.request_payload,
    response_payload: log.response_payload,
    parameters: log.parameters,
    cost_usd: log.cost_usd,
    input_tokens: log.input_tokens,
    output_tokens: log.output_tokens,
    duration_ms: log.duration_ms,
    error_message: log.error_message,
  });
  if (error) console.error('the generation was not logged', error);
}
