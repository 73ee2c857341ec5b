import type { TierType } from '../../../train-wireframe/src/lib/types';
import { supabase } from '../supabase';
import { createJob, finish, nextItem } from './batch-job-service';

type Asked = { position: number; tier: TierType; parameters: { topic?: string } };

export async function generateBatch(name: string, items: Asked[], generate: (topic: string) => Promise<string>) {
  const jobId = await createJob(
    {
      name,
      priority: 'normal',
      configuration: { tier: 'template', sharedParameters: {}, concurrentProcessing: 3, errorHandling: 'continue' },
    },
    items.map((item) => ({
      position: item.position,
      topic: item.parameters.topic || 'Conversation',
      tier: item.tier,
      parameters: item.parameters,
      status: 'queued',
    })),
  );
  let failed = 0;
  for (let item = await nextItem(jobId); item; item = await nextItem(jobId)) {
    try {
      const conversationId = await generate(item.topic);
      await supabase
        .from('batch_items')
        .update({ status: 'completed', progress: 100, conversation_id: conversationId })
        .eq('id', item.id);
    } catch (error) {
      failed += 1;
      await supabase.from('batch_items').update({ status: 'failed', error: String(error) }).eq('id', item.id);
    }
  }
  await finish(jobId, failed);
  return jobId;
}
