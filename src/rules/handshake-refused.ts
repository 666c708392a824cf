/** The answer on signaling accepts the handshake. */
import { DOCS } from '../protocol/docs.js';
import { defineRule } from './rule.js';
import { refusalOf } from './shared/refusal.js';

export const handshakeRefused = defineRule({
  id: 'handshake-refused',
  section: 'Handshake',
  title: 'the handshake was accepted',
  failureTitle: 'the handshake was refused',
  why: 'The status says which check failed; it is the one thing Zoom tells.',
  docs: DOCS.dataTypes,
  needs: ['frame'],
  check: (timeline) => {
    const { signaling } = timeline;
    if (!signaling?.reply) return undefined;
    const refused = refusalOf(timeline, signaling);
    return refused.length > 0 ? refused : { status: 'pass', message: 'accepted with status 0' };
  },
});
