/** What a file can hold that is judged by itself, and how it is told by its JSON. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import type { MessageText } from '../protocol/framing.js';
import { isObject } from '../protocol/json.js';
import { typeMeant } from '../protocol/messages.js';
import type { Origin, Range } from '../protocol/origin.js';
import { decodeWebhook } from '../protocol/webhooks.js';
import { restAnswerOf } from '../session/rest-answer.js';

/**
 * `handshake`: the first message of a client. `message`: any other, of either side. `answer`: what the REST API or the
 * token endpoint says to a call it refuses.
 */
export type DocumentKind = 'handshake' | 'message' | 'webhook' | 'manifest' | 'answer';
/** A recording is many events, not one document. */
export type ArtefactKind = DocumentKind | 'recording';

/** One document, with the way it was found. */
export interface Artefact {
  readonly kind: DocumentKind;
  /** The bytes as they were sent, or would be. */
  readonly document: Uint8Array;
  /** What the document says. */
  readonly reading: MessageText;
  /** Where the bytes of the document stand in the input. */
  readonly origin: Origin;
  /** Whether the input shows the document as text, or only its bytes in some encoding. */
  readonly form: 'text' | 'bytes';
  /** Of a webhook with headers in front, by their names in lower case. */
  readonly headers: ReadonlyMap<string, { readonly value: string; readonly range: Range }>;
  /** Of an answer with its headers in front, the status of HTTP. */
  readonly status?: number;
  /** How it was read, in words; empty where the input is the document. */
  readonly assumptions: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** In the order in which to ask: a message says what it is, a webhook nearly so. */
const KINDS: readonly (readonly [kind: DocumentKind, is: (fields: Fields) => boolean])[] = [
  ['handshake', (fields) => HANDSHAKES.includes(typeMeant(fields['msg_type']))],
  ['message', (fields) => fields['msg_type'] !== undefined],
  ['webhook', isWebhook],
  ['manifest', (fields) => isManifest(fields) || (isObject(fields['manifest']) && isManifest(fields['manifest']))],
  ['answer', (fields) => restAnswerOf(fields) !== undefined],
];

/** Told by what only it has; a handshake whose fields have other names is `handshakeLike`. */
export function kindOf(value: unknown): DocumentKind | undefined {
  return isObject(value) ? KINDS.find(([, is]) => is(value))?.[0] : undefined;
}

/** Whether an object looks like a handshake without its type, or with other names for its fields. */
export function handshakeLike(value: unknown): boolean {
  return isObject(value) && Object.keys(value).filter((key) => HANDSHAKE_FIELD.test(key)).length > 1;
}

const HANDSHAKE_FIELD =
  /^(?:msg_?type|protocol_?version|signature|(?:rtms_?)?stream_?id|(?:meeting|webinar)_?uuid|(?:session|engagement|call)_?id|media_?(?:type|params))$/i;

const { SIGNALING_HAND_SHAKE_REQ, DATA_HAND_SHAKE_REQ } = MESSAGE_TYPE;
const HANDSHAKES: readonly (number | undefined)[] = [SIGNALING_HAND_SHAKE_REQ.value, DATA_HAND_SHAKE_REQ.value];

/** With an event name and a payload, or at least with the fields only a started webhook has. */
function isWebhook(fields: Fields): boolean {
  if (typeof fields['event'] === 'string' && isObject(fields['payload'])) return true;
  const { kind, entity, streamId, serverUrls } = decodeWebhook(fields);
  if (kind !== 'none' && kind !== 'not-rtms') return true;
  return serverUrls.form !== 'absent' && (entity !== undefined || streamId !== undefined);
}

/** https://developers.zoom.us/docs/build-flow/manifests/schema/ */
const SECTIONS = ['display_information', 'oauth_information', 'features'];

const isManifest = (fields: Fields): boolean => SECTIONS.filter((section) => isObject(fields[section])).length > 1;
