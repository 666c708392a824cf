/** Correct artefacts of every kind, on which no rule fails or warns: a finding here is a false alarm. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { PRODUCTS } from '../src/protocol/webhooks.js';
import { diagnose } from '../src/rules/index.js';
import { manifestChecks } from '../src/session/app-facts.js';
import type { EventBody } from '../src/session/event.js';
import { fact } from '../src/session/facts.js';
import { parseRecording, type Recording } from '../src/session/jsonl.js';
import { frameEvent, placeOf } from '../src/session/message.js';
import { Timeline } from '../src/session/timeline.js';

const FOLDER = new URL('../fixtures/correct/', import.meta.url);
const NAMES = readdirSync(fileURLToPath(FOLDER));
const read = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

const kindOf = (name: string): string => name.split('.')[0] ?? '';

/** By the first part of a file's name. */
const KINDS: Readonly<Record<string, (bytes: Buffer, name: string) => Recording>> = {
  recording: (bytes) => parseRecording(bytes.toString('utf8')),
  webhook: (bytes) => alone([webhook(bytes.toString('utf8'))]),
  handshake: (bytes) => alone([message(bytes)]),
  message: (bytes) => alone([message(bytes)]),
  answer: (bytes) => alone([message(bytes)]),
  manifest: (bytes, name) => alone(manifest(bytes, name)),
};

/** The events of a file that is judged by itself. */
function alone(events: readonly EventBody[]): Recording {
  const header = { rtms: 1, tool: 'rtms 0', command: 'lint', startedAt: '2026-11-23T22:14:00.000Z' } as const;
  return { header, events: events.map((event) => ({ t: 0, ...event })), problems: [] };
}

/** A body, or a whole request with its headers. */
function webhook(text: string): EventBody {
  const [head = '', body] = text.split('\r\n\r\n');
  if (body === undefined) return { type: 'webhook', headers: {}, body: text };
  const lines = head.split('\r\n').slice(1);
  const headers = Object.fromEntries(lines.map((line) => line.split(': ', 2)));
  return { type: 'webhook', headers, body };
}

/** On the socket and in the direction its type belongs to. */
function message(bytes: Buffer): EventBody {
  const { socket, dir } = placeOf(JSON.parse(bytes.toString('utf8')), 'message');
  return frameEvent(socket, dir, 'text', bytes);
}

/** An app that wants every medium of the product in the name. */
function manifest(bytes: Buffer, name: string): EventBody[] {
  const product = PRODUCT_NAMES.find((each) => name.includes(each)) ?? '';
  const wanted = [fact('product-wanted', { product }), fact('media-wanted', { media: 'all' })];
  return [...wanted, ...manifestChecks(JSON.parse(bytes.toString('utf8')))];
}

const PRODUCT_NAMES = Object.keys(PRODUCTS);

const judged = NAMES.flatMap((name): [name: string, recording: Recording][] => {
  const readAs = KINDS[kindOf(name)];
  return readAs ? [[name, readAs(read(name), name)]] : [];
});

describe('correct artefacts', () => {
  it('are of every kind', () => {
    expect([...new Set(NAMES.map(kindOf))].toSorted()).toEqual(Object.keys(KINDS).toSorted());
    expect(judged.length).toBeGreaterThan(100);
  });

  it.each(judged)('%s', (_, { header, events, problems }) => {
    const { findings } = diagnose(new Timeline(header, events));
    expect(findings).toEqual([]);
    expect(problems).toEqual([]);
  });
});
