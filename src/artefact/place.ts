/** What a finding points at → its bytes in a document, and in the file that holds it. */
import type { MessageText } from '../protocol/framing.js';
import type { Range } from '../protocol/origin.js';
import type { Artefact } from './artefact.js';
import { hasPath, rangeOfPath } from './json-path.js';

/** What of a finding's evidence tells a place in an event. */
export interface Pointer {
  readonly path?: string;
  readonly bytes?: Range;
}

/** A document that may be one of many in a file. */
type Placed = Pick<Artefact, 'document' | 'reading' | 'origin'>;

/** In the document; all of it where nothing closer is told. */
export function rangeInDocument({ document, reading }: Omit<Placed, 'origin'>, { path, bytes }: Pointer): Range {
  // A body that is not UTF-8 has another length as the text of its event.
  if (bytes) return [Math.min(bytes[0], document.length), Math.min(bytes[1], document.length)];
  return path === undefined || reading.text === undefined ? [0, document.length] : rangeOfMember(reading, path);
}

const rangeOfMember = ({ text = '', origin }: MessageText, path: string): Range =>
  origin(rangeOfPath(Buffer.from(text), path));

const HEADER_PATH = /^\$\.headers\.(.+)$/;

/** Whether what is pointed at is there; a field that is missing is pointed at too. */
export function isThere({ reading, headers }: Artefact, { path = '$' }: Pointer): boolean {
  const [, name = ''] = HEADER_PATH.exec(path) ?? [];
  return headers.has(name) || hasPath(Buffer.from(reading.text ?? ''), path);
}

/** In the file. */
export function rangeInFile(artefact: Artefact, pointer: Pointer): Range {
  const [, name = ''] = HEADER_PATH.exec(pointer.path ?? '') ?? [];
  return artefact.headers.get(name)?.range ?? artefact.origin(rangeInDocument(artefact, pointer));
}
