/** Stops a campaign before it spends more than it may, and writes down what it spent. */

import { supabase } from "./supabase.js";

export interface Spend {
  costUsd: number;
  apiName: string;
  event: string;
  purpose?: string;
  model?: string;
  tool?: string;
  sourceType?: "llm" | "enrichment" | "search" | "telephony";
  pricingModel?: "per_token" | "per_call" | "per_minute";
  companyId?: string;
  contactId?: string;
  campaignId?: string;
  dealId?: string;
  featureKey?: string;
  actor: string;
}

export interface Budget {
  allowed: boolean;
  remainingUsd: number | null;
}

/** Writes one call into the spend log and adds it to what its campaign has spent; false when that broke the budget. */
export async function recordSpend(spend: Spend): Promise<boolean> {
  const { error } = await supabase.from("spend_log").insert({
    cost_usd: spend.costUsd,
    api_name: spend.apiName,
    event: spend.event,
    purpose: spend.purpose ?? null,
    model: spend.model ?? null,
    tool: spend.tool ?? null,
    source_type: spend.sourceType ?? null,
    pricing_model: spend.pricingModel ?? null,
    company_id: spend.companyId ?? null,
    contact_id: spend.contactId ?? null,
    campaign_id: spend.campaignId ?? null,
    deal_id: spend.dealId ?? null,
    feature_key: spend.featureKey ?? null,
    actor: spend.actor,
  });
  if (error) throw error;
  if (spend.campaignId === undefined) return true;

  const { data, error: failed } = await supabase.rpc("increment_campaign_spend", {
    p_campaign_id: spend.campaignId,
    p_amount: spend.costUsd,
  });
  if (failed) throw failed;
  return data.length === 1;
}

/** Whether a campaign may spend an amount now, by its total and by its daily budget. */
export async function checkBudget(campaignId: string, amountUsd: number): Promise<Budget> {
  const { data: campaign, error } = await supabase
    .from("outreach_campaigns")
    .select("daily_budget_usd, spent_usd, total_budget_usd")
    .eq("id", campaignId)
    .single();
  if (error) throw error;

  const { data: today, error: failed } = await supabase
    .from("v_campaign_spend")
    .select("logged_today_usd")
    .eq("campaign_id", campaignId)
    .single();
  if (failed) throw failed;

  const remaining = [
    campaign.total_budget_usd === null ? null : campaign.total_budget_usd - campaign.spent_usd,
    campaign.daily_budget_usd === null ? null : campaign.daily_budget_usd - today.logged_today_usd,
  ].filter((usd) => usd !== null);
  const remainingUsd = remaining.length === 0 ? null : Math.min(...remaining);
  return { allowed: remainingUsd === null || amountUsd <= remainingUsd, remainingUsd };
}
