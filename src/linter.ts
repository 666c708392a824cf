/**
 * Judges documents, each in a session in which nothing else happened, and recordings as they are. What is wrong is said
 * by the rules; here it gets its place in the file. Reads no files.
 */
import type { Artefact, ArtefactKind } from './artefact/artefact.js';
import { eventsOf } from './artefact/events.js';
import { isThere, rangeInDocument, rangeInFile } from './artefact/place.js';
import { placeInLine, RecordingReader } from './artefact/recording.js';
import { Source, type Place } from './artefact/source.js';
import { MESSAGE_TYPE } from './protocol/codes.js';
import { isObject } from './protocol/json.js';
import { typeMeant } from './protocol/messages.js';
import type { Range } from './protocol/origin.js';
import { decodeWebhook, PRODUCTS, type Webhook } from './protocol/webhooks.js';
import { diagnose } from './rules/index.js';
import type { Diagnosis, Evidence, Finding } from './rules/rule.js';
import type { CheckEvent, EventBody, SessionHeader } from './session/event.js';
import { frameBytes, frameEvent } from './session/message.js';
import { eventRedactor, textRedactor, type RedactOptions } from './session/redact.js';
import { checkSignature, idsOfFrame, signatureInputs, type SignatureInputs } from './session/signature-check.js';
import { Timeline } from './session/timeline.js';
import { savedSignature, type WebhookSecrets } from './session/webhook-verifier.js';

export interface LintOptions {
  /** Name and version of this program. */
  readonly tool: string;
  /** The pair that signs handshakes, where both are known. */
  readonly credentials?: Parameters<typeof signatureInputs>[1] | undefined;
  /** Those of the Video SDK, where there are others. */
  readonly sdkCredentials?: Parameters<typeof signatureInputs>[1] | undefined;
  readonly webhookSecrets?: WebhookSecrets | undefined;
  readonly redact: RedactOptions;
}

/** A file with the documents that were found in it. */
export interface LintFile {
  readonly name: string;
  readonly source: Source;
  readonly artefacts: readonly Artefact[];
}

/** One document or recording, judged. */
export interface Judgement {
  readonly file: string;
  readonly kind: ArtefactKind;
  /** Size of the document; of a recording, the number of its events. */
  readonly size: number;
  readonly assumptions: readonly string[];
  readonly findings: readonly LocatedFinding[];
  readonly passed: readonly Finding[];
  /** What it would be without what stands in the way of reading it, secrets masked. */
  readonly repaired?: string;
}

export interface LocatedFinding {
  readonly finding: Finding;
  /** Of each piece of evidence its place, where it has one. */
  readonly spots: readonly (Spot | undefined)[];
}

/** Lines and columns of a text, or else bytes of the file. */
export type Location = Place | { readonly offset: number; readonly length: number };

export interface Spot {
  readonly file: string;
  readonly location: Location;
  /** What to show of it, secrets masked: a line of a text, or bytes of the document; nothing of what is missing. */
  readonly shown?: Shown;
}

export type Shown =
  | { readonly form: 'text'; readonly source: Source; readonly range: Range }
  | { readonly form: 'bytes'; readonly document: Uint8Array; readonly range: Range };

/** Why something that could have been judged was not. */
export type Unchecked = 'no-credentials' | 'no-secret-token' | 'masked' | 'no-ids';

/** An event of a session with the document it stands for. */
interface Entry {
  readonly file: LintFile;
  readonly artefact: Artefact;
  readonly events: readonly EventBody[];
}

interface WebhookEntry extends Entry {
  readonly webhook: Webhook;
}

export class Linter {
  /** What was left unjudged so far. */
  readonly unchecked = new Set<Unchecked>();
  readonly #options: LintOptions;
  readonly #masks: Masks;
  readonly #masked = new WeakMap<Source, Source>();
  readonly #inputs = new Map<string, SignatureInputs>();

  constructor(options: LintOptions) {
    this.#options = options;
    this.#masks = masksOf(options.redact);
  }

