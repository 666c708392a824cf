/**
 * WebSocket frames as bytes: reads them out of a stream and leaves each as it came, and builds the few that a relay
 * makes itself. It joins no fragments and reads no messages. https://www.rfc-editor.org/rfc/rfc6455#section-5.2
 */
import { randomBytes } from 'node:crypto';

export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;

const OPCODES: readonly number[] = Object.values(OPCODE);
/** RFC 6455 section 5.5: control frames carry at most 125 bytes, whole. */
const MOST_CONTROL_BYTES = 125;
const NO_STATUS = 1005;

/** Who sends: clients mask their frames, servers never do (RFC 6455 section 5.1). */
export type Sender = 'client' | 'server';

export interface Frame {
  /** All of it as it came: header, mask, masked payload. */
  readonly bytes: Buffer;
  readonly fin: boolean;
  readonly opcode: number;
  /** Without the mask. */
  readonly payload: Buffer;
}

/** Where bytes stopped being frames. `code` is the one that the `ws` library has for the same. */
export interface FrameFault {
  readonly code: string;
  readonly message: string;
}

export const isControl = (opcode: number): boolean => opcode >= OPCODE.close;

/** Reads the frames of one direction. After a fault it reads nothing more: what follows a bad header is guesswork. */
export class FrameReader {
  fault: FrameFault | undefined;
  readonly #limits: Pick<State, 'sender' | 'mostBytes'>;
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes without which there is no point in looking. */
  #wanted = 0;
  /** Payload of the message that has begun and not ended, in bytes. */
  #begun: number | undefined;

  /** A message longer than `mostBytes` is a fault. */
  constructor(sender: Sender, mostBytes: number) {
    this.#limits = { sender, mostBytes };
  }

  /** The frames that are whole now. They share memory with the chunks. */
  read(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.fault || this.#size < this.#wanted) return [];
    const frames: Frame[] = [];
    let rest = this.rest();
    for (;;) {
      const head = readHead(rest);
      const fault = head && FAULTS.find(({ is }) => is(head, { ...this.#limits, begun: this.#begun }));
      this.fault = fault && { code: fault.code, message: fault.message };
      this.#wanted = head ? head.start + head.length : rest.length + 1;
      if (!head || fault || rest.length < this.#wanted) break;
      if (!isControl(head.opcode)) this.#begun = head.fin ? undefined : (this.#begun ?? 0) + head.length;
      frames.push(frameAt(rest, head));
      rest = rest.subarray(this.#wanted);
    }
    this.#chunks = [rest];
    this.#size = rest.length;
    return frames;
  }

  /** What was taken in and is no whole frame; it is handed out once. */
  rest(): Buffer {
    const rest = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#size = 0;
    return rest ?? Buffer.alloc(0);
  }
}

interface Head {
  readonly fin: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** Of the payload: where it begins, and its length. */
  readonly start: number;
  readonly length: number;
}

interface State {
  readonly sender: Sender;
  readonly mostBytes: number;
  readonly begun: number | undefined;
}

const FAULTS: readonly (FrameFault & { readonly is: (head: Head, state: State) => boolean })[] = [
  {
    is: ({ reserved }) => reserved !== 0,
    code: 'WS_ERR_UNEXPECTED_RSV_1',
    message: 'a reserved bit is set, though no extension was agreed',
  },
  {
    is: ({ opcode }) => !OPCODES.includes(opcode),
    code: 'WS_ERR_INVALID_OPCODE',
    message: 'the opcode is none of RFC 6455',
  },
  {
    is: ({ masked }, { sender }) => !masked && sender === 'client',
    code: 'WS_ERR_EXPECTED_MASK',
    message: 'the frame of a client is not masked',
  },
  {
    is: ({ masked }, { sender }) => masked && sender === 'server',
    code: 'WS_ERR_UNEXPECTED_MASK',
    message: 'the frame of a server is masked',
  },
  {
    is: ({ opcode, fin }) => isControl(opcode) && !fin,
    code: 'WS_ERR_EXPECTED_FIN',
    message: 'a control frame is fragmented',
  },
  {
    is: ({ opcode, length }) => isControl(opcode) && length > MOST_CONTROL_BYTES,
    code: 'WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH',
    message: `a control frame is longer than ${MOST_CONTROL_BYTES} bytes`,
  },
  {
    is: ({ opcode }, { begun }) => !isControl(opcode) && (opcode === OPCODE.continuation) !== (begun !== undefined),
    code: 'WS_ERR_INVALID_OPCODE',
    message: 'a fragment is out of order',
  },
  {
    is: ({ length }, { begun = 0, mostBytes }) => begun + length > mostBytes,
    code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
    message: 'a message is longer than is kept in memory',
  },
];

/** Undefined until all of the header is there. */
function readHead(bytes: Buffer): Head | undefined {
  if (bytes.length < 2) return undefined;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const masked = (second & 0x80) !== 0;
  const short = second & 0x7f;
  const extended = { 126: 2, 127: 8 }[short] ?? 0;
  const start = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < start) return undefined;
  const length = extended === 0 ? short : Number(`0x${bytes.toString('hex', 2, 2 + extended)}`);
  return { fin: (first & 0x80) !== 0, reserved: first & 0x70, opcode: first & 0x0f, masked, start, length };
}

function frameAt(bytes: Buffer, { fin, opcode, masked, start, length }: Head): Frame {
  const frame = bytes.subarray(0, start + length);
  const payload = frame.subarray(start);
  return { bytes: frame, fin, opcode, payload: masked ? unmasked(payload, frame.subarray(start - 4, start)) : payload };
}

/** Masking and unmasking are the same (RFC 6455 section 5.3). */
function unmasked(payload: Buffer, key: Buffer): Buffer {
  const plain = Buffer.from(payload);
  for (let at = 0; at < plain.length; at += 1) plain[at] = (plain[at] ?? 0) ^ (key[at & 3] ?? 0);
  return plain;
}

/** One whole frame. `mask` is for a client's, four bytes that nobody can foresee (RFC 6455 section 10.3). */
export function buildFrame(sender: Sender, opcode: number, payload: Buffer, mask = randomBytes(4)): Buffer {
  const { length } = payload;
  const short = length < 126 ? length : length < 0x10000 ? 126 : 127;
  const extended = Buffer.alloc({ 126: 2, 127: 8 }[short] ?? 0);
  if (short === 126) extended.writeUInt16BE(length);
  if (short === 127) extended.writeBigUInt64BE(BigInt(length));
  const head = Buffer.from([0x80 | opcode, short | (sender === 'client' ? 0x80 : 0)]);
  return Buffer.concat([head, extended, ...(sender === 'client' ? [mask, unmasked(payload, mask)] : [payload])]);
}

/** What a close frame says; 1005 where it says nothing (RFC 6455 section 7.1.5). */
export function readClose(payload: Buffer): { readonly code: number; readonly reason: string } {
  if (payload.length < 2) return { code: NO_STATUS, reason: '' };
  return { code: payload.readUInt16BE(0), reason: payload.toString('utf8', 2) };
}

/** The payload of a close frame with this code and no reason. */
export function closePayload(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return payload;
}
