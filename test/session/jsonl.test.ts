import { describe, expect, it } from 'vitest';
import type { SessionEvent, SessionHeader } from '../../src/session/event.js';
import { parseRecording, toLine } from '../../src/session/jsonl.js';

const HEADER: SessionHeader = {
  rtms: 1,
  tool: 'rtms 0.1.0',
  command: 'connect',
  startedAt: '2026-07-20T12:00:04.000Z',
  product: 'meeting',
};

const EVENTS: readonly SessionEvent[] = [
  { t: 0, type: 'webhook', headers: { 'content-type': 'application/json' }, body: '{"event":"meeting.rtms_started"}' },
  { t: 1.5, type: 'phase', name: 'dns', socket: 'signaling', ms: 1.5, ok: true, detail: { address: '127.0.0.1' } },
  { t: 2, type: 'frame', socket: 'signaling', dir: 'out', opcode: 'text', bytes: 2, text: '{}' },
  { t: 3, type: 'frame', socket: 'media:audio', dir: 'in', opcode: 'binary', bytes: 1, base64: '/w==' },
  { t: 4, type: 'error', socket: 'signaling', code: 'ECONNRESET', message: 'read ECONNRESET' },
  { t: 5, type: 'close', socket: 'signaling', code: 1006, reason: '', by: 'peer', clean: false },
  { t: 6, type: 'check', rule: 'signature-mismatch', ok: false, frame: 3, facts: { cause: 'no-delimiter', tried: 12 } },
  { t: 7, type: 'note', text: 'a line\nwith a break' },
  { t: 8, type: 'webhook', headers: {}, body: '\ufffd', base64: '/w==' },
];

const text = toLine(HEADER) + EVENTS.map(toLine).join('');

describe('parseRecording', () => {
  it('reads back what was written', () => {
    expect(parseRecording(text)).toEqual({ header: HEADER, events: EVENTS, problems: [] });
  });

  it('keeps what stands before a line that was cut off', () => {
    const { events, problems } = parseRecording(text.slice(0, -10));
    expect(events).toEqual(EVENTS.slice(0, -1));
    expect(problems).toEqual([{ line: 10, message: 'cut off' }]);
  });

  it('reports a line that is no event and goes on', () => {
    const { events, problems } = parseRecording(
      `${toLine(HEADER)}{"t":1,"type":"later"}\n${toLine(EVENTS[7] ?? { t: 0, type: 'note', text: '' })}`,
    );
    expect(events).toEqual([EVENTS[7]]);
    expect(problems).toEqual([{ line: 2, message: 'not an event' }]);
  });

  it('ignores fields it does not know', () => {
    const { events } = parseRecording(`${toLine(HEADER)}{"t":1,"type":"note","text":"x","later":true}\n`);
    expect(events).toEqual([{ t: 1, type: 'note', text: 'x' }]);
  });

  it.each([
    ['an empty file', '', /not a recording/],
    ['other JSON', '{"event":"meeting.rtms_started"}\n', /not a recording/],
    ['a newer version', '{"rtms":2,"tool":"rtms 9","command":"connect","startedAt":"x"}\n', /newer rtms/],
  ])('refuses %s', (_, content, message) => {
    expect(() => parseRecording(content)).toThrow(message);
  });
});
