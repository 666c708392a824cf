/** What is found in a file, by all rules together, and at which place. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import { readArtefacts, type ReadOptions } from '../src/artefact/read.js';
import { isRecording } from '../src/artefact/recording.js';
import { Source } from '../src/artefact/source.js';
import { Linter, type Judgement, type LintOptions, type Location } from '../src/linter.js';
import { signHandshake, signWebhook } from '../src/protocol/signature.js';
import { decodeWebhook } from '../src/protocol/webhooks.js';
import { lintLines } from '../src/report/lint-view.js';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const fixture = (path: string): Buffer => readFileSync(new URL(path, FIXTURES));
const list = (folder: string): string[] =>
  readdirSync(fileURLToPath(new URL(folder, FIXTURES))).map((name) => `${folder}/${name}`);

const SECRET = 'demo-secret-not-a-real-one-00001';
const TOKEN = 'exampleSecretToken0004';
const known = (value: string) => ({ value, others: {} });
const CREDENTIALS: Partial<LintOptions> = {
  credentials: { clientId: known('3UVtLa_3TUa4lDu4V7lowA'), clientSecret: known(SECRET), secretToken: known(TOKEN) },
  webhookSecrets: { secretToken: TOKEN, clientSecret: SECRET },
};

interface File {
  readonly name: string;
  readonly content: string | Uint8Array;
}

const createLinter = (options: Partial<LintOptions> = {}): Linter =>
  new Linter({ tool: 'rtms 0', redact: { secrets: [SECRET, TOKEN] }, ...options });

/** Judges files in one run. */
function lint(files: readonly File[], linter = createLinter(), options: ReadOptions = {}): Judgement[] {
  const recordings = files.filter(({ content }) => isRecording(Buffer.from(content)));
  const documents = files.filter((file) => !recordings.includes(file));
  const judged = documents.map(({ name, content }) => {
    const source = new Source(Buffer.from(content));
    return { name, source, artefacts: readArtefacts(source, options) };
  });
  return [
    ...linter.lint(judged),
    ...recordings.map(({ name, content }) => lintRecording(linter, name, Buffer.from(content))),
  ];
}

function lintRecording(linter: Linter, name: string, content: Buffer): Judgement {
  const [first = '', ...lines] = content.toString('latin1').split('\n');
  const recording = linter.recording(name, Buffer.from(first, 'latin1'));
  for (const line of lines) recording.take(Buffer.from(line, 'latin1'));
  return recording.finish();
}

const placeOf = (location: Location | undefined): string =>
  location === undefined ? '' : 'line' in location ? `${location.line}:${location.column}` : `@${location.offset}`;

/** `signature-mismatch · no-delimiter 2:149`. */
const brief = ({ findings }: Judgement): string[] =>
  findings.map(({ finding: { rule, cause }, spots: [spot] }) =>
    [rule, ...(cause === undefined ? [] : ['·', cause]), placeOf(spot?.location)].join(' '),
  );

const frames = (...names: string[]): File[] => names.map((name) => ({ name, content: fixture(`frames/${name}`) }));
const briefs = (files: readonly File[], options = CREDENTIALS): string[][] =>
  lint(files, createLinter(options)).map(brief);

