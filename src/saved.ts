/** What a user saved of a failure, in whatever form: a webhook, a handshake, a recording, as events with their source. */
import type { Artefact, DocumentKind } from './artefact/artefact.js';
import { eventsOf } from './artefact/events.js';
import { readArtefacts } from './artefact/read.js';
import { RecordingReader } from './artefact/recording.js';
import { Source } from './artefact/source.js';
import { errorText, RtmsError } from './errors.js';
import { linesOf, openFile } from './files.js';
import { jsonIn, nameOf, readBytes } from './input.js';
import { quoted } from './rerun.js';
import { decodeWebhook, type Webhook } from './protocol/webhooks.js';
import type { EventBody, FrameEvent, SessionEvent, SessionHeader } from './session/event.js';
import { readFrame, sentFrame } from './session/message.js';
import { Timeline } from './session/timeline.js';
import { savedSignature, type WebhookSecrets } from './session/webhook-verifier.js';

/** One event and where it comes from, in words: `started.json`, `line 12 of s.rtms.jsonl`, `the flags`. */
export interface Sourced {
  readonly event: SessionEvent;
  readonly source: string;
}

/** Events of one time and one source; `t` is in ms since the start. */
export const at = (t: number, source: string, bodies: readonly EventBody[]): Sourced[] =>
  bodies.map((body) => ({ event: { t, ...body }, source }));

/** It is the first of all events. */
const WEBHOOK_NUMBER = 1;

export interface SavedWebhook {
  readonly events: readonly EventBody[];
  readonly webhook: Webhook;
  readonly notes: readonly string[];
}

/**
 * A webhook with its headers in front or without; with the Secret Token its signature is verified. Throws RtmsError
 * (`input`) for what holds no JSON object; whether it is an RTMS webhook is told by the rules.
 */
export async function savedWebhook(path: string, secrets: WebhookSecrets | undefined): Promise<SavedWebhook> {
  const bytes = await readBytes(path, '--payload');
  const found = documentIn(bytes, 'webhook');
  if (!found) refuseOther(bytes, path, 'a webhook');
  const [event] = found ? eventsOf(found) : [];
  if (!found || event?.type !== 'webhook') {
    const { value, text, repairs } = jsonIn(bytes, path, '--payload');
    return { events: [{ type: 'webhook', headers: {}, body: text }], webhook: decodeWebhook(value), notes: repairs };
  }
  const { headers } = event;
  const webhook = decodeWebhook(found.reading.value);
  const isSigned = headers['x-zm-signature'] !== undefined;
  const judgement = isSigned && secrets && savedSignature({ headers, body: found.document, webhook }, secrets);
  const check: EventBody[] = judgement
    ? [{ type: 'check', rule: 'webhook-signature-mismatch', frame: WEBHOOK_NUMBER, ...judgement }]
    : [];
  return { events: [event, ...check], webhook, notes: notesOf(found, path) };
}

export interface SavedHandshake {
  readonly frame: FrameEvent;
  /** The ids it holds itself. */
  readonly own: Webhook;
  readonly notes: readonly string[];
}

/** A handshake as it was sent, dumped, encoded or logged. Bytes in which none is found are taken for one. */
export async function savedHandshake(path: string): Promise<SavedHandshake> {
  const bytes = await readBytes(path, '--handshake');
  const found = documentIn(bytes, 'handshake');
  if (!found) refuseOther(bytes, path, 'a handshake');
  const [event] = found ? eventsOf(found) : [];
  const frame = event?.type === 'frame' ? event : sentFrame(bytes);
  return { frame, own: decodeWebhook(readFrame(frame).value), notes: found ? notesOf(found, path) : [] };
}

/** What else there may be in a file, and how it is to be given. */
const OTHERS: Readonly<Record<DocumentKind, readonly [what: string, give: (path: string) => string]>> = {
  handshake: ['a handshake', (path) => `--handshake ${path}`],
  webhook: ['a webhook', (path) => `--payload ${path}`],
  manifest: ['a manifest', (path) => `--manifest ${path}`],
  message: ['another message', (path) => `the first message your client sends; any other is judged by: rtms lint ${path}`],
  answer: ['an answer of the REST API', (path) => `rtms lint ${path}`],
};

/** Throws RtmsError (`input`) for a document of another kind: judged as what it is not, nothing of it would be right. */
function refuseOther(bytes: Uint8Array, path: string, wanted: string): void {
  const [other] = readArtefacts(new Source(bytes));
  if (!other) return;
  const [what, give] = OTHERS[other.kind];
  throw new RtmsError('input', `${nameOf(path)} holds ${what}, not ${wanted}`, [['give', give(quoted(path))]]);
}

const documentIn = (bytes: Uint8Array, kind: DocumentKind): Artefact | undefined =>
  readArtefacts(new Source(bytes)).find((artefact) => artefact.kind === kind);

const notesOf = ({ assumptions }: Artefact, path: string): string[] =>
  assumptions.map((how) => `${nameOf(path)}: ${how}`);

export interface SavedSession {
  readonly header: SessionHeader;
  readonly events: readonly Sourced[];
  readonly webhook: Webhook | undefined;
  readonly notes: readonly string[];
}

/** A recording up to its last whole line. Throws RtmsError (`input`) for what is none, or is of a newer version. */
export async function savedSession(path: string): Promise<SavedSession> {
  const name = nameOf(path);
  const { chunks } = await openFile(path);
  const lines = linesOf(path, chunks);
  const { value: first } = await lines.next();
  const reader = startReading(first?.bytes ?? new Uint8Array(), name);
  const events: SessionEvent[] = [];
  for await (const { bytes, isWhole } of lines) {
    const event = reader.take(bytes, isWhole);
    if (event) events.push(event);
  }
  const { header, problems } = reader;
  if (events.length === 0) {
    throw new RtmsError('input', `${name} has its first line alone: nothing was recorded`, [
      ['give', 'a recording with a session in it: rtms connect --payload started.json --record FILE'],
    ]);
  }
  return {
    header,
    events: events.map((event, index) => ({ event, source: `line ${reader.lineOf(index + 1).number} of ${name}` })),
    webhook: new Timeline(header, events).started?.webhook,
    notes: problems.map((problem) => `${name}: ${problem}`),
  };
}

function startReading(firstLine: Uint8Array, name: string): RecordingReader {
  try {
    return new RecordingReader(firstLine);
  } catch (error) {
    throw new RtmsError('input', `${name}: ${errorText(error)}`, [
      ['give', '--session FILE with a recording of rtms connect or rtms proxy (--record FILE)'],
    ]);
  }
}
