/** Once a media handshake is accepted, signaling carries the acknowledgement that starts the media. */
import { MESSAGE_TYPE } from '../protocol/codes.js';
import { DOCS } from '../protocol/docs.js';
import { duration } from '../session/words.js';
import { defineRule } from './rule.js';
import { endOf, isAccepted } from './shared/connections.js';

const READY = MESSAGE_TYPE.CLIENT_READY_ACK.value;
/** A client that was stopped sooner may just not have got to it. */
const PATIENCE_MS = 2_000;

export const readyMissing = defineRule({
  id: 'ready-missing',
  section: 'Handshake',
  title: 'the ready acknowledgement was sent on signaling',
  failureTitle: 'the ready acknowledgement was not sent on signaling',
  why: 'Media does not flow before it, and no error tells so.',
  docs: DOCS.universalEvents,
  absence: true,
  needs: ['frame'],
  check: (timeline) => {
    const { connections, signaling, mediaSockets } = timeline;
    const [accepted] = mediaSockets.filter((connection) => connection.reply && isAccepted(connection));
    if (!signaling || !accepted?.reply) return undefined;
    // On whichever signaling connection was alive then; a later one may have replaced it.
    const ready = connections
      .find((each) => each.socket === 'signaling' && each.find('out', READY))
      ?.find('out', READY);
    if (ready) return { status: 'pass', message: `sent in event ${ready.number}` };
    const waited = endOf(accepted, timeline) - accepted.reply.event.t;
    const flows = mediaSockets.some(({ media }) => media.size > 0);
    if (flows || waited < PATIENCE_MS) return undefined;
    const misplaced = mediaSockets.flatMap((connection) => connection.find('out', READY) ?? [])[0];
    return {
      status: 'fail',
      certainty: 'certain',
      cause: misplaced ? 'wrong-socket' : 'not-sent',
      message: misplaced
        ? `CLIENT_READY_ACK (${READY}) was sent on ${misplaced.event.socket}; signaling is expected`
        : `no CLIENT_READY_ACK (${READY}) in ${duration(waited)} after the media handshake; media waits for it`,
      evidence: [
        { event: accepted.reply.number, note: `${accepted.socket} accepted` },
        ...(misplaced ? [{ event: misplaced.number, note: 'sent here' }] : []),
      ],
      fix: `send {"msg_type":${READY},"rtms_stream_id":"…"} on signaling after the media handshake is accepted`,
    };
  },
});
