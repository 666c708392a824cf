import { execFileSync } from 'node:child_process';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { SessionView, type SessionViewOptions } from '../../src/report/session-view.js';
import type { EventBody, FrameEvent } from '../../src/session/event.js';
import { installed } from '../helpers/installed.js';

const view = (options: Partial<SessionViewOptions> = {}): SessionView =>
  new SessionView({
    chalk: new Chalk({ level: 0 }),
    columns: 100,
    dump: 'text',
    maxBytes: 512,
    xxd: false,
    verbose: false,
    startedAt: new Date(2026, 6, 20, 22, 14, 7, 0).getTime(),
    product: 'meeting',
    ...options,
  });

const frame = (message: object, extra: Partial<FrameEvent> = {}): FrameEvent => {
  const text = JSON.stringify(message);
  return {
    type: 'frame',
    socket: 'signaling',
    dir: 'in',
    opcode: 'text',
    bytes: Buffer.byteLength(text),
    text,
    ...extra,
  };
};
const binary = (hex: string): FrameEvent => {
  const bytes = Buffer.from(hex, 'hex');
  return {
    type: 'frame',
    socket: 'signaling',
    dir: 'out',
    opcode: 'binary',
    bytes: bytes.length,
    base64: bytes.toString('base64'),
  };
};
const shown = (event: EventBody, options?: Partial<SessionViewOptions>): string[] =>
  view(options).lines({ t: 512, ...event });

describe('a frame', () => {
  it('in text', () => {
    expect(shown(frame({ msg_type: 12, timestamp: 1 }))).toEqual([
      '← 22:14:07.512 signaling text 29 B  KEEP_ALIVE_REQ',
      '  {"msg_type":12,"timestamp":1}',
    ]);
  });

  it('in JSON', () => {
    expect(shown(frame({ msg_type: 12 }), { dump: 'json' }).slice(1)).toEqual(['  {', '    "msg_type": 12', '  }']);
  });

  it('as a hexdump to read', () => {
    expect(shown(frame({ msg_type: 12 }), { dump: 'hex' })[1]).toBe(
      '00000000  7b 22 6d 73 67 5f 74 79  70 65 22 3a 31 32 7d     |{"msg_type":12}|',
    );
  });

  it('without body', () => {
    expect(shown(frame({ msg_type: 12 }), { dump: 'none' })).toHaveLength(1);
  });

  it('cut at --max-bytes, with what is left', () => {
    expect(shown(frame({ msg_type: 12, x: 'y'.repeat(100) }), { maxBytes: 20 }).slice(1)).toEqual([
      '  {"msg_type":12,"x":"',
      '          … 102 more bytes (--max-bytes)',
    ]);
  });

  it('that is not text is a hexdump in any form', () => {
    expect(shown(binary('01000000bbff'))[1]).toBe(
      '00000000  01 00 00 00 bb ff                                 |......|',
    );
  });

  it('of an unknown type is shown with its number', () => {
    expect(shown(frame({ msg_type: 99 }))[0]).toContain('unknown (99)');
  });

  it('cannot steer the terminal', () => {
    const lines = shown({ ...frame({}), text: '{"a":"\u001b[2J"}', bytes: 10 });
    expect(lines.join('')).not.toContain('\u001b');
  });

  it.each([
    [{ msg_type: 2, status_code: 3, reason: 'no' }, 'status 3 INVALID_SIGNATURE'],
    [{ msg_type: 2, reason: 'no' }, 'no status_code'],
    [{ msg_type: 8, state: 4, reason: 6 }, 'TERMINATED, reason 6 MEETING_ENDED'],
    [{ msg_type: 14, content: { user_id: 0, data: 'AAAAAA==', timestamp: 5 } }, 'user 0, 4 B, t=5'],
    [{ msg_type: 17, content: { data: 'Hello everyone.' } }, 'Hello everyone.'],
  ])('%j says %s', (message, words) => {
    expect(shown(frame(message))[0]?.endsWith(words)).toBe(true);
  });
});

