/** The WebSocket library's messages as bytes; the same for either side of a connection. */
import type { RawData } from 'ws';

/** The bytes of a message, in whichever form the library hands it over. */
export function toBuffer(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
