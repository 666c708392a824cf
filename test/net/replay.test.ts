import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { replayOf } from '../../src/net/replay.js';
import type { SessionEvent, SocketName } from '../../src/session/event.js';
import { parseRecording, type Recording } from '../../src/session/jsonl.js';

const header = { rtms: 1, tool: 'rtms 0', command: 'connect', startedAt: '2026-11-23T00:00:00.000Z' } as const;
const recording = (...events: SessionEvent[]): Recording => ({ header, events, problems: [] });

function frame(t: number, dir: 'in' | 'out', socket: SocketName, message: object, opcode: 'text' | 'binary' = 'text') {
  const text = JSON.stringify(message);
  return { t, type: 'frame', socket, dir, opcode, bytes: text.length, text } as const;
}
const close = (t: number, code: number, by: 'peer' | 'self' = 'peer'): SessionEvent => ({
  t,
  type: 'close',
  socket: 'signaling',
  code,
  reason: '',
  by,
  clean: true,
});

const ASKED = frame(10, 'out', 'signaling', { msg_type: 1 });

describe('an accepted session', () => {
  const urls = { audio: 'wss://x/audio', all: 'wss://x/all' };
  const { offer, media, script, lasts } = replayOf(
    recording(
      ASKED,
      frame(20, 'in', 'signaling', { msg_type: 2, status_code: 0, media_server: { server_urls: urls } }),
      frame(25, 'in', 'signaling', { msg_type: 6, event: { event_type: 3, participants: [] } }),
      frame(30, 'out', 'media:all', { msg_type: 3 }),
      frame(40, 'in', 'media:all', { msg_type: 4, status_code: 0 }),
      frame(50, 'out', 'signaling', { msg_type: 7 }),
      frame(51, 'in', 'signaling', { msg_type: 6, event: { event_type: 1, timestamp: 1 } }),
      frame(52, 'in', 'signaling', { msg_type: 8, state: 1 }),
      frame(70, 'in', 'media:all', { msg_type: 14, content: { data: 'AAAA' } }, 'binary'),
      { t: 90, type: 'frame', socket: 'media:all', dir: 'in', opcode: 'text', bytes: 900 },
      frame(100, 'in', 'signaling', { msg_type: 12, timestamp: 1 }),
      frame(101, 'out', 'signaling', { msg_type: 13, timestamp: 1 }),
      frame(150, 'in', 'signaling', { msg_type: 8, state: 4, reason: 6 }),
      close(160, 1000),
    ),
  );

  it('offers the same media, and makes none of its own', () => {
    expect({ offer, media }).toMatchObject({ offer: ['audio', 'all'], media: { flows: false } });
    expect(lasts).toBe(160);
  });

  it('plays back what the server sent, in its time, but answers, keep-alives and the beginning', () => {
    expect(script).toMatchObject([
      { on: 'accepted', after: 5, do: 'send', socket: 'signaling', opcode: 'text' },
      { on: 'ready', after: 1, do: 'send', socket: 'signaling' },
      { on: 'ready', after: 20, do: 'send', socket: 'media:audio', opcode: 'binary' },
      { on: 'ready', after: 100, do: 'send', socket: 'signaling' },
      { on: 'ready', after: 110, do: 'close', socket: 'signaling', code: 1000 },
    ]);
    expect(script).toHaveLength(5);
  });

  it('plays bytes back as they were', () => {
    expect(script[2]).toHaveProperty('text', '{"msg_type":14,"content":{"data":"AAAA"}}');
  });
});

it.each<[string, readonly SessionEvent[], object]>([
  [
    'a refusal',
    [ASKED, frame(20, 'in', 'signaling', { msg_type: 2, status_code: 3, reason: 'no' }), close(21, 1000)],
    { do: 'refuse', status: 3, reason: 'no', close: { code: 1000, reason: '' } },
  ],
  [
    'a refusal that leaves the socket open',
    [ASKED, frame(20, 'in', 'signaling', { msg_type: 2, reason: 'no' }), close(9000, 1000, 'self')],
    { do: 'refuse', reason: 'no', close: null },
  ],
  ['a silent close', [ASKED, close(369, 1000)], { do: 'close', after: 359, code: 1000 }],
  ['a close without a code', [ASKED, close(369, 1005)], { do: 'close', code: 1006 }],
  ['silence', [ASKED, close(9000, 1000, 'self')], { do: 'ignore' }],
])('%s is repeated', (_, events, step) => {
  const { script } = replayOf(recording(...events));
  expect(script).toMatchObject([{ on: 'handshake', times: 'every', ...step }]);
});

it('a session without a handshake is a session as documented', () => {
  expect(replayOf(recording()).script).toEqual([]);
});

it('makes something of every recording there is', () => {
  const folder = new URL('../../fixtures/sessions/', import.meta.url);
  const text = readFileSync(new URL('stream-stopped.ok.jsonl', folder), 'utf8');
  expect(replayOf(parseRecording(text)).script.length).toBeGreaterThan(0);
});
