/** `rtms connect` as a user runs it: the built binary, real sockets, real files. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { parseRecording } from '../../src/session/jsonl.js';
import { frameBytes } from '../../src/session/message.js';
import { temporaryFile, temporaryFolder } from '../helpers/folder.js';
import { installed } from '../helpers/installed.js';
import { httpServer, tcpServer, TLS, upgradingServer, webSocketServer } from '../helpers/servers.js';
import { BIN, runRtms, type Run } from '../helpers/transcript.js';

// Each runs a process, some for seconds.
vi.setConfig({ testTimeout: 30_000 });

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/${name}`, import.meta.url));
const PAYLOAD = fixture('webhooks/meeting.rtms_started.json');
const RIGHT = fixture('frames/handshake.json');
const WITHOUT_COMMAS = fixture('frames/handshake.no-delimiter.json');
const DEMO = { ZOOM_CLIENT_ID: '3UVtLa_3TUa4lDu4V7lowA', ZOOM_CLIENT_SECRET: 'demo-secret-not-a-real-one-00001' };
const SECRETS = /demo-secret-not-a-real-one-00001|c0ee30d4fe80a366456e|fe5132f8eec85ea914d3/;

const Line = v.looseObject({ type: v.string(), t: v.optional(v.number()) });
const Result = v.looseObject({
  type: v.literal('result'),
  schemaVersion: v.literal(1),
  ok: v.boolean(),
  findings: v.array(
    v.looseObject({ rule: v.string(), cause: v.optional(v.string()), status: v.string(), certainty: v.string() }),
  ),
  ruledOut: v.array(v.looseObject({ rule: v.string() })),
  summary: v.looseObject({ media: v.array(v.looseObject({ media: v.string(), frames: v.number() })) }),
});

const PATH = { PATH: process.env['PATH'] };

const connect = (...args: string[]): Promise<Run> => runRtms(['connect', ...args], { env: DEMO });

/** The last line of --json. */
function resultOf({ stdout }: Run): v.InferOutput<typeof Result> {
  return v.parse(Result, JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

const failures = (run: Run): string[] =>
  resultOf(run).findings.map(({ rule, cause, status, certainty }) =>
    [rule, cause, status, certainty].filter(Boolean).join(' '),
  );

/** A payload that names this server, posted just now. */
function payloadFor(serverUrl: unknown): string {
  const fields = { event_ts: Date.now(), server_urls: serverUrl };
  const text = readFileSync(PAYLOAD, 'utf8');
  const replaced: unknown = JSON.parse(text, (key, value: unknown) => Reflect.get(fields, key) ?? value);
  return temporaryFile(JSON.stringify(replaced));
}

describe('against the mock', () => {
  it('shows a whole session and exits 0', async () => {
    const { stdout, stderr, code } = await runRtms(['connect', '--mock', '--duration', '1500ms']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const words of [
      'dns',
      'upgrade',
      'SIGNALING_HAND_SHAKE_REQ',
      'DATA_HAND_SHAKE_RESP',
      'CLIENT_READY_ACK',
      'MEDIA_DATA_AUDIO',
      'the demo pair',
    ]) {
      expect(stdout).toContain(words);
    }
    expect(stdout).toMatch(/✔ 1\.\d s {3}audio \d+ frames, 3\d\.\d kB\/s \(32\.0 expected\), 0 gaps/);
    expect(stdout).not.toMatch(SECRETS);
  });

  it('explains a handshake signed without commas', async () => {
    const run = await connect('--payload', PAYLOAD, '--mock=silent-close', '--handshake', WITHOUT_COMMAS, '--json');
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual([
      'signature-mismatch no-delimiter fail certain',
      'handshake-field-missing protocol_version warn likely',
      'closed-without-reply closed fail certain',
    ]);
    expect(resultOf(run).ruledOut.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['unreachable', 'webhook-stale', 'keep-alive-unanswered']),
    );
    expect(run.stdout).not.toMatch(SECRETS);
  });

  it('takes the same handshake put right', async () => {
    const run = await connect(
      '--payload',
      PAYLOAD,
      '--mock=silent-close',
      '--handshake',
      RIGHT,
      '--duration',
      '1s',
      '--json',
    );
    expect(run.code).toBe(0);
    expect(failures(run)).toEqual([]);
  });

  it('names the status where the server gives one', async () => {
    const wrong = temporaryFile(readFileSync(RIGHT, 'utf8').replace(/[0-9a-f]{64}/, '0'.repeat(64)));
    const run = await connect('--payload', PAYLOAD, '--mock=refuse', '--handshake', wrong, '--json');
    expect(run.code).toBe(1);
    expect(failures(run)).toEqual([
      'signature-mismatch unknown fail certain',
      'handshake-refused invalid-signature fail certain',
    ]);
  });

  it('reads binary frames', async () => {
    const run = await connect('--payload', PAYLOAD, '--mock=binary-frames', '--duration', '1s', '--json');
    expect(run.code).toBe(0);
    expect(resultOf(run).summary.media.length).toBeGreaterThan(0);
  });

  it.each(['audio', 'video', 'share', 'transcript', 'audio,video', 'all'])('--media %s', async (media) => {
    const run = await connect('--mock', '--media', media, '--duration', '2500ms', '--json');
    expect(run.code).toBe(0);
    const names = resultOf(run).summary.media.map(({ media: name }) => name);
    if (media !== 'all') expect(media.split(',')).toEqual(expect.arrayContaining(names));
    expect(names.length).toBeGreaterThan(0);
  });

  it('prints JSON alone under --json: the events, then the result', async () => {
    const { stdout, stderr } = await connect('--mock', '--duration', '1500ms', '--json');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => v.parse(Line, JSON.parse(line)));
    expect(stderr).toBe('');
    expect(lines.at(-1)?.type).toBe('result');
    expect(lines.slice(0, -1).every(({ t }) => typeof t === 'number')).toBe(true);
  });

  it('records what it sees, readable by its owner alone and without signatures', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    const { code } = await connect('--mock', '--duration', '1s', '--dump', 'none', '--record', record);
    const text = readFileSync(record, 'utf8');
    const { header, events, problems } = parseRecording(text);
    expect(code).toBe(0);
    expect(header).toMatchObject({ rtms: 1, command: 'connect', product: 'meeting' });
    expect(problems).toEqual([]);
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['webhook', 'note', 'check', 'phase', 'frame', 'close']),
    );
    expect(text).not.toMatch(SECRETS);
  });

  it.skipIf(!installed('xxd'))('--dump hex in a pipe is what xxd -r turns into the recorded bytes', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    const { stdout } = await connect(
      '--mock',
      '--duration',
      '1s',
      '--dump',
      'hex',
      '--max-bytes',
      '1000000',
      '--record',
      record,
    );
    const { events } = parseRecording(readFileSync(record, 'utf8'));
    const bytes = events.flatMap((event) => (event.type === 'frame' ? [frameBytes(event)] : []));
    const { stdout: reversed, stderr } = spawnSync('xxd', ['-r'], { input: stdout, maxBuffer: 1e9 });
    expect(stderr.toString()).toBe('');
    expect(reversed.equals(Buffer.concat(bytes))).toBe(true);
    expect(bytes.length).toBeGreaterThan(10);
  });

  it('ends quietly when the reader goes away', async () => {
    const run = spawnSync('sh', ['-c', `"${process.execPath}" "${BIN}" connect --mock --duration 20s | head -n 3`], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect(run.stderr).toBe('');
    expect(run.stdout.split('\n')).toHaveLength(4);
  });
});

