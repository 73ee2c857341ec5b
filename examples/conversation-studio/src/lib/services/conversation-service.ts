import type { Conversation, ConversationStatus, ConversationTurn } from '../../../train-wireframe/src/lib/types';
import { supabase } from '../supabase';

export async function createConversation(made: Conversation) {
  const { data, error } = await supabase
    .from('conversations')
    .insert({
      conversation_id: made.conversationId,
      title: made.title,
      status: 'draft',
      tier: made.tier,
      persona: made.persona,
      emotion: made.emotion,
      topic: made.topic,
      intent: made.intent,
      tone: made.tone,
      category: made.category,
      parameters: made.parameters,
      template_id: made.templateId,
      parent_id: made.parentId,
      parent_type: made.parentType,
    })
    .select('id')
    .single();
  if (error) throw error;
  return data.id as string;
}

export async function addTurns(conversationId: string, turns: ConversationTurn[]) {
  const rows = turns.map((turn) => ({
    conversation_id: conversationId,
    turn_number: turn.turnNumber,
    role: turn.role,
    content: turn.content,
    token_count: turn.tokenCount,
  }));
  const { error } = await supabase.from('conversation_turns').insert(rows);
  if (error) throw error;
  await supabase
    .from('conversations')
    .update({
      status: 'generated',
      total_turns: turns.length,
      total_tokens: turns.reduce((sum, turn) => sum + turn.tokenCount, 0),
      generated_at: new Date().toISOString(),
    })
    .eq('id', conversationId);
}

export async function setStatus(id: string, status: ConversationStatus) {
  const { error } = await supabase.from('conversations').update({ status }).eq('id', id);
  if (error) throw error;
}

export async function withTurns(id: string) {
  const { data, error } = await supabase
    .from('conversations')
    .select('id, title, status, quality_score, quality_metrics, conversation_turns(turn_number, role, content)')
    .eq('id', id)
    .single();
  if (error) throw error;
  return data;
}

/** The reviewer asks for changes: the conversation waits for its next generation. */
export async function requestRevision(id: string, history: unknown[]) {
  const { error } = await supabase
    .from('conversations')
    .update({ status: 'needs_revision', review_history: history, updated_at: new Date().toISOString() })
    .eq('id', id);
  if (error) throw error;
}
