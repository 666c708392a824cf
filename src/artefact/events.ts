/** A document as the event it would be in a session: a frame on its socket, a webhook, what a manifest states. */
import { lookup, MESSAGE_TYPE, type MessageTypeCode } from '../protocol/codes.js';
import { utf8Text } from '../protocol/framing.js';
import { isObject } from '../protocol/json.js';
import { MEDIA, mediaOfMask, type MediaName } from '../protocol/media.js';
import { typeMeant } from '../protocol/messages.js';
import { manifestChecks } from '../session/app-facts.js';
import type { Direction, EventBody, SocketName } from '../session/event.js';
import { frameEvent } from '../session/message.js';
import { restAnswerOf } from '../session/rest-answer.js';
import type { Artefact } from './artefact.js';
import { isText } from './source.js';

/** One event, but of a manifest one for each thing it states. */
export function eventsOf(artefact: Artefact): readonly EventBody[] {
  const { kind, document, reading, headers, status } = artefact;
  switch (kind) {
    case 'handshake':
    case 'message': {
      const { socket, dir } = placeOf(kind, isObject(reading.value) ? reading.value : {});
      return [frameEvent(socket, dir, isText(document) ? 'text' : 'binary', document)];
    }
    case 'webhook': {
      const values = [...headers].map(([name, { value }]) => [name, value] as const);
      const body = utf8Text(document) ?? reading.text ?? Buffer.from(document).toString('latin1');
      return [{ type: 'webhook', headers: Object.fromEntries(values), body }];
    }
    case 'manifest':
      return manifestChecks(reading.value);
    case 'answer': {
      const answer = restAnswerOf(reading.value, status === undefined ? {} : { status });
      return answer ? [answer] : [];
    }
    default:
      return kind satisfies never;
  }
}

type Fields = Readonly<Record<string, unknown>>;

interface Place {
  readonly socket: SocketName;
  readonly dir: Direction;
}

/** Where a message belongs by its type; what has none is the client's, which would have made the mistake. */
function placeOf(kind: 'handshake' | 'message', fields: Fields): Place {
  const { SIGNALING_HAND_SHAKE_REQ, DATA_HAND_SHAKE_REQ } = MESSAGE_TYPE;
  const isMedia = fields['media_type'] !== undefined || fields['media_params'] !== undefined;
  const handshake = isMedia ? DATA_HAND_SHAKE_REQ : SIGNALING_HAND_SHAKE_REQ;
  const type = typeMeant(fields['msg_type']) ?? (kind === 'handshake' ? handshake.value : undefined);
  const row = lookup<MessageTypeCode>(MESSAGE_TYPE, type);
  // A number that is not documented is more likely new from Zoom than sent by a client.
  const dir = row?.dir ?? (type === undefined ? 'out' : 'in');
  return { socket: row?.channel === 'media' ? mediaSocket(type, fields['media_type']) : 'signaling', dir };
}

/** By what it carries; of a handshake, by what it asks for. */
function mediaSocket(type: number | undefined, mask: unknown): SocketName {
  const carried = CARRIERS.filter((name) => MEDIA[name].msgType === type);
  const [name = 'all', ...others] = carried.length > 0 ? carried : mediaOfMask(Number(mask));
  return others.length > 0 ? 'media:all' : `media:${name}`;
}

const CARRIERS: readonly MediaName[] = ['audio', 'video', 'share', 'transcript', 'chat'];
