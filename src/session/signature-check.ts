/** Establishes, with the secret at hand, whether a sent handshake carries the right signature, and what explains a wrong one. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { recogniseHandshakeSignature } from '../protocol/signature-mistakes.js';
import { maskSecret, sameSignature, signHandshake } from '../protocol/signature.js';
import { decodeWebhook, type Entity } from '../protocol/webhooks.js';
import type { CheckEvent, FrameEvent } from './event.js';
import { readFrame } from './message.js';

export interface SignatureInputs {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly entity: Entity;
  readonly streamId: string;
  readonly secretToken?: string;
  /** Every other id of the payload, by name. */
  readonly otherIds?: Readonly<Record<string, string>>;
  /** Other client ids and secrets found in the environment, by name. */
  readonly otherClientIds?: Readonly<Record<string, string>>;
  readonly otherSecrets?: Readonly<Record<string, string>>;
}

interface Known {
  readonly value: string;
  /** Other values found for it, by source. */
  readonly others: Readonly<Record<string, string>>;
}

/** What a signature is checked with. `ids` are all that could have been taken for one of the two, by name. */
export function signatureInputs(
  stream: { readonly entity: Entity; readonly streamId: string; readonly ids: Readonly<Record<string, string>> },
  credentials: { readonly clientId: Known; readonly clientSecret: Known; readonly secretToken: Known | undefined },
): SignatureInputs {
  const { clientId, clientSecret, secretToken } = credentials;
  return {
    entity: stream.entity,
    streamId: stream.streamId,
    otherIds: stream.ids,
    clientId: clientId.value,
    clientSecret: clientSecret.value,
    otherClientIds: clientId.others,
    otherSecrets: clientSecret.others,
    ...(secretToken && { secretToken: secretToken.value }),
  };
}

/** The ids a message holds itself: what a foreign handshake has for ids is often what it signed. */
export function idsOfFrame(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(decodeWebhook(value).ids).map(([path, id]) => [`${path} of the frame`, id]));
}

/** A check for a handshake going out, none for any other frame. `number` is the frame's event number, if it has one. */
export function checkSignature(
  frame: FrameEvent,
  number: number | undefined,
  inputs: SignatureInputs,
): CheckEvent[] {
  const given = frame.dir === 'out' ? sentSignature(frame) : undefined;
  if (given === undefined) return [];
  const judgement = judgeSignature(given, inputs);
  return [{ type: 'check', rule: 'signature-mismatch', ...(number !== undefined && { frame: number }), ...judgement }];
}

type Judgement = Pick<CheckEvent, 'ok' | 'facts'>;

const judgements = new WeakMap<SignatureInputs, Map<string, Judgement>>();

/**
 * The judgement alone: whether it matches, and the facts the rule `signature-mismatch` reads. A mismatch takes a
 * tenth of a second to explain; with the same inputs it is done once, so that it can be done before time matters.
 */
export function judgeSignature(given: string, inputs: SignatureInputs): Judgement {
  const known = judgements.get(inputs) ?? new Map<string, Judgement>();
  judgements.set(inputs, known);
  const judgement = known.get(given) ?? judge(given, inputs);
  known.set(given, judgement);
  return judgement;
}

function judge(given: string, inputs: SignatureInputs): Judgement {
  const { clientId, clientSecret, entity, streamId, ...others } = inputs;
  const parts = { clientId, entityId: entity.value, streamId };
  const expected = signHandshake(parts, clientSecret);
  if (sameSignature(given, expected)) return { ok: true, facts: {} };
  const { mistake, tried } = recogniseHandshakeSignature({
    given,
    parts,
    clientSecret,
    entityField: entity.field,
    ...others,
  });
  const { cause, explanation, fix } = mistake ?? { cause: 'unknown' };
  return {
    ok: false,
    facts: {
      cause,
      sent: maskSecret(given),
      expected: maskSecret(expected),
      tried,
      ...(explanation !== undefined && { explanation }),
      ...(fix !== undefined && { fix }),
    },
  };
}

function sentSignature(frame: FrameEvent): string | undefined {
  const { message, value } = readFrame(frame);
  const handshakes: readonly (number | undefined)[] = [
    MESSAGE_TYPE.SIGNALING_HAND_SHAKE_REQ.value,
    MESSAGE_TYPE.DATA_HAND_SHAKE_REQ.value,
    undefined,
  ];
  if (!handshakes.includes(message.msg_type) || typeof value !== 'object' || value === null) return undefined;
  const signature: unknown = Reflect.get(value, 'signature');
  return typeof signature === 'string' ? signature : undefined;
}
