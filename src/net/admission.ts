/**
 * Why the mock server refuses a handshake: ordered lists of checks, each with its documented status. What follows on a
 * refusal is the scenario's. https://developers.zoom.us/docs/rtms/data-types/
 */
import { MESSAGE_TYPE, nameOf, STATUS_CODE, type Code } from '../protocol/codes.js';
import { checkMediaParams, MEDIA, type MediaName } from '../protocol/media.js';
import { signalingHandshakeResponse } from '../protocol/messages.js';
import { sameSignature, signHandshake } from '../protocol/signature.js';
import { isObject } from '../protocol/json.js';
import { PRODUCTS, type Entity, type Product } from '../protocol/webhooks.js';
import type { FrameEvent } from '../session/event.js';
import { readFrame } from '../session/message.js';
import { judgeSignature } from '../session/signature-check.js';

/** Whom the server lets in, and to what. */
export interface Admission {
  readonly credentials: { readonly clientId: string; readonly clientSecret: string };
  readonly stream: { readonly product: Product; readonly entity: Entity; readonly streamId: string };
}

/** The first message on a signaling socket, and what the server knows already. */
export interface SignalingRequest extends Admission {
  readonly frame: FrameEvent;
  readonly streamOver: boolean;
  /** Whether the stream has a signaling connection. */
  readonly taken: boolean;
}

/** The first message on a media socket, and what the server knows already. */
export interface MediaRequest extends Admission {
  readonly frame: FrameEvent;
  readonly streamOver: boolean;
  /** What the socket's URL is for. */
  readonly name: MediaName;
  readonly offer: readonly MediaName[];
  readonly open: readonly MediaName[];
}

export interface Refusal {
  readonly status: number;
  /** As it goes to the client. */
  readonly reason: string;
  /** As it goes to the operator; finding out what explains a wrong signature takes a tenth of a second. */
  readonly why: () => string;
}

/** The first fault of a signaling handshake. Never throws, whatever the frame holds. */
export function refuseSignaling(request: SignalingRequest): Refusal | undefined {
  return firstRefusal(SIGNALING_CHECKS, request);
}

/** The first fault of a media handshake. Never throws, whatever the frame holds. */
export function refuseMedia(request: MediaRequest): Refusal | undefined {
  return firstRefusal(MEDIA_CHECKS, request);
}

/**
 * A refusal in Zoom's documented terms. The real texts of `reason` are not published; the name of the status stands
 * in, which gives "duplicate signal request", the one text that Zoom's own client looks for.
 * https://github.com/zoom/rtms-samples `library/javascript/rtmsManager`
 */
export function refusal(status: number, why: () => string): Refusal {
  return { status, reason: nameOf(STATUS_CODE, status).toLowerCase().replaceAll('_', ' '), why };
}

/** A status, and what is wrong where it applies. */
interface Check<Request> {
  readonly status: Code | ((request: Request) => Code | undefined);
  readonly fails: (request: Request) => boolean;
  readonly why: (request: Request) => string;
}

function firstRefusal<Request>(checks: readonly Check<Request>[], request: Request): Refusal | undefined {
  const failed = checks.find(({ fails }) => fails(request));
  if (!failed) return undefined;
  const code = typeof failed.status === 'function' ? failed.status(request) : failed.status;
  return refusal((code ?? STATUS_CODE.INVALID_PAYLOAD).value, () => failed.why(request));
}

type Request = SignalingRequest | MediaRequest;

/** The version that our own builders speak. */
const { protocol_version: PROTOCOL_VERSION } = signalingHandshakeResponse({});

const wantsType = (type: Code): Check<Request> => ({
  status: STATUS_CODE.INVALID_MESSAGE_TYPE,
  fails: (request) => fieldsOf(request)['msg_type'] !== type.value,
  why: (request) => {
    const wanted = `${type.value} (${nameOf(MESSAGE_TYPE, type.value)})`;
    return expected('msg_type', fieldsOf(request)['msg_type'], wanted);
  },
});

const FRAMING: Check<Request> = {
  status: STATUS_CODE.INVALID_PAYLOAD,
  fails: ({ frame }) => readFrame(frame).faults.length > 0,
  why: ({ frame }) =>
    readFrame(frame)
      .faults.map(({ message }) => message)
      .join('; '),
};

const IDENTITY: readonly Check<Request>[] = [
  {
    status: STATUS_CODE.INVALID_PAYLOAD,
    fails: (request) => missingTexts(request).length > 0,
    why: (request) => {
      const fields = fieldsOf(request);
      return missingTexts(request)
        .map((name) => expected(name, fields[name], 'a string'))
        .join('; ');
    },
  },
  {
    status: STATUS_CODE.INVALID_PAYLOAD,
    fails: (request) => fieldsOf(request)['protocol_version'] !== PROTOCOL_VERSION,
    why: (request) => expected('protocol_version', fieldsOf(request)['protocol_version'], String(PROTOCOL_VERSION)),
  },
  {
    status: STATUS_CODE.INVALID_RTMS_STREAM_ID,
    fails: (request) => request.streamOver || fieldsOf(request)['rtms_stream_id'] !== request.stream.streamId,
    why: ({ streamOver, ...request }) =>
      streamOver
        ? 'the stream is over'
        : expected('rtms_stream_id', fieldsOf(request)['rtms_stream_id'], JSON.stringify(request.stream.streamId)),
  },
  {
    status: STATUS_CODE.INVALID_PAYLOAD,
    fails: (request) => fieldsOf(request)[entityField(request)] !== request.stream.entity.value,
    why: (request) => {
      const field = entityField(request);
      return expected(field, fieldsOf(request)[field], JSON.stringify(request.stream.entity.value));
    },
  },
  {
    status: STATUS_CODE.INVALID_SIGNATURE,
    fails: (request) => !sameSignature(signatureOf(request), rightSignature(request)),
    why: explainSignature,
  },
];

