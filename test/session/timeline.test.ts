import { describe, expect, it } from 'vitest';
import { MESSAGE_TYPE, SESSION_STATE, STOP_REASON, STREAM_STATE } from '../../src/protocol/codes.js';
import {
  dataHandshakeResponse,
  keepAliveRequest,
  keepAliveResponse,
  mediaData,
  sessionStateUpdate,
  signalingHandshakeResponse,
  streamStateUpdate,
} from '../../src/protocol/messages.js';
import type { EventBody, FrameEvent, SessionEvent, SocketName } from '../../src/session/event.js';
import { summarise } from '../../src/session/summary.js';
import { Timeline } from '../../src/session/timeline.js';

const HEADER = { rtms: 1, tool: 'rtms 0.1.0', command: 'connect', startedAt: '2026-07-20T12:00:04.000Z' } as const;

const frame = (dir: 'in' | 'out', message: object, socket: SocketName = 'signaling'): FrameEvent => {
  const text = JSON.stringify(message);
  return { type: 'frame', socket, dir, opcode: 'text', bytes: text.length, text };
};
const phase = (name: 'dns' | 'upgrade', ok = true): EventBody => ({
  type: 'phase',
  name,
  socket: 'signaling',
  ms: 1,
  ok,
  detail: {},
});
const closed: EventBody = { type: 'close', socket: 'signaling', code: 1000, reason: '', by: 'peer', clean: true };

/** One event every 10 ms. */
const timeline = (...bodies: EventBody[]): Timeline =>
  new Timeline(
    HEADER,
    bodies.map((body, index): SessionEvent => ({ t: index * 10, ...body })),
  );

describe('connections', () => {
  it('a connection holds no more than a few MB of what is no known message', () => {
    const mebibyte = 1024 * 1024;
    const large: FrameEvent = { ...frame('in', {}), bytes: mebibyte };
    const [connection] = timeline(...Array.from({ length: 50 }, () => large)).connections;
    expect([connection?.frames.length, connection?.counts.in.text]).toEqual([9, 50]);
  });

  it('a connection holds its phases, frames and end, numbered from 1', () => {
    const { signaling } = timeline(phase('dns'), phase('upgrade'), frame('out', { msg_type: 1 }), closed);
    expect(signaling?.opened).toBe(true);
    expect(signaling?.handshake?.number).toBe(3);
    expect(signaling?.close?.number).toBe(4);
    expect(signaling?.reply).toBeUndefined();
  });

  it('a new dial is a new connection', () => {
    const { connections, signaling } = timeline(phase('dns'), closed, phase('dns'), phase('upgrade', false));
    expect(connections).toHaveLength(2);
    expect(signaling?.opened).toBe(false);
    expect(signaling?.failedPhase?.event.name).toBe('upgrade');
  });

  it('a frame after an end is a new connection, where no phases are on record', () => {
    expect(timeline(frame('out', {}), closed, frame('out', {})).connections).toHaveLength(2);
  });

  it('an answer to an early keep-alive is not the handshake', () => {
    const { signaling } = timeline(
      frame('in', keepAliveRequest(1)),
      frame('out', keepAliveResponse(1)),
      frame('out', { msg_type: 1 }),
    );
    expect(signaling?.handshake?.number).toBe(3);
  });

  it('a signaling answer on a media socket counts as its reply', () => {
    const refusal = signalingHandshakeResponse({ statusCode: 9 });
    const [media] = timeline(frame('in', refusal, 'media:audio')).mediaSockets;
    expect(media?.reply?.number).toBe(1);
  });
});

