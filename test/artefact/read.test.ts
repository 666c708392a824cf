/** What is found in a file, and how it was read. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Artefact } from '../../src/artefact/artefact.js';
import { readArtefacts, whyNothing, type ReadOptions } from '../../src/artefact/read.js';
import { Source } from '../../src/artefact/source.js';

const FRAMES = new URL('../../fixtures/frames/', import.meta.url);

const read = (content: string | Uint8Array, options?: ReadOptions): Artefact[] =>
  readArtefacts(new Source(Buffer.from(content)), options);

/** `handshake, read as a hexdump`, with the faults of its framing. */
const brief = ({ kind, assumptions, reading: { faults } }: Artefact): string =>
  [kind, ...assumptions, ...faults.map(({ cause }) => `(${cause})`)].join(', ');

const HEXDUMP = 'handshake, read as a hexdump, (binary-prefix)';

describe('a file that is one message, wrapped', () => {
  const ids = 'kR3/p0+TQc2nYl8sWfEm1g== 9f31c2d7a05b4e8896aa10c4be77d2f3';
  it.each<[string, string | Uint8Array, readonly string[]]>([
    ['Protocol Buffers', `\u0008\u0001\u0012\u0039${ids}`, ['handshake, (protobuf)']],
    ['bytes that only read so', '\u0008\u0001\u0012\u0003abc', []],
    ['a packet of Socket.IO', '42["m",{"msg_type":1}]', ['handshake, (text-prefix), (trailing-bytes)']],
    ['JSON with a comma too many', '{"msg_type":1,}', ['handshake, (not-json)']],
  ])('%s', (_, content, expected) => expect(read(content).map(brief)).toEqual(expected));
});

describe('fixtures/frames', () => {
  it.each<[string, readonly string[]]>([
    ['handshake.json', ['handshake']],
    ['handshake.beta.json', ['handshake']],
    ['handshake.renamed-fields.json', ['handshake']],
    ['handshake.bom.json', ['handshake, (bom)']],
    ['handshake.double-encoded.json', ['handshake, (double-encoded)']],
    ['handshake.truncated.json', ['handshake, (truncated)']],
    ['handshake.utf-16.json', ['handshake, (not-utf8)']],
    ['handshake.typographic-quotes.txt', ['handshake, (typographic-quotes)']],
    ['handshake.binary-prefix.bin', ['handshake, (binary-prefix)']],
    ['handshake.binary-prefix.xxd.hex', [HEXDUMP]],
    ['handshake.binary-prefix.hexdump-c.hex', [HEXDUMP]],
    ['handshake.binary-prefix.hexdump.hex', [HEXDUMP]],
    ['handshake.binary-prefix.od.hex', [HEXDUMP]],
    ['handshake.binary-prefix.plain.hex', ['handshake, read as hex digits, (binary-prefix)']],
    ['handshake.binary-prefix.b64', ['handshake, read as Base64, (binary-prefix)']],
    ['handshake.protobuf.hex', ['handshake, read as hex digits, (protobuf)']],
    [
      'handshake.java.log',
      [
        'handshake, taken from line 2, after "RtmsClient Sending handshake:", read as a Java map: what is a number and what is text is guessed',
      ],
    ],
    [
      'handshake.python.log',
      [
        'handshake, taken from line 2, after "DEBUG", read as a Python dict',
        'handshake, taken from line 3, after "DEBUG", read as Python bytes, (binary-prefix)',
      ],
    ],
    ['handshake.javascript.log', ['handshake, taken from line 2, after "sending", read as a JavaScript object']],
    [
      'session.escaped.log',
      [
        'handshake, taken from line 2, after "Sent message:", its quotes were escaped there',
        'message, taken from line 3, after "Received:", its quotes were escaped there',
      ],
    ],
    ['session.forum.txt', ['handshake, taken from line 1, after "Sent message:", its quotes were typographic there']],
    [
      'session.log',
      [
        'handshake, taken from line 2, after "Sent message:"',
        'message, taken from line 3, after "Received message:"',
        'message, taken from line 4, after "Received message:"',
        'message, taken from line 5, after "Sent message:"',
      ],
    ],
  ])('%s', (file, expected) => {
    expect(read(readFileSync(new URL(file, FRAMES))).map(brief)).toEqual(expected);
  });

  it.each(['xxd.hex', 'hexdump-c.hex', 'hexdump.hex', 'od.hex', 'plain.hex', 'b64'])(
    '.%s holds the bytes of .bin',
    (form) => {
      const [artefact] = read(readFileSync(new URL(`handshake.binary-prefix.${form}`, FRAMES)));
      expect(Buffer.from(artefact?.document ?? '')).toEqual(
        readFileSync(new URL('handshake.binary-prefix.bin', FRAMES)),
      );
    },
  );
});

const SENT = '{"msg_type":1,"rtms_stream_id":"1d33"}';
const STARTED = '{"event":"meeting.rtms_started","payload":{"rtms_stream_id":"1d33"}}';

