/** Turns a meeting that went well into a deal. */

import { supabase } from "./supabase.js";

export interface Handoff {
  meetingId: string;
  targetId?: string;
  slug: string;
  name: string;
  side: "buy" | "sell";
  vertical: string | null;
  evEstimateUsd: number | null;
  feePct: number | null;
  winProbPct: number | null;
  actor: string;
}

/** Makes the deal, or finds the one that the meeting was promoted to before; returns its id. */
export async function handOff(handoff: Handoff): Promise<string> {
  const { data: note, error: noNote } = await supabase
    .from("meeting_notes")
    .select("meeting_id, promoted_to_deal_id, entity_id, classification")
    .eq("meeting_id", handoff.meetingId)
    .single();
  if (noNote) throw noNote;
  if (note.promoted_to_deal_id !== null) return note.promoted_to_deal_id;

  const { data: taken, error: unread } = await supabase.from("deals").select("id, slug").eq("slug", handoff.slug);
  if (unread) throw unread;
  if (taken.length > 0) throw new Error(`there is a deal ${handoff.slug} already`);

  const { data: deal, error: notMade } = await supabase
    .from("deals")
    .insert({
      slug: handoff.slug,
      name: handoff.name,
      side: handoff.side,
      stage: "sourced",
      vertical: handoff.vertical,
      ev_estimate_usd: handoff.evEstimateUsd,
      fee_pct: handoff.feePct,
      win_prob_pct: handoff.winProbPct,
      sourced_by: "outreach",
      owner: handoff.actor,
      flex_data: { meeting_id: note.meeting_id, entity_id: note.entity_id, classification: note.classification },
    })
    .select("id")
    .single();
  if (notMade) throw notMade;

  const { error: notPromoted } = await supabase
    .from("meeting_notes")
    .update({ promoted_to_deal_id: deal.id })
    .eq("meeting_id", handoff.meetingId);
  if (notPromoted) throw notPromoted;

  if (handoff.targetId !== undefined) {
    const { error: notMoved } = await supabase
      .from("campaign_targets")
      .update({ deal_id: deal.id, outreach_status: "handed_off" })
      .eq("id", handoff.targetId);
    if (notMoved) throw notMoved;
  }

  const { error: notLogged } = await supabase.from("deal_activity_log").insert({
    deal_id: deal.id,
    kind: "handoff",
    headline: `Made from the meeting ${handoff.meetingId}`,
    body: null,
    actor: handoff.actor,
  });
  if (notLogged) throw notLogged;
  return deal.id;
}
