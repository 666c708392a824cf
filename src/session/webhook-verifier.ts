/**
 * Establishes, with the Secret Token at hand, whether a webhook is signed right and a URL validation answered right,
 * and what explains what is wrong. The facts are those the rules read; nothing is judged here.
 */
import { toMilliseconds, isObject } from '../protocol/json.js';
import { recogniseChallenge, recogniseWebhookSignature, type Recognition } from '../protocol/signature-mistakes.js';
import {
  answerUrlValidation,
  maskSecret,
  sameSignature,
  signWebhook,
  verifyWebhook,
  type UrlValidationAnswer,
} from '../protocol/signature.js';
import { WEBHOOK_WINDOW_MS } from '../protocol/timing.js';
import type { Webhook } from '../protocol/webhooks.js';
import type { CheckEvent, Facts, WebhookEvent } from './event.js';

export interface WebhookSecrets {
  readonly secretToken: string;
  /** What is often taken for the Secret Token. */
  readonly clientSecret?: string;
}

export interface SignedRequest {
  /** By lower-case name. */
  readonly headers: WebhookEvent['headers'];
  readonly body: Uint8Array;
  readonly webhook: Webhook;
}

type Judgement = Pick<CheckEvent, 'ok' | 'facts'>;

/** Explaining takes some 50 ms and holds up everything else: it gets one part of the time in this many. */
const SHARE_OF_TIME = 10;
/** Each of some ten thousand recipes reads the whole body. */
const LONGEST_EXPLAINED = 64 * 1024;

/** Without secrets it verifies nothing, and answers nothing. */
export class WebhookVerifier {
  readonly #secrets: WebhookSecrets | undefined;
  readonly #now: () => number;
  #restUntil = 0;

  /** `now` is Unix ms. */
  constructor(secrets: WebhookSecrets | undefined, now: () => number = Date.now) {
    this.#secrets = secrets;
    this.#now = now;
  }

  /** The answer to a URL validation; undefined without a Secret Token. */
  answer(plainToken: string): UrlValidationAnswer | undefined {
    return this.#secrets && answerUrlValidation(plainToken, this.#secrets.secretToken);
  }

  /** The facts for `webhook-signature-mismatch`; undefined where nothing can or need be verified. */
  signature({ headers, body, webhook }: SignedRequest): Judgement | undefined {
    if (!this.#secrets) return undefined;
    const { secretToken } = this.#secrets;
    const given = headers['x-zm-signature'];
    const timestamp = headers['x-zm-request-timestamp'] ?? '';
    // Sources disagree whether a URL validation is signed.
    if (given === undefined) return webhook.kind === 'url-validation' ? undefined : wrong({ cause: 'unsigned' });
    if (verifyWebhook(given, body, timestamp, secretToken)) return this.#fresh(timestamp);
    const { eventTs } = webhook;
    const input = { given, body, timestamp, ...this.#secrets, ...(eventTs !== undefined && { eventTs }) };
    const why = timestamp === '' ? NO_TIMESTAMP : this.#explain(body, () => recogniseWebhookSignature(input));
    return wrong({ ...masked(given, signWebhook(body, timestamp, secretToken)), ...why });
  }

  /** The facts on an answer to a URL validation. Without the Secret Token only the form of it is known. */
  validation(answer: Uint8Array, plainToken: string): Facts {
    const fields = parsed(answer);
    if (!isObject(fields)) return { cause: 'wrong-body', explanation: 'it is not a JSON object' };
    const { plainToken: echoed, encryptedToken: given } = fields;
    if (echoed !== plainToken) {
      const seen = echoed === undefined ? 'plainToken is not there' : 'plainToken is not the one that was sent';
      return { cause: 'wrong-body', explanation: seen };
    }
    if (typeof given !== 'string') return { cause: 'wrong-body', explanation: 'encryptedToken is not there' };
    if (!this.#secrets) return HEX_DIGEST.test(given) ? {} : NO_DIGEST;
    const { encryptedToken: expected } = answerUrlValidation(plainToken, this.#secrets.secretToken);
    if (sameSignature(given, expected)) return {};
    const input = { given, plainToken, ...this.#secrets };
    return { ...masked(given, expected), ...this.#explain(answer, () => recogniseChallenge(input)) };
  }

  /** A right signature on an old request may be a replay. */
  #fresh(timestamp: string): Judgement {
    const ageMs = Math.abs(this.#now() - toMilliseconds(Number(timestamp)));
    return ageMs > WEBHOOK_WINDOW_MS ? wrong({ cause: 'stale', ageMs }) : { ok: true, facts: {} };
  }

  #explain(text: Uint8Array, recognise: () => Recognition<string>): Facts {
    const start = this.#now();
    if (this.#secrets?.secretToken === this.#secrets?.clientSecret) return SAME_SECRET;
    if (text.length > LONGEST_EXPLAINED || start < this.#restUntil) return UNEXPLAINED;
    const { mistake, tried } = recognise();
    const end = this.#now();
    this.#restUntil = end + (end - start) * (SHARE_OF_TIME - 1);
    if (!mistake) return { cause: 'unknown', tried };
    const { cause, explanation, fix } = mistake;
    return { cause, tried, explanation, fix };
  }
}

const wrong = (facts: Facts): Judgement => ({ ok: false, facts });

const masked = (given: string, expected: string): Facts => ({
  sent: maskSecret(given),
  expected: maskSecret(expected),
});

const NO_TIMESTAMP: Facts = {
  cause: 'part-missing',
  explanation: 'x-zm-request-timestamp is not there',
  fix: 'let what stands in between pass all headers',
};
const SAME_SECRET: Facts = {
  cause: 'wrong-key',
  explanation: 'what was given as the Secret Token is the client secret',
  fix: 'take the Secret Token from the event subscription of the app (Features, Access)',
};
const UNEXPLAINED: Facts = { cause: 'unknown', explanation: 'why was not looked for: it is too long, or one of many' };

const HEX_DIGEST = /^[0-9a-f]{64}$/;
const NO_DIGEST: Facts = {
  cause: 'wrong-encoding',
  explanation: 'it does not have the 64 characters of lower-case hex',
  fix: 'encode the digest as lower-case hex',
};

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** As `signature`, of a request that was saved: how old it is now says nothing, and an editor may have ended it. */
export function savedSignature(request: SignedRequest, secrets: WebhookSecrets): Judgement | undefined {
  const { headers } = request;
  const timestamp = headers['x-zm-request-timestamp'] ?? '';
  const given = headers['x-zm-signature'] ?? '';
  const body = bodyAsSigned(request.body, (bytes) => verifyWebhook(given, bytes, timestamp, secrets.secretToken));
  const verifier = new WebhookVerifier(secrets, () => toMilliseconds(Number(timestamp)));
  return verifier.signature({ ...request, body });
}

/** An editor ends a file with a newline that Zoom did not send. */
function bodyAsSigned(body: Uint8Array, isRight: (body: Uint8Array) => boolean): Uint8Array {
  const trimmed = [1, 2].map((size) => body.subarray(0, body.length - size));
  return (
    [body, ...trimmed].find((candidate) => isLineEnd(body.subarray(candidate.length)) && isRight(candidate)) ?? body
  );
}

const isLineEnd = (bytes: Uint8Array): boolean => /^(?:\r?\n)?$/.test(Buffer.from(bytes).toString('latin1'));
