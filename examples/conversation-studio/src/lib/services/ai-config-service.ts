import { supabase } from '../supabase';

const FALLBACK = { model: process.env.AI_MODEL ?? 'claude', temperature: 0.7 };

/** The active configuration; the environment's when there is none. */
export async function activeConfiguration() {
  const { data } = await supabase
    .from('ai_configurations')
    .select('model, temperature')
    .eq('is_active', true)
    .maybeSingle();
  return data ?? FALLBACK;
}

export async function saveConfiguration(name: string, configuration: object, by: string) {
  const { data, error } = await supabase
    .from('ai_configurations')
    .insert({ config_name: name, configuration, created_by: by })
    .select('id')
    .single();
  if (error) throw error;
  await supabase.from('ai_configuration_audit').insert({ config_id: data.id, action: 'created', changed_by: by });
}
