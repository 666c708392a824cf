/** Whatever comes over the wire, the view neither throws nor lets a control character through. */
import { Chalk } from 'chalk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SessionView } from '../../src/report/session-view.js';
import type { EventBody } from '../../src/session/event.js';
import { frameEvent } from '../../src/session/message.js';

const text = fc.string({ unit: 'binary' });
const facts = fc.dictionary(fc.constantFrom('code', 'message', 'address', 'status', 'note', 'protocol'), text);
const event: fc.Arbitrary<EventBody> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('in' as const, 'out' as const),
      fc.constantFrom('text' as const, 'binary' as const),
      fc.uint8Array(),
    )
    .map(([dir, opcode, bytes]) => frameEvent('signaling', dir, opcode, bytes)),
  fc.json().map((json) => frameEvent('media:audio', 'in', 'text', Buffer.from(json))),
  fc
    .record({
      msg_type: fc.integer({ min: 0, max: 40 }),
      content: fc.object(),
      status_code: fc.anything(),
      reason: fc.anything(),
    })
    .map((message) => frameEvent('signaling', 'in', 'text', Buffer.from(JSON.stringify(message)))),
  fc
    .record({
      name: fc.constantFrom('dns' as const, 'tls' as const, 'upgrade' as const, 'reply' as const),
      ok: fc.boolean(),
      detail: facts,
    })
    .map((phase): EventBody => ({ type: 'phase', socket: 'signaling', ms: 1, ...phase })),
  text.map((reason): EventBody => ({
    type: 'close',
    socket: 'signaling',
    code: 1000,
    reason,
    by: 'peer',
    clean: true,
  })),
  fc
    .record({ code: text, message: text })
    .map((error): EventBody => ({ type: 'error', socket: 'signaling', ...error })),
  text.map((note): EventBody => ({ type: 'note', text: note })),
);

it.each(['text', 'hex', 'json', 'none'] as const)('--dump %s', (dump) => {
  fc.assert(
    fc.property(fc.array(event), fc.boolean(), (events, xxd) => {
      const options = { columns: 80, maxBytes: 100, verbose: true, startedAt: 0, product: 'meeting' } as const;
      const view = new SessionView({ chalk: new Chalk({ level: 0 }), dump, xxd, ...options });
      const lines = events.flatMap((body, t) => view.lines({ t, ...body }));
      expect(lines.join('')).not.toMatch(/\p{Cc}/u);
    }),
  );
});
