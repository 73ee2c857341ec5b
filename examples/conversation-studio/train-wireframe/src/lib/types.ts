// What the wireframe agreed on. The services turn camelCase into snake_case by hand.

export type TierType = 'template' | 'scenario' | 'edge_case';

export type ConversationStatus =
  | 'draft' | 'generated' | 'pending_review' | 'approved' | 'rejected' | 'needs_revision' | 'failed';

export interface QualityMetrics {
  overall: number;
  relevance: number;
  naturalness: number;
}

export interface ReviewAction {
  by: string;
  at: string;
  action: 'approved' | 'rejected' | 'revision_requested';
  comment?: string;
}

export interface ConversationTurn {
  id: string;
  conversationId: string;
  turnNumber: number;
  role: 'user' | 'assistant';
  content: string;
  timestamp: string;
  tokenCount: number;
}

export interface Conversation {
  id: string;
  conversationId: string;
  title?: string;
  status: ConversationStatus;
  tier: TierType;
  persona: string;
  emotion: string;
  topic: string;
  intent: string;
  tone: string;
  category: string[];
  parameters: Record<string, unknown>;
  turns: ConversationTurn[];
  totalTurns: number;
  totalTokens: number;
  quality_score: number;
  qualityMetrics: QualityMetrics;
  templateId?: string;
  parentId?: string;
  parentType?: string;
  reviewHistory: ReviewAction[];
  generatedAt?: string;
  approvedAt?: string;
  approvedBy?: string;
  createdAt: string;
  updatedAt: string;
}

export interface BatchJob {
  id: string;
  name: string;
  status: 'queued' | 'processing' | 'paused' | 'completed' | 'failed' | 'cancelled';
  totalItems: number;
  completedItems: number;
  failedItems: number;
  successfulItems: number;
  startedAt?: string;
  completedAt?: string;
  estimatedTimeRemaining?: number;
  priority: 'high' | 'normal' | 'low';
  configuration: {
    tier: TierType;
    sharedParameters: Record<string, unknown>;
    concurrentProcessing: number;
    errorHandling: 'continue' | 'stop';
  };
}

export interface BatchItem {
  id: string;
  batchJobId: string;
  position: number;
  topic: string;
  tier: TierType;
  parameters: Record<string, unknown>;
  status: 'queued' | 'processing' | 'completed' | 'failed';
  progress?: number;
  estimatedTime?: number;
  conversationId?: string;
  error?: string;
}

export interface Scenario {
  id: string;
  name: string;
  description: string;
  parentTemplateId: string;
  context: string;
  parameterValues: Record<string, unknown>;
  topic: string;
  persona: string;
  emotionalArc: string;
  generationStatus: 'not_generated' | 'generated' | 'error';
  conversationId?: string;
  errorMessage?: string;
  status: 'draft' | 'active' | 'archived';
  qualityScore: number;
  created_by: string;
  created_at: string;
}

export interface EdgeCase {
  id: string;
  name: string;
  description: string;
  scenarioId: string;
  testCategory: string;
  expectedBehavior: string;
  complexity: string;
  testStatus: 'not_tested' | 'passed' | 'failed';
  lastTestResult?: unknown;
  created_by: string;
  created_at: string;
}

export interface GenerationLog {
  id: string;
  conversationId?: string;
  runId?: string;
  templateId?: string;
  request_payload: unknown;
  response_payload: unknown;
  parameters: Record<string, unknown>;
  cost_usd: number;
  input_tokens: number;
  output_tokens: number;
  duration_ms: number;
  error_message?: string;
  created_at: string;
}

export interface ExportLog {
  id: string;
  exportId: string;
  userId: string;
  format: 'jsonl' | 'json' | 'csv' | 'markdown';
  scope: string;
  conversationCount: number;
  fileSize: number;
  status: 'processing' | 'completed' | 'failed';
  created_at: string;
  completed_at?: string;
}
