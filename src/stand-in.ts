/** The mock server in the place of Zoom: started for a plan, which then leads to it. */
import { readdressed } from './conversation.js';
import { DEMO } from './net/demo.js';
import type { Scenario } from './net/scenario.js';
import { startMockServer } from './net/server.js';
import type { Plan } from './plan.js';
import { decodeWebhook } from './protocol/webhooks.js';

export interface StandIn {
  /** The plan with the webhook as the mock would have posted it. */
  readonly plan: Plan;
  readonly close: () => Promise<void>;
}

/** `onVerdict` gets what Zoom does not tell: why a handshake was refused. Undefined without credentials to admit. */
export async function standIn(
  plan: Plan,
  scenario: Scenario,
  onVerdict: (text: string) => void,
): Promise<StandIn | undefined> {
  const { credentials, webhook } = plan;
  if (!credentials) return undefined;
  const { url, close } = await startMockServer({
    scenario,
    credentials: { clientId: credentials.clientId.value, clientSecret: credentials.clientSecret.value },
    stream: {
      product: webhook.product ?? 'meeting',
      entity: webhook.entity ?? DEMO.entity,
      streamId: webhook.streamId ?? DEMO.streamId,
    },
    onVerdict: (what, why) => onVerdict(why ? `${what}: ${why()}` : what),
  });
  const body = readdressed(plan.body, url, Date.now());
  const notes = [...plan.notes, "event_ts and server_urls are the mock's"];
  return { plan: { ...plan, body, webhook: decodeWebhook(JSON.parse(body)), url, notes }, close };
}