describe('Ctrl-C', () => {
  /** Runs until the output holds these words, then interrupts. */
  function interruptedAt(words: string, ...args: string[]): Promise<Run> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [BIN, 'connect', ...args], { env: { PATH: process.env['PATH'], ...DEMO } });
      let [stdout, stderr, sent] = ['', '', false];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (sent || !stdout.includes(words)) return;
        sent = true;
        child.kill('SIGINT');
      });
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('close', (code) => resolve({ stdout, stderr, code: code ?? -1 }));
    });
  }

  it('in mid-stream closes every socket with 1000, flushes the record and sums up', async () => {
    const record = join(temporaryFolder(), 's.rtms.jsonl');
    const { stdout, stderr, code } = await interruptedAt('MEDIA_DATA_AUDIO', '--mock', '--record', record);
    const { events, problems } = parseRecording(readFileSync(record, 'utf8'));
    const closes = events.filter((event) => event.type === 'close');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/✔ .*audio/);
    expect(problems).toEqual([]);
    expect(closes.length).toBeGreaterThanOrEqual(2);
    expect(closes.every((close) => close.code === 1000 && close.by === 'self')).toBe(true);
    expect(closes.at(-1)?.socket).toBe('signaling');
  });

  it('before there was an answer exits 130, with the summary', async () => {
    const url = await webSocketServer(() => undefined);
    const { stdout, code } = await interruptedAt('SIGNALING_HAND_SHAKE_REQ', '--payload', payloadFor(url));
    expect(code).toBe(130);
    expect(stdout).toContain('no media');
  });

  it('while connecting exits 130', async () => {
    const port = await tcpServer(() => undefined);
    const { code } = await interruptedAt('tcp ', '--payload', payloadFor(`ws://localhost:${port}`));
    expect(code).toBe(130);
  });
});

