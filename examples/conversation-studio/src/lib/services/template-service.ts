import { supabase } from '../supabase';

const COLUMNS =
  'id, name, description, category, tier, structure, variables, tone, complexity_baseline, quality_threshold, ' +
  'required_elements, applicable_personas, applicable_emotions, usage_count, rating, is_active, version, ' +
  'created_at, updated_at, created_by';

export async function listTemplates() {
  const { data, error } = await supabase.from('templates').select(COLUMNS).eq('is_active', true).order('rating');
  if (error) throw error;
  return data;
}

export async function countUse(templateId: string, uses: number) {
  const { error } = await supabase.from('templates').update({ usage_count: uses }).eq('id', templateId);
  if (error) throw error;
}

export async function analytics(templateId: string) {
  const { data } = await supabase
    .from('template_analytics')
    .select('day, uses, approvals, average_quality')
    .eq('template_id', templateId);
  return data ?? [];
}

export async function promptsFor(type: string) {
  const { data, error } = await supabase
    .from('prompt_templates')
    .select('template_name, prompt_text, response_schema')
    .eq('template_type', type)
    .eq('is_active', true);
  if (error) throw error;
  return data;
}
