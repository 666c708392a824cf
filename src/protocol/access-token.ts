/**
 * What the claims of an access token hint at. Zoom documents none of them and may change them; the signature cannot
 * be checked, and the scopes are not among them.
 * https://devforum.zoom.us/t/oauth-access-token-signature-verification/7899
 */
import { isObject } from './json.js';

export interface AccessTokenClaims {
  /** Whose id and secret it was made with (`iss`, as `zm:cid:…`). */
  readonly clientId?: string;
  readonly accountId?: string;
  readonly userId?: string;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
}

/** Three parts in Base64url, with `Bearer` in front where it was copied from a header. */
const JWT = /^(?:Bearer\s+)?[\w-]+\.([\w-]+)\.[\w-]*$/i;
const ISSUER = /^zm:cid:(.+)$/;

/** Undefined if the token is no JWT. */
export function readAccessToken(token: string): AccessTokenClaims | undefined {
  const [, payload] = JWT.exec(token.trim()) ?? [];
  const claims = payload === undefined ? undefined : decoded(payload);
  if (!isObject(claims)) return undefined;
  const { iss, aid, uid, exp } = claims;
  const [, clientId] = ISSUER.exec(String(iss)) ?? [];
  return {
    ...(clientId !== undefined && { clientId }),
    ...(typeof aid === 'string' && { accountId: aid }),
    ...(typeof uid === 'string' && { userId: uid }),
    ...(typeof exp === 'number' && { expiresAt: exp * 1000 }),
  };
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
