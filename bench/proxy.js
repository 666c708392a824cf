/**
 * What `rtms proxy` costs and whether it changes anything: latency at 1,000 frames a second with and without it, and
 * every byte of many frames on both sides. The proxy is the built binary in a process of its own, everything else is
 * here, so that one clock measures both ends. Run by `npm run bench`; figures, no judgement.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket, WebSocketServer } from 'ws';
import { buildFrame, OPCODE } from '../dist/protocol/frame.js';

const BIN = fileURLToPath(new URL('../bin/rtms.js', import.meta.url));
const SECONDS = 10;
const FRAMES_PER_SECOND = 1000;
const FRAMES_COMPARED = 12_000;
/** Base64 of 640 bytes, 20 ms of L16 at 16 kHz. */
const AUDIO = Buffer.alloc(640, 7).toString('base64');

const folder = mkdtempSync(join(tmpdir(), 'rtms-bench-'));
const print = (text) => process.stdout.write(`${text}\n`);

/** Starts the proxy in front of a URL; resolves to the URL of the proxy and how to stop it. */
async function startProxy(target, ...args) {
  const [payload, written] = [join(folder, 'started.json'), join(folder, 'mine.json')];
  rmSync(written, { force: true });
  writeFileSync(payload, JSON.stringify({ event: 'meeting.rtms_started', payload: { server_urls: target } }));
  const child = spawn(process.execPath, [BIN, 'proxy', '--payload', payload, '--write-payload', written, ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  for (;;) {
    await sleep(20);
    try {
      const url = JSON.parse(readFileSync(written, 'utf8')).payload.server_urls;
      return { url, stop: () => (child.kill('SIGINT'), once(child, 'close')) };
    } catch {
      // It is not written yet, or not whole.
    }
  }
}

/** A process that passes bytes on and does nothing else: what any process in between costs. */
const BARE_RELAY = `
const { connect, createServer } = require('node:net');
const server = createServer({ noDelay: true }, (socket) => {
  const target = connect({ host: '127.0.0.1', port: Number(process.argv[1]), noDelay: true });
  socket.pipe(target).pipe(socket);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));`;

async function startBareRelay(target) {
  const { port } = new URL(target);
  const child = spawn(process.execPath, ['-e', BARE_RELAY, port], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [relayed] = await once(child.stdout, 'data');
  return { url: `ws://127.0.0.1:${relayed}`, stop: () => child.kill() };
}

async function listening(server) {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `ws://127.0.0.1:${server.address().port}`;
}

/** A server that answers a handshake with its media URL, and sends on that 1,000 frames a second. */
async function startMedia() {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  const url = await listening(server);
  sockets.on('connection', (socket, request) => {
    if (request.url !== '/signaling') void stream(socket);
    else socket.on('message', () => socket.send(JSON.stringify(answer(`${url}/audio`))));
  });
  return {
    url: `${url}/signaling`,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
    },
  };
}

const answer = (audio) => ({ msg_type: 2, status_code: 0, media_server: { server_urls: { audio } } });

async function stream(socket) {
  const start = performance.now();
  for (let sent = 0; sent < SECONDS * FRAMES_PER_SECOND;) {
    const due = ((performance.now() - start) / 1000) * FRAMES_PER_SECOND;
    for (; sent < due; sent += 1) {
      const content = { user_id: 0, data: AUDIO, length: 640, timestamp: performance.now() };
      socket.send(JSON.stringify({ msg_type: 14, content }));
    }
    await sleep(1);
  }
  socket.close();
}

/** The media URL that a handshake gets. */
async function mediaUrl(signalingUrl) {
  const signaling = new WebSocket(signalingUrl, { perMessageDeflate: false });
  await once(signaling, 'open');
  signaling.send('{"msg_type":1}');
  const [reply] = await once(signaling, 'message');
  return JSON.parse(reply).media_server.server_urls.audio;
}

/** Milliseconds from each frame's being sent to its being read, in order of size. */
async function latencies(url) {
  const media = new WebSocket(url, { perMessageDeflate: false });
  const delays = [];
  media.on('message', (data) => {
    const now = performance.now();
    delays.push(now - JSON.parse(data).content.timestamp);
  });
  await once(media, 'close');
  return delays.toSorted((a, b) => a - b);
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const ms = (value) => `${value.toFixed(3)} ms`.padStart(10);

function row(name, delays, base) {
  const [median, p99] = [at(delays, 0.5), at(delays, 0.99)];
  const added = base ? `     ${ms(median - at(base, 0.5))}  ${ms(p99 - at(base, 0.99))}` : '';
  print(`  ${name.padEnd(26)}${ms(median)} ${ms(p99)}${added}`);
}

async function measureLatency() {
  const media = await startMedia();
  const target = await mediaUrl(media.url);
  const direct = await latencies(target);
  print(`latency of ${direct.length} frames at ${FRAMES_PER_SECOND} frames/s, one way`);
  print(`  ${''.padEnd(26)}    median        p99   added median   added p99`);
  row('without the proxy', direct);
  const bare = await startBareRelay(target);
  row('a bare relay of bytes', await latencies(bare.url), direct);
  bare.stop();
  const settings = [
    ['proxy --quiet', '--quiet'],
    ['proxy --dump none', '--dump', 'none'],
    ['proxy --dump none --record', '--dump', 'none', '--record', join(folder, 's.rtms.jsonl')],
    ['proxy --dump text', '--dump', 'text'],
  ];
  for (const [name, ...args] of settings) {
    const proxy = await startProxy(media.url, ...args);
    row(name, await latencies(await mediaUrl(proxy.url)), direct);
    await proxy.stop();
  }
  media.close();
}

/** Frames of all kinds and sizes as one side would send them. */
function traffic(sender) {
  const sizes = [0, 17, 125, 126, 900, 927, 4000, 65_535, 65_536];
  return Array.from({ length: FRAMES_COMPARED }, (_, index) => {
    const payload = Buffer.alloc(sizes[index % sizes.length], `${sender} ${index} `);
    if (index % 11 === 5) return buildFrame(sender, index % 2 ? OPCODE.ping : OPCODE.pong, payload.subarray(0, 125));
    const opcode = index % 2 ? OPCODE.text : OPCODE.binary;
    if (index % 7 !== 3) return buildFrame(sender, opcode, payload);
    const [head, tail] = [payload.subarray(0, 10), payload.subarray(10)];
    const first = buildFrame(sender, opcode, head);
    first[0] = opcode;
    return Buffer.concat([first, buildFrame(sender, OPCODE.ping, head), buildFrame(sender, OPCODE.continuation, tail)]);
  });
}

function received(socket, size) {
  return new Promise((resolve) => {
    const chunks = [];
    let bytes = 0;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= size) resolve(Buffer.concat(chunks));
    });
  });
}