describe('a payload', () => {
  const at = (url: string): string => payloadFor(url);

  it.each<[string, string | Uint8Array, number, RegExp]>([
    ['that is empty', '', 2, /error: .* is empty/],
    ['that is no JSON', 'hello', 2, /error: .* is not JSON/],
    [
      'that is cut off',
      '{"event":"meeting.rtms_started","payload":{"meeting_uuid":"a1',
      2,
      /error: .* is not JSON: .*breaks off/,
    ],
    ['of 50 MB', Buffer.alloc(50_000_000, 0x20), 2, /error: .* is larger than 1 MiB/],
  ])('%s', async (_, content, exit, message) => {
    const { stdout, stderr, code } = await connect('--payload', temporaryFile(content));
    expect(code).toBe(exit);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^ {2}give /m);
    expect(stderr).not.toMatch(/\bat .*\.js:/);
  });

  it('that is not there', async () => {
    const { stderr, code } = await connect('--payload', '/nowhere.json');
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'error: cannot read /nowhere.json: there is no such file']);
  });

  it('that is not given', async () => {
    const { stderr, code } = await connect();
    expect(code).toBe(2);
    expect(stderr).toMatch(/no payload[\s\S]*--payload FILE[\s\S]*--mock/);
  });

  it.each<[string, string, string]>([
    [
      'of another event',
      JSON.stringify({ event: 'meeting.started', payload: { object: { uuid: 'x', id: '81234567890' } } }),
      'webhook-not-rtms',
    ],
    [
      'without ids',
      JSON.stringify({
        event: 'meeting.rtms_started',
        event_ts: 1,
        payload: { server_urls: 'wss://rtms-sjc1.zoom.us' },
      }),
      'webhook-field-missing',
    ],
  ])('%s', async (_, content, rule) => {
    const run = await connect('--payload', temporaryFile(content), '--json');
    expect(run.code).toBe(1);
    expect(resultOf(run).findings.map((finding) => finding.rule)).toContain(rule);
  });

  it.each<[string, unknown, string]>([
    ['http://', 'http://127.0.0.1:1', 'server-url-invalid not-websocket fail certain'],
    ['a placeholder', 'wss://<server_url>', 'server-url-invalid placeholder fail certain'],
    ['another host', 'wss://zoom.us.evil.test', 'server-url-invalid host-not-allowed fail certain'],
    ['Zoom without TLS', 'ws://rtms-sjc1.zoom.us', 'server-url-invalid not-encrypted fail certain'],
  ])('whose server_urls is %s', async (_, url, finding) => {
    const run = await connect('--payload', payloadFor(url), '--json');
    expect(run.code).toBe(1);
    expect(failures(run)).toContain(finding);
    expect(run.stdout).not.toContain('"type":"phase"');
  });

  it.each<[string, (url: string) => unknown]>([
    ['a list', (url) => `${url}, wss://rtms-sjc1.zoom.us`],
    ['an array', (url) => [url]],
  ])('whose server_urls is %s is used all the same', async (_, form) => {
    const url = await webSocketServer((socket) => socket.on('message', () => socket.close(1000)));
    const run = await connect('--payload', payloadFor(form(url)), '--json');
    expect(failures(run)).toContain('closed-without-reply closed fail certain');
  });

  it('with typographic quotes is taken, and said', async () => {
    const url = await webSocketServer((socket) => socket.on('message', () => socket.close(1000)));
    const text = readFileSync(at(url), 'utf8').replace('"event"', '“event”');
    const { stdout } = await connect('--payload', temporaryFile(text));
    expect(stdout).toMatch(/note .*line 1, column 2: typographic quote “ \(U\+201C\)/);
    expect(stdout).toContain('closed without a reply');
  });

  it('comes on standard input too', async () => {
    const { code } = await runRtms(['connect', '--payload', '-', '--mock', '--duration', '1500ms'], {
      env: DEMO,
      input: readFileSync(PAYLOAD),
    });
    expect(code).toBe(0);
  });
});

