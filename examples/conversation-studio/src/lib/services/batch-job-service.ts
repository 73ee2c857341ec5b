import type { BatchItem, BatchJob } from '../../../train-wireframe/src/lib/types';
import { supabase } from '../supabase';

type NewItem = Pick<BatchItem, 'position' | 'topic' | 'tier' | 'parameters' | 'status'>;

export async function createJob(job: Pick<BatchJob, 'name' | 'priority' | 'configuration'>, items: NewItem[]) {
  const { data, error } = await supabase
    .from('batch_jobs')
    .insert({ name: job.name, priority: job.priority, configuration: job.configuration, total_items: items.length })
    .select('id')
    .single();
  if (error) throw error;
  const rows = items.map((item) => ({
    batch_job_id: data.id,
    position: item.position,
    topic: item.topic,
    tier: item.tier,
    parameters: item.parameters,
    status: item.status,
  }));
  const added = await supabase.from('batch_items').insert(rows);
  if (added.error) throw added.error;
  return data.id as string;
}

export async function nextItem(jobId: string) {
  const { data, error } = await supabase
    .from('batch_items')
    .select('id, position, topic, tier, parameters')
    .eq('batch_job_id', jobId)
    .eq('status', 'queued')
    .order('position')
    .limit(1)
    .maybeSingle();
  if (error) throw error;
  return data;
}

export async function finish(jobId: string, failed: number) {
  const { error } = await supabase
    .from('batch_jobs')
    .update({ status: failed ? 'failed' : 'completed', failed_items: failed, completed_at: new Date().toISOString() })
    .eq('id', jobId);
  if (error) throw error;
}
