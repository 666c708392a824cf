/** The fields Zoom requires are there. Those that are there under another name are `handshake-field-misnamed`. */
import { DOCS } from '../protocol/docs.js';
import { isMediaName, MEDIA } from '../protocol/media.js';
import { signalingHandshake } from '../protocol/messages.js';
import type { Timeline } from '../session/timeline.js';
import { defineRule, type Evidence } from './rule.js';
import { absentFields, ENTITY_FIELDS, judgeHandshakes, weightOf, type SentHandshake } from './shared/handshakes.js';

const DOCUMENTED = signalingHandshake({ entity: { field: 'meeting_uuid', value: '' }, streamId: '', signature: '' });

export const handshakeFieldMissing = defineRule({
  id: 'handshake-field-missing',
  section: 'Handshake',
  title: 'the handshake has every required field',
  failureTitle: 'a field is missing in the handshake',
  why: 'Zoom refuses an incomplete handshake, or closes without a word.',
  docs: DOCS.universalEvents,
  needs: ['frame'],
  check: (timeline) =>
    judgeHandshakes(
      timeline,
      (handshake) =>
        absentFields(handshake)
          .filter(({ sentAs }) => sentAs === undefined)
          .map(({ name }) => {
            const source = sourceOf(name, timeline);
            return {
              ...weightOf(name),
              cause: ENTITY_FIELDS.includes(name) ? 'entity-id' : name,
              message: `${name} is ${name in handshake.fields ? 'empty' : 'not there'} (Zoom's documents require it)`,
              evidence: [{ event: handshake.entry.number, path: `$.${name}` }, ...(source ? [source] : [])],
              fix: fixFor(name, handshake, source),
            };
          }),
      'every required field is there',
    ),
});

/** Where the webhook has it: two shapes are published, and code for one finds nothing in the other. */
function sourceOf(name: string, { started }: Timeline): Evidence | undefined {
  const path = started?.webhook.path[name];
  return started && path !== undefined ? { event: started.number, path, note: 'the webhook has it here' } : undefined;
}

function fixFor(name: string, { connection, expectedType }: SentHandshake, source: Evidence | undefined): string {
  const medium = connection.socket.replace('media:', '');
  const values: Readonly<Record<string, number>> = {
    msg_type: expectedType,
    protocol_version: DOCUMENTED.protocol_version,
    ...(isMediaName(medium) && { media_type: MEDIA[medium].bit }),
  };
  const value = values[name];
  if (value !== undefined) return `add "${name}": ${value}`;
  if (name === 'signature') return 'add "signature": rtms sign --payload FILE prints its value';
  const place = source?.path === undefined ? '' : ` (${source.path})`;
  return `copy ${name} from the webhook${place} into the handshake, exactly as it came`;
}
