import { addTurns, createConversation } from '@/lib/services/conversation-service';
import { logGeneration } from '@/lib/services/generation-log-service';

export async function POST(request: Request) {
  const { conversation, turns, log } = await request.json();
  const id = await createConversation(conversation);
  await addTurns(id, turns);
  await logGeneration({ ...log, conversationId: id });
  return Response.json({ id }, { status: 201 });
}
