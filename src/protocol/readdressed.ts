/** A webhook whose server_urls lead elsewhere, signed again so that the app's own check of it still passes. */
import { signWebhook, verifyWebhook } from './signature.js';
import { replaceServerUrls, type Replace } from './server-urls.js';

export interface SignedWebhook {
  /** As they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * What became of x-zm-signature. `kept`: no byte has changed; `renewed`: it was right and is again; `unsigned`: there
 * is none; `unknown`: it covers other bytes now, and without the Secret Token there is no other; `wrong`: it was wrong, so
 * the webhook may be from anyone and no byte has changed.
 */
export type SignatureFate = 'kept' | 'renewed' | 'unsigned' | 'unknown' | 'wrong';

/** Everything but those URLs and the signature stays; the timestamp is the original one. */
export function readdressed(
  { headers, body }: SignedWebhook,
  replace: Replace,
  secretToken: string | undefined,
): SignedWebhook & { readonly signature: SignatureFate } {
  const valueOf = (wanted: string): string | undefined => headers.find(([name]) => is(name, wanted))?.[1];
  const given = valueOf(SIGNATURE);
  const timestamp = valueOf('x-zm-request-timestamp') ?? '';
  if (given !== undefined && secretToken !== undefined && !verifyWebhook(given, body, timestamp, secretToken)) {
    return { headers, body, signature: 'wrong' };
  }
  const replaced = replaceServerUrls(body, replace);
  if (replaced === body) return { headers, body, signature: 'kept' };
  if (given === undefined) return { headers, body: replaced, signature: 'unsigned' };
  if (secretToken === undefined) return { headers, body: replaced, signature: 'unknown' };
  const signature = signWebhook(replaced, timestamp, secretToken);
  const signed = headers.map(([name, value]) => [name, is(name, SIGNATURE) ? signature : value] as const);
  return { headers: signed, body: replaced, signature: 'renewed' };
}

const SIGNATURE = 'x-zm-signature';

const is = (name: string, wanted: string): boolean => name.toLowerCase() === wanted;
