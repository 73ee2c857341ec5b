/** Counts how features are used. */

import { supabase } from "../src/supabase.js";
import registry from "./features.json" with { type: "json" };

const KEYS = new Set(registry.features.map((feature) => feature.key));

export async function count(featureKey: string, event: string, actor: string, value?: number): Promise<void> {
  if (!KEYS.has(featureKey)) throw new Error(`there is no feature ${featureKey}`);
  const { error } = await supabase
    .from("feature_metrics")
    .insert({ feature_key: featureKey, event, actor, value: value ?? null });
  if (error) throw error;
}

/** What was spent, newest day first, and the companies that it was spent on. */
export async function spendReport(): Promise<{ days: unknown[]; companies: unknown[] }> {
  const { data: days, error } = await supabase
    .from("v_daily_spend")
    .select("day, api_name, logged_usd, calls")
    .order("day", { ascending: false });
  if (error) throw error;
  const { data: companies, error: failed } = await supabase
    .from("v_company_spend")
    .select("company_id, name, logged_usd, calls");
  if (failed) throw failed;
  return { days, companies };
}