const verdict = (sent, got) =>
  `${(sent.length / 1e6).toFixed(0)} MB, ${sent.equals(got) ? 'every byte the same' : 'DIFFERENT'}`;

async function compareBytes() {
  const server = createServer();
  const accepted = new Promise((resolve) => {
    server.on('upgrade', (_, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      resolve(socket);
    });
  });
  const proxy = await startProxy(await listening(server), '--dump', 'none');
  const { hostname, port, pathname } = new URL(proxy.url);
  const client = connect(Number(port), hostname);
  const head = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Key: x', 'Sec-WebSocket-Version: 13'];
  client.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${head.join('\r\n')}\r\n\r\n`);
  const upstream = await accepted;
  const [[first]] = [await once(client, 'data')];
  if (!String(first).endsWith('\r\n\r\n')) throw new Error('more than the answer came');
  const [up, down] = [Buffer.concat(traffic('client')), Buffer.concat(traffic('server'))];
  client.write(up);
  upstream.write(down);
  const [atServer, atClient] = await Promise.all([received(upstream, up.length), received(client, down.length)]);
  print(`${FRAMES_COMPARED} frames each way, text, binary, fragments, pings, 0 to 65,536 bytes`);
  print(`  client to server  ${verdict(up, atServer)}`);
  print(`  server to client  ${verdict(down, atClient)}`);
  await proxy.stop();
  server.closeAllConnections();
  server.close();
}

try {
  await compareBytes();
  await measureLatency();
} finally {
  rmSync(folder, { recursive: true });
}