describe('a step', () => {
  it('of signaling has its time and facts', () => {
    expect(
      shown({
        type: 'phase',
        name: 'dns',
        socket: 'signaling',
        ms: 12.3,
        ok: true,
        detail: { address: '203.0.113.10' },
      }),
    ).toEqual(['  dns          12 ms    203.0.113.10']);
  });

  it('that failed says why', () => {
    const detail = { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' };
    expect(shown({ type: 'phase', name: 'tcp', socket: 'media:audio', ms: 1, ok: false, detail })[0]).toContain(
      'ECONNREFUSED',
    );
  });

  it('of a media socket is left out while all goes well', () => {
    const step = { type: 'phase', name: 'dns', socket: 'media:audio', ms: 1, ok: true, detail: {} } as const;
    expect(shown(step)).toEqual([]);
    expect(shown(step, { verbose: true })).toHaveLength(1);
  });
});

it('a close says how long after the handshake, and what came before it', () => {
  const session = view();
  session.lines({ t: 100, type: 'phase', name: 'handshake', socket: 'signaling', ms: 0, ok: true, detail: {} });
  session.lines({ t: 200, ...frame({ msg_type: 12 }) });
  const close = session.lines({
    t: 459,
    type: 'close',
    socket: 'signaling',
    code: 1000,
    reason: '',
    by: 'peer',
    clean: true,
  });
  expect(close).toEqual([
    '← 22:14:07.459 signaling close 1000 ""',
    '               359 ms after the handshake; 1 text, 0 binary frames came before it',
  ]);
});

it.skipIf(!installed('xxd'))('in a pipe, xxd -r takes exactly the frames out of it', () => {
  const session = view({ dump: 'hex', xxd: true, maxBytes: 40 });
  const frames = [
    frame({ msg_type: 1, id: 'abc' }),
    binary('00ff10deadbeef'),
    frame({ msg_type: 12, x: 'y'.repeat(90) }),
  ];
  const events: EventBody[] = [
    { type: 'phase', name: 'dns', socket: 'signaling', ms: 12, ok: true, detail: { address: '203.0.113.10' } },
    ...frames,
    { type: 'note', text: 'deadbeef: feed 12 34' },
    { type: 'close', socket: 'signaling', code: 1000, reason: 'abad cafe', by: 'peer', clean: true },
  ];
  const text = [
    ...session.text(['  payload      face feed']),
    ...events.flatMap((event, t) => session.lines({ t, ...event })),
  ].join('\n');
  const bytes = frames.map(({ text: body, base64 = '' }) =>
    Buffer.from(body ?? base64, body === undefined ? 'base64' : 'utf8').subarray(0, 40),
  );
  expect(execFileSync('xxd', ['-r'], { input: `${text}\n` })).toEqual(Buffer.concat(bytes));
});

it('wraps notes, which are prose', () => {
  const note = { t: 0, type: 'note', text: 'the mock says: signaling: a few words too many' } as const;
  expect(view({ columns: 45 }).lines(note)).toEqual([
    '  note         the mock says: signaling: a',
    '               few words too many',
  ]);
});

it('one session among others has its mark in every line that begins something', () => {
  const marked = view({ mark: '#2', dump: 'none' });
  const events: EventBody[] = [
    { type: 'phase', name: 'dns', socket: 'signaling', ms: 12, ok: true, detail: { address: '127.0.0.1' } },
    frame({ msg_type: 12 }),
    { type: 'close', socket: 'signaling', code: 1000, reason: '', by: 'self', clean: true },
    { type: 'note', text: 'hello' },
  ];
  expect(events.flatMap((event) => marked.lines({ t: 512, ...event }))).toEqual([
    '  #2 dns       12 ms    127.0.0.1',
    '← 22:14:07.512 #2 signaling text 15 B  KEEP_ALIVE_REQ',
    '→ 22:14:07.512 #2 signaling close 1000 ""',
    '  #2 note      hello',
  ]);
});
