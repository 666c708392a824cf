/** No session, however odd, makes a rule throw: whatever comes is judged or left alone. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RULES } from '../../src/rules/index.js';
import { runRules } from '../../src/rules/rule.js';
import { FACTS } from '../../src/session/facts.js';
import { PHASES, type EventBody, type Facts, type SessionEvent, type SocketName } from '../../src/session/event.js';
import { Timeline } from '../../src/session/timeline.js';
import { readSession, SESSIONS } from './sessions.js';

const socket = fc.constantFrom<SocketName>('signaling', 'media:audio', 'media:video', 'media:all');
const words = (list: string): fc.Arbitrary<string> => fc.constantFrom(...list.split(' '));
const known = words(
  'INTERRUPTED no-delimiter unknown quotes audio,video,all meeting admin ^1.0 webhook app-kind server-to-server ' +
    'meeting:read:meeting_audio:admin rtms:write https://localhost',
);
const word = fc.oneof(fc.string(), known);
const fact = fc.oneof(word, fc.double(), fc.boolean(), fc.constant(null));
const factNames = words(
  'answer cause code error event kind media message name names path product question sdk scope sent shape skewMs ' +
    'source status url usage what which',
);
const facts: fc.Arbitrary<Facts> = fc.dictionary(factNames, fact);

const uuid = 'RE/HWbQ7QESDTyweZXDZtA==';
const stream = '1d330e9ca9c04407bded276b30b64be7';
const id = fc.constantFrom<unknown>(uuid, stream, '\ud800', 81234567890, '', null, {});
const url = fc.constantFrom('wss://rtms-iad1.zoom.us:443', 'ws://', 'http://[::1', '', ',', '<url>');
const urls = fc.oneof(url, fc.array(url), fc.dictionary(word, url));
const fields = fc.record(
  {
    msg_type: fc.oneof(fc.integer({ min: -1, max: 30 }), fc.constant('SIGNALING_HAND_SHAKE_REQ')),
    protocol_version: fc.constantFrom(1, '1', null),
    meeting_uuid: id,
    session_id: id,
    rtms_stream_id: id,
    streamId: id,
    signature: fc.oneof(fc.string(), fc.constantFrom('fe51…5636', 'a'.repeat(64))),
    status_code: fc.oneof(fc.integer({ min: -1, max: 80 }), fc.constant('0')),
    reason: fc.oneof(fc.string(), fc.integer({ min: 0, max: 30 })),
    state: fc.integer({ min: 0, max: 7 }),
    timestamp: fc.oneof(fc.integer(), fc.double()),
    media_server: fc.oneof(fc.constant(null), fc.record({ server_urls: urls })),
    media_type: fc.oneof(fc.integer({ min: -1, max: 65 }), fc.double(), word),
    media_params: fc.dictionary(fc.constantFrom('audio', 'share'), fc.oneof(fc.object({ maxDepth: 1 }), word)),
    events: fc.oneof(fc.array(fc.record({ event_type: fc.integer(), subscribe: fc.boolean() })), fc.array(word), word),
    event: fc.record({ event_type: fc.integer({ min: 0, max: 9 }) }),
    content: fc.oneof(fc.string(), fc.record({ data: fc.string(), timestamp: fc.integer() })),
    stop_reason: fc.integer({ min: -1, max: 40 }),
  },
  { requiredKeys: [] },
);
const payload = fc.oneof(
  fc.string(),
  fields.map((value) => JSON.stringify(value)),
  fc.json(),
);
const EVENTS = [
  'meeting.rtms_started',
  'meeting.rtms_stopped',
  'meeting.rtms_interrupted',
  'meeting.started',
  'rtms.concurrency_limited',
  'rtms.x',
  '',
];
const body = fc.oneof(
  payload,
  fc
    .record({
      event: fc.constantFrom(...EVENTS),
      event_ts: fc.oneof(fc.integer(), fc.constantFrom(1795472036000, 1795472036, 'soon')),
      payload: fc.record({ meeting_uuid: id, rtms_stream_id: id, server_urls: urls, stop_reason: fact }),
    })
    .map((value) => JSON.stringify(value)),
);

const event: fc.Arbitrary<EventBody> = fc.oneof(
  fc.record({ type: fc.constant('webhook' as const), headers: fc.constant({}), body }),
  fc.record({
    type: fc.constant('phase' as const),
    name: fc.constantFrom(...PHASES),
    socket,
    ms: fc.double(),
    ok: fc.boolean(),
    detail: facts,
  }),
  fc
    .record({
      type: fc.constant('frame' as const),
      socket,
      dir: fc.constantFrom('in' as const, 'out' as const),
      opcode: fc.constantFrom('text' as const, 'binary' as const, 'ping' as const),
      text: payload,
    })
    .map((frame) => ({ ...frame, bytes: Buffer.byteLength(frame.text) })),
  fc.record({
    type: fc.constant('close' as const),
    socket,
    code: fc.integer({ min: 0, max: 5000 }),
    reason: fc.string(),
    by: fc.constantFrom('peer' as const, 'self' as const),
    clean: fc.boolean(),
  }),
  fc.record({ type: fc.constant('error' as const), socket, code: fc.string(), message: fc.string() }),
  fc.record({
    type: fc.constant('check' as const),
    rule: fc.constantFrom(...Object.keys(FACTS), ...RULES.map((rule) => rule.id)),
    ok: fc.boolean(),
    frame: fc.nat(20),
    facts,
  }),
);
const session = fc.array(fc.tuple(fc.oneof(fc.nat(100_000), fc.double()), event), { maxLength: 40 });
const startedAt = fc.constantFrom('2026-11-23T22:14:00.000Z', 'not a date');

function crashes(start: string, events: readonly SessionEvent[]): string[] {
  const timeline = new Timeline({ rtms: 1, tool: 'rtms 0', command: 'test', startedAt: start }, events);
  return runRules(RULES, timeline).results.flatMap(({ status, message }) => (status === 'crash' ? [message] : []));
}

it('no rule crashes on events made up', () => {
  fc.assert(
    fc.property(startedAt, session, (start, made) => {
      expect(
        crashes(
          start,
          made.map(([t, made]): SessionEvent => ({ t, ...made })),
        ),
      ).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it('no rule crashes on recorded events in another order, or in part', () => {
  const recorded = SESSIONS.map((name) => readSession(name).events);
  const some = fc.constantFrom(...recorded).chain((events) => fc.shuffledSubarray([...events]));
  fc.assert(
    fc.property(startedAt, some, (start, events) => {
      expect(crashes(start, events)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