describe('a server that', () => {
  const judged = async (url: string, ...args: string[]): Promise<[number, string[]]> => {
    const run = await connect('--payload', payloadFor(url), '--json', '--timeout', '1s', ...args);
    expect(run.stderr).toBe('');
    return [run.code, failures(run)];
  };

  it('is not there', async () => {
    expect(await judged('ws://127.0.0.1:1')).toEqual([3, ['unreachable tcp fail certain']]);
  });

  it('never answers the upgrade', async () => {
    const port = await tcpServer(() => undefined);
    expect((await judged(`ws://localhost:${port}`))[0]).toBe(3);
  });

  it('never answers the handshake', async () => {
    const url = await webSocketServer(() => undefined);
    expect(await judged(url)).toEqual([3, ['handshake-unanswered signaling fail certain']]);
  });

  it('answers garbage', async () => {
    const url = await webSocketServer((socket) => socket.on('message', () => socket.send('what?')));
    expect(await judged(url)).toEqual([1, ['reply-unreadable not-rtms fail certain']]);
  });

  it('closes before anything could be sent', async () => {
    const url = await webSocketServer((socket) => socket.close(1013, 'later'));
    const [code, found] = await judged(url);
    expect(code).toBe(1);
    expect(found.join()).toMatch(/handshake-not-sent closed-first|closed-without-reply closed/);
  });

  it.each([
    ['invalid UTF-8 in a text frame', '8102c328'],
    ['a reserved bit', 'c1026869'],
    ['a reserved opcode', '83026869'],
    ['a masked frame', '81820000000068 69'.replaceAll(' ', '')],
  ])('breaks RFC 6455 with %s', async (_, hex) => {
    const port = await upgradingServer((socket) => socket.once('data', () => socket.write(Buffer.from(hex, 'hex'))));
    const [code, found] = await judged(`ws://localhost:${port}`);
    expect(code).toBe(1);
    expect(found).toEqual(['reply-unreadable not-websocket fail certain']);
  });

  it.each([
    [
      'drops an accepted connection',
      (socket: WebSocket) => socket.terminate(),
      1,
      ['connection-lost signaling fail certain'],
    ],
    [
      'closes it with 1000 and no word',
      (socket: WebSocket) => socket.close(1000),
      0,
      ['connection-lost signaling warn likely'],
    ],
  ])('%s', async (_, end, exit, found) => {
    const reply = JSON.stringify({ msg_type: 2, status_code: 0, media_server: { server_urls: {} } });
    const url = await webSocketServer((socket) => socket.on('message', () => socket.send(reply, () => end(socket))));
    expect(await judged(url, '--signaling-only')).toEqual([exit, found]);
  });

  it('is named by --url, whatever the payload says', async () => {
    const reply = JSON.stringify({ msg_type: 2, status_code: 0, media_server: { server_urls: {} } });
    const url = await webSocketServer((socket) => socket.on('message', () => socket.send(reply)));
    const options = ['--signaling-only', '--duration', '1500ms', '--url', url];
    expect(await judged('wss://<server_url>', ...options)).toEqual([0, []]);
  });

  it('sends terminal escapes shows them as text', async () => {
    const port = await tcpServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 403 For\u001b[31mbidden\r\ncontent-length: 0\r\n\r\n'));
    });
    const { stdout } = await connect('--payload', payloadFor(`ws://localhost:${port}`), '--verbose');
    expect(stdout).not.toContain('\u001b');
  });

  it('behind a proxy that is not there is not blamed for it', async () => {
    expect(await judged('wss://rtms-sjc1.zoom.us', '--proxy', 'http://127.0.0.1:1')).toEqual([
      3,
      ['unreachable proxy fail certain'],
    ]);
  });

  it('offers no media where none is wanted', async () => {
    const reply = JSON.stringify({ msg_type: 2, status_code: 0, media_server: { server_urls: {} } });
    const url = await webSocketServer((socket) => socket.on('message', () => socket.send(reply)));
    expect(await judged(url, '--signaling-only', '--duration', '1500ms')).toEqual([0, []]);
  });

  it('hangs up in mid-handshake', async () => {
    const url = await webSocketServer((socket) => socket.on('message', () => socket.terminate()));
    expect(await judged(url)).toEqual([
      1,
      ['closed-without-reply something-between warn likely', 'closed-without-reply dropped fail certain'],
    ]);
  });

  it('speaks HTTP', async () => {
    const port = await httpServer((_, response) => response.writeHead(404).end('not here'));
    const [code, found] = await judged(`ws://localhost:${port}`);
    expect(code).toBe(1);
    expect(found.join()).toContain('upgrade-refused');
  });

  it('has a certificate nobody vouches for', async () => {
    const url = await webSocketServer(() => undefined, TLS.good);
    expect(await judged(url)).toEqual([3, ['unreachable tls fail certain']]);
  });

  it('has a certificate of an authority given with --ca', async () => {
    const url = await webSocketServer((socket) => socket.on('message', () => socket.close(1000)), TLS.good);
    const ca = temporaryFile(TLS.ca);
    expect(await judged(url, '--ca', ca)).toEqual([
      1,
      [
        'install-mismatch other-app warn likely',
        'duplicate-connection not-checked warn possible',
        'closed-without-reply closed fail certain',
      ],
    ]);
  });
});

