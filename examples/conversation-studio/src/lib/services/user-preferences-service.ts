import { supabase } from '../supabase';

export async function preferencesOf(userId: string) {
  const { data } = await supabase.from('user_preferences').select('preferences').eq('user_id', userId).maybeSingle();
  return data?.preferences ?? {};
}

export async function profileOf(userId: string) {
  const { data } = await supabase.from('user_profiles').select('full_name, role').eq('id', userId).maybeSingle();
  return data;
}
