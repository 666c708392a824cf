import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventsOf } from '../../src/artefact/events.js';
import { readArtefacts, type ReadOptions } from '../../src/artefact/read.js';
import { Source } from '../../src/artefact/source.js';

const events = (content: string | Uint8Array, options?: ReadOptions) =>
  readArtefacts(new Source(Buffer.from(content)), options).flatMap(eventsOf);

describe('a message, on the socket it belongs to', () => {
  it.each<[string, string, string]>([
    ['{"msg_type":1}', 'signaling', 'out'],
    ['{"msg_type":"SIGNALING_HAND_SHAKE_REQ"}', 'signaling', 'out'],
    ['{"msg_type":3,"media_type":1}', 'media:audio', 'out'],
    ['{"msg_type":3,"media_type":32}', 'media:all', 'out'],
    ['{"msg_type":3,"media_type":9}', 'media:all', 'out'],
    ['{"rtms_stream_id":"1d33","signature":"c0ee","media_type":2}', 'media:video', 'out'],
    ['{"rtms_stream_id":"1d33","signature":"c0ee"}', 'signaling', 'out'],
    ['{"msg_type":2}', 'signaling', 'in'],
    ['{"msg_type":4}', 'media:all', 'in'],
    ['{"msg_type":7}', 'signaling', 'out'],
    ['{"msg_type":"13"}', 'signaling', 'out'],
    ['{"msg_type":17}', 'media:transcript', 'in'],
    ['{"msg_type":99}', 'signaling', 'in'],
    ['{"msg_type":null}', 'signaling', 'out'],
  ])('%s', (text, socket, dir) =>
    expect(events(text)).toMatchObject([{ type: 'frame', socket, dir, opcode: 'text', text }]),
  );

  it('goes in a binary frame where it is no text', () => {
    expect(events(Buffer.from('\u0001{"msg_type":1}'))).toMatchObject([{ opcode: 'binary', bytes: 15 }]);
  });
});

describe('anything else', () => {
  it('a webhook, with the headers it came with', () => {
    const body = '{"event":"meeting.rtms_started","payload":{}}';
    expect(events(body)).toEqual([{ type: 'webhook', headers: {}, body }]);
    expect(events(`Host: x\n\n${body}`)).toEqual([{ type: 'webhook', headers: { host: 'x' }, body }]);
  });

  it('a webhook in another encoding, as what it says', () => {
    const body = '{"event":"meeting.rtms_started","payload":{}}';
    expect(events(Buffer.from(`\ufeff${body}`, 'utf16le'))).toEqual([{ type: 'webhook', headers: {}, body }]);
  });

  it('a manifest, as all it states', () => {
    const manifest = readFileSync(new URL('../../fixtures/manifests/meeting.json', import.meta.url), 'utf8');
    const checks = events(manifest);
    expect(checks.length).toBeGreaterThan(5);
    expect(events(`{"manifest":${manifest}}`)).toHaveLength(checks.length);
  });

  it('an answer of the API, with its status', () => {
    const body = '{"code":2310,"message":"no"}';
    expect(events(`HTTP/1.1 400 Bad Request\nx: y\n\n${body}`)).toMatchObject([
      { rule: 'rest-answer', facts: { status: 400, code: 2310 } },
    ]);
    expect(events(body)).toMatchObject([{ rule: 'rest-answer', facts: { code: 2310 } }]);
  });
});
