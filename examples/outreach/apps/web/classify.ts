/** Quick Classify: an intern says what kind of meeting it was. */

import { supabase } from "../../src/supabase.js";

export async function classify(meetingId: string, classification: string): Promise<void> {
  const { error } = await supabase.from("meeting_notes").update({ classification }).eq("meeting_id", meetingId);
  if (error) throw error;
}
