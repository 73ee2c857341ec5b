import { supabase } from '../supabase';

export async function chunksOf(documentId: string) {
  const { data, error } = await supabase
    .from('chunks')
    .select('chunk_id, chunk_text, token_count, documents(title, status)')
    .eq('document_id', documentId)
    .order('char_start');
  if (error) throw error;
  return data;
}

export async function labelsOf(documentId: string) {
  const [categories, tags] = await Promise.all([
    supabase.from('document_categories').select('is_primary, categories(name, slug)').eq('document_id', documentId),
    supabase.from('document_tags').select('is_custom, tags(name, tag_dimensions(name))').eq('document_id', documentId),
  ]);
  return { categories: categories.data ?? [], tags: tags.data ?? [] };
}

export async function customTags(dimensionId: string) {
  const { data } = await supabase.from('custom_tags').select('id, name').eq('dimension_id', dimensionId);
  return data ?? [];
}

export async function session(id: string) {
  const { data, error } = await supabase
    .from('workflow_sessions')
    .select('id, document_id, step, belonging_rating, selected_tags, is_draft')
    .eq('id', id)
    .single();
  if (error) throw error;
  return data;
}

export async function logResponse(chunkId: string, model: string, input: number, output: number) {
  await supabase
    .from('api_response_logs')
    .insert({ chunk_id: chunkId, model, input_tokens: input, output_tokens: output, status: 'success' });
}
