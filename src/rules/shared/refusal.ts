/** What an answer that does not accept says: its status in both generations, its reason, and what to do. */
import { MESSAGE_TYPE, STATUS_CODE, statusMeanings, statusSaidBy, type StatusCode } from '../../protocol/codes.js';
import type { Connection, FrameEntry, Timeline } from '../../session/timeline.js';
import type { Evidence, Verdict } from '../rule.js';
import { isAccepted } from './connections.js';
import { kebab, shown } from './words.js';

const COMPARE = 'go by the reason text; compare the handshake with the documented one: rtms sign --handshake FILE';

const OTHER_SECRET =
  'the signature is what this secret gives, so the server checks with another: take client id and secret of the app ' +
  'and version (development, production) that receives the webhook';

/** The finding for a connection whose handshake was answered and not accepted; none for any other. */
export function refusalOf(timeline: Timeline, connection: Connection, further: readonly Evidence[] = []): Verdict[] {
  const { reply, socket } = connection;
  if (!reply || isAccepted(connection)) return [];
  const answer = answerOf(reply);
  const { reason } = answer;
  const { cause, said, note, means, fix = COMPARE } = meaningOf(answer);
  const matched = timeline.check('signature-mismatch')?.event.ok === true;
  return [
    {
      status: 'fail',
      certainty: 'certain',
      cause,
      message: `${socket}: refused ${said}${reason === '' ? '' : ` (reason ${shown(reason)})`}`,
      evidence: [{ event: reply.number, path: '$.status_code', ...(note !== undefined && { note }) }, ...further],
      fix: matched && means === SIGNATURE ? OTHER_SECRET : fix,
    },
  ];
}

/** The current status that a refusal means, whichever generation it speaks. */
export function statusMeant({ reply }: Connection): number | undefined {
  return reply && meaningOf(answerOf(reply)).means;
}

interface Meaning {
  readonly cause: string;
  /** How the message goes on after `refused`. */
  readonly said: string;
  readonly note?: string;
  /** Number of the current status that is meant. */
  readonly means?: number;
  readonly fix?: string | undefined;
}

const { value: SIGNATURE } = STATUS_CODE.INVALID_SIGNATURE;

function meaningOf({ status, reason }: Answer): Meaning {
  if (status === undefined) return withoutStatus(reason);
  const { current, legacy, chosen } = statusMeanings(status, reason);
  const [meant, other] = chosen === 'legacy' ? [legacy, current] : [current, legacy];
  if (!meant) return { cause: 'unknown-status', said: `with status ${status}, which is not documented` };
  const table = chosen === 'legacy' ? 'current' : 'beta';
  return {
    cause: kebab(meant.name),
    said: `with status ${status}, ${meant.name}: ${meant.meaning}`,
    ...(other && other.name !== meant.name && { note: `or, by the ${table} table, ${other.name}` }),
    ...livesOn(meant.name),
  };
}

function withoutStatus(reason: string): Meaning {
  const status = statusSaidBy(reason);
  return {
    cause: 'no-status',
    said: 'without a status_code; 0 is expected',
    note: "Zoom's mock server refuses so",
    ...(status && { means: status.value, fix: status.action }),
  };
}

/** The beta table has no actions, but most of its names live on in the current one. */
function livesOn(name: string): Pick<Meaning, 'means' | 'fix'> {
  const status = Object.entries<StatusCode>(STATUS_CODE).find(([known]) => known === name)?.[1];
  return status ? { means: status.value, fix: status.action } : {};
}

interface Answer {
  readonly status: number | undefined;
  readonly reason: string;
}

function answerOf({ reading: { message } }: FrameEntry): Answer {
  switch (message.msg_type) {
    case MESSAGE_TYPE.SIGNALING_HAND_SHAKE_RESP.value:
    case MESSAGE_TYPE.DATA_HAND_SHAKE_RESP.value:
      return { status: message.status_code, reason: message.reason ?? '' };
    default:
      return { status: undefined, reason: '' };
  }
}
