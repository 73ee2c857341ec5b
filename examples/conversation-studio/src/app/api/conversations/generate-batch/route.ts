import { generateBatch } from '@/lib/services/batch-generation-service';
import { createConversation } from '@/lib/services/conversation-service';

export async function POST(request: Request) {
  const { name, items, base } = await request.json();
  const jobId = await generateBatch(name, items, (topic) => createConversation({ ...base, topic }));
  return Response.json({ jobId }, { status: 202 });
}
