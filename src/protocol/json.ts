/** What every reader of untrusted JSON asks of a value. */

/** A JSON object, not an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Below it a Unix time is in seconds (the year 5138), above it in milliseconds (1973). */
const FIRST_MILLISECONDS = 1e11;

/** Unix seconds or milliseconds, told apart by magnitude, as milliseconds. */
export function toMilliseconds(time: number): number;
export function toMilliseconds(time: number | undefined): number | undefined;
export function toMilliseconds(time: number | undefined): number | undefined {
  return time !== undefined && time < FIRST_MILLISECONDS ? time * 1000 : time;
}
