import { supabase } from '../supabase';

export async function changesOf(configId: string) {
  const { data } = await supabase
    .from('ai_configuration_audit')
    .select('id, action, old_values, new_values, changed_at')
    .eq('config_id', configId)
    .order('changed_at', { ascending: false });
  return data ?? [];
}

export async function recordRollback(configId: string, by: string) {
  await supabase.from('configuration_audit_log').insert({ config_id: configId, action: 'rollback', changed_by: by });
}