describe('two connections of one name', () => {
  const accepted = signalingHandshakeResponse({ serverUrls: { all: 'wss://a' } });
  const refused = signalingHandshakeResponse({ statusCode: 8 });
  const numbers = ({ connections }: Timeline): number[][] =>
    connections.map(({ frames, close }) => [...frames.map(({ number }) => number), ...(close ? [close.number] : [])]);

  it('are told apart by a second handshake where the first was accepted', () => {
    const events = [frame('out', { msg_type: 1 }), frame('in', accepted), frame('out', { msg_type: 1 })];
    expect(numbers(timeline(...events))).toEqual([[1, 2], [3]]);
  });

  it('a handshake that is tried again on its socket is not another one', () => {
    const events = [frame('out', { msg_type: 1 }), frame('in', refused), frame('out', { msg_type: 1 })];
    expect(numbers(timeline(...events))).toEqual([[1, 2, 3]]);
  });

  it('a close after a refusal is that of the refused one: what comes then is of the other', () => {
    const first = [phase('dns'), phase('upgrade'), frame('out', { msg_type: 1 }), frame('in', accepted)];
    const second = [phase('dns'), phase('upgrade'), frame('out', { msg_type: 1 }), frame('in', refused), closed];
    const session = timeline(...first, ...second, frame('in', keepAliveRequest(1)));
    expect(numbers(session)).toEqual([
      [3, 4, 10],
      [7, 8, 9],
    ]);
  });

  it('a close after an acceptance is that of the older one, where the newer speaks on', () => {
    const one = [phase('dns'), phase('upgrade'), frame('out', { msg_type: 1 }), frame('in', accepted)];
    const session = timeline(...one, ...one, closed, frame('in', keepAliveRequest(1)));
    expect(numbers(session)).toEqual([
      [3, 4, 9],
      [7, 8, 10],
    ]);
  });
});

describe('keep-alives', () => {
  const ledger = (...bodies: EventBody[]): Timeline['signaling'] => timeline(...bodies).signaling;

  it('are matched by timestamp', () => {
    const { keepAlive } = ledger(
      frame('in', keepAliveRequest(1)),
      frame('in', keepAliveRequest(2)),
      frame('out', keepAliveResponse(2)),
    ) ?? { keepAlive: undefined };
    expect(keepAlive).toMatchObject({ asked: 2, answered: 1, worstMs: 10 });
    expect(keepAlive?.unanswered.map(({ number }) => number)).toEqual([1]);
  });

  it('an answer without timestamp answers the oldest, and is noted', () => {
    const { keepAlive } = ledger(frame('in', keepAliveRequest(1)), frame('out', { msg_type: 13 })) ?? {};
    expect(keepAlive).toMatchObject({ answered: 1, withoutTimestamp: [{ number: 2 }], unanswered: [] });
  });

  it('an answer to nothing is stray', () => {
    const { keepAlive } = ledger(frame('out', keepAliveResponse(1))) ?? {};
    expect(keepAlive).toMatchObject({ answered: 0, stray: [{ number: 1 }] });
  });
});

describe('media', () => {
  const agreed = dataHandshakeResponse({
    mediaParams: { audio: { content_type: 2, sample_rate: 1, channel: 1, codec: 1, data_opt: 1, send_rate: 20 } },
  });
  const audio = (timestamp: number): FrameEvent =>
    frame(
      'in',
      mediaData(MESSAGE_TYPE.MEDIA_DATA_AUDIO.value, { userId: 0, data: Buffer.alloc(640), timestamp }),
      'media:audio',
    );

  it('is counted, not kept', () => {
    const session = timeline(frame('in', agreed, 'media:audio'), audio(0), audio(20), audio(40));
    expect(session.mediaSockets[0]?.frames).toHaveLength(1);
    expect(summarise(session).media).toEqual([
      { media: 'audio', frames: 3, bytes: 1920, bytesPerSecond: 32_000, expectedBytesPerSecond: 32_000, gaps: 0 },
    ]);
  });

  it('a jump in the timestamps of mixed audio is a gap', () => {
    const session = timeline(frame('in', agreed, 'media:audio'), audio(0), audio(20), audio(100), audio(120));
    expect(summarise(session).media[0]?.gaps).toBe(1);
  });

  it('a jump in the audio of one participant is not: people fall silent', () => {
    const ofAda = (timestamp: number): FrameEvent =>
      frame(
        'in',
        mediaData(MESSAGE_TYPE.MEDIA_DATA_AUDIO.value, { userId: 7, data: Buffer.alloc(640), timestamp }),
        'media:audio',
      );
    expect(summarise(timeline(frame('in', agreed, 'media:audio'), ofAda(0), ofAda(500))).media[0]?.gaps).toBe(0);
  });
});

