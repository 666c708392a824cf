/** The fields of the handshake have their documented JSON types; what they hold is for other rules. */
import { MEDIA_DATA_TYPE, MESSAGE_TYPE, type CodeTable } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { isMeetingNumber } from '../protocol/webhooks.js';
import { defineRule, type Verdict } from './rule.js';
import {
  ENTITY_FIELDS,
  isOtherMessage,
  isPresent,
  judgeHandshakes,
  weightOf,
  type SentHandshake,
} from './shared/handshakes.js';
import { shown } from './shared/words.js';

const TYPES: Readonly<Record<string, 'number' | 'string' | 'object' | 'boolean'>> = {
  msg_type: 'number',
  protocol_version: 'number',
  ...Object.fromEntries(ENTITY_FIELDS.map((name) => [name, 'string'])),
  rtms_stream_id: 'string',
  signature: 'string',
  media_type: 'number',
  media_params: 'object',
};

export const handshakeFieldType = defineRule({
  id: 'handshake-field-type',
  section: 'Handshake',
  title: 'the fields of the handshake have their documented types',
  failureTitle: 'a field of the handshake has another type than documented',
  why: 'Names where numbers belong date from the beta; Zoom takes integers, and ids as strings.',
  docs: DOCS.dataTypes,
  needs: ['frame'],
  check: (timeline) => judgeHandshakes(timeline, judgeTypes, 'every type is the documented one'),
});

function judgeTypes(handshake: SentHandshake): Verdict[] {
  const { fields, entry } = handshake;
  if (isOtherMessage(handshake)) return [];
  return Object.entries(TYPES).flatMap(([name, type]) => {
    const value = fields[name];
    const number = isMeetingNumber(name, value);
    if (!isPresent(fields, name) || (typeOf(value) === type && !number)) return [];
    const cause = number ? 'meeting-number' : ENTITY_FIELDS.includes(name) ? 'entity-id' : name;
    const seen = number ? `${shown(value)}, a meeting number` : `${shown(value)}, ${article(typeOf(value))}`;
    return [
      {
        ...weightOf(name),
        cause,
        message: `${name} is ${seen}; ${number ? 'the UUID of the webhook' : article(type)} is expected`,
        evidence: [{ event: entry.number, path: `$.${name}` }],
        fix: fixFor(name, type, number, handshake),
      },
    ];
  });
}

const MEDIA_NAMES: CodeTable = MEDIA_DATA_TYPE;

function fixFor(name: string, type: string, number: boolean, { fields, expectedType }: SentHandshake): string {
  if (number) return `copy ${name} from the webhook, exactly as it came`;
  const value = fields[name];
  if (name === 'msg_type' && String(value) in MESSAGE_TYPE) return `send the number, not the name: ${expectedType}`;
  const medium = name === 'media_type' ? MEDIA_NAMES[String(value).toUpperCase()] : undefined;
  if (medium) return `send the number, not the name: ${medium.value}`;
  const digits = typeof value === 'string' && /^\d+$/.test(value) && type === 'number';
  return digits ? `send it without quotes: "${name}": ${value}` : `send ${name} as ${article(type)}`;
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

const article = (type: string): string => `${/^[ao]/.test(type) ? 'an' : 'a'} ${type}`;
