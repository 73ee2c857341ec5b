import { requestRevision } from '@/lib/services/conversation-service';
import { supabase } from '@/lib/supabase';

export async function GET() {
  const { data, error } = await supabase
    .from('conversations')
    .select('id, title, quality_score, created_at')
    .eq('status', 'pending_review')
    .order('created_at');
  if (error) return Response.json({ error: error.message }, { status: 500 });
  return Response.json(data);
}

export async function PATCH(request: Request) {
  const { id, history } = await request.json();
  await requestRevision(id, history);
  return new Response(null, { status: 204 });
}
