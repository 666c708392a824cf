/** After the ready acknowledgement some media arrives. One silent medium among others that flow is no failure. */
import { MEDIA_DATA_OPTION, MESSAGE_TYPE } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { isObject } from '../protocol/json.js';
import type { Connection, FrameEntry, Timeline } from '../session/timeline.js';
import { duration } from '../session/words.js';
import { defineRule, type Verdict } from './rule.js';
import { endOf, isAccepted } from './shared/connections.js';

/** Mixed audio comes every 20 ms, but only while someone is there to be heard. */
const PATIENCE_MS = 10_000;

export const mediaSilent = defineRule({
  id: 'media-silent',
  section: 'Close',
  title: 'media arrives',
  failureTitle: 'no media arrives',
  why: 'A stream in good order is silent while everyone is muted, cameras are off or it is paused.',
  docs: DOCS.media,
  needs: ['frame'],
  check: (timeline) => {
    const { signaling, mediaSockets } = timeline;
    const type = MESSAGE_TYPE.CLIENT_READY_ACK.value;
    const ready = timeline.connections.findLast((each) => each.find('out', type))?.find('out', type);
    const accepted = mediaSockets.filter((connection) => connection.reply && isAccepted(connection));
    if (!signaling || !ready || accepted.length === 0 || accepted.length < mediaSockets.length) return undefined;
    if (mediaSockets.some(({ media }) => media.size > 0)) return { status: 'pass', message: 'media flows' };
    const end = Math.min(...accepted.map((connection) => endOf(connection, timeline)));
    const waited = silence(timeline, ready.event.t, end);
    return waited < PATIENCE_MS ? undefined : verdict(ready, waited, signaling, accepted);
  },
});

/** How long media was due between two times, in ms: the pauses Zoom announced do not count. */
function silence({ pauses }: Timeline, from: number, to: number): number {
  const paused = pauses.map((pause) => Math.max(0, Math.min(pause.to ?? to, to) - Math.max(pause.from, from)));
  return to - from - paused.reduce((sum, ms) => sum + ms, 0);
}

const { VIDEO_SUBSCRIPTION_REQ, DATA_HAND_SHAKE_REQ } = MESSAGE_TYPE;
const { VIDEO_SINGLE_ACTIVE_STREAM: ACTIVE, VIDEO_SINGLE_INDIVIDUAL_STREAM: INDIVIDUAL } = MEDIA_DATA_OPTION;

function verdict(ready: FrameEntry, waited: number, signaling: Connection, accepted: readonly Connection[]): Verdict {
  const base = {
    status: 'warn',
    certainty: 'possible',
    message: `no media within ${duration(waited)} of the ready acknowledgement`,
  } as const;
  const subscribed = signaling.find('out', VIDEO_SUBSCRIPTION_REQ.value) !== undefined;
  const handshake = subscribed ? undefined : accepted.find(asksForOneParticipant)?.handshake;
  if (!handshake) {
    return {
      ...base,
      cause: 'nothing-sent',
      evidence: [{ event: ready.number, note: 'ready' }],
      fix: 'unmute and speak, turn a camera on or share a screen in the meeting, and see whether media comes then',
    };
  }
  const option = `${INDIVIDUAL.value}: ${INDIVIDUAL.meaning}`;
  return {
    ...base,
    cause: 'no-subscription',
    evidence: [
      { event: ready.number, note: 'ready' },
      { event: handshake.number, path: '$.media_params.video.data_opt', note: option },
    ],
    fix: `send ${VIDEO_SUBSCRIPTION_REQ.value} (VIDEO_SUBSCRIPTION_REQ), or ask for data_opt ${ACTIVE.value}`,
  };
}

function asksForOneParticipant({ handshake }: Connection): boolean {
  const message = handshake?.reading.message;
  if (message?.msg_type !== DATA_HAND_SHAKE_REQ.value) return false;
  const video = message.media_params?.['video'];
  return isObject(video) && video['data_opt'] === INDIVIDUAL.value;
}
