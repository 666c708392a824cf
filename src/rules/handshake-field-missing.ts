/** The fields Zoom requires are there. Those that are there under another name are `handshake-field-misnamed`. */
import { isMediaName, MEDIA } from '../protocol/media.js';
import { signalingHandshake } from '../protocol/messages.js';
import { DOCS } from './docs.js';
import { absentFields, ENTITY_FIELDS, judgeHandshakes, weightOf, type SentHandshake } from './handshakes.js';
import { defineRule } from './rule.js';

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
          .map(({ name }) => ({
            ...weightOf(name),
            cause: ENTITY_FIELDS.includes(name) ? 'entity-id' : name,
            message: `${name} is ${name in handshake.fields ? 'empty' : 'not there'} (Zoom's documents require it)`,
            evidence: [{ event: handshake.entry.number, path: `$.${name}` }],
            fix: fixFor(name, handshake),
          })),
      'every required field is there',
    ),
});

function fixFor(name: string, { connection, expectedType }: SentHandshake): string {
  const medium = connection.socket.replace('media:', '');
  const values: Readonly<Record<string, number>> = {
    msg_type: expectedType,
    protocol_version: DOCUMENTED.protocol_version,
    ...(isMediaName(medium) && { media_type: MEDIA[medium].bit }),
  };
  const value = values[name];
  if (value !== undefined) return `add "${name}": ${value}`;
  if (name === 'signature') return 'add "signature": rtms sign --payload FILE prints its value';
  return `copy ${name} from the webhook into the handshake, exactly as it came`;
}
