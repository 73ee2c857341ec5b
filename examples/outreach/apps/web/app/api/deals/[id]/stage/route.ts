/** PATCH /api/deals/:id/stage moves a deal to another stage. */

import { supabase } from "../../../../../../../src/supabase.js";

interface StageChange {
  stage: string;
  actor: string;
}

export async function PATCH(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const { id } = await params;
  const { stage, actor } = (await request.json()) as StageChange;

  const { data: deal, error } = await supabase.from("deals").select("stage").eq("id", id).single();
  if (error) return Response.json({ error: error.message }, { status: 404 });
  if (deal.stage === stage) return Response.json({ stage });

  const { error: refused } = await supabase.from("deals").update({ stage }).eq("id", id);
  if (refused) return Response.json({ error: refused.message }, { status: 422 });

  const { error: notLogged } = await supabase.from("deal_activity_log").insert({
    deal_id: id,
    kind: "stage_change",
    headline: `${deal.stage} → ${stage}`,
    actor,
  });
  if (notLogged) return Response.json({ error: notLogged.message }, { status: 500 });
  return Response.json({ stage });
}
