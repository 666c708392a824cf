import { describe, expect, it } from 'vitest';
import { isRecording, placeInLine, RecordingReader } from '../../src/artefact/recording.js';
import { readSession, sessionText } from '../rules/sessions.js';

const [HEADER = '', ...LINES] = sessionText('signature-mismatch.no-delimiter').trimEnd().split('\n');

function reader(...lines: readonly string[]): RecordingReader {
  const recording = new RecordingReader(Buffer.from(HEADER));
  for (const line of lines) recording.take(Buffer.from(line), true);
  return recording;
}

describe('isRecording', () => {
  it.each([HEADER, '{"rtms": 2}', '\ufeff{ "rtms":1'])('%s', (text) =>
    expect(isRecording(Buffer.from(text))).toBe(true),
  );
  it.each(['', '{"t":1}', '{"msg_type":1,"rtms":1}', 'x {"rtms":1'])('not %j', (text) => {
    expect(isRecording(Buffer.from(text))).toBe(false);
  });
});

describe('RecordingReader', () => {
  it('gives the events of a recording', () => {
    const recording = new RecordingReader(Buffer.from(HEADER));
    const events = LINES.map((line) => recording.take(Buffer.from(line), true));
    expect(events).toEqual(readSession('signature-mismatch.no-delimiter').events);
    expect(recording.header.command).toBe('connect');
    expect(recording.problems).toEqual([]);
  });

  it('knows the line of each event, whatever stands between them', () => {
    const [first = '', second = '', third = ''] = LINES;
    const recording = reader('', first, 'not an event', '', second, third);
    // What could not be read had its number.
    expect([1, 2, 3, 4].map((event) => recording.lineOf(event).number)).toEqual([3, 4, 6, 7]);
    expect(Buffer.from(recording.lineOf(3).bytes ?? '').toString()).toBe(second);
    expect(recording.events).toBe(3);
    expect(recording.problems).toEqual(['line 4 is not an event and was left out']);
  });

  it('says of a last line that was cut', () => {
    const recording = reader(LINES[0] ?? '');
    expect(recording.take(Buffer.from('{"t":1,"ty'), false)).toBeUndefined();
    expect(recording.problems).toEqual(['line 3 is cut off and was left out']);
  });

  it('tells of a line that could not be read, in its place', () => {
    const recording = reader(LINES[0] ?? '');
    expect(recording.take(Buffer.from('{"t":1,"ty'), true)).toMatchObject({ type: 'check', rule: 'gap', facts: { line: 3 } });
  });

  it('keeps no media, and nothing that is long', () => {
    const media = {
      t: 1,
      type: 'frame',
      socket: 'media:audio',
      dir: 'in',
      opcode: 'text',
      bytes: 40,
      text: '{"msg_type":14,"content":{"data":""}}',
    };
    const long = { t: 1, type: 'note', text: 'x'.repeat(100_000) };
    const recording = reader(
      JSON.stringify(media),
      JSON.stringify(long),
      JSON.stringify({ t: 1, type: 'note', text: '' }),
    );
    expect([1, 2, 3].map((event) => recording.lineOf(event).bytes !== undefined)).toEqual([false, false, true]);
  });

  it.each([
    ['{"rtms":2,"tool":"rtms 9","command":"connect","startedAt":""}', 'written by a newer rtms'],
    ['{"msg_type":1}', 'not a recording'],
    ['', 'not a recording'],
  ])('refuses to begin with %s', (line, words) => {
    expect(() => new RecordingReader(Buffer.from(line))).toThrow(words);
  });
});

describe('placeInLine', () => {
  const text = (value: unknown): string =>
    JSON.stringify({ t: 1, type: 'frame', socket: 'signaling', dir: 'out', opcode: 'text', bytes: 9, text: value });
  const base64 = JSON.stringify({
    t: 1,
    type: 'frame',
    base64: Buffer.from('\u0001{"msg_type":1}').toString('base64'),
  });
  const webhook = JSON.stringify({
    t: 1,
    type: 'webhook',
    headers: { 'x-zm-signature': 'v0=1' },
    body: '{"event":"é"}',
  });

  it.each([
    [
      'a member of a frame',
      text('{"é":1,"signature":"c0ee"}'),
      { path: '$.signature' },
      String.raw`\"signature\":\"c0ee\"`,
    ],
    ['bytes of a frame', text('\u0001{"a":1}'), { bytes: [0, 1] as const }, String.raw`\u0001`],
    ['bytes of one in Base64', base64, { bytes: [0, 1] as const }, 'AXsi'],
    ['a member of one in Base64', base64, { path: '$.msg_type' }, 'AXsibXNnX3R5cGUiOjF9'],
    ['a member of a webhook', webhook, { path: '$.event' }, String.raw`\"event\":\"é\"`],
    ['a header', webhook, { path: '$.headers.x-zm-signature' }, '"x-zm-signature":"v0=1"'],
    ['nothing closer', webhook, {}, webhook],
  ])('%s', (_, line, pointer, expected) => {
    const { range, isThere } = placeInLine(Buffer.from(line), pointer);
    expect(
      Buffer.from(line)
        .subarray(...range)
        .toString(),
    ).toBe(expected);
    expect(isThere).toBe(true);
  });

  it('tells what is missing', () => {
    expect(placeInLine(Buffer.from(text('{"a":1}')), { path: '$.signature' }).isThere).toBe(false);
  });
});
