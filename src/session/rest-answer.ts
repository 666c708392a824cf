/** Reads an answer of Zoom's REST API or token endpoint, from wherever it was copied, as a fact. Judges nothing. */
import { isObject } from '../protocol/json.js';
import type { CheckEvent, Facts } from './event.js';

/** What was known of the request and the HTTP answer around the body. */
export interface RestExchange {
  readonly status?: number;
  readonly path?: string;
}

/**
 * `{"code":2310,"message":…}` or `{"error":"invalid_client","reason":…}` as a `rest-answer`; undefined for any other
 * value, above all for RTMS messages and webhooks, which have fields of these names too.
 */
export function restAnswerOf(value: unknown, { status, path }: RestExchange = {}): CheckEvent | undefined {
  if (!isObject(value) || 'msg_type' in value || 'event' in value) return undefined;
  const refusal = apiRefusal(value) ?? tokenRefusal(value);
  if (!refusal) return undefined;
  const told = status ?? (typeof value['status'] === 'number' ? value['status'] : undefined);
  const facts = { ...(told !== undefined && { status: told }), ...refusal, ...(path !== undefined && { path }) };
  return { type: 'check', rule: 'rest-answer', ok: false, facts };
}

function apiRefusal({ code, message }: Readonly<Record<string, unknown>>): Facts | undefined {
  const number = typeof code === 'string' && /^\d{1,9}$/.test(code) ? Number(code) : code;
  return typeof number === 'number' && Number.isInteger(number) && typeof message === 'string'
    ? { code: number, message }
    : undefined;
}

function tokenRefusal(value: Readonly<Record<string, unknown>>): Facts | undefined {
  const { error, reason = value['error_description'] ?? value['errorMessage'] } = value;
  return typeof error === 'string' && typeof reason === 'string' ? { error, message: reason } : undefined;
}
