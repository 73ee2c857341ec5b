/** What the worker asks of an ad network, and the Meta Marketing API behind it. */

export type EntityType = "campaign" | "adset" | "ad";
export type ChangeType = "budget" | "status" | "bid";

export interface Change {
  entityType: EntityType;
  entityId: string;
  changeType: ChangeType;
  value: number;
}

export interface AdNetwork {
  campaignOf(entityType: EntityType, entityId: string): Promise<string>;
  apply(change: Change): Promise<unknown>;
}

export class MetaAds implements AdNetwork {
  constructor(
    private readonly token: string,
    private readonly baseUrl = "https://graph.facebook.com/v19.0",
  ) {}

  async campaignOf(entityType: EntityType, entityId: string): Promise<string> {
    if (entityType === "campaign") return entityId;
    const answer = (await this.send("GET", `${entityId}?fields=campaign_id`)) as { campaign_id: string };
    return answer.campaign_id;
  }

  async apply(change: Change): Promise<unknown> {
    return this.send("POST", change.entityId, fields(change));
  }

  private async send(method: string, path: string, body?: Record<string, unknown>): Promise<unknown> {
    const response = await fetch(`${this.baseUrl}/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }
}

/** Meta counts money in cents; a status of 1 is active, of 0 paused. */
function fields(change: Change): Record<string, unknown> {
  switch (change.changeType) {
    case "budget":
      return { daily_budget: Math.round(change.value * 100) };
    case "bid":
      return { bid_amount: Math.round(change.value * 100) };
    case "status":
      return { status: change.value === 1 ? "ACTIVE" : "PAUSED" };
  }
}
