/** A folder of webhooks: each body byte for byte, its headers beside it, under a name that sorts by time. */
import { access, constants, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './errors.js';
import type { WebhookRequest } from './net/receiver.js';
import { OWNER_ONLY, reasonOf, refusal } from './record-file.js';

const FOLDER_OF_OWNER = 0o700;
const LONGEST_PART = 64;

/** Makes a value from outside fit for a file name. */
const safe = (text: string): string => text.replaceAll(/[^\w.-]+/g, '-').slice(0, LONGEST_PART);

/** What of the value of a header may be kept. */
type Redact = (name: string, value: string) => string;

export class WebhookFolder {
  /** Why one could not be saved, if one could not. */
  failure: string | undefined;
  readonly #path: string;
  readonly #redact: Redact;
  readonly #onFailure: (reason: string) => void;
  #count = 0;

  private constructor(path: string, redact: Redact, onFailure: (reason: string) => void) {
    this.#path = path;
    this.#redact = redact;
    this.#onFailure = onFailure;
  }

  /**
   * Makes the folder if need be, not those above it. `redact` hides what headers must not show; `onFailure` is called
   * for the first webhook that cannot be saved. Throws RtmsError (`disk`, `usage`).
   */
  static async open(path: string, redact: Redact, onFailure: (reason: string) => void): Promise<WebhookFolder> {
    try {
      await mkdir(path, { mode: FOLDER_OF_OWNER }).catch((error: unknown) => {
        if (errorCode(error) !== 'EEXIST') throw error;
      });
      // With a slash, so that a file is told from a folder.
      await access(join(path, '/'), constants.W_OK);
    } catch (error) {
      throw refusal(`cannot save to ${path}`, '--save DIR', error);
    }
    return new WebhookFolder(path, redact, onFailure);
  }

  /**
   * Resolves to the path of the body, which is fit for --payload; undefined if it could not be saved. The same path
   * with .headers for .json is the request up to the body.
   */
  async save(request: WebhookRequest, unixMs: number): Promise<string | undefined> {
    const { body, webhook } = request;
    const time = new Date(unixMs).toISOString().replaceAll(':', '-');
    const about = [webhook.event ?? 'no-event', ...(webhook.streamId === undefined ? [] : [webhook.streamId])];
    try {
      for (;;) {
        this.#count += 1;
        const name = [time, String(this.#count).padStart(4, '0'), ...about.map(safe)].join('_');
        const base = join(this.#path, name);
        if (!(await created(`${base}.headers`, Buffer.from(this.#head(request), 'latin1')))) continue;
        if (await created(`${base}.json`, body)) return `${base}.json`;
      }
    } catch (error) {
      if (this.failure === undefined) this.#onFailure(reasonOf(error));
      this.failure = reasonOf(error);
      return undefined;
    }
  }

  /** As HTTP has it (RFC 9112 section 2.1), so that head and body together are the request. */
  #head({ target, headers }: WebhookRequest): string {
    const lines = headers.map(([name, value]) => `${name}: ${this.#redact(name, value)}`);
    return [`POST ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n');
  }
}

/** Whether a file of this name did not exist and now does. */
async function created(path: string, content: Uint8Array): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: OWNER_ONLY });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
