/** Where a check-up leads to, by what was given and what came of it. */
import { describe, expect, it } from 'vitest';
import { leadFrom, withFiles, type Given } from '../src/lead.js';
import { diagnose } from '../src/rules/index.js';
import { openQuestions } from '../src/rules/questions/open.js';
import { answerEvent } from '../src/rules/questions/questions.js';
import type { EventBody, Facts } from '../src/session/event.js';
import { frameEvent } from '../src/session/message.js';
import { Timeline } from '../src/session/timeline.js';

const HEADER = { rtms: 1, tool: 'rtms 0', command: 'doctor', startedAt: '' } as const;

function lead(given: Given, args: readonly string[], ...events: readonly EventBody[]): string | undefined {
  const timeline = new Timeline(
    HEADER,
    events.map((body) => ({ t: 0, ...body })),
  );
  const diagnosis = diagnose(timeline);
  return leadFrom({ given, timeline, diagnosis, questions: openQuestions(timeline, diagnosis.results), args });
}

const check = (rule: string, facts: Facts = {}, ok = true): EventBody => ({ type: 'check', rule, ok, facts });
const closed = (facts: Facts): EventBody => check('close-reported', { code: 1000, ...facts });
const HANDSHAKE = {
  msg_type: 1,
  protocol_version: 1,
  meeting_uuid: 'RE/HWbQ7QESDTyweZXDZtA==',
  rtms_stream_id: '1d330e9ca9c04407bded276b30b64be7',
  signature: `fe51${'*'.repeat(56)}5636`,
};
const sent = (fields: object = HANDSHAKE): EventBody =>
  frameEvent('signaling', 'out', 'text', Buffer.from(JSON.stringify(fields)));
const signed: EventBody = { type: 'check', rule: 'signature-mismatch', ok: true, frame: 1, facts: {} };
const started: EventBody = {
  type: 'webhook',
  headers: {},
  body: JSON.stringify({
    event: 'meeting.rtms_started',
    event_ts: 1784548801250,
    payload: {
      meeting_uuid: HANDSHAKE.meeting_uuid,
      rtms_stream_id: HANDSHAKE.rtms_stream_id,
      server_urls: 'wss://rtms.zoom.us/a',
    },
  }),
};

describe('a check-up leads', () => {
  it('to the first finding, and then to itself', () => {
    const { signature: _, ...unsigned } = HANDSHAKE;
    expect(lead({ handshake: 'a b.json' }, ['doctor', '--handshake', 'a b.json', '--json'], sent(unsigned))).toBe(
      "fix 1, then: rtms doctor --handshake 'a b.json'",
    );
  });

  it('to what was not told of a close', () => {
    const args = ['doctor', '--close-code', '1000'];
    expect(lead({ closeCode: '1000' }, args, closed({}))).toMatch(
      /: rtms doctor --close-code 1000 --after 1\.8s --frames-in 0$/,
    );
    const { after } = { after: '2s' };
    expect(lead({ closeCode: '1000', after }, [...args, '--after', after], closed({ afterMs: 2000 }))).toMatch(
      / --after 2s --frames-in 0$/,
    );
  });

  const whole = { closeCode: '1000', after: '1.8s', framesIn: '0' };
  const close = closed({ afterMs: 1800, framesIn: 0 });

  it('to what was not given, and never to itself', () => {
    expect(lead(whole, ['doctor'], close)).toMatch(/: rtms doctor --payload started\.json --handshake mine\.json$/);
    expect(lead({ ...whole, payload: 'p' }, ['doctor'], started, close)).toMatch(/: rtms doctor --handshake mine\.json$/);
    expect(lead({ ...whole, payload: 'p', handshake: 'h' }, ['doctor'], started, sent(), close)).toMatch(
      /^set ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET/,
    );
  });

  it('to another client where all that was given is right', () => {
    const given = { ...whole, payload: 'p.json', handshake: 'h' };
    const proven: EventBody = { ...signed, frame: 2 };
    expect(lead(given, ['doctor'], started, sent(), proven, close)).toMatch(
      /^take the pair of the app and version .*: rtms connect --payload p\.json$/,
    );
  });

  it('to credentials where a signature was not recomputed', () => {
    expect(lead({ handshake: 'h' }, ['doctor', '--handshake', 'h'], sent())).toMatch(/, then: rtms doctor --handshake h$/);
    expect(lead({ handshake: 'h' }, ['doctor', '--handshake', 'h'], sent(), signed)).toBeUndefined();
  });

  it('to the stream itself where its webhook is right', () => {
    expect(lead({ payload: 'p.json' }, ['doctor', '--payload', 'p.json'], started)).toBe(
      'open the stream, while it runs: rtms connect --payload p.json',
    );
  });

  it('from a symptom to its close, from other questions to the answers', () => {
    expect(lead({}, ['doctor', '--ask'], answerEvent('symptom', 'silent-close'))).toMatch(
      /: rtms doctor --close-code 1000 --after 1\.8s --frames-in 0$/,
    );
    expect(lead({}, ['doctor'], answerEvent('symptom', 'no-start-event'))).toBe(
      'answer the questions: rtms doctor --ask',
    );
  });
});

it('a fix names the files that were given', () => {
  const fix = 'rtms sign --payload started.json --handshake mine.json';
  expect(withFiles(fix, { payload: 'my own.json', handshake: '-' })).toBe(
    "rtms sign --payload 'my own.json' --handshake mine.json",
  );
});
