/** The handshakes that were sent, as fields under documented names: what the rules `handshake-*` have in common. */
import { MESSAGE_TYPE } from '../../protocol/codes.js';
import { isObject } from '../../protocol/json.js';
import { typeMeant } from '../../protocol/messages.js';
import { PRODUCTS } from '../../protocol/webhooks.js';
import { SIGNATURE_ALIASES } from '../../session/redact.js';
import type { Connection, FrameEntry, Timeline } from '../../session/timeline.js';
import type { Certainty, Verdict } from '../rule.js';
import { isAccepted, newestConnections } from './connections.js';

type Fields = Readonly<Record<string, unknown>>;

/** The first message of one socket, where it is a JSON object. */
export interface SentHandshake {
  readonly connection: Connection;
  readonly entry: FrameEntry;
  readonly fields: Fields;
  /** The `msg_type` that belongs first on this socket. */
  readonly expectedType: number;
  /** The key of the entity id: as in the webhook, or else as sent, or else that of a meeting. */
  readonly entityField: string;
}

/** The keys of an entity id, of every product. */
export const ENTITY_FIELDS: readonly string[] = [
  ...new Set(Object.values(PRODUCTS).flatMap(({ entityFields }): readonly string[] => entityFields)),
];

/**
 * Judges each handshake that was not accepted; what the server took is no cause, whatever it looks like. Undefined
 * where none was sent, a pass where none has a fault.
 */
export function judgeHandshakes(
  timeline: Timeline,
  judge: (handshake: SentHandshake) => readonly Verdict[],
  message: string,
): readonly Verdict[] | undefined {
  const sent = sentHandshakes(timeline);
  if (sent.length === 0) return undefined;
  const open = sent.filter(({ connection }) => !isAccepted(connection));
  const verdicts = open.flatMap(judge);
  if (verdicts.length > 0) return verdicts;
  return [{ status: 'pass', message: open.length > 0 ? message : 'the server accepted it' }];
}

/** Of the newest connection of every socket. */
export function sentHandshakes(timeline: Timeline): SentHandshake[] {
  return newestConnections(timeline).flatMap((connection) => {
    const entry = connection.handshake;
    const fields = entry?.reading.value;
    if (!entry || !isObject(fields)) return [];
    const { SIGNALING_HAND_SHAKE_REQ, DATA_HAND_SHAKE_REQ } = MESSAGE_TYPE;
    const { value: expectedType } = connection.socket === 'signaling' ? SIGNALING_HAND_SHAKE_REQ : DATA_HAND_SHAKE_REQ;
    return [{ connection, entry, fields, expectedType, entityField: entityField(timeline, fields) }];
  });
}

function entityField({ started }: Timeline, fields: Fields): string {
  const sent = ENTITY_FIELDS.find((name) => isPresent(fields, name));
  return started?.webhook.entity?.field ?? sent ?? PRODUCTS.meeting.entityFields[0];
}

/** Whether a field is there and not empty. */
export function isPresent(fields: Fields, name: string): boolean {
  const value = fields[name];
  return value !== undefined && value !== null && value !== '';
}

/** Whether the message says that it is another one than a handshake; then its fields are not judged as such. */
export function isOtherMessage({ fields, expectedType }: SentHandshake): boolean {
  const type = typeMeant(fields['msg_type']);
  return type !== undefined && type !== expectedType;
}

/** One message with nothing around it, as cut out of a log: nothing shows that it was the first. */
export const isExcerpt = ({ phases, frames, close }: Connection): boolean =>
  phases.size === 0 && frames.length === 1 && !close;

export interface AbsentField {
  /** Its documented name. */
  readonly name: string;
  /** The key under which it was sent instead, if there is one. */
  readonly sentAs?: string;
}

/** The required fields that are not there under their names. The id of another product's key counts as there. */
export function absentFields(handshake: SentHandshake): AbsentField[] {
  const { connection, entry, fields, entityField: entity } = handshake;
  const cutOff = entry.reading.faults.some(({ cause }) => cause === 'truncated');
  // What is not in the part that was sent may stand in the part that was lost.
  if (cutOff || isOtherMessage(handshake)) return [];
  const media = connection.socket === 'signaling' ? [] : ['media_type'];
  return ['msg_type', 'protocol_version', entity, 'rtms_stream_id', 'signature', ...media]
    .filter((name) => (name === entity ? ENTITY_FIELDS : [name]).every((key) => !isPresent(fields, key)))
    .map((name) => absentField(name, fields));
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Other names a field is sent under, without case and punctuation: `streamid` is `stream_id` and `streamId`. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  msg_type: ['messagetype', 'type', 'msg'],
  protocol_version: ['version', 'protocol', 'protocolver'],
  rtms_stream_id: ['streamid', 'stream', 'rtmsid', 'rtmsstream', 'streamuuid'],
  signature: SIGNATURE_ALIASES,
  media_type: ['media', 'mediatypes', 'type'],
};
const ENTITY_ALIASES = [
  ...ENTITY_FIELDS.map(plain),
  'uuid',
  'meetingid',
  'meeting',
  'webinarid',
  'sessionkey',
  'sessionuuid',
  'sessionname',
  'engagementuuid',
];

function absentField(name: string, fields: Fields): AbsentField {
  const aliases = [plain(name), ...(ENTITY_FIELDS.includes(name) ? ENTITY_ALIASES : (ALIASES[name] ?? []))];
  const sentAs = Object.keys(fields).find((key) => key !== name && aliases.includes(plain(key)));
  return { name, ...(sentAs !== undefined && { sentAs }) };
}

/**
 * How a fault in a field weighs. Zoom documents `protocol_version`, but some of its own samples leave it out, and no
 * refusal for that is on record.
 */
export function weightOf(field: string): { readonly status: 'warn' | 'fail'; readonly certainty: Certainty } {
  return field === 'protocol_version'
    ? { status: 'warn', certainty: 'likely' }
    : { status: 'fail', certainty: 'certain' };
}
