/** Recording ⇄ events: one JSON object a line. Reads up to the last whole line; writes nothing itself. */
import * as v from 'valibot';
import { PHASES, type SessionEvent, type SessionHeader } from './event.js';

/** One line of a recording, newline included. */
export const toLine = (value: SessionHeader | SessionEvent): string => `${JSON.stringify(value)}\n`;

export interface Recording {
  readonly header: SessionHeader;
  readonly events: readonly SessionEvent[];
  /** What could not be read, in words, with its line number from 1. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

const Facts = v.record(v.string(), v.union([v.string(), v.number(), v.boolean(), v.null()]));
const Socket = v.custom<SessionEvent extends infer E ? (E extends { socket: infer S } ? S : never) : never>(
  (value) => typeof value === 'string' && /^(?:signaling|media:[a-z]+|host:\S+)$/.test(value),
);
const common = { t: v.number() };
const onSocket = { socket: Socket, connection: v.exactOptional(v.number()) };

const Event = v.variant('type', [
  v.object({
    ...common,
    type: v.literal('webhook'),
    headers: v.record(v.string(), v.string()),
    body: v.string(),
    base64: v.exactOptional(v.string()),
  }),
  v.object({
    ...common,
    type: v.literal('phase'),
    name: v.picklist(PHASES),
    ...onSocket,
    ms: v.number(),
    ok: v.boolean(),
    detail: v.optional(Facts, {}),
  }),
  v.object({
    ...common,
    type: v.literal('frame'),
    ...onSocket,
    dir: v.picklist(['in', 'out']),
    opcode: v.picklist(['text', 'binary', 'ping', 'pong']),
    bytes: v.number(),
    text: v.exactOptional(v.string()),
    base64: v.exactOptional(v.string()),
  }),
  v.object({
    ...common,
    type: v.literal('close'),
    ...onSocket,
    code: v.number(),
    reason: v.string(),
    by: v.picklist(['peer', 'self']),
    clean: v.boolean(),
  }),
  v.object({ ...common, type: v.literal('error'), ...onSocket, code: v.string(), message: v.string() }),
  v.object({
    ...common,
    type: v.literal('check'),
    rule: v.string(),
    ok: v.boolean(),
    frame: v.exactOptional(v.number()),
    facts: v.optional(Facts, {}),
  }),
  v.object({ ...common, type: v.literal('note'), text: v.string() }),
]);

const Header = v.object({
  rtms: v.literal(1, 'written by a newer rtms than this one, which reads version 1: update it'),
  tool: v.string(),
  command: v.string(),
  startedAt: v.string(),
  product: v.exactOptional(v.picklist(['meeting', 'webinar', 'video-sdk', 'contact-center', 'phone'])),
});

/** The first line of a recording. Throws an Error with a readable message if it is not one. */
export function readHeader(line: string): SessionHeader {
  const header = v.safeParse(Header, parseLine(line));
  if (header.success) return header.output;
  const newer = header.issues.find((issue) => issue.message.startsWith('written by'));
  throw new Error(newer?.message ?? 'not a recording: the first line is not {"rtms":1,…}');
}

/** Any other line of a recording; undefined where it is no event. */
export function readEvent(line: string): SessionEvent | undefined {
  const event = v.safeParse(Event, parseLine(line));
  return event.success ? event.output : undefined;
}

/**
 * Reads a whole recording. A last line without its newline is taken as cut off by a crash and only reported.
 * Throws an Error with a readable message if the first line is not the header of a recording.
 */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n');
  const header = readHeader(lines[0] ?? '');
  const events: SessionEvent[] = [];
  const problems: { line: number; message: string }[] = [];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const event = readEvent(line);
    if (event) events.push(event);
    else problems.push({ line: index + 1, message: index === lines.length - 1 ? 'cut off' : 'not an event' });
  }
  return { header, events, problems };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