describe('states', () => {
  it('a pause by either message lasts until a resume by either', () => {
    const { pauses } = timeline(
      frame('in', sessionStateUpdate('s', SESSION_STATE.PAUSED.value, 1)),
      frame('in', streamStateUpdate(STREAM_STATE.PAUSED.value, 1)),
      frame('in', streamStateUpdate(STREAM_STATE.RESUMED.value, 1)),
      frame('in', sessionStateUpdate('s', SESSION_STATE.RESUMED.value, 1)),
      frame('in', sessionStateUpdate('s', SESSION_STATE.PAUSED.value, 1)),
    );
    expect(pauses).toEqual([{ from: 0, to: 20 }, { from: 40 }]);
  });

  it('endings come with their source and reason', () => {
    const stopped = JSON.stringify({ event: 'meeting.rtms_stopped', payload: { rtms_stream_id: 'x', stop_reason: 6 } });
    const { endings } = timeline(
      frame('in', streamStateUpdate(STREAM_STATE.TERMINATED.value, 1, STOP_REASON.MEETING_ENDED.value)),
      frame('in', sessionStateUpdate('s', SESSION_STATE.STOPPED.value, 1, STOP_REASON.MEETING_ENDED.value)),
      { type: 'webhook', headers: {}, body: stopped },
    );
    expect(endings).toMatchObject([
      { number: 1, source: 'stream-state', reason: 6 },
      { number: 2, source: 'session-state', reason: 6 },
      { number: 3, source: 'webhook', reason: 6 },
    ]);
  });
});

it('knows the wall clock of an event', () => {
  expect(timeline().wallClock(1500)).toBe(Date.parse('2026-07-20T12:00:05.500Z'));
});

describe('webhooks', () => {
  const webhook = (n: number, pad = ''): EventBody => ({
    type: 'webhook',
    headers: {},
    body: JSON.stringify({ event: 'meeting.rtms_stopped', payload: { rtms_stream_id: `${n}`, pad } }),
  });
  const answered = (frame: number): EventBody => ({
    type: 'check',
    rule: 'webhook-answer',
    ok: true,
    frame,
    facts: {},
  });

  it('are forgotten in the end, with all that was established of them', () => {
    const events = Array.from({ length: 1200 }, (_, index) => [webhook(index), answered(index * 2 + 1)]).flat();
    const { webhooks, checks, endings } = timeline(...events);
    expect([webhooks.length, checks.length, endings.length]).toEqual([1000, 1000, 1000]);
    expect(webhooks[0]?.webhook.streamId).toBe('200');
    expect(checks[0]?.event.frame).toBe(webhooks[0]?.number);
  });

  it('that are long are forgotten sooner', () => {
    const events = Array.from({ length: 20 }, (_, index) => webhook(index, 'x'.repeat(1_000_000)));
    expect(timeline(...events).webhooks.map((entry) => entry.webhook.streamId)).toEqual(
      Array.from({ length: 8 }, (_, index) => `${index + 12}`),
    );
  });

  it('that are no UTF-8 are read from their bytes', () => {
    const bytes = Buffer.from('{"event":"meeting.rtms_started","x":"\xff"}', 'latin1');
    const { webhooks } = timeline({ type: 'webhook', headers: {}, body: '?', base64: bytes.toString('base64') });
    expect(webhooks[0]?.text.faults).not.toEqual([]);
  });
});
