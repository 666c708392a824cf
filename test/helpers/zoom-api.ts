/** A stand-in for Zoom's token endpoint and REST API on a port of its own, which answers as they are known to. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { isObject } from '../../src/protocol/json.js';
import { READS, type Read } from '../../src/protocol/rest-api.js';
import { httpServer } from './servers.js';

const fixture = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${path}.json`, import.meta.url), 'utf8'));

/** A body of fixtures/api, with the status it comes with. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const answer = (status: number, name: string, headers: FakeAnswer['headers'] = {}): FakeAnswer => ({
  status,
  body: fixture(`api/${name}`),
  headers,
});

const tokenIn = (body: unknown): string => String(isObject(body) ? body['access_token'] : undefined);

export const PAIR = { clientId: 'EXAMPLEclientId0000001', clientSecret: 'exampleClientSecretAAAABBBBCCC01' };
export const ACCOUNT_ID = 'EXAMPLEaccountId000001';
export const APP_ID = 'EXAMPLEappId0000000001';
/** Of a user who has added the app; in force until the year 2100. */
export const USER_TOKEN = [
  { alg: 'HS512' },
  { iss: `zm:cid:${PAIR.clientId}`, aid: ACCOUNT_ID, uid: 'EXAMPLEuserId000000001', exp: 4_102_444_800 },
  'made up',
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

const GRANTED = {
  client_credentials: answer(200, 'token.client-credentials'),
  account_credentials: answer(200, 'token.account-credentials'),
};
const APP_TOKEN = tokenIn(GRANTED.client_credentials.body);
const ACCOUNT_TOKEN = tokenIn(GRANTED.account_credentials.body);

export interface FakeApi {
  /** As for ZOOM_HOST. */
  readonly url: string;
  /** `POST /oauth/token client_credentials`, `GET /v2/users/me`: everything that was asked, in order. */
  readonly asked: readonly string[];
}

export interface FakeOptions {
  /** The kind of app that the pair belongs to. */
  readonly app?: 'general' | 's2s';
  /** What the user's token may read, by the scope of READS; everything unless given. */
  readonly userScopes?: readonly string[];
  /** Answers of a path in order, the last one for good, in place of the usual one. */
  readonly answers?: Readonly<Record<string, readonly FakeAnswer[]>>;
}

/** Answers until the test is over. */
export async function fakeZoomApi({ app = 'general', userScopes, answers = {} }: FakeOptions = {}): Promise<FakeApi> {
  const asked: string[] = [];
  const left = new Map(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  const port = await httpServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const form = new URLSearchParams(await text(request));
    asked.push([request.method, request.url, form.get('grant_type')].filter((part) => part).join(' '));
    const listed = left.get(pathname);
    const given = (listed && listed.length > 1 ? listed.shift() : listed?.[0]) ?? usual(request, pathname, form);
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(JSON.stringify(given.body));
  }

  function usual({ method, headers, url = '' }: IncomingMessage, path: string, form: URLSearchParams): FakeAnswer {
    if (method === 'POST' && path === '/oauth/token') return tokenAnswer(app, headers.authorization, form);
    const found = READ_BY_PATH.find(([pattern]) => pattern.test(path));
    if (method !== 'GET' || !found) return { status: 404, body: { code: 404, message: 'No such call' } };
    const [, { scope }, body] = found;
    const token = (headers.authorization ?? '').replace('Bearer ', '');
    const scopes = scopesOf(token, userScopes);
    if (!scopes) return answer(401, 'error.expired');
    if (!scopes.includes('all') && !scopes.some((each) => each.replace(/:admin$/, '') === scope)) {
      const message = `Invalid access token, does not contain scopes:[${scope}, ${scope}:admin].`;
      return { status: 400, body: { code: 4711, message } };
    }
    return body(new URL(url, 'http://localhost').searchParams);
  }

  return { url: `http://localhost:${port}`, asked };
}

function tokenAnswer(app: 'general' | 's2s', authorization: string | undefined, form: URLSearchParams): FakeAnswer {
  const basic = Buffer.from(`${PAIR.clientId}:${PAIR.clientSecret}`).toString('base64');
  if (authorization !== `Basic ${basic}`) return answer(401, 'token.invalid-client');
  const grant = form.get('grant_type');
  if (grant === 'client_credentials') return GRANTED.client_credentials;
  if (grant !== 'account_credentials' || app === 'general') return answer(400, 'token.unsupported-grant-type');
  return form.get('account_id') === ACCOUNT_ID ? GRANTED.account_credentials : answer(400, 'token.invalid-request');
}

/** Undefined for a token nobody gave out. */
function scopesOf(token: string, userScopes: readonly string[] = ['all']): readonly string[] | undefined {
  if (token === USER_TOKEN) return userScopes;
  const granted = { [APP_TOKEN]: GRANTED.client_credentials, [ACCOUNT_TOKEN]: GRANTED.account_credentials }[token];
  return isObject(granted?.body) ? String(granted.body['scope']).split(' ') : undefined;
}

const always = (given: FakeAnswer) => (): FakeAnswer => given;

const READ_BY_PATH: readonly [RegExp, Read<unknown>, (query: URLSearchParams) => FakeAnswer][] = [
  [/^\/v2\/users\/me$/, READS.me, always(answer(200, 'users-me'))],
  [/\/apps\/[^/]+$/, READS.app, always(answer(200, 'app'))],
  [/\/manifest$/, READS.manifest, always({ status: 200, body: { manifest: fixture('manifests/meeting') } })],
  [/\/webhook_logs$/, READS.webhookLogs, (query) => logsOf(answer(200, 'webhook-logs'), query.get('event'))],
  [/\/event_subscription$/, READS.subscriptions, always(answer(200, 'event-subscription'))],
  [/^\/v2\/meetings\/\d+$/, READS.meeting, always(answer(200, 'meeting'))],
];

/** The entries of one event, where one is asked for. */
export function logsOf({ status, body }: FakeAnswer, event: string | null): FakeAnswer {
  const logs = isObject(body) && Array.isArray(body['webhook_logs']) ? body['webhook_logs'] : [];
  const wanted = logs.filter((entry: unknown) => event === null || (isObject(entry) && entry['event'] === event));
  return { status, body: { ...Object(body), webhook_logs: wanted } };
}
