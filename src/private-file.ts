/** Files that are written whole and are for their owner alone: payloads, keys. */
import { open } from 'node:fs/promises';
import { OWNER_ONLY, refusal } from './record-file.js';

/** Over whatever was there. Throws RtmsError (`disk`; `usage` for a path that is wrong); `flag` gives another. */
export async function writePrivately(path: string, content: string | Uint8Array, flag: string): Promise<void> {
  try {
    const file = await open(path, 'w', OWNER_ONLY);
    try {
      // One that existed may have been open to others; a device or a pipe is as it is.
      if ((await file.stat()).isFile()) await file.chmod(OWNER_ONLY);
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw refusal(`cannot write ${path}`, flag, error);
  }
}
