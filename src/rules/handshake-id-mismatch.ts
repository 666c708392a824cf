/** The ids in the handshake are those of one webhook, character for character. What is signed is another rule. */
import { DOCS } from '../protocol/docs.js';
import { isMeetingNumber } from '../protocol/webhooks.js';
import type { Timeline, WebhookEntry } from '../session/timeline.js';
import { defineRule, type Evidence, type Verdict } from './rule.js';
import { ENTITY_FIELDS, isOtherMessage, isPresent, judgeHandshakes, type SentHandshake } from './shared/handshakes.js';
import { shown } from './shared/words.js';

/** How an id gets altered on its way, by what makes the received one into the sent one. */
const ALTERATIONS: readonly (readonly [cause: string, how: string, alter: (id: string) => string])[] = [
  // By way of UTF-8: a lone surrogate would throw.
  ['encoded', 'URL-encoded', (id) => encodeURIComponent(Buffer.from(id).toString())],
  ['trimmed', 'without its = padding', (id) => id.replace(/=+$/, '')],
  ['encoded', 'in base64url', (id) => id.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')],
  ['trimmed', 'cut at its first slash', (id) => id.replace(/\/.*$/s, '')],
  ['trimmed', 'without its hyphens', (id) => id.replaceAll('-', '')],
  ['re-cased', 'in lower case', (id) => id.toLowerCase()],
  ['re-cased', 'in upper case', (id) => id.toUpperCase()],
];

export const handshakeIdMismatch = defineRule({
  id: 'handshake-id-mismatch',
  section: 'Handshake',
  title: 'the ids of the handshake are those of the webhook',
  failureTitle: 'an id of the handshake differs from the webhook',
  why: 'Zoom looks the stream up by these ids; they hold /, + and =, which encoders like to change.',
  docs: DOCS.workWithStreams,
  needs: ['frame', 'webhook'],
  check: (timeline) => {
    const { started } = timeline;
    if (!started?.webhook.entity || started.webhook.streamId === undefined) return undefined;
    return judgeHandshakes(
      timeline,
      (handshake) => [...wrongKey(handshake, started), ...wrongIds(handshake, started, timeline)],
      'the same, character for character',
    );
  },
});

/** Older samples send every id as `meeting_uuid`; whether Zoom still takes that is not documented. */
function wrongKey({ fields, entry, entityField }: SentHandshake, { webhook }: WebhookEntry): Verdict[] {
  const sent = ENTITY_FIELDS.find((name) => isPresent(fields, name));
  if (sent === undefined || isPresent(fields, entityField) || fields[sent] !== webhook.entity?.value) return [];
  return [
    {
      status: 'warn',
      certainty: 'likely',
      cause: 'other-product-key',
      message: `the id is sent as ${sent}; the webhook has it as ${entityField}`,
      evidence: [{ event: entry.number, path: `$.${sent}` }],
      fix: `rename ${sent} to ${entityField}`,
    },
  ];
}

function wrongIds(handshake: SentHandshake, started: WebhookEntry, { webhooks }: Timeline): Verdict[] {
  if (isOtherMessage(handshake)) return [];
  const { fields, entry, entityField } = handshake;
  const { entity, streamId, path, ids } = started.webhook;
  const key = ENTITY_FIELDS.find((name) => isPresent(fields, name)) ?? entityField;
  const matches = ({ webhook }: WebhookEntry): boolean =>
    webhook.entity?.value === fields[key] && webhook.streamId === fields['rtms_stream_id'];
  // The newest webhook can be that of another stream.
  if (webhooks.some(matches)) return [];
  const isCut = entry.reading.faults.some(({ cause }) => cause === 'truncated');
  const pairs = [
    { name: key, field: entityField, right: entity?.value },
    { name: 'rtms_stream_id', field: 'rtms_stream_id', right: streamId },
  ];
  const differences = pairs.flatMap(({ name, field, right }): Difference[] => {
    const sent = fields[name];
    if (typeof sent !== 'string' || sent === '' || right === undefined || sent === right) return [];
    // What breaks off may break off in it.
    if (isMeetingNumber(name, sent) || (isCut && right.startsWith(sent))) return [];
    const other = webhooks.find((each) => each !== started && Object.values(each.webhook.ids).includes(sent));
    const where = path[field];
    const evidence = [
      { event: entry.number, path: `$.${name}`, note: `sent ${shown(sent)}` },
      { event: started.number, ...(where !== undefined && { path: where }), note: `received ${shown(right)}` },
    ];
    return [{ name, field, evidence, isOther: other !== undefined, ...difference(sent, right, ids, other) }];
  });
  return differences.length === pairs.length && differences.every(({ cause }) => cause === 'other-value')
    ? [otherStream(differences)]
    : differences.map(wrongId);
}

interface Difference {
  readonly name: string;
  readonly field: string;
  readonly cause: string;
  readonly how: string;
  /** Whether another webhook of the session has it. */
  readonly isOther: boolean;
  readonly evidence: readonly Evidence[];
}

const wrongId = ({ name, field, cause, how, isOther, evidence }: Difference): Verdict => ({
  status: 'fail',
  certainty: 'certain',
  cause,
  message: `${name} is ${how}; ${field} exactly as received is expected`,
  evidence,
  fix: isOther
    ? 'keep ids and URL of one webhook together, in one record per rtms_stream_id'
    : `copy ${field} from the webhook without encoding, decoding or trimming it`,
});

/** Nothing was altered: handshake and webhook do not belong together. */
const otherStream = (differences: readonly Difference[]): Verdict => ({
  status: 'fail',
  certainty: 'certain',
  cause: 'other-stream',
  message: `${differences.map(({ name }) => name).join(' and ')} are both others than the webhook has: it is of another stream`,
  evidence: differences.flatMap(({ evidence }) => evidence),
  fix: 'take ids and URL from one webhook, the newest that starts a stream; or give the webhook that belongs to this handshake',
});

function difference(
  sent: string,
  right: string,
  ids: Readonly<Record<string, string>>,
  other: WebhookEntry | undefined,
): { readonly cause: string; readonly how: string } {
  const [cause, how] = ALTERATIONS.find(([, , alter]) => alter(right) === sent) ?? [];
  if (cause !== undefined && how !== undefined) return { cause, how: `the received one ${how}` };
  if (sent.trim() === right) return { cause: 'trimmed', how: 'the received one with white space around it' };
  const [taken] = Object.entries(ids).find(([, id]) => id === sent) ?? [];
  if (taken !== undefined) return { cause: 'other-id', how: `the value of ${taken}` };
  if (other) return { cause: 'other-event', how: `that of another webhook (event ${other.number})` };
  return { cause: 'other-value', how: 'a value the webhook does not have' };
}
