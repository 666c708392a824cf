import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { WebhookView } from '../../src/report/webhook-view.js';
import type { EventBody, Facts } from '../../src/session/event.js';

const NOON = new Date(2026, 6, 20, 12, 0, 0, 0).getTime();

/** All lines for these events, one every second. */
function lines(events: readonly EventBody[], options: { verbose?: boolean; level?: 0 | 1 } = {}): string[] {
  const { verbose = false, level = 0 } = options;
  const view = new WebhookView({ chalk: new Chalk({ level }), columns: 100, startedAt: NOON, verbose });
  return events.flatMap((event, index) => view.lines({ t: index * 1000, ...event }, index + 1));
}

interface Fields {
  readonly ts?: number;
  readonly url?: string;
  readonly stream?: string;
  readonly user?: string;
}

function started(fields: Fields = {}): EventBody {
  const { ts = NOON - 400, url = 'wss://a.zoom.us', stream = 'a'.repeat(32), user = 'u1' } = fields;
  const payload = { meeting_uuid: 'm', operator_id: user, rtms_stream_id: stream, server_urls: url };
  const body = JSON.stringify({ event: 'meeting.rtms_started', event_ts: ts, payload });
  return { type: 'webhook', headers: {}, body };
}

const check = (rule: string, ok: boolean, facts: Facts = {}, frame?: number): EventBody => ({
  type: 'check',
  rule,
  ok,
  facts,
  ...(frame !== undefined && { frame }),
});
const answer = (facts: Facts, ok = true, frame = 1): EventBody => check('webhook-answer', ok, facts, frame);

describe('where it listens', () => {
  const place = { url: 'http://127.0.0.1:4040/zoom', host: '127.0.0.1', port: 4040, path: '/zoom' };
  const at = (facts: Facts): string[] => lines([check('listening', true, { ...place, ...facts })]);

  it('is said with what to do next', () => {
    const secretToken = 'ZOOM_SECRET_TOKEN from .env';
    expect(at({ secretToken, forward: 'http://localhost:3000/', save: 'hooks' })).toEqual([
      'listening on http://127.0.0.1:4040/zoom',
      '  tunnel       cloudflared tunnel --url http://localhost:4040',
      '               ngrok http 4040',
      '  register     https://HOST-OF-THE-TUNNEL/zoom as the event notification endpoint URL',
      '  Secret Token ZOOM_SECRET_TOKEN from .env',
      '  forward      to http://localhost:3000/',
      '  save         to hooks',
      '',
    ]);
  });

  it.each([
    [{}, /signatures are not checked, and the URL validation\s+cannot be answered/],
    [{ forward: 'http://localhost:3000/' }, /URL validation is left\s+to your app/],
  ])('is said without a Secret Token too: %j', (facts, words) => {
    expect(at(facts).join('\n')).toMatch(words);
  });

  it('is an address where it is no localhost', () => {
    const [, tunnel, ngrok] = at({ url: 'http://[::1]:4040/', host: '::1' });
    expect([tunnel, ngrok]).toEqual([
      '  tunnel       cloudflared tunnel --url http://[::1]:4040',
      '               ngrok http http://[::1]:4040',
    ]);
  });
});

describe('a webhook', () => {
  it('is a block: time, name, stream, age, size, signature, answer', () => {
    const answered = answer({ status: 200, ms: 0.3, by: 'rtms' });
    expect(lines([started(), check('webhook-signature-mismatch', true, {}, 1), answered])).toEqual([
      '← 12:00:00.000 meeting.rtms_started  stream aaaa…aaaa, 400 ms old, 191 B',
      '  signature    right',
      '  answered     200 after 0.3 ms',
    ]);
  });

  it('says who sent it, by the word of a tunnel', () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-host': 'hook.example.test' };
    expect(lines([{ type: 'webhook', headers, body: 'hello' }])).toEqual([
      '← 12:00:00.000 no event name  5 B',
      '  from         203.0.113.7 through hook.example.test',
    ]);
  });

  it('is shown whole with --verbose, control characters made visible', () => {
    const event: EventBody = { type: 'webhook', headers: { 'x-a': '1' }, body: '{"event":"\u001b[2J"}' };
    expect(lines([event], { verbose: true }).slice(1)).toEqual(['  x-a: 1', '  {"event":"\\u001b[2J"}']);
  });

  it.each([
    ['a retry', [started(), started()], '  retry        the same webhook came before; act on it once'],
    [
      'a failover notice',
      [started(), started({ ts: NOON, url: 'wss://b.zoom.us' })],
      '  failover     the stream goes on at other server_urls: connect both sockets again',
    ],
    [
      "a second user's",
      [started(), started({ stream: 'b', user: 'u2' })],
      "  second user  another user's stream of the same meeting, beside the first",
    ],
    [
      'a retry after a failover notice',
      [started(), started({ ts: NOON, url: 'wss://b.zoom.us' }), started()],
      '  retry        the same webhook came before; act on it once',
    ],
  ])('%s is told from another', (_, events, line) => {
    expect(lines(events).at(-1)).toBe(line);
  });
});

describe('a signature', () => {
  it.each<[Facts, string]>([
    [{ cause: 'unknown' }, '✖ signature    wrong'],
    [{ cause: 'wrong-key', explanation: 'yours is that of x' }, '✖ signature    wrong: it is that of x'],
    [{ cause: 'unsigned' }, '  signature    none: x-zm-signature is not there'],
    [{ cause: 'stale', ageMs: 1 }, '  signature    right, but too old: x-zm-request-timestamp is far from now'],
  ])('%j', (facts, line) => {
    expect(lines([check('webhook-signature-mismatch', false, facts)])).toEqual([line]);
  });
});

describe('an answer of the app', () => {
  it.each<[Facts, boolean, string]>([
    [{ status: 200, ms: 41, body: '{"ok":\n  true}' }, true, '  your app     200 after 41 ms  {"ok": true}'],
    [{ status: 302, ms: 41, location: '/login' }, false, '✖ your app     302 after 41 ms, leads to /login'],
    [{ status: 0, ms: 1, message: 'no answer within 10 s' }, false, '✖ your app     no answer: no answer within 10 s'],
    [
      { status: 200, ms: 9, cause: 'wrong-body', explanation: 'it is not a JSON object' },
      false,
      '✖ your app     200 after 9 ms, it is not a JSON object',
    ],
  ])('%j', (facts, ok, line) => {
    expect(lines([started(), answer(facts, ok)]).at(-1)).toBe(line);
  });

  it('that comes late says what it answers', () => {
    const other: EventBody = { type: 'webhook', headers: {}, body: '{"event":"meeting.ended"}' };
    expect(lines([started(), other, answer({ status: 200, ms: 2000 })]).at(-1)).toBe(
      '  your app     200 after 2 s, to meeting.rtms_started of 12:00:00.000',
    );
  });
});

it('colour only supports', () => {
  const wrong = check('webhook-signature-mismatch', false, { cause: 'unknown' }, 1);
  const events = [started(), wrong, answer({ status: 500, ms: 1 }, false)];
  // eslint-disable-next-line no-control-regex
  const bare = lines(events, { level: 1 }).map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));
  expect(bare).toEqual(lines(events));
});
