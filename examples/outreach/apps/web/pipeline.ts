/** What the pipeline view shows: the deals of each stage, and since when they are in it. */

import { supabase } from "../../src/supabase.js";

export interface PipelineDeal {
  id: string;
  slug: string;
  name: string;
  stage: string;
  daysInStage: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** "Days in Stage" counts from the last edit of any kind: deals has no column that says when the stage was entered. */
export async function pipeline(now = new Date()): Promise<PipelineDeal[]> {
  const { data, error } = await supabase.from("deals").select("id, slug, name, stage, updated_at").order("stage");
  if (error) throw error;
  return data.map(({ updated_at, ...deal }) => ({
    ...deal,
    daysInStage: Math.floor((now.getTime() - new Date(updated_at).getTime()) / DAY_MS),
  }));
}
