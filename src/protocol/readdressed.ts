/** A webhook whose server_urls lead elsewhere, signed again so that the app's own check of it still passes. */
import { signWebhook, verifyWebhook } from './signature.js';
import { replaceServerUrls, type Replace } from './server-urls.js';

export interface SignedWebhook {
  /** As they came. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * What became of x-zm-signature. `kept`: no byte has changed; `renewed`: it was right and is again; `unsigned`: there is
 * none; `unknown`: it covers other bytes now, and without the Secret Token there is no other; `wrong`: it was wrong
 * before, and to make it right would vouch for what nobody knows.
 */
export type SignatureFate = 'kept' | 'renewed' | 'unsigned' | 'unknown' | 'wrong';

/** Everything but those URLs and the signature stays; the timestamp is the original one. */
export function readdressed(
  { headers, body }: SignedWebhook,
  replace: Replace,
  secretToken: string | undefined,
): SignedWebhook & { readonly signature: SignatureFate } {
  const replaced = replaceServerUrls(body, replace);
  const valueOf = (wanted: string): string | undefined => headers.find(([name]) => is(name, wanted))?.[1];
  const given = valueOf(SIGNATURE);
  const timestamp = valueOf('x-zm-request-timestamp') ?? '';
  const same = { headers, body: replaced };
  if (replaced === body) return { ...same, signature: 'kept' };
  if (given === undefined) return { ...same, signature: 'unsigned' };
  if (secretToken === undefined) return { ...same, signature: 'unknown' };
  if (!verifyWebhook(given, body, timestamp, secretToken)) return { ...same, signature: 'wrong' };
  const signature = signWebhook(replaced, timestamp, secretToken);
  return {
    headers: headers.map(([name, value]) => [name, is(name, SIGNATURE) ? signature : value] as const),
    body: replaced,
    signature: 'renewed',
  };
}

const SIGNATURE = 'x-zm-signature';

const is = (name: string, wanted: string): boolean => name.toLowerCase() === wanted;
