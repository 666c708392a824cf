/** A document as the event it would be in a session: a frame on its socket, a webhook, what a manifest states. */
import { utf8Text } from '../protocol/framing.js';
import { manifestChecks } from '../session/app-facts.js';
import type { EventBody } from '../session/event.js';
import { frameEvent, placeOf } from '../session/message.js';
import { restAnswerOf } from '../session/rest-answer.js';
import type { Artefact } from './artefact.js';
import { isText } from './source.js';

/** One event, but of a manifest one for each thing it states. */
export function eventsOf(artefact: Artefact): readonly EventBody[] {
  const { kind, document, reading, headers, status } = artefact;
  switch (kind) {
    case 'handshake':
    case 'message': {
      const { socket, dir } = placeOf(reading.value, kind);
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
