/** Required fields have their documented names, not a look-alike such as `streamId`. */
import { DOCS } from '../protocol/docs.js';
import { defineRule } from './rule.js';
import { absentFields, judgeHandshakes, weightOf } from './shared/handshakes.js';

export const handshakeFieldMisnamed = defineRule({
  id: 'handshake-field-misnamed',
  section: 'Handshake',
  title: 'the fields of the handshake have their documented names',
  failureTitle: 'a field of the handshake has another name than documented',
  why: 'To Zoom, a field under another name is not there.',
  docs: DOCS.universalEvents,
  needs: ['frame'],
  check: (timeline) =>
    judgeHandshakes(
      timeline,
      (handshake) =>
        absentFields(handshake).flatMap(({ name, sentAs }) =>
          sentAs === undefined
            ? []
            : [
                {
                  ...weightOf(name),
                  message: `${sentAs} is sent; ${name} is expected`,
                  evidence: [{ event: handshake.entry.number, path: `$.${sentAs}` }],
                  fix: `rename ${sentAs} to ${name}`,
                },
              ],
        ),
      'every name is a documented one',
    ),
});