const SIGNALING_CHECKS: readonly Check<SignalingRequest>[] = [
  FRAMING,
  wantsType(MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ),
  ...IDENTITY,
  {
    status: STATUS_CODE.DUPLICATE_SIGNAL_REQUEST,
    fails: ({ taken }) => taken,
    why: () => 'the stream has a signaling connection already',
  },
];

const NOT_OFFERED: Readonly<Record<MediaName, Code>> = {
  audio: STATUS_CODE.MEDIA_TYPE_AUDIO_NOT_SUPPORT,
  video: STATUS_CODE.MEDIA_TYPE_VIDEO_NOT_SUPPORT,
  share: STATUS_CODE.MEDIA_TYPE_DESKSHARE_NOT_SUPPORT,
  transcript: STATUS_CODE.MEDIA_TYPE_TRANSCRIPT_NOT_SUPPORT,
  chat: STATUS_CODE.MEDIA_TYPE_CHAT_NOT_SUPPORT,
  all: STATUS_CODE.MEDIA_TYPE_INVALID_VALUE,
};

const MEDIA_CHECKS: readonly Check<MediaRequest>[] = [
  FRAMING,
  wantsType(MESSAGE_TYPE.DATA_HAND_SHAKE_REQ),
  ...IDENTITY,
  {
    status: STATUS_CODE.INVALID_MEDIA_TYPE,
    fails: (request) => !Number.isInteger(fieldsOf(request)['media_type']),
    why: (request) => expected('media_type', fieldsOf(request)['media_type'], String(MEDIA[request.name].bit)),
  },
  {
    status: STATUS_CODE.MEDIA_TYPE_INVALID_VALUE,
    fails: (request) => fieldsOf(request)['media_type'] !== MEDIA[request.name].bit,
    why: (request) =>
      expected('media_type', fieldsOf(request)['media_type'], `${MEDIA[request.name].bit} on the ${request.name} URL`),
  },
  {
    status: ({ name }) => NOT_OFFERED[name],
    fails: ({ name, offer }) => !offer.includes(name),
    why: ({ name, offer }) => `${name} is not offered; offered: ${offer.join(', ') || 'nothing'}`,
  },
  {
    status: STATUS_CODE.MEDIA_DATA_ALL_CONNECTION_EXIST,
    fails: ({ name, open }) => name !== 'all' && open.includes('all'),
    why: ({ name }) => `the connection for all media is open, which excludes one for ${name}`,
  },
  {
    status: STATUS_CODE.DUPLICATE_MEDIA_DATA_CONNECTION,
    fails: ({ name, open }) => open.includes(name) || (name === 'all' && open.length > 0),
    why: ({ name, open }) => `asked for ${name} with ${open.join(', ')} connected already`,
  },
  {
    status: (request) => {
      const [fault] = refusedParams(request);
      return Object.values(STATUS_CODE).find(({ value }) => value === fault?.status);
    },
    fails: (request) => refusedParams(request).length > 0,
    why: (request) =>
      refusedParams(request)
        .map(({ message }) => message)
        .join('; '),
  },
];

/** Where sources differ, the client is let in. */
const refusedParams = (request: MediaRequest) =>
  checkMediaParams(fieldsOf(request)['media_params']).filter(({ disputed }) => !disputed);

function fieldsOf({ frame }: Pick<Request, 'frame'>): Readonly<Record<string, unknown>> {
  const { value } = readFrame(frame);
  return isObject(value) ? value : {};
}

/** The key the entity id came under: the webhook's own, or another that the product is known to use. */
function entityField({ stream, frame }: Pick<Request, 'stream' | 'frame'>): string {
  const fields = fieldsOf({ frame });
  return PRODUCTS[stream.product].entityFields.find((field) => field in fields) ?? stream.entity.field;
}

function missingTexts(request: Request): string[] {
  const fields = fieldsOf(request);
  return [entityField(request), 'rtms_stream_id', 'signature'].filter((name) => typeof fields[name] !== 'string');
}

const signatureOf = (request: Request): string => String(fieldsOf(request)['signature']);

function rightSignature({ credentials: { clientId, clientSecret }, stream: { entity, streamId } }: Request): string {
  return signHandshake({ clientId, entityId: entity.value, streamId }, clientSecret);
}

function explainSignature(request: Request): string {
  const { facts } = judgeSignature(signatureOf(request), { ...request.credentials, ...request.stream });
  const { sent, expected: right, explanation = 'no known mistake gives it' } = facts;
  return `signature is ${sent}, expected ${right}: ${explanation}`;
}

const LONGEST_SHOWN = 60;

/** What a field is and what it should be. */
export function expected(name: string, value: unknown, wanted: string): string {
  const seen = value === undefined ? 'missing' : (JSON.stringify(value) ?? typeof value).slice(0, LONGEST_SHOWN);
  return `${name} is ${seen}, expected ${wanted}`;
}