describe('a record', () => {
  it.skipIf(!existsSync('/dev/full'))('that fills the disk is given up, the connection is not', async () => {
    const { stdout, stderr, code } = await connect('--mock', '--duration', '1s', '--record', '/dev/full');
    expect(stderr).toMatch(/recording stopped: the disk is full; the connection goes on/);
    expect(stdout).toMatch(/audio \d+ frames/);
    expect(code).toBe(3);
  });

  it('that cannot be written is said before anything is sent', async () => {
    const { stdout, stderr, code } = await connect('--mock', '--record', '/nowhere/s.rtms.jsonl');
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toContain('its folder does not exist');
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk under standard output', () => {
  it.each(['connect --mock --duration 1500ms', 'sign --snippet js', '--help'])('%s ends in 3', (args) => {
    const run = spawnSync('sh', ['-c', `"${process.execPath}" "${BIN}" ${args} > /dev/full`], {
      encoding: 'utf8',
      env: PATH,
    });
    expect(run.status).toBe(3);
    expect(run.stderr).not.toMatch(/\bat .*\.js:/);
  });
});

it.skipIf(process.platform === 'win32')('--env-file is read by rtms, not by Node', () => {
  const missing = spawnSync(BIN, ['sign', '--snippet', 'js', '--env-file', '/nowhere.env'], {
    encoding: 'utf8',
    env: PATH,
  });
  expect([missing.status, missing.stderr.split('\n')[0]]).toEqual([
    2,
    'error: cannot read /nowhere.env: there is no such file',
  ]);
});

describe('credentials', () => {
  it('that are missing are named with flag and variables', async () => {
    const { stderr, code } = await runRtms(['connect', '--payload', PAYLOAD]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/no client id[\s\S]*ZOOM_CLIENT_ID in the environment or \.env, or --client-id ID/);
  });

  it.each([`"${DEMO.ZOOM_CLIENT_SECRET}"`, `${DEMO.ZOOM_CLIENT_SECRET}\n`])(
    'with something around the secret (%j) are mended, with a warning',
    async (secret) => {
      const run = await runRtms(['connect', '--mock', '--duration', '1500ms', '--json'], {
        env: { ...DEMO, ZOOM_CLIENT_SECRET: secret },
      });
      expect(run.code).toBe(0);
      expect(failures(run).join()).toContain('secret-malformed');
      expect(run.stdout + run.stderr).not.toMatch(SECRETS);
    },
  );

  it('come on standard input too', async () => {
    const args = ['--mock', '--duration', '1500ms', '--client-id', DEMO.ZOOM_CLIENT_ID, '--client-secret-file', '-'];
    const { stderr, code } = await runRtms(['connect', ...args], { input: DEMO.ZOOM_CLIENT_SECRET });
    expect([stderr, code]).toEqual(['', 0]);
  });

  it('given in the open are taken with a warning that does not repeat them', async () => {
    const { stderr } = await connect('--mock', '--duration', '1500ms', '--client-secret', DEMO.ZOOM_CLIENT_SECRET);
    expect(stderr).toMatch(/warning: --client-secret is visible in the process list/);
    expect(stderr).not.toMatch(SECRETS);
  });
});

describe('usage', () => {
  it.each([
    [['connect', '--dump', 'xml']],
    [['connect', '--max-bytes', '-1']],
    [['connect', '--nonsense']],
    [['nonsense']],
    [['connect', '--mock=nonsense']],
    [['connect', '--mock', '--media', 'smell']],
    [['connect', '--mock', '--event', 'NONSENSE']],
    [['connect', '--mock', '--duration', 'soon']],
    [['connect', '--mock', '--proxy', 'nonsense']],
    [['connect', '--mock', '--url', 'wss://rtms-sjc1.zoom.us']],
  ])('%j is refused with 2', async (args) => {
    const { stdout, stderr, code } = await runRtms(args);
    expect([stdout, code]).toEqual(['', 2]);
    expect(stderr).toMatch(/^error: /);
  });

  it.each([[['--help']], [['connect', '--help']], [['sign', '--help']], [['sign', 'webhook', '--help']]])(
    '%j says what it does first, then examples',
    async (args) => {
      const { stdout, code } = await runRtms(args);
      expect(code).toBe(0);
      expect(stdout.split('\n')[0]).toMatch(/^[a-z].*[a-z]$/);
      expect(stdout.indexOf('  rtms ')).toBeLessThan(stdout.indexOf('options'));
    },
  );
});
