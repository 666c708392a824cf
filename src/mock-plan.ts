/** What the mock is to be: its scenarios, streams, credentials and media, read and checked before a port is opened. */
import { secretsOf, type Config, type Credential, type CredentialOptions, type Credentials } from './config.js';
import { RtmsError } from './errors.js';
import { parseDuration, refuseSharedInput } from './input.js';
import { readMediaFolder, readReplay } from './mock-input.js';
import { DEMO } from './net/demo.js';
import type { Scenario } from './net/scenario.js';
import type { MediaFiles } from './net/synthetic-media.js';
import { DEMO_CREDENTIALS, readCertificates } from './plan.js';
import type { Product } from './protocol/webhooks.js';
import { findScenarios, readScenarios } from './scenarios.js';

export interface MockPlanOptions extends CredentialOptions {
  readonly scenario?: string;
  readonly replay?: string;
  readonly product: Product;
  readonly sessions: number;
  readonly speed: number;
  readonly mediaDir?: string;
  readonly webhook?: string;
  readonly writePayload?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly duration?: string;
  readonly html?: string;
}

export interface MockPlan {
  /** One to play, or several to judge a client by, in turn. */
  readonly scenarios: readonly Scenario[];
  readonly isConformance: boolean;
  readonly credentials: Credentials;
  readonly secretToken: Credential;
  readonly secrets: readonly string[];
  readonly files: MediaFiles;
  /** Where the app receives webhooks. */
  readonly app: URL | undefined;
  readonly ca: string | undefined;
  readonly durationMs: number | undefined;
  /** What to set up at the client, as label and text. */
  readonly notes: readonly (readonly [label: string, text: string])[];
}

const ALL = 'all';
const DEMO_TOKEN: Credential = { value: DEMO.secretToken, source: 'the demo token', others: {}, checks: [] };

/** Throws RtmsError (`usage`, `input`) for what cannot be used. */
export async function readMockPlan(options: MockPlanOptions, config: Config): Promise<MockPlan> {
  refuseSharedInput(options);
  const { scenario = 'ok', replay, mediaDir, webhook } = options;
  if (options.scenario !== undefined && replay !== undefined) {
    throw new RtmsError('usage', '--scenario and --replay exclude each other', [['give', 'one of them']]);
  }
  const isConformance = scenario === ALL;
  if (options.html !== undefined && !isConformance) {
    throw new RtmsError('usage', '--html is the report of a conformance run', [['give', '--scenario all']]);
  }
  const [clientId, clientSecret, given] = await Promise.all([
    config.credential('clientId', options),
    config.credential('clientSecret', options),
    config.credential('secretToken', options),
  ]);
  const pair = clientId && clientSecret ? { clientId, clientSecret } : DEMO_CREDENTIALS;
  const secretToken = given ?? DEMO_TOKEN;
  const media = mediaDir === undefined ? undefined : await readMediaFolder(mediaDir);
  const app = webhook === undefined ? undefined : parseEndpoint(webhook);
  return {
    scenarios: await scenariosOf(scenario, replay),
    isConformance,
    credentials: { ...pair, secretToken },
    secretToken,
    secrets: secretsOf({ clientSecret: clientSecret ?? pair.clientSecret, secretToken: given }),
    files: media?.files ?? {},
    app,
    ca: options.ca === undefined ? undefined : await readCertificates(options.ca),
    durationMs: options.duration === undefined ? undefined : parseDuration(options.duration, '--duration'),
    notes: [
      ...(clientId && !clientSecret ? [['note', 'a client id without a secret is not used'] as const] : []),
      ...(pair === DEMO_CREDENTIALS
        ? DEMO_PAIR
        : [['signed with', `${pair.clientId.source}; ${pair.clientSecret.source}`] as const]),
      ...(app && !given ? [['', `ZOOM_SECRET_TOKEN=${DEMO.secretToken}   for the webhooks`] as const] : []),
      ...(media ? [['media', media.found] as const] : []),
    ],
  };
}

/** Made up, so they may be shown: a client has to be given them. */
const DEMO_PAIR = [
  ['signed with', 'the demo pair; give your client the same:'],
  ['', `ZOOM_CLIENT_ID=${DEMO.clientId}`],
  ['', `ZOOM_CLIENT_SECRET=${DEMO.clientSecret}`],
] as const;

async function scenariosOf(scenario: string, replay: string | undefined): Promise<readonly Scenario[]> {
  if (replay !== undefined) return [await readReplay(replay)];
  return scenario === ALL ? [...readScenarios().values()].flat() : findScenarios(scenario);
}

function parseEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new RtmsError('usage', '--webhook is not the URL of an HTTP endpoint', [
    ['give', '--webhook http://localhost:3000/webhook, where your app receives webhooks'],
  ]);
}
