/**
 * A running session as lines for a person: phases with their times, every frame with its body, closes and errors.
 * One view per session: it knows how far the hexdump has come.
 */
import type { ChalkInstance } from 'chalk';
import {
  CLOSE_CODE,
  MESSAGE_TYPE,
  nameOf,
  SESSION_STATE,
  statusMeanings,
  STOP_REASON,
  STREAM_STATE,
} from '../protocol/codes.js';
import { messageName, type Message } from '../protocol/messages.js';
import type { Product, Webhook } from '../protocol/webhooks.js';
import type { CloseEvent, FrameEvent, PhaseEvent, SessionEvent } from '../session/event.js';
import { frameBytes, readFrame } from '../session/message.js';
import { hexdump, hexOffset } from './hexdump.js';
import { clock, labelled, printable, shortId, size } from './text.js';
import { count, duration } from '../session/words.js';

export type Dump = 'text' | 'hex' | 'json' | 'none';

/** Bytes of a body that are shown, unless it is said how many. */
export const MAX_BYTES = 512;

export interface SessionViewOptions {
  readonly chalk: ChalkInstance;
  readonly dump: Dump;
  /** Bytes of a body to show; the recording keeps all. */
  readonly maxBytes: number;
  /** Hexdumps and everything around them in a form that `xxd -r` reads through: for pipes and files. */
  readonly xxd: boolean;
  /** Steps of media sockets too, and everything else. */
  readonly verbose: boolean;
  /** Unix ms at `t` 0. */
  readonly startedAt: number;
  readonly product: Product;
  /** Notes are wrapped to fit. */
  readonly columns: number;
  /** Stands in every line that begins something, to tell this session from others on the same screen. */
  readonly mark?: string;
}

const LABEL_COLUMNS = 15;
const TIME_COLUMNS = 9;
/** Of a media socket these tell enough, as long as all goes well. */
const MEDIA_STEPS: readonly string[] = ['upgrade', 'reply', 'ready', 'first-media'];

/** Events in, lines out, in the order they happened. */
export class SessionView {
  readonly #options: SessionViewOptions;
  #offset = 0;
  #handshakeAt: number | undefined;
  #received = { text: 0, binary: 0 };

  constructor(options: SessionViewOptions) {
    this.#options = options;
  }

