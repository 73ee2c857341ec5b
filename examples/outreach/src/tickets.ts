/** Tickets for what an agent could not do alone. */

import { supabase } from "./supabase.js";

export interface AgentTicket {
  id: string;
  source: string;
  severity: "low" | "medium" | "high" | "critical";
  tier: 1 | 2 | 3;
  title: string;
  body: string | null;
  context: Record<string, unknown>;
  feature_key: string | null;
  campaign_id: string | null;
  deal_id: string | null;
  source_log_id: string | null;
  status: "open" | "claimed" | "escalated" | "resolved";
  claimed_by: string | null;
  claimed_at: string | null;
  resolved_at: string | null;
  resolution: string | null;
  created_at: string;
  updated_at: string;
}

export type NewTicket = Pick<AgentTicket, "source" | "severity" | "title"> &
  Partial<Pick<AgentTicket, "tier" | "body" | "context" | "feature_key" | "campaign_id" | "deal_id" | "source_log_id">>;

export async function createTicket(ticket: NewTicket): Promise<AgentTicket> {
  const { data, error } = await supabase
    .from("agent_tickets")
    .insert({
      source: ticket.source,
      severity: ticket.severity,
      tier: ticket.tier ?? 1,
      title: ticket.title,
      body: ticket.body ?? null,
      context: ticket.context ?? {},
      feature_key: ticket.feature_key ?? null,
      campaign_id: ticket.campaign_id ?? null,
      deal_id: ticket.deal_id ?? null,
      source_log_id: ticket.source_log_id ?? null,
      status: "open",
    })
    .select()
    .single<AgentTicket>();
  if (error) throw error;
  return data;
}

/** Moves a ticket one tier up and gives it to nobody. */
export async function escalateTicket(ticket: AgentTicket): Promise<void> {
  const { error } = await supabase
    .from("agent_tickets")
    .update({
      tier: Math.min(ticket.tier + 1, 3),
      status: "escalated",
      claimed_by: null,
      claimed_at: null,
      updated_at: new Date().toISOString(),
    })
    .eq("id", ticket.id);
  if (error) throw error;
}

export async function resolveTicket(id: string, by: string, resolution: string): Promise<void> {
  const now = new Date().toISOString();
  const { error } = await supabase
    .from("agent_tickets")
    .update({ status: "resolved", claimed_by: by, claimed_at: now, resolved_at: now, resolution, updated_at: now })
    .eq("id", id);
  if (error) throw error;
}
