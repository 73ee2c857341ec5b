import type { Scenario } from '../../../train-wireframe/src/lib/types';
import { supabase } from '../supabase';

export async function createScenario(scenario: Scenario) {
  const { data, error } = await supabase
    .from('scenarios')
    .insert({
      name: scenario.name,
      description: scenario.description,
      parent_template_id: scenario.parentTemplateId,
      context: scenario.context,
      parameter_values: scenario.parameterValues,
      topic: scenario.topic,
      persona: scenario.persona,
      emotional_arc: scenario.emotionalArc,
      created_by: scenario.created_by,
    })
    .select()
    .single();
  if (error) throw error;
  return data;
}

export async function scenariosOf(templateId: string) {
  const { data, error } = await supabase
    .from('scenarios')
    .select('id, name, generation_status, status, quality_score, templates(template_name)')
    .eq('parent_template_id', templateId)
    .neq('status', 'archived')
    .order('created_at', { ascending: false });
  if (error) throw error;
  return data;
}

export async function markGenerated(id: string, conversationId: string) {
  const { error } = await supabase
    .from('scenarios')
    .update({ generation_status: 'generated', conversation_id: conversationId })
    .eq('id', id);
  if (error) throw error;
}