  /** Each document of each file, in their order. A webhook tells the handshakes of its stream what is right. */
  lint(files: readonly LintFile[]): Judgement[] {
    const entries = files.flatMap((file) =>
      file.artefacts.map((artefact): Entry => ({ file, artefact, events: eventsOf(artefact) })),
    );
    const webhooks = entries.filter(({ artefact }) => artefact.kind === 'webhook').map(withWebhook);
    return entries.map((entry, index) => {
      const answer = answerTo(entry, entries.slice(index + 1, index + 1 + FAR));
      const before = entry.artefact.kind === 'handshake' ? relatedTo(entry, webhooks) : [];
      return this.#judge(entry, before, answer ? [answer] : []);
    });
  }

  /** What is odd about the credentials in use. */
  judgeCredentials(checks: readonly CheckEvent[]): readonly Finding[] {
    return judge(this.#options, checks).findings.filter(({ evidence }) => evidence.length > 0);
  }

  /** A recording, to be given line by line. Throws an Error with a readable message if this is not its first. */
  recording(file: string, firstLine: Uint8Array): RecordingLinter {
    return new RecordingLinter(file, firstLine, this.#masks);
  }

  #judge(entry: Entry, before: readonly WebhookEntry[], after: readonly Entry[]): Judgement {
    const { file, artefact } = entry;
    const context = [...before, entry, ...after].flatMap((each) => each.events.map((event) => ({ each, event })));
    const first = 1 + context.findIndex(({ each }) => each === entry);
    const checks = [...this.#signature(entry, first, before), ...this.#webhookSignature(entry, first)];
    const events = [...context.map(({ event }) => event), ...checks].map(this.#masks.event);
    const { findings, results } = judge(this.#options, events);
    const isOwn = ({ event }: Evidence): boolean => event !== undefined && context[event - 1]?.each === entry;
    const spotOf = (evidence: Evidence): Spot | undefined => {
      const { each } = context[(evidence.event ?? 0) - 1] ?? {};
      return each && this.#spot(each, evidence);
    };
    const repaired = repairedText(artefact);
    return {
      file: file.name,
      kind: artefact.kind,
      size: artefact.document.length,
      assumptions: artefact.assumptions.map(this.#masks.text),
      findings: findings
        .filter(({ status, evidence: [primary] }) => status === 'crash' || (primary !== undefined && isOwn(primary)))
        .map((finding) => ({ finding: clamped(finding, artefact), spots: finding.evidence.map(spotOf) })),
      passed: results.filter(({ status, rule }) => status === 'pass' && !OTHER_RULES[artefact.kind]?.test(rule)),
      ...(repaired !== undefined && { repaired: this.#masks.text(repaired) }),
    };
  }

  #spot({ file, artefact }: Entry, evidence: Evidence): Spot {
    const range = file.source.inside(rangeInFile(artefact, evidence));
    const place = { file: file.name, location: locate(file.source, range) };
    if (!isThere(artefact, evidence)) return place;
    const shown: Shown =
      artefact.form === 'bytes'
        ? { form: 'bytes', document: this.#masks.bytes(artefact.document), range: rangeInDocument(artefact, evidence) }
        : { form: 'text', source: this.#maskedSource(file.source), range };
    return { ...place, shown };
  }

  #maskedSource(source: Source): Source {
    const known = this.#masked.get(source) ?? new Source(this.#masks.bytes(source.bytes));
    this.#masked.set(source, known);
    return known;
  }

  #signature({ artefact, events: [frame] }: Entry, number: number, before: readonly WebhookEntry[]): CheckEvent[] {
    const { value } = artefact.reading;
    const given = artefact.kind === 'handshake' && isObject(value) ? value['signature'] : undefined;
    if (frame?.type !== 'frame' || typeof given !== 'string' || given === '') return [];
    const stream = before.map(({ webhook }) => webhook).find(isStream) ?? decodeWebhook(value);
    const isSdk = stream.product !== undefined && PRODUCTS[stream.product].credential === 'video-sdk';
    const credentials = (isSdk ? this.#options.sdkCredentials : undefined) ?? this.#options.credentials;
    if (isMasked(given)) this.unchecked.add('masked');
    else if (!credentials) this.unchecked.add('no-credentials');
    else if (!isStream(stream)) this.unchecked.add('no-ids');
    else {
      const { entity, streamId, ids } = stream;
      const inputs = { entity, streamId, ids: { ...ids, ...idsOfFrame(value) } };
      return checkSignature(frame, number, this.#inputsFor(inputs, credentials));
    }
    return [];
  }

  /** The same object for the same stream: explaining a wrong signature takes its time, and is done once for one. */
  #inputsFor(...[stream, credentials]: Parameters<typeof signatureInputs>): SignatureInputs {
    const key = JSON.stringify(stream);
    const known = this.#inputs.get(key) ?? signatureInputs(stream, credentials);
    this.#inputs.set(key, known);
    return known;
  }

  #webhookSignature({ artefact, events: [event] }: Entry, number: number): CheckEvent[] {
    const given = artefact.headers.get('x-zm-signature')?.value;
    if (event?.type !== 'webhook' || given === undefined) return [];
    const { webhookSecrets } = this.#options;
    if (isMasked(given)) this.unchecked.add('masked');
    else if (!webhookSecrets) this.unchecked.add('no-secret-token');
    else {
      const webhook = decodeWebhook(artefact.reading.value);
      const request = { headers: event.headers, body: artefact.document, webhook };
      const judgement = savedSignature(request, webhookSecrets);
      if (judgement) return [{ type: 'check', rule: 'webhook-signature-mismatch', frame: number, ...judgement }];
    }
    return [];
  }
}

/** Takes a recording line by line, keeps what findings may point at, and judges it at its end. */
export class RecordingLinter {
  readonly #file: string;
  readonly #reader: RecordingReader;
  readonly #timeline: Timeline;
  readonly #masks: Masks;

  constructor(file: string, firstLine: Uint8Array, masks: Masks) {
    this.#file = file;
    this.#reader = new RecordingReader(firstLine);
    this.#timeline = new Timeline(this.#reader.header);
    this.#masks = masks;
  }

  /** Any line but the first. `isWhole` is false for one that has no end. */
  take(line: Uint8Array, isWhole = true): void {
    const event = this.#reader.take(line, isWhole);
    if (event) this.#timeline.push({ t: event.t, ...this.#masks.event(event) });
  }

  finish(): Judgement {
    const { findings, results } = diagnose(this.#timeline);
    return {
      file: this.#file,
      kind: 'recording',
      size: this.#reader.events,
      assumptions: this.#reader.problems,
      findings: findings.map((finding) => ({
        finding,
        spots: finding.evidence.map((evidence) => this.#spot(evidence)),
      })),
      passed: results.filter(({ status }) => status === 'pass'),
    };
  }

  #spot(evidence: Evidence): Spot | undefined {
    if (evidence.event === undefined) return undefined;
    const { number, bytes } = this.#reader.lineOf(evidence.event);
    if (!bytes) return { file: this.#file, location: { line: number, column: 1, endLine: number, endColumn: 1 } };
    const source = new Source(bytes);
    const { range: found, isThere } = placeInLine(bytes, evidence);
    const range = source.inside(found);
    const { column, endColumn } = source.place(range);
    return {
      file: this.#file,
      location: { line: number, column, endLine: number, endColumn },
      ...(isThere && { shown: { form: 'text', source: new Source(this.#masks.bytes(bytes)), range } }),
    };
  }
}

/** Hide secrets, with as many characters as they have, so that places stay what they are. */
interface Masks {
  readonly event: (body: EventBody) => EventBody;
  readonly text: (text: string) => string;
  readonly bytes: (bytes: Uint8Array) => Uint8Array;
}

function masksOf(options: RedactOptions): Masks {
  const event = eventRedactor(options);
  const bytes = (given: Uint8Array): Uint8Array => {
    const masked = event(frameEvent('signaling', 'in', 'binary', given));
    return masked.type === 'frame' ? frameBytes(masked) : given;
  };
  return { event, text: textRedactor(options), bytes };
}

/** Nobody knows when what was saved happened: without a time, nothing is called stale. */
const TIME_UNKNOWN = '';

function judge({ tool }: LintOptions, events: readonly EventBody[]): Diagnosis {
  const header: SessionHeader = { rtms: 1, tool, command: 'lint', startedAt: TIME_UNKNOWN };
  return diagnose(
    new Timeline(
      header,
      events.map((body) => ({ t: 0, ...body })),
    ),
  );
}

function locate(source: Source, range: Range): Location {
  return source.isText ? source.place(range) : { offset: range[0], length: range[1] - range[0] };
}

/** Rules whose passing says nothing of a document: it is of a webhook beside it, or of a handshake that it is not. */
const OTHER_RULES: Readonly<Partial<Record<ArtefactKind, RegExp>>> = {
  handshake: /^(?:webhook|server-url|duplicate)-/,
  message: /^(?:handshake|signature|duplicate)-/,
};

/** With ranges of bytes that lie inside the document. */
function clamped(finding: Finding, artefact: Artefact): Finding {
  const evidence = finding.evidence.map((each) =>
    each.bytes ? { ...each, bytes: rangeInDocument(artefact, each) } : each,
  );
  return { ...finding, evidence };
}

const withWebhook = (entry: Entry): WebhookEntry => ({
  ...entry,
  webhook: decodeWebhook(entry.artefact.reading.value),
});

/** The nearest of what there is: with the same ids under the same names, of the same stream, of the same meeting. */
function relatedTo({ artefact }: Entry, webhooks: readonly WebhookEntry[]): readonly WebhookEntry[] {
  const { streamId, entity } = decodeWebhook(artefact.reading.value);
  const ofStream = webhooks.filter(({ webhook }) => streamId !== undefined && webhook.streamId === streamId);
  const ofEntity = webhooks.filter(({ webhook }) => entity !== undefined && webhook.entity?.value === entity.value);
  const same = ofStream.filter((each) => ofEntity.includes(each) && each.webhook.entity?.field === entity?.field);
  return [same, ofStream, ofEntity].find(({ length }) => length > 0) ?? [];
}

/** So far behind a handshake its answer may stand. */
const FAR = 20;
const ANSWERS: readonly (readonly [type: number, answer: number])[] = [
  [MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value, MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.answeredBy],
  [MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value, MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.answeredBy],
];

/** The answer in the same file, before the same handshake comes again: what the server took is not wrong. */
function answerTo({ file, artefact }: Entry, later: readonly Entry[]): Entry | undefined {
  const type = messageType(artefact);
  const [, answer] = ANSWERS.find(([request]) => request === type) ?? [];
  if (answer === undefined) return undefined;
  const next = later.find((entry) => [type, answer].includes(messageType(entry.artefact)));
  return next?.file === file && messageType(next.artefact) === answer ? next : undefined;
}

const messageType = ({ reading: { value } }: Artefact): number | undefined =>
  isObject(value) ? typeMeant(value['msg_type']) : undefined;

type Stream = Webhook & { readonly entity: NonNullable<Webhook['entity']>; readonly streamId: string };

const isStream = (webhook: Webhook): webhook is Stream =>
  webhook.entity !== undefined && webhook.streamId !== undefined;

/** As recordings and people hide them. */
const isMasked = (signature: string): boolean => /[*…]|\.{3}/.test(signature);

const ALTERED: readonly string[] = ['typographic-quotes', 'double-encoded', 'not-utf8'];

function repairedText({ reading: { faults, text } }: Artefact): string | undefined {
  return faults.some(({ cause }) => ALTERED.includes(cause)) ? text : undefined;
}
