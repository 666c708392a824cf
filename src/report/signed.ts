/**
 * What goes into each of the three signatures, as rows that can be shown: every part with its length, the message
 * with its separators, the key as its length alone. It compares nothing; how it looks is sign-view.ts.
 */
import { answerUrlValidation, handshakeMessage, signHandshake, signWebhook } from '../protocol/signature.js';
import { isMeetingNumber, PRODUCTS, type Entity, type Product } from '../protocol/webhooks.js';
import { printable } from './text.js';
import { count } from '../session/words.js';

/** A value and where it was found, as `ZOOM_CLIENT_ID from .env`. */
interface Sourced {
  readonly value: string;
  readonly source: string;
}

export interface Row {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** A signature with all that went into it, the key left out. */
export interface Signed {
  /** Fits behind `not`. */
  readonly name: string;
  readonly parts: readonly Row[];
  /** The parts, and at odd places what joins them; invisible characters made visible, a long body cut. */
  readonly message: readonly string[];
  /** Length of the whole message. */
  readonly bytes: number;
  readonly key: Row;
  /** Where the key was found. */
  readonly source: string;
  readonly form: string;
  readonly value: string;
  /** What was asked for: the value, or the body that holds it. */
  readonly result: string;
  /** For a value that no known mistake explains. */
  readonly suspects: { readonly likely: string; readonly fix: string };
  /** What else helps to mend a mistake. */
  readonly help?: string;
}

const FORM = 'HMAC-SHA256, lower-case hex';

/** `signature` of a signaling or media handshake. */
export function describeHandshake(input: {
  readonly clientId: Sourced;
  readonly clientSecret: Sourced;
  readonly entity: Entity;
  readonly streamId: string;
}): Signed {
  const { clientId, clientSecret, entity, streamId } = input;
  const ids = { clientId: clientId.value, entityId: entity.value, streamId };
  const value = signHandshake(ids, clientSecret.value);
  return {
    name: 'the signature Zoom expects',
    parts: [
      idRow('client id', clientId.value, `${characters(clientId.value)}, ${clientId.source}`),
      idRow(entity.field, entity.value),
      idRow('rtms_stream_id', streamId),
    ],
    message: [visible(clientId.value), ',', visible(entity.value), ',', visible(streamId)],
    bytes: Buffer.byteLength(handshakeMessage(ids)),
    key: keyRow('client secret', clientSecret.value),
    source: clientSecret.source,
    form: FORM,
    value,
    result: value,
    suspects: {
      likely: "another app's client secret, one that was renewed since, or the ids of another stream",
      fix: 'take client id and client secret of the app whose webhook this is, from its App Credentials page',
    },
    help: 'rtms sign --snippet java   prints it for your language',
  };
}

/** `x-zm-signature` of a webhook. `file` is where the body was read, `timestamp` Unix seconds. */
export function describeWebhook(input: {
  readonly body: Uint8Array;
  readonly file: string;
  readonly timestamp: string;
  readonly secretToken: Sourced;
}): Signed {
  const { body, file, timestamp, secretToken } = input;
  const value = signWebhook(body, timestamp, secretToken.value);
  return {
    name: 'the x-zm-signature of this request',
    parts: [
      { label: 'timestamp', value: timestamp, note: timeNote(timestamp) },
      { label: 'body', value: visible(file), note: `${count(body.length, 'byte')}, used as they are` },
    ],
    message: ['v0', ':', timestamp, ':', visible(start(body))],
    bytes: `v0:${timestamp}:`.length + body.length,
    key: keyRow('Secret Token', secretToken.value),
    source: secretToken.source,
    form: `v0= and ${FORM}`,
    value,
    result: value,
    suspects: {
      likely: 'the Secret Token of another app, or a body that is not byte for byte what was posted',
      fix: 'save the body before any parser touches it; take the Secret Token from the event subscription page',
    },
  };
}

/** `encryptedToken` of an endpoint.url_validation. */
export function describeChallenge(input: { readonly plainToken: string; readonly secretToken: Sourced }): Signed {
  const { plainToken, secretToken } = input;
  const answer = answerUrlValidation(plainToken, secretToken.value);
  return {
    name: 'the encryptedToken Zoom expects',
    parts: [idRow('plainToken', plainToken, characters(plainToken))],
    message: [visible(plainToken)],
    bytes: Buffer.byteLength(plainToken),
    key: keyRow('Secret Token', secretToken.value),
    source: secretToken.source,
    form: FORM,
    value: answer.encryptedToken,
    result: JSON.stringify(answer),
    suspects: {
      likely: 'the Secret Token of another app, or the plainToken of another challenge',
      fix: 'take the Secret Token from the event subscription page of the app that sent the challenge',
    },
  };
}

/** What is odd about the ids, though they are signed as they are. `product` is that of the webhook they came in. */
export function idWarnings({ field, value }: Entity, streamId: string, product?: Product): string[] {
  const fields: readonly string[] = product === undefined ? [field] : PRODUCTS[product].entityFields;
  const other = `the webhook is that of a ${product} and carries ${field}; ${fields[0]} is expected`;
  const number = `${field} ${value} is a meeting number; the webhook's ${field} is 24 characters of Base64`;
  const hidden = Object.entries({ [field]: value, rtms_stream_id: streamId }).filter(([, id]) => invisibles(id) > 0);
  return [
    ...(fields.includes(field) ? [] : [other]),
    ...(isMeetingNumber(field, value) ? [number] : []),
    ...hidden.map(([name, id]) => `${name} holds ${count(invisibles(id), 'invisible character')}: ${visible(id)}`),
  ];
}

const invisibles = (text: string): number => text.match(/[\p{Cc}\p{Cf}\p{Z}]/gu)?.length ?? 0;

/** A space as ␠; every other character that shows nothing as its escape. */
const visible = (text: string): string => printable(text).replaceAll(' ', '␠').replaceAll(/\p{Z}/gu, escaped);

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const characters = (id: string): string => count(Array.from(id).length, 'character');

/** Base64 has them; an id that went through a URL helper has lost them. */
const OFTEN_ENCODED = ['/', '+', '='];

function idRow(label: string, id: string, length = String(Array.from(id).length)): Row {
  const kept = OFTEN_ENCODED.filter((character) => id.includes(character)).join(' and ');
  const hidden = invisibles(id);
  const notes = [length, kept && `${kept} unchanged`, hidden > 0 && `${hidden} of them invisible`];
  return { label, value: visible(id), note: notes.filter(Boolean).join(', ') };
}

/** From here on digits are milliseconds: as seconds they would lie beyond the year 5000. */
const FIRST_MILLISECONDS = 1e11;

function timeNote(timestamp: string): string {
  const seconds = Number(timestamp);
  if (seconds >= FIRST_MILLISECONDS) return 'milliseconds; the header holds seconds';
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

function keyRow(value: string, key: string): Row {
  const whitespace = /\s/.test(key) ? 'whitespace inside' : 'no whitespace';
  return { label: 'key', value, note: `${count(Buffer.byteLength(key), 'byte')}, ${whitespace}` };
}

const SHOWN_CHARACTERS = 40;

function start(body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8');
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