describe('what is right', () => {
  const correct = list('correct').filter((name) => !name.endsWith('recording.several-streams-at-once.rtms.jsonl'));

  it('gives no finding, however much of it is judged together', () => {
    const files = [...correct, ...list('webhooks'), ...list('manifests')].map((name) => ({
      name,
      content: fixture(name),
    }));
    const judgements = lint(files);
    expect(judgements.length).toBe(files.length);
    expect(judgements.filter(({ findings }) => findings.length > 0).map((each) => [each.file, ...brief(each)])).toEqual(
      [],
    );
  });

  it.each(correct.filter((name) => !name.includes('answer.')))('%s is taken for what it is', (name) => {
    expect(lint([{ name, content: fixture(name) }]).map(({ kind }) => kind)).toEqual([
      name.replace(/^correct\//, '').split('.')[0],
    ]);
  });
});

describe('handshakes', () => {
  it.each<[string, readonly string[]]>([
    ['handshake.json', []],
    [
      'handshake.no-delimiter.json',
      ['signature-mismatch · no-delimiter 1:109', 'handshake-field-missing · protocol_version 1:1'],
    ],
    [
      'handshake.beta.json',
      [
        'signature-mismatch · no-delimiter 7:3',
        'handshake-field-type · msg_type 2:3',
        'handshake-field-type · protocol_version 3:3',
      ],
    ],
    ['handshake.renamed-fields.json', ['handshake-field-misnamed 4:3', 'handshake-field-misnamed 5:3']],
    [
      'handshake.binary-prefix.bin',
      [
        'handshake-not-json · binary-prefix @0',
        'signature-mismatch · no-delimiter @113',
        'handshake-field-missing · protocol_version @5',
      ],
    ],
    [
      'handshake.binary-prefix.xxd.hex',
      [
        'handshake-not-json · binary-prefix 1:11',
        'signature-mismatch · no-delimiter 8:13',
        'handshake-field-missing · protocol_version 1:23',
      ],
    ],
    [
      'handshake.typographic-quotes.txt',
      [
        'handshake-not-json · typographic-quotes 2:3',
        'signature-mismatch · no-delimiter 5:3',
        'handshake-field-missing · protocol_version 1:1',
      ],
    ],
    [
      'handshake.utf-16.json',
      [
        'handshake-not-json · not-utf8 1:1',
        'signature-mismatch · no-delimiter 1:109',
        'handshake-field-missing · protocol_version 1:1',
      ],
    ],
    ['handshake.truncated.json', ['handshake-not-json · truncated 1:120']],
    ['handshake.protobuf.hex', ['handshake-not-json · protobuf 1:1']],
    [
      'handshake.java.log',
      ['signature-mismatch · no-delimiter 2:164', 'handshake-field-missing · protocol_version 2:63'],
    ],
  ])('%s', (name, expected) => expect(briefs(frames(name))).toEqual([expected]));

  it('are right as far as the server took them', () => {
    expect(briefs(frames('session.log'), {})).toEqual([[], [], [], []]);
    const alone = fixture('frames/session.log').toString().split('\n')[1] ?? '';
    const other = alone.replace('"protocol_version":1,', '');
    expect(briefs([{ name: 'x', content: other }], {})).toEqual([['handshake-field-missing · protocol_version 1:28']]);
    const answered = fixture('frames/session.log').toString().replace(alone, other);
    expect(briefs([{ name: 'x', content: answered }], {})).toEqual([[], [], [], []]);
  });

  it('are compared with a webhook beside them', () => {
    const started = { name: 'started.json', content: fixture('webhooks/meeting.rtms_started.json') };
    const handshake = fixture('frames/handshake.json')
      .toString()
      .replace('RE/HWbQ7QESDTyweZXDZtA==', 'RE%2FHWbQ7QESDTyweZXDZtA%3D%3D');
    const [, judgement] = lint([started, { name: 'mine.json', content: handshake }], createLinter(CREDENTIALS));
    expect(judgement && brief(judgement)).toEqual(['handshake-id-mismatch · encoded 1:49']);
    const spots = judgement?.findings[0]?.spots.map((spot) => [spot?.file, placeOf(spot?.location)]);
    expect(spots).toEqual([
      ['mine.json', '1:49'],
      ['started.json', '1:123'],
    ]);
  });
});

describe('webhooks', () => {
  const BODY = fixture('webhooks/meeting.rtms_started.json').toString();
  const request = (signature: string, body = BODY, more = ''): File => ({
    name: 'hook.http',
    content: `POST / HTTP/1.1\r\nx-zm-request-timestamp: 1784548800\r\nx-zm-signature: ${signature}\r\n${more}\r\n${body}`,
  });
  const signature = signWebhook(BODY, '1784548800', TOKEN);

  it.each([
    ['as it came', request(signature), []],
    ['saved with a newline at its end', request(signature, `${BODY}\n`), []],
    ['saved with a newline of another system', request(signature, `${BODY}\r\n`), []],
    [
      'signed with another secret',
      request(signWebhook(BODY, '1784548800', SECRET)),
      ['webhook-signature-mismatch · wrong-key 3:1'],
    ],
    ['altered', request(signature, BODY.replace('sjc1', 'sjc2')), ['webhook-signature-mismatch · unknown 3:1']],
  ])('%s', (_, file, expected) => expect(briefs([file])).toEqual([expected]));

  it('cut off say nothing of what is missing', () => {
    expect(briefs([{ name: 'x', content: BODY.slice(0, 200) }])).toEqual([['webhook-not-json · truncated 1:200']]);
  });

  it('in typographic quotes are shown in plain ones', () => {
    const [judgement] = lint([{ name: 'x', content: BODY.replaceAll('"', '”') }]);
    expect(judgement && brief(judgement)).toEqual(['webhook-not-json · typographic-quotes 1:2']);
    expect(judgement?.repaired).toBe(BODY);
  });
});

it('signs for the Video SDK with its own pair, where there is one', () => {
  const started = fixture('webhooks/session.rtms_started.json');
  const { entity, streamId } = decodeWebhook(JSON.parse(started.toString()));
  const ids = { entityId: entity?.value ?? '', streamId: streamId ?? '' };
  const signature = signHandshake({ clientId: 'sdk-key', ...ids }, 'sdk-secret-made-up-0005');
  const fields = { session_id: ids.entityId, rtms_stream_id: ids.streamId, signature };
  const mine = JSON.stringify({ msg_type: 1, protocol_version: 1, ...fields });
  const files = [{ name: 'started.json', content: started }, { name: 'mine.json', content: mine }];
  const sdk = { clientId: known('sdk-key'), clientSecret: known('sdk-secret-made-up-0005'), secretToken: undefined };
  expect(briefs(files, { ...CREDENTIALS, sdkCredentials: sdk })).toEqual([[], []]);
  expect(briefs(files)).toEqual([[], [expect.stringMatching(/^signature-mismatch/)]]);
});

describe('what cannot be checked', () => {
  const signed = fixture('frames/handshake.json').toString();
  const request = `Host: x\nx-zm-signature: v0=3cf6\n\n${fixture('webhooks/meeting.rtms_started.json').toString()}`;

  it.each<[string, string, Partial<LintOptions>, readonly string[]]>([
    ['a signature without the secret', signed, {}, ['no-credentials']],
    ['a masked one', signed.replace(/fe51\w+5636/, `fe51${'*'.repeat(56)}5636`), CREDENTIALS, ['masked']],
    ['one without the ids it covers', '{"msg_type":1,"signature":"c0ee"}', CREDENTIALS, ['no-ids']],
    ['a webhook without the token', request, {}, ['no-secret-token']],
    ['nothing of the kind', '{"msg_type":13,"timestamp":1}', {}, []],
    ['all there', signed, CREDENTIALS, []],
  ])('%s', (_, content, options, expected) => {
    const linter = createLinter(options);
    lint([{ name: 'x', content }], linter);
    expect([...linter.unchecked]).toEqual(expected);
  });
});

describe('recordings', () => {
  it('are judged as they are, each finding at its line', () => {
    const content = fixture('sessions/closed-without-reply.no-commas.jsonl');
    expect(briefs([{ name: 'x', content }])).toEqual([
      [
        'signature-mismatch · no-delimiter 8:214',
        'handshake-field-missing · protocol_version 8:96',
        'closed-without-reply · closed 11:1',
      ],
    ]);
  });

  it('say what could not be read', () => {
    const lines = fixture('sessions/closed-without-reply.no-commas.jsonl').toString().split('\n');
    const [judgement] = lint([{ name: 'x', content: lines.with(2, 'oops').join('\n') }]);
    expect(judgement?.assumptions).toEqual(['line 3 is not an event and was left out']);
    expect(judgement && brief(judgement)[0]).toBe('signature-mismatch · no-delimiter 8:214');
  });

  it('do not take for missing what stood on a line that could not be read', () => {
    const lines = fixture('sessions/handshake-not-sent.ok.jsonl').toString().split('\n');
    const sent = lines.findIndex((line) => line.includes('"dir":"out"'));
    const [judgement] = lint([{ name: 'x', content: lines.with(sent, 'oops').join('\n') }]);
    expect(judgement && brief(judgement)).toEqual([]);
  });
});

describe('secrets', () => {
  it('that stand before a message are masked, or left out where they are cut', () => {
    const near = `key ${SECRET} {"msg_type":13,"timestamp":1}`;
    const far = `${SECRET} of the app, sent {"msg_type":13,"timestamp":1}`;
    const [masked, left] = lint([{ name: 'x', content: `${near}\n${far}\n` }]);
    expect(masked?.assumptions).toEqual([`taken from line 1, after "key demo${'*'.repeat(24)}0001"`]);
    expect(left?.assumptions).toEqual(['taken from line 2, after "the app, sent"']);
  });

  it.each(list('frames'))('%s: no signature is shown', (name) => {
    const judgements = lint([{ name, content: fixture(name) }], createLinter(CREDENTIALS));
    const lines = lintLines(judgements, { chalk: new Chalk({ level: 0 }), columns: 200, quiet: false, verbose: true });
    expect(lines.join('\n').replaceAll(/\s/g, '')).not.toMatch(/c0ee30d4|666d5878|fe5132f8|b8c3b1c8/);
  });
});