  /** The lines for one event; none where there is nothing to show. */
  lines(event: SessionEvent): string[] {
    switch (event.type) {
      case 'phase':
        return this.text(this.#phase(event));
      case 'frame':
        return this.#frame(event);
      case 'close':
        return this.text(this.#close(event));
      case 'error':
        return this.text([`${this.#at(event.t, '!')} ${event.socket} ${printable(`${event.code}  ${event.message}`)}`]);
      case 'note':
        return this.text(proseLines(this.#marked('note'), event.text, this.#options));
      case 'webhook':
      case 'check':
        return [];
      default:
        return event satisfies never;
    }
  }

  /** Lines that are not hexdump, so marked that `xxd -r` skips them where it must. */
  text(lines: readonly string[]): string[] {
    const { xxd, dump } = this.#options;
    // An offset equal to what was read so far and then no hexadecimal digit: xxd takes nothing from such a line.
    return xxd && dump === 'hex' ? lines.map((line) => `${hexOffset(this.#offset)}: -- ${line}`) : [...lines];
  }

  #phase(event: SessionEvent & PhaseEvent): string[] {
    const { chalk, verbose } = this.#options;
    const signaling = event.socket === 'signaling';
    if (event.name === 'handshake' && signaling) this.#handshakeAt = event.t;
    if (!signaling && event.ok && !verbose && !MEDIA_STEPS.includes(event.name)) return [];
    const label = signaling ? event.name : `${event.socket} ${event.name}`;
    const time = (event.name === 'handshake' ? 'sent' : duration(event.ms)).padEnd(TIME_COLUMNS);
    const detail = phaseDetail(event);
    const line = this.#labelled(label, `${time}${detail}`.trimEnd());
    return [event.ok ? line : chalk.red(line.replace(/^ {2}/, '✖ '))];
  }

  #frame(event: SessionEvent & FrameEvent): string[] {
    const { chalk, dump, product } = this.#options;
    if (event.dir === 'in' && (event.opcode === 'text' || event.opcode === 'binary')) this.#received[event.opcode] += 1;
    const { message, value } = readFrame(event);
    const control = event.opcode === 'ping' || event.opcode === 'pong';
    const name = control ? '' : messageName(value, product);
    const head = [
      this.#at(event.t, event.dir === 'out' ? '→' : '←'),
      event.socket,
      event.opcode,
      `${event.bytes} B `,
      chalk.bold(name),
      control ? '' : chalk.dim(messageDetail(message, product)),
    ];
    const title = head
      .filter((part) => part !== '')
      .join(' ')
      .trimEnd();
    return [...this.text([title]), ...(dump === 'none' ? [] : this.#body(event, value))];
  }

  #body(event: FrameEvent, value: unknown): string[] {
    const { dump, maxBytes, chalk, xxd } = this.#options;
    const bytes = frameBytes(event);
    const shown = bytes.subarray(0, maxBytes);
    const left = bytes.length - shown.length;
    const more = left > 0 ? [`          … ${count(left, 'more byte')} (--max-bytes)`] : [];
    const isText = event.text !== undefined;
    if (dump === 'hex' || !isText) {
      if (!xxd || dump !== 'hex') return [...hexdump(shown, 'reading'), ...more].map((line) => chalk.dim(line));
      const rows = hexdump(shown, 'xxd', this.#offset);
      this.#offset += shown.length;
      return [...rows, ...this.text(more)];
    }
    if (bytes.length === 0) return [];
    const json = dump === 'json' ? indented(value) : undefined;
    const body = json ?? new TextDecoder().decode(shown);
    const cut = json === undefined ? body : body.slice(0, maxBytes);
    const lines = cut
      .trimEnd()
      .split('\n')
      .map((line) => `  ${printable(line)}`);
    const rest = json === undefined ? more : body.length > cut.length ? [`  … cut (--max-bytes)`] : [];
    return [...lines, ...rest].map((line) => chalk.dim(line));
  }

  #close(event: SessionEvent & CloseEvent): string[] {
    const { chalk } = this.#options;
    const arrow = event.by === 'self' ? '→' : '←';
    // 1006 cannot be sent (RFC 6455 section 7.4.1).
    const dropped = event.code === CLOSE_CODE.ABNORMAL_CLOSURE.value;
    const how = dropped
      ? `dropped without a close frame (${event.code})`
      : `close ${event.code} "${printable(event.reason)}"`;
    const line = `${this.#at(event.t, arrow)} ${event.socket} ${how}`;
    if (event.socket !== 'signaling' || this.#handshakeAt === undefined || event.by === 'self') return [line];
    const { text, binary } = this.#received;
    const after = duration(event.t - this.#handshakeAt);
    return [
      line,
      chalk.dim(
        `${' '.repeat(LABEL_COLUMNS)}${after} after the handshake; ${text} text, ${binary} binary frames came before it`,
      ),
    ];
  }

  #at(t: number, arrow: string): string {
    return `${arrow} ${clock(this.#options.startedAt + t)}${this.#mark}`;
  }

  get #mark(): string {
    const { mark } = this.#options;
    return mark === undefined ? '' : ` ${mark}`;
  }

  #labelled(label: string, text: string): string {
    return labelledLine(this.#marked(label), text);
  }

  #marked(label: string): string {
    return `${this.#mark} ${label}`.trimStart();
  }
}

/** A line under a label, among the steps. */
export const labelledLine = (label: string, text: string): string =>
  `  ${label.padEnd(LABEL_COLUMNS - 2)}${label.length > LABEL_COLUMNS - 3 ? ' ' : ''}${printable(text)}`;

/** The same, on as many lines as it takes. */
export const proseLines = (label: string, text: string, { columns }: { readonly columns: number }): string[] =>
  labelled(label, text, { column: LABEL_COLUMNS, columns });

/** The webhook a session begins with, in a few words. `now` is Unix ms. */
export function payloadText({ event, streamId, eventTs, product }: Webhook, now: number): string {
  const parts = [
    event ?? `${product ?? 'unknown'} payload`,
    streamId === undefined ? 'no stream id' : `stream ${shortId(streamId)}`,
    eventTs === undefined ? '' : `${duration(Math.max(0, now - eventTs))} old`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Undefined for what is no JSON, or nested too deeply for the stack. */
function indented(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, null, 2);
  } catch {
    return undefined;
  }
}

function phaseDetail({ name, ok, detail }: PhaseEvent): string {
  const of = (key: string): string => String(detail[key] ?? '');
  if (!ok) return [of('code'), of('status'), of('message')].filter((part) => part !== '').join('  ') || 'no answer';
  switch (name) {
    case 'dns':
      return of('address');
    case 'tls': {
      const verified =
        detail['verified'] === true ? `certificate valid ${of('validDays')} days` : 'certificate not verified';
      return `${of('protocol').replace('TLSv', 'TLS ')}, ${verified}`;
    }
    case 'proxy':
      return `through ${of('proxy')}`;
    case 'request':
    case 'upgrade':
      return of('status');
    case 'tcp':
    case 'handshake':
    case 'reply':
    case 'ready':
    case 'first-media':
      return of('note');
    default:
      return name satisfies never;
  }
}

/** The few facts of a message that are worth a glance before its body. */
function messageDetail(message: Message, product: Product): string {
  switch (message.msg_type) {
    case MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value:
    case MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value:
      return statusDetail(message.status_code, message.reason);
    case MESSAGE_TYPE.STREAM_STATE_UPDATE.value:
      return state(nameOf(STREAM_STATE, message.state), message.reason);
    case MESSAGE_TYPE.SESSION_STATE_UPDATE.value:
      return state(nameOf(SESSION_STATE, message.state), message.stop_reason);
    case MESSAGE_TYPE.MEDIA_DATA_AUDIO.value:
    case MESSAGE_TYPE.MEDIA_DATA_VIDEO.value:
    case MESSAGE_TYPE.MEDIA_DATA_SHARE.value: {
      const { user_id: user, data = '', timestamp } = message.content;
      return `user ${user ?? '?'}, ${size(Buffer.byteLength(data, 'base64'))}, t=${timestamp ?? '?'}`;
    }
    case MESSAGE_TYPE.MEDIA_DATA_TRANSCRIPT.value:
    case MESSAGE_TYPE.MEDIA_DATA_CHAT.value:
      return printable(message.content.data ?? '').slice(0, 60);
    default:
      return product && '';
  }
}

/** By the table that the reason text fits, as the findings name it. */
function statusDetail(status: number | undefined, reason: string | undefined): string {
  if (status === undefined) return 'no status_code';
  const { current, legacy, chosen } = statusMeanings(status, reason);
  return `status ${status} ${(chosen === 'legacy' ? legacy : current)?.name ?? 'unknown'}`;
}

const state = (name: string, reason: number | undefined): string =>
  reason === undefined ? name : `${name}, reason ${reason} ${nameOf(STOP_REASON, reason)}`;