describe('readArtefacts', () => {
  it.each<[string, string | Uint8Array, readonly string[]]>([
    ['a webhook', STARTED, ['webhook']],
    ['its payload alone', '{"meeting_uuid":"RE/H","rtms_stream_id":"1d33","server_urls":"wss://x"}', ['webhook']],
    ['a URL validation', '{"event":"endpoint.url_validation","payload":{"plainToken":"q"}}', ['webhook']],
    ['a webhook over HTTP', `POST / HTTP/1.1\r\nhost: x\r\n\r\n${STARTED}`, ['webhook, with its headers']],
    [
      'that as a hexdump',
      Buffer.from(`host: x\n\n${STARTED}`).toString('hex'),
      ['webhook, read as hex digits, with its headers'],
    ],
    ['a manifest', '{"display_information":{},"features":{}}', ['manifest']],
    ['a manifest of the API', '{"manifest":{"display_information":{},"features":{}}}', ['manifest']],
    ['a refusal of the API', '{"code":2310,"message":"no"}', ['answer']],
    [
      'a refusal over HTTP',
      'HTTP/1.1 400 Bad Request\r\nx: y\r\n\r\n{"code":2310,"message":"no"}',
      ['answer, with its headers'],
    ],
    ['a message behind words', `data: ${SENT}`, ['handshake, taken from line 1, after "data:"']],
    [
      'one message behind another, a line each',
      `${SENT}\n${SENT}\n`,
      ['handshake, taken from line 1', 'handshake, taken from line 2'],
    ],
    ['one behind another, in one line', SENT + SENT, ['handshake, (trailing-bytes)']],
    ['a frame inside of another object', `{"level":"info","frame":${SENT}}`, ['handshake, taken from line 1']],
    [
      'a frame over several lines',
      `x\nsent {\n "msg_type": 12,\n "timestamp": 1\n}\n`,
      ['message, taken from line 2, after "sent"'],
    ],
    [
      'a UTF-16 log',
      Buffer.from(`\ufeffx\r\nSent ${SENT}\r\n`, 'utf16le'),
      ['handshake, a UTF-16 file, taken from line 2, after "Sent"'],
    ],
    [
      'dumps in a log',
      'out\n00000000: 7b22 6d73 675f 7479 7065 223a 3132 7d\nin\n00000000: 7b22 6d73 675f 7479 7065 223a 3133 7d\n',
      ['message, taken from line 2, read as a hexdump', 'message, taken from line 4, read as a hexdump'],
    ],
    ['what was meant as one', '{"msg_type":1, "oops"}', ['handshake, (not-json)']],
    ['what was meant as a webhook', '{"event":"meeting.rtms_started", oops}', ['webhook, (not-json)']],
  ])('%s', (_, content, expected) => expect(read(content).map(brief)).toEqual(expected));

  it('leaves out the newline an editor puts at the end of a message, and keeps that of a webhook', () => {
    expect(read(`${SENT}\r\n`)[0]?.document.length).toBe(SENT.length);
    expect(read(`${STARTED}\n`)[0]?.document.length).toBe(STARTED.length + 1);
    expect(read(`${SENT}\n`, { encoding: 'raw' })[0]?.document.length).toBe(SENT.length + 1);
  });

  it.each<[string, string | Uint8Array, ReadOptions, readonly string[]]>([
    ['anything, by the word of the user', Buffer.from([1, 2, 0xff]), { kind: 'handshake' }, ['handshake, (not-utf8)']],
    ['another kind than it seems', SENT, { kind: 'webhook' }, ['webhook']],
    ['the bytes as they are', `data: ${SENT}`, { encoding: 'raw' }, ['handshake, (text-prefix)']],
    ['hex only', SENT, { encoding: 'hex' }, []],
    ['hex of anything', 'ff 00', { encoding: 'hex', kind: 'message' }, ['message, read as hex digits, (not-utf8)']],
    ['Base64 only', Buffer.from(SENT).toString('base64'), { encoding: 'base64' }, ['handshake, read as Base64']],
    ['nothing inside of source code', `const x = ${SENT};`, { search: false }, []],
    ['a whole file all the same', SENT, { search: false }, ['handshake']],
  ])('%s', (_, content, options, expected) => expect(read(content, options).map(brief)).toEqual(expected));

  it('reads the first thousand messages of a log, and says so', () => {
    const found = read(`${SENT}\n`.repeat(1200));
    expect(found).toHaveLength(1000);
    expect(found.at(-1)?.assumptions.at(-1)).toBe('the messages behind the first 1000 were not read');
  });

  it.each<[string, string | Uint8Array, ReadOptions, string]>([
    ['words', 'hello\n', {}, 'is text without an RTMS message, webhook or manifest in it'],
    ['bytes', Buffer.from([0, 1, 0xff]), {}, 'is binary and holds no RTMS message'],
    [
      'other JSON',
      '{"name":"x","version":1}',
      {},
      'is JSON, but no RTMS message, webhook, manifest or refusal of the API: it has name, version',
    ],
    ['no object', '[1]', {}, 'holds nothing to judge: the message is an array, not a JSON object'],
    ['other hex', 'ff 00', { encoding: 'hex' }, 'holds no hex digits of an RTMS message'],
    ['other Base64', 'AAAA', { encoding: 'base64' }, 'holds no Base64 of an RTMS message'],
  ])('finds nothing in %s', (_, content, options, why) => {
    expect(read(content, options)).toEqual([]);
    expect(whyNothing(new Source(Buffer.from(content)), options)).toBe(why);
  });
});
