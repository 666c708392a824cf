import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { readArtefacts } from '../../src/artefact/read.js';
import { Source } from '../../src/artefact/source.js';
import { Linter, type Judgement } from '../../src/linter.js';
import { lintLines, type LintViewOptions } from '../../src/report/lint-view.js';

const FRAMES = new URL('../../fixtures/frames/', import.meta.url);

function judge(content: string | Uint8Array): Judgement[] {
  const source = new Source(Buffer.from(content));
  return new Linter({ tool: 'rtms 0', redact: {} }).lint([
    { name: 'x', source, artefacts: readArtefacts(source) },
  ]);
}

const show = (content: string | Uint8Array, options: Partial<LintViewOptions> = {}): string[] =>
  lintLines(judge(content), { chalk: new Chalk({ level: 0 }), columns: 80, quiet: false, verbose: false, ...options });

const SIGNATURE = '*'.repeat(64);
/** One fault, far from both ends of a long line. */
const MISNAMED = `{"msg_type":1,"protocol_version":1,"meeting_uuid":"RE/HWbQ7QESDTyweZXDZtA==","streamId":"1d330e9ca9c04407bded276b30b64be7","signature":"${SIGNATURE}"}`;

describe('a finding', () => {
  it('stands under its line, cut around the place', () => {
    expect(show(MISNAMED)).toEqual([
      'x  handshake, 202 bytes',
      '  ✖ handshake-field-misnamed                                    $.streamId  1:78',
      '      …ESDTyweZXDZtA==","streamId":"1d330e9ca9c04407bded276b30b64be7","signatur…',
      '                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
      '      certain:  streamId is sent; rtms_stream_id is expected',
      '      fix       rename streamId to rtms_stream_id',
      '',
      '1 problem in 1 file',
    ]);
  });

  it('stands under its bytes, in the two rows where they begin', () => {
    const bytes = Buffer.concat([Buffer.from([1, 2, 3]), Buffer.alloc(17, 4), Buffer.from(MISNAMED)]);
    expect(show(bytes).slice(1, 6)).toEqual([
      '  ✖ handshake-not-json · binary-prefix                                bytes 0–19',
      '  00000000  01 02 03 04 04 04 04 04  04 04 04 04 04 04 04 04  |................|',
      '            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~',
      '  00000010  04 04 04 04 7b 22 6d 73  67 5f 74 79 70 65 22 3a  |....{"msg_type":|',
      '            ~~~~~~~~~~~',
    ]);
  });

  it('of what is missing has a path alone', () => {
    expect(show('{"msg_type":7}').slice(1, 3)).toEqual([
      '  ✖ message-malformed · field-missing                           $.rtms_stream_id',
      '      likely:   CLIENT_READY_ACK (7): rtms_stream_id is not there; a string is',
    ]);
  });

  it('of a single character has a caret', () => {
    const [, , line, marks] = show(MISNAMED.replaceAll('"', '”'));
    expect(line?.slice(0, 12)).toBe('      {”msg_');
    expect(marks).toBe('       ^');
  });

  it('is one line where only the result is wanted', () => {
    expect(show(MISNAMED, { quiet: true })).toEqual([
      'x:1:78: handshake-field-misnamed: streamId is sent; rtms_stream_id is expected',
    ]);
  });

  it('keeps each word of certainty apart from what it is said of', () => {
    const video = { codec: 7, resolution: 2, fps: 25, data_opt: 3 };
    const lines = show(JSON.stringify({ msg_type: 3, media_type: 2, media_params: { video } }));
    expect(lines.filter((line) => /^ {6}possible:\S/.test(line))).toEqual([]);
    expect(lines.join('\n')).toMatch(/^ {6}possible: \S/m);
  });

  it('has its page where everything is wanted', () => {
    expect(show(MISNAMED, { verbose: true }).join('\n')).toMatch(/fix .*\n {6}docs {6}https:/);
  });
});

describe('several messages of a file', () => {
  it('that have the same fault are shown once, with the places of the others', () => {
    expect(show('x {"msg_type":7}\n'.repeat(9)).slice(-3)).toEqual([
      '  the same in 8 more: 2:3, 3:3, 4:3, 5:3, 6:3, …',
      '',
      '9 problems in 1 file',
    ]);
  });

  it('that are right are counted', () => {
    const right = 'x {"msg_type":13,"timestamp":1}\n'.repeat(3);
    expect(show(`${right}{"msg_type":7}`).slice(-2)).toEqual(['✔ x  3 messages', '1 problem in 1 file']);
    expect(show(right)).toEqual(['✔ x  3 messages', 'no problem in 1 file']);
  });
});

describe('a file that is right', () => {
  const ACK = '{"msg_type":7,"rtms_stream_id":"1d33"}';
  it('takes a line', () => {
    expect(show(ACK)).toEqual(['✔ x  message, 38 bytes, 1 check passed', 'no problem in 1 file']);
  });

  it('says what passed where that is wanted, and nothing where it is not', () => {
    expect(show(ACK, { verbose: true })[1]).toBe('  ✔ message-malformed   1 message, each as documented');
    expect(show(ACK, { quiet: true })).toEqual([]);
  });
});

describe('at 80 columns', () => {
  it.each(readdirSync(fileURLToPath(FRAMES)))('%s keeps to them, but for what is to be copied', (name) => {
    const lines = show(readFileSync(new URL(name, FRAMES)));
    const copied = lines.indexOf('  as plain JSON:') + 1;
    const end = copied === 0 ? copied : lines.indexOf('', copied);
    expect(lines.filter((line, index) => line.length > 80 && (index < copied || index >= end))).toEqual([]);
  });
});

it('lets no control character of a file through', () => {
  const lines = show('\u001b[2J {"msg_type":1,"\u001b[31mstreamId":"x"} \u0007', { quiet: false });
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
});
