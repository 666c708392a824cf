/**
 * How many sessions `rtms mock` keeps supplied with media on time, and what an hour of media leaves in its memory. The
 * mock is the built binary in a process of its own; the clients are here. Run by `npm run bench`; figures, no judgement.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { DEMO } from '../dist/net/demo.js';
import { clientReadyAck, dataHandshake, keepAliveResponse, signalingHandshake } from '../dist/protocol/messages.js';
import { signHandshake } from '../dist/protocol/signature.js';
import { decodeWebhook } from '../dist/protocol/webhooks.js';

const BIN = fileURLToPath(new URL('../bin/rtms.js', import.meta.url));
const SESSIONS = [50, 100, 200, 400, 600, 800];
const SECONDS = 10;
const SEND_RATE_MS = 20;
/** An hour of media in this many seconds. */
const HOUR_IN_SECONDS = 60;

const folder = mkdtempSync(join(tmpdir(), 'rtms-bench-'));
const print = (text) => process.stdout.write(`${text}\n`);

/** The mock with so many streams, and the webhook of each. */
async function startMock(sessions, ...args) {
  const payload = join(folder, `${sessions}.json`);
  const options = ['mock', '--quiet', '--sessions', String(sessions), '--write-payload', payload, ...args];
  const child = spawn(process.execPath, [BIN, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const webhooks = [];
  for (let number = 1; number <= sessions; number += 1) {
    const path = number === 1 ? payload : payload.replace('.json', `-${number}.json`);
    webhooks.push(await whole(path));
  }
  return { pid: child.pid, webhooks, stop: () => (child.kill('SIGINT'), once(child, 'close')) };
}

async function whole(path) {
  for (;;) {
    try {
      return decodeWebhook(JSON.parse(readFileSync(path, 'utf8')));
    } catch {
      // It is not written yet, or not whole.
      await sleep(20);
    }
  }
}

/** A client with one media socket; `onMedia` gets each of its messages as bytes. */
async function connect({ entity, streamId, serverUrls }, name, mediaType, onMedia) {
  const signature = signHandshake({ clientId: DEMO.clientId, entityId: entity.value, streamId }, DEMO.clientSecret);
  const signaling = open(serverUrls.urls[0], signalingHandshake({ entity, streamId, signature }), () => undefined);
  await answered(signaling, '"msg_type":2,');
  const url = serverUrls.urls[0].replace('signaling', name);
  const media = open(url, dataHandshake({ entity, streamId, signature, mediaType }), onMedia);
  await answered(media, '"msg_type":4,');
  signaling.send(JSON.stringify(clientReadyAck(streamId)));
  return () => {
    media.terminate();
    signaling.terminate();
  };
}

function open(url, hello, onMessage) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('open', () => socket.send(JSON.stringify(hello)));
  socket.on('message', (data) => {
    if (data.includes('"msg_type":12,')) {
      socket.send(JSON.stringify(keepAliveResponse(JSON.parse(data).timestamp)));
    } else {
      onMessage(data);
    }
  });
  return socket;
}

const answered = (socket, mark) =>
  new Promise((resolve) => socket.on('message', (data) => data.includes(mark) && resolve()));

const NOW = performance.timeOrigin;
const TIMESTAMP = Buffer.from('"timestamp":');

/** How late one frame of audio is, in ms: its packet ends `send_rate` after its timestamp. */
function lateness(data) {
  const at = data.lastIndexOf(TIMESTAMP) + TIMESTAMP.length;
  return NOW + performance.now() - Number(data.toString('latin1', at, at + 13)) - SEND_RATE_MS;
}

async function measureSessions() {
  print(`audio at ${1000 / SEND_RATE_MS} frames/s to each session, for ${SECONDS} s`);
  print('  sessions   frames/s   of those due    median       p99       max   CPU of the mock');
  for (const sessions of SESSIONS) {
    const mock = await startMock(sessions);
    let [late, measuring] = [[], false];
    const onMedia = (data) => {
      if (measuring) late.push(lateness(data));
    };
    const leave = [];
    for (const webhook of mock.webhooks) leave.push(await connect(webhook, 'audio', 1, onMedia));
    await sleep(1000);
    const before = cpuSeconds(mock.pid);
    measuring = true;
    await sleep(SECONDS * 1000);
    measuring = false;
    const cpu = (cpuSeconds(mock.pid) - before) / SECONDS;
    for (const end of leave) end();
    await mock.stop();
    late = late.toSorted((a, b) => a - b);
    const [rate, due] = [late.length / SECONDS, sessions * (1000 / SEND_RATE_MS)];
    const figures = [at(late, 0.5), at(late, 0.99), late.at(-1) ?? NaN].map((ms) => `${ms.toFixed(1)} ms`.padStart(9));
    const share = `${((rate / due) * 100).toFixed(1)} %`;
    print(
      `  ${String(sessions).padStart(8)}   ${rate.toFixed(0).padStart(8)}   ${share.padStart(12)} ${figures.join(' ')}` +
        `   ${(cpu * 100).toFixed(0)} %`,
    );
  }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/** Of user and system together, as /proc has it: 100 ticks a second. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

const residentMegabytes = (pid) => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)])) / 1024;

async function measureMemory() {
  print(`memory of the mock through an hour of all media, in ${HOUR_IN_SECONDS} s (--speed ${3600 / HOUR_IN_SECONDS})`);
  const mock = await startMock(1, '--speed', String(3600 / HOUR_IN_SECONDS));
  let frames = 0;
  const leave = await connect(mock.webhooks[0], 'all', 32, () => {
    frames += 1;
  });
  for (let quarter = 0; quarter <= 4; quarter += 1) {
    const resident = `${residentMegabytes(mock.pid).toFixed(0)} MB`;
    print(`  after ${String(quarter * 15).padStart(2)} min   ${resident.padStart(7)}   ${frames} frames`);
    await sleep((HOUR_IN_SECONDS / 4) * 1000);
  }
  leave();
  await mock.stop();
}

try {
  await measureSessions();
  print('');
  await measureMemory();
} finally {
  rmSync(folder, { recursive: true });
}
