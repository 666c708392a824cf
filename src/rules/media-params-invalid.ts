/** The parameters of a media handshake are legal and go together. What the server says to them is another rule. */
import { DOCS } from '../protocol/docs.js';
import { defineRule, type Verdict } from './rule.js';
import { judgeHandshakes, type SentHandshake } from './shared/handshakes.js';
import { isNamed, mediaFaults } from './shared/media-faults.js';

/** Its JSON type is judged with those of the other fields. */
const WHOLE = '$.media_params';

export const mediaParamsInvalid = defineRule({
  id: 'media-params-invalid',
  section: 'Handshake',
  title: 'the media parameters are legal and go together',
  failureTitle: 'the parameters of a media handshake are not legal',
  why: 'Zoom takes enum numbers, not units or names, and checks codec, rate, channels and frame rate together.',
  docs: DOCS.mediaParameters,
  needs: ['frame'],
  check: (timeline) =>
    timeline.mediaSockets.length === 0 ? undefined : judgeHandshakes(timeline, judge, 'every parameter is a legal one'),
});

function judge(handshake: SentHandshake): Verdict[] {
  const { connection, entry } = handshake;
  return mediaFaults(handshake)
    .filter((fault) => !isNamed(fault, handshake) && fault.path !== WHOLE)
    .map(({ cause, status, certainty, path, message, fix }) => ({
      status,
      certainty,
      cause,
      message: `${connection.socket}: ${message}`,
      evidence: [{ event: entry.number, path }],
      fix,
    }));
}
