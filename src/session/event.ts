/**
 * SessionEvent: the one value that flows through the tool. Everything that is seen or established
 * about a conversation is one of these; a recording is a list of them. No I/O, no judgement.
 */
import type { MediaName } from '../protocol/media.js';
import type { Product } from '../protocol/webhooks.js';

/**
 * What a connection is for: signaling, a media socket by what it carries, or a look at a host, which says
 * nothing of RTMS on it.
 */
export type SocketName = 'signaling' | `media:${MediaName}` | `host:${string}`;

/** Always as the RTMS client sees it, whoever records: `out` goes to Zoom, `in` comes from Zoom. */
export type Direction = 'in' | 'out';

/** WebSocket opcodes that carry a payload a recording keeps (RFC 6455 section 5.2); close has its own event. */
export type Opcode = 'text' | 'binary' | 'ping' | 'pong';

/** Which connection an event belongs to. */
export interface OnSocket {
  readonly socket: SocketName;
  /** Which of several of that name that are open at once, from 2; the first, and usually only one, has no number. */
  readonly connection?: number;
}

/**
 * The steps of bringing up one socket, in order. `ms` of each counts from the end of the one before. A host that is
 * looked at gets a plain HTTP `request` where it serves no WebSocket.
 */
export const PHASES = [
  'dns',
  'proxy',
  'tcp',
  'tls',
  'request',
  'upgrade',
  'handshake',
  'reply',
  'ready',
  'first-media',
] as const;
export type PhaseName = (typeof PHASES)[number];

/** Facts of a phase, flat so that they stay greppable in a recording. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** A webhook as received. `body` is the request body, byte for byte, as UTF-8 text. */
export interface WebhookEvent {
  readonly type: 'webhook';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body as Base64, where it is not UTF-8; `body` is then what can be read of it. */
  readonly base64?: string;
}

/** One step of one socket. `ms` is its duration in milliseconds. */
export interface PhaseEvent extends OnSocket {
  readonly type: 'phase';
  readonly name: PhaseName;
  readonly ms: number;
  readonly ok: boolean;
  readonly detail: Facts;
}

/** One WebSocket message or control frame. `bytes` is the payload size on the wire, before any masking. */
export interface FrameEvent extends OnSocket {
  readonly type: 'frame';
  readonly dir: Direction;
  readonly opcode: Opcode;
  readonly bytes: number;
  /** Payload as text, where it is valid UTF-8. */
  readonly text?: string;
  /** Payload as Base64, where it is not. */
  readonly base64?: string;
}

/** The end of one socket. Codes 1005, 1006 and 1015 never travel (RFC 6455 section 7.4.1): they describe an absence. */
export interface CloseEvent extends OnSocket {
  readonly type: 'close';
  readonly code: number;
  readonly reason: string;
  /** Who sent the close frame first, or dropped the connection. */
  readonly by: 'peer' | 'self';
  /** Whether both close frames were exchanged. */
  readonly clean: boolean;
}

/** A failure below the messages. `code` is the system's or library's own, such as `ECONNRESET`. */
export interface ErrorEvent extends OnSocket {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

/**
 * A fact established with secrets at hand, kept so that a recording can be judged without them.
 * `frame` is the number of the event it speaks of.
 */
export interface CheckEvent {
  readonly type: 'check';
  readonly rule: string;
  readonly ok: boolean;
  readonly frame?: number;
  readonly facts: Facts;
}

/** Something the reader should know which no rule judges. */
export interface NoteEvent {
  readonly type: 'note';
  readonly text: string;
}

/** What a producer emits; the log adds the time. */
export type EventBody = WebhookEvent | PhaseEvent | FrameEvent | CloseEvent | ErrorEvent | CheckEvent | NoteEvent;

/** `t` is milliseconds since the session's start, monotonic. */
export type SessionEvent = { readonly t: number } & EventBody;

/** The first line of a recording. */
export interface SessionHeader {
  /** Format version. */
  readonly rtms: 1;
  /** Name and version of the writer, as `rtms 1.2.3`. */
  readonly tool: string;
  readonly command: string;
  /** ISO 8601, UTC: the wall clock at `t` 0. */
  readonly startedAt: string;
  readonly product?: Product;
}
